"""A dragged joint arrives, pins stay, and only what a hand would move moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.body import open_body
from hpe_studio.core.skeleton import Skeleton, skeleton_for
from hpe_studio.motion.ik import Effector, Reached
from hpe_studio.motion.kinematics import bone_offsets_m, forward_kinematics
from hpe_studio.motion.prior import pose_prior
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.rig import Held, Rig, giving_way, looking, pulled

ROOT_M = np.array([0.2, 0.95, -3.0])
FEET = ("left_ankle", "right_ankle")


def rig_of(count: int = 24, *pins: Held, facing_rad: float = 0.5) -> Rig:
    bones = skeleton_for(count)
    pose = pose_prior(bones).mean_rad.copy()
    pose[0] = (0.0, facing_rad, 0.0)
    rest = open_body(count).joint_model.rest_joints_m(np.zeros(10))
    if len(rest) != count:
        rest = rest[:count]
    return Rig(
        bones=bones, rest_joints_m=rest, joints_rad=pose, root_m=ROOT_M, pins=pins
    )


def placed(rig: Rig) -> tuple[np.ndarray, np.ndarray]:
    return forward_kinematics(
        rig.bones.parents, rig.rest_joints_m, rig.joints_rad, rig.root_m
    )


def moved(rig: Rig, found: Reached) -> set[str]:
    turned = geodesic_rad(rig.joints_rad, found.joints_rad)
    return {rig.bones.joint_names[j] for j in np.flatnonzero(turned > 1e-4)}


def drag(rig: Rig, name: str, by_m: tuple[float, float, float]) -> Reached:
    joint = rig.bones.index(name)
    goal = placed(rig)[0][joint] + np.array(by_m)
    return pulled(rig, Effector(joint=joint, place_m=goal))


def off_m(rig: Rig, found: Reached, name: str, by_m: tuple[float, ...]) -> float:
    joint = rig.bones.index(name)
    return float(
        np.linalg.norm(found.joints_m[joint] - placed(rig)[0][joint] - np.array(by_m))
    )


@pytest.mark.parametrize("count", [24, 52, 55])
@pytest.mark.parametrize(
    ("name", "by_m", "limb"),
    [
        ("left_wrist", (0.05, 0.2, 0.15), {"collar", "shoulder", "elbow"}),
        ("right_elbow", (-0.02, 0.06, 0.05), {"collar", "shoulder"}),
        ("left_ankle", (0.05, 0.25, 0.15), {"hip", "knee"}),
        ("right_foot", (0.0, 0.2, 0.1), {"hip", "knee", "ankle"}),
    ],
)
def test_a_hand_or_a_foot_takes_its_limb_along_and_nothing_else(
    count: int, name: str, by_m: tuple[float, float, float], limb: set[str]
) -> None:
    rig = rig_of(count)
    found = drag(rig, name, by_m)
    side = name.partition("_")[0]
    if name != "right_elbow":  # which lies on a sphere about its shoulder
        assert off_m(rig, found, name, by_m) < 0.002
    assert moved(rig, found) <= {f"{side}_{part}" for part in limb}
    np.testing.assert_array_equal(found.root_m, rig.root_m)


def test_a_finger_takes_hand_and_arm_along() -> None:
    rig = rig_of(55)
    found = drag(rig, "left_index3", (0.05, 0.1, 0.1))
    assert off_m(rig, found, "left_index3", (0.05, 0.1, 0.1)) < 0.002
    assert "left_wrist" in moved(rig, found)
    assert "spine3" not in moved(rig, found)


def test_the_spine_helps_only_when_the_arm_is_stretched_out() -> None:
    rig = rig_of()
    forward = np.array([np.sin(0.5), 0.0, np.cos(0.5)])
    shoulder = placed(rig)[0][rig.bones.index("left_shoulder")]
    wrist = placed(rig)[0][rig.bones.index("left_wrist")]
    for reach_m, is_bent in ((0.45, False), (0.6, True)):
        by_m = tuple((shoulder + reach_m * forward - wrist).tolist())
        found = drag(rig, "left_wrist", by_m)  # type: ignore[arg-type]
        assert off_m(rig, found, "left_wrist", by_m) < 0.002
        assert ("spine3" in moved(rig, found)) is is_bent


def test_nothing_jumps_where_the_spine_begins_to_help() -> None:
    rig = rig_of()
    forward = np.array([np.sin(0.5), 0.0, np.cos(0.5)])
    shoulder = placed(rig)[0][rig.bones.index("left_shoulder")]
    joint = rig.bones.index("left_wrist")
    last = None
    for reach_m in np.linspace(0.40, 0.62, 45):
        goal = shoulder + reach_m * forward
        found = pulled(rig, Effector(joint=joint, place_m=goal))
        if last is not None:
            assert np.linalg.norm(found.joints_m - last, axis=1).max() < 0.05
        last = found.joints_m


@pytest.mark.parametrize("name", ["head", "neck"])
def test_the_head_bends_the_spine_and_the_hips_stay(name: str) -> None:
    rig = rig_of()
    found = drag(rig, name, (0.05, -0.02, 0.06))
    assert off_m(rig, found, name, (0.05, -0.02, 0.06)) < 0.002
    assert moved(rig, found) <= {"neck", "spine1", "spine2", "spine3"}


@pytest.mark.parametrize("facing_rad", [0.5, np.pi - 0.01, -np.pi + 0.01])
@pytest.mark.parametrize("name", ["pelvis", "left_hip"])
def test_feet_stay_with_their_rotation_while_the_pelvis_moves(
    name: str, facing_rad: float
) -> None:
    rig = rig_of(24, facing_rad=facing_rad)
    places, turns = placed(rig)
    found = drag(rig, name, (0.08, -0.2, 0.05))
    assert off_m(rig, found, name, (0.08, -0.2, 0.05)) < 0.002
    _, after = forward_kinematics(
        rig.bones.parents, rig.rest_joints_m, found.joints_rad, found.root_m
    )
    for foot in (rig.bones.index(n) for n in FEET):
        assert np.linalg.norm(found.joints_m[foot] - places[foot]) < 0.002
        cosine = (np.trace(after[foot] @ turns[foot].T) - 1) / 2
        assert np.degrees(np.arccos(min(cosine, 1.0))) < 0.5
    assert found.joints_rad[rig.bones.index("left_knee"), 0] > 0.5


def test_feet_win_over_a_pelvis_that_is_lifted_too_far() -> None:
    rig = rig_of()
    places, _ = placed(rig)
    found = drag(rig, "pelvis", (0.0, 0.4, 0.0))
    for foot in (rig.bones.index(n) for n in FEET):
        assert np.linalg.norm(found.joints_m[foot] - places[foot]) < 0.002


PINNED = st.sampled_from(
    ["left_wrist", "right_wrist", "left_ankle", "right_ankle", "head", "left_knee"]
)
DRAGGED = st.sampled_from(
    ["left_wrist", "right_elbow", "pelvis", "right_ankle", "neck"]
)
STEP_M = st.floats(-0.15, 0.15)


@settings(max_examples=30)
@given(
    name=DRAGGED,
    pins=st.sets(PINNED, max_size=3),
    by_m=st.tuples(STEP_M, STEP_M, STEP_M),
    count=st.sampled_from([24, 55]),
)
def test_pins_stay_and_bones_keep_their_length(
    name: str, pins: set[str], by_m: tuple[float, float, float], count: int
) -> None:
    bones = skeleton_for(count)
    held = tuple(Held(joint=bones.index(p)) for p in sorted(pins - {name}))
    rig = rig_of(count, *held)
    found = drag(rig, name, by_m)
    places, _ = placed(rig)
    for pin in held:
        assert np.linalg.norm(found.joints_m[pin.joint] - places[pin.joint]) < 0.002
    offsets = bone_offsets_m(bones.parents, rig.rest_joints_m)[1:]
    bones_m = found.joints_m[1:] - found.joints_m[list(bones.parents[1:])]
    np.testing.assert_allclose(
        np.linalg.norm(bones_m, axis=1), np.linalg.norm(offsets, axis=1), atol=1e-9
    )


def test_pins_lend_the_whole_body() -> None:
    bones = skeleton_for(24)
    free, by_m = rig_of(), (0.35, 0.15, 0.45)
    pinned = rig_of(24, Held(joint=bones.index("right_ankle"), keeps_turn=True))
    assert off_m(free, drag(free, "left_wrist", by_m), "left_wrist", by_m) > 0.02
    found = drag(pinned, "left_wrist", by_m)
    assert off_m(pinned, found, "left_wrist", by_m) < 0.002
    assert np.linalg.norm(found.root_m - pinned.root_m) > 0.02


def test_a_pinned_hand_keeps_its_rotation_where_it_is_asked_to() -> None:
    bones = skeleton_for(24)
    wrist = bones.index("left_wrist")
    rig = rig_of(24, Held(joint=wrist, keeps_turn=True))
    found = drag(rig, "pelvis", (0.05, -0.1, 0.05))
    _, before = placed(rig)
    _, after = forward_kinematics(
        bones.parents, rig.rest_joints_m, found.joints_rad, found.root_m
    )
    cosine = (np.trace(after[wrist] @ before[wrist].T) - 1) / 2
    assert np.degrees(np.arccos(min(cosine, 1.0))) < 0.5


def test_the_head_looks_where_it_is_told_within_its_limits() -> None:
    rig = rig_of()
    head = rig.bones.index("head")
    places, _ = placed(rig)
    forward = np.array([np.sin(1.2), 0.1, np.cos(1.2)])
    found = looking(rig, head, places[head] + forward)
    _, turns = forward_kinematics(
        rig.bones.parents, rig.rest_joints_m, found.joints_rad, found.root_m
    )
    looks = turns[head][:, 2]
    wanted = places[head] + forward - found.joints_m[head]
    assert looks @ wanted / np.linalg.norm(wanted) > np.cos(np.radians(3))
    prior = pose_prior(rig.bones)
    assert (found.joints_rad <= prior.upper_rad + 0.06).all()
    assert (found.joints_rad >= prior.lower_rad - 0.06).all()


def test_a_limit_that_was_broken_before_makes_nothing_jump() -> None:
    rig = rig_of()
    elbow = rig.bones.index("left_elbow")
    rig.joints_rad[elbow] = (0.0, 0.6, 0.0)
    found = drag(rig, "left_wrist", (1e-6, 0.0, 0.0))
    np.testing.assert_allclose(found.joints_rad, rig.joints_rad, atol=1e-3)


def test_a_straight_arm_bends_the_way_elbows_bend() -> None:
    rig = rig_of()
    rig.joints_rad[1:] = 0.0
    places, _ = placed(rig)
    joint = rig.bones.index("left_wrist")
    inward = places[rig.bones.index("left_shoulder")] - places[joint]
    goal = places[joint] + 0.25 * inward
    found = pulled(rig, Effector(joint=joint, place_m=goal))
    assert np.linalg.norm(found.joints_m[joint] - goal) < 0.002
    assert found.joints_rad[rig.bones.index("left_elbow"), 1] < -0.3


@pytest.mark.parametrize("depth_m", [-0.5, 0.5])
def test_the_picture_is_met_where_depth_cannot_be_kept(depth_m: float) -> None:
    rig = rig_of()
    joint = rig.bones.index("left_elbow")
    places, _ = placed(rig)
    goal = places[joint] + np.array([0.03, 0.05, depth_m])
    asked = Effector(joint=joint, place_m=goal, weight=np.array([1.0, 1.0, 0.05]))
    found = pulled(rig, asked)
    assert np.abs(found.joints_m[joint] - goal)[:2].max() < 0.002
    assert moved(rig, found) <= {"left_collar", "left_shoulder"}


def test_what_gives_way_is_told_by_joint() -> None:
    def names(bones: Skeleton, name: str) -> list[str]:
        return [bones.joint_names[j] for j in giving_way(bones, bones.index(name))]

    bones = skeleton_for(24)
    assert names(bones, "left_ankle") == ["left_hip", "left_knee"]
    assert names(bones, "head") == ["spine1", "spine2", "spine3", "neck"]
    assert names(bones, "pelvis") == []
