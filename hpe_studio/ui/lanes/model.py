"""Where things lie in the lanes, what the pointer hits, where drags lead. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.track import Key
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.marks import Hill, KeyMark
from hpe_studio.ui.lanes.runs import Runs

RULER_PX, SHOTS_PX, BAR_PX = 22.0, 20.0, 13.0
LANE_PX, COMPACT_LANE_PX = 30.0, 26.0
_KEY_HIT_PX, _HANDLE_HIT_PX, _EDGE_HIT_PX = 16.0, 14.0, 8.0
_LEAST_HANDLE_PX = 10.0
_MAGNET_PX = 5.0
_COMPACT_BELOW_PX = 170.0

HitKind = Literal[
    "range_in", "range_out", "ruler", "cut", "shot", "blend_in", "blend_out", "key",
    "gap", "lane", "empty",
]  # fmt: skip

Place = tuple[int, int]
"""Track and frame of a key."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Lane:
    """One person's lane.

    Attributes:
        person_id: Whose.
        runs: Sources over time, gaps included.
        keys: Marks of all tracks, in order of time.
        hills: Where they act.
    """

    person_id: int
    runs: Runs
    keys: tuple[KeyMark, ...]
    hills: tuple[Hill, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Where the rows lie, from the top: ruler, shots, one lane per person.

    Attributes:
        lane_count: Number of person lanes.
        lane_px: Height of a lane.
        height_px: Height of the whole panel.
        scroll_px: How far the person lanes are scrolled up.
    """

    lane_count: int
    lane_px: float
    height_px: float
    scroll_px: float = 0.0

    def fitted(self, lane_count: int, height_px: float) -> Layout:
        """The layout for other numbers; low panels have lower lanes."""
        is_low = height_px < _COMPACT_BELOW_PX
        other = replace(
            self,
            lane_count=lane_count,
            lane_px=COMPACT_LANE_PX if is_low else LANE_PX,
            height_px=height_px,
        )
        return replace(other, scroll_px=min(self.scroll_px, other.most_scroll_px))

    @property
    def lanes_top(self) -> float:
        """Where the person lanes begin."""
        return RULER_PX + SHOTS_PX

    @property
    def most_scroll_px(self) -> float:
        """How far the lanes can be scrolled."""
        room = self.height_px - self.lanes_top
        return max(self.lane_count * self.lane_px - room, 0.0)

    def lane_top(self, index: int) -> float:
        """Upper edge of a lane."""
        return self.lanes_top + index * self.lane_px - self.scroll_px

    def bar_top(self, index: int) -> float:
        """Upper edge of a lane's source bar; below it is room for a problem's bar."""
        return self.lane_top(index) + (self.lane_px - BAR_PX - 5) // 2

    def key_y(self, index: int) -> float:
        """Height at which a lane's keys stand."""
        return self.bar_top(index) + BAR_PX / 2

    def lane_at(self, y: float) -> int | None:
        """Index of the lane at a height, or None."""
        if y < self.lanes_top:
            return None
        index = int((y - self.lanes_top + self.scroll_px) // self.lane_px)
        return index if 0 <= index < self.lane_count else None

    def scroll_to_show(self, index: int) -> float:
        """The scroll that brings a lane into view with the least movement."""
        above = index * self.lane_px
        below = above + self.lane_px - (self.height_px - self.lanes_top)
        return min(max(self.scroll_px, below), above, self.most_scroll_px)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Board:
    """Everything the lanes show, at one moment.

    Attributes:
        axis: Frames over pixels.
        layout: Rows.
        lanes: One per person.
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

    @property
    def cuts(self) -> tuple[int, ...]:
        """First frames of all shots but the first."""
        return tuple(shot.start for shot in self.shots[1:])

    @property
    def key_with_handles(self) -> KeyMark | None:
        """The one selected key, or None where none or several are selected."""
        if len(self.selected) != 1:
            return None
        marks = (m for lane in self.lanes for m in lane.keys)
        return next((m for m in marks if m.place in self.selected), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What lies under the pointer.

    Attributes:
        kind: Which sort of thing.
        frame: The frame under the pointer, of a key its own, of a cut the later one.
        person_id: Whose lane, or None.
        key: The key or the key of a handle, or None.
    """

    kind: HitKind
    frame: int
    person_id: int | None = None
    key: KeyMark | None = None


def handle_xs(mark: KeyMark, axis: TimeAxis) -> tuple[float, float]:
    """Where the blend handles of a key stand; always clear of its diamond."""
    x = axis.x_of(mark.frame)
    left = min(axis.x_of(mark.frame - mark.blend_in), x - _LEAST_HANDLE_PX)
    right = max(axis.x_of(mark.frame + mark.blend_out), x + _LEAST_HANDLE_PX)
    return left, right


def hit(board: Board, x: float, y: float) -> Hit:
    """What lies under a pixel; the nearest of handles and keys comes first."""
    axis, frame = board.axis, board.axis.frame_at(x)
    if y < RULER_PX:
        return _ruler_hit(board, x, y)
    index = board.layout.lane_at(y)
    if index is not None:
        lane = board.lanes[index]
        found = _key_hit(board, lane, x)
        if found is not None:
            return found
    for cut in board.cuts:
        if abs(axis.edge(cut) - x) <= _EDGE_HIT_PX / 2:
            person = None if index is None else board.lanes[index].person_id
            return Hit(kind="cut", frame=cut, person_id=person)
    if y < RULER_PX + SHOTS_PX:
        return Hit(kind="shot", frame=frame)
    if index is None:
        return Hit(kind="empty", frame=frame)
    lane = board.lanes[index]
    is_gap = lane.runs.source_at(frame) in (0, None)
    kind: HitKind = "gap" if is_gap else "lane"
    return Hit(kind=kind, frame=frame, person_id=lane.person_id)


def keys_in_box(
    board: Board, corner: tuple[float, float], other: tuple[float, float]
) -> frozenset[Place]:
    """Keys whose diamond's middle lies within a rectangle."""
    left, right = sorted((corner[0], other[0]))
    top, bottom = sorted((corner[1], other[1]))
    found: set[Place] = set()
    for index, lane in enumerate(board.lanes):
        y = board.layout.key_y(index)
        if not top <= y <= bottom:
            continue
        found.update(
            m.place for m in lane.keys if left <= board.axis.x_of(m.frame) <= right
        )
    return frozenset(found)


def allowed_shift(
    shift: int, keys: Iterable[Key], ranges: Mapping[int, tuple[int, int]]
) -> int:
    """The shift nearest to the wanted one that keeps every key on its track.

    Args:
        shift: Wanted, in frames.
        keys: The keys that are moved together.
        ranges: Half-open range of each track.
    """
    for key in keys:
        start, stop = ranges[key.track_id]
        shift = min(max(shift, start - key.frame), stop - 1 - key.frame)
    return shift


def snapped_shift(
    axis: TimeAxis, frame: int, distance_px: float, magnets: Iterable[int]
) -> int:
    """How many frames a key is moved by a drag; a magnet close by draws it.

    Args:
        axis: Frames over pixels.
        frame: Where the grabbed key was.
        distance_px: How far the pointer went.
        magnets: Frames that attract (playhead, in, out, first frames of shots).
    """
    x = axis.x_of(frame) + distance_px
    near = [m for m in magnets if abs(axis.x_of(m) - x) <= _MAGNET_PX]
    if near:
        return min(near, key=lambda m: abs(axis.x_of(m) - x)) - frame
    return axis.frames_in(distance_px)


def _ruler_hit(board: Board, x: float, y: float) -> Hit:
    frame = board.axis.frame_at(x)
    if board.play_range is not None and y >= RULER_PX - _EDGE_HIT_PX:
        start, stop = board.play_range
        if abs(board.axis.edge(start) - x) <= _EDGE_HIT_PX / 2:
            return Hit(kind="range_in", frame=start)
        if abs(board.axis.edge(stop) - x) <= _EDGE_HIT_PX / 2:
            return Hit(kind="range_out", frame=stop)
    return Hit(kind="ruler", frame=frame)


def _key_hit(board: Board, lane: Lane, x: float) -> Hit | None:
    axis = board.axis
    found: list[tuple[float, HitKind, KeyMark]] = []
    for mark in lane.keys:
        distance = abs(axis.x_of(mark.frame) - x)
        if distance <= _KEY_HIT_PX / 2:
            found.append((distance, "key", mark))
    owner = board.key_with_handles
    if owner is not None and owner in lane.keys:
        left, right = handle_xs(owner, axis)
        kinds: tuple[tuple[float, HitKind], ...] = (
            (left, "blend_in"),
            (right, "blend_out"),
        )
        for at, kind in kinds:
            if abs(at - x) <= _HANDLE_HIT_PX / 2:
                found.append((abs(at - x), kind, owner))
    if not found:
        return None
    _, kind, mark = min(found, key=lambda entry: entry[0])
    return Hit(kind=kind, frame=mark.frame, person_id=lane.person_id, key=mark)
