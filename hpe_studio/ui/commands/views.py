"""Synchronous views: adding, choosing, arranging, shifting, removing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.edits import views as edits
from hpe_studio.ui.commands.desk import Desk, session_of, workspace_of
from hpe_studio.ui.session import Session
from hpe_studio.ui.triangulating import start_triangulating
from hpe_studio.ui.viewer_layout import Grid
from hpe_studio.ui.words import tr


def add_views(desk: Desk) -> None:
    """Ask for films of other cameras and their calibration."""
    desk.asking.for_views()


def triangulate(desk: Desk) -> None:
    """Find people in all calibrated views and join them in space."""
    start_triangulating(session_of(desk))


def show_grid(grid: Grid, desk: Desk) -> None:
    """Let so many views stand in the video's pane."""
    workspace = workspace_of(desk)
    workspace.show_viewers(replace(workspace.viewers.arrangement, grid=grid))


def toggle_grid(desk: Desk) -> None:
    """Go from one view to several and back."""
    deck = workspace_of(desk).deck
    show_grid(deck.last_grid if deck.grid == "one" else "one", desk)


def next_view(desk: Desk) -> None:
    """Look and edit through the next camera."""
    workspace_of(desk).deck.step(1)


def previous_view(desk: Desk) -> None:
    """Look and edit through the camera before."""
    workspace_of(desk).deck.step(-1)


def next_page(desk: Desk) -> None:
    """Show the views that do not fit beside these."""
    workspace_of(desk).deck.step_page(1)


def previous_page(desk: Desk) -> None:
    """Show the views before these."""
    workspace_of(desk).deck.step_page(-1)


def make_main(desk: Desk) -> None:
    """Let the project be opened with the view that is shown."""
    _change(session_of(desk), tr("Make main view"), edits.make_main)


def remove_view(desk: Desk) -> None:
    """Take the view that is shown out of the project."""
    _change(session_of(desk), tr("Remove view"), edits.remove_view)


def shift_view(by_frames: int, desk: Desk) -> None:
    """Let the view that is shown run some frames further ahead."""
    session = session_of(desk)
    shift = partial(edits.shift_view, by_frames=by_frames)
    if _change(session, tr("Shift view"), shift):
        view = session.document.views[session.view.shown_view]
        session.notices.inform(
            tr("{name} is {count} frames ahead of the clip").format(
                name=view.name, count=view.offset_frames
            )
        )


def rename_view(desk: Desk) -> None:
    """Ask what the view that is shown is to be called."""
    session = session_of(desk)
    number = session.view.shown_view

    def rename(name: str) -> None:
        def write(edit: Edit) -> None:
            edits.rename_view(edit, session.document, number, name)

        session.perform(tr("Rename view"), write)

    desk.asking.for_name(tr("Rename view"), session.document.view_name(number), rename)


def _change(
    session: Session, label: str, act: Callable[[Edit, Document, int], None]
) -> bool:
    number = session.view.shown_view

    def write(edit: Edit) -> None:
        act(edit, session.document, number)

    return session.perform(label, write)
