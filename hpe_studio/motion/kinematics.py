"""From joint rotations to places: joints and landmarks of a posed body.

The root joint lies exactly at `root_m` whatever the shape, so that a change of shape
moves nobody. (SMPL's own `transl` is root_m - J0(betas); see `smpl_transl_m`.)
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jointmodel import JointModel, Landmarks, fit_length
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.motion.rotations import matrix_from_rotvec


def forward_kinematics(
    parents: Sequence[int],
    rest_joints_m: FloatArray,
    joints_rad: FloatArray,
    root_m: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Places and world rotations of all joints.

    Args:
        parents: Parent of each joint, -1 for the root; parents stand first.
        rest_joints_m: Rest joints, shape (joints, 3), scale applied.
        joints_rad: Parent-space rotation vectors, shape (..., joints, 3).
        root_m: Place of the root joint, shape (..., 3) (or (3,) for all).

    Returns:
        joints_m, shape (..., joints, 3), and rotations, shape (..., joints, 3, 3).
        A NaN makes its joint and what hangs on it NaN, nothing else.

    Source: SMPL (Loper 2015), section 3, with the root's rest place cancelled.
    """
    pose = np.asarray(joints_rad, dtype=np.float64)
    lead, count = pose.shape[:-2], pose.shape[-2]
    flat = np.ascontiguousarray(pose.reshape(-1, count, 3))
    roots = np.broadcast_to(np.asarray(root_m, dtype=np.float64), (*lead, 3))
    tree = np.asarray(parents, dtype=np.int64)
    offsets = bone_offsets_m(parents, rest_joints_m)
    places = np.empty(flat.shape)
    rotations = np.empty((*flat.shape, 3))
    compiled = _compiled()
    chain = _pose_chain if compiled is None else compiled.pose_chain
    chain(tree, offsets, flat, roots.reshape(-1, 3), places, rotations)
    return places.reshape(pose.shape), rotations.reshape(*pose.shape, 3)


def bone_offsets_m(parents: Sequence[int], rest_joints_m: FloatArray) -> FloatArray:
    """Each joint seen from its parent at rest, shape (joints, 3); the root's is 0."""
    rest = np.asarray(rest_joints_m, dtype=np.float64)
    tree = np.asarray(parents)
    return np.where(tree[:, None] < 0, 0.0, rest - rest[np.maximum(tree, 0)])


def landmarks_m(
    joint_model: JointModel,
    landmark_name: str,
    joints_m: FloatArray,
    rotations: FloatArray,
    betas: FloatArray,
    scale: float = 1.0,
) -> FloatArray:
    """Landmarks of a posed body, shape (..., landmarks, 3), metres.

    Args:
        joint_model: The body's joints and landmark sets.
        landmark_name: "mediapipe33", "coco17", ...
        joints_m: Posed joints, shape (..., joints, 3), from `forward_kinematics`.
        rotations: World rotations, shape (..., joints, 3, 3), from the same.
        betas: Shape coefficients.
        scale: Size of the body over its model.

    Returns:
        NaN for landmarks that are not on this body.

    Raises:
        KeyError: If the body does not know the set.
    """
    marks = joint_model.landmarks[landmark_name]
    offsets = landmark_offsets_m(joint_model, marks, betas, scale)
    parts = joints_m[..., marks.joint, :] * marks.weight[:, None]
    parts = parts + np.einsum(
        "...pij,pj->...pi", rotations[..., marks.joint, :, :], offsets
    )
    out = np.full((*joints_m.shape[:-2], marks.count, 3), np.nan)
    present, starts = np.unique(marks.index, return_index=True)
    if len(present):
        out[..., present, :] = np.add.reduceat(parts, starts, axis=-2)
    return out


def landmark_offsets_m(
    joint_model: JointModel, marks: Landmarks, betas: FloatArray, scale: float = 1.0
) -> FloatArray:
    """What the rotation of its joint turns, per part, shape (parts, 3), metres.

    This is ``point - weight * rest_joint`` of `core.jointmodel.Landmarks`.
    """
    shape = fit_length(betas, joint_model.beta_count)
    points = scale * (marks.point_m + marks.point_shapedirs_m @ shape)
    rest = joint_model.rest_joints_m(betas, scale=scale)
    return points - marks.weight[:, None] * rest[marks.joint]


def smpl_transl_m(
    joint_model: JointModel, root_m: FloatArray, betas: FloatArray, scale: float = 1.0
) -> FloatArray:
    """SMPL's `transl` for a place of the root joint, same shape as `root_m`.

    Add `joint_model.rest_joints_m(betas)[0]` to come back.
    """
    return np.asarray(root_m) - joint_model.rest_joints_m(betas, scale=scale)[0]


def remapped_joints_rad(
    joints_rad: FloatArray, source: Skeleton, target: Skeleton
) -> FloatArray:
    """Rotations of one skeleton as those of another, joint by joint name.

    Joints that the source lacks are at rest (0) where its root is known and NaN where
    the root is NaN. Shape (..., source joints, 3) to (..., target joints, 3).
    """
    place = {name: i for i, name in enumerate(source.joint_names)}
    pose = np.asarray(joints_rad)
    out = np.zeros((*pose.shape[:-2], target.joint_count, 3), dtype=pose.dtype)
    out[np.isnan(pose[..., 0, :]).any(-1)] = np.nan
    for i, name in enumerate(target.joint_names):
        if name in place:
            out[..., i, :] = pose[..., place[name], :]
    return out


def pose_features(joints_rad: FloatArray) -> FloatArray:
    """SMPL's pose feature R - I of all joints but the root, for pose correctives.

    Shape (n, joints, 3) to (n, joints - 1, 9), float32, matrices row by row.
    """
    pose = np.ascontiguousarray(joints_rad, dtype=np.float64)
    compiled = _compiled()
    if compiled is None:
        local = matrix_from_rotvec(pose[:, 1:]) - np.eye(3)
        return local.reshape(*local.shape[:2], 9).astype(np.float32)
    out = np.empty((len(pose), pose.shape[1] - 1, 9), np.float32)
    compiled.pose_features(pose, out)
    return out


@cache
def _compiled() -> Any:
    """The compiled loops, or None where numba is not to be had."""
    try:
        return import_module("hpe_studio.motion._compiled")
    except (ImportError, RuntimeError):  # RuntimeError: nowhere to keep its cache
        return None


def _pose_chain(
    parents: Any, offsets: Any, joints_rad: Any, root_m: Any, places: Any, turns: Any
) -> None:
    """The same in numpy, joint after joint over all frames at once."""
    local = matrix_from_rotvec(joints_rad)
    for j, parent in enumerate(parents):
        if parent < 0:
            turns[:, j], places[:, j] = local[:, j], root_m
        else:
            turns[:, j] = turns[:, parent] @ local[:, j]
            places[:, j] = places[:, parent] + turns[:, parent] @ offsets[j]
