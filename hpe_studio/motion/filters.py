"""Smoothing in time: rotations on SO(3), positions in space, never across a gap.

Rows that are NaN stay NaN, and what lies beyond them has no say. Offline filters do
not shift motion in time; at the ends of a run their window shrinks evenly on both
sides, so that the first and last rows stay as they are and steady motion is kept.
"""
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.motion.rotations import compose, inverse

__all__ = [
    "butterworth_positions",
    "gaussian_kernel",
    "gaussian_positions",
    "gaussian_rotations",
    "one_euro_positions",
    "one_euro_rotations",
    "smooth",
]

GENTLE_S = 1.5 / 30.0
"""Standard deviation of the gentle smoothing: 1.5 frames at 30 fps."""
_REACH = 3.0
_DUAL_PASS = 0.802
"""Two passes lower the cutoff of a second-order filter to this part of it; source:
Winter 2009, "Biomechanics and motor control of human movement", section 2.2.4."""


def smooth(
    joints_rad: FloatArray,
    root_m: FloatArray,
    *,
    times_s: FloatArray,
    strength: float = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """Take the tremble out of a motion, gently and without shifting it.

    Rotations and root get the same Gaussian in time, so that feet and hands stay where
    the observations put them as far as that goes.

    Args:
        joints_rad: Rotation vectors, shape (frames, joints, 3); NaN where missing.
        root_m: Positions, shape (frames, 3); NaN where missing.
        times_s: Time of each frame, shape (frames,), increasing.
        strength: 1 = a standard deviation of 1.5 frames at 30 fps; 0 = unchanged.

    Returns:
        Arrays of the same shapes, float64.
    """
    sigma_s = GENTLE_S * strength
    return (
        gaussian_rotations(joints_rad, times_s=times_s, sigma_s=sigma_s),
        gaussian_positions(root_m, times_s=times_s, sigma_s=sigma_s),
    )


def gaussian_kernel(sigma: float, radius: int) -> FloatArray:
    """Sampled Gaussian that sums to 1, shape (2 * radius + 1,)."""
    k = np.arange(-radius, radius + 1)
    weights = np.exp(-0.5 * (k / sigma) ** 2)
    return weights / weights.sum()


def gaussian_rotations(
    joints_rad: FloatArray, *, times_s: FloatArray, sigma_s: float
) -> FloatArray:
    """Rotations averaged with a Gaussian in time.

    Each row becomes R exp(sum of w log(R^-1 R_k)), twice (the tangent mean at the row,
    then at that mean).

    Args:
        joints_rad: Rotation vectors, shape (frames, ..., 3); NaN where missing.
        times_s: Time of each frame, shape (frames,).
        sigma_s: Standard deviation, seconds; 0 changes nothing.

    Returns:
        Rotation vectors with angle at most pi, same shape; ends of runs keep every bit.
    """
    values = np.array(joints_rad, dtype=np.float64)
    mean = values
    for _ in range(2):
        total = np.zeros_like(values)
        share = np.zeros(values.shape[:-1])
        for rows, near, weight in _neighbours(values, times_s, sigma_s):
            step = compose(inverse(mean[rows]), values[near])
            total[rows] += weight[..., None] * np.where(weight[..., None] > 0, step, 0)
            share[rows] += weight
        moved = share > 0
        step = total[moved] / (1.0 + share[moved])[:, None]
        if mean is not values:
            # The row itself counts too, seen from the first mean.
            own = compose(inverse(mean[moved]), values[moved])
            step = step + own / (1.0 + share[moved])[:, None]
        new = mean.copy()
        new[moved] = compose(mean[moved], step)
        mean = new
    return mean


def gaussian_positions(
    points_m: FloatArray, *, times_s: FloatArray, sigma_s: float
) -> FloatArray:
    """Positions averaged with a Gaussian in time, shape (frames, ..., 3).

    Args:
        points_m: Positions, shape (frames, ..., 3); NaN where missing.
        times_s: Time of each frame, shape (frames,).
        sigma_s: Standard deviation, seconds; 0 changes nothing.
    """
    values = np.array(points_m, dtype=np.float64)
    total, share = np.zeros_like(values), np.zeros(values.shape[:-1])
    for rows, near, weight in _neighbours(values, times_s, sigma_s):
        offset = values[near] - values[rows]
        total[rows] += weight[..., None] * np.where(weight[..., None] > 0, offset, 0)
        share[rows] += weight
    return values + total / (1.0 + share)[..., None]


def butterworth_positions(
    points_m: FloatArray, *, fps: float, cutoff_hz: float = 6.0
) -> FloatArray:
    """Positions without motion faster than a cutoff: second order, both ways in time.

    Args:
        points_m: Positions, shape (frames, ..., 3); NaN where missing.
        fps: Frames per second, even.
        cutoff_hz: Frequency that loses half its power (-3 dB) in all.

    Returns:
        Same shape. Runs of fewer than three rows are kept, as is everything if the
        cutoff lies at or above what the frame rate can hold.

    Source: Winter 2009 (dual-pass Butterworth with corrected cutoff).
    """
    import scipy.signal  # loaded on use: a quarter second

    values = np.array(points_m, dtype=np.float64)
    relative = cutoff_hz / _DUAL_PASS / (fps / 2.0)
    if relative >= 1.0:
        return values
    signal: Any = scipy.signal
    sections = signal.butter(2, relative, output="sos")
    flat = values.reshape(len(values), math.prod(values.shape[1:-1]), 3)
    for column in range(flat.shape[1]):
        for start, stop in runs_of(present_entries(flat[:, column])):
            if stop - start >= 3:
                flat[start:stop, column] = signal.sosfiltfilt(
                    sections,
                    flat[start:stop, column],
                    axis=0,
                    padlen=min(round(fps), stop - start - 1),
                )
    return values


def one_euro_positions(
    points_m: FloatArray,
    *,
    fps: float,
    min_cutoff_hz: float = 3.0,
    beta: float = 0.7,
    speed_cutoff_hz: float = 1.0,
) -> FloatArray:
    """Positions through the 1 Euro filter: no look ahead, for live pictures.

    Args:
        points_m: Positions, shape (frames, ..., 3); NaN where missing, starts anew
            after a gap.
        fps: Frames per second.
        min_cutoff_hz: Cutoff at rest.
        beta: Rise of the cutoff with speed.
        speed_cutoff_hz: Cutoff of the speed's own filter.

    Source: Casiez, Roussel, Vogel 2012 (speed from the filtered value).
    """
    values = np.array(points_m, dtype=np.float64)
    out = values.copy()
    speed = np.zeros_like(values[0]) if len(values) else values
    for i in range(1, len(values)):
        way = values[i] - out[i - 1]
        fresh = np.isnan(way)
        raw = np.where(fresh, 0.0, way * fps)
        speed = speed + _alpha(speed_cutoff_hz, fps) * (raw - speed)
        speed = np.where(fresh, 0.0, speed)
        alpha = _alpha(min_cutoff_hz + beta * np.abs(speed), fps)
        out[i] = np.where(fresh, values[i], out[i - 1] + alpha * way)
    return out


def one_euro_rotations(
    joints_rad: FloatArray,
    *,
    fps: float,
    min_cutoff_hz: float = 3.0,
    beta: float = 0.7,
    speed_cutoff_hz: float = 1.0,
) -> FloatArray:
    """Rotations through the 1 Euro filter, stepped along the shortest arc.

    Args:
        joints_rad: Rotation vectors, shape (frames, ..., 3); NaN where missing.
        fps: Frames per second.
        min_cutoff_hz: Cutoff at rest.
        beta: Rise of the cutoff with angular speed (radians per second).
        speed_cutoff_hz: Cutoff of the speed's own filter.

    Source: as `one_euro_positions`, in the tangent space of the filtered rotation.
    """
    values = np.array(joints_rad, dtype=np.float64)
    out = values.copy()
    speed = np.zeros_like(values[0]) if len(values) else values
    for i in range(1, len(values)):
        way = compose(inverse(out[i - 1]), values[i])
        fresh = np.isnan(way).any(-1, keepdims=True)
        raw = np.where(fresh, 0.0, way * fps)
        speed = speed + _alpha(speed_cutoff_hz, fps) * (raw - speed)
        speed = np.where(fresh, 0.0, speed)
        size = np.linalg.norm(speed, axis=-1, keepdims=True)
        alpha = _alpha(min_cutoff_hz + beta * size, fps)
        out[i] = np.where(fresh, values[i], compose(out[i - 1], alpha * way))
    return out


def _alpha(cutoff_hz: FloatArray | float, fps: float) -> FloatArray:
    """Share of the new value in a first-order low pass."""
    return np.asarray(1.0 / (1.0 + fps / (2.0 * np.pi * np.asarray(cutoff_hz))))


def _neighbours(
    values: FloatArray, times_s: FloatArray, sigma_s: float
) -> list[tuple[slice, slice, FloatArray]]:
    """Pairs of row ranges that see each other, and how much, relative to the row.

    Each entry pairs rows with those `offset` further on or back; its weights, shape
    (rows, ...), are 0 where a gap lies between or the window has shrunk.
    """
    count = len(values)
    if sigma_s <= 0 or count < 3:
        return []
    times = np.asarray(times_s, dtype=np.float64)
    step_s = float(np.median(np.diff(times)))
    radius = max(1, min(int(np.ceil(_REACH * sigma_s / step_s - 1e-6)), count - 1))
    room = room_about(present_entries(values))
    pairs: list[tuple[slice, slice, FloatArray]] = []
    for offset in range(1, radius + 1):
        head, tail = slice(0, count - offset), slice(offset, count)
        apart = times[tail] - times[head]
        weight = np.exp(-0.5 * (apart / sigma_s) ** 2)
        weight = weight.reshape((-1,) + (1,) * (room.ndim - 1))
        pairs.append((head, tail, np.where(room[head] >= offset, weight, 0.0)))
        pairs.append((tail, head, np.where(room[tail] >= offset, weight, 0.0)))
    return pairs


def present_entries(values: FloatArray) -> BoolArray:
    """Entries without NaN, shape of the values but for the last axis."""
    return np.isfinite(values.sum(-1))


def room_about(present: BoolArray) -> IntArray:
    """Rows present on both sides of each row without a gap, shape as `present`."""
    back = np.zeros(present.shape, dtype=np.int64)
    ahead = np.zeros(present.shape, dtype=np.int64)
    for i in range(1, len(present)):
        back[i] = np.where(present[i] & present[i - 1], back[i - 1] + 1, 0)
    for i in range(len(present) - 2, -1, -1):
        ahead[i] = np.where(present[i] & present[i + 1], ahead[i + 1] + 1, 0)
    return np.minimum(back, ahead)


def runs_of(present: BoolArray) -> list[tuple[int, int]]:
    """Half-open ranges of rows that are present, shape (rows,)."""
    edges = np.diff(np.concatenate([[False], present, [False]]).astype(np.int8))
    starts, stops = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [(int(a), int(b)) for a, b in zip(starts, stops, strict=True)]
