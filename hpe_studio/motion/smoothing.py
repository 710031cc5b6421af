"""Smoothing by a method of one's choice, as strong as the tremble that is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion import window_filters as more
from hpe_studio.motion.filters import (
    GENTLE_S,
    butterworth_positions,
    gaussian_positions,
    gaussian_rotations,
)
from hpe_studio.motion.rotations import compose, inverse

_FINE_RAD, _FINE_M = np.radians(0.25), 0.0008
"""What motion capture itself trembles: as much as this is never smoothed away."""

_EVERYTHING = slice(None)

Method = Literal["gaussian", "butterworth", "savitzky-golay", "one-euro"]
METHODS: tuple[Method, ...] = ("gaussian", "butterworth", "savitzky-golay", "one-euro")

_WINDOW_S = 0.15  # half a Savitzky-Golay window of strength 1
_EURO_HZ = 3.0
_FOURTH_DIFFERENCE = np.sqrt(70.0)  # of white noise: 1, -4, 6, -4, 1
_MAD_TO_SD = 1.4826
_REACH_SD = 3.5
"""How far noise in space moves a value, in standard deviations of one axis (98 %)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Smoothing:
    """How to smooth.

    Attributes:
        method: Which filter; all of them leave motion where it is in time.
        strength: 1 is gentle, 0 changes nothing. It widens windows and lowers cutoffs.
        cutoff_hz: Of the Butterworth filter at strength 1.
        is_limited: True to move nothing farther than the tremble that is measured, so
            that clean motion stays what it is.
    """

    method: Method = "gaussian"
    strength: float = 1.0
    cutoff_hz: float = 6.0
    is_limited: bool = True


def smoothed(
    joints_rad: FloatArray,
    root_m: FloatArray,
    *,
    times_s: FloatArray,
    how: Smoothing,
    measured: slice = _EVERYTHING,
) -> tuple[FloatArray, FloatArray]:
    """Rotations and root without their tremble, in float64.

    Args:
        joints_rad: Rotation vectors, shape (frames, joints, 3); NaN where missing.
        root_m: Positions, shape (frames, 3); NaN where missing.
        times_s: Time of each frame, shape (frames,), increasing.
        how: Method and strength.
        measured: Rows whose tremble says how far anything may be moved.
    """
    joints = np.array(joints_rad, dtype=np.float64)
    root = np.array(root_m, dtype=np.float64)
    if how.strength <= 0 or len(joints) < 3:
        return joints, root
    calm, still = _filtered(joints, root, times_s, how)
    if how.is_limited:
        step = compose(inverse(joints), calm)
        turned_sd = _beyond(tremble_rad(joints[measured]), _FINE_RAD)
        moved_sd = _beyond(tremble_m(root[measured]), _FINE_M)
        calm = compose(joints, _no_farther(step, turned_sd))
        still = root + _no_farther(still - root, moved_sd)
    return calm, still


def _filtered(
    joints: FloatArray, root: FloatArray, times_s: FloatArray, how: Smoothing
) -> tuple[FloatArray, FloatArray]:
    fps = 1.0 / float(np.median(np.diff(times_s)))
    if how.method == "gaussian":
        sigma_s = GENTLE_S * how.strength
        return (
            gaussian_rotations(joints, times_s=times_s, sigma_s=sigma_s),
            gaussian_positions(root, times_s=times_s, sigma_s=sigma_s),
        )
    if how.method == "butterworth":
        cutoff = how.cutoff_hz / how.strength
        return (
            more.butterworth_rotations(joints, fps=fps, cutoff_hz=cutoff),
            butterworth_positions(root, fps=fps, cutoff_hz=cutoff),
        )
    if how.method == "savitzky-golay":
        half = max(2, round(_WINDOW_S * how.strength * fps))
        return (
            more.savitzky_golay_rotations(joints, half=half),
            more.savitzky_golay_positions(root, half=half),
        )
    cutoff = _EURO_HZ / how.strength
    return (
        more.one_euro_both_ways(joints, fps=fps, min_cutoff_hz=cutoff),
        more.one_euro_positions_both_ways(root, fps=fps, min_cutoff_hz=cutoff),
    )


def tremble_rad(joints_rad: FloatArray) -> FloatArray:
    """How much each joint trembles from row to row, shape (joints,), per axis.

    A robust standard deviation of fourth differences in the tangent space, which true
    motion hardly has. 0 where too few rows follow each other.
    """
    steps = compose(inverse(joints_rad[:-1]), joints_rad[1:])
    return _deviation(np.diff(steps, 3, axis=0))


def tremble_m(points_m: FloatArray) -> FloatArray:
    """The same for positions, shape (..., 3) without rows and axes: a number each."""
    return _deviation(np.diff(points_m, 4, axis=0))


def _deviation(differences: FloatArray) -> FloatArray:
    """Robust standard deviation of the noise behind fourth differences."""
    of_axis = np.moveaxis(np.abs(differences), -1, 1).reshape(
        -1, *differences.shape[1:-1]
    )
    known = np.isfinite(of_axis)
    sizes = np.where(known, of_axis, np.inf)
    ordered = np.sort(sizes, axis=0)
    count = known.sum(axis=0)
    if not len(ordered):
        return np.zeros(differences.shape[1:-1])
    middle = np.take_along_axis(ordered, (np.maximum(count, 1) - 1)[None] // 2, axis=0)
    median = np.where(count > 0, middle[0], 0.0)
    return _MAD_TO_SD * median / _FOURTH_DIFFERENCE


def _beyond(sd: FloatArray, fine: float) -> FloatArray:
    """The part of a deviation that is not fine, by variances."""
    return np.sqrt(np.maximum(np.square(sd) - fine**2, 0.0))


def _no_farther(step: FloatArray, sd: FloatArray) -> FloatArray:
    """Steps cut to what noise of that deviation can have moved, softly."""
    length = np.linalg.norm(step, axis=-1, keepdims=True)
    most = _REACH_SD * np.asarray(sd)[..., None]
    return step * np.minimum(1.0, most / np.maximum(length, 1e-12))
