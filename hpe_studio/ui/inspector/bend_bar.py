"""How far a joint is bent, with the natural range in green; the knob is dragged."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.field_parts import pace

_KNOB_PX, _TRACK_PX, _HEIGHT_PX = 10.0, 6.0, 22
_SLACK = 0.15
_KEYS = {
    Qt.Key.Key_Left: -1.0,
    Qt.Key.Key_Down: -1.0,
    Qt.Key.Key_Right: 1.0,
    Qt.Key.Key_Up: 1.0,
    Qt.Key.Key_PageDown: -10.0,
    Qt.Key.Key_PageUp: 10.0,
}


class BendBar(QWidget):
    """A track with a green part and a knob of 10 px.

    Dragged and stepped as a `NumberField` is, with the same signals.
    """

    edited = Signal(float)
    scrubbed = Signal(float)
    scrub_cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._value, self._natural = 0.0, (0.0, 1.0)
        self._before: float | None = None
        self._grip = 0.0
        self._is_read_only = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Bend"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def value(self) -> float:
        """The angle, degrees."""
        return self._value

    @property
    def is_natural(self) -> bool:
        """True within the natural range."""
        low, high = self._natural
        return low - 0.05 <= self._value <= high + 0.05

    def show_bend(self, value: float, low: float, high: float) -> None:
        """Show an angle and the natural range, degrees."""
        self._natural = (low, high)
        if self._before is None:
            self._value = value
        words = self.tr("{0:.1f} degrees, natural from {1:.0f} to {2:.0f}")
        self.setAccessibleDescription(words.format(self._value, low, high))
        self.setToolTip(self.tr("Natural from {0:.0f}° to {1:.0f}°").format(low, high))
        self.update()

    def set_read_only(self, reason: str) -> None:
        """Refuse to be dragged where there is a reason."""
        self._is_read_only = bool(reason)
        self.setEnabled(not reason)

    def x_of(self, value: float) -> float:
        """Where an angle lies, pixels."""
        low, high = self._ends()
        room = self.width() - _KNOB_PX - 2
        share = min(max((value - low) / (high - low), 0.0), 1.0)
        return _KNOB_PX / 2 + 1 + room * share

    def sizeHint(self) -> QSize:
        """As wide as the row lets it."""
        return QSize(120, _HEIGHT_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the knob, or bring it to the pointer."""
        if event.button() != Qt.MouseButton.LeftButton:
            self._cancel()
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        x = event.position().x()
        knob = self.x_of(self._value)
        self._grip = x - knob if abs(x - knob) <= _KNOB_PX else 0.0
        self._before = self._value
        if not self._grip and abs(x - knob) > 1:
            self._scrub(self._value_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Bend with the pointer; Ctrl makes it fine."""
        if self._before is None:
            return
        x = event.position().x() - self._grip
        wanted = self._value_at(x)
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            wanted = self._value + 0.1 * (wanted - self._value)
        self._scrub(wanted)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Keep the bend."""
        before, self._before = self._before, None
        if before is not None and before != self._value:
            self.edited.emit(self._value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows bend by a degree, Home and End go to the natural ends."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and self._before is not None:
            self._cancel()
        elif key in _KEYS and not self._is_read_only:
            self._enter(self._value + _KEYS[key] * pace(event.modifiers()))
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End) and not self._is_read_only:
            self._enter(self._natural[key == Qt.Key.Key_End])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint track, green part and knob."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            middle = self.height() / 2
            left, right = self.x_of(self._ends()[0]), self.x_of(self._ends()[1])
            track = QRectF(left, middle - _TRACK_PX / 2, right - left, _TRACK_PX)
            painter.setPen(look.colour("border.control"))
            painter.setBrush(look.colour("bg.input"))
            painter.drawRoundedRect(track, 3, 3)
            low, high = (self.x_of(v) for v in self._natural)
            green = QRectF(low, track.top(), high - low, _TRACK_PX).adjusted(
                0, 1, 0, -1
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("state.ok", alpha=0.75))
            painter.drawRect(green)
            self._paint_knob(painter, middle)

    def _paint_knob(self, painter: QPainter, middle: float) -> None:
        if not self.isEnabled():
            return
        x, r = self.x_of(self._value), _KNOB_PX / 2
        knob = QRectF(x - r, middle - r, _KNOB_PX, _KNOB_PX)
        ring = "focus.ring" if self.hasFocus() else "bg.window"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(ring))
        painter.drawEllipse(knob.adjusted(-2, -2, 2, 2))
        painter.setBrush(
            look.colour("text.primary" if self.is_natural else "state.warn")
        )
        painter.drawEllipse(knob)

    def _ends(self) -> tuple[float, float]:
        low, high = self._natural
        slack = _SLACK * (high - low)
        return low - slack, high + slack

    def _value_at(self, x: float) -> float:
        low, high = self._ends()
        room = self.width() - _KNOB_PX - 2
        share = min(max((x - _KNOB_PX / 2 - 1) / max(room, 1), 0.0), 1.0)
        return low + share * (high - low)

    def _scrub(self, value: float) -> None:
        self._value = value
        self.update()
        self.scrubbed.emit(value)

    def _enter(self, value: float) -> None:
        self._value = value
        self.update()
        self.edited.emit(value)

    def _cancel(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            self._value = before
            self.scrub_cancelled.emit()
            self.update()
