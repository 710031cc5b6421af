"""Comparing people made by hand: who is matched, what counts, what never does."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.metrics.comparing import Setting, compared
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.pairing import paired
from hpe_studio.metrics.people import People
from hpe_studio.metrics.protocol import NAMED, Protocol

JOINTS = landmark_set("coco19").names
STUDIO = NAMED["studio"]


def crowd(frames: int = 12, count: int = 3, seed: int = 1) -> People:
    """People two metres apart who walk, seen by a camera far away."""
    rng = np.random.default_rng(seed)
    body = rng.normal(size=(1, count, len(JOINTS), 3)) * 0.3
    hips = [JOINTS.index(name) for name in ("left_hip", "right_hip")]
    body[:, :, JOINTS.index("mid_hip")] = body[:, :, hips].mean(2)
    body = body + np.arange(count)[:, None, None] * np.array([2.0, 0, 0])
    walk = np.arange(frames)[:, None, None, None] * np.array([0.02, 0, 0.01])
    points = body + walk
    return People(
        names=tuple(f"id {i}" for i in range(count)),
        joints=JOINTS,
        points_m=points,
        points_px=300 * points[..., :2] + [200, 540],
    )


def setting(people: People, **more: object) -> Setting:
    frames = np.arange(people.frame_count)
    return Setting(
        frames=frames,
        truth_frames=frames.astype(float),
        fps=30.0,
        size_px=(1920, 1080),
        **more,
    )


def shifted(people: People, shift_m: tuple[float, float, float]) -> People:
    return replace(people, points_m=people.points_m + np.array(shift_m))


def against(
    prediction: People, truth: People, protocol: Protocol = STUDIO
) -> Comparison:
    return compared(prediction, truth, protocol, setting(truth))


def test_a_shift_is_its_length_and_nothing_once_roots_meet() -> None:
    truth = crowd()
    found = against(shifted(truth, (0.03, 0.04, 0)), truth)
    assert found.measures["mpjpe_absolute"].value == pytest.approx(50.0)
    assert found.measures["root"].value == pytest.approx(50.0)
    assert found.error.value == pytest.approx(0.0, abs=1e-9)
    assert found.error.coverage == 1.0
    assert found.counts.matched == found.counts.true_people == 36


def test_a_missing_joint_is_never_averaged() -> None:
    truth = crowd()
    wrist = JOINTS.index("left_wrist")
    broken = truth.points_m.copy()
    broken[:, 0, wrist] = 0.0  # as files write it
    confidence = np.ones(broken.shape[:-1])
    confidence[:, 0, wrist] = -1.0
    seen = replace(truth, points_m=broken, confidence=confidence)
    prediction = shifted(truth, (0.01, 0, 0))
    found = against(prediction, seen, replace(STUDIO, align="none"))
    assert found.error.value == pytest.approx(10.0)
    column = found.joints.index("left_wrist")
    assert np.isnan(found.errors_m[:, 0, column]).all()
    assert found.counts.true_joints == 36 * 14 - 12


def test_a_joint_the_prediction_lacks_lowers_coverage_not_the_error() -> None:
    truth = crowd()
    points = truth.points_m + np.array([0.01, 0, 0])
    points[:, 1, JOINTS.index("nose")] = np.nan  # does not count
    points[:, 1, JOINTS.index("left_knee")] = np.nan
    found = against(
        replace(truth, points_m=points), truth, replace(STUDIO, align="none")
    )
    assert found.error.value == pytest.approx(10.0)
    assert found.counts.lacking == 12
    assert found.error.coverage == pytest.approx(1 - 12 / (36 * 14))


def test_misses_and_ghosts_are_counted_and_never_averaged_away() -> None:
    truth = crowd()
    points = truth.points_m.copy()
    points[:6, 0] = np.nan
    ghost = truth.points_m[:, :1] + np.array([0, 0, 30.0])
    far = truth.points_px[:, :1] + [0, 5000]
    prediction = replace(
        truth,
        names=("a", "b", "c", "ghost"),
        points_m=np.concatenate([points, ghost], axis=1),
        points_px=np.concatenate(
            [np.where(np.isnan(points[..., :2]), np.nan, truth.points_px), far], axis=1
        ),
    )
    found = against(prediction, truth)
    counts = found.counts
    assert (counts.true_people, counts.matched, counts.missed) == (36, 30, 6)
    assert (counts.predicted_people, counts.matched_predictions) == (42, 30)
    assert counts.false_positives == 12
    assert counts.true_joints == (
        counts.counted + counts.lacking + counts.missed_joints
    )
    assert found.missed[:6, 0].all()
    assert np.isnan(found.frame_errors_m[:6, 0]).all()
    assert found.error.coverage == pytest.approx(30 / 36)
    assert found.measures["recall"].value == pytest.approx(100 * 30 / 36)
    punished = against(prediction, truth, replace(STUDIO, missed_mm=150.0))
    assert punished.error.value == pytest.approx(150 * 6 / 36)


def test_nobody_matched_is_said_and_no_number_made() -> None:
    truth = crowd()
    far = replace(truth, points_px=truth.points_px + 1e5)
    with pytest.raises(StudioError, match="nobody of prediction could be matched"):
        against(far, truth)
    blank = replace(truth, points_m=np.full_like(truth.points_m, np.nan))
    with pytest.raises(StudioError, match="prediction has nobody on these frames"):
        against(blank, truth)
    with pytest.raises(StudioError, match="truth has nobody who counts"):
        against(truth, blank)


def test_a_person_without_a_root_is_left_out_and_not_a_ghost() -> None:
    truth = crowd()
    points = truth.points_m.copy()
    for name in ("mid_hip", "left_hip", "right_hip"):
        points[:, 2, JOINTS.index(name)] = np.nan
    found = against(truth, replace(truth, points_m=points))
    assert found.left_out[:, 2].all()
    assert found.counts.true_people == 24
    assert found.counts.false_positives == 0
    assert found.counts.ignored_predictions == 12
    neck = replace(STUDIO, root="neck")
    assert against(truth, replace(truth, points_m=points), neck).counts.matched == 36


def test_the_root_may_stay_out_of_the_mean() -> None:
    truth = crowd()
    points = truth.points_m.copy()
    points[..., JOINTS.index("neck"), 0] += 0.14
    prediction = replace(truth, points_m=points)
    assert against(prediction, truth).error.value == pytest.approx(10.0)
    out = replace(STUDIO, counts_root=False)
    found = against(prediction, truth, out)
    assert found.error.value == pytest.approx(140 / 13)
    assert found.counts.lacking == 0
    assert found.counts.true_joints == 36 * 13


def test_romp_counts_a_miss_as_150_and_unseen_joints_as_nothing() -> None:
    truth = crowd(count=1)
    points = truth.points_m.copy()
    confidence = np.ones(points.shape[:-1])
    confidence[..., JOINTS.index("left_knee")] = 0.1
    romp = replace(NAMED["romp"], offsets_camera_m=())
    prediction = replace(truth, points_m=points + 0.0)
    prediction.points_m[..., JOINTS.index("neck"), 0] += 0.14
    unsure = replace(truth, confidence=confidence)
    assert against(prediction, unsure, romp).error.value == pytest.approx(10.0)
    clean = against(prediction, unsure, replace(romp, invisible="left out"))
    assert clean.error.value == pytest.approx(140 / 13)
    gone = replace(prediction, points_m=prediction.points_m.copy())
    gone.points_m[:6] = np.nan
    assert gone.points_px is not None
    gone = replace(gone, points_px=gone.points_px.copy())
    gone.points_px[:6] = np.nan
    assert against(gone, unsure, romp).error.value == pytest.approx(80.0)


def test_romp_moves_the_truth_in_the_axes_of_the_camera() -> None:
    truth = crowd(count=1)
    found = against(truth, truth, NAMED["romp"])
    moved = math.hypot(60, 30)  # all but the pelvis, of 14
    assert found.error.value == pytest.approx(moved * 13 / 14)
    up = found.truth_m[0, 0, 0] - truth.points_m[0, 0, JOINTS.index("right_ankle")]
    np.testing.assert_allclose(up, [0, -0.06, -0.03], atol=1e-12)


def test_romp_leaves_out_who_is_hardly_in_the_picture() -> None:
    truth = crowd(count=2)
    pixels = truth.points_px.copy()
    pixels[:, 1] -= 5000
    found = against(
        truth, replace(truth, points_px=pixels), replace(NAMED["romp"], matching="root")
    )
    assert found.left_out[:, 1].all()
    assert found.counts.true_people == 12


def test_crmp_lets_one_prediction_serve_for_several_people() -> None:
    truth = crowd(count=2)
    one = replace(
        truth,
        names=("only",),
        points_m=truth.points_m[:, :1],
        points_px=truth.points_px[:, :1],
    )
    found = against(one, truth, NAMED["crmp"])
    assert (found.matches == 0).all()
    assert found.counts.missed == 0


@pytest.mark.parametrize(
    "matching", ["picture", "root", "joints", "oks", "boxes", "greedy", "tracks"]
)
def test_every_way_of_matching_finds_who_is_who(matching: str) -> None:
    truth = crowd()
    order = [2, 0, 1]
    mixed = replace(
        truth,
        points_m=truth.points_m[:, order],
        points_px=truth.points_px[:, order],
    )
    present = np.ones((12, 3), dtype=bool)
    gate = 0.95 if matching == "greedy" else 0.5
    found = paired(mixed, truth, present, matching=matching, gate=gate)  # type: ignore[arg-type]
    np.testing.assert_array_equal(found, [[1, 2, 0]] * 12)


def test_tracks_keep_to_the_one_they_agree_with_most() -> None:
    truth = crowd(count=2)
    swapped = truth.points_m.copy()
    swapped[:3] = swapped[:3, ::-1]
    pixels = truth.points_px.copy()
    pixels[:3] = pixels[:3, ::-1]
    prediction = replace(truth, points_m=swapped, points_px=pixels)
    present = np.ones((12, 2), dtype=bool)
    kept = paired(prediction, truth, present, matching="tracks", gate=0.5)
    np.testing.assert_array_equal(kept, [[0, 1]] * 12)
    free = paired(prediction, truth, present, matching="picture", gate=0.5)
    np.testing.assert_array_equal(free[:3], [[1, 0]] * 3)
    found = against(prediction, truth)
    assert found.measures["switches"].value == 2
    assert found.measures["idf1"].value == pytest.approx(75.0)


def test_a_result_turned_and_scaled_is_right_after_procrustes() -> None:
    truth = crowd(count=1)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])
    prediction = replace(truth, points_m=1.2 * truth.points_m @ turn.T)
    found = against(prediction, truth)
    assert found.error.value > 100
    assert found.measures["pa_mpjpe"].value == pytest.approx(0, abs=1e-6)
    assert found.measures["mpjpe_sequence"].value == pytest.approx(0, abs=1e-6)
    assert found.measures["pa_mpjpe_rigid"].value > 10


def test_numbers_of_movement_need_frames_that_follow_each_other() -> None:
    truth = crowd()
    every_third = truth.on_frames(np.arange(0, 12, 3))
    frames = np.arange(0, 12, 3)
    found = compared(
        every_third,
        every_third,
        STUDIO,
        Setting(frames=frames, truth_frames=frames.astype(float), fps=30.0),
    )
    assert math.isnan(found.measures["acceleration"].value)
    assert found.measures["acceleration"].count == 0
    assert math.isnan(found.measures["jitter"].value)


def test_the_worst_frames_come_first_and_apart() -> None:
    truth = crowd()
    points = truth.points_m.copy()
    points[5, 1, JOINTS.index("left_wrist")] += [0.7, 0, 0]
    points[6, 1, JOINTS.index("left_wrist")] += [0.6, 0, 0]
    points[2, 0, JOINTS.index("right_knee")] += [0.5, 0, 0]
    found = against(replace(truth, points_m=points), truth)
    first, second, *_ = found.worst(5, apart=3)
    assert (first.frame, first.person) == (5, 1)
    assert found.joints[first.joint] == "left_wrist"
    assert first.error_m == pytest.approx(0.7 / 14)
    assert (second.frame, second.person) == (2, 0)


def test_a_clip_without_camera_is_matched_by_places() -> None:
    truth = replace(crowd(), points_px=None)
    found = against(shifted(truth, (0.1, 0, 0)), truth)
    assert found.matching == "root"
    assert any("Without a camera" in note for note in found.notes)
