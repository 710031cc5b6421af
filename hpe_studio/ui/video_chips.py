"""Signs at the video's lower edge: how large the picture is, what hatching means."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from hpe_studio.render.drawlist import Capsules, Ink
from hpe_studio.ui import look
from hpe_studio.ui.shape_painter import paint_shapes
from hpe_studio.ui.words import tr

_HEIGHT, _EDGE, _PAD, _GAP, _ICON = 22, 8, 6, 8, 12
_GROUND_ALPHA = 0.72


class ZoomChip(QAbstractButton):
    """How large the picture is shown, in the lower left corner; a click fits it.

    Args:
        view: The video pane.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(tr("Fit the picture; double click for its own pixels"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()

    def show_scale(self, scale: float, *, visible: bool) -> None:
        """Show the size, 100 % being one screen pixel per pixel of the picture."""
        text = f"{round(scale * self.devicePixelRatioF() * 100)} %"
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(tr("Zoom {percent}, fit").format(percent=text))
            self.resize(self.sizeHint())
        above = self._view.height() - _EDGE - _HEIGHT
        self.move(_EDGE, above)
        self.setVisible(visible)

    def sizeHint(self) -> QSize:
        """As wide as its text."""
        wide = QFontMetrics(look.font("small")).horizontalAdvance(self.text())
        return QSize(2 * _PAD + _ICON + _PAD + wide, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint icon and percent."""
        with QPainter(self) as painter:
            box = QRectF(self.rect())
            _paint_ground(painter, box, is_lit=self.underMouse() or self.isDown())
            if self.hasFocus():
                painter.setPen(QPen(look.colour("focus.ring"), 2.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
            tint = look.colour("video.tag_text")
            spot = QRect(_PAD, (_HEIGHT - _ICON) // 2, _ICON, _ICON)
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(spot, look.pixmap("scan", _ICON, tint, ratio))
            painter.setFont(look.font("small"))
            painter.setPen(tint)
            room = box.adjusted(2 * _PAD + _ICON, 0, 0, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text())


def paint_outside_legend(painter: QPainter, beside: QRect, view_px: int) -> None:
    """Say what hatched limbs are, right of the zoom's chip, if there is room.

    Args:
        painter: Over the video.
        beside: Where that chip is.
        view_px: Width of the video.
    """
    painter.save()
    text = tr("outside, left out of metrics")
    painter.setFont(look.font("small"))
    wide = painter.fontMetrics().horizontalAdvance(text)
    sample = 14
    left, top = beside.right() + 1 + _GAP, beside.top()
    box = QRectF(left, top, 3 * _PAD + sample + wide, _HEIGHT)
    if box.right() <= view_px - _EDGE:
        _paint_ground(painter, box)
        y = box.center().y()
        ends = np.array([[(left + _PAD + 4.5, y), (left + _PAD + sample - 4.5, y)]])
        ink = look.colour("video.tag_text").name()
        hatched = Capsules(
            ends=ends,
            radius=4.5,
            fill=Ink(colour=ink, alpha=0.18),
            hatch=Ink(colour=ink),
            hatch_step=4.0,
            hatch_width=1.2,
        )
        paint_shapes(painter, (hatched,))
        painter.setPen(look.colour("video.tag_text"))
        room = box.adjusted(2 * _PAD + sample, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _paint_ground(painter: QPainter, box: QRectF, *, is_lit: bool = False) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=1.0 if is_lit else _GROUND_ALPHA))
    painter.drawRoundedRect(box, 4, 4)
