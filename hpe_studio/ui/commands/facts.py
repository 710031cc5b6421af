"""What actions can do now, and which switches are on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hpe_studio.ui.commands.conditions import CONDITIONS, NO_CLIP
from hpe_studio.ui.commands.desk import Desk


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What actions can do now.

    Attributes:
        lacking: What is missing, in a short phrase, by the conditions of the table
            that do not hold.
        checked: Ids of switches that are on.
        undo_label, redo_label: Names of the steps, or None.
    """

    lacking: Mapping[str, str] = field(default_factory=dict[str, str])
    checked: frozenset[str] = frozenset()
    undo_label: str | None = None
    redo_label: str | None = None


_LAYER_SWITCHES = (
    "skeletons",
    "boxes",
    "names",
    "bodies",
    "ghost",
    "floor",
    "frustum",
    "curves",
    "thumbnails",
    "error_strip",
    "truth",
    "error_lines",
    "error_colours",
)


def facts(desk: Desk) -> Facts:
    """What is possible and switched on in a window."""
    session = desk.session
    if session is None:
        return Facts(lacking=dict.fromkeys(CONDITIONS, NO_CLIP))
    history = session.document.history
    told = {name: lacking(session) for name, lacking in CONDITIONS.items()}
    checked = {
        f"toggle_{name}"
        for name in _LAYER_SWITCHES
        if getattr(session.view.layers, name)
    }
    if session.view.layers.mesh != "off":
        checked.add("toggle_mesh")
    checked.add(f"truth_{session.view.layers.truth_place}")
    if session.view.layers.before:
        checked.add("before")
    checked.add(f"tool_{session.view.tool}")
    if session.playback.is_looping:
        checked.add("loop")
    if desk.workspace is not None:
        checked |= desk.workspace.switched_on
    return Facts(
        lacking={name: text for name, text in told.items() if text},
        checked=frozenset(checked),
        undo_label=history.undo_label,
        redo_label=history.redo_label,
    )
