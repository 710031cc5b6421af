"""Made sequences: the truth lies exactly where the pictures show it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import run_job
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import bvh
from hpe_studio.formats.calibration import CalibratedCamera, read_calibration
from hpe_studio.media import open_footage
from hpe_studio.workflow.synth import PANOPTIC_FPS, Synth, SynthOptions, synth_job
from tests.formats.scenes import motion, person

FRAMES = 6
TORSO = ("left_hip", "right_hip", "mid_hip")


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calm motion: someone who stands, turned a little from frame to frame."""
    one = person(frames=20)
    turning = np.zeros_like(one.joints_rad)
    turning[:, 0, 1] = np.linspace(0, 0.4, 20)
    turning[:, 16, 2], turning[:, 17, 2] = -1.2, 1.2
    root_m = np.tile([0.0, 0.95, 0.0], (20, 1))
    calm = replace(one, joints_rad=turning, root_scene_m=root_m)
    path = tmp_path_factory.mktemp("walk") / "walk.bvh"
    bvh.write(motion(calm), path)
    return path


def options(walk: Path, **more: object) -> SynthOptions:
    made = SynthOptions(
        motions=(walk,), people=1, cameras=2, frames=FRAMES, size_px=(640, 360)
    )
    return replace(made, **more)


def made_in(folder: Path, asked: SynthOptions) -> Synth:
    return run_job(synth_job(folder, asked))


def rgb_of(made: Synth, camera: int, frame: int) -> np.ndarray:
    footage = open_footage(made.movies[camera])
    try:
        assert footage.frame_count == made.frames
        return footage.read_rgb(frame).astype(int)
    finally:
        footage.close()


def cameras_in(made: Synth) -> list[CalibratedCamera]:
    path = made.folder / f"calibration_{made.folder.name}.json"
    return list(read_calibration(path).values())


def points_px(truth: MotionFile, camera: CalibratedCamera, frame: int) -> np.ndarray:
    places = truth.points[0].points_scene_m
    assert places is not None
    return camera.camera.project(places[frame])


def test_the_truth_lies_on_the_body_in_every_camera(walk: Path, tmp_path: Path) -> None:
    made = made_in(tmp_path / "one", options(walk))
    truth = hs.read(made.folder)
    assert truth.fps == PANOPTIC_FPS
    assert len(truth.points) == 1
    names = landmark_set("coco19").names
    for number, camera in enumerate(cameras_in(made)):
        rgb = rgb_of(made, number, 3)
        empty = rgb[:4, :4].mean(axis=(0, 1))  # the bright dome
        px = points_px(truth, camera, 3)
        for name in TORSO:
            x, y = px[names.index(name)].round().astype(int)
            assert np.abs(rgb[y, x] - empty).max() > 60, (camera.name, name)
        body = np.abs(rgb - empty).max(axis=2) > 60
        rows = np.flatnonzero(body[:, max(0, px[:, 0].astype(int).min()) :].any(axis=1))
        assert rows.min() < px[:, 1].min()  # the crown above the eyes


def test_nobody_sinks_into_the_floor(walk: Path, tmp_path: Path) -> None:
    truth = hs.read(made_in(tmp_path / "two", options(walk, people=2)).folder)
    names = landmark_set("coco19").names
    assert len(truth.points) == 2
    for run in truth.points:
        assert run.points_scene_m is not None
        ankles = run.points_scene_m[:, [names.index("left_ankle")], 1]
        assert 0.02 < ankles.min() < 0.15
    apart = truth.points[0].points_scene_m - truth.points[1].points_scene_m
    assert np.linalg.norm(apart[:, 2, [0, 2]], axis=-1).min() > 0.8


def test_near_cameras_cut_people_off_and_a_post_hides_them(
    walk: Path, tmp_path: Path
) -> None:
    made = made_in(tmp_path / "cut", options(walk, truncated=True, occluded=True))
    truth = hs.read(made.folder)
    near, far = cameras_in(made)
    below = [points_px(truth, c, 2)[:, 1].max() for c in (near, far)]
    assert below[0] > 360 > below[1]
    rgb = rgb_of(made, 1, 2)
    assert rgb[:, 340].std(axis=0).max() < 3  # the post, from top to bottom


def test_the_same_seed_makes_the_same_and_another_another(
    walk: Path, tmp_path: Path
) -> None:
    asked = options(walk, frames=1, cameras=1)
    names = ("a", "b", "c")
    texts = [
        next(
            made_in(tmp_path / name, replace(asked, seed=seed)).folder.glob("hdPose*/*")
        ).read_bytes()
        for name, seed in zip(names, (1, 1, 2), strict=True)
    ]
    assert texts[0] == texts[1] != texts[2]


def test_what_cannot_be_made_is_said(walk: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("mine")
    with pytest.raises(StudioError, match="not empty"):
        made_in(tmp_path / "full", options(walk))
    assert (tmp_path / "full" / "kept.txt").read_text() == "mine"
    with pytest.raises(StudioError, match="does not exist"):
        made_in(tmp_path / "new", options(tmp_path / "none.bvh"))
    assert not (tmp_path / "new").exists()
    for wrong in ({"people": 0}, {"cameras": 99}, {"size_px": (641, 360)}):
        with pytest.raises(StudioError):
            options(walk, **wrong)


def test_a_script_makes_them_too(walk: Path, tmp_path: Path) -> None:
    folder = hs.synth([walk], tmp_path / "made", people=1, cameras=1, frames=2)
    assert folder == tmp_path / "made"
    assert len(hs.read(folder).points) == 1
