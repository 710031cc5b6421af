"""Verbs for the import window, by real events."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from hpe_studio.core.skeleton import landmark_set
from hpe_studio.ui.importing import ImportDialog
from hpe_studio.ui.importing.attach_dialog import AttachDialog
from tests.driver import StudioDriver


def examined(driver: StudioDriver, path: Path | None = None) -> ImportDialog:
    """The import window once it has read (and matched) its results.

    Args:
        driver: The window.
        path: Results to show it for; it is open already when None.
    """
    if path is not None:
        driver.window.asking.show_import(path)
    dialog = driver.window.findChild(ImportDialog)
    assert dialog is not None, "no import window"
    driver.wait_until(lambda: not dialog.is_working, "results to be read")
    driver.settle()
    return dialog


def attach_asked(driver: StudioDriver) -> AttachDialog:
    """The window that asks about a clip once the doctor has looked at it."""

    def shown() -> AttachDialog | None:
        return driver.window.findChild(AttachDialog)

    driver.wait_until(lambda: shown() is not None, "the doctor to look at the clip")
    driver.settle()
    dialog = shown()
    assert dialog is not None
    return dialog


def press(driver: StudioDriver, button: QPushButton) -> None:
    """Click a button in its middle."""
    driver.click(button, button.width() / 2, button.height() / 2)


def take_in(driver: StudioDriver, path: Path | None = None) -> None:
    """Press Import and wait until the people are there."""
    dialog = examined(driver, path)
    press(driver, dialog.import_button)
    driver.wait_idle()


def stick(frame: int) -> np.ndarray:
    """A standing figure of COCO's 17 points that walks to the right, pixels."""
    figure = {
        "nose": (0, 0), "eye": (3, -3), "ear": (6, -1), "shoulder": (14, 18),
        "elbow": (20, 40), "wrist": (22, 60), "hip": (9, 66), "knee": (10, 100),
        "ankle": (10, 132),
    }  # fmt: skip
    points = []
    for name in landmark_set("coco17").names:
        side, _, part = name.rpartition("_")
        x, y = figure[part]
        points.append((90 + 2 * frame + (x if side == "left" else -x), 60 + y))
    return np.array(points, dtype=float)


def keypoints(
    folder: Path, frames: range, *, figure: Callable[[int], np.ndarray] = stick
) -> Path:
    """OpenPose's files of a figure on some frames, numbered from 0."""
    goal = folder / "keypoints"
    goal.mkdir(parents=True)
    for number, frame in enumerate(frames):
        flat = np.c_[figure(frame), np.full(17, 0.9)].ravel().tolist()
        people = [{"person_id": [-1], "pose_keypoints_2d": flat}]
        text = json.dumps({"version": 1.3, "people": people})
        (goal / f"walk_{number:012d}_keypoints.json").write_text(text)
    return goal


def drop(driver: StudioDriver, path: Path) -> str:
    """Drop a file or folder on the window; what it said before."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(60, 60), copy, data, button, keys)
    QApplication.sendEvent(driver.window, enter)
    driver.settle()
    said = driver.window.dropping.overlay.text
    event = QDropEvent(QPointF(60, 60), copy, data, button, keys)
    QApplication.sendEvent(driver.window, event)
    driver.settle()
    return said
