"""The playhead over ruler and lanes: a layer of its own, so that moving it is cheap."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.board_painter import Label
from hpe_studio.ui.lanes.rows import RULER_PX

_FLAG_PX, _FLAG_HEIGHT_PX = 42.0, 17.0
_LABEL_GAP_PX, _LABEL_HEIGHT_PX = 4.0, 13.0


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
        self._labels: tuple[Label, ...] = ()

    @property
    def labels(self) -> tuple[Label, ...]:
        """Where the ruler's labels stand; those near the flag are left out."""
        return self._labels

    @labels.setter
    def labels(self, labels: tuple[Label, ...]) -> None:
        self._labels = labels

    def hidden_labels(self) -> tuple[Label, ...]:
        """The labels that are left out now."""
        flag = self._flag()
        left, right = flag.left() - _LABEL_GAP_PX, flag.right() + _LABEL_GAP_PX
        return tuple(e for e in self._labels if e.left < right and e.right > left)

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
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            x, body = self._x, look.colour("data.playhead")
            ground = look.colour("bg.header")
            for label in self.hidden_labels():
                box = QRectF(label.left - 1, 0, label.right - label.left + 2, 1)
                box.setHeight(_LABEL_HEIGHT_PX)
                painter.fillRect(box, ground)
            ratio = self.devicePixelRatioF()
            left = round((x - 0.75) * ratio) / ratio  # on whole pixels it is crisp
            painter.fillRect(QRectF(left, RULER_PX - 4, 1.5, self.height()), body)
            flag = self._flag()
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

    def _flag(self) -> QRectF:
        width = self._flag_px()
        most = max(self.width() - width - 1.0, 1.0)
        left = min(max(self._x - width / 2, 1.0), most)
        return QRectF(left, 1.5, width, _FLAG_HEIGHT_PX)

    def _flag_px(self) -> float:
        return max(_FLAG_PX, 10.0 + 7.4 * len(self._text))

    def _strip(self) -> QRect:
        """What the playhead covers; line and flag apart would cost more."""
        half = math.ceil(self._flag_px()) + 2  # near an edge the flag stands aside
        strip = QRect(math.floor(self._x) - half, 0, 2 * half + 1, self.height())
        for label in self.hidden_labels():
            left = math.floor(label.left) - 2
            width = math.ceil(label.right - label.left) + 4
            strip |= QRect(left, 0, width, int(_LABEL_HEIGHT_PX) + 1)
        return strip
