"""Joints and landmarks of a posed skeleton against worked numbers."""

import numpy as np
import pytest

from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.core.skeleton import skeleton
from hpe_studio.motion import kinematics
from hpe_studio.motion.rotations import compose, matrix_from_rotvec
from tests.work import calls_of

SMPL = skeleton("smpl24")
LEFT_SHOULDER, LEFT_WRIST = SMPL.index("left_shoulder"), SMPL.index("left_wrist")

# Offsets from the parent of a symmetric stick figure with SMPL's tree, metres.
_LEFT = {
    1: (0.06, -0.09, 0), 4: (0.04, -0.38, 0), 7: (-0.01, -0.40, -0.03),
    10: (0.04, -0.06, 0.12), 13: (0.08, 0.12, -0.02), 16: (0.09, 0.03, -0.01),
    18: (0.26, -0.01, -0.02), 20: (0.25, 0.01, 0), 22: (0.08, -0.01, -0.01),
}  # fmt: skip
_MIDDLE = {
    3: (0, 0.11, -0.02), 6: (0, 0.13, 0), 9: (0, 0.05, 0.02), 12: (0, 0.21, -0.03),
    15: (0, 0.09, 0.05),
}  # fmt: skip


def stick_rest_m():
    """Rest joints, pelvis at the origin, shape (24, 3)."""
    right = {SMPL.mirror_permutation()[i]: (-x, y, z) for i, (x, y, z) in _LEFT.items()}
    rest = np.zeros((24, 3))
    for joint, offset in sorted({**_LEFT, **_MIDDLE, **right}.items()):
        rest[joint] = rest[SMPL.parents[joint]] + offset
    return rest


def random_pose(*shape, seed=0):
    return np.random.default_rng(seed).normal(0, 0.6, (*shape, 24, 3))


def fk(pose, root=(0.0, 0.0, 0.0), rest=None):
    rest = stick_rest_m() if rest is None else rest
    return kinematics.forward_kinematics(SMPL.parents, rest, pose, np.array(root))


def test_rest_pose_and_hanging_arm_of_the_stick_figure():
    joints, _ = fk(np.zeros((24, 3)))
    np.testing.assert_allclose(joints[LEFT_WRIST], [0.68, 0.44, -0.05], atol=1e-12)
    pose = np.zeros((24, 3))
    pose[LEFT_SHOULDER] = [0, 0, -np.pi / 2]
    joints, _ = fk(pose)
    np.testing.assert_allclose(joints[LEFT_WRIST], [0.17, -0.07, -0.05], atol=1e-12)


def test_the_pelvis_lies_exactly_at_the_root_whatever_the_shape():
    rest = stick_rest_m() + np.array([0.3, -0.24, 0.03])
    root = np.array([[1.1, 2.2, 3.3], [4.4, 5.5, 6.6]])
    joints, _ = fk(random_pose(2), root, rest)
    assert np.array_equal(joints[:, 0], root)
    moved, _ = fk(random_pose(2), root, stick_rest_m())
    np.testing.assert_allclose(joints, moved, atol=1e-12)


def test_compiled_and_numpy_loops_agree(monkeypatch):
    pose, root = random_pose(5, 7), np.random.default_rng(1).normal(size=(5, 7, 3))
    pose[0, 0, 3] = [1e-9, 0, 0]
    fast = fk(pose, root)
    assert kinematics._compiled() is not None
    monkeypatch.setattr(kinematics, "_compiled", lambda: None)
    plain = fk(pose, root)
    assert fast[0].shape == (5, 7, 24, 3)
    assert fast[1].shape == (5, 7, 24, 3, 3)
    for a, b in zip(fast, plain, strict=True):
        np.testing.assert_allclose(a, b, atol=1e-13)


def test_turning_the_frame_turns_the_person():
    """Scene' = R scene + t: the root rotation and place change, nothing else."""
    pose, root = random_pose(4), np.random.default_rng(2).normal(size=(4, 3))
    turn, shift = np.array([np.pi, 0, 0]), np.array([0, 0, 5.0])
    matrix = matrix_from_rotvec(turn)
    turned = pose.copy()
    turned[:, 0] = compose(turn, pose[:, 0])
    expected = fk(pose, root)[0] @ matrix.T + shift
    joints, _ = fk(turned, root @ matrix.T + shift)
    np.testing.assert_allclose(joints, expected, atol=1e-12)


