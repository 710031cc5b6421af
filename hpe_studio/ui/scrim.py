"""A veil over the window that holds one card; Esc or a click beside it closes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QWidget

from hpe_studio.ui import look

_SIDE_PX = 24


class Scrim(QWidget):
    """Child of a window over all of it; the focus stays in its card until it closes.

    Args:
        window: What it covers.
        card: What it holds.
        width: Of the card, where the window is wide enough.
        top: How far the card hangs below the window's upper edge.
    """

    closed = Signal()

    def __init__(self, window: QWidget, card: QFrame, *, width: int, top: int) -> None:
        super().__init__(window)
        self._window = window
        self._card, self._width, self._top = card, width, top
        self._had_focus: QWidget | None = None
        card.setParent(self)
        shadow = QGraphicsDropShadowEffect(card)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 8)
        shadow.setColor(QColor(0, 0, 0, 140))
        card.setGraphicsEffect(shadow)
        window.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        """Lay it over the window."""
        self._had_focus = QApplication.focusWidget()
        self.place()
        self.show()
        self.raise_()

    def close_(self) -> None:
        """Take it away and give the focus back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._had_focus = self._had_focus, None
        if before is not None and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def place(self) -> None:
        """Cover the window, the card in its middle."""
        window = self._window
        self.setGeometry(window.rect())
        width = min(self._width, window.width() - 2 * _SIDE_PX)
        room = window.height() - self._top - _SIDE_PX
        self._card.setFixedWidth(width)
        self._card.setMaximumHeight(max(room, 120))
        self._card.adjustSize()
        height = min(self._card.sizeHint().height(), room)
        left = (window.width() - width) // 2
        self._card.setGeometry(left, self._top, width, height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Darken what lies behind."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("overlay.scrim"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the card closes."""
        if not self._card.geometry().contains(event.position().toPoint()):
            self.close_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; no key goes on to the window behind."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_()

    def showEvent(self, _event: QShowEvent) -> None:
        """Take the present size of the window."""
        self.place()

    def focusNextPrevChild(self, is_next: bool) -> bool:
        """Keep Tab within the card."""
        stops = [w for w in self._card.findChildren(QWidget) if _takes_tab(w)]
        if not stops:
            return True
        focused = QApplication.focusWidget()
        at = stops.index(focused) if focused in stops else -1
        stops[(at + (1 if is_next else -1)) % len(stops)].setFocus(
            Qt.FocusReason.TabFocusReason
        )
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return super().eventFilter(watched, event)


def _takes_tab(widget: QWidget) -> bool:
    takes = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(takes) and widget.isVisible() and widget.isEnabled()
