"""How keys, actions and conflicts are written in the page of keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.keys import Conflict, caps
from hpe_studio.ui.words import tr


def shown_text(spec: ActionSpec) -> str:
    """What an action is called outside its menu ("Viewers: Stacked")."""
    text = tr(spec.text).rstrip("…")
    return f"{tr(spec.submenu)}: {text}" if spec.submenu else text


def key_text(keys: Sequence[str]) -> str:
    """Keys as one line ("Ctrl Shift Z, Ctrl Y")."""
    return ",  ".join(" ".join(caps(key)) for key in keys)


def conflict_text(conflict: Conflict, specs: Mapping[str, ActionSpec]) -> str:
    """What is wrong with a key, in a sentence."""
    names = [shown_text(specs[name]) for name in conflict.actions]
    key = key_text([conflict.keys])
    if conflict.where == "fields":
        told = tr("{key} is needed in lists and fields; “{name}” would take it there")
        return told.format(key=key, name=names[0])
    where = tr("in the viewers") if conflict.where == "viewers" else tr("everywhere")
    told = tr("{key} sets off neither {names}: they share it {where}")
    quoted = tr(" nor ").join(f"“{name}”" for name in names)
    return told.format(key=key, where=where, names=quoted)
