"""The body fitted to 3D points: against exact truth and on real ground truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.body import open_body
from hpe_studio.core.jobs import run_job
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.motion.point_fitting import PointFit, fit_points, joined, leaps_of
from hpe_studio.motion.prior import pose_prior
from tests.motion.point_scene import PointScene, moving_points

COCO = landmark_set("coco19")


def fitted(scene: PointScene, points_m=None, confidence=None, **options) -> PointFit:
    points = scene.points_m if points_m is None else points_m
    return run_job(
        fit_points(points, confidence, scene.landmarks, scene.model, **options)
    )


def truth_error_mm(scene: PointScene, fit: PointFit) -> np.ndarray:
    """Distance of the fitted points from the true ones, shape (frames, points)."""
    ours = scene.places_m(fit.joints_rad, fit.root_scene_m, fit.betas, fit.scale)
    true = scene.places_m(scene.joints_rad, scene.root_m, scene.betas, scene.scale)
    return 1000 * np.linalg.norm(ours - true, axis=-1)


def test_exact_points_give_the_body_back() -> None:
    scene = moving_points(betas=(1.0, -1.0))
    fit = fitted(scene, betas=scene.betas)
    assert truth_error_mm(scene, fit).mean() < 4
    assert fit.mean_error_m < 0.004
    away_mm = 1000 * np.linalg.norm(fit.root_scene_m - scene.root_m, axis=1)
    assert np.median(away_mm) < 10
    assert fit.error_m.shape == scene.points_m.shape[:2]


def test_one_shape_is_found_for_all_frames() -> None:
    scene = moving_points(seed=1, betas=(1.5, 1.0), noise_m=0.005)
    fit = fitted(scene)
    assert fit.scale == 1.0
    assert fit.mean_error_m < 0.012
    tree = scene.model.skeleton
    true = scene.model.rest_joints_m(scene.betas)
    found = scene.model.rest_joints_m(fit.betas, scale=fit.scale)
    for name in ("left_knee", "right_ankle", "left_elbow", "right_wrist"):
        joint = tree.index(name)
        above = tree.parents[joint]
        lengths = [np.linalg.norm(r[joint] - r[above]) for r in (found, true)]
        assert lengths[0] == pytest.approx(lengths[1], rel=0.04)


def test_a_child_is_a_small_body_not_an_impossible_one() -> None:
    scene = moving_points(seed=2, scale=0.62)
    fit = fitted(scene)
    assert fit.scale == pytest.approx(0.62, abs=0.05)
    assert np.abs(fit.betas).max() < 2.0
    assert fit.mean_error_m < 0.010


def test_a_given_shape_is_kept() -> None:
    scene = moving_points(frames=8)
    betas = np.array([0.5, 0.2])
    fit = fitted(scene, betas=betas, scale=1.05)
    assert fit.betas[:2] == pytest.approx(betas)
    assert fit.scale == 1.05


def test_missing_points_pull_nowhere_and_missing_frames_stay_empty() -> None:
    scene = moving_points(seed=3)
    points, confidence = scene.points_m.copy(), np.full(scene.points_m.shape[:2], 0.5)
    left_leg = [COCO.index("left_knee"), COCO.index("left_ankle")]
    points[:, left_leg] = 0.0  # what a file writes for a joint it does not know
    confidence[:, left_leg] = 0.0
    points[20:24] = np.nan
    fit = fitted(scene, points, confidence, betas=scene.betas)
    assert np.isnan(fit.joints_rad[20:24]).all()
    assert np.isnan(fit.root_scene_m[20:24]).all()
    there = np.delete(np.arange(60), np.arange(20, 24))
    assert np.isfinite(fit.joints_rad[there]).all()
    assert np.isnan(fit.error_m[:, left_leg]).all()
    seen = np.delete(np.arange(19), left_leg)
    assert truth_error_mm(scene, fit)[np.ix_(there, seen)].mean() < 5
    knee = scene.model.skeleton.index("left_knee")
    prior = pose_prior(scene.model.skeleton)
    assert (fit.joints_rad[there, knee] > prior.lower_rad[knee] - 0.1).all()


def test_gross_outliers_do_not_pull() -> None:
    scene = moving_points(seed=4, noise_m=0.003)
    points = scene.points_m.copy()
    rng = np.random.default_rng(5)
    for frame in range(0, 60, 3):
        points[frame, rng.integers(3, 15)] += rng.normal(0, 0.6, 3)
    fit = fitted(scene, points)
    clean = truth_error_mm(scene, fitted(scene)).mean()
    assert truth_error_mm(scene, fit).mean() < clean + 5


def test_trembling_points_make_a_calmer_body() -> None:
    scene = moving_points(seed=6, noise_m=0.01)
    fit = fitted(scene, betas=scene.betas)
    ours = scene.places_m(fit.joints_rad, fit.root_scene_m, fit.betas, fit.scale)

    def uneven(places) -> float:
        return float(np.linalg.norm(np.diff(places, 2, axis=0), axis=-1).mean())

    assert uneven(ours) < 0.5 * uneven(scene.points_m)
    assert truth_error_mm(scene, fit).mean() < 10


@pytest.mark.data
def test_frames_that_are_no_film_are_fitted_each_by_itself(test_data: Path) -> None:
    """Four pictures of a data set, as one file; tied together they were 678 mm off."""
    path = test_data / "poseout" / "test_h36m_body3d.npz"
    (run,) = hs.read(path).points
    assert leaps_of(run.points_scene_m, 30).tolist() == [False, True, True, True]
    model = open_body().joint_model
    marks = model.landmarks[run.point_set.name]
    fit = run_job(fit_points(run.points_scene_m, None, marks, model))
    assert np.nanmean(fit.error_m, axis=1).max() < 0.035


def test_what_moves_as_people_do_never_leaps() -> None:
    scene = moving_points(seed=4, noise_m=0.03)
    points_m = scene.points_m.copy()
    points_m[5:9] = np.nan  # away for a while
    points_m[:, 3] += 2.0  # one point is always wrong
    assert not leaps_of(points_m, 30).any()
    elsewhere = np.concatenate([points_m, points_m + 3.0])
    assert np.flatnonzero(leaps_of(elsewhere, 30)).tolist() == [len(points_m)]


def test_nobody_in_the_points_is_nobody() -> None:
    scene = moving_points(frames=3)
    fit = fitted(scene, np.full_like(scene.points_m, np.nan))
    assert np.isnan(fit.root_scene_m).all()
    assert np.isnan(fit.mean_error_m)
    assert not fit.betas.any()


def test_the_fit_tells_how_far_it_is_and_can_be_stopped() -> None:
    scene = moving_points(frames=80)
    job = fit_points(scene.points_m, None, scene.landmarks, scene.model)
    shares = [next(job).fraction for _ in range(8)]
    job.close()
    assert shares == sorted(shares)
    with pytest.raises(StopIteration):
        next(job)


def test_sets_are_joined_point_by_point() -> None:
    sets = open_body().joint_model.landmarks
    both = joined([sets["coco19"], sets["mediapipe33"]])
    assert both.count == 19 + 33
    mine = both.index[: len(sets["coco19"].index)]
    assert (mine == sets["coco19"].index).all()
    assert both.index.max() == 19 + sets["mediapipe33"].index.max()
    assert (np.diff(both.index) >= 0).all()


@pytest.mark.data
def test_band1_is_followed_within_30_mm_with_one_shape_each(test_data: Path) -> None:
    model = open_body().joint_model
    for person, (points, confidence) in _band1(test_data).items():
        fit = run_job(fit_points(points, confidence, model.landmarks["coco19"], model))
        valid = np.isfinite(points).all(-1)
        assert np.isfinite(fit.error_m[valid]).all(), person
        assert 1000 * fit.error_m[valid].mean() <= 30, person
        assert np.isfinite(fit.root_scene_m).all()
        assert fit.scale == 1.0
        assert np.abs(fit.betas).max() < 3


def _band1(test_data: Path) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    folder = test_data / "panoptic/160906_band1/hdPose3d_stage1_coco19"
    files = sorted(folder.iterdir())
    raw: dict[int, np.ndarray] = {}
    for row, file in enumerate(files):
        for body in json.loads(file.read_text())["bodies"]:
            place = raw.setdefault(body["id"], np.full((len(files), 19, 4), np.nan))
            place[row] = np.array(body["joints19"]).reshape(19, 4)
    people = {}
    for person, joints in raw.items():
        valid = joints[..., 3] > 0.1
        points = np.where(valid[..., None], joints[..., :3] * [1, -1, -1] / 100, np.nan)
        people[person] = points, np.where(valid, joints[..., 3], 0.0)
    return people


def test_hands_close_where_the_body_has_fingers() -> None:
    model = open_body(55).joint_model
    names = ("coco19", "left_hand21", "right_hand21")
    marks = joined([model.landmarks[name] for name in names])
    scene = moving_points(seed=7, frames=30, landmarks=marks, joint_count=55)
    fit = fitted(scene, betas=scene.betas)
    off_mm = truth_error_mm(scene, fit)
    assert off_mm[:, :19].mean() < 5
    assert off_mm[:, 19:].mean() < 4
    tips = [19 + 8, 19 + 12, 40 + 8, 40 + 12]  # index and middle of both hands
    assert np.median(off_mm[:, tips]) < 6


def test_fingers_without_points_stay_still() -> None:
    scene = moving_points(seed=8, frames=10, joint_count=55)
    fit = fitted(scene, betas=scene.betas)
    fingers = [
        joint
        for joint, name in enumerate(scene.model.skeleton.joint_names)
        if name[-1] in "123" and "spine" not in name
    ]
    assert len(fingers) == 30
    assert not fit.joints_rad[:, fingers].any()
