"""Worst frames are shown on the picture that belongs to them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.jobs import run_job
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import hpe_json
from hpe_studio.media import open_footage
from hpe_studio.workflow.compare import CompareOptions, compare
from hpe_studio.workflow.compare_footage import pictures_of
from tests.panoptic_made import dome_camera, made_sequence

COCO19 = landmark_set("coco19")


def monocular(folder: Path, joints: np.ndarray, first: int) -> Path:
    """The true person as camera 00_01 sees it, frames counted from `first`."""
    camera = dome_camera("00_01", 0.7).camera
    places = camera.to_camera(joints) * [1, -1, -1]
    run = PersonPoints(
        name="who", point_set=COCO19, start=first, points_scene_m=places, person_id="1"
    )
    motion = MotionFile(
        fps=Fraction(30000, 1001),
        frame_count=first + len(joints),
        people=(),
        points=(run,),
        size_px=(320, 180),
    )
    hpe_json.write(motion, folder / "result.json")
    return folder / "result.json"


def test_films_and_images_of_the_sequence_count_the_frames_of_the_truth(
    tmp_path: Path,
) -> None:
    sequence, joints = made_sequence(tmp_path)
    result = monocular(tmp_path, joints, first=0)
    options = CompareOptions(camera="00_01", offset=3)
    found = run_job(compare(result, sequence, options))
    assert found.error.value == pytest.approx(0, abs=0.01)
    assert found.camera == "00_01"
    movie = sequence / "hdVideos/hd_00_01.mp4"
    footage = open_footage(movie)
    wanted = footage.read_rgb(8)
    footage.close()
    with pictures_of(result, sequence, found) as read_rgb:
        assert read_rgb is not None
        np.testing.assert_array_equal(read_rgb(5), wanted)
        assert read_rgb(500) is None
    with pictures_of(result, sequence, found, clip=movie) as read_rgb:
        assert read_rgb is not None
        np.testing.assert_array_equal(read_rgb(8), wanted)
    movie.unlink()
    images = sequence / "hdImgs/00_01"
    images.mkdir(parents=True)
    picture = np.zeros((180, 320, 3), np.uint8)
    picture[..., 2] = 200
    cv2.imwrite(str(images / "00_01_00000008.png"), picture)
    with pictures_of(result, sequence, found) as read_rgb:
        assert read_rgb is not None
        shown = read_rgb(5)
        assert shown is not None
        assert shown[0, 0].tolist() == [200, 0, 0]
        assert read_rgb(6) is None
    nobody = replace(found, camera="")
    with pictures_of(result, sequence, nobody) as read_rgb:
        assert read_rgb is None


def test_a_clip_that_is_none_is_said(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False)
    result = monocular(tmp_path, joints, first=3)
    found = run_job(compare(result, sequence, CompareOptions(camera="00_01")))
    with (
        pytest.raises(StudioError, match="does not exist"),
        pictures_of(result, sequence, found, clip=tmp_path / "no.mp4"),
    ):
        pass
