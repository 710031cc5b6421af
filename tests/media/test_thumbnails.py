"""Small pictures: from keyframes, in the background, within their memory."""

from __future__ import annotations

import threading
from pathlib import Path

import cv2
import numpy as np
import pytest

from hpe_studio.media import open_footage
from hpe_studio.media.footage import Footage
from hpe_studio.media.thumbnails import Thumbnails
from tests.processes import PATIENCE_S, wait_until

SIZE_PX = (32, 24)
COUNT = 40


@pytest.fixture
def footage(tmp_path: Path) -> Footage:
    folder = tmp_path / "walk"
    folder.mkdir()
    for frame in range(COUNT):
        picture = np.full((240, 320, 3), 5 * frame, np.uint8)
        assert cv2.imwrite(str(folder / f"{frame:04d}.png"), picture)
    return open_footage(folder)


def test_what_is_wanted_comes_and_is_told(footage: Footage) -> None:
    told: list[int] = []
    made = Thumbnails(footage, lambda: told.append(1), size_px=SIZE_PX)
    assert made.get(3) is None
    made.want([3, 8, 3])
    wait_until(lambda: made.is_idle and len(told) == 2, "thumbnails")
    picture = made.get(8)
    assert picture is not None
    assert picture.shape == (24, 32, 3)
    assert abs(int(picture.mean()) - 40) <= 1
    made.want([3, 8])
    assert made.is_idle
    made.close()


def test_memory_stays_within_its_bounds_and_the_latest_stay(footage: Footage) -> None:
    one = 32 * 24 * 3
    made = Thumbnails(footage, lambda: None, size_px=SIZE_PX, cache_bytes=5 * one)
    made.want(list(range(20)))
    wait_until(lambda: made.is_idle and made.get(19) is not None, "thumbnails")
    assert made.held_bytes <= 5 * one
    assert made.get(0) is None
    assert made.get(18) is not None
    made.close()


def test_resting_stops_after_the_picture_at_hand(footage: Footage) -> None:
    gate, begun = threading.Event(), threading.Event()

    def on_ready() -> None:
        begun.set()
        assert gate.wait(PATIENCE_S)

    made = Thumbnails(footage, on_ready, size_px=SIZE_PX)
    made.want(list(range(20)))
    assert begun.wait(PATIENCE_S)
    made.rest()
    gate.set()
    wait_until(lambda: made.is_idle, "thumbnails")
    assert sum(made.get(frame) is not None for frame in range(20)) == 1
    made.close()


def test_closing_ends_the_thread(footage: Footage) -> None:
    before = set(threading.enumerate())
    made = Thumbnails(footage, lambda: None, size_px=SIZE_PX)
    made.want(list(range(COUNT)))
    made.close()
    assert not set(threading.enumerate()) - before
    made.want([1])
    assert made.get(1) is None


def test_a_picture_that_cannot_be_read_is_left_out(
    footage: Footage, tmp_path: Path
) -> None:
    (tmp_path / "walk" / "0008.png").write_bytes(b"no picture")
    told: list[int] = []
    made = Thumbnails(footage, lambda: told.append(1), size_px=SIZE_PX)
    made.want([8, 9])
    wait_until(lambda: made.is_idle and len(told) == 2, "thumbnails")
    assert made.get(9) is not None
    made.close()
