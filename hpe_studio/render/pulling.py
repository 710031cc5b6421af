"""Dragging a point of the scene: pointer moves become places; its arrows.

Pure geometry in view pixels and scene metres. Without a locked axis the point keeps
its depth and goes where the pointer is; along a locked one it goes where the axis
passes nearest to the pointer.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, Protocol

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.motion.fitting_problem import ideal_pixels
from hpe_studio.render.drawlist import Discs, Ink, Lines, Polygons, Shape
from hpe_studio.render.hit2d import segment_distances
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.viewtransform import ViewTransform

Axis = Literal["x", "y", "z"]
AXES: tuple[Axis, Axis, Axis] = ("x", "y", "z")
ARROW_PX, ARROW_FROM_PX, REACH_PX, JOINT_REACH_PX = 52.0, 13.0, 6.0, 12.0
_HEAD_PX, _HEAD_HALF_PX, _LEAST_ARROW_PX = 9.0, 4.0, 18.0
_FINE, _DEEP = 0.1, 2.0
_FARTHEST_M, _NEAREST_M = 50.0, 0.05


class Sight(Protocol):
    """How the scene is seen in a view, as far as a drag must know."""

    def project(self, points_scene_m: FloatArray, /) -> FloatArray:
        """View pixels of scene points, shape (..., 2); NaN behind the eye."""
        ...

    def ray(self, x: float, y: float, /) -> tuple[FloatArray, FloatArray]:
        """Origin (3,) and unit direction (3,) of what is seen at a view pixel."""
        ...

    def metres_per_pixel(self, point_scene_m: FloatArray, /) -> float:
        """Height of one view pixel at a scene point's depth, metres."""
        ...

    def ahead(self) -> FloatArray:
        """Unit vector, shape (3,), along which depth is measured."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SceneSight:
    """The scene as the viewport shows it."""

    view: ViewCamera

    def project(self, points_scene_m: FloatArray) -> FloatArray:
        """View pixels of scene points, shape (..., 2); NaN behind the eye."""
        return self.view.project(points_scene_m)

    def ray(self, x: float, y: float) -> tuple[FloatArray, FloatArray]:
        """Origin (3,) and unit direction (3,) of what is seen at a view pixel."""
        return self.view.ray(x, y)

    def metres_per_pixel(self, point_scene_m: FloatArray) -> float:
        """Height of one view pixel at a scene point's depth, metres."""
        return self.view.metres_per_pixel(point_scene_m)

    def ahead(self) -> FloatArray:
        """Unit vector, shape (3,), along which depth is measured."""
        return -self.view.eye_from_scene[2, :3]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PictureSight:
    """The scene as the clip's camera sees it, lens and all.

    Attributes:
        camera: The clip's camera.
        picture: Where the picture lies in the view.
        frame_in_shot: Frame, for cameras that move.
    """

    camera: Camera
    picture: ViewTransform
    frame_in_shot: int = 0

    def project(self, points_scene_m: FloatArray) -> FloatArray:
        """View pixels of scene points, shape (..., 2); NaN behind the camera."""
        seen = self.camera.project(points_scene_m, self.frame_in_shot)
        return self.picture.to_view(seen)

    def ray(self, x: float, y: float) -> tuple[FloatArray, FloatArray]:
        """Origin (3,) and unit direction (3,) of what is seen at a view pixel."""
        stored = self.picture.to_picture(np.array([x, y]))
        ideal, focal = ideal_pixels(stored, self.camera)
        pose = self.camera.pose(self.frame_in_shot)
        direction = np.array([*(ideal / focal), 1.0]) @ pose[:, :3]
        origin = -pose[:, 3] @ pose[:, :3]
        return origin, direction / np.linalg.norm(direction)

    def metres_per_pixel(self, point_scene_m: FloatArray) -> float:
        """Height of one view pixel at a scene point's depth, metres."""
        depth = float(self.camera.to_camera(point_scene_m, self.frame_in_shot)[2])
        corner, below = self.picture.to_view(np.array([[0.0, 0.0], [0.0, 1.0]]))
        scale = float(below[1] - corner[1])
        return max(depth, 1e-6) / (float(self.camera.intrinsics[1, 1]) * scale)

    def ahead(self) -> FloatArray:
        """Unit vector, shape (3,), along which depth is measured."""
        return np.asarray(self.camera.pose(self.frame_in_shot)[2, :3])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PullDrag:
    """A point being dragged.

    Attributes:
        start_m: Where it was, shape (3,), scene metres.
        axes: The axes it can be locked to, as rows, shape (3, 3), in the scene.
        lock: The axis it is locked to, or None.
        at: Pointer when it was last read.
        wanted_px: Where the point should be seen, shape (2,).
        deeper_m: How much further off it should be than it was.
    """

    start_m: FloatArray
    axes: FloatArray
    lock: Axis | None
    at: tuple[float, float]
    wanted_px: FloatArray
    deeper_m: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Goal:
    """Where a drag wants its point.

    Attributes:
        place_m: In the scene, shape (3,).
        axes: Two directions across the line of sight and the one along it, or the
            scene's axes where one is locked; rows, shape (3, 3).
        is_firm: True where the depth is as much asked as the rest.
    """

    place_m: FloatArray
    axes: FloatArray
    is_firm: bool