def test_transl_of_smpl_pivots_about_the_rest_pelvis():
    model = JointModel(
        skeleton=SMPL,
        joints_m=stick_rest_m() + np.array([0, -0.24, 0.03]),
        joints_shapedirs_m=np.zeros((24, 3, 10)),
    )
    pelvis = np.array([1, 1.76, 3.03])
    transl = kinematics.smpl_transl_m(model, pelvis, np.zeros(10))
    np.testing.assert_allclose(transl, [1, 2, 3], atol=1e-12)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_missing_joint_takes_only_its_own_branch_with_it(monkeypatch, compiled):
    if not compiled:
        monkeypatch.setattr(kinematics, "_compiled", lambda: None)
    pose = random_pose(3)
    whole, _ = fk(pose)
    pose[1, LEFT_SHOULDER] = np.nan
    gapped, _ = fk(pose)
    below = list(SMPL.descendants(LEFT_SHOULDER))[1:]
    assert np.isnan(gapped[1, below]).all()
    gapped[1, below] = whole[1, below]
    assert np.array_equal(gapped, whole)


def test_one_frame_is_a_few_steps_and_many_are_as_few():
    rest = stick_rest_m()

    def work(pose, root):
        kinematics.forward_kinematics(SMPL.parents, rest, pose, root)  # compiled
        return calls_of(
            lambda: kinematics.forward_kinematics(SMPL.parents, rest, pose, root)
        )

    one = work(random_pose(), np.zeros(3))
    assert one < 100
    assert work(random_pose(200), np.zeros((200, 3))) <= one + 10


def toy_model():
    """Stick figure whose first beta makes it taller; two landmarks of four."""
    rest = stick_rest_m()
    directions = np.zeros((24, 3, 2))
    directions[:, 1, 0] = rest[:, 1] * 0.1
    elbow = SMPL.index("left_elbow")
    middle = 0.5 * (rest[elbow] + rest[LEFT_WRIST])
    marks = Landmarks(
        name="toy",
        index=np.array([1, 3, 3]),
        joint=np.array([LEFT_WRIST, LEFT_WRIST, elbow]),
        weight=np.array([1.0, 0.25, 0.75]),
        point_m=np.stack([rest[LEFT_WRIST], 0.25 * middle, 0.75 * middle]),
        point_shapedirs_m=np.zeros((3, 3, 2)),
        count=4,
    )
    return JointModel(
        skeleton=SMPL,
        joints_m=rest,
        joints_shapedirs_m=directions,
        landmarks={"toy": marks},
    )


def test_landmarks_are_skinned_by_their_parts():
    model, pose = toy_model(), random_pose(6)
    root = np.random.default_rng(5).normal(size=(6, 3))
    joints, turns = kinematics.forward_kinematics(
        SMPL.parents, model.rest_joints_m(np.zeros(2), scale=1.1), pose, root
    )
    points = kinematics.landmarks_m(model, "toy", joints, turns, np.zeros(2), 1.1)
    assert points.shape == (6, 4, 3)
    assert np.isnan(points[:, [0, 2]]).all()
    np.testing.assert_allclose(points[:, 1], joints[:, LEFT_WRIST], atol=1e-12)
    elbow = SMPL.index("left_elbow")
    half = 0.55 * (stick_rest_m()[LEFT_WRIST] - stick_rest_m()[elbow])
    by_wrist = joints[:, LEFT_WRIST] - np.einsum(
        "nij,j->ni", turns[:, LEFT_WRIST], half
    )
    by_elbow = joints[:, elbow] + np.einsum("nij,j->ni", turns[:, elbow], half)
    np.testing.assert_allclose(
        points[:, 3], 0.25 * by_wrist + 0.75 * by_elbow, atol=1e-12
    )


def test_a_missing_joint_hides_only_its_landmarks():
    model = toy_model()
    joints, turns = fk(random_pose(2))
    joints[0, LEFT_WRIST] = np.nan
    points = kinematics.landmarks_m(model, "toy", joints, turns, np.zeros(2))
    assert np.isnan(points[0]).all()
    assert np.isfinite(points[1, [1, 3]]).all()


def test_joints_are_carried_over_by_name():
    wide, small = skeleton("smplx55"), SMPL
    pose = np.random.default_rng(0).normal(size=(2, 55, 3)).astype(np.float32)
    pose[1, 0] = np.nan
    reduced = kinematics.remapped_joints_rad(pose, wide, small)
    assert reduced.dtype == np.float32
    assert np.array_equal(reduced[0, :22], pose[0, :22])
    assert not reduced[0, 22:].any()
    assert np.isnan(reduced[1, 22:]).all()
    back = kinematics.remapped_joints_rad(reduced, small, wide)
    assert np.array_equal(back[0, :22], pose[0, :22])
    assert not back[0, 22:].any()
