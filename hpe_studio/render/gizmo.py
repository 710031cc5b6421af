"""The ring gizmo that turns a joint: its rings, what is hit, what a drag does.

Pure geometry in view pixels and scene metres. The rings are returned as 2D shapes, so
that they stay crisp at any scale and cost the 3D picture nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Ink, Path, Shape
from hpe_studio.render.hit2d import segment_distances
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera

Ring = Literal["x", "y", "z", "view"]
AXES: tuple[Ring, Ring, Ring] = ("x", "y", "z")
DIAMETER_PX, VIEW_RING, REACH_PX = 82.0, 1.16, 6.0
_STEPS = 96
_ANGLES = np.linspace(0, math.tau, _STEPS, endpoint=False)[:, None]
_COS, _SIN = np.cos(_ANGLES), np.sin(_ANGLES)
_FINE = 0.1
_EDGE_ON = 0.25
_HIDDEN_ALPHA = 0.22


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Gizmo:
    """Rings around a joint.

    Attributes:
        centre_m: The joint, shape (3,), scene metres.
        axes: The axes the rings turn about, as columns, shape (3, 3), orthonormal: the
            joint's own, its parent's, or the scene's.
    """

    centre_m: FloatArray
    axes: FloatArray

    def axis(self, ring: Ring, view: ViewCamera) -> FloatArray:
        """Unit axis, shape (3,), of a ring; the view ring's points to the eye."""
        if ring == "view":
            return view.toward_eye(self.centre_m)
        return self.axes[:, AXES.index(ring)]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RingDrag:
    """A ring being turned.

    Attributes:
        gizmo: As it was when the drag began.
        ring: Which ring, or axis lock.
        axis: Unit axis, shape (3,), in the scene.
        mode: How pixels become angles: where the pointer meets the ring's plane, how
            far it moved along a ring seen edge on, or how it circled on screen.
        tangent_px: Direction on screen of growing angles, shape (2,), for "tangent".
        at: Pointer where the angle was last read.
        angle_rad: Turned so far, not wrapped.
    """

    gizmo: Gizmo
    ring: Ring
    axis: FloatArray
    mode: Literal["plane", "tangent", "screen"]
    tangent_px: FloatArray
    at: tuple[float, float]
    angle_rad: float = 0.0

    def rotation_rad(self) -> FloatArray:
        """The turn so far as a rotation vector, shape (3,), in the scene."""
        return self.axis * self.angle_rad

    def chip(self) -> tuple[str, str]:
        """What stands in the chip beside the ring: ("X", "+18.5°")."""
        letter = "View" if self.ring == "view" else self.ring.upper()
        degrees = math.degrees(self.angle_rad)
        sign = "−" if round(degrees, 1) < 0 else "+"
        return letter, f"{sign}{abs(degrees):.1f}°"


def ring_points_px(gizmo: Gizmo, view: ViewCamera, ring: Ring) -> FloatArray:
    """View pixels of a closed ring, shape (96, 2)."""
    return view.project(_ring_points_m(gizmo, view, ring))


def hit_ring(
    gizmo: Gizmo, view: ViewCamera, x: float, y: float, *, reach_px: float = REACH_PX
) -> Ring | None:
    """The ring nearest to a view pixel, within reach; the view ring only if no other.

    Halves turned away from the eye can be hit too, though the nearer half of another
    ring as close wins.
    """
    best: tuple[float, Ring | None] = (reach_px, None)
    for ring in AXES:
        points = ring_points_px(gizmo, view, ring)
        ends = np.stack([points, np.roll(points, -1, axis=0)], axis=1)
        away = segment_distances(ends, x, y)
        away = away + np.where(_front(gizmo, view, ring), 0.0, 0.75)
        distance = float(np.min(away))
        if distance <= best[0]:
            best = (distance, ring)
    if best[1] is not None:
        return best[1]
    points = ring_points_px(gizmo, view, "view")
    ends = np.stack([points, np.roll(points, -1, axis=0)], axis=1)
    return "view" if segment_distances(ends, x, y).min() <= reach_px else None


def begin_drag(
    gizmo: Gizmo, view: ViewCamera, ring: Ring, x: float, y: float
) -> RingDrag:
    """A drag of a ring that was hit at a view pixel."""
    axis = gizmo.axis(ring, view)
    facing = abs(float(axis @ view.toward_eye(gizmo.centre_m)))
    if facing >= _EDGE_ON and _on_plane(gizmo, axis, view, x, y) is not None:
        mode, tangent = "plane", np.zeros(2)
    else:
        mode, tangent = "tangent", _tangent_px(gizmo, view, ring, x, y)
    return RingDrag(
        gizmo=gizmo, ring=ring, axis=axis, mode=mode, tangent_px=tangent, at=(x, y)
    )


def begin_free(
    gizmo: Gizmo, view: ViewCamera, ring: Ring, x: float, y: float
) -> RingDrag:
    """A drag without touching a ring, as after the R key, optionally with X, Y, Z.

    The pointer's turn about the joint on screen becomes the turn about the axis, in
    the sense in which the axis is seen.
    """
    return RingDrag(
        gizmo=gizmo,
        ring=ring,
        axis=gizmo.axis(ring, view),
        mode="screen",
        tangent_px=np.zeros(2),
        at=(x, y),
    )


def relocked(drag: RingDrag, view: ViewCamera, ring: Ring) -> RingDrag:
    """The same gesture about another axis, starting again from no turn at all."""
    x, y = drag.at
    return begin_free(drag.gizmo, view, ring, x, y)


