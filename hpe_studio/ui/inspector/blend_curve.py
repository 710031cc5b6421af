"""How a key's offset comes and goes, as a curve whose ends are dragged."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.motion.interpolation import smoothstep
from hpe_studio.ui import look

_HEIGHT_PX, _TOP_PX, _FOOT_PX = 46, 8.0, 7.0
_LEAST_SPAN, _ROOM = 6, 1.4
_HIT_PX, _MOST_BLEND = 9.0, 500


class BlendEnd(QObject):
    """One end of the curve, with the signals of a dragged number (frames)."""

    edited = Signal(float)
    scrubbed = Signal(float)
    scrub_cancelled = Signal()

    def __init__(self, curve: BlendCurve) -> None:
        super().__init__(curve)
        self._curve = curve

    def repaint(self) -> None:
        """Paint the curve at once."""
        self._curve.repaint()


class BlendCurve(QWidget):
    """A hill from blend-in to blend-out with the key's diamond on top.

    The picture reaches equally far to both sides, so that unequal blends look so.
    """

    def __init__(self) -> None:
        super().__init__()
        self.blend_in, self.blend_out = BlendEnd(self), BlendEnd(self)
        self._frames: tuple[int, int] | None = None
        self._span = float(_LEAST_SPAN)
        self._held: BlendEnd | None = None
        self._is_read_only = False
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Blend curve"))

    def show_blend(self, frames: tuple[int, int] | None) -> None:
        """Show blend-in and blend-out, or that there is no key."""
        self._frames = frames
        if self._held is None and frames is not None:
            self._span = max(_LEAST_SPAN, _ROOM * max(frames))
        if frames is not None:
            words = self.tr("{0} frames in, {1} frames out")
            self.setAccessibleDescription(words.format(*frames))
        self.update()

    def set_read_only(self, reason: str) -> None:
        """Refuse to be dragged where there is a reason."""
        self._is_read_only = bool(reason)

    def handle_at(self, end: BlendEnd) -> QPointF:
        """Where the handle of an end stands."""
        before, after = self._frames or (0, 0)
        frame = -before if end is self.blend_in else after
        return QPointF(self._x_of(frame), self.height() - _FOOT_PX)

    def sizeHint(self) -> QSize:
        """As wide as the row lets it."""
        return QSize(120, _HEIGHT_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle under the pointer; the right button lets go of it."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = self._hit(event.position())
        elif self._held is not None:
            self._drop(is_kept=False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Blend over as many frames as the handle is away from the key."""
        if self._held is None:
            is_over = self._hit(event.position()) is not None
            shape = Qt.CursorShape
            self.setCursor(shape.SizeHorCursor if is_over else shape.ArrowCursor)
            return
        before, after = self._frames or (0, 0)
        px_per_frame = (self.width() - 8) / (2 * self._span)
        away = (event.position().x() - self.width() / 2) / px_per_frame
        is_in = self._held is self.blend_in
        frames = min(max(round(-away if is_in else away), 0), _MOST_BLEND)
        self.show_blend((frames, after) if is_in else (before, frames))
        self._held.scrubbed.emit(float(frames))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Keep the blend."""
        if self._held is not None:
            self._drop(is_kept=True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, hill, handles and diamond."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("border.subtle"))
            painter.setBrush(look.colour("bg.input"))
            ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(ground, 4, 4)
            middle, foot = self.width() / 2, self.height() - _FOOT_PX
            painter.setPen(QPen(look.colour("border.strong"), 1))
            painter.drawLine(QPointF(4, foot), QPointF(self.width() - 4, foot))
            if self._frames is None:
                self._paint_nothing(painter)
            else:
                self._paint_hill(painter, foot)
                painter.setPen(QPen(look.colour("text.primary"), 1.5))
                painter.drawLine(QPointF(middle, _TOP_PX), QPointF(middle, foot))
                for end in (self.blend_in, self.blend_out):
                    self._paint_handle(painter, self.handle_at(end))
                _paint_diamond(painter, QPointF(middle, _TOP_PX))

    def _paint_nothing(self, painter: QPainter) -> None:
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.muted"))
        words = self.tr("No key on this frame")
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)

    def _paint_hill(self, painter: QPainter, foot: float) -> None:
        before, after = self._frames or (0, 0)
        t = np.linspace(0.0, 1.0, 25)
        rise = foot - (foot - _TOP_PX) * smoothstep(t)
        line = QPainterPath(QPointF(self._x_of(-before), foot))
        for at, y in zip(t, rise, strict=True):
            line.lineTo(self._x_of(before * (float(at) - 1)), float(y))
        for at, y in zip(t, rise[::-1], strict=True):
            line.lineTo(self._x_of(after * float(at)), float(y))
        painter.setPen(QPen(look.colour("source.keyed"), 1.5))
        painter.setBrush(look.colour("source.keyed", alpha=0.18))
        painter.drawPath(line)

    def _paint_handle(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(look.colour("accent.fill"), 1.5))
        painter.setBrush(look.colour("accent.on"))
        painter.drawRoundedRect(QRectF(at.x() - 3, at.y() - 4, 6, 8), 2, 2)

    def _x_of(self, frame: float) -> float:
        return self.width() / 2 + frame * (self.width() - 8) / (2 * self._span)

    def _hit(self, at: QPointF) -> BlendEnd | None:
        if self._frames is None or self._is_read_only:
            return None
        ends = sorted(
            (self.blend_in, self.blend_out),
            key=lambda end: abs(self.handle_at(end).x() - at.x()),
        )
        is_near = abs(self.handle_at(ends[0]).x() - at.x()) <= _HIT_PX
        return ends[0] if is_near else None

    def _drop(self, *, is_kept: bool) -> None:
        held, self._held = self._held, None
        if held is None or self._frames is None:
            return
        if is_kept:
            held.edited.emit(float(self._frames[held is self.blend_out]))
        else:
            held.scrub_cancelled.emit()


def _paint_diamond(painter: QPainter, at: QPointF) -> None:
    r = 5.0
    path = QPainterPath(at + QPointF(0, -r))
    for corner in (QPointF(r, 0), QPointF(0, r), QPointF(-r, 0)):
        path.lineTo(at + corner)
    path.closeSubpath()
    painter.setPen(QPen(look.colour("accent.fill"), 2))
    painter.setBrush(look.colour("accent.on"))
    painter.drawPath(path)
