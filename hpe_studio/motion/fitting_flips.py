"""Short mix-ups of left and right in observations, found and taken back."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import landmark_set

_BODY = ("shoulder", "elbow", "hip", "knee", "ankle")
_LONGEST_GAP = 3
"""Frames further apart than this say nothing about each other."""
_DOUBT_PER_S = 0.5
"""Price of calling frames flipped, in person sizes per second: a stretch of half a
second must save a quarter of a person's size on the ways in and out."""


def find_flips(tracklet: Tracklet, *, landmark_name: str, fps: float) -> BoolArray:
    """Frames whose left and right are exchanged, bool, shape (frames,).

    A person cannot turn round within one frame. Of the two readings of each frame (as
    seen, or with sides exchanged) those are taken over which the points travel least
    in all, found by dynamic programming; a small price per flipped frame makes sure
    that only short stretches are called so.

    Args:
        tracklet: One person's observations.
        landmark_name: Their landmark set.
        fps: Frames per second.
    """
    flipped = np.zeros(len(tracklet.scores), dtype=np.bool_)
    points, swapped = _both_readings(tracklet, landmark_name)
    frames = np.flatnonzero(np.isfinite(points).all(-1).sum(1) >= 4)
    if len(frames) < 3:
        return flipped
    doubt = _DOUBT_PER_S / fps
    price = np.array([0.0, doubt])
    came_from = np.zeros((len(frames), 2), dtype=np.int64)
    for i, (before, now) in enumerate(pairwise(frames), start=1):
        stay, swap = 0.0, 0.0
        if now - before <= _LONGEST_GAP:
            size = max(float(np.ptp(_finite(points[before]), axis=0).max()), 1.0)
            stay = _median_way(points[before], points[now]) / size
            swap = _median_way(points[before], swapped[now]) / size
        ways = price[:, None] + np.array([[stay, swap], [swap, stay]])
        came_from[i] = ways.argmin(0)
        price = ways.min(0) + np.array([0.0, doubt])
    reading = int(price.argmin())
    for i in range(len(frames) - 1, -1, -1):
        flipped[frames[i]] = reading == 1
        reading = int(came_from[i, reading])
    return flipped


def repair_flips(
    tracklet: Tracklet, *, landmark_name: str, fps: float
) -> tuple[Tracklet, BoolArray]:
    """The tracklet with flipped frames swapped back, and which they were.

    The 3D points of a flipped frame face the wrong way and are dropped (NaN).
    """
    flipped = find_flips(tracklet, landmark_name=landmark_name, fps=fps)
    if not flipped.any():
        return tracklet, flipped
    other = np.array(landmark_set(landmark_name).mirror_permutation())
    points_px, points_m = tracklet.points_px.copy(), tracklet.points_m.copy()
    confidence, outside = tracklet.confidence.copy(), tracklet.outside.copy()
    for array in (points_px, confidence, outside):
        array[flipped] = array[flipped][:, other]
    points_m[flipped] = np.nan
    repaired = replace(
        tracklet,
        points_px=points_px,
        points_m=points_m,
        confidence=confidence,
        outside=outside,
    )
    return repaired, flipped


def _both_readings(
    tracklet: Tracklet, landmark_name: str
) -> tuple[FloatArray, FloatArray]:
    """Points of trunk and limbs as seen and with sides exchanged; NaN where unsure."""
    marks = landmark_set(landmark_name)
    body = np.array([i for i, n in enumerate(marks.names) if n.split("_")[-1] in _BODY])
    other = np.array(marks.mirror_permutation())[body]
    seen = (tracklet.confidence > 0.3) & np.isfinite(tracklet.points_px).all(-1)
    points = np.where(seen[..., None], tracklet.points_px.astype(np.float64), np.nan)
    return points[:, body], points[:, other]


def _finite(points: FloatArray) -> FloatArray:
    return points[np.isfinite(points).all(-1)]


def _median_way(a: FloatArray, b: FloatArray) -> float:
    way = np.linalg.norm(a - b, axis=-1)
    way = way[np.isfinite(way)]
    return float(np.median(way)) if len(way) >= 4 else 0.0
