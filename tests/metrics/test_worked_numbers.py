"""Every metric against numbers worked out by hand or by the field's own examples."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hpe_studio.metrics import alignment, matching, pose, temporal, world
from hpe_studio.metrics.synchrony import LEAST_SURE, find_lag
from hpe_studio.motion.rotations import matrix_from_rotvec

CORNERS = np.array([[0, 0, 0], [1, 0, 0], [0, 2, 0], [0, 0, 3]], dtype=float)
QUARTER = matrix_from_rotvec(np.array([0, 0, np.pi / 2]))


def lifted() -> np.ndarray:
    points = CORNERS.copy()
    points[1, 2] += 0.3
    return points


def test_one_of_four_joints_off_by_30_cm_is_75_mm() -> None:
    errors = pose.root_aligned_errors_m(lifted(), CORNERS, 0)
    assert pose.mean_error_m(errors) == pytest.approx(0.075)


def test_least_squares_may_make_the_mean_worse() -> None:
    scaled = pose.procrustes_errors_m(lifted(), CORNERS)
    rigid = pose.procrustes_errors_m(lifted(), CORNERS, with_scale=False)
    assert pose.mean_error_m(scaled) * 1e3 == pytest.approx(108.354, abs=1e-3)
    assert pose.mean_error_m(rigid) * 1e3 == pytest.approx(107.051, abs=1e-3)
    found = alignment.best_similarity(lifted(), CORNERS)
    assert float(found.scale) == pytest.approx(1.016051, abs=1e-6)


def test_a_turned_doubled_moved_pose_is_the_same_pose() -> None:
    moved = 2 * CORNERS @ QUARTER.T + [5, 6, 7]
    assert pose.mean_error_m(pose.procrustes_errors_m(moved, CORNERS)) < 1e-9
    assert float(alignment.best_similarity(moved, CORNERS).scale) == pytest.approx(0.5)
    rigid = pose.procrustes_errors_m(moved, CORNERS, with_scale=False)
    assert pose.mean_error_m(rigid) == pytest.approx(1.530501, abs=1e-6)
    plain = pose.root_aligned_errors_m(moved, CORNERS, 0)
    np.testing.assert_allclose(plain, [0, 2.236068, 4.472136, 3], atol=1e-6)
    assert pose.mean_error_m(plain) == pytest.approx(2.427051, abs=1e-6)


def test_a_mirror_image_is_another_pose() -> None:
    mirrored = CORNERS * [-1, 1, 1]
    found = alignment.best_similarity(mirrored, CORNERS)
    assert np.linalg.det(found.rotation) == pytest.approx(1.0)
    errors = pose.procrustes_errors_m(mirrored, CORNERS)
    assert pose.mean_error_m(errors) == pytest.approx(0.550938, abs=1e-6)


@pytest.mark.parametrize("batch", [1, 2, 3, 5])
def test_batches_of_any_size_are_aligned_one_by_one(batch: int) -> None:
    rng = np.random.default_rng(batch)
    p, g = rng.normal(size=(2, batch, 6, 3))
    together = pose.procrustes_errors_m(p, g)
    alone = np.stack(
        [pose.procrustes_errors_m(a, b) for a, b in zip(p, g, strict=True)]
    )
    np.testing.assert_allclose(together, alone, atol=1e-12)


def test_what_was_not_seen_counts_neither_way() -> None:
    valid = np.array([True, True, True, False])
    broken = lifted()
    broken[3] = np.nan
    errors = pose.root_aligned_errors_m(broken, CORNERS, 0)
    assert np.isnan(errors[3])
    assert pose.mean_error_m(errors) == pytest.approx(0.1)
    assert pose.coverage(broken, CORNERS) == 0.75
    assert pose.coverage(broken, CORNERS, valid) == 1.0
    two = np.array([True, True, False, False])
    assert np.isnan(pose.procrustes_errors_m(lifted(), CORNERS, two)).all()
    line = np.outer(np.arange(4.0), [1, 2, 3])
    assert np.isnan(pose.procrustes_errors_m(line, line)).all()
    assert math.isnan(pose.mean_error_m(np.full((2, 3), np.nan)))


def test_a_doubled_pose_has_no_error_after_scaling() -> None:
    errors = pose.scaled_errors_m(2 * CORNERS, CORNERS, 0)
    assert pose.mean_error_m(errors) == pytest.approx(0.0, abs=1e-12)


def test_shares_of_correct_joints() -> None:
    errors = np.array([0, 40, 90, 149.9, 150, 151, 300]) / 1e3
    assert pose.correct_share(errors) == pytest.approx(5 / 7)
    assert pose.correct_area(errors) == pytest.approx(0.317972, abs=1e-6)


def test_angles_between_rotations() -> None:
    errors = pose.angle_errors_rad(QUARTER[None], np.eye(3)[None])
    np.testing.assert_allclose(np.degrees(errors), [90])


def test_a_body_moved_as_a_whole_has_no_vertex_error() -> None:
    errors = pose.vertex_errors_m(CORNERS + 1.0, CORNERS, np.full(3, 1.0), np.zeros(3))
    np.testing.assert_allclose(errors, 0, atol=1e-12)


def test_acceleration_and_jitter() -> None:
    p, g = np.zeros((2, 4, 1, 3))
    p[:, 0, 0], g[:, 0, 0] = [0, 1e-3, 4e-3, 9e-3], [0, 1e-3, 2e-3, 3e-3]
    errors = temporal.acceleration_errors_m(p, g)
    np.testing.assert_allclose(errors, 0.002)
    assert float(errors.mean() * 30**2) == pytest.approx(1.8)
    cubic = np.zeros((6, 1, 3))
    cubic[:, 0, 0] = np.arange(6) ** 3 * 1e-3
    assert temporal.jitter_m_s3(cubic, 30.0) == pytest.approx(162)
    assert math.isnan(temporal.jitter_m_s3(cubic[:3], 30.0))


def test_skating_counts_only_where_the_foot_truly_stands() -> None:
    true_feet = np.zeros((5, 1, 3))
    true_feet[3:, 0, 0] = 0.5
    feet = true_feet.copy()
    feet[:, 0, 0] += 0.004 * np.arange(5)
    skate, count = temporal.skate_m(feet, true_feet, 30.0)
    assert count == 3
    assert skate == pytest.approx(0.004)
    stands = np.ones((5, 1), dtype=np.bool_)
    gliding = np.zeros((5, 1, 3))
    gliding[:, 0, 0] = 0.01 * np.arange(5)
    assert temporal.skate_without_truth_m(gliding, stands) == pytest.approx(0.01)
    gliding[:, 0, 1] = 0.025
    assert temporal.skate_without_truth_m(gliding, stands) == pytest.approx(0.0)


def test_depth_below_the_floor() -> None:
    feet = np.array([[[0, 0.1, 0]], [[0, -0.04, 0]]])
    assert temporal.penetration_m(feet) == pytest.approx((0.02, 0.04))


def test_world_errors_of_a_walk_that_is_too_long() -> None:
    shape = np.array([[0, 0, 0], [0, 1, 0], [0.3, 0, 0]])
    steps = np.arange(4)[:, None, None] * np.array([1.0, 0, 0])
    truth, prediction = shape + steps, shape + 1.1 * steps
    found = world.world_errors(prediction, truth)
    assert found.first_m * 1e3 == pytest.approx(62.2749, abs=1e-3)
    assert found.first_scale == pytest.approx(0.949516, abs=1e-6)
    assert found.all_m * 1e3 == pytest.approx(39.7713, abs=1e-3)
    assert found.all_scale == pytest.approx(0.921640, abs=1e-6)
    p, g = prediction[:, 0], truth[:, 0]
    assert world.trajectory_error(p, g) == pytest.approx(0.1 / 3)
    assert world.trajectory_rmse_m(p, g) == pytest.approx(0.111803, abs=1e-6)
    assert math.isnan(world.trajectory_error(p * 0, g * 0))


def test_matching_is_best_for_all_not_for_the_first() -> None:
    cost = np.array([[1, 2], [1.1, 10]])
    assert matching.matched(cost, gate=100) == [(0, 1), (1, 0)]
    assert matching.matched(cost, gate=2) == [(0, 0)]
    assert matching.matched(np.array([[np.nan]]), gate=1) == []


def test_object_keypoint_similarity() -> None:
    truth = np.zeros((17, 2))
    points = truth + np.array([10, 0])
    for point, similar in ((0, 0.396707), (11, 0.946873)):
        visible = np.arange(17) == point
        found = matching.keypoint_similarity(points, truth, visible, 20000)
        assert found == pytest.approx(similar, abs=1e-6)


def test_absolute_detection_as_voxelpose_counts_it() -> None:
    found = matching.detection(
        np.array([20, 60, 30, 110]) / 1e3,
        np.array([0.9, 0.8, 0.7, 0.6]),
        np.array([0, 1, 0, 2]),
        3,
    )
    wanted = [1 / 3, 1 / 3, 2 / 3, 2 / 3, 0.9167, 0.9167]
    np.testing.assert_allclose(found.precision, wanted, atol=1e-4)
    assert found.mean_precision == pytest.approx(0.63888, abs=1e-4)
    assert found.error_m * 1e3 == pytest.approx(190 / 3)
    assert found.recall == 1.0


def test_what_agrees_by_chance_over_few_frames_is_no_offset() -> None:
    rng = np.random.default_rng(4)
    truth = rng.uniform(1, 2, size=80)
    mine = truth + rng.normal(size=80) * 0.15
    mine[:9] = truth[-9:] + rng.normal(size=9) * 0.02  # better, over nine frames alone
    found = find_lag(
        mine, truth, prediction_first=0, truth_first=0, rate=1.0, search_frames=75
    )
    assert found.offset_frames == pytest.approx(0, abs=0.2)
    assert 0.5 < found.agreement < 0.999
    assert found.sure > LEAST_SURE
    other = rng.uniform(1, 2, size=80)
    chance = find_lag(
        other, truth, prediction_first=0, truth_first=0, rate=1.0, search_frames=60
    )
    assert chance.sure < LEAST_SURE
