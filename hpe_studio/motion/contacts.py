"""When feet stand on the floor, and where.

Source: thresholds of HuMoR (Rempe et al. 2021) as the spec gives them (5.9): toes
below 4 cm and ankles below 8 cm over the floor, slower than 0.15 m/s to begin and
0.30 m/s to go on, at least three frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray

_LEAST_FRAMES = 3
_MEDIAN_FRAMES = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactRule:
    """When a foot counts as standing.

    Attributes:
        begin_m_s, go_on_m_s: Speeds below which a contact begins and goes on.
        height_m: Height over the floor below which it can.
    """

    begin_m_s: float = 0.15
    go_on_m_s: float = 0.30
    height_m: float = 0.04


TOES, HEEL = ContactRule(), ContactRule(height_m=0.08)
"""The rules for toes and ankles of clean motion."""

NOISY_TOES = ContactRule(begin_m_s=0.4, go_on_m_s=0.8, height_m=0.06)
NOISY_HEEL = ContactRule(begin_m_s=0.4, go_on_m_s=0.8, height_m=0.11)
"""The same for estimates that have not been smoothed (spec 5.9)."""


def contacts(
    place_m: FloatArray, *, rule: ContactRule, fps: float, floor_m: float | None = None
) -> BoolArray:
    """Frames on which a joint of the foot stands, shape (frames,).

    Args:
        place_m: The joint on a levelled floor, Y up, shape (frames, 3); NaN missing.
        rule: When it stands.
        fps: Frame rate.
        floor_m: Height of the floor; where the joint mostly is lowest when None.
    """
    known = np.logical_and.reduce(np.isfinite(place_m), axis=1)
    if known.sum() < _LEAST_FRAMES:
        return np.zeros(len(place_m), dtype=np.bool_)
    if floor_m is None:
        floor_m = float(np.quantile(place_m[known, 1], 0.1))
    speed = np.linalg.norm(np.gradient(place_m, axis=0), axis=1) * fps
    speed = np.where(np.isfinite(speed), speed, np.inf)
    low = known & (place_m[:, 1] - floor_m < rule.height_m)
    begins = low & (speed < rule.begin_m_s)
    goes_on = low & (speed < rule.go_on_m_s)
    stands = _grown(begins, goes_on)
    ndimage: Any = import_module("scipy.ndimage")
    calm: BoolArray = ndimage.median_filter(stands, size=_MEDIAN_FRAMES)
    return _long_enough(calm & known)


def _grown(seeds: BoolArray, within: BoolArray) -> BoolArray:
    """Runs of `within` that hold a seed."""
    edges = np.diff(np.concatenate([[0], within.view(np.int8), [0]]))
    out = np.zeros_like(within)
    for start, stop in zip(
        np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True
    ):
        out[start:stop] = seeds[start:stop].any()
    return out


def _long_enough(stands: BoolArray) -> BoolArray:
    edges = np.diff(np.concatenate([[0], stands.view(np.int8), [0]]))
    out = stands.copy()
    for start, stop in zip(
        np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True
    ):
        if stop - start < _LEAST_FRAMES:
            out[start:stop] = False
    return out
