"""Mirror images of poses: left for right, in a plane of one's choice.

A body in SMPL's format is its own mirror image in its plane x = 0 at rest. With
M = diag(-1, 1, 1), joint j of a mirrored pose turns by ``M R_mirror(j) M``: the
rotation vector (x, -y, -z). The pelvis, which turns in the scene, turns by ``S R M``
for the reflection S in the scene. Joints then lie where S takes those of the other
side.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.rotations import (
    compose,
    matrix_from_rotvec,
    rotvec_from_matrix,
)

_M = np.diag([-1.0, 1.0, 1.0])
_AXIAL = np.array([1.0, -1.0, -1.0])
_LEAST = 1e-6


def reflection(normal: FloatArray) -> FloatArray:
    """The reflection in the plane through the origin with a normal, shape (3, 3)."""
    n = normal / np.linalg.norm(normal)
    return np.eye(3) - 2.0 * np.outer(n, n)


def mirrored(
    joints_rad: FloatArray, permutation: Sequence[int], plane: FloatArray
) -> FloatArray:
    """Poses of the mirror image.

    Args:
        joints_rad: Parent-space rotation vectors, shape (..., joints, 3); joint 0 turns
            in the scene. NaN where missing.
        permutation: For each joint the one on the other side.
        plane: Reflection in the scene, shape (3, 3).

    Returns:
        Array of the same shape.
    """
    image = joints_rad[..., list(permutation), :] * _AXIAL
    root = joints_rad[..., 0, :]
    image[..., 0, :] = root  # where missing
    seen = ~np.isnan(root).any(axis=-1)
    turned = plane @ matrix_from_rotvec(root[seen]) @ _M
    image[seen, 0, :] = rotvec_from_matrix(turned)
    return image


def mirrored_offsets(
    joints: Sequence[int],
    offsets_rad: FloatArray,
    permutation: Sequence[int],
    plane: FloatArray,
) -> tuple[tuple[int, ...], FloatArray]:
    """Left deltas of the mirror image: its joints, increasing, and their offsets.

    Args:
        joints: Joints that are corrected.
        offsets_rad: Their offsets, shape (joints, 3).
        permutation: For each joint the one on the other side.
        plane: Reflection in the scene, shape (3, 3).
    """
    found: dict[int, FloatArray] = {}
    for joint, offset in zip(joints, offsets_rad, strict=True):
        is_root = joint == 0
        found[permutation[joint]] = -plane @ offset if is_root else offset * _AXIAL
    ordered = sorted(found)
    rows = [found[joint] for joint in ordered]
    return tuple(ordered), np.array(rows, np.float64).reshape(-1, 3)


def heading_axis(root_rad: FloatArray, up: FloatArray) -> FloatArray:
    """The level direction to a body's left, shape (3,), of length 1.

    Args:
        root_rad: The pelvis' rotation vector in the scene, shape (3,).
        up: Upward direction in the scene, shape (3,).
    """
    matrix = matrix_from_rotvec(root_rad)
    for axis in (matrix[:, 0], np.cross(up, matrix[:, 2]), np.cross(up, matrix[:, 1])):
        level = axis - up * (axis @ up)
        length = float(np.linalg.norm(level))
        if length > _LEAST:
            return level / length
    return matrix[:, 0]  # cannot be: three axes of a body are not all upright


def turned_to(
    root_rad: FloatArray,
    like_rad: FloatArray,
    *,
    up_from: FloatArray,
    up_to: FloatArray,
) -> FloatArray:
    """A pelvis turned so that it faces where another one faces, leaning as before.

    Args:
        root_rad: Rotation vector to turn, shape (3,).
        like_rad: Whose heading is taken, shape (3,).
        up_from: Upward where the first was, shape (3,).
        up_to: Upward where the second is, shape (3,).
    """
    start = _frame(heading_axis(root_rad, up_from), up_from)
    goal = _frame(heading_axis(like_rad, up_to), up_to)
    return compose(rotvec_from_matrix(goal @ start.T), root_rad)


def _frame(left: FloatArray, up: FloatArray) -> FloatArray:
    return np.stack([left, up, np.cross(left, up)], axis=1)
