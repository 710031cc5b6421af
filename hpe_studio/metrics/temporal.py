"""Errors of movement: acceleration, jitter, feet that skate or sink."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray

_SKATE_M_PER_FRAME_30 = 0.01
_MODE_HEIGHT_M = 0.025


def acceleration_errors_m(prediction_m: FloatArray, truth_m: FloatArray) -> FloatArray:
    """Difference of second differences, shape (frames - 2, joints), m per frame^2.

    Times fps^2 it is m/s^2. NaN where one of the three frames lacks the joint.
    Source: Kanazawa et al. 2019 (HMMR), as VIBE evaluates it.
    """
    change = np.diff(prediction_m, 2, axis=0) - np.diff(truth_m, 2, axis=0)
    return np.linalg.norm(change, axis=-1)


def jitter_m_s3(points_m: FloatArray, fps: float) -> float:
    """Mean third derivative of the joints, m/s^3; NaN where nothing counts.

    WHAM reports a tenth of it. Source: Yi et al. 2021 (TransPose).
    """
    third = np.linalg.norm(np.diff(points_m, 3, axis=0), axis=-1) * fps**3
    known = third[np.isfinite(third)]
    return float(known.mean()) if len(known) else float("nan")


def skate_m(
    feet_m: FloatArray, true_feet_m: FloatArray, fps: float
) -> tuple[float, int]:
    """How far feet move per frame while they truly stand (WHAM's FS), and how often.

    Args:
        feet_m: Points of the soles, shape (frames, points, 3).
        true_feet_m: The same truly; they stand below 1 cm a frame at 30 fps.
        fps: Frame rate.

    Returns:
        Mean way in metres a frame (NaN without contact), number of contacts.
    """
    true_way = np.linalg.norm(np.diff(true_feet_m, axis=0), axis=-1)
    way = np.linalg.norm(np.diff(feet_m, axis=0), axis=-1)
    stands = true_way < _SKATE_M_PER_FRAME_30 * 30.0 / fps
    counted = stands & np.isfinite(way)
    count = int(counted.sum())
    return (float(way[counted].mean()) if count else float("nan")), count


def skate_without_truth_m(
    feet_m: FloatArray, stands: BoolArray, *, floor_m: float = 0.0
) -> float:
    """Way of standing feet over the floor, less where they are higher, m per frame.

    Weighted by 2 - 2^(h/H) with H = 2.5 cm, 0 above it.

    Args:
        feet_m: Toes or heels on a levelled floor, Y up, shape (frames, points, 3).
        stands: Where they stand, shape (frames, points).
        floor_m: Height of the floor.

    Source: Zhang et al. 2018, "Mode-adaptive neural networks", foot sliding.
    """
    across = np.linalg.norm(np.diff(feet_m[..., [0, 2]], axis=0), axis=-1)
    height = np.clip(feet_m[1:, :, 1] - floor_m, 0.0, _MODE_HEIGHT_M)
    weight = 2.0 - 2.0 ** (height / _MODE_HEIGHT_M)
    counted = stands[1:] & stands[:-1] & np.isfinite(across)
    if not counted.any():
        return float("nan")
    return float((across * weight)[counted].mean())


def penetration_m(feet_m: FloatArray, *, floor_m: float = 0.0) -> tuple[float, float]:
    """Mean and largest depth of feet below the floor, metres (Y up)."""
    depth = np.maximum(floor_m - feet_m[..., 1], 0.0)
    known = depth[np.isfinite(depth)]
    if not len(known):
        return float("nan"), float("nan")
    return float(known.mean()), float(known.max())
