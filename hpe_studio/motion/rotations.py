"""Rotations as rotation vectors, matrices and quaternions; all on SO(3).

A rotation vector is axis times angle in radians. Matrices act on columns. Quaternions
are (w, x, y, z). Everything is computed in float64 whatever comes in, over any leading
axes. NaN in means NaN out, for that entry alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.euler import (
    EULER_ORDERS,
    euler_deg_from_matrix,
    matrix_from_euler_deg,
    unwrapped_euler_deg,
)

__all__ = [
    "EULER_ORDERS",
    "canonical",
    "compose",
    "euler_deg_from_matrix",
    "geodesic_rad",
    "inverse",
    "matrix_from_euler_deg",
    "matrix_from_rotvec",
    "mean_rotation",
    "multiply_quaternions",
    "quaternion_from_matrix",
    "quaternion_from_rotvec",
    "rotvec_from_matrix",
    "rotvec_from_quaternion",
    "slerp",
    "swing_twist",
    "unwrapped",
    "unwrapped_euler_deg",
]

_TINY = np.finfo(np.float64).tiny


def matrix_from_rotvec(rotvec_rad: FloatArray) -> FloatArray:
    """Rotation matrices, shape (..., 3, 3), of rotation vectors, shape (..., 3).

    Source: Rodrigues' formula, with sin(a)/a and (1 - cos a)/a^2 written so that they
    lose no digits near zero.
    """
    v = np.asarray(rotvec_rad, dtype=np.float64)
    angle = _norm(v)
    a = np.sinc(angle / np.pi)
    b = 0.5 * np.sinc(angle / (2 * np.pi)) ** 2
    x, y, z = v[..., 0], v[..., 1], v[..., 2]
    c = 1 - b * angle**2
    out = np.empty((*v.shape, 3))
    out[..., 0, 0] = c + b * x * x
    out[..., 1, 1] = c + b * y * y
    out[..., 2, 2] = c + b * z * z
    out[..., 0, 1], out[..., 1, 0] = b * x * y - a * z, b * x * y + a * z
    out[..., 0, 2], out[..., 2, 0] = b * x * z + a * y, b * x * z - a * y
    out[..., 1, 2], out[..., 2, 1] = b * y * z - a * x, b * y * z + a * x
    return out


def quaternion_from_matrix(matrix: FloatArray) -> FloatArray:
    """Unit quaternions (w, x, y, z), w >= 0, of rotation matrices, (..., 3, 3).

    Source: Shepperd 1978; of the four equivalent forms the best conditioned is taken.
    """
    m = np.asarray(matrix, dtype=np.float64)
    d0, d1, d2 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    trace = d0 + d1 + d2
    # Rows of 4 * q q^T: every row is a multiple of the quaternion.
    outer = np.empty((*m.shape[:-2], 4, 4))
    outer[..., 0, 0] = 1 + trace
    outer[..., 1, 1] = 1 + 2 * d0 - trace
    outer[..., 2, 2] = 1 + 2 * d1 - trace
    outer[..., 3, 3] = 1 + 2 * d2 - trace
    for i, (row, column) in enumerate(((2, 1), (0, 2), (1, 0)), start=1):
        outer[..., 0, i] = outer[..., i, 0] = m[..., row, column] - m[..., column, row]
        j, k = row + 1, column + 1
        off = m[..., row, column] + m[..., column, row]
        outer[..., j, k] = outer[..., k, j] = off
    best = np.argmax(np.diagonal(outer, axis1=-2, axis2=-1), axis=-1)
    q = np.take_along_axis(outer, best[..., None, None], axis=-2)[..., 0, :]
    return _positive(q / _norm(q)[..., None])


def rotvec_from_matrix(matrix: FloatArray) -> FloatArray:
    """Rotation vectors, shape (..., 3), angle at most pi, of matrices, (..., 3, 3)."""
    return rotvec_from_quaternion(quaternion_from_matrix(matrix))


def quaternion_from_rotvec(rotvec_rad: FloatArray) -> FloatArray:
    """Unit quaternions (w, x, y, z), shape (..., 4); w < 0 for angles beyond pi."""
    v = np.asarray(rotvec_rad, dtype=np.float64)
    half = 0.5 * _norm(v)
    q = np.empty((*v.shape[:-1], 4))
    q[..., 0] = np.cos(half)
    q[..., 1:] = 0.5 * np.sinc(half / np.pi)[..., None] * v
    return q


def rotvec_from_quaternion(quaternion: FloatArray) -> FloatArray:
    """Rotation vectors with angle at most pi of quaternions (w, x, y, z), (..., 4).

    The quaternions need not have unit length; q and -q are the same rotation.
    """
    q = _positive(np.asarray(quaternion, dtype=np.float64))
    w, v = q[..., 0], q[..., 1:]
    sine = _norm(v)
    angle = 2 * np.arctan2(sine, w)
    # For a vanishing sine the angle is 2 * sine / w.
    small = sine < 1e-8 * np.abs(w)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(small, 2 / w, angle / np.maximum(sine, _TINY))
    return factor[..., None] * v


def multiply_quaternions(left: FloatArray, right: FloatArray) -> FloatArray:
    """Hamilton product left * right of (w, x, y, z) quaternions, broadcast."""
    a, b = np.broadcast_arrays(left, right)
    aw, av = a[..., :1], a[..., 1:]
    bw, bv = b[..., :1], b[..., 1:]
    scalar = aw * bw - np.sum(av * bv, axis=-1, keepdims=True)
    return np.concatenate([scalar, aw * bv + bw * av + np.cross(av, bv)], axis=-1)


def canonical(rotvec_rad: FloatArray) -> FloatArray:
    """The same rotations with angles at most pi; those within it keep every bit."""
    v = np.asarray(rotvec_rad, dtype=np.float64)
    folded = rotvec_from_quaternion(quaternion_from_rotvec(v))
    # Rounding must not flip a half turn back and forth.
    return np.where((_norm(v) > np.pi * (1 + 1e-12))[..., None], folded, v)


def compose(left_rad: FloatArray, right_rad: FloatArray) -> FloatArray:
    """The rotation `right` followed by `left` (R_left @ R_right), angle at most pi."""
    return rotvec_from_quaternion(
        multiply_quaternions(
            quaternion_from_rotvec(left_rad), quaternion_from_rotvec(right_rad)
        )
    )


def inverse(rotvec_rad: FloatArray) -> FloatArray:
    """The opposite rotations."""
    return -np.asarray(rotvec_rad, dtype=np.float64)


def geodesic_rad(a_rad: FloatArray, b_rad: FloatArray) -> FloatArray:
    """Angle between rotations, shape (...), 0 to pi."""
    return _norm(compose(inverse(a_rad), b_rad))


def slerp(a_rad: FloatArray, b_rad: FloatArray, t: FloatArray | float) -> FloatArray:
    """Rotations on the shortest arc from a to b, shape (..., 3).

    Args:
        a_rad: Rotation vectors, shape (..., 3), at t = 0.
        b_rad: Rotation vectors, shape (..., 3), at t = 1.
        t: Place on the arc, shape (...) without the last axis; may leave [0, 1].

    Returns:
        Rotation vectors with angle at most pi, except that t = 0 and t = 1 give `a`
        and `b` to the bit (a NaN at the other end does not matter there).
    """
    a = np.asarray(a_rad, dtype=np.float64)
    b = np.asarray(b_rad, dtype=np.float64)
    place = np.asarray(t, dtype=np.float64)[..., None]
    step = compose(inverse(a), b)
    between = compose(a, place * step)
    return np.where(place == 0, a, np.where(place == 1, b, between))


def mean_rotation(
    rotvec_rad: FloatArray, weights: FloatArray | None = None
) -> FloatArray:
    """Weighted mean over the last but one axis: (..., n, 3) to (..., 3).

    Entries of weight 0 do not count, even when NaN; any other NaN makes its mean NaN,
    as do weights that sum to 0.

    Args:
        rotvec_rad: Rotation vectors, shape (..., n, 3).
        weights: Shape (..., n), not negative; all 1 when None.

    Source: Markley et al. 2007, "Averaging quaternions" (largest eigenvector).
    """
    v = np.asarray(rotvec_rad, dtype=np.float64)
    w = np.ones(v.shape[:-1]) if weights is None else np.asarray(weights, np.float64)
    w = np.broadcast_to(w, v.shape[:-1])
    q = np.where((w == 0)[..., None], 0.0, quaternion_from_rotvec(v))
    outer = np.einsum("...n,...ni,...nj->...ij", w, q, q)
    valid = np.isfinite(outer).all((-2, -1)) & (w.sum(-1) > 0)
    _, vectors = np.linalg.eigh(np.where(valid[..., None, None], outer, np.eye(4)))
    mean = rotvec_from_quaternion(vectors[..., :, -1])
    return np.where(valid[..., None], mean, np.nan)


def unwrapped(rotvec_rad: FloatArray) -> FloatArray:
    """The same rotations written without jumps over time, shape (frames, ..., 3).

    Of the vectors a * (1 + 2 pi k / |a|) that mean the same rotation, each frame takes
    the one nearest to the last frame that was not NaN; angles may pass pi.
    """
    out: FloatArray = np.array(rotvec_rad, dtype=np.float64)
    if not len(out):
        return out
    last: FloatArray = np.where(np.isnan(out[0]), 0.0, out[0])
    for i in range(len(out)):
        v: FloatArray = out[i]
        angle = _norm(v)
        # The identity has no axis: it takes the one of the frame before.
        axis_of = np.where((angle < 1e-9)[..., None], last, v)
        size = _norm(axis_of)[..., None]
        axis = np.divide(axis_of, size, out=np.zeros_like(v), where=size > 0)
        ahead: FloatArray = np.sum((last - v) * axis, axis=-1)
        turns: FloatArray = np.round(ahead / (2 * np.pi))
        shift: FloatArray = 2 * np.pi * turns[..., None] * axis
        out[i] = np.where((turns == 0)[..., None], v, v + shift)
        last = np.where(np.isnan(out[i]), last, out[i])
    return out


def swing_twist(
    rotvec_rad: FloatArray, axis: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Swing and twist of rotations, with rotation = swing after twist.

    Args:
        rotvec_rad: Rotation vectors, shape (..., 3).
        axis: The twist's axis, shape (3,) or (..., 3), any length but 0.

    Returns:
        Swing (its axis perpendicular to `axis`) and twist (about `axis`), rotation
        vectors, shape (..., 3) each. A swing of half a turn has no twist: identity.

    Source: Dobrowolski 2015, "Swing-twist decomposition in Clifford algebra".
    """
    q = quaternion_from_rotvec(rotvec_rad)
    a = np.asarray(axis, dtype=np.float64)
    a = a / _norm(a)[..., None]
    along = np.sum(q[..., 1:] * a, axis=-1, keepdims=True)
    twist = np.concatenate([q[..., :1], along * a], axis=-1)
    vanishes = _norm(twist) < 1e-9
    twist = np.where(vanishes[..., None], np.array([1.0, 0.0, 0.0, 0.0]), twist)
    twist = twist / _norm(twist)[..., None]
    swing = multiply_quaternions(q, twist * np.array([1.0, -1.0, -1.0, -1.0]))
    return rotvec_from_quaternion(swing), rotvec_from_quaternion(twist)


def _norm(v: FloatArray) -> FloatArray:
    return np.sqrt(np.sum(v * v, axis=-1))


def _positive(q: FloatArray) -> FloatArray:
    """Of q and -q the one with w >= 0."""
    sign: Any = np.where(q[..., :1] < 0, -1.0, 1.0)
    return sign * q
