"""Body shape from bone lengths: what keeps a person's size when the body changes.

Shape coefficients of one body mean nothing on another. Pose and pelvis place carry over
as they are; betas and scale are found anew so that the bones keep their lengths.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.skeleton import Skeleton, skeleton_for

MAX_BETA = 3.0
"""Shapes beyond three standard deviations are no longer people."""

_LENGTH_SD_M = 0.005  # how far a bone may be off before it counts
_BETA_SD = 10.0  # weak: only decides where lengths do not
_LOG_SCALE_SD = 1.0


def refit_shape(
    source_rest_joints_m: FloatArray,
    target: JointModel,
    *,
    source: Skeleton | None = None,
) -> tuple[FloatArray, float]:
    """Betas and scale that give another body the bone lengths of a person.

    Bones are compared where both skeletons have the joint and its parent by the same
    name. Betas stay within +-`MAX_BETA`; what they cannot reach, scale does.

    Args:
        source_rest_joints_m: The person's rest joints, shape (joints, 3), scale
            applied.
        target: The other body.
        source: Skeleton of the rest joints; by their number when None.

    Returns:
        betas, shape (target betas,), and scale.

    Raises:
        ValueError: If the skeletons share fewer than three bones.

    Source: in place of SMPL-SI's kernel regression (Voleti 2022) a ridge solution of
    the linearised lengths, refined by least squares; joints are linear in betas.
    """
    rest = np.asarray(source_rest_joints_m, dtype=np.float64)
    tree = skeleton_for(len(rest)) if source is None else source
    bones = _common_bones(tree, target.skeleton)
    if len(bones) < 3:
        raise ValueError("the two skeletons share fewer than three bones")
    goal = np.linalg.norm(rest[bones[:, 0]] - rest[bones[:, 1]], axis=1)
    offsets = target.joints_m[bones[:, 2]] - target.joints_m[bones[:, 3]]
    directions = target.joints_shapedirs_m
    changes = directions[bones[:, 2]] - directions[bones[:, 3]]
    start = _linear_start(goal, offsets, changes)
    return _refined(goal, offsets, changes, start)


def _common_bones(source: Skeleton, target: Skeleton) -> IntArray:
    """Rows of (joint, parent) in the source and (joint, parent) in the target."""
    rows: list[tuple[int, int, int, int]] = []
    for joint, parent in enumerate(target.parents):
        name = target.joint_names[joint]
        if parent < 0 or name not in source.joint_names:
            continue
        above = source.parents[source.index(name)]
        if above >= 0 and source.joint_names[above] == target.joint_names[parent]:
            rows.append((source.index(name), above, joint, parent))
    return np.array(rows, dtype=np.int64).reshape(-1, 4)


def _linear_start(
    goal_m: FloatArray, offsets_m: FloatArray, changes_m: FloatArray
) -> FloatArray:
    """Betas, then log of scale, of the lengths linearised at the mean shape."""
    length: FloatArray = np.linalg.norm(offsets_m, axis=1)
    log_scale = np.log(goal_m.sum() / length.sum())
    slope: FloatArray = np.einsum("bi,bik->bk", offsets_m / length[:, None], changes_m)
    slope = np.exp(log_scale) * slope / _LENGTH_SD_M
    rest: FloatArray = (goal_m - np.exp(log_scale) * length) / _LENGTH_SD_M
    betas = slope.shape[1]
    ridge: FloatArray = slope.T @ slope + np.eye(betas) / _BETA_SD**2
    start: FloatArray = np.linalg.solve(ridge, slope.T @ rest)
    return np.append(np.clip(start, -MAX_BETA, MAX_BETA), log_scale)


def _refined(
    goal_m: FloatArray, offsets_m: FloatArray, changes_m: FloatArray, start: FloatArray
) -> tuple[FloatArray, float]:
    betas = len(start) - 1

    def residuals(x: FloatArray) -> FloatArray:
        lengths = np.exp(x[-1]) * np.linalg.norm(offsets_m + changes_m @ x[:-1], axis=1)
        off = (lengths - goal_m) / _LENGTH_SD_M
        return np.concatenate([off, x[:-1] / _BETA_SD, x[-1:] / _LOG_SCALE_SD])

    def slopes(x: FloatArray) -> FloatArray:
        vectors = offsets_m + changes_m @ x[:-1]
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        scale = np.exp(x[-1]) / _LENGTH_SD_M
        by_beta = scale * np.einsum("bi,bik->bk", vectors / lengths, changes_m)
        top = np.hstack([by_beta, scale * lengths])
        prior = np.diag([1 / _BETA_SD] * betas + [1 / _LOG_SCALE_SD])
        return np.vstack([top, prior])

    optimize: Any = import_module("scipy.optimize")
    limit = np.append(np.full(betas, MAX_BETA), np.log(10.0))
    inside = np.clip(start, -0.999 * limit, 0.999 * limit)
    found = optimize.least_squares(
        residuals, inside, jac=slopes, bounds=(-limit, limit)
    )
    return np.array(found.x[:-1]), float(np.exp(found.x[-1]))
