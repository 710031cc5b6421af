"""Errors of poses, frame by frame. Shapes and `valid` as in `metrics.alignment`.

Every function gives errors per joint with NaN where a joint does not count, so that
means say nothing of what was not seen; `mean_error_m` aggregates as protocols do.
"""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.metrics.alignment import (
    best_scale,
    best_similarity,
    from_root,
    valid_joints,
)
from hpe_studio.motion.rotations import rotvec_from_matrix

AUC_THRESHOLDS_M = np.arange(31) * 0.005
"""0, 5, ..., 150 mm (MPI-INF-3DHP)."""


def joint_errors_m(
    prediction_m: FloatArray, truth_m: FloatArray, valid: BoolArray | None = None
) -> FloatArray:
    """Distance of each joint as it stands, shape (..., joints), metres."""
    counts = valid_joints(prediction_m, truth_m, valid)
    return np.where(counts, np.linalg.norm(prediction_m - truth_m, axis=-1), np.nan)


def root_aligned_errors_m(
    prediction_m: FloatArray,
    truth_m: FloatArray,
    root: IntArray | int,
    valid: BoolArray | None = None,
) -> FloatArray:
    """Distances with both roots in one place (MPJPE per joint), (..., joints)."""
    return joint_errors_m(
        from_root(prediction_m, root), from_root(truth_m, root), valid
    )


def scaled_errors_m(
    prediction_m: FloatArray,
    truth_m: FloatArray,
    root: IntArray | int,
    valid: BoolArray | None = None,
) -> FloatArray:
    """Root-aligned distances after the best factor (N-MPJPE per joint)."""
    p, g = from_root(prediction_m, root), from_root(truth_m, root)
    return joint_errors_m(best_scale(p, g, valid)[..., None, None] * p, g, valid)


def procrustes_errors_m(
    prediction_m: FloatArray,
    truth_m: FloatArray,
    valid: BoolArray | None = None,
    *,
    with_scale: bool = True,
) -> FloatArray:
    """Distances after the best similarity (PA-MPJPE) or rigid motion, per joint."""
    moved = best_similarity(prediction_m, truth_m, valid, with_scale=with_scale)
    return joint_errors_m(moved.apply(prediction_m), truth_m, valid)


def mean_over_joints(values: FloatArray) -> FloatArray:
    """Mean of what is known along the last axis, NaN where nothing is, no warnings."""
    known = np.isfinite(values)
    count = known.sum(-1)
    total = np.where(known, values, 0.0).sum(-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def mean_error_m(errors_m: FloatArray) -> float:
    """Mean over the joints of a frame that count, then over frames; NaN for none."""
    flat = errors_m.reshape(-1, errors_m.shape[-1])
    counted = np.isfinite(flat).any(1)
    if not counted.any():
        return float("nan")
    return float(np.nanmean(flat[counted], axis=1).mean())


def coverage(
    prediction_m: FloatArray, truth_m: FloatArray, valid: BoolArray | None = None
) -> float:
    """Share of the truth's joints that the prediction has; NaN without truth."""
    there = np.isfinite(truth_m).all(-1)
    if valid is not None:
        there = there & valid
    total = int(there.sum())
    if not total:
        return float("nan")
    return float(valid_joints(prediction_m, truth_m, valid).sum() / total)


def correct_share(errors_m: FloatArray, threshold_m: float = 0.15) -> float:
    """PCK: share of joints that count with an error of at most the threshold."""
    known = errors_m[np.isfinite(errors_m)]
    return float((known <= threshold_m).mean()) if len(known) else float("nan")


def correct_area(errors_m: FloatArray) -> float:
    """AUC: mean of PCK over the thresholds 0, 5, ..., 150 mm."""
    return float(np.mean([correct_share(errors_m, t) for t in AUC_THRESHOLDS_M]))


def vertex_errors_m(
    prediction_m: FloatArray,
    truth_m: FloatArray,
    prediction_root_m: FloatArray,
    truth_root_m: FloatArray,
) -> FloatArray:
    """Distances of vertices from each body's root (PVE per vertex), (..., vertices).

    Args:
        prediction_m: Vertices, shape (..., vertices, 3).
        truth_m: The same mesh truly.
        prediction_root_m: Shape (..., 3).
        truth_root_m: Shape (..., 3).
    """
    p = prediction_m - prediction_root_m[..., None, :]
    return joint_errors_m(p, truth_m - truth_root_m[..., None, :])


def angle_errors_rad(rotations: FloatArray, true_rotations: FloatArray) -> FloatArray:
    """Geodesic angle of each joint's world rotation (MPJAE), (..., joints).

    Args:
        rotations: Matrices, shape (..., joints, 3, 3).
        true_rotations: The same truly.
    """
    between = np.einsum("...ji,...jk->...ik", rotations, true_rotations)
    return np.linalg.norm(rotvec_from_matrix(between), axis=-1)
