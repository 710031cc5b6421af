"""Euler angles in degrees, as motion files and number fields use them.

An order such as "ZXY" lists the axes as BVH lists its channels: the matrix is the
product of the three turns in that order (intrinsic, R = Rz @ Rx @ Ry).
"""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray

EULER_ORDERS = ("XYZ", "XZY", "YXZ", "YZX", "ZXY", "ZYX")
"""Every order of three different axes."""


def matrix_from_euler_deg(angles_deg: FloatArray, order: str) -> FloatArray:
    """Rotation matrices, shape (..., 3, 3), of angles in the order given, (..., 3).

    Raises:
        ValueError: If the order is not one of `EULER_ORDERS`.
    """
    first, second, third = _axes(order)
    angles = np.radians(np.asarray(angles_deg, dtype=np.float64))
    return (
        _about(first, angles[..., 0])
        @ _about(second, angles[..., 1])
        @ _about(third, angles[..., 2])
    )


def euler_deg_from_matrix(matrix: FloatArray, order: str) -> FloatArray:
    """Angles in the order given, shape (..., 3), of rotation matrices, (..., 3, 3).

    The second angle lies within 90 degrees of zero. In gimbal lock (second angle
    +-90) the third is 0 and the first takes the whole turn. The third angle is read
    after the first is undone, so that the three give the matrix back to rounding
    however near the lock is.

    Raises:
        ValueError: If the order is not one of `EULER_ORDERS`.
    """
    i, j, k = _axes(order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    m = np.asarray(matrix, dtype=np.float64)
    cosine = np.hypot(m[..., j, k], m[..., k, k])
    locked = cosine < 1e-10
    first = np.where(
        locked,
        np.arctan2(sign * m[..., k, j], m[..., j, j]),
        np.arctan2(-sign * m[..., j, k], m[..., k, k]),
    )
    second = np.arctan2(sign * m[..., i, k], cosine)
    # Row j of (first undone) @ matrix belongs to the third turn alone.
    c, s = np.cos(first)[..., None], np.sin(first)[..., None]
    row = c * m[..., j, :] + sign * s * m[..., k, :]
    third = np.arctan2(sign * row[..., i], row[..., j])
    return np.degrees(np.stack([first, second, third], axis=-1))


def unwrapped_euler_deg(angles_deg: FloatArray) -> FloatArray:
    """The same rotations written without jumps over time, shape (frames, ..., 3).

    Each frame takes, of the two triples that mean its rotation (a, b, c) and
    (a + 180, 180 - b, c + 180) plus whole turns, the one nearest to the last frame
    that was not NaN.
    """
    out = np.array(angles_deg, dtype=np.float64)
    if not len(out):
        return out
    last = np.where(np.isnan(out[0]), 0.0, out[0])
    for i in range(1, len(out)):
        same = _nearest_turn(out[i], last)
        other = _nearest_turn(
            out[i] * np.array([1.0, -1.0, 1.0]) + np.array([180.0, 180.0, 180.0]), last
        )
        near_same = np.abs(same - last).sum(-1)
        near_other = np.abs(other - last).sum(-1)
        # Equal up to rounding: keep the plain triple, so that curves stay readable.
        out[i] = np.where((near_other < near_same - 1e-6)[..., None], other, same)
        last = np.where(np.isnan(out[i]), last, out[i])
    return out


def _nearest_turn(angles_deg: FloatArray, goal_deg: FloatArray) -> FloatArray:
    return angles_deg + 360.0 * np.round((goal_deg - angles_deg) / 360.0)


def _axes(order: str) -> tuple[int, int, int]:
    if order not in EULER_ORDERS:
        raise ValueError(f"{order!r} is not one of {', '.join(EULER_ORDERS)}")
    i, j, k = ("XYZ".index(letter) for letter in order)
    return i, j, k


def _about(axis: int, angle_rad: FloatArray) -> FloatArray:
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    j, k = (axis + 1) % 3, (axis + 2) % 3
    out = np.zeros((*angle_rad.shape, 3, 3))
    out[..., axis, axis] = np.where(np.isnan(angle_rad), np.nan, 1.0)
    out[..., j, j] = out[..., k, k] = c
    out[..., j, k], out[..., k, j] = -s, s
    return out
