"""Every dialog, card, page and workspace by keyboard: reached, seen, named, closed."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QTabBar,
    QWidget,
)

from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.workflow.exporting import export_path
from tests.drive_import import examined
from tests.driver import StudioDriver
from tests.ui.test_keyboard import _looks_the_same_with_focus, _stops

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
    "preferences",
)


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    return lasting


def _asked(driver: StudioDriver, action_id: str) -> QDialog:
    driver.window.activateWindow()
    driver.focus_video()
    driver.window.actions_[action_id].trigger()
    driver.settle()
    (dialog,) = [d for d in driver.window.findChildren(QDialog) if d.isVisible()]
    return dialog


def _is_open(dialog: QDialog) -> bool:
    return shiboken6.isValid(dialog) and dialog.isVisible()


def _nameless(root: QWidget) -> list[str]:
    """What a person meets in a window and a screen reader cannot call by a name."""
    found: list[str] = []
    for widget in root.findChildren(QWidget):
        takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        is_met = bool(takes) or isinstance(widget, QAbstractButton)
        part = isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox | QTabBar)
        if not is_met or part or widget.focusProxy() is not None:
            continue
        text = widget.text() if isinstance(widget, QAbstractButton) else ""
        named = widget.accessibleName() or text
        if widget.isVisible() and not named and not _is_of_qt(widget):
            found.append(f"{type(widget).__name__} in {type(root).__name__}")
    return found


def _is_of_qt(widget: QWidget) -> bool:
    """True for what Qt puts into its own widgets (the corner of a table, ...)."""
    is_corner = widget.metaObject().className() == "QTableCornerButton"
    return is_corner or widget.objectName().startswith("qt_")


def _walked(driver: StudioDriver, root: QWidget) -> set[QWidget]:
    """What Tab comes by, once round."""
    seen: set[QWidget] = set()
    for _ in range(4 * len(_stops(root)) + 8):
        driver.press("Tab")
        focused = driver.app.focusWidget()
        assert focused is not None
        if focused.window() is root:
            seen.add(focused)
    return seen


@pytest.mark.parametrize("action_id", _DIALOGS)
def test_a_dialog_is_walked_named_and_closed_by_keys(
    opened: StudioDriver, action_id: str
) -> None:
    dialog = _asked(opened, action_id)
    try:
        first = opened.app.focusWidget()
        assert first is not None
        assert first.window() is dialog, "the focus stays behind the dialog"
        assert _nameless(dialog) == []
        assert _looks_the_same_with_focus(opened, dialog) == []
        first.setFocus()
        walked = _walked(opened, dialog)
        missed = {w for w in _stops(dialog) if not _is_reached(w, walked)}
        assert {f"{type(w).__name__} {w.accessibleName()}" for w in missed} == set()
        opened.press("Esc", dialog)
        assert not _is_open(dialog)
    finally:
        if _is_open(dialog):
            dialog.close()
        opened.settle()


def _is_reached(widget: QWidget, walked: set[QWidget]) -> bool:
    """True where Tab came by it, by a part of it, or by its group."""
    if isinstance(widget, QAbstractButton) and widget.group() is not None:
        return any(button in walked for button in widget.group().buttons())
    if isinstance(widget, QAbstractButton) and widget.autoExclusive():
        return any(isinstance(seen, QAbstractButton) for seen in walked)
    parts = {widget, *widget.findChildren(QWidget), widget.parentWidget()}
    return bool(parts & walked)


def test_the_import_window_is_walked_and_named(
    opened: StudioDriver, project: Path, tmp_path: Path
) -> None:
    results = tmp_path / "people.json"
    export_path(project, results)
    dialog = examined(opened, results)
    dialog.activateWindow()
    opened.settle()
    try:
        assert _nameless(dialog) == []
        assert _looks_the_same_with_focus(opened, dialog) == []
        opened.press("Esc", dialog)
        assert not _is_open(dialog)
    finally:
        if _is_open(dialog):
            dialog.close()
        opened.settle()


def test_the_question_for_the_rate_is_answered_by_keys(
    studio: StudioDriver, images: Path
) -> None:
    studio.window.open_path(images)
    dialog = studio.window.findChild(RateDialog)
    assert dialog is not None
    dialog.activateWindow()
    studio.settle()
    assert _nameless(dialog) == []
    studio.press("Return")
    studio.wait_idle()
    assert studio.session.document.clip.kind == "images"


@pytest.mark.parametrize("name", ["fix", "track", "views", "compare"])
def test_every_workspace_is_named_and_shows_its_focus(
    opened: StudioDriver, name: str
) -> None:
    opened.session.select(opened.person("Person A").id)
    opened.window.actions_[f"workspace_{name}"].trigger()
    opened.settle()
    tabs = opened.workspace.inspector.tabs
    for page in range(tabs.count()):
        tabs.setCurrentIndex(page)
        opened.settle()
        assert _nameless(opened.window) == [], tabs.tabText(page)
    assert _looks_the_same_with_focus(opened, opened.window) == []


def test_the_start_page_is_named_and_shows_its_focus(studio: StudioDriver) -> None:
    studio.window.activateWindow()
    studio.settle()
    assert _nameless(studio.window) == []
    assert _looks_the_same_with_focus(studio, studio.window) == []


def test_no_question_keeps_a_person_from_the_window(
    opened: StudioDriver, project: Path
) -> None:
    asking, window = opened.window.asking, opened.window
    clip = opened.document.clip
    for ask in (
        asking.for_clip,
        asking.for_folder,
        asking.for_copy,
        asking.for_import,
        partial(asking.for_rate, project, clip),
        partial(asking.for_name, "Name of the camera", "A", len),
        asking.for_run,
        asking.for_export,
        asking.for_own_files,
    ):
        ask()
        ask()  # the key pressed twice opens it once
        opened.settle()
        (dialog,) = [d for d in window.findChildren(QDialog) if d.isVisible()]
        assert not dialog.isModal(), dialog.windowTitle()
        window.activateWindow()
        opened.step(1)
        dialog.close()
        opened.settle()
    assert opened.frame == 9
