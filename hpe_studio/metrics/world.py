"""Errors of place in the world (WHAM's protocol, Shin et al. 2024)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.metrics.alignment import best_similarity
from hpe_studio.metrics.people import has_any
from hpe_studio.metrics.pose import joint_errors_m, mean_over_joints

CHUNK_FRAMES = 100
_FIRST_FRAMES = 2
_STATIC_M = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class WorldErrors:
    """Errors of chunks of 100 frames.

    Attributes:
        first_m: W-MPJPE: aligned on a chunk's first two frames.
        all_m: WA-MPJPE: aligned on the whole chunk.
        first_scale, all_scale: Mean scales the two alignments absorbed.
    """

    first_m: float
    all_m: float
    first_scale: float
    all_scale: float


def world_errors(prediction_m: FloatArray, truth_m: FloatArray) -> WorldErrors:
    """W- and WA-MPJPE over frames on which both are known, over joints that both have.

    Args:
        prediction_m: Joints in the world, shape (frames, joints, 3).
        truth_m: The same truly.
    """
    known = has_any(prediction_m + truth_m)
    p, g = prediction_m[known], truth_m[known]
    errors: list[tuple[FloatArray, FloatArray]] = []
    scales: list[tuple[float, float]] = []
    for at in range(0, len(p), CHUNK_FRAMES):
        part_p, part_g = p[at : at + CHUNK_FRAMES], g[at : at + CHUNK_FRAMES]
        if len(part_p) < _FIRST_FRAMES:
            continue
        pair = []
        for count in (_FIRST_FRAMES, len(part_p)):
            moved = best_similarity(
                part_p[:count].reshape(-1, 3), part_g[:count].reshape(-1, 3)
            )
            flat = moved.apply(part_p.reshape(-1, 3)).reshape(part_p.shape)
            off = mean_over_joints(joint_errors_m(flat, part_g))
            pair.append((off, float(moved.scale)))
        errors.append((pair[0][0], pair[1][0]))
        scales.append((pair[0][1], pair[1][1]))
    if not errors:
        nan = float("nan")
        return WorldErrors(first_m=nan, all_m=nan, first_scale=nan, all_scale=nan)
    first, whole = (np.concatenate([e[i] for e in errors]) for i in (0, 1))
    return WorldErrors(
        first_m=_mean(first),
        all_m=_mean(whole),
        first_scale=_mean(np.array([s[0] for s in scales])),
        all_scale=_mean(np.array([s[1] for s in scales])),
    )


def _mean(values: FloatArray) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def trajectory_error(root_m: FloatArray, true_root_m: FloatArray) -> float:
    """RTE: mean distance after the best rigid motion over the length of the true way.

    NaN where the person stays within 10 cm: there is no way to compare with.

    Args:
        root_m: Shape (frames, 3).
        true_root_m: The same truly.
    """
    known = np.isfinite(root_m + true_root_m).all(1)
    p, g = root_m[known], true_root_m[known]
    way = float(np.linalg.norm(np.diff(g, axis=0), axis=1).sum()) if len(g) else 0.0
    if way < _STATIC_M:
        return float("nan")
    return float(np.linalg.norm(_moved_rigidly(p, g) - g, axis=1).mean() / way)


def trajectory_rmse_m(root_m: FloatArray, true_root_m: FloatArray) -> float:
    """ATE: root mean square distance after the best rigid motion, metres."""
    known = np.isfinite(root_m + true_root_m).all(1)
    p, g = root_m[known], true_root_m[known]
    if len(p) < _FIRST_FRAMES:
        return float("nan")
    off = np.linalg.norm(_moved_rigidly(p, g) - g, axis=1)
    return float(np.sqrt(np.mean(off**2)))


def _moved_rigidly(points_m: FloatArray, onto_m: FloatArray) -> FloatArray:
    """Points after the best rigid motion; ways along one line have one, too."""
    middle_p, middle_g = points_m.mean(0), onto_m.mean(0)
    p, g = points_m - middle_p, onto_m - middle_g
    u, _, vt = np.linalg.svd(p.T @ g)
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = vt.T @ flip @ u.T
    return p @ rotation.T + middle_g
