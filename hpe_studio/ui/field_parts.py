"""What a number field is made of: its line, its label, its reason."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLabel, QLineEdit, QSizePolicy, QWidget

from hpe_studio.ui import look

_LONGEST = 100
_COARSE, _FINE = 10.0, 0.1
_REASON = "field_reason"
_REASON_MS = 4000
_STEPS = {
    Qt.Key.Key_Up: 1.0,
    Qt.Key.Key_Down: -1.0,
    Qt.Key.Key_PageUp: _COARSE,
    Qt.Key.Key_PageDown: -_COARSE,
}


def pace(modifiers: Qt.KeyboardModifier) -> float:
    """How fast a number changes: Ctrl is fine, Shift is coarse."""
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        return _FINE
    return _COARSE if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0


class NumberEdit(QLineEdit):
    """The line of a number field: arrows and wheel step, Enter and Esc are told."""

    stepped = Signal(float)
    step_ended = Signal()
    wheeled = Signal(float)
    entered = Signal()
    escaped = Signal()
    focused = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(_LONGEST)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFrame(False)
        self.setMinimumWidth(20)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setTextMargins(0, 0, 0, 0)
        look.set_role(self, role="number")

    def event(self, event: QEvent) -> bool:
        """Leave undo and redo to the window unless somebody is typing."""
        if event.type() == QEvent.Type.ShortcutOverride and not self.isModified():
            assert isinstance(event, QKeyEvent)
            keys = QKeySequence.StandardKey
            if event.matches(keys.Undo) or event.matches(keys.Redo):
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by arrows, take by Enter, give back by Esc."""
        key = Qt.Key(event.key())
        if key in _STEPS:
            self.stepped.emit(_STEPS[key] * pace(event.modifiers()))
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            was_typed = self.isModified()
            self.entered.emit()
            event.setAccepted(was_typed)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A held arrow key is one gesture."""
        if event.key() in _STEPS and not event.isAutoRepeat():
            self.step_ended.emit()
        super().keyReleaseEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step with the focus; without it the panel scrolls."""
        notches = event.angleDelta().y() / 120
        if not self.hasFocus() or not notches:
            event.ignore()
            return
        self.wheeled.emit(notches * pace(event.modifiers()))
        event.accept()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Take the whole number to type another one."""
        self.selectAll()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell it."""
        super().focusInEvent(event)
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell it."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.left.emit()


class DragLabel(QLabel):
    """A label that tells how far it was dragged sideways."""

    dragged = Signal(float)
    dropped = Signal()
    cancelled = Signal()
    typing_wanted = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._from: QPointF | None = None
        look.set_role(self, tone="muted")

    @property
    def is_held(self) -> bool:
        """True between press and release."""
        return self._from is not None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold; the right button lets go of the drag."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.position()
        elif self._from is not None:
            self._from = None
            self.cancelled.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the step; Ctrl makes it fine, Shift coarse."""
        if self._from is None:
            return
        step = event.position().x() - self._from.x()
        self._from = event.position()
        self.dragged.emit(step * pace(event.modifiers()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        if self._from is not None:
            self._from = None
            self.dropped.emit()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Type instead."""
        self.typing_wanted.emit()


def show_reason(field: QWidget, text: str) -> None:
    """Say below a field why its text was refused, for a few seconds."""
    hide_reason(field)
    window = field.window()
    note = QLabel(text, window)
    note.setObjectName(_REASON)
    note.setFont(look.font("small"))
    note.setContentsMargins(8, 4, 8, 4)
    note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    look.set_role(note, role="reason")
    note.adjustSize()
    corner = field.mapTo(window, field.rect().bottomLeft())
    left = max(4, min(corner.x(), window.width() - note.width() - 4))
    note.move(left, corner.y() + 4)
    note.show()
    note.raise_()
    QTimer.singleShot(_REASON_MS, note, note.deleteLater)


def hide_reason(field: QWidget) -> None:
    """Take the reason away."""
    for note in field.window().findChildren(QLabel, _REASON):
        note.hide()
        note.setParent(None)
        note.deleteLater()


def reason_shown(widget: QWidget) -> str:
    """The reason that stands in a widget's window, or ""."""
    notes = widget.window().findChildren(QLabel, _REASON)
    return notes[-1].text() if notes else ""
