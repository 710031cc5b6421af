"""The workspaces: what each is for and how it is laid out at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hpe_studio.ui.viewer_layout import ViewerLayout

FIRST = "fix"


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkspaceSpec:
    """One workspace.

    Attributes:
        id: Name in settings and of its action ("workspace_fix").
        icon: Name of a line icon.
        viewers: How the viewers stand at first.
        inspector_tab: Title of the inspector's page at first.
        dock_px: Width or height of docks in a narrow and in a wide window, where it
            differs from the dock's own.
        layers: Layers that differ from the usual ones at first.
        docks: Docks that are seen at first in place of the usual ones.
    """

    id: str
    icon: str
    viewers: ViewerLayout = field(default_factory=ViewerLayout)
    inspector_tab: str = "Pose"
    dock_px: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    layers: Mapping[str, bool] = field(default_factory=dict)
    docks: tuple[str, ...] = ()


WORKSPACES: tuple[WorkspaceSpec, ...] = (
    WorkspaceSpec(id="fix", icon="wand-sparkles"),
    WorkspaceSpec(
        id="track",
        icon="users",
        viewers=ViewerLayout(share=0.64),
        inspector_tab="Person",
        dock_px={"lanes": (224, 320)},
        layers={"boxes": True},
    ),
    WorkspaceSpec(
        id="views",
        icon="layout-grid",
        viewers=ViewerLayout(share=0.66, grid="four"),
        dock_px={"lanes": (110, 150)},
        layers={"error_strip": False},
    ),
    WorkspaceSpec(
        id="compare",
        icon="git-compare",
        layers={
            "truth": True,
            "error_lines": True,
            "error_colours": True,
            "error_strip": False,
            "frustum": False,
        },
        docks=("compare", "errors", "error_lanes"),
    ),
)


def workspace_spec(workspace_id: str) -> WorkspaceSpec:
    """The workspace of that name, the first one where there is none."""
    named = {spec.id: spec for spec in WORKSPACES}
    return named.get(workspace_id, named[FIRST])


def neighbour_of(workspace_id: str, step: int) -> str:
    """The workspace so many places further, round and round."""
    names = [spec.id for spec in WORKSPACES]
    at = names.index(workspace_id) if workspace_id in names else 0
    return names[(at + step) % len(names)]