def begin_pull(
    sight: Sight,
    start_m: FloatArray,
    axes: FloatArray,
    at: tuple[float, float],
    lock: Axis | None = None,
) -> PullDrag:
    """A drag of a point from where it is; it need not lie right under the pointer."""
    start = np.array(start_m, dtype=np.float64)
    return PullDrag(
        start_m=start, axes=axes, lock=lock, at=at, wanted_px=sight.project(start)
    )


def pulled_on(
    drag: PullDrag,
    sight: Sight,
    at: tuple[float, float],
    *,
    fine: bool = False,
    deep: bool = False,
) -> PullDrag:
    """The drag after the pointer moved.

    Args:
        drag: So far.
        sight: How the scene is seen.
        at: View pixel of the pointer.
        fine: Move a tenth.
        deep: Upwards is further off, downwards nearer, along the line of sight.
    """
    step = (np.array(at) - drag.at) * (_FINE if fine else 1.0)
    if not deep:
        return replace(drag, at=at, wanted_px=drag.wanted_px + step)
    metres = _DEEP * sight.metres_per_pixel(drag.start_m)
    return replace(drag, at=at, deeper_m=drag.deeper_m - metres * float(step[1]))


def goal_of(drag: PullDrag, sight: Sight) -> Goal:
    """Where the point should be now."""
    origin, along = sight.ray(float(drag.wanted_px[0]), float(drag.wanted_px[1]))
    if drag.lock is not None:
        axis = drag.axes[AXES.index(drag.lock)]
        place = _nearest_on_axis(drag.start_m, axis, origin, along)
        return Goal(place_m=place, axes=np.eye(3), is_firm=True)
    ahead = sight.ahead()
    depth = float((drag.start_m - origin) @ ahead) + drag.deeper_m
    slope = max(float(along @ ahead), 1e-3)
    place = origin + max(depth, _NEAREST_M) / slope * along
    return Goal(place_m=place, axes=across(along), is_firm=False)


def on_plane(drag: PullDrag, sight: Sight, normal: FloatArray) -> FloatArray | None:
    """Where the drag's line of sight meets the plane through its start, (3,).

    None where it is seen edge on, or the plane lies behind.
    """
    origin, along = sight.ray(float(drag.wanted_px[0]), float(drag.wanted_px[1]))
    slope = float(along @ normal)
    if abs(slope) < 0.02:
        return None
    reach = float((drag.start_m - origin) @ normal) / slope
    return origin + reach * along if 0 < reach < _FARTHEST_M else None


def across(along: FloatArray) -> FloatArray:
    """Rows, shape (3, 3): two unit vectors across a direction, and the direction."""
    helper = np.eye(3)[int(np.abs(along).argmin())]
    first = np.cross(along, helper)
    first = first / np.linalg.norm(first)
    return np.stack([first, np.cross(along, first), along])


def chip_of(drag: PullDrag, place_m: FloatArray) -> tuple[str, str]:
    """What stands beside a dragged point: ("X", "+12.3 cm")."""
    moved = (place_m - drag.start_m) * 100.0
    if drag.lock is None:
        return "", f"{np.linalg.norm(moved):.1f} cm"
    along = float(moved @ drag.axes[AXES.index(drag.lock)])
    sign = "−" if round(along, 1) < 0 else "+"
    return drag.lock.upper(), f"{sign}{abs(along):.1f} cm"


