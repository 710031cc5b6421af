"""Which way is up, and where the floor is, from how people stand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.skeleton import Skeleton

_STRAIGHT_FROM, _STRAIGHT_FULL = 0.90, 0.99
"""Height over bone length at which a body begins to count as standing, and fully."""

_LEAST_WEIGHT = 5.0
_MAX_SPREAD_RAD = np.radians(15.0)
_MAX_TILT_RAD = np.radians(70.0)
_SOLE_M = 0.03
"""How far the floor lies below toe and ankle joints' lowest point."""


def level_from_people(
    bodies: Sequence[FloatArray], skeleton: Skeleton
) -> FloatArray | None:
    """A rigid transform after which people stand upright on y = 0.

    Up is the direction in which standing bodies point: from the ankles to the neck,
    counted the more the straighter a body is, with outliers left out. (Spec "Ground
    plane": the mean spine direction of standing people, where nothing else is known.)

    Args:
        bodies: Joint places of each person, shape (frames, joints, 3), metres; NaN
            where missing.
        skeleton: Their joints.

    Returns:
        Shape (3, 4), or None where nobody stands long enough, or where they do not
        agree (people lying, climbing).
    """
    directions, weights = _standing(bodies, skeleton)
    if weights.sum() < _LEAST_WEIGHT:
        return None
    up = _robust_mean(directions, weights)
    if np.arccos(np.clip(up[1], -1, 1)) > _MAX_TILT_RAD:
        return None
    spread = np.arccos(np.clip(directions @ up, -1, 1))
    order = np.argsort(spread)
    half = int((np.cumsum(weights[order]) < weights.sum() / 2).sum())
    if spread[order][half] > _MAX_SPREAD_RAD:
        return None
    turn = turn_up(up)
    return np.hstack([turn, [[0.0], [-_floor(bodies, skeleton, turn)], [0.0]]])


def turn_up(up: FloatArray) -> FloatArray:
    """The smallest rotation that makes a direction point along +Y, shape (3, 3)."""
    x, y, z = (float(v) for v in up / np.linalg.norm(up))
    axis = np.array([-z, 0.0, x])  # up x Y
    k = np.array(
        [[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]]
    )
    return np.eye(3) + k + k @ k / (1 + y)


def _standing(
    bodies: Sequence[FloatArray], skeleton: Skeleton
) -> tuple[FloatArray, FloatArray]:
    """Directions from ankles to neck, and how straight each body stands."""
    at = skeleton.index
    directions: list[FloatArray] = []
    weights: list[FloatArray] = []
    for joints in bodies:
        low = joints[:, [at("left_ankle"), at("right_ankle")]].mean(axis=1)
        tall = joints[:, at("neck")] - low
        height = np.linalg.norm(tall, axis=1)
        straight = height / _bone_length(joints, skeleton)
        share = (straight - _STRAIGHT_FROM) / (_STRAIGHT_FULL - _STRAIGHT_FROM)
        weight = np.clip(np.nan_to_num(share), 0.0, 1.0)
        present = np.isfinite(height) & (weight > 0)
        directions.append(tall[present] / height[present, None])
        weights.append(weight[present])
    if not directions:
        return np.zeros((0, 3)), np.zeros(0)
    return np.concatenate(directions), np.concatenate(weights)


def _bone_length(joints: FloatArray, skeleton: Skeleton) -> FloatArray:
    """Length from ankles over knees, hips and spine to the neck, per frame."""
    at = skeleton.index

    def between(a: str, b: str) -> FloatArray:
        return np.linalg.norm(joints[:, at(a)] - joints[:, at(b)], axis=1)

    legs = [
        between(f"{side}_ankle", f"{side}_knee")
        + between(f"{side}_knee", f"{side}_hip")
        for side in ("left", "right")
    ]
    hips = joints[:, [at("left_hip"), at("right_hip")]].mean(axis=1)
    trunk = np.linalg.norm(joints[:, at("neck")] - hips, axis=1)
    return np.mean(legs, axis=0) + trunk


def _robust_mean(directions: FloatArray, weights: FloatArray) -> FloatArray:
    """Geodesic median of directions, by reweighting; shape (3,), unit length."""
    mean = weights @ directions
    mean = mean / np.linalg.norm(mean)
    for _ in range(20):
        angle = np.arccos(np.clip(directions @ mean, -1, 1))
        w = weights / np.maximum(angle, np.radians(1.0))
        mean = w @ directions
        mean = mean / np.linalg.norm(mean)
    return mean


def _floor(bodies: Sequence[FloatArray], skeleton: Skeleton, turn: FloatArray) -> float:
    """Height of the floor after the turn: the middle of where people's feet get."""
    feet = [skeleton.index(f"{s}_{j}") for s in ("left", "right") for j in _FEET]
    lowest: list[float] = []
    for joints in bodies:
        heights = (joints[:, feet] @ turn[1]).min(axis=1)
        heights = heights[np.isfinite(heights)]
        if len(heights):
            lowest.append(float(np.percentile(heights, 10)))
    return float(np.median(lowest)) - _SOLE_M if lowest else 0.0


_FEET = ("ankle", "foot")
