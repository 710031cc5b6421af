"""How landmarks move with joints and shape, compiled for the fit.

The Jacobian of a landmark for joint a is ``column x lever`` (one cross product per
column of the joint's world rotation), where the lever reaches from the joint to the
landmark's parts below it. It is kept per landmark (3 rows, only its ancestors'
columns), so the normal equations cost what the tree's depth asks for, not its size.
"""

from __future__ import annotations

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.motion.fitting_arrays import BodyArrays
from hpe_studio.motion.fitting_jit import compiled


@compiled
def shape_derivatives(
    body: BodyArrays, world: FloatArray, joint_dirs: FloatArray
) -> None:
    """Write how the posed joints move with the shape, shape (joints, 3, unknowns)."""
    shapes = body.rest_dirs_m.shape[2]
    joint_dirs[0] = 0.0
    for j in range(1, len(body.parents)):
        p = body.parents[j]
        for b in range(shapes):
            for r in range(3):
                value = joint_dirs[p, r, b]
                for c in range(3):
                    value += world[p, r, c] * (
                        body.rest_dirs_m[j, c, b] - body.rest_dirs_m[p, c, b]
                    )
                joint_dirs[j, r, b] = value


@compiled
def _shape_column(
    body: BodyArrays,
    world: FloatArray,
    joint_dirs: FloatArray,
    k: int,
    b: int,
    out: FloatArray,
) -> None:
    """Write how landmark k moves with shape unknown b, shape (3,)."""
    out[:] = 0.0
    for part in range(body.first_part[k], body.first_part[k + 1]):
        j = body.part_joint[part]
        for r in range(3):
            out[r] += body.part_weight[part] * joint_dirs[j, r, b]
            for c in range(3):
                out[r] += world[j, r, c] * body.part_dirs_m[part, c, b]


@compiled
def landmark_columns(
    body: BodyArrays,
    world: FloatArray,
    joints: FloatArray,
    joint_dirs: FloatArray,
    k: int,
    jacobian: FloatArray,
    columns: IntArray,
    lever: FloatArray,
    share: FloatArray,
    first_shape: int,
) -> int:
    """Write landmark k's Jacobian (3, m) and its columns' numbers; returns m."""
    share[:] = 0.0
    lever[:] = 0.0
    for part in range(body.first_part[k], body.first_part[k + 1]):
        j = body.part_joint[part]
        weight = body.part_weight[part]
        x0 = weight * joints[j, 0]
        x1 = weight * joints[j, 1]
        x2 = weight * joints[j, 2]
        for c in range(3):
            x0 += world[j, 0, c] * body.part_m[part, c]
            x1 += world[j, 1, c] * body.part_m[part, c]
            x2 += world[j, 2, c] * body.part_m[part, c]
        a = j
        while a >= 0:
            if body.column[a] >= 0:
                share[a] += 1.0
                lever[a, 0] += x0 - weight * joints[a, 0]
                lever[a, 1] += x1 - weight * joints[a, 1]
                lever[a, 2] += x2 - weight * joints[a, 2]
            a = body.parents[a]
    m = 0
    for a in range(len(body.parents)):
        if share[a] == 0.0:
            continue
        l0, l1, l2 = lever[a, 0], lever[a, 1], lever[a, 2]
        for c in range(3):
            g0, g1, g2 = world[a, 0, c], world[a, 1, c], world[a, 2, c]
            jacobian[0, m] = g1 * l2 - g2 * l1
            jacobian[1, m] = g2 * l0 - g0 * l2
            jacobian[2, m] = g0 * l1 - g1 * l0
            columns[m] = body.column[a] + c
            m += 1
    for b in range(body.rest_dirs_m.shape[2]):
        _shape_column(body, world, joint_dirs, k, b, jacobian[:, m])
        columns[m] = first_shape + b
        m += 1
    return m
