"""Moves a prediction onto the truth in the ways metrics allow.

Everywhere predictions and truths have shape (..., joints, 3) in metres, and `valid`,
shape (..., joints), says which joints count. NaN never counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray

_LEAST_POINTS = 3
_FLAT = 1e-9


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Similarity:
    """x -> scale * rotation @ x + shift_m.

    Attributes:
        scale: Shape (...).
        rotation: Shape (..., 3, 3), proper.
        shift_m: Shape (..., 3), metres.
    """

    scale: FloatArray
    rotation: FloatArray
    shift_m: FloatArray

    def apply(self, points_m: FloatArray) -> FloatArray:
        """Moved points, shape (..., n, 3)."""
        turned = np.einsum("...ij,...nj->...ni", self.rotation, points_m)
        return self.scale[..., None, None] * turned + self.shift_m[..., None, :]


def valid_joints(
    prediction_m: FloatArray, truth_m: FloatArray, valid: BoolArray | None = None
) -> BoolArray:
    """Joints that are in both and count, shape (..., joints)."""
    both = np.isfinite(prediction_m).all(-1) & np.isfinite(truth_m).all(-1)
    return np.asarray(both if valid is None else both & valid)


def from_root(points_m: FloatArray, root: IntArray | int) -> FloatArray:
    """Points seen from a joint, or from the middle of several.

    Args:
        points_m: Shape (..., joints, 3).
        root: Index of the root, or indices whose mean is the root.
    """
    indices = np.atleast_1d(np.asarray(root))
    return points_m - points_m[..., indices, :].mean(-2, keepdims=True)


def best_similarity(
    prediction_m: FloatArray,
    truth_m: FloatArray,
    valid: BoolArray | None = None,
    *,
    with_scale: bool = True,
) -> Similarity:
    """The similarity (or rigid motion) that brings a prediction nearest to the truth.

    Least squares, so the mean distance may become larger; never a reflection. NaN where
    fewer than three valid points, or points on one line, leave it open.

    Source: Umeyama 1991, "Least-squares estimation of transformation parameters".
    """
    counts = valid_joints(prediction_m, truth_m, valid)
    weight = counts[..., None].astype(np.float64)
    total = weight.sum(-2)
    safe = np.maximum(total, 1.0)
    p = np.where(counts[..., None], prediction_m, 0.0)
    g = np.where(counts[..., None], truth_m, 0.0)
    middle_p, middle_g = p.sum(-2) / safe, g.sum(-2) / safe
    p = (p - middle_p[..., None, :]) * weight
    g = (g - middle_g[..., None, :]) * weight
    u, d, vt = np.linalg.svd(np.einsum("...ni,...nj->...ij", p, g))
    sign = np.sign(np.linalg.det(u) * np.linalg.det(vt))
    flip = np.stack([np.ones_like(sign), np.ones_like(sign), sign], axis=-1)
    rotation = np.einsum("...ji,...j,...kj->...ik", vt, flip, u)
    spread = (p * p).sum((-1, -2))
    scale = np.ones_like(spread)
    if with_scale:
        scale = (d * flip).sum(-1) / np.where(spread > 0, spread, np.nan)
    shift = middle_g - scale[..., None] * np.einsum(
        "...ij,...j->...i", rotation, middle_p
    )
    open_ = (total[..., 0] < _LEAST_POINTS) | (d[..., 1] <= _FLAT * (1 + d[..., 0]))
    scale = np.where(open_, np.nan, scale)
    return Similarity(scale=scale, rotation=rotation, shift_m=shift)


def best_scale(
    prediction_m: FloatArray, truth_m: FloatArray, valid: BoolArray | None = None
) -> FloatArray:
    """The factor that brings root-aligned points nearest to the truth, shape (...)."""
    counts = valid_joints(prediction_m, truth_m, valid)[..., None]
    p = np.where(counts, prediction_m, 0.0)
    g = np.where(counts, truth_m, 0.0)
    size = (p * p).sum((-1, -2))
    return (p * g).sum((-1, -2)) / np.where(size > 0, size, np.nan)
