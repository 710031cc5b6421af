"""The chip beside a handle that is dragged: a letter and a value."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from hpe_studio.ui import look

_MARGIN_PX, _HEIGHT_PX, _PADDING_PX, _GAP_PX = 8.0, 22.0, 9.0, 10.0


def paint_chip(painter: QPainter, x: float, y: float, letter: str, value: str) -> None:
    """Paint a chip with its upper left corner about there, within the view.

    Args:
        painter: Of a viewer.
        x: View pixel from the left.
        y: View pixel from the top.
        letter: What is changed ("X"), in yellow; "" for none.
        value: By how much ("+12.3 cm").
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(look.font("body", 600))
    metrics = painter.fontMetrics()
    room = metrics.horizontalAdvance(value) + 2 * _PADDING_PX
    if letter:
        room += metrics.horizontalAdvance(letter) + _GAP_PX
    wide = float(painter.device().width()) - room - _MARGIN_PX
    box = QRectF(min(x, wide), max(y, _MARGIN_PX), room, _HEIGHT_PX)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=0.9))
    painter.drawRoundedRect(box, 4, 4)
    text = box.adjusted(_PADDING_PX, 0, -_PADDING_PX, 0)
    lit = look.theme_over_footage().colour("axis.active")  # the chip is always dark
    painter.setPen(QColor(lit))
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, letter)
    painter.setPen(look.colour("video.tag_text"))
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(text, right, value)
    painter.restore()
