"""What the fit's compiled loop is given: plain arrays, grouped and named."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray


class BodyArrays(NamedTuple):
    """A body of one shape.

    Attributes:
        parents: Shape (joints,), int64, -1 for the root.
        column: First unknown of each joint, -1 where it stays at rest, (joints,).
        rest_m: Rest joints, shape (joints, 3).
        rest_dirs_m: Change per shape unknown, shape (joints, 3, unknowns).
        first_part: Landmark k has parts first_part[k] to first_part[k + 1].
        part_joint: Shape (parts,).
        part_weight: Shape (parts,).
        part_m: Point minus weight times rest joint, shape (parts, 3).
        part_dirs_m: Change per shape unknown, shape (parts, 3, unknowns).
        unknowns: Number of joint unknowns (three per active joint).
    """

    parents: IntArray
    column: IntArray
    rest_m: FloatArray
    rest_dirs_m: FloatArray
    first_part: IntArray
    part_joint: IntArray
    part_weight: FloatArray
    part_m: FloatArray
    part_dirs_m: FloatArray
    unknowns: int


class PriorArrays(NamedTuple):
    """Normal distributions and limits over local rotation vectors, (joints, 3) each."""

    mean_rad: FloatArray
    precision: FloatArray
    lower_rad: FloatArray
    upper_rad: FloatArray
    limit_precision: float


class SeenArrays(NamedTuple):
    """What one frame shows.

    Attributes:
        points_px: Ideal (undistorted, centred) pixels, shape (landmarks, 2).
        weights_px: Trust over variance, 1 / m^2, shape (landmarks,); 0 = not used.
        points_m: Camera axes, any origin, shape (landmarks, 3).
        weights_m: 1 / m^2 per axis, shape (landmarks, 3); 0 = not used.
        focal_px: Focal length of the ideal pixels.
        metres_per_px: Turns pixels at the person's depth to metres.
        robust_m: Geman-McClure scale of the 2D and the 3D distances, shape (2,).
    """

    points_px: FloatArray
    weights_px: FloatArray
    points_m: FloatArray
    weights_m: FloatArray
    focal_px: float
    metres_per_px: float
    robust_m: FloatArray


class PullArrays(NamedTuple):
    """Soft ties to a neighbouring frame.

    Attributes:
        rotations: Its joints' rotations, shape (joints, 3, 3).
        precision: Per joint, 1 / rad^2, shape (joints,); 0 = no tie.
        root_m: Its root, shape (3,).
        root_precision: 1 / m^2 per axis, shape (3,).
    """

    rotations: FloatArray
    precision: FloatArray
    root_m: FloatArray
    root_precision: FloatArray


class State(NamedTuple):
    """A pose: rotations (joints, 3, 3), root_m (3,) and origin_m (3,)."""

    rotations: FloatArray
    root_m: FloatArray
    origin_m: FloatArray


def active_columns(
    parents: IntArray, known: BoolArray, part_joint: IntArray, part_weight: FloatArray
) -> tuple[IntArray, int]:
    """First unknown of each joint that moves a landmark, -1 for the others.

    Args:
        parents: Shape (joints,).
        known: Joints that the prior speaks of, shape (joints,).
        part_joint: Joint of each landmark part.
        part_weight: Its weight.

    Returns:
        Columns, shape (joints,), and the number of unknowns.
    """
    moves = np.zeros(len(parents), dtype=np.bool_)
    moves[part_joint[np.abs(part_weight) > 0.05]] = True
    for j in range(len(parents) - 1, 0, -1):
        moves[parents[j]] |= moves[j]
    active = moves & known
    active[0] = True
    column = np.where(active, 3 * (np.cumsum(active) - 1), -1).astype(np.int64)
    return column, 3 * int(active.sum())
