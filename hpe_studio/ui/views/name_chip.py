"""The name of a view over its picture, a dot before the main one's."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from hpe_studio.core.document import Document
from hpe_studio.edits.views import main_view
from hpe_studio.ui import look

_HIGH, _EDGE, _PAD, _DOT, _GAP = 20.0, 6.0, 7.0, 6.0, 5.0
_GROUND_ALPHA = 0.78


def name_box(document: Document, number: int, width: float) -> QRectF:
    """Where the name stands: in the upper right corner.

    Args:
        document: Whose view.
        number: The view.
        width: Of the widget it is shown in.
    """
    return _laid(document, number, width)[0]


def paint_name(
    painter: QPainter, document: Document, number: int, width: float
) -> None:
    """Paint the name, in the widget's logical pixels."""
    box, text, lead = _laid(document, number, width)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=_GROUND_ALPHA))
    painter.drawRoundedRect(box, 4, 4)
    if lead:
        painter.setBrush(look.colour("accent.fill"))
        dot = QRectF(box.left() + _PAD, box.center().y() - _DOT / 2, _DOT, _DOT)
        painter.drawEllipse(dot)
    painter.setFont(look.font("small"))
    painter.setPen(look.colour("video.tag_text"))
    room = box.adjusted(_PAD + lead, 0, -_PAD + 2, 0)
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
    painter.restore()


def _laid(document: Document, number: int, width: float) -> tuple[QRectF, str, float]:
    """The box, as much of the name as there is room for, and room for the dot."""
    lead = _DOT + _GAP if number == main_view(document) else 0.0
    metrics = QFontMetricsF(look.font("small"))
    most = max(width - 2 * _EDGE - 2 * _PAD - lead, 12.0)
    middle = Qt.TextElideMode.ElideMiddle
    text = metrics.elidedText(document.view_name(number), middle, most)
    wide = metrics.horizontalAdvance(text) + 2 * _PAD + lead
    return QRectF(width - _EDGE - wide, _EDGE, wide, _HIGH), text, lead
