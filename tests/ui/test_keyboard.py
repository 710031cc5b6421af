"""Everything by keyboard: menus, focus, single keys, names for screen readers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from operator import attrgetter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QMenu,
    QWidget,
)

from hpe_studio.ui.actions import ACTIONS, MENUS, ActionSpec
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
    for _ in range(5):
        opened.press("F6")
        focused = opened.app.focusWidget()
        assert focused is not None
        seen.append(focused)
    workspace = opened.workspace
    assert seen == [
        workspace.viewport,
        workspace.inspector.tabs,
        workspace.lanes.canvas,
        workspace.outliner.tree,
        workspace.video,
    ]


def test_tab_reaches_buttons_and_comes_back(opened: StudioDriver) -> None:
    opened.focus_video()
    seen: list[QWidget] = []
    for _ in range(80):
        opened.press("Tab")
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
