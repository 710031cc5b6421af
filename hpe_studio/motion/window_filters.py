"""More filters in time: Savitzky-Golay, Butterworth and median on rotations.

As in `motion.filters` rows that are NaN stay NaN and separate what lies about them, and
windows shrink evenly at the ends of a run.
"""
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import math
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.filters import (
    butterworth_positions,
    one_euro_positions,
    one_euro_rotations,
    present_entries,
    room_about,
    runs_of,
)
from hpe_studio.motion.rotations import (
    compose,
    inverse,
    quaternion_from_rotvec,
    rotvec_from_quaternion,
    slerp,
)


def savitzky_golay_kernel(half: int) -> FloatArray:
    """Weights of the middle of a window of 2 half + 1 rows under a parabola.

    Shape (half + 1,): of the row itself, then of each row farther off on either side.

    Source: Savitzky and Golay 1964; closed form for order 2 and 3.
    """
    k = np.arange(half + 1)
    below = (2 * half + 1) * (4 * half * half + 4 * half - 3) / 3
    if half == 0:
        return np.ones(1)
    return (3 * half * half + 3 * half - 1 - 5 * k * k) / below


def savitzky_golay_rotations(joints_rad: FloatArray, *, half: int) -> FloatArray:
    """Rotations under a parabola in the tangent space of each row, found twice.

    Args:
        joints_rad: Rotation vectors, shape (frames, ..., 3); NaN where missing.
        half: Rows on either side of the window; 0 and 1 change nothing.
    """
    values = np.array(joints_rad, dtype=np.float64)
    mean = values
    for _ in range(2):

        def away(rows: slice, near: slice, at: FloatArray = mean) -> FloatArray:
            return compose(inverse(at[rows]), values[near])

        step = _windowed(values, half, away)
        moved = step.any(axis=-1, keepdims=True)
        mean = np.where(moved, compose(mean, step), mean)
    return mean


def savitzky_golay_positions(points_m: FloatArray, *, half: int) -> FloatArray:
    """Positions under a parabola through each window, shape (frames, ..., 3)."""
    values = np.array(points_m, dtype=np.float64)

    def away(rows: slice, near: slice) -> FloatArray:
        return values[near] - values[rows]

    return values + _windowed(values, half, away)


def _windowed(
    values: FloatArray, half: int, away: Callable[[slice, slice], FloatArray]
) -> FloatArray:
    """Weighted ways to the rows of each one's window, shape of the values."""
    room = np.minimum(room_about(present_entries(values)), half)
    kernels = np.zeros((half + 1, half + 1))
    for size in range(half + 1):
        kernels[size, : size + 1] = savitzky_golay_kernel(size)
    total = np.zeros_like(values)
    count = len(values)
    for offset in range(min(half, count - 1) + 1):
        head, tail = slice(0, count - offset), slice(offset, count)
        for rows, near in ((head, tail), (tail, head))[: 2 if offset else 1]:
            weight = kernels[room[rows], offset][..., None]
            total[rows] += np.where(weight != 0, weight * away(rows, near), 0.0)
    return np.where(np.isnan(values), 0.0, total)


def butterworth_rotations(
    joints_rad: FloatArray, *, fps: float, cutoff_hz: float = 6.0
) -> FloatArray:
    """Rotations without motion faster than a cutoff: second order, both ways in time.

    Quaternions of one sign are filtered and brought back to length 1, which treats all
    axes alike whatever the parent's axes are.

    Args:
        joints_rad: Rotation vectors, shape (frames, ..., 3); NaN where missing.
        fps: Frames per second, even.
        cutoff_hz: Frequency that loses half its power (-3 dB).
    """
    values = np.array(joints_rad, dtype=np.float64)
    whole = _continuous(quaternion_from_rotvec(values))
    # Four numbers as one and three: the filter takes each by itself.
    parts = (np.repeat(whole[..., :1], 3, axis=-1), whole[..., 1:])
    calm = [butterworth_positions(p, fps=fps, cutoff_hz=cutoff_hz) for p in parts]
    joined = np.concatenate([calm[0][..., :1], calm[1]], axis=-1)
    length = np.linalg.norm(joined, axis=-1, keepdims=True)
    out = rotvec_from_quaternion(joined / np.maximum(length, 1e-12))
    unchanged = np.array_equal(joined, whole, equal_nan=True)
    return values if unchanged else out


def one_euro_both_ways(
    joints_rad: FloatArray, *, fps: float, min_cutoff_hz: float, beta: float = 0.7
) -> FloatArray:
    """Rotations through the 1 Euro filter from both ends, met halfway: without lag."""
    ahead, back = (
        one_euro_rotations(v, fps=fps, min_cutoff_hz=min_cutoff_hz, beta=beta)
        for v in (joints_rad, joints_rad[::-1])
    )
    return slerp(ahead, back[::-1], 0.5)


def one_euro_positions_both_ways(
    points_m: FloatArray, *, fps: float, min_cutoff_hz: float, beta: float = 0.7
) -> FloatArray:
    """Positions through the 1 Euro filter from both ends, meaned: without lag."""
    ahead, back = (
        one_euro_positions(v, fps=fps, min_cutoff_hz=min_cutoff_hz, beta=beta)
        for v in (points_m, points_m[::-1])
    )
    return (ahead + back[::-1]) / 2


def median_rotations(joints_rad: FloatArray, *, half: int) -> FloatArray:
    """What rotations mostly are about each row: blind to single wild rows.

    Args:
        joints_rad: Rotation vectors, shape (frames, ..., 3); NaN where missing.
        half: Rows on either side of the window.
    """
    values = np.array(joints_rad, dtype=np.float64)
    middle = _median(_continuous(quaternion_from_rotvec(values)), half)
    length = np.linalg.norm(middle, axis=-1, keepdims=True)
    return rotvec_from_quaternion(middle / np.maximum(length, 1e-12))


def median_positions(points_m: FloatArray, *, half: int) -> FloatArray:
    """The middle of positions about each row, per axis, shape (frames, ..., 3)."""
    return _median(np.array(points_m, dtype=np.float64), half)


def _median(values: FloatArray, half: int) -> FloatArray:
    ndimage: Any = import_module("scipy.ndimage")
    out = values.copy()
    flat = out.reshape(len(out), math.prod(out.shape[1:-1]), out.shape[-1])
    for column in range(flat.shape[1]):
        for start, stop in runs_of(present_entries(flat[:, column])):
            run = flat[start:stop, column]
            flat[start:stop, column] = ndimage.median_filter(
                run, size=(2 * half + 1, 1), mode="nearest"
            )
    return flat.reshape(values.shape)


def _continuous(quaternions: FloatArray) -> FloatArray:
    """Quaternions with the sign nearer to the row before, shape (frames, ..., 4)."""
    dots = np.sum(quaternions[1:] * quaternions[:-1], axis=-1)
    flips = np.cumprod(np.where(dots < 0, -1.0, 1.0), axis=0)
    out = quaternions.copy()
    out[1:] *= flips[..., None]
    return out
