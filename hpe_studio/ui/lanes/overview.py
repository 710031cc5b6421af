"""A thin bar of the whole clip below the lanes; its window is what the lanes show."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.axis import EDGE_PX
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.words import tr

OVERVIEW_PX = 11
_GRIP_PX, _LEAST_WINDOW_PX = 6.0, 18.0

Grip = Literal["left", "right", "middle", "beside"]


class Overview(QWidget):
    """Drag the window to pan, an end of it to zoom; a click beside it goes there.

    Args:
        canvas: The lanes it belongs to.
    """

    def __init__(self, canvas: LaneCanvas) -> None:
        super().__init__()
        self._canvas = canvas
        self._grip: Grip | None = None
        self._from = (0.0, 0.0, 0.0)  # pointer, first and last frame then
        self._frame_drawn = 0
        self.setFixedHeight(OVERVIEW_PX)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Overview of the clip"))
        self.setToolTip(tr("Drag to pan, drag an end to zoom"))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        canvas.axis_changed.connect(self.update)
        canvas.session.bridge.frame_changed.connect(self._on_frame_changed)
        canvas.session.bridge.range_changed.connect(self._on_range_changed)

    def window_box(self) -> QRectF:
        """Where the window is, in pixels of the bar."""
        first, last = self._span()
        left, right = self._x_of(first), self._x_of(last)
        if right - left < _LEAST_WINDOW_PX:
            middle = (left + right) / 2
            left, right = middle - _LEAST_WINDOW_PX / 2, middle + _LEAST_WINDOW_PX / 2
        left, right = max(left, 0.0), min(right, float(self.width()))
        return QRectF(left, 1.5, right - left, self.height() - 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, range, window and playhead."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("bg.window"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            play_range = self._canvas.session.view.play_range
            if play_range is not None:
                left, right = self._x_of(play_range[0]), self._x_of(play_range[1])
                line = QRectF(left, self.height() - 2, max(right - left, 2), 2)
                painter.fillRect(line, look.colour("accent.text"))
            is_held = self._grip is not None or self.underMouse()
            painter.setPen(look.colour("border.control"))
            painter.setBrush(look.colour("bg.pressed" if is_held else "bg.raised"))
            box = self.window_box()
            painter.drawRoundedRect(box.adjusted(0.5, 0, -0.5, 0), 3, 3)
            for x in (box.left() + 3, box.right() - 4):
                grip = QRectF(x, box.top() + 2, 1, box.height() - 4)
                painter.fillRect(grip, look.colour("text.muted"))
            self._frame_drawn = self._canvas.session.view.frame
            x = self._x_of(self._frame_drawn)
            tint = look.colour("data.playhead")
            painter.fillRect(QRectF(round(x), 0, 1, self.height()), tint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the window or an end of it; beside it the window comes first."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        x = event.position().x()
        grip = self._grip_at(x)
        if grip == "beside":
            axis = self._canvas.axis
            half = axis.width_px / axis.px_per_frame / 2
            middle = self._frame_of(x)
            self._canvas.axis = axis.panned(
                (axis.first - middle + half) * axis.px_per_frame
            )
            grip = "middle"
        self._grip = grip
        self._from = (x, *self._span())
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan or zoom, or show by the cursor which of them it would be."""
        x = event.position().x()
        if self._grip is None:
            is_end = self._grip_at(x) in ("left", "right")
            shape = (
                Qt.CursorShape.SizeHorCursor if is_end else Qt.CursorShape.ArrowCursor
            )
            self.setCursor(shape)
            return
        start_x, first, last = self._from
        by = self._frame_of(x) - self._frame_of(start_x)
        axis = self._canvas.axis
        if self._grip == "middle":
            self._canvas.axis = axis.panned(
                (axis.first - first - by) * axis.px_per_frame
            )
            return
        least = axis.width_px / axis.most_px_per_frame
        if self._grip == "left":
            first = min(first + by, last - least)
        else:
            last = max(last + by, first + least)
        self._canvas.axis = axis.spanning(first, last)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._grip = None
        self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """See the whole clip."""
        self._grip = None
        self._canvas.axis = self._canvas.axis.fitted()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Pan."""
        turn = event.angleDelta().y() or event.angleDelta().x()
        axis = self._canvas.axis
        self._canvas.axis = axis.panned(turn / 120 * self.width() / 10)
        event.accept()

    def enterEvent(self, _event: object) -> None:
        """Light up."""
        self.update()

    def leaveEvent(self, _event: object) -> None:
        """Grow quiet."""
        self.update()

    def _span(self) -> tuple[float, float]:
        axis = self._canvas.axis
        return axis.first, axis.first + axis.width_px / axis.px_per_frame

    def _grip_at(self, x: float) -> Grip:
        box = self.window_box()
        reach = min(_GRIP_PX, box.width() / 4)
        if abs(x - box.left()) <= reach:
            return "left"
        if abs(x - box.right()) <= reach:
            return "right"
        return "middle" if box.left() < x < box.right() else "beside"

    def _x_of(self, frame: float) -> float:
        room = max(self.width() - 2 * EDGE_PX, 1.0)
        return EDGE_PX + frame / max(self._canvas.axis.frame_count, 1) * room

    def _frame_of(self, x: float) -> float:
        room = max(self.width() - 2 * EDGE_PX, 1.0)
        return (x - EDGE_PX) / room * self._canvas.axis.frame_count

    def _on_frame_changed(self, frame: int) -> None:
        for x in (self._x_of(self._frame_drawn), self._x_of(frame)):
            self.update(int(x) - 2, 0, 5, self.height())

    def _on_range_changed(self, _range: object) -> None:
        self.update()
