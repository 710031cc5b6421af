"""What is taken to move a line between panes: drawn 1 px wide, hit 8 px wide."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hpe_studio.ui import look

HIT_PX = 8
_STEP_PX = 16
_KEYS = {
    Qt.Key.Key_Left: QPoint(-_STEP_PX, 0),
    Qt.Key.Key_Right: QPoint(_STEP_PX, 0),
    Qt.Key.Key_Up: QPoint(0, -_STEP_PX),
    Qt.Key.Key_Down: QPoint(0, _STEP_PX),
}


class Grip(QWidget):
    """A transparent strip over a line; `moved` tells by how much it was dragged.

    Arrow keys move it too. While the pointer is over it, or it has the focus, the
    line lights up.

    Args:
        parent: The widget over which it lies.
        name: What it moves, for screen readers.
    """

    moved = Signal(QPoint)
    reset = Signal()

    def __init__(self, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._from: QPoint | None = None
        self._is_hovered = False

    def place(self, line: QRect) -> None:
        """Lie over a line, however thin."""
        is_upright = line.height() > line.width()
        self.setCursor(
            Qt.CursorShape.SplitHCursor if is_upright else Qt.CursorShape.SplitVCursor
        )
        self.setGeometry(_widened(line, is_upright=is_upright))
        self.show()
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Light the line up while it is meant."""
        if not (self._is_hovered or self._from is not None or self.hasFocus()):
            return
        with QPainter(self) as painter:
            middle = self.rect()
            spare = HIT_PX // 2 - 1
            if self.height() > self.width():
                middle.adjust(spare, 0, -spare, 0)
            else:
                middle.adjust(0, spare, 0, -spare)
            painter.fillRect(middle, look.colour("accent.text"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag it."""
        if self._from is not None:
            at = event.globalPosition().toPoint()
            by, self._from = at - self._from, at
            self.moved.emit(by)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let it go."""
        self._from = None
        self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Put it back."""
        self.reset.emit()

    def enterEvent(self, _event: QEnterEvent) -> None:
        """Light up."""
        self._is_hovered = True
        self.update()

    def leaveEvent(self, _event: QEvent) -> None:
        """Go out."""
        self._is_hovered = False
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move it by arrow keys."""
        by = _KEYS.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(by)


def _widened(line: QRect, *, is_upright: bool) -> QRect:
    middle, half = line.center(), HIT_PX // 2
    if is_upright:
        return QRect(middle.x() - half + 1, line.y(), HIT_PX, line.height())
    return QRect(line.x(), middle.y() - half + 1, line.width(), HIT_PX)
