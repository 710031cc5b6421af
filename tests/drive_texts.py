"""Finds texts that do not fit where they stand, in any window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QTabBar,
    QToolButton,
    QWidget,
)

from hpe_studio.ui.field_parts import NumberEdit

_NEAR_PX = 1


def misfits(root: QWidget) -> list[str]:
    """What is cut off, squeezed or overlaps in a window, one line for each.

    A text that is elided counts as well where its tooltip tells all of it.
    """
    found: list[str] = []
    for widget in _visible(root):
        found += [f"{_name(widget)}: {why}" for why in _whys(widget, root)]
    found += _overlaps(root)
    return found


def _whys(widget: QWidget, root: QWidget) -> Iterator[str]:
    text = _text_of(widget)
    if text and not _fits(widget) and not _tells_in_tip(widget, text):
        has, wants = widget.size(), widget.sizeHint()
        yield (
            f"“{text}” needs {wants.width()}×{wants.height()}, "
            f"has {has.width()}×{has.height()}"
        )
    if isinstance(widget, QTabBar):
        for index in range(widget.count()):
            rect = widget.tabRect(index)
            room, wants = rect.width(), widget.tabSizeHint(index).width()
            is_seen = widget.rect().contains(rect)
            if (room < wants or not is_seen) and not widget.tabToolTip(index):
                yield f"tab “{widget.tabText(index)}” is cut"
    is_leaf = text or isinstance(widget, QLineEdit | QAbstractSpinBox | QComboBox)
    if is_leaf and (cut := _cut_by_ancestor(widget, root)):
        yield f"“{text}” is cut off by {cut}"


def _visible(root: QWidget) -> list[QWidget]:
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.window() is root
        and widget.width() > 0
        and widget.height() > 0
    ]


def _text_of(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QComboBox):
        return widget.text() if isinstance(widget, QLabel) else widget.currentText()
    if isinstance(widget, QAbstractButton):
        return widget.text() if _shows_text(widget) else ""
    if isinstance(widget, QAbstractSpinBox):
        return widget.text()
    if isinstance(widget, NumberEdit):
        return widget.text()
    if isinstance(widget, QLineEdit):
        return "" if widget.text() else widget.placeholderText()
    return ""


def _shows_text(button: QAbstractButton) -> bool:
    icons_only = Qt.ToolButtonStyle.ToolButtonIconOnly
    if isinstance(button, QToolButton) and not button.icon().isNull():
        return button.toolButtonStyle() != icons_only
    return True


def _fits(widget: QWidget) -> bool:
    if isinstance(widget, QComboBox):
        option = QStyleOptionComboBox()
        widget.initStyleOption(option)
        field = widget.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            widget,
        )
        return _advance(widget, widget.currentText()) <= field.width() + _NEAR_PX
    if isinstance(widget, QAbstractSpinBox):
        inner = widget.lineEdit()
        room = inner.contentsRect().width()
        return _advance(inner, inner.text()) <= room + _NEAR_PX
    if isinstance(widget, QLineEdit):
        room = widget.contentsRect().width() - 2
        return _advance(widget, _text_of(widget)) <= room + _NEAR_PX
    has, wants = widget.size(), widget.sizeHint()
    if isinstance(widget, QLabel) and widget.wordWrap():
        longest = max(_advance(widget, word) for word in widget.text().split() or [""])
        is_high = widget.heightForWidth(has.width()) <= has.height() + _NEAR_PX
        return is_high and (longest <= has.width() or "<" in widget.text())
    if widget.property("role") == "key":
        return wants.width() <= has.width() + _NEAR_PX
    high = widget.fontMetrics().height() <= has.height() + _NEAR_PX
    return high and wants.width() <= has.width() + _NEAR_PX


def _advance(widget: QWidget, text: str) -> int:
    return widget.fontMetrics().horizontalAdvance(text)


def _tells_in_tip(widget: QWidget, text: str) -> bool:
    """True where the tooltip says what is cut, or all of what is shortened by "…"."""
    tip = widget.toolTip()
    return text.rstrip("…").split("\n")[0] in tip or ("…" in text and bool(tip))


def _cut_by_ancestor(widget: QWidget, root: QWidget) -> str:
    """The ancestor beyond whose edge a widget reaches, unless one can scroll there."""
    parent = widget.parentWidget()
    while parent is not None and parent is not root.parentWidget():
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
            return _cut_across(widget, parent)
        inside = QRect(widget.mapTo(parent, QPoint(0, 0)), widget.size())
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(inside):
            return _name(parent)
        if parent is root:
            break
        parent = area
    return ""


def _cut_across(widget: QWidget, viewport: QWidget) -> str:
    area = viewport.parentWidget()
    assert isinstance(area, QAbstractScrollArea)
    inside = QRect(widget.mapTo(viewport, QPoint(0, 0)), widget.size())
    off = area.horizontalScrollBarPolicy().name == "ScrollBarAlwaysOff"
    reach = 0 if off else area.horizontalScrollBar().maximum()
    is_in = inside.left() >= -1 - reach and inside.right() <= viewport.width() + reach
    return "" if is_in else f"{_name(area)} (sideways)"


def _overlaps(root: QWidget) -> list[str]:
    """Pairs of texts and fields of one parent that lie over each other."""
    kinds = QLabel | QAbstractButton | QAbstractSpinBox | QComboBox | QLineEdit
    found: list[str] = []
    shown = [w for w in _visible(root) if isinstance(w, kinds)]
    by_parent: dict[int, list[QWidget]] = {}
    for widget in shown:
        by_parent.setdefault(id(widget.parentWidget()), []).append(widget)
    for group in by_parent.values():
        for one, other in combinations(group, 2):
            both = one.geometry().intersected(other.geometry())
            if both.width() > 1 and both.height() > 1:
                found.append(f"{_name(one)} lies over {_name(other)}")
    return found


def _name(widget: QWidget) -> str:
    text = _text_of(widget) or widget.accessibleName() or widget.objectName()
    return f"{type(widget).__name__} {text!r}"
