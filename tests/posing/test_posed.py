"""Persons posed on frames: what is cached is never stale."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.edits import people, pose
from hpe_studio.posing.posed import Poser
from tests.core.scenes import add_person, empty_document


@pytest.fixture
def scene():
    document = empty_document(60)
    track = add_person(document, start=10, stop=51)
    poser = Poser(document, open_body())
    yield document, document.tracks[track.id], poser
    poser.close()


def test_the_pelvis_lies_where_the_root_is_whatever_the_shape(scene) -> None:
    document, track, poser = scene
    first = poser.pose_at(track.person_id, 12)
    assert first is not None
    np.testing.assert_allclose(first.joints_scene_m[0], track.base_root_m[2])
    person = document.persons[track.person_id]
    with document.edit("Shape") as edit:
        people.set_shape(edit, person, betas=(2.0, -1.0), scale=1.2)
    second = poser.pose_at(track.person_id, 12)
    assert second is not None
    np.testing.assert_allclose(second.joints_scene_m[0], track.base_root_m[2])
    assert np.abs(first.joints_scene_m[20] - second.joints_scene_m[20]).max() > 0.01


def test_missing_people_are_not_posed(scene) -> None:
    _, track, poser = scene
    assert poser.pose_at(track.person_id, 30) is None  # the scene's gap
    assert poser.pose_at(track.person_id, 5) is None
    assert poser.vertices_at(track.person_id, 30) is None


def test_edits_and_undo_show_at_once_from_cache_and_alone(scene) -> None:
    document, track, poser = scene
    before = poser.pose_at(track.person_id, 20)
    poser.motion(track.id)  # the whole motion is cached too
    with document.edit("Rotate") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=20,
            joint=16,
            delta_parent_rad=np.array([0, 0, 0.5]),
        )
        edit.preview()
        during = poser.pose_at(track.person_id, 20)
    after = poser.pose_at(track.person_id, 20)
    assert before is not None
    assert during is not None
    assert after is not None
    moved = np.abs(before.joints_scene_m - after.joints_scene_m).max(axis=1)
    assert set(np.flatnonzero(moved > 1e-6)) == {18, 20, 22}
    np.testing.assert_array_equal(during.joints_scene_m, after.joints_scene_m)
    whole = poser.joints_of(track.id)
    np.testing.assert_allclose(whole[10], after.joints_scene_m, atol=1e-12)
    document.undo()
    again = poser.pose_at(track.person_id, 20)
    assert again is not None
    np.testing.assert_array_equal(before.joints_scene_m, again.joints_scene_m)


def test_vertices_follow_the_joints(scene) -> None:
    _, track, poser = scene
    posed = poser.pose_at(track.person_id, 20)
    for light in (False, True):
        vertices = poser.vertices_at(track.person_id, 20, light=light)
        assert posed is not None
        assert vertices is not None
        assert vertices.shape[0] > poser.faces(light=light).max()
        lowest = vertices.min(axis=0) - 0.3
        highest = vertices.max(axis=0) + 0.3
        assert (posed.joints_scene_m > lowest).all()
        assert (posed.joints_scene_m < highest).all()


@pytest.mark.parametrize("count", [52, 55])
def test_a_track_keeps_its_joints_on_a_body_with_fingers(scene, count: int) -> None:
    _, track, poser = scene
    few = poser.joints_of(track.id)
    whole = poser.vertices_at(track.person_id, 20)
    poser.body = open_body(count)
    many = poser.joints_of(track.id)
    np.testing.assert_allclose(few[:, :22], many[:, :22], atol=1e-4)
    hands = np.linalg.norm(few[:, 22:] - many[:, 22:], axis=-1)
    assert np.nanmax(hands) < 0.04, "hands lie amid the knuckles"
    other = poser.vertices_at(track.person_id, 20)
    assert whole is not None
    assert other is not None
    assert np.median(np.linalg.norm(whole - other, axis=1)) < 1e-3


def test_rest_joints_go_by_name() -> None:
    from hpe_studio.core.skeleton import skeleton
    from hpe_studio.posing.posed import rest_joints_on

    body = open_body(55)
    rest = body.joint_model.rest_joints_m(np.zeros(10))
    smpl = rest_joints_on(rest, body.skeleton, skeleton("smpl24"))
    wrist, knuckle = rest[20], rest[body.skeleton.index("left_middle1")]
    assert wrist[0] < smpl[22, 0] < knuckle[0] + 0.02
    small = open_body(24)
    back = rest_joints_on(
        small.joint_model.rest_joints_m(np.zeros(10)),
        small.skeleton,
        skeleton("smplx55"),
    )
    np.testing.assert_allclose(back[:22], rest[:22], atol=1e-4)
    np.testing.assert_array_equal(back[22], back[15])  # the jaw lies on the head
