"""The ring gizmo: constant size, what is hit, what a drag turns."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from hpe_studio.render import drawlist as shapes
from hpe_studio.render.gizmo import (
    Gizmo,
    begin_drag,
    begin_free,
    dragged,
    gizmo_shapes,
    hit_ring,
    relocked,
    ring_points_px,
)
from hpe_studio.render.orbit import OrbitState
from hpe_studio.render.theme import theme

SIZE = (560, 520)
CENTRE = np.array([0.1, 0.9, 0.05])
STATE = OrbitState(focal_m=(0, 0.9, 0), yaw_rad=0.6, pitch_rad=0.4)
VIEWS = [
    STATE.view_camera(SIZE),
    OrbitState(yaw_rad=0.6, pitch_rad=0.4, orthographic=True).view_camera(SIZE),
    OrbitState(yaw_rad=-2.0, pitch_rad=-0.3, distance_m=1.0).view_camera(SIZE),
]


@pytest.fixture(params=range(len(VIEWS)))
def view(request):
    return VIEWS[request.param]


def _gizmo(view) -> Gizmo:
    """A gizmo none of whose rings is seen edge on: each axis faces the eye alike."""
    diagonal = np.ones(3) / math.sqrt(3)
    turn, _ = Rotation.align_vectors([view.toward_eye(CENTRE)], [diagonal])
    return Gizmo(centre_m=CENTRE, axes=turn.as_matrix())


def _turned_px(view, ring, start_px, degrees):
    """Where a point of a ring goes on screen when the ring turns."""
    points = ring_points_px(_gizmo(view), view, ring)
    index = int(np.hypot(*(points - start_px).T).argmin())
    axis = _gizmo(view).axis(ring, view)
    origin, direction = view.ray(*points[index])
    reach = ((CENTRE - origin) @ axis) / (direction @ axis)
    offset = origin + reach * direction - CENTRE
    turn = Rotation.from_rotvec(axis * math.radians(degrees))
    return points[index], view.project(CENTRE + turn.apply(offset))


def test_rings_keep_their_size_on_screen(view):
    centre = view.project(CENTRE)
    outer = np.hypot(*(ring_points_px(_gizmo(view), view, "view") - centre).T)
    assert_allclose(outer, 41 * 1.16, rtol=0.04)
    for ring in ("x", "y", "z"):
        reach = np.hypot(*(ring_points_px(_gizmo(view), view, ring) - centre).T).max()
        assert reach == pytest.approx(41, rel=0.06)


@pytest.mark.parametrize("ring", ["x", "y", "z", "view"])
@pytest.mark.parametrize("degrees", [30.0, -75.0, 200.0, 400.0])
def test_dragging_along_the_ring_turns_by_the_arc(view, ring, degrees):
    start, _ = _turned_px(view, ring, np.array([300.0, 200.0]), 0)
    drag = begin_drag(_gizmo(view), view, ring, *start)
    assert drag.mode == "plane"
    for step in np.linspace(0, degrees, 40)[1:]:
        _, at = _turned_px(view, ring, start, step)
        drag = dragged(drag, view, *at)
    assert math.degrees(drag.angle_rad) == pytest.approx(degrees, abs=1e-6)
    expected = drag.axis * math.radians(degrees)
    assert_allclose(drag.rotation_rad(), expected, atol=1e-8)


def test_a_ring_seen_edge_on_turns_with_the_motion_along_it():
    view = OrbitState(focal_m=tuple(CENTRE), yaw_rad=0, pitch_rad=0).view_camera(SIZE)
    gizmo = Gizmo(centre_m=CENTRE, axes=np.eye(3))
    x, y = view.project(CENTRE)
    assert hit_ring(gizmo, view, x + 20, y) == "y"
    drag = begin_drag(gizmo, view, "y", x + 20, y)
    assert drag.mode == "tangent"
    # Turning about +Y carries the side nearest to the eye to the right.
    drag = dragged(drag, view, x + 20 + 41, y + 9)
    assert drag.angle_rad == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize("ring", ["x", "y", "z"])
def test_the_ring_under_the_pointer_is_hit(view, ring):
    points = ring_points_px(_gizmo(view), view, ring)
    hits = [hit_ring(_gizmo(view), view, *point) for point in points]
    assert hits.count(ring) > 70
    x, y = points[0]
    assert hit_ring(_gizmo(view), view, x + 400, y) is None


def test_the_view_ring_comes_last(view):
    centre = view.project(CENTRE)
    outer = ring_points_px(_gizmo(view), view, "view")
    away = outer + (outer - centre) / np.hypot(*(outer - centre).T)[:, None] * 4
    assert {hit_ring(_gizmo(view), view, *p) for p in away} == {"view"}
    axes = ring_points_px(_gizmo(view), view, "x")
    between = axes[np.argmin([np.hypot(*(outer - p).T).min() for p in axes])]
    assert hit_ring(_gizmo(view), view, *between) == "x"


def test_fine_drags_turn_a_tenth(view):
    start, end = _turned_px(view, "view", np.array([300.0, 200.0]), 40)
    drag = dragged(
        begin_drag(_gizmo(view), view, "view", *start), view, *end, fine=True
    )
    assert math.degrees(drag.angle_rad) == pytest.approx(4)


def test_a_locked_axis_turns_in_the_sense_in_which_it_is_seen():
    view = OrbitState(focal_m=tuple(CENTRE), yaw_rad=0, pitch_rad=0).view_camera(SIZE)
    gizmo = Gizmo(centre_m=CENTRE, axes=np.eye(3))
    x, y = view.project(CENTRE)
    free = begin_free(gizmo, view, "z", x + 50, y)
    # Counter-clockwise on screen: a quarter turn about +Z, which points to the eye.
    turned = dragged(free, view, x, y - 50)
    assert_allclose(turned.rotation_rad(), [0, 0, math.pi / 2], atol=1e-9)
    assert turned.chip() == ("Z", "+90.0°")
    locked = relocked(turned, view, "x")
    assert (locked.ring, locked.angle_rad) == ("x", 0)
    behind = OrbitState(focal_m=tuple(CENTRE), yaw_rad=math.pi).view_camera(SIZE)
    x, y = behind.project(CENTRE)
    back = dragged(begin_free(gizmo, behind, "z", x + 50, y), behind, x, y - 50)
    assert back.chip() == ("Z", "−90.0°")


def test_the_active_ring_is_yellow_and_hidden_halves_are_faint(view):
    look = theme("dark")
    paths = gizmo_shapes(_gizmo(view), view, look, active="x")
    assert all(isinstance(path, shapes.Path) for path in paths)
    colours = {path.ink.colour for path in paths}
    assert colours == {
        look.colour("axis.active"),
        look.colour("axis.y"),
        look.colour("axis.z"),
        "#FFFFFF",
    }
    assert {path.ink.alpha for path in paths} == {1.0, 0.9, 0.22}


def test_a_joint_behind_the_eye_is_not_turned():
    seen = OrbitState().view_camera((400, 300))
    behind = Gizmo(centre_m=seen.position_m() * 3, axes=np.eye(3))
    drag = begin_free(behind, seen, "view", 10, 10)
    moved = dragged(drag, seen, 200, 150)
    assert moved.angle_rad == 0
    assert np.isfinite(moved.rotation_rad()).all()
