"""Points in space from what several calibrated cameras saw of them.

Linear triangulation (DLT) on rays without lens distortion, weighted by confidence; a
view that disagrees with the others is left out: the pair of views with which most
others agree decides who those are. Source: Hartley and Zisserman, Multiple View
Geometry, 12.2 (DLT) and 4.7 (RANSAC, here over all pairs).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import cast

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.camera import Camera

LEAST_CONFIDENCE = 0.3
"""What is seen with less is not taken for seen."""

_UNDISTORT_STEPS = 10
_MOST_VIEWS = 8
"""Pairs are tried among this many views at most, those that are surest."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Triangulated:
    """Points in space.

    Attributes:
        points_scene_m: Shape (points, 3), metres; NaN where fewer than two views agree.
        confidence: Mean confidence of the views that agree, shape (points,); 0 where
            there is no point.
        views: How many views agree, shape (points,).
        reprojection_px: Distance of each view's point from where the point would be
            seen, shape (views, points), pixels; NaN where a view saw nothing.
        used: Views that agree, shape (views, points).
    """

    points_scene_m: FloatArray
    confidence: FloatArray
    views: IntArray
    reprojection_px: FloatArray
    used: BoolArray


def triangulate(
    points_px: FloatArray,
    confidence: FloatArray,
    cameras: Sequence[Camera],
    *,
    gate_px: float,
) -> Triangulated:
    """Places of points that several cameras saw at the same time.

    Args:
        points_px: Shape (views, points, 2), stored pixels; NaN where not seen.
        confidence: Shape (views, points), 0 to 1.
        cameras: One per view, with calibrated lens and place.
        gate_px: A view that is farther off than this disagrees.
    """
    seen = np.isfinite(points_px).all(axis=-1) & (confidence >= LEAST_CONFIDENCE)
    rays = np.stack(
        [rays_of(px, camera) for px, camera in zip(points_px, cameras, strict=True)]
    )
    poses = np.stack([camera.pose() for camera in cameras])
    weight = np.where(seen, confidence, 0.0)
    best = np.zeros_like(seen)
    best_score = np.zeros(points_px.shape[1])
    for one, other in combinations(_surest(weight), 2):
        pair = np.zeros_like(seen)
        pair[[one, other]] = seen[one] & seen[other]
        places = _linear(rays, poses, np.where(pair, weight, 0.0))
        agree = seen & (_off_px(places, points_px, cameras) <= gate_px)
        agree &= (pair & agree).sum(axis=0) == 2  # both of the pair themselves
        score = np.where(agree, weight, 0.0).sum(axis=0)
        better = score > best_score
        best_score[better] = score[better]
        best[:, better] = agree[:, better]
    places = _linear(rays, poses, np.where(best, weight, 0.0))
    count = best.sum(axis=0)
    places[count < 2] = np.nan
    off_px = np.where(seen, _off_px(places, points_px, cameras), np.nan)
    trust = np.where(best, confidence, 0.0).sum(axis=0) / np.maximum(count, 1)
    return Triangulated(
        points_scene_m=places,
        confidence=np.where(count >= 2, trust, 0.0),
        views=count,
        reprojection_px=off_px,
        used=best,
    )


def rays_of(points_px: FloatArray, camera: Camera) -> FloatArray:
    """Where rays through pixels meet the plane at depth 1, shape (..., 2).

    The lens is undone by fixed-point steps, as OpenCV's undistortPoints does.
    """
    k = camera.intrinsics
    y0 = (points_px[..., 1] - k[1, 2]) / k[1, 1]
    x0 = (points_px[..., 0] - k[0, 2] - k[0, 1] * y0) / k[0, 0]
    k1, k2, p1, p2, k3 = (float(v) for v in camera.distortion)
    x, y = x0, y0
    for _ in range(_UNDISTORT_STEPS if camera.distortion.any() else 0):
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        x, y = (
            (x0 - 2 * p1 * x * y - p2 * (r2 + 2 * x * x)) / radial,
            (y0 - p1 * (r2 + 2 * y * y) - 2 * p2 * x * y) / radial,
        )
    return np.stack([x, y], axis=-1)


def ray_gaps_m(
    one_px: FloatArray, one: Camera, other_px: FloatArray, other: Camera
) -> FloatArray:
    """How near the rays of two cameras pass each other, shape (...), metres.

    Infinite where they would meet behind a camera.

    Args:
        one_px: Pixels in the first camera, shape (..., 2).
        one: The first camera.
        other_px: Pixels of the same points in the second one.
        other: The second camera.
    """
    start, ahead = _lines(one_px, one)
    goal, toward = _lines(other_px, other)
    across = goal - start
    alike = np.sum(ahead * toward, axis=-1)
    first, second = np.sum(across * ahead, axis=-1), np.sum(across * toward, axis=-1)
    flat = np.maximum(1 - alike**2, 1e-9)
    far_one = (first - alike * second) / flat
    far_other = (alike * first - second) / flat
    gap = across + far_other[..., None] * toward - far_one[..., None] * ahead
    gap_m = np.linalg.norm(gap, axis=-1)
    return np.where((far_one > 0) & (far_other > 0), gap_m, np.inf)


def _lines(points_px: FloatArray, camera: Camera) -> tuple[FloatArray, FloatArray]:
    """Where a camera stands, shape (3,), and unit rays, shape (..., 3)."""
    rays = rays_of(points_px, camera)
    ahead = np.concatenate([rays, np.ones_like(rays[..., :1])], axis=-1)
    ahead = ahead @ camera.pose()[:, :3]  # R^T applied to each
    eye = camera.to_scene(np.zeros(3))
    return eye, ahead / np.linalg.norm(ahead, axis=-1, keepdims=True)


def _surest(weight: FloatArray) -> list[int]:
    """Views that saw anything, the surest ones where there are many."""
    order = np.argsort(-weight.sum(axis=1), kind="stable")
    return [int(view) for view in order[:_MOST_VIEWS] if weight[view].any()]


def _linear(rays: FloatArray, poses: FloatArray, weight: FloatArray) -> FloatArray:
    """Weighted least squares of all views, shape (points, 3); NaN below two views.

    Of each view ``x P3 - P1`` and ``y P3 - P2`` are zero at the point; the normal
    equations are of size three, with the homogeneous coordinate set to 1.
    """
    known = np.where(np.isfinite(rays), rays, 0.0)
    rows = (
        known[..., None] * poses[:, None, 2:3, :] - poses[:, None, :2, :]
    )  # (views, points, 2, 4)
    rows = rows * np.sqrt(weight)[..., None, None]
    matrix, right = rows[..., :3], -rows[..., 3]
    normal = np.einsum("vpij,vpik->pjk", matrix, matrix)
    goal = np.einsum("vpij,vpi->pj", matrix, right)
    enough = (weight > 0).sum(axis=0) >= 2
    normal[~enough] = np.eye(3)
    solve = cast("Callable[..., FloatArray]", np.linalg.solve)
    places = solve(normal + 1e-12 * np.eye(3), goal[..., None])[..., 0]
    places[~enough] = np.nan
    return places


def _off_px(
    places_m: FloatArray, points_px: FloatArray, cameras: Sequence[Camera]
) -> FloatArray:
    """Distance of seen from expected pixels, shape (views, points); infinite behind."""
    off = np.stack(
        [
            np.linalg.norm(camera.project(places_m) - px, axis=-1)
            for px, camera in zip(points_px, cameras, strict=True)
        ]
    )
    return np.where(np.isfinite(off), off, np.inf)
