"""Numbers wait while the frame flies, and are exact when it rests."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from hpe_studio.ui import calm
from hpe_studio.ui.calm import Calm
from tests.driver import StudioDriver


@pytest.fixture(autouse=True)
def endless_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames fly by before it is time to tell of one, on machines of any speed."""
    monkeypatch.setattr(calm, "EVERY_MS", 3_600_000)


def told_frames(driver: StudioDriver, parent: QObject) -> list[int]:
    told: list[int] = []
    Calm(driver.session, lambda: told.append(driver.frame), parent)
    return told


def test_steps_are_told_at_once(lasting: StudioDriver) -> None:
    owner = QObject()
    told = told_frames(lasting, owner)
    lasting.step(1)
    lasting.step(1)
    assert told == [1, 2]
    owner.deleteLater()


def test_a_drag_over_the_ruler_tells_less_and_ends_exact(lasting: StudioDriver) -> None:
    owner = QObject()
    told = told_frames(lasting, owner)
    lanes = lasting.lanes
    way = [(lanes.x_of(frame), 10.0) for frame in range(24)]
    lasting.drag(lanes, way, release=False)
    assert lasting.session.requests.is_scrubbing
    lasting.drag(lanes, [way[0], way[0]], release=False)  # a release that went astray
    lasting.drag(lanes, way)
    assert not lasting.session.requests.is_scrubbing
    assert told[-1] == lasting.frame == 23
    assert len(told) < 40, "every frame of the drag was told"
    owner.deleteLater()


def test_play_ends_with_the_frame_it_stopped_on(lasting: StudioDriver) -> None:
    owner = QObject()
    told = told_frames(lasting, owner)
    shown = lasting.play_frames(6)
    assert shown == [1, 2, 3, 4, 5, 6]
    assert told == [1, 6], "the first and where it rests"
    owner.deleteLater()
