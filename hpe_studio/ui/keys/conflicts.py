"""Keys that would set off two things at once, or take what typing needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

_NEEDED_ELSEWHERE = frozenset(
    {"Tab", "Shift+Tab", "Backtab", "Space", "Return", "Enter", "Left", "Right", "Up"}
    | {"Down", "Home", "End", "PgUp", "PgDown", "Del", "Backspace"}
)
"""Keys that lists, fields and buttons need; only viewers and lanes may take them."""


class Keyed(Protocol):
    """What a conflict needs to know of an action."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def in_viewers(self) -> bool:
        """True where its keys act only in viewers and lanes."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A key that cannot do what it should.

    Attributes:
        keys: The key.
        actions: Ids of the actions that want it, in the order of the table.
        where: "viewers" where the actions meet only there, "window" where they meet
            everywhere, "fields" where one action would take a key that fields need.
    """

    keys: str
    actions: tuple[str, ...]
    where: Literal["viewers", "window", "fields"]


def conflicts(
    actions: Iterable[Keyed], keys_of: Mapping[str, Sequence[str]]
) -> tuple[Conflict, ...]:
    """What is wrong with a table of keys, in the order of the actions.

    A key that acts everywhere is heard in the viewers too, so it conflicts with a
    single key there: Qt sets off neither.

    Args:
        actions: All actions.
        keys_of: Keys by action.
    """
    users: dict[str, list[Keyed]] = defaultdict(list)
    for action in actions:
        for keys in dict.fromkeys(keys_of.get(action.id, ())):
            users[keys].append(action)
    found: list[Conflict] = []
    for keys, wanting in users.items():
        ids = tuple(action.id for action in wanting)
        if len(wanting) > 1:
            everywhere = sum(not action.in_viewers for action in wanting) > 1
            where = "window" if everywhere else "viewers"
            found.append(Conflict(keys=keys, actions=ids, where=where))
        elif keys in _NEEDED_ELSEWHERE and not wanting[0].in_viewers:
            found.append(Conflict(keys=keys, actions=ids, where="fields"))
    return tuple(found)
