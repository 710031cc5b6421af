"""Calibrations of Pose2Sim and EasyMocap: the same cameras as Panoptic's form says."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.core.camera import Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.calibration import CalibratedCamera, read_calibration

PLACES_M = np.random.default_rng(0).uniform([-1, 0, -1], [1, 2, 1], (40, 3))
K = np.array([[1600.0, 0, 960], [0, 1590, 540], [0, 0, 1]])
LENS = np.array([-0.2, 0.1, 0.001, -0.002, 0.05])


@pytest.mark.data
def test_pose2sim_says_what_the_same_rig_in_panoptics_form_says(
    test_data: Path,
) -> None:
    folder = test_data / "panoptic" / "derived_p2s_multi"
    same = list(read_calibration(next(folder.glob("calibration_*.json"))).values())
    path = test_data / "poseout" / "openpose_body25b" / "Calib_qualisys.toml"
    cameras = list(read_calibration(path).values())
    assert [c.name for c in cameras] == ["cam_01", "cam_02", "cam_03", "cam_04"]
    for mine, theirs in zip(cameras, same, strict=True):
        assert mine.size_px == theirs.size_px
        assert mine.camera.project(PLACES_M) == pytest.approx(
            theirs.camera.project(PLACES_M), abs=0.05, nan_ok=True
        )


def easymocap(folder: Path, *, with_size: bool = True, rotation: str = "Rot") -> Path:
    """A rig of two cameras as EasyMocap's write_camera writes it."""
    turn = np.array([0.1, -0.7, 0.2])
    lenses = cv2.FileStorage(str(folder / "intri.yml"), cv2.FILE_STORAGE_WRITE)
    places = cv2.FileStorage(str(folder / "extri.yml"), cv2.FILE_STORAGE_WRITE)
    for storage in (lenses, places):
        storage.startWriteStruct("names", cv2.FILE_NODE_SEQ)
        for name in ("1", "2"):
            storage.write("", name)
        storage.endWriteStruct()
    for name in ("1", "2"):
        lenses.write(f"K_{name}", K)
        lenses.write(f"dist_{name}", LENS.reshape(1, 5))
        if with_size:
            lenses.write(f"H_{name}", 1080.0)
            lenses.write(f"W_{name}", 1920.0)
        matrix = cv2.Rodrigues(turn * float(name))[0]
        places.write(
            f"{rotation}_{name}",
            matrix if rotation == "Rot" else turn[:, None] * float(name),
        )
        places.write(f"T_{name}", np.array([[0.1], [0.9], [4.0]]))
    lenses.release()
    places.release()
    return folder


@pytest.mark.parametrize("rotation", ["Rot", "R"])
def test_easymocap_sees_what_opencv_sees(tmp_path: Path, rotation: str) -> None:
    cameras = read_calibration(easymocap(tmp_path, rotation=rotation))
    assert list(cameras) == ["1", "2"]
    world_m = np.stack([PLACES_M[:, 0], -PLACES_M[:, 2], PLACES_M[:, 1]], axis=1)
    for name, camera in cameras.items():
        assert camera.size_px == (1920, 1080)
        turn = np.array([0.1, -0.7, 0.2]) * float(name)
        theirs, _ = cv2.projectPoints(world_m, turn, np.array([0.1, 0.9, 4.0]), K, LENS)
        assert camera.camera.project(PLACES_M) == pytest.approx(theirs[:, 0], abs=0.05)


def test_without_a_size_the_lens_tells(tmp_path: Path) -> None:
    folder = easymocap(tmp_path, with_size=False)
    camera: CalibratedCamera = read_calibration(folder / "intri.yml")["1"]
    assert camera.size_px == (1920, 1080)
    assert isinstance(camera.camera, Camera)


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.toml", "matrix translation [", "no TOML"),
        ("a.toml", "[x]\nmatrix=1\ntranslation=2", "holds no cameras"),
        (
            "a.toml",
            "[x]\nsize=[1,2]\nmatrix=[[1,2]]\nrotation=[0,0,0]\ntranslation=[0,0,0]",
            "no whole calibration",
        ),
        ("a.txt", "matrix", "no calibration of a known kind"),
    ],
)
def test_damage_is_told_in_a_sentence(
    tmp_path: Path, name: str, text: str, says: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(StudioError, match=says):
        read_calibration(path)


def test_a_rig_without_its_second_file_or_a_camera_is_refused(tmp_path: Path) -> None:
    easymocap(tmp_path)
    extri = tmp_path / "extri.yml"
    whole = extri.read_text()
    extri.write_text(whole.replace("T_2", "U_2"))
    with pytest.raises(StudioError, match="has no T_2"):
        read_calibration(tmp_path)
    extri.write_text("%YAML:1.0\n---\nnames: [")
    with pytest.raises(StudioError, match="no calibration of EasyMocap"):
        read_calibration(tmp_path)
    extri.unlink()
    with pytest.raises(StudioError, match="no calibration of a known kind"):
        read_calibration(tmp_path / "intri.yml")
