"""The mathematics of the ring gizmo: where rings are seen, hit and turned."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.render.viewcamera import ViewCamera

RADIUS_PX = 41.0
VIEW_RING_SHARE = 1.16
REACH_PX = 6.0
AXES = ("x", "y", "z")
_SEGMENTS = 96
_EDGE_ON = 0.12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ring:
    """One ring as it is seen.

    Attributes:
        axis: "x", "y", "z" or "view".
        normal: Unit vector the ring turns about, scene, shape (3,).
        points: View pixels around it, shape (n, 2), closed.
        is_front: True where the half towards the eye is, shape (n,).
    """

    axis: str
    normal: FloatArray
    points: FloatArray
    is_front: BoolArray


def rings_at(
    view: ViewCamera, centre_m: FloatArray, axes: FloatArray
) -> tuple[Ring, ...]:
    """Rings of constant size on screen around a joint, the view ring last.

    Args:
        view: The view they are seen in.
        centre_m: The joint, scene, shape (3,).
        axes: Unit vectors of X, Y and Z as columns, scene, shape (3, 3).
    """
    radius_m = RADIUS_PX * view.metres_per_pixel(centre_m)
    eye = view.toward_eye(centre_m)
    rings = [
        _ring(view, name, centre_m, axes[:, i], radius_m, eye)
        for i, name in enumerate(AXES)
    ]
    outer_m = radius_m * VIEW_RING_SHARE
    return (*rings, _ring(view, "view", centre_m, eye, outer_m, eye))


def hit_ring(rings: Sequence[Ring], x: float, y: float) -> Ring | None:
    """The ring nearest to a view pixel within reach; hidden halves count last."""
    best: tuple[float, Ring] | None = None
    for ring in rings:
        away = np.hypot(ring.points[:, 0] - x, ring.points[:, 1] - y)
        away = np.where(np.isfinite(away), away, np.inf)
        away = away + np.where(ring.is_front, 0.0, 3.0)
        distance = float(away.min()) + (2.0 if ring.axis == "view" else 0.0)
        if distance <= REACH_PX + 2.0 and (best is None or distance < best[0]):
            best = (distance, ring)
    return None if best is None else best[1]


def turn_rad(
    view: ViewCamera,
    centre_m: FloatArray,
    normal: FloatArray,
    before: tuple[float, float],
    after: tuple[float, float],
) -> float:
    """How far a pointer's step turns a ring, radians, right-handed about its normal.

    Where the ring is seen from its edge, the step along the edge counts, one radius
    being one radian.
    """
    if abs(float(view.toward_eye(centre_m) @ normal)) < _EDGE_ON:
        return _edge_turn(view, centre_m, normal, before, after)
    arms = [_on_plane(view, centre_m, normal, point) for point in (before, after)]
    if arms[0] is None or arms[1] is None:
        return 0.0
    sine = float(np.cross(arms[0], arms[1]) @ normal)
    return math.atan2(sine, float(arms[0] @ arms[1]))


def _ring(
    view: ViewCamera,
    axis: str,
    centre_m: FloatArray,
    normal: FloatArray,
    radius_m: float,
    eye: FloatArray,
) -> Ring:
    first, second = _across(normal)
    turn = np.linspace(0, 2 * math.pi, _SEGMENTS + 1)
    arms = np.outer(np.cos(turn), first) + np.outer(np.sin(turn), second)
    is_front = arms @ eye >= -0.02
    return Ring(
        axis=axis,
        normal=normal,
        points=view.project(centre_m + radius_m * arms),
        is_front=is_front,
    )


def _across(normal: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors that stand on a normal and on each other, right-handed."""
    helper = np.eye(3)[int(np.abs(normal).argmin())]
    first = np.cross(normal, helper)
    first /= np.linalg.norm(first)
    return first, np.cross(normal, first)


def _on_plane(
    view: ViewCamera,
    centre_m: FloatArray,
    normal: FloatArray,
    point: tuple[float, float],
) -> FloatArray | None:
    """From the centre to where the pointer meets the ring's plane; None behind it."""
    origin, direction = view.ray(*point)
    slope = float(direction @ normal)
    if abs(slope) < 1e-6:
        return None
    distance = float((centre_m - origin) @ normal) / slope
    arm = origin + distance * direction - centre_m
    length = float(np.linalg.norm(arm))
    return arm / length if distance > 0 and length > 1e-9 else None


def _edge_turn(
    view: ViewCamera,
    centre_m: FloatArray,
    normal: FloatArray,
    before: tuple[float, float],
    after: tuple[float, float],
) -> float:
    radius_m = RADIUS_PX * view.metres_per_pixel(centre_m)
    eye = view.toward_eye(centre_m)
    near = eye - (eye @ normal) * normal
    near /= np.linalg.norm(near)
    tangent = np.cross(normal, near)
    ends = view.project(np.stack([centre_m, centre_m + radius_m * tangent]))
    along = ends[1] - ends[0]
    step = np.array(after) - np.array(before)
    return float(step @ along / max(float(along @ along), 1e-9))
