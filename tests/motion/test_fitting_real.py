"""The whole way on real footage: people found, followed, fitted, held against truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.assets import path_of
from hpe_studio.body.open_body import open_body
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.estimators import blazepose
from hpe_studio.media import open_footage
from hpe_studio.motion.fitting import fit_track
from hpe_studio.tracking.track import track_shot

pytestmark = [pytest.mark.data, pytest.mark.models, pytest.mark.slow]

FRAMES = 16
FPS = 60.0
# Panoptic's joint of each MediaPipe point that means the same.
PAIRS = {
    0: 1, 2: 15, 5: 17, 7: 16, 8: 18, 11: 3, 12: 9, 13: 4, 14: 10, 15: 5, 16: 11,
    23: 6, 24: 12, 25: 7, 26: 13, 27: 8, 28: 14,
}  # fmt: skip


@pytest.fixture(scope="module")
def assets() -> dict[str, Path]:
    try:
        return {name: path_of(name) for name in blazepose.SPEC.assets}
    except StudioError as error:
        pytest.skip(str(error))


def people_in(clip: Path, assets: dict[str, Path]) -> list[Tracklet]:
    footage = open_footage(clip)
    found = [
        item
        for item in blazepose.detect(
            footage, start=0, stop=FRAMES, assets=assets, options={}, workers=1
        )
        if isinstance(item, FrameDetections)
    ]
    size_px = footage.size_px
    footage.close()
    times_s = np.arange(FRAMES) / FPS
    return run_job(
        track_shot(found, start=0, stop=FRAMES, size_px=size_px, times_s=times_s)
    )


def true_pixels(folder: Path, view: int) -> tuple[Camera, np.ndarray]:
    """The derived truth in one view, shape (frames, 19, 2), NaN where unknown."""
    calibration = folder / "calibration_derived_p2s_multi.json"
    data = json.loads(calibration.read_text())["cameras"][view]
    place = np.array(data["t"], dtype=float).reshape(3, 1) / 100
    camera = Camera(
        intrinsics=np.array(data["K"]),
        distortion=np.array(data["distCoef"], dtype=float),
        camera_from_scene=np.hstack([np.array(data["R"]), place]),
    )
    out = np.full((FRAMES, 19, 2), np.nan)
    for frame in range(FRAMES):
        path = folder / f"hdPose3d_stage1_coco19/body3DScene_{frame:08d}.json"
        joints = np.array(json.loads(path.read_text())["bodies"][0]["joints19"])
        joints = joints.reshape(19, 4)
        known = joints[:, 3] > 0.1
        out[frame, known] = camera.project(joints[known, :3] / 100)
    return camera, out


def test_bodies_lie_on_their_points_and_near_the_truth(
    test_data: Path, assets: dict[str, Path]
) -> None:
    model = open_body().joint_model
    own: list[np.ndarray] = []
    away: list[np.ndarray] = []
    for view in range(4):
        clip = test_data / f"video/pose2sim_multi/cam{view + 1:02d}.mp4"
        _, truth_px = true_pixels(test_data / "panoptic/derived_p2s_multi", view)
        to_truth: list[np.ndarray] = []
        for person in people_in(clip, assets):
            job = fit_track(model, person, default_camera((1088, 1920)), fps=FPS)
            result = run_job(job)
            rows = slice(person.start, person.stop)
            height = (person.boxes_px[:, 3] - person.boxes_px[:, 1])[:, None]
            own.append((result.reprojection_px / height).ravel())
            ours, theirs = list(PAIRS), list(PAIRS.values())
            gap = result.landmarks_px[:, ours] - truth_px[rows][:, theirs]
            to_truth.append((np.linalg.norm(gap, axis=-1) / height).ravel())
        # The truth knows one of the people: the one who lies nearest.
        away.append(min(to_truth, key=np.nanmedian))
    assert np.nanmedian(np.concatenate(own)) <= 0.015
    assert np.nanmedian(np.concatenate(away)) <= 0.03
