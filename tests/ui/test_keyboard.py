"""Everything by keyboard: menus, focus, single keys, names for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QMenu,
    QWidget,
)

from hpe_studio.ui.actions import ACTIONS, MENUS, ActionSpec
from tests.drive_start import close_over
from tests.driver import StudioDriver

_SINGLE = [spec for spec in ACTIONS if spec.in_viewers]


@pytest.fixture
def opened(lasting: StudioDriver) -> StudioDriver:
    """The window with the project of two people."""
    return lasting


def test_every_action_stands_in_a_menu(opened: StudioDriver) -> None:
    bar = opened.window.top_bar.menu_bar
    menus = {menu.text(): menu.menu() for menu in bar.actions()}
    assert tuple(menus) == MENUS
    shown = {name for menu in menus.values() for name in _names_in(menu)}
    assert {spec.id for spec in ACTIONS} <= shown


def _names_in(menu: QMenu) -> Iterator[str]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _names_in(inner)
        else:
            yield action.objectName()


def test_no_two_actions_share_a_key() -> None:
    keys = [QKeySequence(keys).toString() for spec in ACTIONS for keys in spec.keys]
    assert len(keys) == len(set(keys))


@pytest.fixture
def heard(opened: StudioDriver) -> Iterator[list[str]]:
    """Ids of actions that keys set off, without what they do."""
    found: list[str] = []
    undone: list[tuple[QAction, Callable[[], None]]] = []
    for spec in _SINGLE:
        action = opened.window.actions_[spec.id]
        note = partial(_note, found, spec.id)
        action.triggered.connect(note)
        undone.append((action, note))
    yield found
    for action, note in undone:
        action.triggered.disconnect(note)


def _note(found: list[str], action_id: str, *_checked: bool) -> None:
    found.append(action_id)


@pytest.mark.parametrize("spec", _SINGLE, ids=attrgetter("id"))
def test_single_keys_act_in_the_viewers(
    opened: StudioDriver, heard: list[str], spec: ActionSpec
) -> None:
    opened.session.select(opened.person("Person A").id)
    action = opened.window.actions_[spec.id]
    for keys in spec.keys:
        expected = [spec.id] if action.isEnabled() else []
        heard.clear()
        opened.press(keys, opened.video)
        assert heard == expected, keys
        opened.session.playback.stop()
        close_over()


@pytest.mark.parametrize("where", ["name", "number"])
def test_single_keys_never_act_in_text_fields(
    opened: StudioDriver, heard: list[str], where: str
) -> None:
    opened.click_row("Person A")
    inspector = opened.workspace.inspector
    opened.workspace.inspector.tabs.setCurrentIndex(1)
    height = inspector.section("shape").height_field.box
    field = inspector.section("identity").name if where == "name" else height
    for spec in _SINGLE:
        for keys in spec.keys:
            field.setFocus()
            pressed = QKeySequence(keys)[0]
            QTest.keyClick(field, pressed.key(), pressed.keyboardModifiers())
    opened.settle()
    assert heard == []


def test_f6_goes_through_the_regions(opened: StudioDriver) -> None:
    opened.focus_video()
    seen: list[QWidget] = []
    docks = [dock for dock in opened.workspace.docks.values() if dock.isVisible()]
    for _ in range(2 + len(docks)):
        opened.press("F6")
        focused = opened.app.focusWidget()
        assert focused is not None
        seen.append(focused)
    workspace = opened.workspace
    assert seen[0] is workspace.viewport
    assert seen[-2:] == [workspace.outliner.tree, workspace.video]
    assert {workspace.inspector.tabs, workspace.lanes.canvas} <= set(seen)
    for dock in docks:
        assert any(dock.isAncestorOf(widget) for widget in seen), dock.objectName()


def test_shift_tab_reaches_everything_and_comes_back(opened: StudioDriver) -> None:
    opened.focus_video()
    seen: list[QWidget] = []
    for _ in range(240):
        opened.press("Shift+Tab")
        focused = opened.app.focusWidget()
        assert focused is not None
        assert focused.isVisible()
        if focused is opened.video:
            break
        seen.append(focused)
    assert opened.app.focusWidget() is opened.video
    assert opened.button("play") in seen
    assert opened.viewport in seen
    assert opened.tree in seen
    assert opened.lanes in seen


def test_tab_goes_through_buttons_and_lists(opened: StudioDriver) -> None:
    button = opened.button("shot_start")
    button.setFocus()
    opened.press("Tab")
    assert opened.app.focusWidget() is opened.button("previous_frame")
    opened.session.view.frame = 9
    opened.press("Space")
    assert opened.frame == 8
    assert opened.session.playback.direction == 0
    opened.tree.setFocus()
    opened.press("Tab")
    assert opened.app.focusWidget() not in (opened.tree, None)


def test_everything_that_takes_the_focus_has_a_name(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    unnamed: list[str] = []
    for page in range(3):
        opened.workspace.inspector.tabs.setCurrentIndex(page)
        opened.settle()
        for widget in opened.window.findChildren(QWidget):
            takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            if not (takes and widget.isVisible()):
                continue
            inner = isinstance(widget.parentWidget(), (QAbstractSpinBox, QComboBox))
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not (widget.accessibleName() or text or inner):
                unnamed.append(f"{type(widget).__name__} {widget.objectName()}")
            if isinstance(widget, QLineEdit) and not inner:
                assert widget.accessibleName()
    assert unnamed == []


def test_one_key_gives_a_viewer_all_the_room(opened: StudioDriver) -> None:
    opened.window.resize(1280, 720)
    opened.focus_video()
    opened.press("Ctrl+Space")
    assert opened.video.width() >= 1200
    assert not opened.viewport.isVisible()
    opened.press("Right")
    assert opened.frame == 1
    opened.press("Ctrl+Space")
    assert opened.viewport.isVisible()
    assert opened.tree.isVisible()
    opened.press("Ctrl+Shift+Space")
    assert not opened.tree.isVisible()
    assert opened.viewport.isVisible()
    opened.press("Ctrl+Shift+Space")
    assert opened.tree.isVisible()


def _stops(root: QWidget) -> list[QWidget]:
    """Widgets of a window that Tab reaches now."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.isVisible()
        and widget.isEnabled()
        and widget.focusProxy() is None
        and widget.visibleRegion().boundingRect().width() > 2
        and widget.window() is root
    ]


