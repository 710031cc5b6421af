"""The estimator with its real networks, on real people."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from hpe_studio import assets
from hpe_studio.core.arrays import AnyArray, ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.estimators import blazepose
from hpe_studio.media.footage import open_footage
from tests.processes import is_running, workers

pytestmark = pytest.mark.models
MIRROR = list(landmark_set("mediapipe33").mirror_permutation())
BODY = [*range(11, 17), *range(23, 29)]


class Pictures:
    """Pictures that are already there."""

    def __init__(self, *pictures: ByteArray) -> None:
        self._pictures = [np.ascontiguousarray(picture) for picture in pictures]
        self.frame_count = len(pictures)
        self.size_px = pictures[0].shape[1], pictures[0].shape[0]

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        for frame in range(start, min(stop, self.frame_count)):
            yield frame, self._pictures[frame]


def model_files() -> dict[str, Path]:
    return {name: assets.path_of(name) for name in blazepose.SPEC.assets}


def detect(
    frames: Any, *, start: int = 0, stop: int = 0, workers: int = 1, **options: Any
) -> dict[int, FrameDetections]:
    found: dict[int, FrameDetections] = {}
    for item in blazepose.detect(
        frames,
        start=start,
        stop=stop or frames.frame_count,
        assets=model_files(),
        options={"model": "full"} | options,
        workers=workers,
    ):
        if isinstance(item, FrameDetections):
            assert item.frame not in found
            found[item.frame] = item
    return found


@pytest.fixture(scope="module")
def two_people() -> list[ByteArray]:
    """Six frames of the sample clip with one person near and one far away."""
    footage = open_footage(assets.path_of("sample_clip"))
    pictures = [picture for _, picture in footage.iterate_rgb(60, 66)]
    footage.close()
    return pictures


@pytest.fixture(scope="module")
def found(two_people: list[ByteArray]) -> dict[int, FrameDetections]:
    return detect(Pictures(*two_people), model="heavy")


def test_two_people_in_every_frame_each_under_one_hint(
    found: dict[int, FrameDetections],
) -> None:
    assert sorted(found) == list(range(6))
    hints = {tuple(d.hint_id for d in item.detections) for item in found.values()}
    assert len(hints) == 1
    assert len(hints.pop()) == 2
    for item in found.values():
        for person in item.detections:
            assert person.score > 0.8
            x0, y0, x1, y1 = person.box_px
            assert 0 <= x0 < x1 < 1768
            assert 0 <= y0 < y1 < 994
            assert person.appearance.sum() == pytest.approx(1.0, abs=1e-4)


def test_metres_are_from_the_mid_hip_in_camera_axes(
    found: dict[int, FrameDetections],
) -> None:
    for person in found[3].detections:
        hips = person.points_m[[23, 24]].mean(axis=0)
        np.testing.assert_allclose(hips, 0, atol=0.05)
        height = person.points_m[[29, 30], 1].mean() - person.points_m[0, 1]
        assert 1.0 < height < 1.9  # y points down, in metres
        for axis in (0, 1):  # the picture shows what the metres say
            seen, meant = person.points_px[BODY, axis], person.points_m[BODY, axis]
            assert np.corrcoef(seen, meant)[0, 1] > 0.85


def test_people_stay_the_same_when_the_picture_is_turned_or_mirrored(
    two_people: list[ByteArray], found: dict[int, FrameDetections]
) -> None:
    picture = two_people[0]
    person = max(found[0].detections, key=lambda d: np.ptp(d.points_px[:, 1]))
    size = np.ptp(person.points_px[:, 1])

    def nearest(pictured: ByteArray, expected: AnyArray) -> Any:
        people = detect(Pictures(pictured), model="heavy")[0].detections
        return min(people, key=lambda d: np.abs(d.points_px - expected).mean())

    mirrored = person.points_px * (-1, 1) + (1767, 0)
    other = nearest(picture[:, ::-1], mirrored[MIRROR])
    gap = np.linalg.norm(other.points_px - mirrored[MIRROR], axis=1)[BODY]
    assert np.median(gap) < 0.04 * size
    flat = person.points_m[MIRROR] * (-1, 1, 1)
    assert np.linalg.norm(other.points_m - flat, axis=1)[BODY].mean() < 0.12

    turn = cv2.getRotationMatrix2D((884, 497), 20, 1.0)  # to the left as it is seen
    expected = person.points_px @ turn[:, :2].T + turn[:, 2]
    other = nearest(cv2.warpAffine(picture, turn, (1768, 994)), expected)
    assert np.median(np.linalg.norm(other.points_px - expected, axis=1)) < 0.04 * size
    flat = person.points_m.copy()
    flat[:, :2] = person.points_m[:, :2] @ turn[:, :2].T
    assert np.linalg.norm(other.points_m - flat, axis=1)[BODY].mean() < 0.12


def test_what_is_cut_off_is_outside(
    two_people: list[ByteArray], found: dict[int, FrameDetections]
) -> None:
    person = max(found[0].detections, key=lambda d: np.ptp(d.points_px[:, 1]))
    waist = int(person.points_px[[23, 24], 1].mean()) + 20
    people = detect(Pictures(two_people[0][:waist]), model="heavy")[0].detections
    cut = min(people, key=lambda d: np.abs(d.points_px[0] - person.points_px[0]).sum())
    above = [0, 11, 12]
    gap = np.linalg.norm(cut.points_px - person.points_px, axis=1)[above]
    assert gap.max() < 0.1 * np.ptp(person.points_px[:, 1])
    assert (cut.confidence[above] > 0.5).all()
    assert (cut.confidence[25:33] == 0).all()
    assert cut.box_px[3] <= waist - 1


def test_nine_small_people_in_a_cinema_picture(
    two_people: list[ByteArray], found: dict[int, FrameDetections]
) -> None:
    person = max(found[0].detections, key=lambda d: np.ptp(d.points_px[:, 1]))
    x0, y0, x1, y1 = (int(v) for v in person.box_px)
    cut = two_people[0][max(0, y0 - 60) : y1 + 30, x0 - 40 : x1 + 40]
    small = cv2.resize(
        cut, None, fx=160 / len(cut), fy=160 / len(cut), interpolation=cv2.INTER_AREA
    )
    wide = np.full((600, 1434, 3), cut.mean(axis=(0, 1)).astype(np.uint8), np.uint8)
    places = [(60 + 155 * i, 60 + 130 * (i % 3)) for i in range(9)]
    for x, y in places:
        wide[y : y + small.shape[0], x : x + small.shape[1]] = small
    people = detect(Pictures(wide))[0].detections
    middles = np.array([d.points_px[[11, 12, 23, 24]].mean(axis=0) for d in people])
    hit = {
        i
        for i, (x, y) in enumerate(places)
        for mx, my in middles
        if x < mx < x + small.shape[1] and y < my < y + 160
    }
    assert len(hit) >= 8
    assert len(people) <= 10  # nobody twice
    assert len(detect(Pictures(wide), max_people=3)[0].detections) == 3


def test_nobody_is_nobody() -> None:
    rng = np.random.default_rng(3)
    noise = rng.integers(0, 256, (240, 320, 3), dtype=np.uint8)
    flat = np.full_like(noise, 120)
    answer = detect(Pictures(flat, flat, noise, noise))
    assert [len(answer[i].detections) for i in range(4)] == [0, 0, 0, 0]


def test_several_processes_give_each_frame_once_and_report_progress(
    two_people: list[ByteArray],
) -> None:
    frames = Pictures(*two_people * 9)
    items = list(
        blazepose.detect(
            frames,
            start=2,
            stop=52,
            assets=model_files(),
            options={"model": "full", "tiles": "off", "detector_interval": 20},
            workers=2,
        )
    )
    numbers = [item.frame for item in items if isinstance(item, FrameDetections)]
    assert sorted(numbers) == list(range(2, 52))
    progress = [item for item in items if isinstance(item, Progress)]
    assert progress
    assert all(p.text == "Finding people" and p.total == 50 for p in progress)
    assert [p.done for p in progress] == sorted(p.done for p in progress)


def test_closing_ends_the_processes_whatever_they_are_at(
    two_people: list[ByteArray],
) -> None:
    before = workers()
    work = blazepose.detect(
        Pictures(*two_people * 20),
        start=0,
        stop=120,
        assets=model_files(),
        options={},
        workers=2,
    )
    next(item for item in work if isinstance(item, FrameDetections))
    started = workers() - before
    assert started
    for pid in started:
        os.kill(pid, signal.SIGSTOP)  # networks that never come to their end
    work.close()
    assert not any(is_running(pid) for pid in started)
    assert workers() <= before


def test_missing_models_are_told(tmp_path: Path, two_people: list[ByteArray]) -> None:
    files = model_files()
    only_full = {k: v for k, v in files.items() if k != "blazepose_heavy"}

    def told(given: dict[str, Path], **options: Any) -> Generator[Any]:
        return blazepose.detect(
            Pictures(*two_people[:1]),
            start=0,
            stop=1,
            assets=given,
            options=options,
            workers=1,
        )

    with closing(told(only_full)) as running:
        assert "heavy model is not here" in next(running).text
    with pytest.raises(StudioError, match=r"assets fetch blazepose_heavy"):
        list(told({"movenet_multipose": files["movenet_multipose"]}))
    broken = tmp_path / "broken.tflite"
    broken.write_bytes(b"not a model")
    with pytest.raises(StudioError, match="could not start"):
        list(told(files | {"blazepose_full": broken}, model="full"))
    with pytest.raises(ValueError, match="model is one of"):
        list(told(files, model="huge"))


@pytest.mark.data
def test_agrees_with_openpose_on_real_people(test_data: Path) -> None:
    """2D agreement with an independent estimator, limbs, over the person's height."""
    footage = open_footage(test_data / "video/pose2sim_multi/cam01.mp4")
    found = detect(footage, start=40, stop=46, model="heavy")
    footage.close()
    theirs = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]  # BODY_25B, as BODY
    errors: list[float] = []
    for frame, item in found.items():
        assert len(item.detections) == 3  # two in front, the operator behind
        name = f"poseout/openpose_body25b/cam1_json/cam01.{frame:04d}.json"
        for known in json.loads((test_data / name).read_text())["people"]:
            points = np.array(known["pose_keypoints_2d"]).reshape(-1, 3)[theirs]
            trusted = points[:, 2] > 0.3
            height = np.ptp(points[trusted, 1])
            gaps = [
                np.linalg.norm(d.points_px[BODY] - points[:, :2], axis=1)[trusted]
                for d in item.detections
            ]
            errors.extend(min(gaps, key=np.median) / height)
    assert len(errors) > 100
    assert np.median(errors) < 0.04
    assert np.percentile(errors, 95) < 0.12
