"""Calibrations against OpenCV, the specification's worked numbers, and bad files."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.calibration import read_calibration
from hpe_studio.formats.calibration_panoptic import write_cameras

BAND = "panoptic/160906_band1"


def calibration_text(**changes) -> str:
    camera = {
        "name": "00_16",
        "type": "hd",
        "resolution": [1920, 1080],
        "panel": 0,
        "node": 16,
        "K": [[1600, 0, 960], [0, 1590, 540], [0, 0, 1]],
        "distCoef": [-0.2, 0.1, 0.001, -0.002, 0.05],
        "R": [[0, 0, 1], [0, 1, 0], [-1, 0, 0]],
        "t": [[10], [20], [300]],
    } | changes
    return json.dumps({"calibDataSource": "made", "cameras": [camera]})


@pytest.fixture
def made(tmp_path: Path):
    def make(**changes) -> Path:
        path = tmp_path / "calibration_made.json"
        path.write_text(calibration_text(**changes))
        return path

    return make


def test_the_specification_s_camera_stands_where_it_should(made) -> None:
    # Spec 2.2: R = Ry(90 deg), t = (10, 20, 300) gives C = (300, -20, -10) cm.
    camera = read_calibration(made())["00_16"].camera
    pose = camera.camera_from_scene
    centre_cm = 100 * FLIP_YZ @ (-pose[:, :3].T @ pose[:, 3])
    assert centre_cm == pytest.approx([300, -20, -10])


def test_the_specification_s_point_falls_on_its_pixel(made) -> None:
    # Spec 2.3, its worked example: without rotation, X = (1, -0.5, 4).
    path = made(R=np.eye(3).tolist(), t=[[0], [0], [0]])
    camera = read_calibration(path)["00_16"].camera
    point_scene_m = FLIP_YZ @ np.array([1, -0.5, 4])
    assert camera.project(point_scene_m) == pytest.approx(
        [1353.25368, 344.60208], abs=1e-4
    )


def test_a_flat_translation_and_missing_distortion_are_read(made) -> None:
    found = read_calibration(made(t=[10, 20, 300], distCoef=[]))["00_16"]
    assert found.camera.camera_from_scene[:, 3] == pytest.approx([0.1, 0.2, 3.0])
    assert not found.camera.distortion.any()
    assert (found.kind, found.size_px) == ("hd", (1920, 1080))


@pytest.mark.data
def test_every_hd_camera_of_band1_projects_as_opencv(test_data: Path) -> None:
    path = test_data / BAND / "calibration_160906_band1.json"
    cameras = read_calibration(path)
    hd = {n: c for n, c in cameras.items() if c.kind == "hd"}
    kinds = [c.kind for c in cameras.values()]
    assert (len(hd), kinds.count("vga"), kinds.count("kinect-color")) == (31, 479, 10)
    raw = {c["name"]: c for c in json.loads(path.read_text())["cameras"]}
    points_cm = _points_cm(test_data / BAND)
    worst_px = 0.0
    for name, camera in hd.items():
        file = raw[name]
        lens, turn = np.array(file["K"]), np.array(file["R"])
        place, bend = np.array(file["t"]), np.array(file["distCoef"])
        ours = camera.camera.project(points_cm @ FLIP_YZ / 100)
        theirs = cv2.projectPoints(points_cm, cv2.Rodrigues(turn)[0], place, lens, bend)
        seen = np.isfinite(ours[:, 0])
        assert seen.all()
        worst_px = max(worst_px, float(np.abs(ours - theirs[0][:, 0]).max()))
    assert worst_px < 0.05


def _points_cm(sequence: Path) -> np.ndarray:
    rows = []
    for file in sorted((sequence / "hdPose3d_stage1_coco19").iterdir()):
        for body in json.loads(file.read_text())["bodies"]:
            joints = np.array(body["joints19"]).reshape(19, 4)
            rows.append(joints[joints[:, 3] > 0.1, :3])
    return np.concatenate(rows)


def test_what_is_written_is_read_again(made, tmp_path: Path) -> None:
    cameras = read_calibration(made())
    again_path = tmp_path / "again.json"
    write_cameras(cameras.values(), again_path, source="made")
    again = read_calibration(again_path)["00_16"]
    first = cameras["00_16"]
    assert again.camera.camera_from_scene == pytest.approx(
        first.camera.camera_from_scene
    )
    assert again.camera.intrinsics == pytest.approx(first.camera.intrinsics)
    raw = json.loads(again_path.read_text())["cameras"][0]
    assert (raw["panel"], raw["node"], np.shape(raw["t"])) == (0, 16, (3, 1))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"R": [[2, 0, 0], [0, 1, 0], [0, 0, 1]]}, "is no rotation"),
        ({"K": [[0, 0, 1], [0, 1, 1], [0, 0, 1]]}, "has no focal length"),
        ({"t": [1, 2]}, "is not 3 numbers"),
        ({"resolution": [0, 1080]}, "is impossible"),
        ({"distCoef": [0, 0, 0, 0, 0, 0.5]}, "more than 5"),
    ],
)
def test_an_impossible_camera_is_refused_by_name(made, changes, why) -> None:
    with pytest.raises(StudioError, match=why) as caught:
        read_calibration(made(**changes))
    assert "00_16" in str(caught.value)


def test_a_cut_off_file_is_one_sentence(made) -> None:
    path = made()
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(StudioError, match="is no whole calibration"):
        read_calibration(path)


def test_other_files_are_no_calibration(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text("{}")
    with pytest.raises(StudioError, match="no calibration of a known kind"):
        read_calibration(other)
    with pytest.raises(StudioError, match="does not exist"):
        read_calibration(tmp_path / "nothing.json")