def _photo(root: QWidget, widget: QWidget) -> QImage:
    corner = widget.mapTo(root, QPoint(0, 0))
    around = QRect(corner, widget.size()).adjusted(-4, -4, 4, 4)
    return root.grab(around.intersected(root.rect())).toImage()


def _looks_the_same_with_focus(driver: StudioDriver, root: QWidget) -> list[str]:
    root.activateWindow()
    driver.settle()
    found: list[str] = []
    for widget in _stops(root):
        if not widget.isVisible():
            continue
        root.setFocus()
        if driver.app.focusWidget() is not None:
            driver.app.focusWidget().clearFocus()
        driver.app.processEvents()
        before = _photo(root, widget)
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        driver.app.processEvents()
        if driver.app.focusWidget() is widget and _photo(root, widget) == before:
            found.append(f"{type(widget).__name__} {widget.accessibleName()}")
    return found


def test_focus_is_visible_everywhere_in_the_window(opened: StudioDriver) -> None:
    opened.click_row("Person A")
    assert _looks_the_same_with_focus(opened, opened.window) == []


@pytest.mark.parametrize("page", ["look", "keys", "playing", "files", "estimation"])
def test_focus_is_visible_in_preferences(opened: StudioDriver, page: str) -> None:
    dialog = opened.window.hands.show_preferences(page)
    opened.settle()
    same = _looks_the_same_with_focus(opened, dialog)
    unnamed = [type(w).__name__ for w in _stops(dialog) if not _name_of(w)]
    dialog.close()
    opened.settle()
    assert same == []
    assert unnamed == []


@pytest.mark.parametrize("action_id", ["key_sheet", "save", "run", "export"])
def test_focus_is_visible_in_dialogs(opened: StudioDriver, action_id: str) -> None:
    opened.window.actions_[action_id].trigger()
    opened.settle()
    (dialog,) = [d for d in opened.window.findChildren(QDialog) if d.isVisible()]
    same = _looks_the_same_with_focus(opened, dialog)
    unnamed = [type(w).__name__ for w in _stops(dialog) if not _name_of(w)]
    dialog.close()
    opened.settle()
    assert same == []
    assert unnamed == []


def _name_of(widget: QWidget) -> str:
    """What a screen reader says of a widget, or of the field it is a part of."""
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    parent = widget.parentWidget()
    is_part = isinstance(parent, (QAbstractSpinBox, QComboBox))
    return widget.accessibleName() or text or ("part" if is_part else "")


def test_texts_of_actions_are_unique_within_their_menu() -> None:
    texts = [(spec.submenu, spec.text) for spec in ACTIONS]
    assert len(texts) == len(set(texts))
