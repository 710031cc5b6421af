"""The name of a view over its picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from hpe_studio.ui import look

_HIGH, _EDGE, _PAD, _DOT = 20.0, 6.0, 7.0, 6.0
_GROUND_ALPHA = 0.78


def paint_name(painter: QPainter, width: float, name: str, *, is_main: bool) -> None:
    """Paint a view's name in its upper right corner, a dot before the main one's.

    Args:
        painter: In the view's logical pixels.
        width: The view's width.
        name: What it is called.
        is_main: True for the view that a project is opened with.
    """
    font = look.font("small")
    metrics = QFontMetricsF(font)
    lead = _DOT + 5.0 if is_main else 0.0
    most = max(width - 2 * _EDGE - 2 * _PAD - lead, 12.0)
    text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, most)
    wide = metrics.horizontalAdvance(text) + 2 * _PAD + lead
    box = QRectF(width - _EDGE - wide, _EDGE, wide, _HIGH)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=_GROUND_ALPHA))
    painter.drawRoundedRect(box, 4, 4)
    if is_main:
        painter.setBrush(look.colour("accent.fill"))
        dot = QRectF(box.left() + _PAD, box.center().y() - _DOT / 2, _DOT, _DOT)
        painter.drawEllipse(dot)
    painter.setFont(font)
    painter.setPen(look.colour("video.tag_text"))
    room = box.adjusted(_PAD + lead, 0, -_PAD + 2, 0)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()
