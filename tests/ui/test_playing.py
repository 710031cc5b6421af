"""Play keeps time: the overlay never waits, the 3D view gives way."""

from __future__ import annotations

import time

import pytest
from pytestqt.qtbot import QtBot

from hpe_studio.core.clip import Clip, clip_without_footage
from hpe_studio.core.viewstate import ViewState
from hpe_studio.ui.play_pace import SCALES, PlayPace
from hpe_studio.ui.playback import Playback
from tests.driver import StudioDriver


@pytest.fixture
def clip() -> Clip:
    return clip_without_footage(frame_count=200, fps=50)  # type: ignore[arg-type]


@pytest.fixture
def playback(qapp: object, clip: Clip) -> Playback:
    return Playback(ViewState(clip), clip.times_s)


def test_speeds_stay_within_what_can_be_played(playback: Playback) -> None:
    playback.speed = 0.01
    assert playback.speed == 0.1
    playback.speed = 64
    assert playback.speed == 4.0


def test_the_shuttle_doubles_both_ways_and_begins_anew_when_turned(
    playback: Playback,
) -> None:
    for direction in (1, -1):
        speeds = []
        for _ in range(4):
            playback.shuttle(direction)
            speeds.append(playback.speed)
            assert playback.direction == direction
        assert speeds == [1.0, 2.0, 4.0, 4.0]


def test_the_next_frame_falls_due_by_the_clock(playback: Playback) -> None:
    clock = _Clock(playback)
    assert playback.spare_s() == float("inf")
    playback.play(1)
    clock.now_s += 0.004
    assert playback.spare_s() == pytest.approx(0.016)
    playback.speed = 0.5
    assert playback.spare_s() == pytest.approx(0.040)
    clock.now_s += 0.05
    assert playback.spare_s() == 0.0, "late"


@pytest.mark.parametrize(
    ("speed", "direction"), [(1.0, 1), (4.0, 1), (2.0, -1), (0.25, 1)]
)
def test_play_follows_the_clock_at_every_speed(
    qapp: object, clip: Clip, speed: float, direction: int
) -> None:
    view = ViewState(clip)
    view.frame = 100
    playback = Playback(view, clip.times_s)
    clock = _Clock(playback)
    playback.is_looping = False
    playback.speed = speed
    playback.play(direction)
    passed_s = 0.0
    for step_s in (0.05, 0.011, 0.2, 0.003, 0.061):  # some come late, some early
        clock.now_s += step_s
        passed_s += step_s
        playback._timer.timeout.emit()
        moved = direction * (view.frame - 100)
        assert moved == int(passed_s * 50 * speed + 1e-6)
    playback.stop()


class _Clock:
    """A clock for play that stands still until it is moved."""

    def __init__(self, playback: Playback) -> None:
        self.now_s = 1000.0
        playback._now_s = lambda: self.now_s


class _Pace:
    """A pace whose playback always has so much time to spare."""

    def __init__(self, playback: Playback, spare_s: float) -> None:
        self.pace = PlayPace(playback, playback)
        playback.spare_s = lambda: spare_s  # type: ignore[method-assign]
        self.drawn = 0
        self.pace.affordable.connect(self._on_affordable)

    def _on_affordable(self) -> None:
        self.drawn += 1


def test_what_cannot_be_afforded_is_drawn_smaller_or_not_at_all(
    qtbot: QtBot, playback: Playback
) -> None:
    playing = _Pace(playback, 0.020)
    pace, chosen = playing.pace, []
    pace.took(3.0)  # libraries are loaded
    for cost_s in (0.001, 0.002, 0.017):
        playback.play(1)
        chosen.append(SCALES.index(pace.scale))
        pace.took(cost_s)
        before = playing.drawn
        pace.ask()
        qtbot.waitUntil(lambda: not pace._timer.isActive(), timeout=60_000)
        assert playing.drawn == before + (cost_s < 0.01), "only what fits is drawn"
        playback.stop()
        assert pace.scale == 1.0, "at rest nothing is small"
    assert chosen == [2, 0, 0]
    playback.play(1)
    assert pace.scale < 1.0, "it learned that the whole is too slow"
    pace.took(0.030)
    before = playing.drawn
    pace.ask()
    qtbot.waitUntil(lambda: not pace._timer.isActive(), timeout=60_000)
    assert playing.drawn == before, "nothing fits"
    playback.stop()
    assert playing.drawn == before + 1, "the frame play stopped on is drawn"


def test_the_overlay_is_painted_on_every_frame_and_before_the_3d_view(
    lasting: StudioDriver,
) -> None:
    done: list[tuple[str, int]] = []
    paint, render = lasting.video.paintEvent, lasting.viewport._render

    def note(event: object) -> None:
        paint(event)
        done.append(("overlay", lasting.frame))

    def slower() -> None:
        time.sleep(0.08)  # a machine that cannot draw a picture in a frame's time
        render()
        done.append(("3d", lasting.frame))

    lasting.video.paintEvent = note  # type: ignore[method-assign]
    lasting.viewport._render = slower  # type: ignore[method-assign]
    try:
        for _ in range(4):  # it learns what drawing takes
            lasting.session.view.frame += 1
            lasting.settle()
        lasting.session.view.frame = 0
        lasting.wait_idle()
        done.clear()
        lasting.session.playback.is_looping = False
        lasting.session.playback.speed = 0.5
        shown = lasting.play_frames(12)
    finally:
        lasting.video.paintEvent = paint  # type: ignore[method-assign]
        lasting.viewport._render = render  # type: ignore[method-assign]
    assert shown == list(range(1, 13))
    assert {frame for what, frame in done if what == "overlay"} >= set(shown)
    for frame in shown[:-1]:
        if ("3d", frame) in done:
            assert done.index(("overlay", frame)) < done.index(("3d", frame))
    lasting.wait_idle()
    assert lasting.viewport.quality == "still"
