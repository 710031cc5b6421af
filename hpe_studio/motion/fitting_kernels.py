"""Rotations and posed landmarks of one frame, compiled for the fit."""

from __future__ import annotations

import math

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.fitting_arrays import BodyArrays
from hpe_studio.motion.fitting_jit import compiled


@compiled
def exp_so3(w: FloatArray, out: FloatArray) -> None:
    """Write the rotation matrix of a rotation vector (Rodrigues)."""
    x, y, z = w[0], w[1], w[2]
    angle2 = x * x + y * y + z * z
    if angle2 < 1e-12:
        a, b = 1.0 - angle2 / 6.0, 0.5 - angle2 / 24.0
    else:
        angle = math.sqrt(angle2)
        a, b = math.sin(angle) / angle, (1.0 - math.cos(angle)) / angle2
    c = 1.0 - b * angle2
    out[0, 0], out[1, 1], out[2, 2] = c + b * x * x, c + b * y * y, c + b * z * z
    out[0, 1], out[1, 0] = b * x * y - a * z, b * x * y + a * z
    out[0, 2], out[2, 0] = b * x * z + a * y, b * x * z - a * y
    out[1, 2], out[2, 1] = b * y * z - a * x, b * y * z + a * x


@compiled
def log_so3(r: FloatArray, out: FloatArray) -> None:
    """Write the rotation vector of a rotation matrix, through its quaternion."""
    trace = r[0, 0] + r[1, 1] + r[2, 2]
    i = 0
    if r[1, 1] > r[0, 0]:
        i = 1
    if r[2, 2] > r[i, i]:
        i = 2
    if trace > r[i, i]:
        w = 1.0 + trace
        out[0] = r[2, 1] - r[1, 2]
        out[1] = r[0, 2] - r[2, 0]
        out[2] = r[1, 0] - r[0, 1]
    else:
        j, k = (i + 1) % 3, (i + 2) % 3
        w = r[k, j] - r[j, k]
        out[i] = 1.0 + 2.0 * r[i, i] - trace
        out[j] = r[i, j] + r[j, i]
        out[k] = r[i, k] + r[k, i]
    sine = math.sqrt(out[0] ** 2 + out[1] ** 2 + out[2] ** 2)
    if w < 0.0:
        w = -w
        for axis in range(3):
            out[axis] = -out[axis]
    factor = 2.0 / w if sine < 1e-9 * w else 2.0 * math.atan2(sine, w) / sine
    for axis in range(3):
        out[axis] *= factor


@compiled
def inverse_right_jacobian(w: FloatArray, out: FloatArray) -> None:
    """Write d log(R exp(e)) / de at e = 0 for R = exp(w).

    Source: Chirikjian 2012; I + [w]/2 + (1/a^2 - (1 + cos a) / (2 a sin a)) [w]^2.
    """
    x, y, z = w[0], w[1], w[2]
    angle2 = x * x + y * y + z * z
    if angle2 < 1e-6:
        b = 1.0 / 12.0
    else:
        half = 0.5 * math.sqrt(angle2)
        b = (1.0 - half / math.tan(half)) / angle2
    c = 1.0 - b * angle2
    out[0, 0], out[1, 1], out[2, 2] = c + b * x * x, c + b * y * y, c + b * z * z
    out[0, 1], out[1, 0] = b * x * y - 0.5 * z, b * x * y + 0.5 * z
    out[0, 2], out[2, 0] = b * x * z + 0.5 * y, b * x * z - 0.5 * y
    out[1, 2], out[2, 1] = b * y * z - 0.5 * x, b * y * z + 0.5 * x


@compiled
def pose_joints(
    body: BodyArrays, rotations: FloatArray, world: FloatArray, joints: FloatArray
) -> None:
    """Write world rotations and joint places relative to the root."""
    world[0] = rotations[0]
    joints[0] = 0.0
    for j in range(1, len(body.parents)):
        p = body.parents[j]
        for r in range(3):
            joints[j, r] = joints[p, r]
            for c in range(3):
                joints[j, r] += world[p, r, c] * (body.rest_m[j, c] - body.rest_m[p, c])
                world[j, r, c] = (
                    world[p, r, 0] * rotations[j, 0, c]
                    + world[p, r, 1] * rotations[j, 1, c]
                    + world[p, r, 2] * rotations[j, 2, c]
                )


@compiled
def place_landmark(
    body: BodyArrays, world: FloatArray, joints: FloatArray, k: int, out: FloatArray
) -> None:
    """Write landmark k's place relative to the root."""
    out[:] = 0.0
    for part in range(body.first_part[k], body.first_part[k + 1]):
        j = body.part_joint[part]
        for r in range(3):
            out[r] += body.part_weight[part] * joints[j, r]
            for c in range(3):
                out[r] += world[j, r, c] * body.part_m[part, c]
