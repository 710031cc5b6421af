"""The playhead over ruler and lanes: a layer of its own, so that moving it is cheap."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.model import RULER_PX

_FLAG_PX, _FLAG_HEIGHT_PX = 42.0, 17.0


class Playhead(QWidget):
    """A line with a flag; lies over its parent and lets all events through.

    Args:
        parent: The canvas it covers.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._x = 0.0
        self._text = ""

    def put(self, x: float, text: str) -> None:
        """Stand at a pixel, with the frame's number on the flag."""
        if (x, text) == (self._x, self._text):
            return
        self.update(self._strip())
        self._x, self._text = x, text
        self.update(self._strip())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint line and flag, unless the frame is out of view."""
        if not -1 <= self._x <= self.width() + 1:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, body = self._x, look.colour("data.playhead")
        ratio = self.devicePixelRatioF()
        left = round((x - 0.75) * ratio) / ratio  # on whole pixels it is crisp
        painter.fillRect(QRectF(left, RULER_PX - 4, 1.5, self.height()), body)
        width = self._flag_px()
        left = min(max(x - width / 2, 1.0), self.width() - width - 1.0)
        flag = QRectF(left, 1.5, width, _FLAG_HEIGHT_PX)
        outline = QPen(look.colour("bg.window", alpha=0.55), 1.0)
        painter.setPen(outline)
        painter.setBrush(body)
        painter.drawRoundedRect(flag, 4, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        tip = [(x - 4, flag.bottom() - 0.5), (x + 4, flag.bottom() - 0.5)]
        tip.append((x, flag.bottom() + 4))
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in tip]))
        painter.setPen(look.colour("data.playhead_text"))
        painter.setFont(look.font("small", 600))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()

    def _flag_px(self) -> float:
        return max(_FLAG_PX, 10.0 + 7.4 * len(self._text))

    def _strip(self) -> QRect:
        """What the playhead covers; line and flag apart would cost more."""
        half = math.ceil(self._flag_px()) + 2  # near an edge the flag stands aside
        return QRect(math.floor(self._x) - half, 0, 2 * half + 1, self.height())
