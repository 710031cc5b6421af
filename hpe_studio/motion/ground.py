"""The plane people stand on, from the places where their feet touch it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.motion.level import turn_up

INLIER_M = 0.03
"""How far a sole may be from a floor that it stands on."""

_TRIALS = 200
_MOST_TILT_RAD = np.radians(25.0)
_LEAST_BREADTH_M = 0.25
_LEAST_POINTS = 3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ground:
    """A floor and what speaks for it.

    Attributes:
        normal: Up, shape (3,), of length 1.
        height_m: Of the floor along the normal.
        contact_count: Places where a foot stands, all that were given.
        inlier_count: Those within 3 cm of the floor.
        spread_m: Root mean square of their distances from it.
        breadth_m: How far they lie apart across, where a tilt shows least.
        is_tilt_known: False where they lie on a line or in one spot: the normal is
            then what was said before, and only the height is found.
    """

    normal: FloatArray
    height_m: float
    contact_count: int
    inlier_count: int
    spread_m: float
    breadth_m: float
    is_tilt_known: bool

    @property
    def level_from_scene(self) -> FloatArray:
        """Rigid transform to this floor at y = 0, shape (3, 4)."""
        return np.hstack([turn_up(self.normal), [[0.0], [-self.height_m], [0.0]]])


def ground_from_contacts(places_m: FloatArray, *, up: FloatArray) -> Ground | None:
    """The floor under places where feet stand, or None where there are none.

    A plane is sought that holds the most places within 3 cm and leans less than 25
    degrees from what was taken for upright, and laid through them by least squares.

    Args:
        places_m: One per contact: the sole's height, shape (contacts, 3), scene.
        up: What was taken for upright so far, shape (3,).

    Source: spec "Ground plane" (5.9): RANSAC over contact toes.
    """
    points = places_m[np.isfinite(places_m).all(axis=1)]
    if not len(points):
        return None
    up = up / np.linalg.norm(up)
    normal = _best_normal(points, up)
    is_inlier = _near(points, up if normal is None else normal)
    if normal is not None:
        normal = _fitted_normal(points[is_inlier], up)
    breadth = breadth_across_m(points[is_inlier], up)
    is_known = normal is not None and breadth >= _LEAST_BREADTH_M
    found = normal if is_known and normal is not None else up
    heights = points @ found
    inlier = _near(points, found)
    height = float(np.mean(heights[inlier]))
    return Ground(
        normal=found,
        height_m=height,
        contact_count=len(points),
        inlier_count=int(inlier.sum()),
        spread_m=float(np.sqrt(np.mean(np.square(heights[inlier] - height)))),
        breadth_m=breadth,
        is_tilt_known=is_known,
    )


def _best_normal(points: FloatArray, up: FloatArray) -> FloatArray | None:
    if len(points) < _LEAST_POINTS:
        return None
    rng = np.random.default_rng(0)
    best, most = None, 0
    for _ in range(_TRIALS):
        a, b, c = points[rng.choice(len(points), 3, replace=False)]
        normal = np.cross(b - a, c - a)
        length = float(np.linalg.norm(normal))
        if length < 1e-4:
            continue
        normal = normal / length * (1.0 if normal @ up >= 0 else -1.0)
        if np.arccos(np.clip(normal @ up, -1, 1)) > _MOST_TILT_RAD:
            continue
        count = int((np.abs((points - a) @ normal) < INLIER_M).sum())
        if count > most:
            best, most = normal, count
    return best if most >= _LEAST_POINTS else None


def _near(points: FloatArray, normal: FloatArray) -> BoolArray:
    """Points within reach of the height at which most of them lie."""
    heights = points @ normal
    counts = [int((np.abs(heights - h) < INLIER_M).sum()) for h in heights]
    return np.asarray(np.abs(heights - heights[int(np.argmax(counts))]) < INLIER_M)


def _fitted_normal(points: FloatArray, up: FloatArray) -> FloatArray | None:
    if len(points) < _LEAST_POINTS:
        return None
    _, _, axes = np.linalg.svd(points - points.mean(axis=0))
    normal = axes[2]
    return normal * (1.0 if normal @ up >= 0 else -1.0)


def breadth_across_m(points: FloatArray, up: FloatArray) -> float:
    """Extent of points on the floor in the direction in which it is least."""
    if len(points) < _LEAST_POINTS:
        return 0.0
    flat = points - (points @ up)[:, None] * up
    _, _, axes = np.linalg.svd(flat - flat.mean(axis=0))
    return float(np.ptp(flat @ axes[1]))
