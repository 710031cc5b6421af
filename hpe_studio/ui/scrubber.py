"""A plain ruler to scrub with, until the lanes take its place."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text

_MARGIN_PX = 24


class Scrubber(QWidget):
    """The whole clip as a ruler; pressing or dragging shows the frame below.

    Args:
        session: Whose frame it shows and moves.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName("Ruler")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        session.bridge.frame_changed.connect(self._on_bridge_changed)
        session.bridge.range_changed.connect(self._on_bridge_changed)

    def x_of(self, frame: float) -> float:
        """Where a frame stands."""
        count = max(self._session.document.clip.frame_count - 1, 1)
        return _MARGIN_PX + frame / count * (self.width() - 2 * _MARGIN_PX)

    def frame_at(self, x: float) -> int:
        """The frame that stands at a place."""
        count = max(self._session.document.clip.frame_count - 1, 1)
        return round((x - _MARGIN_PX) / (self.width() - 2 * _MARGIN_PX) * count)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the frame below."""
        self._session.view.frame = self.frame_at(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show the frame below while dragging."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._session.view.frame = self.frame_at(event.position().x())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the actions."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ticks, the range and the playhead."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("bg.lane"))
        painter.fillRect(QRectF(0, 0, self.width(), 22), look.colour("bg.header"))
        self._paint_ticks(painter)
        self._paint_playhead(painter)
        painter.end()

    def _paint_ticks(self, painter: QPainter) -> None:
        count = self._session.document.clip.frame_count
        steps = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000)
        step = next((s for s in steps if count / s * 70 < self.width()), 25000)
        painter.setFont(look.font("micro"))
        for frame in range(0, count, step):
            x = self.x_of(frame)
            painter.setPen(look.colour("border.strong"))
            painter.drawLine(QPointF(x, 13), QPointF(x, 22))
            painter.setPen(look.colour("text.secondary"))
            painter.drawText(QPointF(x + 4, 12), frame_text(frame, count))

    def _paint_playhead(self, painter: QPainter) -> None:
        frame = self._session.view.frame
        count = self._session.document.clip.frame_count
        x = self.x_of(frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("data.playhead"))
        painter.drawRect(QRectF(x - 0.75, 16, 1.5, self.height() - 16))
        flag = QRectF(x - 21, 2, 42, 17)
        painter.drawRoundedRect(flag, 4, 4)
        painter.drawPolygon(
            QPolygonF([QPointF(x - 4, 18), QPointF(x + 4, 18), QPointF(x, 23)])
        )
        painter.setPen(look.colour("data.playhead_text"))
        painter.setFont(look.font("small", 600))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, frame_text(frame, count))

    def _on_bridge_changed(self, _value: object) -> None:
        self.update()
