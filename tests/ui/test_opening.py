"""Opening, closing, and nothing left behind."""

from __future__ import annotations

import gc
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from hpe_studio import app as studio_app
from hpe_studio.core.errors import StudioError
from tests.driver import StudioDriver
from tests.ui.conftest import CUT, FRAMES, SIZE_PX


def test_starts_with_three_choices(studio: StudioDriver) -> None:
    assert studio.window.session is None
    assert studio.window.start_page.isVisible()
    assert not studio.window.actions_["play"].isEnabled()
    assert studio.window.actions_["open"].isEnabled()


def test_opens_a_folder_of_images(studio: StudioDriver, images: Path) -> None:
    studio.open_clip(images)
    assert studio.document.clip.frame_count == FRAMES
    assert studio.document.clip.size_px == SIZE_PX
    assert studio.video.shown_frame == 0
    assert studio.session.project.path == images.parent / "walk.hpes"
    assert "All edits kept" in studio.window.status.saved_text


def test_shows_the_picture_of_the_frame(opened: StudioDriver) -> None:
    opened.scrub_to(30)
    opened.wait_idle()
    image = opened.video.grab().toImage()
    left, top, right, bottom = opened.video.transform.picture_rect()
    grey = image.pixelColor(round(left + 6), round((top + bottom) / 2)).red()
    assert grey == pytest.approx(40 + 4 * 30, abs=2)
    assert right - left > 0.9 * opened.video.width()


def test_dropped_files_are_opened(studio: StudioDriver, project: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(project))])
    action, left, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(50, 50), action, data, left, none)
    QApplication.sendEvent(studio.window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(QPointF(50, 50), action, data, left, none)
    QApplication.sendEvent(studio.window, drop)
    studio.wait_idle()
    assert [p.name for p in studio.session.persons] == ["Person A", "Person B"]


def test_a_wrong_file_leaves_everything_as_it_was(
    opened: StudioDriver, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.mp4"
    wrong.write_bytes(b"this is no movie at all" * 50)
    before = opened.session
    assert not opened.window.open_path(wrong)
    assert "wrong.mp4" in opened.toast
    assert opened.session is before


def test_closing_and_reopening_keeps_edits(opened: StudioDriver, project: Path) -> None:
    opened.rename("Person A", "Ravi")
    opened.press("Ctrl+W")
    assert opened.window.session is None
    assert opened.window.start_page.isVisible()
    opened.open_clip(project)
    assert [p.name for p in opened.session.persons] == ["Ravi", "Person B"]
    assert opened.menu_text("undo") == "Undo rename Person A"


def test_recent_projects_lead_back(opened: StudioDriver, project: Path) -> None:
    opened.press("Ctrl+W")
    page = opened.window.start_page
    page.project_chosen.emit(project)
    opened.wait_idle()
    assert opened.session.project.path == project


def test_missing_footage_still_shows_people(
    studio: StudioDriver, project: Path, images: Path
) -> None:
    images.rename(images.with_name("elsewhere"))
    studio.open_clip(project)
    assert studio.session.footage is None
    assert "footage" in studio.toast
    assert len(studio.video.overlay.targets.people) == 2


def test_nothing_is_left_behind(qapp: QApplication, project: Path) -> None:
    gc.collect()
    before_threads = set(threading.enumerate())
    before = {id(w) for w in QApplication.allWidgets()}
    with StudioDriver() as driver:
        driver.open_clip(project)
        driver.play_frames(5)
        driver.window.asking.for_export()
        driver.window.asking.for_run()
        driver.settle()
    gc.collect()
    left = [w for w in QApplication.allWidgets() if id(w) not in before]
    assert not [w for w in left if isinstance(w, QWidget)], left
    assert not set(threading.enumerate()) - before_threads


def test_without_a_display_one_sentence_names_what_works(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert not studio_app.can_show_window()
    with pytest.raises(StudioError, match=r"no display.*demo.*screenshot"):
        studio_app.main([])


def test_screenshot_shows_the_frame(
    qapp: QApplication, project: Path, tmp_path: Path
) -> None:
    import cv2

    output = tmp_path / "window.png"
    studio_app.take_screenshot(project, output, frame=CUT, size=(1280, 720))
    picture = cv2.imread(str(output))
    assert picture.shape == (720, 1280, 3)
    grey = 40 + 4 * CUT
    shown = np.abs(picture.astype(int) - grey).max(axis=2) <= 2
    assert shown.mean() > 0.05
