"""Many identities, few at a time: people kept in as many seats as are ever taken.

A tracker that loses people gives a hundred identities of which three are there on a
frame. Arrays over identities would be all but empty; arrays over seats (K of them) are
full, and `who` says whose a seat is on a frame.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.metrics.people import People, has_any

EMPTY = -1
"""Nobody sits there."""

_BLOCK_VALUES = 4_000_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seated:
    """Joints of people in their seats.

    Attributes:
        values: Shape (F, K, J, d); NaN on empty seats.
        who: Identity on each seat, increasing along a frame, `EMPTY` behind, (F, K).
    """

    values: FloatArray
    who: IntArray

    def at(self, row: int, person: int) -> FloatArray:
        """Joints of an identity on a row, (J, d); NaN where it is not there."""
        seat = np.flatnonzero(self.who[row] == person)
        if len(seat):
            return self.values[row, seat[0]]
        return np.full(self.values.shape[2:], np.nan)

    def along(self, person: int) -> FloatArray:
        """Joints of an identity on all rows, (F, J, d); NaN where it is not there."""
        out = np.full((len(self.values), *self.values.shape[2:]), np.nan)
        rows, seats = np.nonzero(self.who == person)
        out[rows] = self.values[rows, seats]
        return out


def seated(people: People) -> tuple[People, IntArray]:
    """The same people in as few columns as are ever taken at once; who sits where.

    Returns:
        People with a column per seat, and their identities, (F, K).
    """
    there = _there(people)
    count = int(there.sum(1).max(initial=0))
    if count == there.shape[1]:
        who = np.where(there, np.arange(count), EMPTY).astype(np.int32)
        return people, who
    order = np.argsort(~there, axis=1, kind="stable")[:, :count].astype(np.int32)
    taken = np.take_along_axis(there, order, axis=1)
    packed = replace(
        people,
        names=("",) * count,
        points_m=_gathered(people.points_m, order, taken),
        points_px=_maybe(people.points_px, order, taken),
        confidence=_maybe(people.confidence, order, taken),
        scores=_maybe(people.scores, order, taken),
    )
    return packed, np.where(taken, order, EMPTY).astype(np.int32)


def by_identity(flags: BoolArray, who: IntArray, count: int) -> BoolArray:
    """Flags of seats as flags of identities, (F, K) to (F, count)."""
    out = np.zeros((len(who), count), dtype=np.bool_)
    rows, seats = np.nonzero(flags & (who != EMPTY))
    out[rows, who[rows, seats]] = True
    return out


def identities(seats: IntArray, who: IntArray) -> IntArray:
    """Whose the seats are that true people were paired with, (F, G); `EMPTY` stays."""
    if not who.shape[1]:
        return np.full(seats.shape, EMPTY, dtype=np.int32)
    rows = np.arange(len(who))[:, None]
    return np.where(seats >= 0, who[rows, np.maximum(seats, 0)], EMPTY).astype(np.int32)


def _there(people: People) -> BoolArray:
    """Who is there, (F, P); in blocks, so that memory stays small."""
    frames, count = people.points_m.shape[:2]
    step = max(1, _BLOCK_VALUES // max(1, people.points_m[:1].size))
    out = np.zeros((frames, count), dtype=np.bool_)
    for start in range(0, frames, step):
        rows = slice(start, start + step)
        out[rows] = has_any(people.points_m[rows])
    return out


def _maybe(
    values: FloatArray | None, order: IntArray, taken: BoolArray
) -> FloatArray | None:
    return None if values is None else _gathered(values, order, taken)


def _gathered(values: FloatArray, order: IntArray, taken: BoolArray) -> FloatArray:
    found = values[np.arange(len(order))[:, None], order]
    found[~taken] = np.nan
    return found
