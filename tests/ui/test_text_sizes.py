"""Larger texts in small windows: nothing is cut off, squeezed or lies over another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.settings import settings
from tests.drive_texts import misfits
from tests.driver import StudioDriver

pytestmark = pytest.mark.slow

_SIZES = ((1280, 720), (1440, 900))
_PERCENTS = (100, 115, 130, 150)
_ELBOW = 18
_DIALOGS = (
    "run",
    "export",
    "save",
    "key_sheet",
    "about",
    "licences",
    "whats_new",
    "report",
    "set_up_romp",
    "add_views",
)


@pytest.fixture
def opened(lasting: StudioDriver) -> Iterator[StudioDriver]:
    lasting.session.select(lasting.person("Person A").id, _ELBOW)
    lasting.session.view.tool = "rotate"
    yield lasting
    _choose(lasting, 100)


def _choose(driver: StudioDriver, percent: int) -> None:
    settings().write("look.text_percent", percent)
    look.apply(driver.app)
    driver.settle()
    assert look.text_px("body") == round(12 * percent / 100)


def _write(driver: StudioDriver, percent: int) -> None:
    _choose(driver, percent)
    driver.window.resize(*_SIZES[0])
    driver.settle()
    driver.workspace.reset()
    driver.settle()


@pytest.mark.parametrize("percent", _PERCENTS)
def test_every_text_stands_whole(opened: StudioDriver, percent: int) -> None:
    _choose(opened, percent)
    found: dict[str, list[str]] = {}
    for size in _SIZES:
        opened.window.resize(*size)
        found |= _misfits_of_workspaces(opened, f"{size[0]}x{size[1]}")
    opened.window.resize(*_SIZES[0])
    opened.settle()
    found |= _misfits_of_dialogs(opened) | _misfits_of_preferences(opened)
    assert {where: told for where, told in found.items() if told} == {}


def _misfits_of_workspaces(driver: StudioDriver, size: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("track", "views", "compare", "fix"):
        driver.window.actions_[f"workspace_{name}"].trigger()
        driver.workspace.reset()
        driver.settle()
        found[f"{name} {size}"] = misfits(driver.window)
    tabs = driver.workspace.inspector.tabs
    for page in range(tabs.count()):
        tabs.setCurrentIndex(page)
        driver.settle()
        found[f"{tabs.tabText(page)} {size}"] = misfits(driver.window)
    return found


def _misfits_of_dialogs(driver: StudioDriver) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for action_id in _DIALOGS:
        driver.window.actions_[action_id].trigger()
        dialog = _dialog(driver)
        found[action_id] = misfits(dialog)
        if dialog.width() > _SIZES[0][0] or dialog.height() > _SIZES[0][1]:
            found[action_id].append(f"larger than the window: {dialog.size()}")
        dialog.close()
        driver.settle()
    return found


def _misfits_of_preferences(driver: StudioDriver) -> dict[str, list[str]]:
    dialog = driver.window.hands.show_preferences()
    found: dict[str, list[str]] = {}
    for page in ("look", "keys", "playing", "files", "estimation"):
        dialog.show_page(page)
        driver.settle()
        found[page] = misfits(dialog)
    dialog.close()
    driver.settle()
    return found


def test_video_and_3d_are_not_squeezed_between_wide_docks(
    opened: StudioDriver,
) -> None:
    _write(opened, 100)
    viewers, plain = opened.workspace.viewers, opened.video.width()
    assert viewers.arrangement.mode == "beside"
    _choose(opened, 150)
    assert viewers.arrangement.mode == "inset_3d"
    assert opened.video.width() > 1.3 * plain
    _choose(opened, 100)
    assert viewers.arrangement.mode == "beside"
    opened.workspace.show_viewers(replace(viewers.arrangement, mode="stacked"))
    _choose(opened, 150)
    assert viewers.arrangement.mode == "stacked"  # as a person wants it
    opened.workspace.reset()
    assert viewers.arrangement.mode == "inset_3d"


def test_docks_grow_with_the_texts_and_shrink_again(opened: StudioDriver) -> None:
    _write(opened, 100)
    inspector = opened.workspace.docks["inspector"]
    plain = inspector.width()
    _choose(opened, 150)
    assert inspector.width() >= round(plain * 1.5)
    _choose(opened, 100)
    assert inspector.width() == plain


def test_numbers_of_the_inspector_are_seen_whole(opened: StudioDriver) -> None:
    _write(opened, 150)
    shown = opened.workspace.inspector.section("rotation").findChildren(QWidget)
    boxes = [w for w in shown if type(w).__name__ == "NumberEdit" and w.isVisible()]
    assert len(boxes) >= 3
    for box in boxes:
        needed = box.fontMetrics().horizontalAdvance(box.text())  # type: ignore[attr-defined]
        assert needed <= box.contentsRect().width()


_Squeeze = Callable[[QLabel, QPushButton], object]


@pytest.mark.parametrize(
    ("squeeze", "seen"),
    [
        (lambda label, _button: label.setFixedWidth(20), "needs"),
        (lambda _label, button: button.setFixedWidth(24), "needs"),
        (lambda label, button: label.setGeometry(button.geometry()), "lies over"),
        (lambda label, _button: label.move(-30, 4), "is cut off by"),
    ],
)
def test_what_does_not_fit_is_found(qapp: object, squeeze: _Squeeze, seen: str) -> None:
    window = QWidget()
    row = QHBoxLayout(window)
    label, button = QLabel("Field of view"), QPushButton("Open the folder")
    row.addWidget(label)
    row.addWidget(button)
    window.show()
    window.resize(400, 60)
    assert misfits(window) == []
    squeeze(label, button)
    row.activate() if seen == "needs" else None
    assert any(seen in told for told in misfits(window))
    label.setToolTip("Field of view")
    button.setToolTip("Open the folder")
    if seen == "needs":
        assert misfits(window) == []
    window.close()


def _dialog(driver: StudioDriver) -> QDialog:
    driver.settle()
    (dialog,) = [d for d in driver.window.findChildren(QDialog) if d.isVisible()]
    driver.settle()
    return dialog
