"""Residuals and normal equations of one frame, compiled.

Unknowns of a frame, in this order: a rotation step per active joint (right-multiplied
tangent, R <- R exp(w)), the root's place in the camera, the place of the 3D landmarks'
origin relative to the root, and, where the shape is free, betas and log scale.
"""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PriorArrays,
    PullArrays,
    SeenArrays,
    State,
)
from hpe_studio.motion.fitting_jacobian import landmark_columns, shape_derivatives
from hpe_studio.motion.fitting_jit import compiled, compiled_fast
from hpe_studio.motion.fitting_kernels import (
    inverse_right_jacobian,
    log_so3,
    place_landmark,
    pose_joints,
)

NEAREST_M = 0.1
"""Landmarks nearer to the camera than this count as this far."""


@compiled
def _pixel_terms(
    seen: SeenArrays,
    root_m: FloatArray,
    x: FloatArray,
    k: int,
    matrix: FloatArray,
    vector: FloatArray,
) -> float:
    """Write the 2D part's 3x3 matrix and vector of a landmark; returns its cost."""
    matrix[:] = 0.0
    vector[:] = 0.0
    weight = seen.weights_px[k]
    if weight == 0.0:
        return 0.0
    z = max(x[2] + root_m[2], NEAREST_M)
    scale = seen.metres_per_px
    f = seen.focal_px * scale / z
    u = (x[0] + root_m[0]) / z
    v = (x[1] + root_m[1]) / z
    e0 = scale * seen.points_px[k, 0] - f * z * u
    e1 = scale * seen.points_px[k, 1] - f * z * v
    square = (e0 * e0 + e1 * e1) / seen.robust_m[0] ** 2
    w = weight / (1.0 + square) ** 2
    matrix[0, 0] = matrix[1, 1] = w * f * f
    matrix[0, 2] = matrix[2, 0] = -w * f * f * u
    matrix[1, 2] = matrix[2, 1] = -w * f * f * v
    matrix[2, 2] = w * f * f * (u * u + v * v)
    vector[0] = w * f * e0
    vector[1] = w * f * e1
    vector[2] = -w * f * (u * e0 + v * e1)
    return weight * seen.robust_m[0] ** 2 * square / (1.0 + square)


@compiled
def _space_terms(
    seen: SeenArrays,
    origin_m: FloatArray,
    x: FloatArray,
    k: int,
    matrix: FloatArray,
    vector: FloatArray,
) -> float:
    """Write the 3D part's diagonal and vector of a landmark; returns its cost."""
    matrix[:] = 0.0
    vector[:] = 0.0
    total = seen.weights_m[k, 0] + seen.weights_m[k, 1] + seen.weights_m[k, 2]
    if total == 0.0:
        return 0.0
    mean = total / 3.0
    square = 0.0
    for r in range(3):
        vector[r] = seen.points_m[k, r] - (x[r] - origin_m[r])
        square += seen.weights_m[k, r] / mean * vector[r] ** 2
    square /= seen.robust_m[1] ** 2
    w = 1.0 / (1.0 + square) ** 2
    for r in range(3):
        matrix[r] = w * seen.weights_m[k, r]
        vector[r] *= matrix[r]
    return mean * seen.robust_m[1] ** 2 * square / (1.0 + square)


@compiled_fast
def _add_landmark(
    hessian: FloatArray,
    gradient: FloatArray,
    jacobian: FloatArray,
    columns: IntArray,
    m: int,
    pixel: FloatArray,
    pixel_g: FloatArray,
    space: FloatArray,
    space_g: FloatArray,
    root: int,
    product: FloatArray,
) -> None:
    """Add one landmark to the lower triangle of the normal equations."""
    for i in range(m):
        d0, d1, d2 = jacobian[0, i], jacobian[1, i], jacobian[2, i]
        p0 = pixel[0, 0] * d0 + pixel[0, 2] * d2
        p1 = pixel[1, 1] * d1 + pixel[1, 2] * d2
        p2 = pixel[2, 0] * d0 + pixel[2, 1] * d1 + pixel[2, 2] * d2
        s0, s1, s2 = space[0] * d0, space[1] * d1, space[2] * d2
        product[0, i], product[1, i], product[2, i] = p0 + s0, p1 + s1, p2 + s2
        column = columns[i]
        gradient[column] += (
            d0 * (pixel_g[0] + space_g[0])
            + d1 * (pixel_g[1] + space_g[1])
            + d2 * (pixel_g[2] + space_g[2])
        )
        # Shape columns come after the root's: write into the lower triangle.
        if column < root:
            hessian[root, column] += p0
            hessian[root + 1, column] += p1
            hessian[root + 2, column] += p2
            hessian[root + 3, column] -= s0
            hessian[root + 4, column] -= s1
            hessian[root + 5, column] -= s2
        else:
            hessian[column, root] += p0
            hessian[column, root + 1] += p1
            hessian[column, root + 2] += p2
            hessian[column, root + 3] -= s0
            hessian[column, root + 4] -= s1
            hessian[column, root + 5] -= s2
    for i in range(m):
        d0, d1, d2 = jacobian[0, i], jacobian[1, i], jacobian[2, i]
        row = columns[i]
        for j in range(i + 1):
            hessian[row, columns[j]] += (
                d0 * product[0, j] + d1 * product[1, j] + d2 * product[2, j]
            )
    for r in range(3):
        gradient[root + r] += pixel_g[r]
        gradient[root + 3 + r] -= space_g[r]
        hessian[root + 3 + r, root + 3 + r] += space[r]
        for c in range(r + 1):
            hessian[root + r, root + c] += pixel[r, c]


