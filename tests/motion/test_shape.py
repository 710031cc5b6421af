"""A person keeps bone lengths when another body is chosen."""

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.shape import MAX_BETA, refit_shape
from tests.motion.test_kinematics import stick_rest_m

SMPL = skeleton("smpl24")


def other_body(seed=0):
    """A stick-figure body with ten random shape directions."""
    rng = np.random.default_rng(seed)
    rest = stick_rest_m()
    directions = rng.normal(0, 0.01, (24, 3, 10))
    return JointModel(skeleton=SMPL, joints_m=rest, joints_shapedirs_m=directions)


def bone_lengths_m(rest):
    return np.linalg.norm(rest[1:] - rest[list(SMPL.parents[1:])], axis=1)


@pytest.mark.parametrize("scale", [0.6, 1.0, 1.4])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_bone_lengths_of_a_reachable_person_are_met(scale, seed):
    target = other_body()
    truth = np.random.default_rng(seed).uniform(-2, 2, 10)
    rest = target.rest_joints_m(truth, scale=scale)
    betas, found = refit_shape(rest, target)
    lengths = bone_lengths_m(target.rest_joints_m(betas, scale=found))
    assert np.abs(lengths - bone_lengths_m(rest)).max() < 1e-3
    assert found == pytest.approx(scale, rel=0.05)


@pytest.mark.parametrize("size", [0.7, 1.0, 1.3])
def test_going_to_the_open_body_beats_scaling_its_mean_shape(size):
    target = open_body().joint_model
    goal = bone_lengths_m(size * stick_rest_m())
    betas, scale = refit_shape(size * stick_rest_m(), target)
    fitted = bone_lengths_m(target.rest_joints_m(betas, scale=scale))
    mean = bone_lengths_m(target.joints_m)
    best_scaled = mean * (mean @ goal) / (mean @ mean)
    assert np.linalg.norm(fitted - goal) < 0.6 * np.linalg.norm(best_scaled - goal)
    assert np.abs(betas).max() <= MAX_BETA


def test_pose_and_pelvis_stay_and_limbs_end_nearly_where_they_were():
    target = open_body().joint_model
    truth = np.array([1.0, -0.5, 0.5, 0, 0.3, 0, 0, 0, 0, 0])
    rest = target.rest_joints_m(truth, scale=1.05)
    betas, scale = refit_shape(rest, target)
    pose = np.random.default_rng(0).normal(0, 0.4, (24, 3))
    root = np.array([1.0, 2.0, 3.0])
    before, _ = forward_kinematics(SMPL.parents, rest, pose, root)
    now = target.rest_joints_m(betas, scale=scale)
    after, _ = forward_kinematics(SMPL.parents, now, pose, root)
    assert np.array_equal(before[0], after[0])
    assert np.linalg.norm(after - before, axis=1).max() < 0.02


def test_a_giant_gets_scale_and_no_impossible_shape():
    target = open_body().joint_model
    betas, scale = refit_shape(5 * target.joints_m, target)
    assert np.abs(betas).max() <= MAX_BETA
    size = bone_lengths_m(target.rest_joints_m(betas, scale=scale)).sum()
    assert size == pytest.approx(5 * bone_lengths_m(target.joints_m).sum(), rel=0.02)


def test_other_joint_counts_are_compared_by_name():
    wide = open_body(55).joint_model
    truth = np.array([1.5, -1, 0, 0, 0, 0, 0, 0, 0, 0])
    betas, scale = refit_shape(
        wide.rest_joints_m(truth, scale=0.9), open_body().joint_model
    )
    goal = wide.rest_joints_m(truth, scale=0.9)[:24]
    found = open_body().joint_model.rest_joints_m(betas, scale=scale)
    assert np.abs(bone_lengths_m(found)[:21] - bone_lengths_m(goal)[:21]).max() < 2e-3


def test_skeletons_without_common_bones_are_refused():
    stranger = Skeleton(name="x", joint_names=("a", "b"), parents=(-1, 0))
    with pytest.raises(ValueError, match="fewer than three bones"):
        refit_shape(np.eye(3)[:2], other_body(), source=stranger)
