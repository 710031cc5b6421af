"""What actions can do now, and which switches are on."""

from __future__ import annotations

from dataclasses import dataclass

from hpe_studio.ui.commands.desk import Desk
from hpe_studio.ui.commands.finding import chosen_keys


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What actions can do now.

    Attributes:
        possible: Conditions of the table that hold.
        checked: Ids of switches that are on.
        undo_label, redo_label: Names of the steps, or None.
    """

    possible: frozenset[str]
    checked: frozenset[str] = frozenset()
    undo_label: str | None = None
    redo_label: str | None = None


_LAYER_SWITCHES = ("skeletons", "boxes", "names", "bodies", "ghost", "floor", "frustum")


def facts(desk: Desk) -> Facts:
    """What is possible and switched on in a window."""
    session = desk.session
    if session is None:
        return Facts(possible=frozenset({"always"}))
    history = session.document.history
    conditions = {
        "always": True,
        "clip": True,
        "run": session.footage is not None and not session.jobs.running,
        "person": session.active_person is not None,
        "lost": session.footage is None and session.document.clip.kind != "none",
        "key": bool(chosen_keys(session)),
        "undo": history.undo_label is not None,
        "redo": history.redo_label is not None,
    }
    checked = {
        f"toggle_{name}"
        for name in _LAYER_SWITCHES
        if getattr(session.view.layers, name)
    }
    checked.add(f"tool_{session.view.tool}")
    if session.playback.is_looping:
        checked.add("loop")
    return Facts(
        possible=frozenset(name for name, holds in conditions.items() if holds),
        checked=frozenset(checked),
        undo_label=history.undo_label,
        redo_label=history.redo_label,
    )
