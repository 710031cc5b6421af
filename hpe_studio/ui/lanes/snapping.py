"""Where drags lead: to whole frames, to what lies near, within tracks. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hpe_studio.core.track import Key
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.model import Board, Place

_MAGNET_PX = 6.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapped:
    """Where a drag has come to.

    Attributes:
        frame: The frame.
        magnet: The frame that drew it, or None.
    """

    frame: int
    magnet: int | None = None


def snapped(
    axis: TimeAxis, frame: int, distance_px: float, magnets: Iterable[int]
) -> Snapped:
    """Where something is dragged to; a magnet close by draws it.

    Args:
        axis: Frames over pixels.
        frame: Where it was.
        distance_px: How far the pointer went.
        magnets: Frames that attract; none while snapping is off.
    """
    x = axis.x_of(frame) + distance_px
    near = [m for m in magnets if abs(axis.x_of(m) - x) <= _MAGNET_PX]
    if near:
        nearest = min(near, key=lambda m: abs(axis.x_of(m) - x))
        return Snapped(frame=nearest, magnet=nearest)
    return Snapped(frame=frame + axis.frames_in(distance_px))


def magnets(board: Board, but: frozenset[Place] = frozenset()) -> tuple[int, ...]:
    """Frames in view that attract a drag.

    The playhead, keys, first and last frames of shots and of the range.

    Args:
        board: What is shown.
        but: Keys that attract nothing, as they are dragged themselves.
    """
    start, stop = board.axis.seen
    found = {board.frame}
    if board.play_range is not None:
        found |= {board.play_range[0], board.play_range[1] - 1}
    for cut in board.cuts_between(start, stop):
        found |= {cut, cut - 1}
    for lane in board.lanes:
        for mark in lane.keys_between(start, stop):
            if mark.place not in but:
                found.add(mark.frame)
    return tuple(sorted(found))


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