def dragged(
    drag: RingDrag, view: ViewCamera, x: float, y: float, *, fine: bool = False
) -> RingDrag:
    """The drag after the pointer moved to a view pixel; `fine` turns a tenth."""
    step = _step_rad(drag, view, x, y)
    if step is None or not math.isfinite(step):  # the joint is behind the eye
        return drag
    angle = drag.angle_rad + step * (_FINE if fine else 1.0)
    return replace(drag, at=(x, y), angle_rad=angle)


def gizmo_shapes(
    gizmo: Gizmo,
    view: ViewCamera,
    look: Theme,
    *,
    active: Ring | None = None,
) -> list[Shape]:
    """The rings as 2D shapes: hidden halves first, the active one yellow and wider."""
    radius = DIAMETER_PX / 2
    white = "#20242B" if look.name == "light" else "#FFFFFF"
    back: list[Shape] = []
    front: list[Shape] = []
    for ring in AXES:
        lit = ring == active
        colour = look.colour("axis.active" if lit else f"axis.{ring}")
        width = 2 * radius * (0.034 if lit else 0.022)
        places = _ring_points_m(gizmo, view, ring)
        visible = _is_front(places, gizmo, view)
        for piece, seen in _runs(view.project(places), visible):
            ink = Ink(colour=colour, alpha=1.0 if seen else _HIDDEN_ALPHA)
            (front if seen else back).append(Path(points=piece, width=width, ink=ink))
    colour = look.colour("axis.active") if active == "view" else white
    outer = Path(
        points=ring_points_px(gizmo, view, "view"),
        width=1.6 if active != "view" else 2.4,
        ink=Ink(colour=colour, alpha=0.9),
        closed=True,
    )
    return [*back, outer, *front]


def _basis(axis: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Two unit vectors across an axis; by hand, as numpy's cross takes 80 us."""
    x, y, z = axis.tolist()
    across = ((0.0, z, -y), (-z, 0.0, x), (y, -x, 0.0))[int(np.abs(axis).argmin())]
    length = math.hypot(*across)
    a, b, c = (part / length for part in across)
    second = (y * c - z * b, z * a - x * c, x * b - y * a)
    return np.array((a, b, c)), np.array(second)


def _ring_points_m(gizmo: Gizmo, view: ViewCamera, ring: Ring) -> FloatArray:
    first, second = _basis(gizmo.axis(ring, view))
    radius = DIAMETER_PX / 2 * view.metres_per_pixel(gizmo.centre_m)
    radius *= VIEW_RING if ring == "view" else 1.0
    return gizmo.centre_m + radius * (_COS * first + _SIN * second)


def _front(gizmo: Gizmo, view: ViewCamera, ring: Ring) -> np.ndarray:
    return _is_front(_ring_points_m(gizmo, view, ring), gizmo, view)


def _is_front(places_m: FloatArray, gizmo: Gizmo, view: ViewCamera) -> np.ndarray:
    offsets = places_m - gizmo.centre_m
    radius = np.linalg.norm(offsets[0])
    return offsets @ view.toward_eye(gizmo.centre_m) > -0.004 * radius


def _on_plane(
    gizmo: Gizmo, axis: FloatArray, view: ViewCamera, x: float, y: float
) -> FloatArray | None:
    origin, direction = view.ray(x, y)
    slope = float(direction @ axis)
    if abs(slope) < 1e-6:
        return None
    reach = float((gizmo.centre_m - origin) @ axis) / slope
    return None if reach <= 0 else origin + reach * direction - gizmo.centre_m


def _tangent_px(
    gizmo: Gizmo, view: ViewCamera, ring: Ring, x: float, y: float
) -> FloatArray:
    points = ring_points_px(gizmo, view, ring)
    away = np.hypot(*(points - (x, y)).T) + np.where(
        _front(gizmo, view, ring), 0.0, 1e3
    )
    nearest = int(np.argmin(away))
    step = points[(nearest + 1) % _STEPS] - points[nearest - 1]
    length = float(np.linalg.norm(step))
    return step / length if length > 1e-6 else np.array([1.0, 0.0])


def _step_rad(drag: RingDrag, view: ViewCamera, x: float, y: float) -> float | None:
    if drag.mode == "tangent":
        moved = (np.array([x, y]) - drag.at) @ drag.tangent_px
        return float(moved) / (DIAMETER_PX / 2)
    if drag.mode == "plane":
        before = _on_plane(drag.gizmo, drag.axis, view, *drag.at)
        after = _on_plane(drag.gizmo, drag.axis, view, x, y)
        if before is None or after is None:
            return None
        turned = np.cross(before, after) @ drag.axis
        return math.atan2(float(turned), float(before @ after))
    centre = view.project(drag.gizmo.centre_m)
    before, after = drag.at - centre, np.array([x, y]) - centre
    if min(np.hypot(*before), np.hypot(*after)) < 1.0:
        return 0.0
    # Pixels run downwards: a turn that grows on screen is clockwise.
    cross = before[0] * after[1] - before[1] * after[0]
    clockwise = math.atan2(float(cross), float(before @ after))
    toward = float(drag.axis @ view.toward_eye(drag.gizmo.centre_m))
    return -clockwise if toward >= 0 else clockwise


def _runs(points: FloatArray, visible: np.ndarray) -> list[tuple[FloatArray, bool]]:
    """A closed ring cut where it passes from sight, each piece with its neighbour."""
    changes = np.flatnonzero(visible != np.roll(visible, 1))
    if len(changes) == 0:
        return [(np.vstack([points, points[:1]]), bool(visible[0]))]
    pieces = []
    for start, stop in zip(changes, [*changes[1:], changes[0] + _STEPS], strict=True):
        index = np.arange(start, stop + 1) % _STEPS
        pieces.append((points[index], bool(visible[start])))
    return pieces
