"""How good an estimate is, end to end: who is found and how near bodies come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.document import Document
from hpe_studio.core.track import Source, Track
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from hpe_studio.workflow.estimate import EstimateOptions
from hpe_studio.workflow.estimating import estimate_into
from hpe_studio.workflow.opening import open_clip

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]

# coco19 limb joints and the MediaPipe points of the same name
COCO19 = np.array([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
MEDIAPIPE = np.array([11, 13, 15, 23, 25, 27, 12, 14, 16, 24, 26, 28])
OWN, TRUTH = 0.015, 0.03
# Camera 3 fits the truth best three frames late (measured over lags 0 to 6; seen by eye
# too). Frame for frame the median is 3.7 %, mostly from frames where nothing is hidden,
# so it is held to the truth with that lag taken out, and to 4 % without.
CAMERA_3_LAG = 3


@contextmanager
def estimated(clip: Path, folder: Path, stop: int) -> Iterator[Document]:
    """The document after the main job over the first frames of a clip."""
    opened = open_clip(clip, project_path=folder / "p.hpes")
    try:
        estimate_into(opened, EstimateOptions(frames=(0, stop)))
        yield opened.project.document
    finally:
        opened.close()


def truth_px(test_data: Path, camera: int, frames: int) -> np.ndarray:
    """The derived truth in a camera, shape (frames, 19, 2), pixels; NaN unknown."""
    folder = test_data / "panoptic" / "derived_p2s_multi"
    calibration = json.loads(next(folder.glob("calibration_*.json")).read_text())
    cam = calibration["cameras"][camera]
    out = np.full((frames, 19, 2), np.nan)
    for frame in range(frames):
        path = folder / "hdPose3d_stage1_coco19" / f"body3DScene_{frame:08d}.json"
        joints = json.loads(path.read_text())["bodies"][0]["joints19"]
        points = np.array(joints).reshape(19, 4)
        seen = np.array(cam["K"]) @ (
            np.array(cam["R"]) @ points[:, :3].T + np.array(cam["t"])
        )
        known = points[:, 3] > 0.1
        out[frame, known] = (seen[:2] / seen[2]).T[known]
    return out


def limbs_px(document: Document, track: Track) -> np.ndarray:
    """The fitted body's limb landmarks, shape (frames, 12, 2), pixels."""
    model = open_body().joint_model
    person = document.persons[track.person_id]
    betas = np.array(person.betas)
    arrays = document.estimates[track.estimate_id or 0].arrays
    joints, rotations = forward_kinematics(
        model.skeleton.parents,
        model.rest_joints_m(betas, scale=person.scale),
        arrays["joints_rad"].astype(float),
        arrays["root_scene_m"].astype(float),
    )
    marks = landmarks_m(model, "mediapipe33", joints, rotations, betas, person.scale)
    return document.camera_at(track.start).project(marks)[:, MEDIAPIPE]


def heights_px(document: Document, track: Track) -> np.ndarray:
    boxes = document.estimates[track.estimate_id or 0].arrays["boxes_px"]
    return boxes[:, 3] - boxes[:, 1]


def own_share(document: Document, track: Track) -> float:
    """Median distance from the person's own points over the box's height."""
    arrays = document.estimates[track.estimate_id or 0].arrays
    with np.errstate(all="ignore"):
        share = arrays["reprojection_px"] / heights_px(document, track)[:, None]
    return float(np.nanmedian(share))


def truth_share(
    document: Document, track: Track, truth: np.ndarray, lag: int = 0
) -> float:
    """Median distance from the truth `lag` frames before over the box's height."""
    shown = np.arange(track.start, track.stop)
    known = shown >= lag
    gaps = limbs_px(document, track)[known] - truth[shown[known] - lag][:, COCO19]
    heights = heights_px(document, track)[known][:, None]
    return float(np.nanmedian(np.linalg.norm(gaps, axis=2) / heights))


@pytest.mark.parametrize(("camera", "people"), [(1, 3), (2, 3), (4, 2)])
def test_people_are_found_and_bodies_lie_on_their_points_and_the_truth(
    test_data: Path, tmp_path: Path, home: Path, camera: int, people: int
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / f"cam0{camera}.mp4"
    with estimated(clip, tmp_path, 40) as document:
        tracks = list(document.tracks.values())
        truth = truth_px(test_data, camera - 1, 40)
        assert len(tracks) == people, "man, woman, and the operator where visible"
        assert max(own_share(document, t) for t in tracks) <= OWN
        assert min(truth_share(document, t, truth) for t in tracks) <= TRUTH
        assert document.history.undo_label == "Smooth"
        sources = {int(v) for t in tracks for v in np.unique(t.base_source)}
        assert sources <= {Source.FILTERED, Source.MISSING}


def test_somebody_behind_another_keeps_his_limbs_and_sides(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / "cam03.mp4"
    with estimated(clip, tmp_path, 100) as document:
        tracks = list(document.tracks.values())
        truth = truth_px(test_data, 2, 100)
        assert len(tracks) == 2, "man and woman, though she hides him"
        assert max(own_share(document, t) for t in tracks) <= OWN
        man = min(tracks, key=lambda t: truth_share(document, t, truth))
        shares = [truth_share(document, man, truth, lag) for lag in range(7)]
        assert abs(int(np.argmin(shares)) - CAMERA_3_LAG) <= 1
        assert shares[CAMERA_3_LAG] <= TRUTH
        assert shares[0] <= 0.04
        hidden = np.arange(58, 100)
        gaps = limbs_px(document, man)[hidden - man.start]
        swapped = np.roll(gaps, 6, axis=1)
        true = truth[hidden - CAMERA_3_LAG][:, COCO19]
        away, exchanged = (
            np.nanmean(np.linalg.norm(points - true, axis=2), axis=1)
            for points in (gaps, swapped)
        )
        assert (away < exchanged).mean() >= 0.95
