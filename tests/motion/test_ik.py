"""Dragged joints arrive, pinned ones stay, bones keep length, the rest is calm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.body import open_body
from hpe_studio.core.skeleton import skeleton
from hpe_studio.motion.ik import Effector, Limb, solve
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.prior import pose_prior

SMPL = skeleton("smpl24")
PRIOR = pose_prior(SMPL)
REST_M = open_body(24).joint_model.rest_joints_m(np.zeros(10))
LEFT_ARM = {"left_collar": 3.0, "left_shoulder": 1.0, "left_elbow": 1.0}
LEFT_LEG = {"left_hip": 1.0, "left_knee": 1.0}
WRIST, ELBOW, SHOULDER = (
    SMPL.index(f"left_{n}") for n in ("wrist", "elbow", "shoulder")
)
ANKLES = SMPL.index("left_ankle"), SMPL.index("right_ankle")


def limb(stiffness: dict[str, float], root: float = np.inf) -> Limb:
    each = np.full(SMPL.joint_count, np.inf)
    for name, value in stiffness.items():
        each[SMPL.index(name)] = value
    return Limb(
        parents=tuple(SMPL.parents),
        rest_joints_m=REST_M,
        stiffness=each,
        root_stiffness=root,
        lower_rad=PRIOR.lower_rad,
        upper_rad=PRIOR.upper_rad,
    )


def standing() -> np.ndarray:
    pose = PRIOR.mean_rad.copy()
    pose[0] = (0.1, 0.6, 0.0)
    return pose


def places(pose: np.ndarray, root: np.ndarray) -> np.ndarray:
    return forward_kinematics(SMPL.parents, REST_M, pose, root)[0]


def arm_length_m(joints_m: np.ndarray) -> float:
    bones = np.diff(joints_m[[SHOULDER, ELBOW, WRIST]], axis=0)
    return float(np.linalg.norm(bones, axis=1).sum())


@settings(max_examples=60)
@given(
    toward=st.tuples(st.floats(0, 1), st.floats(-1, 1), st.floats(0.2, 1)),
    reach=st.floats(0.45, 0.9),
)
def test_a_wrist_arrives_where_the_arm_can_reach(
    toward: tuple[float, float, float], reach: float
) -> None:
    pose = PRIOR.mean_rad.copy()
    arm = limb(LEFT_ARM)
    start = places(pose, np.zeros(3))
    direction = np.array(toward) / np.linalg.norm(toward)
    goal = start[SHOULDER] + direction * reach * arm_length_m(start)
    found = solve(arm, pose, np.zeros(3), [Effector(joint=WRIST, place_m=goal)])
    assert np.linalg.norm(found.joints_m[WRIST] - goal) < 0.002
    still = np.isinf(arm.stiffness)
    np.testing.assert_array_equal(found.joints_rad[still], pose[still])
    np.testing.assert_allclose(
        places(found.joints_rad, found.root_m), found.joints_m, atol=1e-12
    )


def test_out_of_reach_the_arm_is_straight_towards_the_goal() -> None:
    pose, root = standing(), np.zeros(3)
    start = places(pose, root)
    arm = limb({"left_shoulder": 1.0, "left_elbow": 1.0})
    goal = start[SHOULDER] + np.array([1.0, 0.2, 1.0])
    found = solve(arm, pose, root, [Effector(joint=WRIST, place_m=goal)]).joints_m
    stretched = np.linalg.norm(found[WRIST] - found[SHOULDER])
    assert stretched > 0.98 * arm_length_m(start)
    along = (goal - found[SHOULDER]) / np.linalg.norm(goal - found[SHOULDER])
    assert (found[WRIST] - found[SHOULDER]) @ along / stretched > 0.99


def test_feet_stay_on_the_floor_while_the_pelvis_sinks() -> None:
    pose, root = standing(), np.array([0.0, 0.9, -3.0])
    start, turns = forward_kinematics(SMPL.parents, REST_M, pose, root)
    sides = [n.replace("left", s) for n in LEFT_LEG for s in ("left", "right")]
    legs = limb(dict.fromkeys([*sides, "left_ankle", "right_ankle"], 1.0), root=0.1)
    held = [Effector(joint=j, place_m=start[j], turn=turns[j]) for j in ANKLES]
    goal = root + np.array([0.05, -0.15, 0.0])
    found = solve(legs, pose, root, [Effector(joint=0, place_m=goal), *held])
    assert np.linalg.norm(found.joints_m[0] - goal) < 0.002
    for joint in ANKLES:
        assert np.linalg.norm(found.joints_m[joint] - start[joint]) < 0.002
    knee = SMPL.index("left_knee")
    assert found.joints_rad[knee, 0] > pose[knee, 0] + 0.2
    assert found.joints_rad[knee, 0] <= PRIOR.upper_rad[knee, 0]


def test_a_knee_does_not_bend_backwards_to_reach() -> None:
    pose, root = standing(), np.zeros(3)
    start = places(pose, root)
    ankle, hip = ANKLES[0], SMPL.index("left_hip")
    goal = start[hip] + np.array([0.05, -0.5, -0.35])
    found = solve(limb(LEFT_LEG), pose, root, [Effector(joint=ankle, place_m=goal)])
    knee = SMPL.index("left_knee")
    assert found.joints_rad[knee, 0] > PRIOR.lower_rad[knee, 0] - 0.06
    assert np.linalg.norm(found.joints_m[ankle] - goal) < 0.01


def test_a_limit_that_is_already_broken_makes_nothing_jump() -> None:
    pose, root = standing(), np.zeros(3)
    pose[ELBOW] = (0.0, 0.6, 0.0)  # bent the wrong way by the estimator
    start = places(pose, root)
    arm = limb(LEFT_ARM)
    found = solve(arm, pose, root, [Effector(joint=WRIST, place_m=start[WRIST])])
    np.testing.assert_allclose(found.joints_rad, pose, atol=1e-6)


def test_the_picture_is_met_where_depth_may_slide() -> None:
    pose, root = standing(), np.array([0.0, 0.0, -3.0])
    start = places(pose, root)
    far = start[WRIST] + np.array([0.0, 0.05, 0.6])  # the arm is too short in depth
    arm = limb(LEFT_ARM)
    slides = Effector(joint=WRIST, place_m=far, weight=np.array([1.0, 1.0, 0.02]))
    found = solve(arm, pose, root, [slides]).joints_m[WRIST]
    assert np.abs(found - far)[:2].max() < 0.001
    assert found[2] > start[WRIST][2] + 0.1


def test_the_head_looks_at_a_point() -> None:
    pose, root = standing(), np.zeros(3)
    head = SMPL.index("head")
    neck = limb({"neck": 1.0, "head": 1.0})
    goal = places(pose, root)[head] + np.array([1.2, 0.3, 1.0])
    found = solve(neck, pose, root, [Effector(joint=head, aim_m=goal)])
    _, turns = forward_kinematics(SMPL.parents, REST_M, found.joints_rad, root)
    wanted = goal - found.joints_m[head]
    cosine = turns[head][:, 2] @ wanted / np.linalg.norm(wanted)
    assert np.degrees(np.arccos(min(cosine, 1.0))) < 3


@pytest.mark.parametrize("tolerance_m", [0.0, 0.05])
def test_a_tolerance_is_used_before_anything_moves_far(tolerance_m: float) -> None:
    pose, root = standing(), np.zeros(3)
    goal = places(pose, root)[WRIST] + np.array([0.0, 0.1, 0.0])
    asked = Effector(joint=WRIST, place_m=goal, tolerance_m=tolerance_m)
    found = solve(limb(LEFT_ARM), pose, root, [asked]).joints_m[WRIST]
    assert np.linalg.norm(found - goal) == pytest.approx(tolerance_m, abs=0.003)
