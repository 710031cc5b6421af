"""The main job on real clips: people found, followed, fitted; stopped and resumed."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.errors import CancelledByUser, StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.track import Source
from hpe_studio.workflow.apply_estimate import apply_estimate
from hpe_studio.workflow.estimate import EstimateOptions, estimate_job
from hpe_studio.workflow.estimating import estimate_into
from hpe_studio.workflow.opening import open_clip
from tests.core.scenes import state_of

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own that shares the fetched model files."""
    from hpe_studio.assets import models_folder

    models = models_folder()
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "models").symlink_to(models, target_is_directory=True)
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder


def derived_truth_px(test_data: Path, camera: int, frame: int) -> np.ndarray:
    """The derived truth of pose2sim_multi in a camera, shape (19, 2), pixels."""
    folder = test_data / "panoptic" / "derived_p2s_multi"
    calibration = json.loads(next(folder.glob("calibration_*.json")).read_text())
    cam = calibration["cameras"][camera]
    path = folder / "hdPose3d_stage1_coco19" / f"body3DScene_{frame:08d}.json"
    joints = json.loads(path.read_text())["bodies"][0]["joints19"]
    points = np.array(joints).reshape(19, 4)
    seen = np.array(cam["R"]) @ points[:, :3].T + np.array(cam["t"])
    pixels = np.array(cam["K"]) @ seen
    pixels = (pixels[:2] / pixels[2]).T
    pixels[points[:, 3] <= 0.1] = np.nan
    return pixels


# coco19 limb joints and the MediaPipe points of the same name
COCO19 = np.array([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14])
MEDIAPIPE = np.array([11, 13, 15, 23, 25, 27, 12, 14, 16, 24, 26, 28])


@pytest.mark.timeout(600)
@pytest.mark.parametrize("camera", [1, 2, 3, 4])
def test_two_people_are_found_and_fit_their_points_and_the_truth(
    test_data: Path, tmp_path: Path, home: Path, camera: int
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / f"cam0{camera}.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    try:
        estimate_into(opened, EstimateOptions(frames=(0, 40)))
        document = opened.project.document
        long = [t for t in document.tracks.values() if t.frame_count >= 30]
        assert 2 <= len(long) <= 3, "man, woman, and the operator where visible"
        assert len(document.persons) <= 4
        own, truth = [], []
        model = open_body().joint_model
        for track in long:
            estimate = document.estimates[track.estimate_id or 0]
            boxes = estimate.arrays["boxes_px"]
            height = boxes[:, 3] - boxes[:, 1]
            with np.errstate(all="ignore"):
                middle = np.nanmedian(estimate.arrays["reprojection_px"], axis=1)
            own.append(float(np.nanmedian(middle / height)))
            truth.append(
                distance_from_truth(document, track, model, test_data, camera - 1)
                / float(np.nanmedian(height))
            )
        assert max(own) <= 0.015
        assert min(truth) <= 0.03
        assert document.history.undo_label == "Smooth"
        sources = {int(v) for t in long for v in np.unique(t.base_source)}
        assert sources <= {Source.FILTERED, Source.MISSING}
    finally:
        opened.close()


def distance_from_truth(document, track, model, test_data, camera) -> float:
    """Median pixels between the fitted body's landmarks and the projected truth."""
    from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m

    person = document.persons[track.person_id]
    betas = np.array(person.betas)
    estimate = document.estimates[track.estimate_id or 0]
    joints, rotations = forward_kinematics(
        model.skeleton.parents,
        model.rest_joints_m(betas, scale=person.scale),
        estimate.arrays["joints_rad"].astype(float),
        estimate.arrays["root_scene_m"].astype(float),
    )
    marks = landmarks_m(model, "mediapipe33", joints, rotations, betas, person.scale)
    pixels = document.camera_at(track.start).project(marks)
    distances = [
        np.linalg.norm(
            pixels[row, MEDIAPIPE]
            - derived_truth_px(test_data, camera, track.start + row)[COCO19],
            axis=1,
        )
        for row in range(track.frame_count)
    ]
    return float(np.nanmedian(np.concatenate(distances)))


def test_a_stopped_run_goes_on_where_it_was(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "pose2sim_multi" / "cam02.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    try:
        assert opened.footage is not None
        options = EstimateOptions(frames=(0, 40), settings={"model": "full"})
        found = 0

        def job():
            return estimate_job(
                opened.footage, options, body=open_body(), shots=opened_shots
            )

        opened_shots = [opened.project.document.shot_at(0)]

        def count(progress) -> None:
            nonlocal found
            found += progress.partial is not None

        with pytest.raises(CancelledByUser):
            run_job(job(), on_progress=count, is_cancelled=lambda: found >= 20)
        assert list((home / "runs").iterdir()), "what was found is kept"
        first, found = found, 0
        result = run_job(job(), on_progress=count)
        assert found <= 40 - first + 2, "only the rest is looked at"
        assert not list((home / "runs").iterdir()), "a finished run leaves nothing"
        before = state_of(opened.project.document)
        persons = apply_estimate(opened.project.document, result)
        assert len(persons) >= 2
        opened.project.document.undo()
        opened.project.document.undo()
        assert state_of(opened.project.document) == before
    finally:
        opened.close()


def test_a_clip_with_nobody_in_it(tmp_path: Path, home: Path) -> None:
    import cv2

    folder = tmp_path / "empty room"
    folder.mkdir()
    for i in range(6):
        picture = np.full((240, 320, 3), 90 + i, np.uint8)
        cv2.imwrite(str(folder / f"{i:03d}.png"), picture)
    opened = open_clip(folder, project_path=tmp_path / "p.hpes")
    try:
        persons, warnings = estimate_into(opened, EstimateOptions())
        assert persons == ()
        assert any("Nobody was found" in w for w in warnings)
    finally:
        opened.close()


def test_people_are_not_overwritten(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    clip = test_data / "video" / "mmpose_demo.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    try:
        estimate_into(opened, EstimateOptions(settings={"model": "full"}))
        before = state_of(opened.project.document)
        with pytest.raises(StudioError, match="has people already"):
            estimate_into(opened, EstimateOptions())
        assert state_of(opened.project.document) == before
    finally:
        opened.close()


def test_people_are_joined_across_cuts_only_when_asked(
    test_data: Path, tmp_path: Path, home: Path
) -> None:
    from dataclasses import replace

    from hpe_studio.core.clip import Shot

    clip = test_data / "video" / "pose2sim_multi" / "cam02.mp4"
    opened = open_clip(clip, project_path=tmp_path / "p.hpes")
    shots = [Shot(id=1, start=0, stop=12), Shot(id=2, start=12, stop=100)]
    options = EstimateOptions(frames=(0, 24), settings={"model": "full"})
    try:
        assert opened.footage is not None
        apart = run_job(
            estimate_job(opened.footage, options, body=open_body(), shots=shots)
        )
        joined = run_job(
            estimate_job(
                opened.footage,
                replace(options, link_shots=True),
                body=open_body(),
                shots=shots,
            )
        )
    finally:
        opened.close()
    assert all(p.tracklet.start >= 12 or p.tracklet.stop <= 12 for p in joined.people)
    assert len({p.identity for p in apart.people}) == len(apart.people)
    by_person: dict[int, list] = {}
    for person in joined.people:
        by_person.setdefault(person.identity, []).append(person)
    twice = [group for group in by_person.values() if len(group) == 2]
    assert twice, "somebody is seen on both sides of the cut"
    assert all(a.betas == b.betas for a, b in twice), "one shape per person"
