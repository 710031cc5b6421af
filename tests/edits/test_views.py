"""Synchronous views: where their cameras stand, and every edit of them undone."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from hpe_studio.core.camera import FLIP_YZ, Camera, default_camera
from hpe_studio.core.clip import Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.edits import views
from hpe_studio.edits.views import NewView
from tests.core.scenes import add_person, empty_document, state_of

SIZE_PX = (640, 480)


def camera_at(place_m: tuple[float, float, float], yaw_deg: float) -> Camera:
    """A calibrated camera somewhere in the scene, turned about the upright."""
    turn = FLIP_YZ @ Rotation.from_euler("y", -yaw_deg, degrees=True).as_matrix()
    shift_m = -turn @ np.array(place_m)
    return replace(
        default_camera(SIZE_PX, fov_deg=50),
        camera_from_scene=np.hstack([turn, shift_m[:, None]]),
        source="calibration",
    )


def new_view(name: str, camera: Camera | None = None) -> NewView:
    clip = clip_without_footage(frame_count=40, fps=Fraction(30), size_px=SIZE_PX)
    return NewView(name=name, clip=clip, camera=camera)


def document_with_views() -> Document:
    document = empty_document()
    with document.edit("Add views") as edit:
        new = [new_view("b", camera_at((2, 1, 0), 90)), new_view("c")]
        views.add_views(edit, document, new, clip_name="a")
    return document


FRONT, SIDE = camera_at((0, 1.5, 3), 0), camera_at((3, 1.2, 0.5), 80)


def test_without_motion_the_calibrations_scene_is_taken_over() -> None:
    document = empty_document()
    with document.edit("Add views") as edit:
        new = [new_view("00_16", SIDE)]
        views.add_views(edit, document, new, clip_camera=FRONT, clip_name="00_03")
    assert document.camera_at(0) is FRONT
    assert document.camera_at(7, view=1) is SIDE
    assert [document.view_name(n) for n in (0, 1)] == ["00_03", "00_16"]


def test_with_motion_the_scene_stays_and_views_stand_around_its_camera() -> None:
    """A point is seen by both cameras where it was seen in the calibration's scene."""
    document = empty_document()
    add_person(document, start=0, stop=20)
    before = document.camera_at(0)
    with document.edit("Add views") as edit:
        views.add_views(edit, document, [new_view("b", SIDE)], clip_camera=FRONT)
    assert np.array_equal(
        document.camera_at(0).camera_from_scene, before.camera_from_scene
    )
    points_calibrated_m = np.random.default_rng(3).normal(0, 0.5, (20, 3))
    in_front_m = FRONT.to_camera(points_calibrated_m)
    points_scene_m = document.camera_at(0).to_scene(in_front_m)
    np.testing.assert_allclose(
        document.camera_at(0, view=1).project(points_scene_m),
        SIDE.project(points_calibrated_m),
        atol=1e-9,
    )


def test_around_a_moving_camera_a_view_moves_in_the_scene() -> None:
    document = empty_document()
    add_person(document, start=0, stop=20)
    poses = np.stack([FRONT.pose() + 0.01 * n * np.eye(3, 4, 3) for n in range(40)])
    with document.edit("Camera") as edit:
        moving = replace(FRONT, camera_from_scene=poses)
        views.put_camera(edit, document, 0, moving)
        views.add_views(edit, document, [new_view("b", SIDE)], clip_camera=FRONT)
    camera = document.camera_at(0, view=1)
    assert camera.camera_from_scene.shape == (40, 3, 4)
    np.testing.assert_allclose(camera.pose(0), SIDE.pose(), atol=1e-12)
    assert not np.allclose(camera.pose(9), camera.pose(0))


def test_cameras_hold_over_every_shot_also_those_found_later() -> None:
    document = empty_document()
    with document.edit("Add views") as edit:
        views.add_views(edit, document, [new_view("b", SIDE)])
    with document.edit("Cuts") as edit:
        for start, stop in ((0, 15), (15, 40)):
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    assert document.camera_at(20, view=1) is SIDE
    with document.edit("Add views") as edit:
        views.add_views(edit, document, [new_view("c", FRONT)])
    assert document.camera_at(3, view=2) is FRONT
    assert document.camera_at(20, view=2) is FRONT


def test_a_removed_view_leaves_nothing_behind() -> None:
    document = document_with_views()
    with document.edit("Main view") as edit:
        views.make_main(edit, document, 1)
    assert views.main_view(document) == 1
    with document.edit("Remove view") as edit:
        views.remove_view(edit, document, 1)
    assert views.view_numbers(document) == (0, 2)
    assert views.main_view(document) == 0
    assert not [c for c in document.table("cameras").values() if c.view == 1]


def test_every_edit_is_one_step_and_comes_back_to_the_bit() -> None:
    document = document_with_views()
    before = state_of(document)
    for label, act in (
        ("Shift", lambda e: views.shift_view(e, document, 1, -3)),
        ("Rename", lambda e: views.rename_view(e, document, 2, " left ")),
        ("Rename clip", lambda e: views.rename_view(e, document, 0, "front")),
        ("Main", lambda e: views.make_main(e, document, 2)),
        ("Remove", lambda e: views.remove_view(e, document, 1)),
    ):
        with document.edit(label) as edit:
            act(edit)
        assert state_of(document) != before, label
        assert document.undo() == label
        assert state_of(document) == before


def test_what_cannot_be_done_is_said_and_changes_nothing() -> None:
    document = document_with_views()
    before = state_of(document)
    for act, words in (
        (lambda e: views.rename_view(e, document, 1, "a"), "called a already"),
        (lambda e: views.rename_view(e, document, 1, "  "), "needs a name"),
        (lambda e: views.add_views(e, document, [new_view("c")]), "called c already"),
        (lambda e: views.remove_view(e, document, 0), "clip itself"),
        (lambda e: views.make_main(e, document, 9), "no such view"),
    ):
        with pytest.raises(StudioError, match=words), document.edit("x") as edit:
            act(edit)
    assert state_of(document) == before
