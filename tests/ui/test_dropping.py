"""Files dropped anywhere on the window: what is said before, and what is done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QApplication

from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.ui.drop_plan import plan_for
from hpe_studio.workflow.exporting import export_path
from tests.drive_import import take_in
from tests.driver import StudioDriver

_COPY, _LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
_PLAIN = Qt.KeyboardModifier.NoModifier


class Drag:
    """Files dragged over the window, step by step as Qt tells it."""

    def __init__(self, driver: StudioDriver, paths: Sequence[Path]) -> None:
        self._driver = driver
        self._data = QMimeData()
        self._data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])

    @property
    def said(self) -> str:
        """What the overlay says."""
        return self._driver.window.dropping.overlay.text

    def enter(self) -> bool:
        """Come over the window; True where a drop would be taken."""
        at = QPoint(60, 60)
        enter = QDragEnterEvent(at, _COPY, self._data, _LEFT, _PLAIN)
        QApplication.sendEvent(self._driver.window, enter)
        move = QDragMoveEvent(at, _COPY, self._data, _LEFT, _PLAIN)
        move.setAccepted(False)
        QApplication.sendEvent(self._driver.window, move)
        self._driver.settle()
        return enter.isAccepted() and move.isAccepted()

    def leave(self) -> None:
        """Go away again."""
        QApplication.sendEvent(self._driver.window, QDragLeaveEvent())
        self._driver.settle()

    def drop(self) -> None:
        """Let go."""
        event = QDropEvent(QPointF(60, 60), _COPY, self._data, _LEFT, _PLAIN)
        assert event.type() == QEvent.Type.Drop
        QApplication.sendEvent(self._driver.window, event)
        self._driver.wait_idle()


@pytest.fixture
def results(project: Path, tmp_path: Path) -> Path:
    """The project's people as a results file of their own."""
    return _results_of(project, tmp_path / "walk_people.json")


def test_a_project_is_announced_and_opened(studio: StudioDriver, project: Path) -> None:
    drag = Drag(studio, [project])
    assert drag.enter()
    assert drag.said == "Open walk.hpes"
    overlay = studio.window.dropping.overlay
    assert overlay.size() == studio.window.size()
    drag.leave()
    assert not drag.said
    assert studio.window.session is None
    drag.enter()
    drag.drop()
    assert not drag.said
    assert [p.name for p in studio.session.persons] == ["Person A", "Person B"]


def test_the_project_that_is_open_is_not_opened_twice(
    opened: StudioDriver, project: Path
) -> None:
    before = opened.session
    drag = Drag(opened, [project])
    drag.enter()
    drag.drop()
    assert opened.session is before
    assert opened.toast == "walk.hpes is open already"


def test_what_cannot_be_opened_is_said_and_refused(
    opened: StudioDriver, tmp_path: Path
) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("what to buy")
    before = opened.session
    drag = Drag(opened, [notes])
    assert not drag.enter()
    assert drag.said.startswith("notes.txt cannot be opened. Drop a clip")
    drag.leave()
    assert not drag.said
    assert opened.session is before


def test_a_broken_movie_leaves_everything_as_it_was(
    opened: StudioDriver, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"\0no movie" * 90)
    before = opened.session
    drag = Drag(opened, [wrong])
    assert drag.enter()
    drag.drop()
    assert opened.session is before
    assert "wrong.mp4" in opened.toast


def test_results_are_added_to_the_open_project(
    opened: StudioDriver, results: Path
) -> None:
    before = opened.session
    drag = Drag(opened, [results])
    assert drag.enter()
    assert drag.said == "Add results of walk_people.json to this project"
    drag.drop()
    take_in(opened)
    assert opened.session is before
    assert len(opened.session.persons) == 4
    assert opened.toast == "Added 2 people from walk_people.json"
    opened.press("Ctrl+Z", opened.video)
    assert len(opened.session.persons) == 2


def test_results_longer_than_the_clip_become_a_project_and_it_is_said(
    studio: StudioDriver, results: Path, tmp_path: Path
) -> None:
    short = tmp_path / "short"
    short.mkdir()
    for frame in range(5):
        picture = np.zeros((60, 80, 3), np.uint8)
        assert cv2.imwrite(str(short / f"{frame:03d}.png"), picture)
    second = results.with_name("more.json")
    second.write_bytes(results.read_bytes())
    studio.open_clip(short)
    drag = Drag(studio, [results, second])
    drag.enter()
    drag.drop()
    assert studio.document.clip.kind == "none"
    assert "longer than the clip" in studio.toast
    assert len(studio.session.persons) == 2


def test_a_folder_with_results_asks_for_the_rate_and_then_adds_them(
    studio: StudioDriver, images: Path, results: Path
) -> None:
    (images.parent / "walk.hpes").unlink()
    drag = Drag(studio, [results, images])
    assert drag.enter()
    assert drag.said == "Open walk and add walk_people.json to it"
    drag.drop()
    dialog = studio.window.findChild(RateDialog)
    assert dialog is not None
    studio.click(dialog.go, 10, 10)
    studio.wait_idle()
    take_in(studio)
    assert studio.document.clip.kind == "images"
    assert len(studio.session.persons) == 2


def test_the_rest_of_several_files_is_accounted_for(
    project: Path, images: Path, tmp_path: Path
) -> None:
    movie, notes = tmp_path / "b.mp4", tmp_path / "c.txt"
    movie.write_bytes(b"\0\1" * 40)
    notes.write_text("what to buy")
    plan = plan_for([project, movie, notes], can_add=False)
    assert plan.opens == project
    assert plan.detail == (
        "1 more is left out: one clip or project at a time; 1 file cannot be opened"
    )
    pictures = sorted(images.iterdir())
    assert plan_for(pictures, can_add=True).opens == images
    alone = plan_for(pictures[:1], can_add=True)
    assert alone.why_not == "0000.png is a single picture: drop its folder instead"
    empty = tmp_path / "empty"
    empty.mkdir()
    assert plan_for([empty], can_add=True).why_not == "There are no images in empty"


def test_several_results_without_a_project_go_into_one(results: Path) -> None:
    second = results.with_name("more.json")
    second.write_bytes(results.read_bytes())
    plan = plan_for([results, second], can_add=False)
    assert (plan.opens, plan.adds) == (results, (second,))
    assert plan.title == "Open walk_people.json and add more.json to it"
    both = plan_for([results, second], can_add=True)
    assert both.title == "Add results of 2 files to this project"


def _results_of(project: Path, goal: Path) -> Path:
    export_path(project, goal)
    return goal
