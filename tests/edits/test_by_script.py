"""Every edit by hand has its function in `hs.edit`: posing, keys, people, cuts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio import edit
from hpe_studio.core.errors import StudioError
from hpe_studio.formats import hpe_json
from tests.core.scenes import state_of
from tests.formats.scenes import motion, person

ANNA = person(name="Anna", seed=1, person_id="a")
BEN = person(name="Ben", seed=2, person_id="b")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[hs.Project]:
    path = tmp_path / "two.json"
    hpe_json.write(motion(ANNA, BEN), path)
    with hs.open(path) as opened:
        yield opened


def test_a_dragged_wrist_arrives_and_the_pinned_one_stays(project: hs.Project) -> None:
    who = project.people[0]
    goal_m = edit.joint_place_m(who, "left_wrist", frame=5) + np.array(
        (0.05, 0.06, 0.04)
    )
    right_m = edit.joint_place_m(who, "right_wrist", frame=5)
    away_m = edit.move_joint(who, "left_wrist", goal_m, frame=5, pins=["right_wrist"])
    assert away_m < 0.002
    assert edit.joint_place_m(who, "left_wrist", frame=5) == pytest.approx(
        goal_m, abs=0.002
    )
    assert edit.joint_place_m(who, "right_wrist", frame=5) == pytest.approx(
        right_m, abs=0.002
    )
    too_far_m = goal_m + np.array((0, 5.0, 0))
    assert edit.move_joint(who, "left_wrist", too_far_m, frame=5) > 1


def test_a_key_is_made_moved_muted_baked_and_reset(project: hs.Project) -> None:
    who = project.people[0]
    before = who.motion.joints_rad.copy()
    edit.rotate_joint(who, "left_elbow", (0, 0, 0.5), frame=4)
    turned = who.motion.joints_rad.copy()
    assert not np.allclose(turned[4, 18], before[4, 18], atol=0.1)
    edit.set_blend(who, frame=4, blend_in=0, blend_out=0)
    alone = who.motion.joints_rad
    np.testing.assert_array_equal(alone[[3, 5]], before[[3, 5]])
    edit.mute_keys(who)
    np.testing.assert_array_equal(who.motion.joints_rad, before)
    edit.mute_keys(who, muted=False)
    edit.move_key(who, frame=4, to=6)
    np.testing.assert_array_equal(who.motion.joints_rad[4], before[4])
    edit.move_key(who, frame=6, to=8, copy=True)
    kept = who.motion.joints_rad.copy()
    assert edit.bake(who) == 2
    np.testing.assert_allclose(who.motion.joints_rad, kept, atol=1e-5)
    with pytest.raises(StudioError, match="no key on frame 6"):
        edit.delete_key(who, frame=6)
    edit.reset(who)
    np.testing.assert_allclose(who.motion.joints_rad, before, atol=1e-6)


def test_poses_are_copied_mirrored_and_held(project: hs.Project) -> None:
    who = project.people[0]
    copied = edit.copy_pose(who, frame=2)
    pose_rad = who.motion.joints_rad[2].copy()
    edit.paste_pose(who, copied, frame=7)
    np.testing.assert_allclose(who.motion.joints_rad[7, 1:], pose_rad[1:], atol=1e-5)
    edit.mirror_pose(who, frame=7)
    left, right = who.motion.joints_rad[7, [18, 19]]
    np.testing.assert_allclose(left, pose_rad[19] * (1, -1, -1), atol=1e-5)
    np.testing.assert_allclose(right, pose_rad[18] * (1, -1, -1), atol=1e-5)
    edit.insert_key(who, frame=1, joints=["head"])
    edit.delete_key(who, frame=1)
    edit.move_person(who, (0, 1, -2), frame=3)
    assert who.motion.root_scene_m[3] == pytest.approx((0, 1, -2), abs=1e-5)


def test_who_is_who_and_where_cuts_are(project: hs.Project) -> None:
    anna, ben = project.people
    ours, theirs = anna.motion.joints_rad.copy(), ben.motion.joints_rad.copy()
    edit.swap(anna, ben, frames=(3, 6))
    np.testing.assert_array_equal(anna.motion.joints_rad[3:6], theirs[3:6])
    np.testing.assert_array_equal(anna.motion.joints_rad[6:], ours[6:])
    edit.swap(anna, ben, frames=(3, 6))
    edit.cut(anna, frame=4)
    edit.join(anna, frame=4)
    np.testing.assert_array_equal(anna.motion.joints_rad, ours)
    edit.rename(anna, "Eva")
    edit.ignore(ben)
    assert project.document.persons[ben.id].ignored
    edit.ignore(ben, ignored=False)
    edit.lock(anna)
    with pytest.raises(StudioError, match="locked"):
        edit.rotate_joint(anna, "head", (0, 0, 1), frame=1)
    edit.lock(anna, locked=False)
    overlap = edit.merge(anna, ben)
    assert overlap == 30
    assert [who.name for who in project.people] == ["Eva"]
    edit.add_cut(project, frame=5)
    edit.move_cut(project, frame=5, to=4)
    edit.set_dissolve(project, frame=4, length=2)
    assert 4 in [shot.start for shot in project.document.shots]
    edit.remove_cut(project, frame=4)
    edit.delete(anna)
    assert not project.people


@pytest.mark.parametrize(
    "act",
    [
        lambda p: edit.rotate_joint(p.people[0], "tail", (0, 0, 1), frame=1),
        lambda p: edit.move_joint(p.people[0], "head", (0, 0, 0), frame=999),
        lambda p: edit.join(p.people[0], frame=4),
        lambda p: edit.move_key(p.people[0], frame=2, to=3),
        lambda p: edit.merge(p.people[0], p.people[0]),
        lambda p: edit.cut(p.people[0], frame=0),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    project: hs.Project, act: Callable[[hs.Project], object]
) -> None:
    before = state_of(project.document)
    with pytest.raises(StudioError):
        act(project)
    assert state_of(project.document) == before


NAN = float("nan")


@pytest.mark.parametrize(
    ("told", "act"),
    [
        (
            "three numbers",
            lambda p, a: edit.move_joint(a, "head", (NAN, 0, 0), frame=1),
        ),
        ("three numbers", lambda p, a: edit.rotate_joint(a, "head", (0, 1), frame=1)),
        ("three numbers", lambda p, a: edit.move_person(a, (0, 0, NAN), frame=1)),
        ("a joint at least", lambda p, a: edit.insert_key(a, frame=1, joints=[])),
        ("whole numbers", lambda p, a: edit.smooth(a, frames=(1.5, 4.0))),
        ("range is empty", lambda p, a: edit.bake(a, frames=(9, 9))),
        ("range is empty", lambda p, a: edit.swap(a, p.people[1], frames=(9, 9))),
        ("cannot be swapped", lambda p, a: edit.swap(a, a, frames=(3, 9))),
        ("has this track already", lambda p, a: edit.give(a, a, frame=3)),
        ("strength is a number", lambda p, a: edit.smooth(a, strength=NAN)),
        ("strength is a number", lambda p, a: edit.smooth(a, strength="much")),
        ("no colour 'bluish'", lambda p, a: edit.recolour(a, "bluish")),
        ("no measure 'tail'", lambda p, a: edit.set_measure(a, "tail", 1.0)),
        ("no body", lambda p, a: edit.set_shape(a, [NAN])),
        ("no body", lambda p, a: edit.set_shape(a, scale=0.0)),
        ("impossible", lambda p, a: edit.set_focal(p, focal_px=NAN)),
    ],
)
def test_nonsense_is_named_and_changes_nothing(
    project: hs.Project, told: str, act: Callable[[hs.Project, hs.Person], object]
) -> None:
    before = state_of(project.document)
    with pytest.raises(StudioError, match=told):
        act(project, project.people[0])
    assert state_of(project.document) == before
