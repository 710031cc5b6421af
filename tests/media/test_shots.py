"""Shot cuts: exact on real clips, blind to flashes, pans and dimmed lights."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hpe_studio.core.jobs import run_job
from hpe_studio.media import open_footage, shots
from hpe_studio.media.images import ImageFootage

Picture = npt.NDArray[np.uint8]


def scene(seed: int, frames: int, *, pan_px: float = 0.0) -> list[Picture]:
    """A textured room with a moving block; the camera may pan."""
    import cv2

    rng = np.random.default_rng(seed)
    tint = rng.uniform(0.35, 1.0, 3)
    coarse = rng.uniform(20, 255, (18, 96, 1)) * tint
    room = cv2.resize(coarse, (960, 120), interpolation=cv2.INTER_CUBIC)
    pictures = []
    for i in range(frames):
        at = round(i * pan_px)
        picture = np.clip(room[:90, at : at + 160], 0, 255).astype(np.uint8)
        x = (20 + 2 * i) % 140
        picture[30:80, x : x + 14] = 255 - (tint * 200).astype(np.uint8)
        noise = rng.integers(-3, 4, picture.shape)
        pictures.append(np.clip(picture + noise, 0, 255).astype(np.uint8))
    return pictures


def dissolve(a: Sequence[Picture], b: Sequence[Picture]) -> list[Picture]:
    """A mixture from `a` to `b`, both going on meanwhile."""
    shares = np.linspace(0, 1, len(a) + 2)[1:-1]
    return [
        ((1 - s) * x.astype(float) + s * y).round().astype(np.uint8)
        for x, y, s in zip(a, b, shares, strict=True)
    ]


def keep(pictures: Sequence[Picture], folder: Path) -> None:
    import cv2

    for i, rgb in enumerate(pictures):
        cv2.imwrite(str(folder / f"{i:04d}.png"), rgb[..., ::-1])


def cuts_of(pictures: Sequence[Picture], folder: Path) -> list[int]:
    keep(pictures, folder)
    found = run_job(shots.find_shots(ImageFootage(folder))).ranges
    assert found[0][0] == 0
    assert found[-1][1] == len(pictures)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(found))
    return [start for start, _ in found[1:]]


@pytest.mark.data
def test_hard_cuts_are_exact(test_data: Path) -> None:
    footage = open_footage(test_data / "video" / "hardcuts_40_90.mp4")
    found = run_job(shots.find_shots(footage))
    assert found == shots.ShotsFound(ranges=((0, 40), (40, 90), (90, 130)))


@pytest.mark.data
@pytest.mark.parametrize("camera", [1, 2, 3, 4])
def test_one_take_has_no_cut(camera: int, test_data: Path) -> None:
    path = test_data / "video" / "pose2sim_multi" / f"cam{camera:02d}.mp4"
    found = run_job(shots.find_shots(open_footage(path)))
    assert found.ranges == ((0, 100),)


@pytest.mark.data
def test_a_car_park_over_eighty_seconds_has_no_cut(test_data: Path) -> None:
    footage = open_footage(test_data / "video" / "vtest" / "vtest.avi")
    assert run_job(shots.find_shots(footage)).ranges == ((0, 795),)


@pytest.mark.data
def test_a_fast_pan_is_no_cut_and_a_dissolve_is_one(test_data: Path) -> None:
    footage = open_footage(test_data / "romp" / "romp_sample_video.mp4")
    found = run_job(shots.find_shots(footage))
    (first, second) = found.ranges
    assert second == (first[1], 257)
    # By eye, both shots are seen from 211 to 216.
    assert abs(first[1] - 211) <= 1
    assert abs(first[1] + found.dissolves[first[1]] - 217) <= 1


def test_spliced_scenes_are_cut_where_they_meet(tmp_path: Path) -> None:
    pictures = scene(1, 17) + scene(2, 9) + scene(3, 25) + scene(1, 12)
    assert cuts_of(pictures, tmp_path) == [17, 26, 51]


@pytest.mark.parametrize("length", [6, 12, 24, 40])
def test_a_dissolve_is_one_cut_of_its_length(length: int, tmp_path: Path) -> None:
    a, b = scene(4, 30 + length), scene(5, 30 + length)
    pictures = a[:30] + dissolve(a[30:], b[:length]) + b[length:]
    keep(pictures, tmp_path)
    found = run_job(shots.find_shots(ImageFootage(tmp_path)))
    (_, (cut, _)) = found.ranges
    assert abs(cut - 30) <= 1
    assert abs(found.dissolves[cut] - length) <= 2


def test_pan_flash_and_dimmed_lights_are_no_cuts(tmp_path: Path) -> None:
    pictures = scene(6, 70, pan_px=11)
    pictures[20] = np.full_like(pictures[20], 250)
    pictures[30] = pictures[31] = np.full_like(pictures[30], 245)
    for i in range(45, 70):
        dim = 1 - 0.8 * min(1.0, (i - 45) / 12)
        pictures[i] = (pictures[i] * dim).astype(np.uint8)
    assert cuts_of(pictures, tmp_path) == []


def test_missing_frames_do_not_move_cuts(tmp_path: Path) -> None:
    import cv2

    pictures = scene(7, 20) + scene(8, 20)
    for i, rgb in enumerate(pictures):
        if i not in (5, 6, 19, 20):
            cv2.imwrite(str(tmp_path / f"f{i:03d}.png"), rgb[..., ::-1])
    found = run_job(shots.find_shots(ImageFootage(tmp_path)))
    assert found.ranges == ((0, 21), (21, 40))


def test_one_picture_is_one_shot(tmp_path: Path) -> None:
    assert cuts_of(scene(9, 1), tmp_path) == []


@dataclass
class _Watched:
    """Real footage that counts the readers it gave and got back."""

    footage: ImageFootage
    open_readers: int = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.footage, name)

    def open_reader(self) -> object:
        self.open_readers += 1
        reader = self.footage.open_reader()
        close = reader.close

        def closing() -> None:
            self.open_readers -= 1
            close()

        reader.close = closing  # type: ignore[method-assign]
        return reader


def test_progress_counts_frames_and_cancel_gives_the_file_back(tmp_path: Path) -> None:
    import cv2

    for i, rgb in enumerate(scene(10, 8)):
        cv2.imwrite(str(tmp_path / f"{i}.png"), rgb)
    watched = _Watched(ImageFootage(tmp_path))
    job: Iterator[object] = shots.find_shots(watched)  # type: ignore[arg-type]
    done = [next(job).done for _ in range(3)]  # type: ignore[attr-defined]
    assert done == [1, 2, 3]
    assert watched.open_readers == 1
    job.close()  # type: ignore[attr-defined]
    assert watched.open_readers == 0


def test_ranges_cover_the_clip() -> None:
    assert shots.shots_between([40, 0, 90, 130, 40], 130) == (
        (0, 40),
        (40, 90),
        (90, 130),
    )
