"""Many hasty events at once, and closing in the midst of things: nothing breaks."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from hpe_studio.core.jobs import Job, Progress
from hpe_studio.storage.project import open_project
from tests.driver import LEFT, MIDDLE, NO_KEYS, StudioDriver
from tests.ui.conftest import FRAMES

EVENTS = 200
_KEYS = (
    "Space J K L Left Right Shift+Left Shift+Right Up Down Home End Ctrl+Home "
    "Ctrl+End [ ] F7 F8 F9 I Shift+I Alt+I R V X Y Z Esc 1 2 3 4 F H Alt+H Ctrl+Z "
    "Ctrl+Y Ctrl+Shift+Z Ctrl+C Ctrl+V F6 Ctrl+Space Ctrl+Shift+Space"
)
KEYS = _KEYS.split(" ")


def _state(driver: StudioDriver) -> tuple[object, ...]:
    document = driver.document
    tracks = [
        (track.id, np.asarray(track.base_rad).tobytes())
        for _, track in sorted(document.tracks.items())
    ]
    keys = [document.keys_of(track_id) for track_id, _ in tracks]
    return sorted(document.persons.items()), tracks, keys


def _verbs(driver: StudioDriver, chance: random.Random) -> list[Callable[[], object]]:
    def place(widget: object) -> tuple[float, float]:
        width, height = widget.width(), widget.height()  # type: ignore[attr-defined]
        return chance.uniform(0, width - 1), chance.uniform(0, height - 1)

    def drag() -> None:
        widget = chance.choice([driver.video, driver.viewport, driver.lanes])
        button = chance.choice([LEFT, LEFT, MIDDLE])
        path = [place(widget) for _ in range(chance.randint(2, 6))]
        driver.drag(widget, path, button=button, release=chance.random() < 0.8)

    def press() -> None:
        focus = chance.choice([driver.video, driver.viewport, driver.lanes, None])
        driver.press(chance.choice(KEYS), focus or driver.window)

    def turn() -> None:
        tool = driver.workspace.tools.active
        if getattr(tool, "gizmo", None) is None:
            for person in driver.session.persons[:1]:
                driver.session.select(person.id, 18)
            driver.press("R", driver.video)
            return
        x, y = driver.viewport.scene_view().project(tool.gizmo.centre_m)
        driver.drag(driver.viewport, [(x + 38, y), (x + 40, y + 20), (x, y + 50)])

    def toggle() -> None:
        for person in driver.session.persons[1:]:
            driver.toggle_eye(person.name)

    return [
        drag,
        press,
        press,
        turn,
        lambda: driver.scrub_to(chance.randrange(FRAMES)),
        toggle,
        lambda: driver.wheel(driver.viewport, *place(driver.viewport), 1),
        lambda: driver.wheel(driver.video, *place(driver.video), -1),
        lambda: driver.wheel(driver.lanes, *place(driver.lanes), 1),
        lambda: driver.window.resize(
            chance.randint(960, 1500), chance.randint(600, 900)
        ),
        driver.session.undo,
        driver.session.redo,
    ]


def _let_go(driver: StudioDriver) -> None:
    for widget in (driver.video, driver.viewport, driver.lanes):
        at = QPointF(5, 5)
        kind = QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind, at, widget.mapToGlobal(at), LEFT, Qt.MouseButton.NoButton, NO_KEYS
        )
        QApplication.sendEvent(widget, event)
    driver.settle()


@pytest.mark.parametrize("seed", [1, 2])
def test_a_storm_of_events_leaves_everything_undoable(
    studio: StudioDriver, project: Path, seed: int
) -> None:
    studio.open_clip(project)
    before = _state(studio)
    chance = random.Random(seed)
    verbs = _verbs(studio, chance)
    edits = number = 0
    while number < EVENTS or edits <= 3:
        assert number < 10 * EVENTS, "a storm edits something"
        chance.choice(verbs)()
        number += 1
        edits = max(edits, studio.document.history.position)
    _let_go(studio)
    assert edits > 3
    assert not studio.document.is_editing
    assert "failed" not in studio.toast
    while studio.document.history.undo_label not in (None, "Estimate people"):
        studio.session.undo()
    if studio.document.history.undo_label is None:  # the storm undid everything
        studio.session.redo()
    assert _state(studio) == before
    studio.session.playback.stop()
    studio.wait_idle()


def test_closing_in_the_midst_of_a_drag_keeps_what_was_done(
    studio: StudioDriver, project: Path
) -> None:
    studio.open_clip(project)
    studio.rename("Person A", "Ravi")
    studio.scrub_to(10)
    studio.select_joint("Ravi", "left_elbow")
    studio.press("R")
    studio.drag_gizmo("z", 30)
    kept = _state(studio)
    studio.drag_gizmo("x", 30, release=False)
    studio.press("Ctrl+W", studio.window)
    assert studio.window.session is None
    studio.open_clip(project)
    assert _state(studio) == kept
    assert studio.menu_text("undo") == "Undo rotate left elbow"


def test_closing_in_the_midst_of_a_job_stops_it_and_keeps_edits(
    studio: StudioDriver, project: Path
) -> None:
    stopped: list[bool] = []

    def work() -> Job[int]:
        try:
            for done in range(10**7):
                yield Progress(done=done, total=10**7, text="Counting")
                time.sleep(0.002)
            return 1
        finally:
            stopped.append(True)

    studio.open_clip(project)
    studio.window.jobs.start("Counting", work(), on_result=stopped.append)
    studio.wait_until(studio.window.status.pill.isVisible, "the pill")
    studio.rename("Person B", "Lena")
    studio.window.close()
    assert stopped == [True]
    reopened = open_project(project)
    assert "Lena" in {p.name for p in reopened.document.persons.values()}
    reopened.close()


def test_a_second_window_opens_for_reading_only_and_says_so(
    studio: StudioDriver, project: Path
) -> None:
    studio.open_clip(project)
    with StudioDriver() as second:
        second.open_clip(project)
        assert "reading only" in second.toast
        assert second.window.status.saved_text == "Open for reading only"
        before = _state(second)
        second.scrub_to(10)
        second.select_joint("Person A", "left_elbow")
        second.press("I", second.video)
        assert "reading only" in second.toast
        assert _state(second) == before
        assert not second.document.is_editing
    studio.rename("Person A", "Ravi")
    assert studio.session.persons[0].name == "Ravi"
