"""The view's mathematics: exact through the clip's camera, orbit, pan, zoom, frame."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.render import orbit
from hpe_studio.render.viewcamera import through_camera
from hpe_studio.render.viewtransform import fit

SIZE = (560, 520)
RNG = np.random.default_rng(4)


def _calibrated(skew: float = 0.0) -> Camera:
    angle = 0.3
    rotation = np.array(
        [
            [math.cos(angle), 0, math.sin(angle)],
            [0, -1, 0],
            [math.sin(angle), 0, -math.cos(angle)],
        ]
    )
    intrinsics = np.array([[1400.0, skew, 960.3], [0, 1010.0, 511.7], [0, 0, 1]])
    return Camera(
        intrinsics=intrinsics,
        distortion=np.zeros(5),
        camera_from_scene=np.hstack([rotation, [[0.1], [1.0], [4.0]]]),
    )


@pytest.mark.parametrize("aspect", [1.0, 4 / 3])
@pytest.mark.parametrize("camera", [default_camera((1920, 1080)), _calibrated(3.0)])
def test_a_scene_point_lies_on_its_picture_pixel(camera, aspect):
    picture = fit((1920, 1080), SIZE, pixel_aspect=aspect).zoomed(1.7, 100, 300)
    view = through_camera(camera, picture)
    pixels = RNG.uniform([0, 0], [1920, 1080], (200, 2))
    rays = np.linalg.inv(camera.intrinsics) @ np.vstack([pixels.T, np.ones(200)])
    points = camera.to_scene((rays * RNG.uniform(1, 20, 200)).T)
    assert_allclose(camera.project(points), pixels, atol=1e-6)
    assert_allclose(view.project(points), picture.to_view(pixels), atol=1e-6)


def test_points_behind_the_camera_are_nowhere():
    view = through_camera(default_camera((640, 480)), fit((640, 480), SIZE))
    assert np.isnan(view.project(np.array([[0.0, 0.0, 2.0]]))).all()


@pytest.mark.parametrize("parallel", [False, True])
def test_a_ray_passes_through_the_point_that_is_seen_there(parallel):
    view = orbit.OrbitState(orthographic=parallel).view_camera(SIZE)
    point = np.array([0.3, 1.2, -0.4])
    x, y = view.project(point)
    origin, direction = view.ray(x, y)
    offset = point - origin
    assert_allclose(np.cross(offset, direction), 0, atol=1e-6)
    assert offset @ direction > 0


@pytest.mark.parametrize("parallel", [False, True])
def test_zoom_keeps_what_is_under_the_cursor(parallel):
    state = orbit.OrbitState(orthographic=parallel)
    right, up, _ = state.axes()
    point = np.array(state.focal_m) + 0.4 * right - 0.3 * up
    x, y = state.view_camera(SIZE).project(point)
    closer = orbit.zoomed_at(state, 1.25, x, y, size=SIZE)
    assert closer.distance_m == pytest.approx(state.distance_m / 1.25)
    assert_allclose(closer.view_camera(SIZE).project(point), (x, y), atol=1e-6)


def test_zoom_stops_without_jumping():
    state = orbit.OrbitState(distance_m=orbit.MIN_DISTANCE_M)
    assert orbit.zoomed_at(state, 2.0, 10, 10, size=SIZE) == state


@pytest.mark.parametrize("parallel", [False, True])
def test_pan_carries_the_focal_point_with_the_pointer(parallel):
    state = orbit.OrbitState(orthographic=parallel)
    before = state.view_camera(SIZE).project(np.array(state.focal_m))
    after = orbit.panned(state, 37, -21, view_height=SIZE[1]).view_camera(SIZE)
    assert_allclose(after.project(np.array(state.focal_m)) - before, (37, -21))


def test_orbit_keeps_the_focal_point_in_the_middle_and_the_horizon_level():
    state = orbit.orbited(orbit.OrbitState(), 120, 5000)
    assert state.pitch_rad == pytest.approx(math.pi / 2)
    state = orbit.orbited(state, -40, -3000)
    view = state.view_camera(SIZE)
    assert_allclose(view.project(np.array(state.focal_m)), (280, 260), atol=1e-9)
    assert state.axes()[0, 1] == 0
    assert_allclose(state.axes() @ state.axes().T, np.eye(3), atol=1e-12)


@pytest.mark.parametrize("parallel", [False, True])
def test_framing_shows_every_point_and_wastes_little(parallel):
    points = RNG.uniform([-1, 0, -2], [2, 1.8, 1], (60, 3))
    points[5] = np.nan
    start = orbit.OrbitState(orthographic=parallel)
    state = orbit.framed(start, points, size=SIZE)
    seen = state.view_camera(SIZE).project(points)
    inside = (seen[np.isfinite(seen[:, 0])] >= 0).all(axis=1)
    assert inside.all()
    assert (np.nanmax(seen, axis=0) <= SIZE).all()
    spread = (np.nanmax(seen, axis=0) - np.nanmin(seen, axis=0)) / SIZE
    assert spread.max() > 0.6
    assert orbit.framed(start, points[5:6], size=SIZE) == start


def test_presets_look_along_the_axes():
    for name, back in {"front": (0, 0, 1), "side": (1, 0, 0), "top": (0, 1, 0)}.items():
        state = orbit.preset(orbit.OrbitState(), name)
        assert_allclose(state.axes()[2], back, atol=1e-12)
        assert state.orthographic
    with pytest.raises(KeyError):
        orbit.preset(orbit.OrbitState(), "inside")


def test_leaving_a_camera_starts_where_it_stood():
    view = through_camera(_calibrated(), fit((1920, 1080), SIZE))
    state = orbit.leaving(view, depth_m=3.0)
    again = state.view_camera(SIZE)
    assert_allclose(again.position_m(), view.position_m(), atol=1e-9)
    assert_allclose(again.eye_from_scene[2], view.eye_from_scene[2], atol=1e-9)


def test_zoom_and_pan_of_the_picture():
    picture = fit((720, 576), (400, 300), pixel_aspect=16 / 15)
    left, top, right, bottom = picture.picture_rect()
    assert (right - left) / (bottom - top) == pytest.approx(720 * 16 / 15 / 576)
    assert top == pytest.approx(0)
    assert left == pytest.approx(400 - right)
    point = np.array([123.4, 77.0])
    x, y = picture.to_view(point)
    assert_allclose(picture.zoomed(3, x, y).to_view(point), (x, y))
    assert_allclose(picture.panned(5, -7).to_view(point), (x + 5, y - 7))
    assert_allclose(picture.to_picture(picture.to_view(point)), point)


def test_reach_opens_a_margin_below_the_picture():
    picture = fit((1920, 1080), (500, 500), reach_px=(0, 0, 1000, 2000))
    assert picture.to_view(np.array([0.0, 2000.0]))[1] <= 500
