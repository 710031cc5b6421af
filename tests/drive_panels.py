"""Verbs of a person at the list and the inspector."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QMouseEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from hpe_studio.ui.field_parts import DragLabel
from hpe_studio.ui.fields import NumberField
from tests.driver import StudioDriver

_NONE = Qt.KeyboardModifier.NoModifier
_LEFT, _NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton


def section(driver: StudioDriver, section_id: str) -> Any:
    """A section of the inspector, its page in front."""
    inspector = driver.workspace.inspector
    for index, page in enumerate(inspector.pages.values()):
        if any(found.id == section_id for found in page.sections):
            inspector.tabs.setCurrentIndex(index)
    driver.settle()
    return inspector.section(section_id)


def scrub(
    driver: StudioDriver, field: NumberField, by_px: int, *, release: bool = True
) -> None:
    """Drag a field's label sideways, pixel by pixel."""
    label = field.findChild(DragLabel)
    assert label is not None
    move_mouse(label, QEvent.Type.MouseButtonPress, 3)
    step = 1 if by_px > 0 else -1
    for moved in range(step, by_px + step, step):
        move_mouse(label, QEvent.Type.MouseMove, 3 + moved)
        driver.app.processEvents()
    if release:
        move_mouse(label, QEvent.Type.MouseButtonRelease, 3 + by_px)
    driver.settle()


def move_mouse(widget: QWidget, kind: QEvent.Type, x: float, y: float = 8) -> None:
    """One event of the left button."""
    at = QPointF(x, y)
    button = _NO_BUTTON if kind == QEvent.Type.MouseMove else _LEFT
    held = _NO_BUTTON if kind == QEvent.Type.MouseButtonRelease else _LEFT
    place = QPointF(widget.mapToGlobal(at))
    QApplication.sendEvent(widget, QMouseEvent(kind, at, place, button, held, _NONE))


def middle_of(
    driver: StudioDriver, kind: str, value_id: int, column: int = 0
) -> QPoint:
    """The middle of a cell of the list, in the tree's viewport."""
    index = driver.tree.index_of(kind, value_id)
    assert index.isValid(), f"{kind} {value_id} is not listed"
    driver.tree.scrollTo(index)
    return driver.tree.visualRect(index.siblingAtColumn(column)).center()


def double_click(driver: StudioDriver, kind: str, value_id: int) -> None:
    """Double click a row of the list."""
    at = middle_of(driver, kind, value_id)
    QTest.mouseClick(driver.tree.viewport(), _LEFT, pos=at)
    QTest.mouseDClick(driver.tree.viewport(), _LEFT, pos=at)
    driver.settle()


def menu_at(driver: StudioDriver, kind: str, value_id: int) -> QMenu:
    """The context menu of a row."""
    at = middle_of(driver, kind, value_id)
    viewport = driver.tree.viewport()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, at, viewport.mapToGlobal(at))
    QApplication.sendEvent(viewport, event)
    driver.settle()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(driver: StudioDriver, menu: QMenu, name: str) -> None:
    """Trigger an action of a menu or of the menus below it."""
    menus = [menu, *menu.findChildren(QMenu)]
    actions = [action for found in menus for action in found.actions()]
    action = next(a for a in actions if a.objectName() == name)
    assert action.isEnabled(), name
    action.trigger()
    menu.close()
    driver.settle()


def drop(driver: StudioDriver, data: QMimeData, on: QPoint) -> bool:
    """Drop something on a place of the list; False where it is not taken."""
    viewport = driver.tree.viewport()
    move = Qt.DropAction.MoveAction
    enter = QDragEnterEvent(on, move, data, _LEFT, _NONE)
    QApplication.sendEvent(viewport, enter)
    hover = QDragMoveEvent(on, move, data, _LEFT, _NONE)
    QApplication.sendEvent(viewport, hover)
    event = QDropEvent(QPointF(on), move, data, _LEFT, _NONE)
    QApplication.sendEvent(viewport, event)
    driver.settle()
    return hover.isAccepted()
