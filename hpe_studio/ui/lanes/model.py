"""What the lanes show at one moment. No Qt."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.marks import Hill, KeyMark, frame_of
from hpe_studio.ui.lanes.rows import BAR_PX, Layout
from hpe_studio.ui.lanes.runs import Runs

__all__ = ["BAR_PX", "Board", "Lane", "LaneKind", "Place"]

LaneKind = Literal["person", "part", "contacts"]

Place = tuple[int, int]
"""Track and frame of a key."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Lane:
    """One person's lane, or one of a part of the body.

    Attributes:
        person_id: Whose.
        runs: Sources over time, gaps included; of contacts, where the left foot stands.
        keys: Marks of all tracks, in order of time.
        hills: Where they act.
        kind: Person, part of the body, or where the feet stand.
        part: Id of the part, or "".
        title: English name of the part, or "".
        is_open: True where the parts of the person follow.
        others: Of contacts, where the right foot stands.
        places: Where its keys are, for looking up.
        problems: Where a problem of the person is open.
        open_count: How many are.
    """

    person_id: int
    runs: Runs
    keys: tuple[KeyMark, ...]
    hills: tuple[Hill, ...] = ()
    kind: LaneKind = "person"
    part: str = ""
    title: str = ""
    is_open: bool = False
    others: Runs | None = None
    places: frozenset[Place] = frozenset()
    problems: Runs | None = None
    open_count: int = 0

    def keys_between(self, first: float, last: float) -> Sequence[KeyMark]:
        """Marks on frames from one to another, both included."""
        low = bisect_left(self.keys, first, key=frame_of)
        return self.keys[low : bisect_right(self.keys, last, key=frame_of)]

    def mark_at(self, place: Place) -> KeyMark | None:
        """The mark of a key, or None where the lane does not show it."""
        around = self.keys_between(place[1], place[1])
        return next((mark for mark in around if mark.place == place), None)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Board:
    """Everything the lanes show, at one moment.

    Attributes:
        axis: Frames over pixels.
        layout: Rows.
        lanes: From top to bottom.
        shots: In order; empty while cuts are not known.
        times_s: Time of each frame, shape (frames,), seconds.
        fps: Nominal rate.
        play_range: Half-open in/out range, or None.
        frame: The frame shown.
        selected: Places of selected keys.
        persons: Ids of selected persons.
        hidden: Ids of persons whose eye is closed.
    """

    axis: TimeAxis
    layout: Layout
    lanes: tuple[Lane, ...]
    shots: tuple[Shot, ...]
    times_s: FloatArray
    fps: float
    play_range: tuple[int, int] | None
    frame: int
    selected: frozenset[Place]
    persons: tuple[int, ...]
    hidden: frozenset[int]

    def cuts_between(self, first: float, last: float) -> tuple[int, ...]:
        """First frames of shots, but the clip's own, from one frame to another."""
        shots = self.shots[1:]
        low = bisect_left(shots, first, key=_start_of)
        return tuple(
            shot.start for shot in shots[low : bisect_right(shots, last, key=_start_of)]
        )

    def seen_shots(self) -> Sequence[tuple[int, Shot]]:
        """Numbers from 1 and shots that are at least partly seen."""
        start, stop = self.axis.seen
        low = max(bisect_right(self.shots, start, key=_start_of) - 1, 0)
        high = bisect_left(self.shots, stop, key=_start_of)
        return tuple(enumerate(self.shots[low:high], low + 1))

    def shot_number_at(self, frame: int) -> int | None:
        """The number of a frame's shot, from 1; None while cuts are not known."""
        index = bisect_right(self.shots, frame, key=_start_of)
        return index if index and frame in self.shots[index - 1] else None

    @property
    def key_with_handles(self) -> KeyMark | None:
        """The one selected key, or None where none or several are selected."""
        if len(self.selected) != 1:
            return None
        (place,) = self.selected
        for lane in self.lanes:
            if lane.kind == "person" and place in lane.places:
                return lane.mark_at(place)
        return None


def _start_of(shot: Shot) -> int:
    return shot.start
