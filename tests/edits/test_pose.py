"""Keys made by hand: exact on their frame, nothing changed beyond their reach."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Source
from hpe_studio.edits import people, pose
from hpe_studio.motion.rotations import compose, geodesic_rad
from hpe_studio.posing.resolve import resolve
from tests.core.scenes import add_person, empty_document, state_of

LEFT_ELBOW = 18


@pytest.fixture
def scene():
    document = empty_document(60)
    track = add_person(document, start=10, stop=51)
    return document, document.tracks[track.id]


def motion_of(document, track):
    return resolve(track, document.keys_of(track.id))


def test_turning_a_joint_makes_a_key_that_holds_exactly_there(scene) -> None:
    document, track = scene
    before = motion_of(document, track)
    delta = np.array([0.0, 0.4, 0.0])
    with document.edit("Rotate left elbow") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=22,
            joint=LEFT_ELBOW,
            delta_parent_rad=delta,
        )
    after = motion_of(document, track)
    wanted = compose(delta, before.joints_rad[12, LEFT_ELBOW])
    assert geodesic_rad(after.joints_rad[12, LEFT_ELBOW], wanted) < 1e-9
    changed = np.flatnonzero(
        (before.joints_rad != after.joints_rad).any(axis=(1, 2))
        & ~np.isnan(before.joints_rad[:, 0, 0])
    )
    assert changed.min() == 12 - 4  # blends start at zero five frames away
    assert changed.max() == 12 + 4
    other = np.delete(np.arange(24), LEFT_ELBOW)
    np.testing.assert_array_equal(
        before.joints_rad[:, other], after.joints_rad[:, other]
    )
    assert after.source[12, LEFT_ELBOW] == Source.KEYED
    assert after.source[12, 3] == Source.ESTIMATED
    document.undo()
    np.testing.assert_array_equal(
        motion_of(document, track).joints_rad, before.joints_rad
    )


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(10, 50), st.integers(0, 23)), max_size=6))
def test_the_motion_on_other_keys_never_moves(places: list[tuple[int, int]]) -> None:
    document = empty_document(60)
    track = document.tracks[add_person(document, start=10, stop=51).id]
    rng = np.random.default_rng(1)
    for frame, joint in places:
        if frame == 30:  # the scene's missing frame
            continue
        held = {
            key.frame: resolve(track, document.keys_of(track.id)).joints_rad[
                key.frame - 10, list(key.joints)
            ]
            for key in document.keys_of(track.id)
            if key.frame != frame
        }
        with document.edit("Rotate") as edit:
            pose.rotate_joint(
                edit,
                document,
                track,
                frame=frame,
                joint=joint,
                delta_parent_rad=rng.normal(0, 0.5, 3),
            )
        now = resolve(track, document.keys_of(track.id)).joints_rad
        for key_frame, expected in held.items():
            key = document.key_at(track.id, key_frame)
            assert key is not None
            np.testing.assert_array_equal(
                now[key_frame - 10, list(key.joints)], expected
            )


def test_a_whole_body_key_holds_the_pose_against_a_new_base(scene) -> None:
    document, track = scene
    before = motion_of(document, track)
    with document.edit("Key whole body") as edit:
        pose.insert_key(edit, document, track, frame=20)
    key = document.key_at(track.id, 20)
    assert key is not None
    assert len(key.joints) == 24
    np.testing.assert_allclose(
        motion_of(document, track).joints_rad[10], before.joints_rad[10], atol=1e-12
    )


def test_keys_move_copy_and_go(scene) -> None:
    document, track = scene
    with document.edit("Rotate") as edit:
        pose.rotate_joint(
            edit,
            document,
            track,
            frame=15,
            joint=4,
            delta_parent_rad=np.array([0.3, 0, 0]),
        )
    key = document.key_at(track.id, 15)
    assert key is not None
    with document.edit("Move key") as edit:
        moved = pose.move_key(edit, document, key, 18)
    assert [k.frame for k in document.keys_of(track.id)] == [18]
    with document.edit("Copy key") as edit:
        pose.copy_key(edit, document, moved, 40)
    with document.edit("Blend") as edit:
        pose.set_blend(edit, moved, blend_in=0, blend_out=9)
    assert [k.frame for k in document.keys_of(track.id)] == [18, 40]
    assert document.keys_of(track.id)[0].blend_out == 9
    with pytest.raises(StudioError, match="outside the track"):
        with document.edit("Move key") as edit:
            pose.move_key(edit, document, moved, 55)
    with document.edit("Delete key") as edit:
        pose.delete_key(edit, document.keys_of(track.id)[0])
    assert [k.frame for k in document.keys_of(track.id)] == [40]


def test_a_missing_frame_cannot_be_keyed(scene) -> None:
    document, track = scene
    with pytest.raises(StudioError, match="missing on frame 30"):
        with document.edit("Rotate") as edit:
            pose.rotate_joint(
                edit,
                document,
                track,
                frame=30,
                joint=4,
                delta_parent_rad=np.array([0.3, 0, 0]),
            )


def test_people_are_renamed_recoloured_locked_and_deleted(scene) -> None:
    document, track = scene
    person = document.persons[track.person_id]
    before = state_of(document)
    with document.edit("Rename") as edit:
        people.rename_person(edit, person, "  Ravi \n")
    with document.edit("Recolour") as edit:
        people.recolour_person(edit, document.persons[person.id], "pink")
    assert document.persons[person.id].name == "Ravi"
    with document.edit("Add person") as edit:
        assert people.add_person(edit, document).name == "Person A"
    with document.edit("Lock") as edit:
        people.set_locked(edit, document.persons[person.id], locked=True)
    with pytest.raises(StudioError, match="Ravi is locked"):
        with document.edit("Delete") as edit:
            people.delete_person(edit, document, document.persons[person.id])
    document.undo()
    with document.edit("Delete") as edit:
        people.delete_person(edit, document, document.persons[person.id])
    assert not document.tracks
    while document.history.position > 1:
        document.undo()
    assert state_of(document) == before
    with pytest.raises(StudioError, match="needs a name"):
        with document.edit("Rename") as edit:
            people.rename_person(edit, person, "  ")


def test_new_people_get_the_colour_used_least(scene) -> None:
    document, _ = scene
    for number in range(11):
        with document.edit("Add person") as edit:
            person = people.add_person(edit, document)
            people.rename_person(edit, person, f"Walker {number}")
    colours = [p.colour for p in document.persons.values()]
    assert len(set(colours[:10])) == 10
    assert max(colours.count(c) for c in colours) == 2


def test_what_is_no_number_is_refused(scene) -> None:
    document, track = scene
    before = motion_of(document, track).joints_rad.copy()
    with pytest.raises(StudioError, match="no number"), document.edit("Turn") as edit:
        pose.set_joint_rotation(
            edit,
            document,
            track,
            frame=12,
            joint=18,
            rotation_rad=np.array([0.0, np.nan, 0.0]),
        )
    after = motion_of(document, track).joints_rad
    assert np.array_equal(after, before, equal_nan=True)
    assert document.history.undo_label == "Add person"
