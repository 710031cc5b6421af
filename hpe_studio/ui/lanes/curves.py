"""What the row of curves shows of one joint: numbers over frames. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.track import Estimate, Key, Track
from hpe_studio.motion.euler import euler_deg_from_matrix
from hpe_studio.motion.rotations import matrix_from_rotvec
from hpe_studio.posing.resolve import resolve
from hpe_studio.posing.series import narrowed
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.marks import corrects, hills, key_marks

CurveKind = Literal["motion", "base", "estimate"]

_ORDER = "XYZ"
_TURN_DEG = 180.0
_LEAST_SPAN = {True: 0.1, False: 10.0}
_MARGIN_SHARE = 0.12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Curves:
    """A joint's rotation in degrees, or the pelvis' place in metres, of one track.

    Attributes:
        start: Clip frame of the first row.
        motion: Base and keys, shape (frames, 3); NaN where the person is missing.
        base: The base, or None where it is the motion.
        estimate: The estimate, or None where it is the base or there is none.
        key_frames: Clip frames of keys that correct the joint.
        is_place: True for metres, False for degrees.
    """

    start: int
    motion: FloatArray
    base: FloatArray | None
    estimate: FloatArray | None
    key_frames: tuple[int, ...]
    is_place: bool

    @property
    def stop(self) -> int:
        """Clip frame behind the last row."""
        return self.start + len(self.motion)

    def at(self, frame: int) -> FloatArray | None:
        """Values of one clip frame, shape (3,), or None where there are none."""
        if not self.start <= frame < self.stop:
            return None
        values = self.motion[frame - self.start]
        return None if np.isnan(values).any() else values


def track_curves(
    track: Track,
    keys: Sequence[Key],
    estimate: Estimate | None,
    joint: int,
    before: Curves | None = None,
) -> Curves:
    """Curves of a joint; of the pelvis' place where it is the root.

    Args:
        track: Base.
        keys: The track's keys in order of frames.
        estimate: What the base started from, or None.
        joint: Joint index.
        before: The same joint's curves with other keys, which saves all but the frames
            that keys reach.
    """
    mine = [key for key in keys if corrects(key, frozenset({joint}))]
    values = _places if joint == 0 else _degrees
    if before is not None:
        base = before.motion if before.base is None else before.base
        said = before.estimate
    else:
        base = values(track, [], joint, np.arange(track.start, track.stop))
        said = None if estimate is None else _of_estimate(track, estimate, joint)
        if said is not None and np.allclose(said, base, atol=1e-4, equal_nan=True):
            said = None
    motion = base
    if mine:
        frames = reached_frames(track, mine, (joint,))
        motion = base.copy()
        motion[frames - track.start] = values(track, mine, joint, frames)
    return Curves(
        start=track.start,
        motion=motion,
        base=base if mine else None,
        estimate=said,
        key_frames=tuple(key.frame for key in mine),
        is_place=joint == 0,
    )


def reached_frames(
    track: Track, keys: Sequence[Key], joints: tuple[int, ...]
) -> IntArray:
    """Clip frames that keys of some joints reach, in order; the root goes with 0."""
    reached = np.zeros(track.frame_count, bool)
    for hill in hills(key_marks(track, keys, joints)):
        first = max(hill.foot - track.start, 0)
        reached[first : max(hill.last_foot + 1 - track.start, 0)] = True
    return np.flatnonzero(reached) + track.start


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Series:
    """One line after the other over frames, parted by rows of NaN.

    Attributes:
        frames: Clip frames, not decreasing, shape (rows,).
        values: Shape (rows, components).
        is_place: False for degrees, which jump where an angle turns round.
    """

    frames: IntArray
    values: FloatArray
    is_place: bool

    def between(self, start: int, stop: int) -> Series:
        """The rows of a half-open range of frames."""
        low, high = np.searchsorted(self.frames, [start, stop])
        return replace(self, frames=self.frames[low:high], values=self.values[low:high])


def joined(curves: Sequence[Curves], name: CurveKind) -> Series | None:
    """One kind of curve of several tracks as one series; None where there is none."""
    frames: list[IntArray] = []
    values: list[FloatArray] = []
    for one in curves:
        part: FloatArray | None = getattr(one, name)
        if part is None:
            continue
        frames += [np.arange(one.start, one.stop), np.array([one.stop])]
        values += [part, np.full((1, part.shape[1]), np.nan)]
    if not frames:
        return None
    return Series(
        frames=np.concatenate(frames),
        values=np.concatenate(values),
        is_place=any(one.is_place for one in curves),
    )


def value_range(
    series: Sequence[Series], axis: TimeAxis, shown: Sequence[int]
) -> tuple[float, float]:
    """Least and greatest value in view, with a margin; never closer than can be read.

    Args:
        series: What is drawn.
        axis: What is seen.
        shown: Which of X, Y, Z (0, 1, 2).
    """
    least, most = np.inf, -np.inf
    for one in series:
        seen = one.between(*axis.seen).values[:, list(shown)]
        if seen.size:
            least = min(least, float(np.fmin.reduce(seen, axis=None, initial=np.inf)))
            most = max(most, float(np.fmax.reduce(seen, axis=None, initial=-np.inf)))
    if least > most:
        return -1.0, 1.0
    is_place = any(one.is_place for one in series)
    middle, span = (least + most) / 2, max(most - least, _LEAST_SPAN[is_place])
    half = span / 2 * (1 + 2 * _MARGIN_SHARE)
    return middle - half, middle + half


def lines(series: Series, component: int, axis: TimeAxis) -> list[FloatArray]:
    """One curve as lines of (pixel, value), shape (points, 2), broken where missing.

    Where several frames share a pixel their least and greatest value stand for them.

    Args:
        series: What is drawn.
        component: 0, 1 or 2.
        axis: Frames over pixels.
    """
    start, stop = axis.seen
    seen = series.between(start - 1, stop + 1)
    values = seen.values[:, component]
    if len(values) == 0:
        return []
    x = (seen.frames + 0.5 - axis.first) * axis.px_per_frame
    if axis.px_per_frame >= 1.0:
        points = np.stack([x, values], axis=1)
    else:
        points = _thinned(x, values)
    broken = np.isnan(points[:, 1])
    borders = np.flatnonzero(broken[1:] != broken[:-1]) + 1
    if not series.is_place:
        jumps = np.abs(np.diff(points[:, 1])) > _TURN_DEG
        borders = np.union1d(borders, np.flatnonzero(jumps) + 1)
    edges = [0, *borders.tolist(), len(points)]
    return [points[a:b] for a, b in pairwise(edges) if b > a and not broken[a]]


def _thinned(x: FloatArray, values: FloatArray) -> FloatArray:
    """Least and greatest value per pixel, in the order that makes the shorter line."""
    columns = np.floor(x)
    firsts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    low = np.fmin.reduceat(values, firsts)
    high = np.fmax.reduceat(values, firsts)
    points = np.empty((2 * len(firsts), 2))
    points[0::2, 0] = points[1::2, 0] = columns[firsts] + 0.5
    points[0::2, 1], points[1::2, 1] = low, high
    points[2::4, 1], points[3::4, 1] = high[1::2], low[1::2]
    return points


def _degrees(
    track: Track, keys: Sequence[Key], joint: int, frames: IntArray
) -> FloatArray:
    """Rotations of one joint; the track is narrowed to it, to be resolved fast."""
    part, mine = narrowed(track, keys, (joint,))
    return _euler(resolve(part, mine, frames).joints_rad[:, 0])


def _places(
    track: Track, keys: Sequence[Key], _joint: int, frames: IntArray
) -> FloatArray:
    part, mine = narrowed(track, keys, (0,))
    return resolve(part, mine, frames).root_scene_m


def _of_estimate(track: Track, estimate: Estimate, joint: int) -> FloatArray | None:
    name = "root_scene_m" if joint == 0 else "joints_rad"
    array = estimate.arrays.get(name)
    if array is None or (joint and array.shape[1] <= joint):
        return None
    said = np.full((track.frame_count, 3), np.nan)
    start, stop = max(track.start, estimate.start), min(track.stop, estimate.stop)
    if start < stop:
        rows = array[start - estimate.start : stop - estimate.start]
        mine = rows if joint == 0 else _euler(np.asarray(rows[:, joint], np.float64))
        said[start - track.start : stop - track.start] = mine
    return said


def _euler(rotations_rad: FloatArray) -> FloatArray:
    known = ~np.isnan(rotations_rad).any(axis=1)
    degrees = np.full(rotations_rad.shape, np.nan)
    matrices = matrix_from_rotvec(rotations_rad[known])
    degrees[known] = euler_deg_from_matrix(matrices, _ORDER)
    return degrees