def arrow_ends_px(sight: Sight, place_m: FloatArray, axes: FloatArray) -> FloatArray:
    """Start and tip of the three arrows, shape (3, 2, 2), view pixels."""
    reach = sight.metres_per_pixel(place_m)
    starts = place_m + ARROW_FROM_PX * reach * axes
    tips = place_m + ARROW_PX * reach * axes
    return np.stack([sight.project(starts), sight.project(tips)], axis=1)


def hit_arrow(
    sight: Sight, place_m: FloatArray, axes: FloatArray, x: float, y: float
) -> Axis | None:
    """The arrow under a view pixel; those that point at the eye cannot be hit."""
    ends = arrow_ends_px(sight, place_m, axes)
    away = segment_distances(ends, x, y)
    away = np.where(_lengths(ends) < _LEAST_ARROW_PX, np.inf, away)
    away = np.where(np.isfinite(away), away, np.inf)
    nearest = int(away.argmin())
    return AXES[nearest] if away[nearest] <= REACH_PX else None


def arrow_shapes(
    sight: Sight,
    place_m: FloatArray,
    axes: FloatArray,
    look: Theme,
    *,
    active: Axis | None = None,
) -> list[Shape]:
    """Three arrows from a point, of constant size; the active one yellow."""
    ends = arrow_ends_px(sight, place_m, axes)
    shapes: list[Shape] = []
    for axis, (start, tip), length in zip(AXES, ends, _lengths(ends), strict=True):
        if not length >= _LEAST_ARROW_PX:
            continue
        along = (tip - start) / length
        beside = np.array([-along[1], along[0]]) * _HEAD_HALF_PX
        neck = tip - along * _HEAD_PX
        ink = Ink(
            colour=look.colour("axis.active" if axis == active else f"axis.{axis}")
        )
        width = 2.6 if axis == active else 2.0
        shapes += [
            Lines(ends=np.array([[start, neck]]), width=width, ink=ink),
            Polygons(
                outlines=(np.array([tip, neck + beside, neck - beside]),), fill=ink
            ),
        ]
    return shapes


def gaze_shapes(head_px: FloatArray, gaze_px: FloatArray, *, lit: bool) -> list[Shape]:
    """The handle that a head looks at: a dotted line and a ring."""
    if not np.isfinite([head_px, gaze_px]).all():
        return []
    white = Ink(colour="#FFFFFF", alpha=1.0 if lit else 0.85)
    dark = Ink(colour="#101216", alpha=0.7)
    ends = np.array([[head_px, gaze_px]])
    return [
        Lines(ends=ends, width=3.2, ink=Ink(colour="#101216", alpha=0.45)),
        Lines(ends=ends, width=1.4, ink=white, dash=(2.0, 3.0)),
        Discs(
            centres=gaze_px[None], radius=6.0, fill=dark, stroke=white, stroke_width=2.0
        ),
        Discs(centres=gaze_px[None], radius=2.0, fill=white),
    ]


def nearest_joint(
    sight: Sight,
    people_m: Mapping[Hashable, FloatArray],
    x: float,
    y: float,
    *,
    first: Hashable = None,
) -> tuple[Hashable, int] | None:
    """Whose joint, and which, is under a view pixel.

    Args:
        sight: How the scene is seen.
        people_m: Joints of each person, shape (joints, 3); NaN where missing.
        x: View pixel from the left.
        y: View pixel from the top.
        first: Who is preferred where their joints are in reach.
    """
    best: tuple[float, Hashable, int] | None = None
    for person, joints_m in people_m.items():
        away = np.hypot(*(sight.project(joints_m) - (x, y)).T)
        away = np.where(np.isfinite(away), away, np.inf)
        joint = int(away.argmin())
        distance = float(away[joint])
        if distance > JOINT_REACH_PX:
            continue
        if person == first:
            return person, joint
        if best is None or distance < best[0]:
            best = (distance, person, joint)
    return None if best is None else best[1:]


def _nearest_on_axis(
    point: FloatArray, axis: FloatArray, origin: FloatArray, along: FloatArray
) -> FloatArray:
    """The point of a line nearest to a ray; the line's own where they are parallel."""
    lean = float(axis @ along)
    spread = 1.0 - lean * lean
    if spread < 1e-4:
        return point
    offset = origin - point
    reach = (float(axis @ offset) - lean * float(along @ offset)) / spread
    return point + np.clip(reach, -_FARTHEST_M, _FARTHEST_M) * axis


def _lengths(ends: FloatArray) -> FloatArray:
    return np.hypot(*(ends[:, 1] - ends[:, 0]).T)
