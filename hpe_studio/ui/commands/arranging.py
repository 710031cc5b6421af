"""Workspaces, docks and the layout of the viewers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from hpe_studio.ui.commands.desk import Desk, workspace_of
from hpe_studio.ui.viewer_layout import Mode

_STEP = 0.05


def show_workspace(workspace_id: str, desk: Desk) -> None:
    """Go over to a workspace."""
    workspace_of(desk).show_workspace(workspace_id)


def next_workspace(desk: Desk) -> None:
    """Go over to the workspace of the next tab."""
    workspace_of(desk).step_workspace(1)


def previous_workspace(desk: Desk) -> None:
    """Go over to the workspace of the tab before."""
    workspace_of(desk).step_workspace(-1)


def reset_workspace(desk: Desk) -> None:
    """Put the workspace back as it is at first."""
    workspace_of(desk).reset()


def toggle_dock(dock_id: str, desk: Desk) -> None:
    """Close a dock, or bring it back."""
    workspace_of(desk).toggle_dock(dock_id)


def float_dock(desk: Desk) -> None:
    """Take the dock with the focus off the window, or dock it again."""
    workspace_of(desk).toggle_floating()


def toggle_titles(desk: Desk) -> None:
    """Show the titles by which docks are dragged, or only the usual ones."""
    workspace_of(desk).toggle_titles()


def _show_viewers(mode: Mode, desk: Desk) -> None:
    workspace = workspace_of(desk)
    workspace.show_viewers(replace(workspace.viewers.arrangement, mode=mode))


viewers_beside = partial(_show_viewers, "beside")
viewers_stacked = partial(_show_viewers, "stacked")
viewers_inset_3d = partial(_show_viewers, "inset_3d")
viewers_inset_video = partial(_show_viewers, "inset_video")


def inset_corner(desk: Desk) -> None:
    """Move the inset to the next corner; makes one where there is none."""
    workspace = workspace_of(desk)
    layout = workspace.viewers.arrangement
    if layout.inset_side is None:
        workspace.show_viewers(replace(layout, mode="inset_3d"))
    else:
        workspace.show_viewers(layout.next_corner())


def _grow_inset(by: float, desk: Desk) -> None:
    workspace = workspace_of(desk)
    layout = workspace.viewers.arrangement
    if layout.inset_side is not None:
        workspace.show_viewers(layout.with_inset(layout.inset + by))


inset_larger = partial(_grow_inset, _STEP)
inset_smaller = partial(_grow_inset, -_STEP)
