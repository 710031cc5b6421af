"""What one line of the table of actions says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from hpe_studio.ui.commands.desk import Desk


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
        when: What must be there for it to make sense: "always", or a word of
            `commands.conditions.CONDITIONS`.
        why: What it is good for, in one line of its tooltip.
        in_viewers: True where its keys act only while a viewer or the lanes have the
            focus (single keys must stay typable in text fields).
        is_checkable: True for switches.
        separator: True where a line stands above it in the menu.
        submenu: Title of the submenu of that menu it stands in, or "".
    """

    id: str
    text: str
    run: Callable[[Desk], object]
    menu: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    when: str = "clip"
    why: str = ""
    in_viewers: bool = False
    is_checkable: bool = False
    separator: bool = False
    submenu: str = ""


def entry(
    action_id: str,
    text: str,
    run: Callable[[Desk], object],
    *keys: str,
    icon: str = "",
    when: str = "clip",
    why: str = "",
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
        why=why,
        in_viewers=single,
        is_checkable=check,
        separator=line,
    )


def menu(title: str, *entries: ActionSpec) -> tuple[ActionSpec, ...]:
    """The lines of one menu."""
    return tuple(replace(spec, menu=title) for spec in entries)


def submenu(title: str, *entries: ActionSpec) -> tuple[ActionSpec, ...]:
    """Lines that stand in a menu of their own within a menu."""
    return tuple(replace(spec, submenu=title) for spec in entries)
