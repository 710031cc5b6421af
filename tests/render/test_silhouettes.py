"""Outlines of bodies over the footage agree with an independent projection."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.testing import assert_allclose

from hpe_studio.body import open_body, skin
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.render.silhouettes import BodyMesh, silhouettes
from hpe_studio.render.viewtransform import fit
from tests.work import calls_of

SIZE = (1280, 720)
VIEW = fit(SIZE, (1280.0, 720.0))
CAMERA = default_camera(SIZE)
LENS = Camera(
    intrinsics=CAMERA.intrinsics,
    distortion=np.array([-0.12, 0.03, 0.001, -0.002, 0.0]),
    camera_from_scene=CAMERA.camera_from_scene,
)


def _body(place_m=(0.0, 0.0, -3.0), turn=0.4, *, faces=None):
    body = open_body(24)
    body = body if faces is None else body.decimated(faces)
    pose = np.zeros((24, 3))
    pose[0, 1] = turn
    pose[16, 2], pose[17, 2], pose[4, 0] = -0.7, 0.9, 0.8
    shaped = skin(body, pose, root_m=np.array(place_m), betas=np.zeros(10), scale=1.0)
    return shaped.vertices_m, body.faces


def _seat(vertices_m, faces, name="a"):
    return BodyMesh(id=name, vertices_m=vertices_m, faces=faces)


def _filled(outlines):
    """The region of outlines as a mask, by another program than ours."""
    mask = np.zeros(SIZE[::-1], np.uint8)
    if outlines:
        chains = [np.round((o + 0.0) * 256).astype(np.int32) for o in outlines]
        cv2.fillPoly(mask, chains, 1, shift=8)
    return mask.astype(bool)


def _projected(vertices_m, faces, camera):
    """Every triangle of the mesh drawn by OpenCV, projected by OpenCV."""
    pose = camera.camera_from_scene
    turn, _ = cv2.Rodrigues(pose[:, :3])
    points, _ = cv2.projectPoints(
        vertices_m.astype(float), turn, pose[:, 3], camera.intrinsics, camera.distortion
    )
    mask = np.zeros(SIZE[::-1], np.uint8)
    for corners in np.round(points[:, 0][faces] * 256).astype(np.int32):
        cv2.fillConvexPoly(mask, corners, 1, shift=8)
    return mask.astype(bool)


def _overlap(one, other):
    return (one & other).sum() / (one | other).sum()


@pytest.mark.parametrize("camera", [CAMERA, LENS], ids=["pinhole", "lens"])
@pytest.mark.parametrize("distance_m", [2.2, 4.0, 8.0])
def test_the_light_outline_covers_the_whole_body(camera, distance_m):
    whole = _body((0.3, 0.1, -distance_m))
    light = _body((0.3, 0.1, -distance_m), faces=6000)
    found = silhouettes([_seat(*light)], camera, VIEW)["a"]
    assert _overlap(_filled(found), _projected(*whole, camera)) >= 0.95


def test_the_nearer_body_hides_the_farther_one():
    near, far = _body((0.0, 0.0, -2.5)), _body((0.25, 0.0, -3.5), turn=-0.5)
    found = silhouettes([_seat(*far, "far"), _seat(*near, "near")], CAMERA, VIEW)
    front, back = _filled(found["near"]), _filled(found["far"])
    assert _overlap(front, _projected(*near, CAMERA)) >= 0.97
    seen = _projected(*far, CAMERA) & ~_projected(*near, CAMERA)
    assert _overlap(back, seen) >= 0.95
    assert (front & back).sum() < 0.03 * back.sum()


def test_whoever_stands_right_behind_has_no_outline():
    near, far = _body((0.0, 0.0, -2.0)), _body((0.0, 0.0, -2.04))
    small = (far[0] - far[0].mean(axis=0)) * 0.4 + far[0].mean(axis=0) - (0, 0, 1)
    bodies = [_seat(*near, "near"), _seat(small.astype(np.float32), far[1], "far")]
    found = silhouettes(bodies, CAMERA, VIEW)
    hidden = _filled(found["far"]).sum()
    alone = silhouettes([bodies[1]], CAMERA, VIEW)
    assert hidden < 0.35 * _filled(alone["far"]).sum()


def test_nobody_in_view_has_no_outline():
    behind, beside = _body((0.0, 0.0, 3.0)), _body((40.0, 0.0, -3.0))
    found = silhouettes(
        [_seat(*behind, "behind"), _seat(*beside, "beside")], CAMERA, VIEW
    )
    assert found == {"behind": (), "beside": ()}
    assert silhouettes([], CAMERA, VIEW) == {}


def test_a_body_beyond_the_edge_is_cut_beyond_the_view():
    found = silhouettes([_seat(*_body((-1.9, 0.0, -3.0)))], CAMERA, VIEW)["a"]
    in_view = VIEW.to_view(np.concatenate(found))
    assert in_view[:, 0].min() < -0.5
    assert in_view[:, 0].min() > -7


def test_outlines_are_finer_than_pixels_and_stay_when_zoomed():
    body = _seat(*_body((0.0, 0.0, -6.0)))
    coarse = silhouettes([body], CAMERA, VIEW)["a"]
    near = silhouettes([body], CAMERA, VIEW.zoomed(1.5, 640, 360), grain=2.0)["a"]
    mask, other = _filled(coarse), _filled(near)
    assert _overlap(mask, other) > 0.97
    lows = [min(o[:, 1].min() for o in found) for found in (coarse, near)]
    assert_allclose(*lows, atol=1.0)


def test_outlining_is_the_same_few_steps_however_fine_the_bodies_are():
    view = fit((1920, 1080), (1920.0, 1080.0))
    camera = default_camera((1920, 1080))

    def work(faces):
        bodies = [
            _seat(*_body((x, 0.0, -3.2 - abs(x)), faces=faces), str(x))
            for x in (-1.0, 0.0, 1.0)
        ]
        silhouettes(bodies, camera, view)  # compiled
        return calls_of(lambda: silhouettes(bodies, camera, view))

    assert work(6000) < 1000
    assert work(12000) < 1.2 * work(6000)
