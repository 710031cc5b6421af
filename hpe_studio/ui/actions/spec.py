"""What one line of the table of actions says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from hpe_studio.ui.commands.desk import Desk

When = Literal["always", "clip", "person", "key", "undo", "redo", "run", "lost"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionSpec:
    """One line of the table.

    Attributes:
        id: Name in settings and for buttons ("next_frame").
        text: English; sentence case, `…` if more input follows.
        run: What it does.
        menu: Menu it stands in; "" for none.
        keys: Default keys, the first one is shown.
        icon: Name of a line icon, or "".
        when: What must be there for it to make sense.
        in_viewers: True where its keys act only while a viewer or the lanes have the
            focus (single keys must stay typable in text fields).
        is_checkable: True for switches.
        separator: True where a line stands above it in the menu.
    """

    id: str
    text: str
    run: Callable[[Desk], object]
    menu: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    when: When = "clip"
    in_viewers: bool = False
    is_checkable: bool = False
    separator: bool = False


def entry(
    action_id: str,
    text: str,
    run: Callable[[Desk], object],
    *keys: str,
    icon: str = "",
    when: When = "clip",
    single: bool = False,
    check: bool = False,
    line: bool = False,
) -> ActionSpec:
    """One line of a table; see `ActionSpec` for what its words mean."""
    return ActionSpec(
        id=action_id,
        text=text,
        run=run,
        keys=keys,
        icon=icon,
        when=when,
        in_viewers=single,
        is_checkable=check,
        separator=line,
    )


def menu(title: str, *entries: ActionSpec) -> tuple[ActionSpec, ...]:
    """The lines of one menu."""
    return tuple(replace(spec, menu=title) for spec in entries)
