"""Which problems are listed, and in which order. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from hpe_studio.quality.check import Judged
from hpe_studio.quality.finding import Level

Order = Literal["worst", "time"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """What is listed.

    Attributes:
        level: How bad, or None for all.
        kind: Which detector's, or None for all.
        person_id: Whose, or None for everybody's.
        with_done: True where what is settled is listed too.
        order: Worst first, or in order of time.
    """

    level: Level | None = None
    kind: str | None = None
    person_id: int | None = None
    with_done: bool = False
    order: Order = "worst"

    def admits(self, one: Judged) -> bool:
        """True where a problem is listed, whatever its level."""
        finding = one.finding
        return (
            (one.is_open or self.with_done)
            and self.kind in (None, finding.kind)
            and self.person_id in (None, finding.person_id, finding.other_person_id)
        )

    def listed(self, problems: Iterable[Judged]) -> tuple[Judged, ...]:
        """What is listed, in its order."""
        found = [p for p in problems if self.admits(p)]
        if self.level is not None:
            found = [p for p in found if p.finding.level == self.level]
        if self.order == "time":
            found.sort(key=lambda p: (p.finding.start, -p.finding.severity))
        return tuple(found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """How many there are of what is listed, whatever its level.

    Attributes:
        high, medium, low: Open ones by how bad they are.
    """

    high: int = 0
    medium: int = 0
    low: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return self.high + self.medium + self.low


def counts(problems: Iterable[Judged], by: Filter) -> Counts:
    """Open problems that a filter admits, by level."""
    levels = [p.finding.level for p in problems if p.is_open and by.admits(p)]
    return Counts(
        high=levels.count("high"),
        medium=levels.count("medium"),
        low=levels.count("low"),
    )
