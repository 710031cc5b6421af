"""Compiled loops of `kinematics`; imported on use, because numba takes its time."""

from __future__ import annotations

import math
from typing import Any

import numba
import numpy as np


@numba.njit(cache=True, nogil=True, error_model="numpy")
def pose_chain(
    parents: Any,
    offsets_m: Any,
    joints_rad: Any,
    root_m: Any,
    places_m: Any,
    rotations: Any,
) -> None:
    """Fill places (n, joints, 3) and world rotations (n, joints, 3, 3) in place."""
    local = np.empty((3, 3))
    for n in range(joints_rad.shape[0]):
        for j in range(parents.shape[0]):
            _matrix(joints_rad[n, j], local)
            parent = parents[j]
            world = rotations[n, j]
            if parent < 0:
                world[:, :] = local
                for r in range(3):
                    places_m[n, j, r] = root_m[n, r]
                continue
            above = rotations[n, parent]
            offset = offsets_m[j]
            for r in range(3):
                a, b, c = above[r, 0], above[r, 1], above[r, 2]
                for k in range(3):
                    world[r, k] = a * local[0, k] + b * local[1, k] + c * local[2, k]
                places_m[n, j, r] = (
                    places_m[n, parent, r]
                    + a * offset[0]
                    + b * offset[1]
                    + c * offset[2]
                )


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _matrix(v: Any, out: Any) -> None:
    """Rodrigues' formula."""
    x, y, z = v[0], v[1], v[2]
    angle = math.sqrt(x * x + y * y + z * z)
    if angle > 1e-5:
        a = math.sin(angle) / angle
        half = math.sin(0.5 * angle) / angle
        b = 2 * half * half
    else:  # series; also taken by NaN, which stays NaN
        a = 1 - angle * angle / 6
        b = 0.5 - angle * angle / 24
    c = 1 - b * angle * angle
    out[0, 0] = c + b * x * x
    out[1, 1] = c + b * y * y
    out[2, 2] = c + b * z * z
    out[0, 1] = b * x * y - a * z
    out[1, 0] = b * x * y + a * z
    out[0, 2] = b * x * z + a * y
    out[2, 0] = b * x * z - a * y
    out[1, 2] = b * y * z - a * x
    out[2, 1] = b * y * z + a * x


@numba.njit(cache=True, nogil=True, error_model="numpy")
def pose_features(joints_rad: Any, features: Any) -> None:
    """Fill R - I of all joints but the root, shape (n, joints - 1, 9), in place."""
    local = np.empty((3, 3))
    for n in range(joints_rad.shape[0]):
        for j in range(1, joints_rad.shape[1]):
            _matrix(joints_rad[n, j], local)
            for r in range(3):
                for c in range(3):
                    unit = 1.0 if r == c else 0.0
                    features[n, j - 1, 3 * r + c] = local[r, c] - unit