@compiled
def _add_tangent(
    hessian: FloatArray,
    gradient: FloatArray,
    column: int,
    jacobian: FloatArray,
    precision: FloatArray,
    residual: FloatArray,
) -> None:
    """Add precision-weighted residuals of one joint's tangent, (3,) each."""
    for i in range(3):
        for r in range(3):
            gradient[column + i] += jacobian[r, i] * precision[r] * residual[r]
            for j in range(i + 1):
                hessian[column + i, column + j] += (
                    jacobian[r, i] * precision[r] * jacobian[r, j]
                )


@compiled
def _add_prior(
    body: BodyArrays,
    prior: PriorArrays,
    rotations: FloatArray,
    hessian: FloatArray,
    gradient: FloatArray,
) -> float:
    """Add the pose prior and the limits; returns their cost."""
    cost = 0.0
    log, residual, precision = np.empty(3), np.empty(3), np.empty(3)
    jacobian = np.empty((3, 3))
    for j in range(1, len(body.parents)):
        if body.column[j] < 0:
            continue
        log_so3(rotations[j], log)
        inverse_right_jacobian(log, jacobian)
        for r in range(3):
            own = prior.precision[j, r]
            residual[r] = prior.mean_rad[j, r] - log[r]
            cost += own * residual[r] ** 2
            over = max(0.0, log[r] - prior.upper_rad[j, r])
            over += min(0.0, log[r] - prior.lower_rad[j, r])
            precision[r] = own
            if over != 0.0:
                cost += prior.limit_precision * over * over
                precision[r] = own + prior.limit_precision
                residual[r] = (
                    own * residual[r] - prior.limit_precision * over
                ) / precision[r]
        _add_tangent(hessian, gradient, body.column[j], jacobian, precision, residual)
    return cost


@compiled
def _add_pull(
    body: BodyArrays,
    pull: PullArrays,
    state: State,
    root: int,
    hessian: FloatArray,
    gradient: FloatArray,
) -> float:
    """Add the ties to a neighbouring frame; returns their cost."""
    cost = 0.0
    log, precision = np.empty(3), np.empty(3)
    jacobian, delta = np.empty((3, 3)), np.empty((3, 3))
    for j in range(len(body.parents)):
        if body.column[j] < 0 or pull.precision[j] == 0.0:
            continue
        for r in range(3):
            for c in range(3):
                delta[r, c] = (
                    pull.rotations[j, 0, r] * state.rotations[j, 0, c]
                    + pull.rotations[j, 1, r] * state.rotations[j, 1, c]
                    + pull.rotations[j, 2, r] * state.rotations[j, 2, c]
                )
        log_so3(delta, log)
        inverse_right_jacobian(log, jacobian)
        for r in range(3):
            precision[r] = pull.precision[j]
            cost += precision[r] * log[r] ** 2
            log[r] = -log[r]
        _add_tangent(hessian, gradient, body.column[j], jacobian, precision, log)
    for r in range(3):
        e = pull.root_m[r] - state.root_m[r]
        cost += pull.root_precision[r] * e * e
        gradient[root + r] += pull.root_precision[r] * e
        hessian[root + r, root + r] += pull.root_precision[r]
    return cost


@compiled
def assemble(
    body: BodyArrays,
    prior: PriorArrays,
    seen: SeenArrays,
    pull: PullArrays,
    state: State,
    hessian: FloatArray,
    gradient: FloatArray,
) -> float:
    """Write the normal equations (lower triangle) and return the cost.

    The step d solves ``hessian @ d = gradient``. Shape columns, if the body has any,
    come last and carry no prior here.
    """
    hessian[:] = 0.0
    gradient[:] = 0.0
    count, root = len(body.parents), body.unknowns
    shapes = body.rest_dirs_m.shape[2]
    world, joints = np.empty((count, 3, 3)), np.empty((count, 3))
    joint_dirs = np.empty((count, 3, shapes))
    pose_joints(body, state.rotations, world, joints)
    if shapes > 0:
        shape_derivatives(body, world, joint_dirs)
    widest = root + shapes
    jacobian, product = np.empty((3, widest)), np.empty((3, widest))
    columns = np.empty(widest, np.int64)
    lever, share, x = np.empty((count, 3)), np.empty(count), np.empty(3)
    pixel, pixel_g = np.empty((3, 3)), np.empty(3)
    space, space_g = np.empty(3), np.empty(3)
    cost = 0.0
    for k in range(len(seen.weights_px)):
        if body.first_part[k + 1] == body.first_part[k]:
            continue
        if seen.weights_px[k] == 0.0 and seen.weights_m[k].sum() == 0.0:
            continue
        place_landmark(body, world, joints, k, x)
        cost += _pixel_terms(seen, state.root_m, x, k, pixel, pixel_g)
        cost += _space_terms(seen, state.origin_m, x, k, space, space_g)
        m = landmark_columns(
            body,
            world,
            joints,
            joint_dirs,
            k,
            jacobian,
            columns,
            lever,
            share,
            root + 6,
        )
        _add_landmark(
            hessian,
            gradient,
            jacobian,
            columns,
            m,
            pixel,
            pixel_g,
            space,
            space_g,
            root,
            product,
        )
    cost += _add_prior(body, prior, state.rotations, hessian, gradient)
    return cost + _add_pull(body, pull, state, root, hessian, gradient)
