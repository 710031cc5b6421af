"""Parts of the outliner's rows: names with what is muted behind them, icons."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter

from hpe_studio.ui import look

_DIM = 0.75
_META_GAP_PX, _LEAST_META_PX, _PILL_GAP_PX = 6, 30, 5
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def paint_texts(
    painter: QPainter,
    room: QRectF,
    name: str,
    meta: str,
    ink: str,
    *,
    pill: str = "",
    weight: int = 400,
) -> None:
    """A name, perhaps a count behind it, and something muted at the right.

    Where there is not room for all, the name stays and the muted part goes first.
    """
    painter.setFont(look.font("small"))
    small = painter.fontMetrics()
    pill_px = small.horizontalAdvance(pill) + 10 if pill else 0
    painter.setFont(look.font("body", weight))
    metrics = painter.fontMetrics()
    taken = metrics.horizontalAdvance(name) + (pill_px + _PILL_GAP_PX if pill else 0)
    spare = int(room.width() - taken - _META_GAP_PX)
    meta = _shortened(small, meta, spare)
    meta_px = small.horizontalAdvance(meta) + _META_GAP_PX if meta else 0
    width = room.width() - meta_px - (pill_px + _PILL_GAP_PX if pill else 0)
    elide = Qt.TextElideMode.ElideRight
    text = metrics.elidedText(name, elide, max(int(width), 0))
    painter.setPen(look.colour(ink))
    painter.drawText(room, _MIDDLE, text)
    if pill:
        left = room.left() + metrics.horizontalAdvance(text) + _PILL_GAP_PX
        _paint_pill(painter, QPointF(left, room.center().y()), pill_px, pill)
    painter.setFont(look.font("small"))
    painter.setPen(look.colour("text.muted"))
    painter.drawText(room, _MIDDLE | Qt.AlignmentFlag.AlignRight, meta)


def _shortened(metrics: QFontMetrics, meta: str, room: int) -> str:
    """The muted part as far as it fits: words are cut, numbers go as a whole."""
    if metrics.horizontalAdvance(meta) <= room:
        return meta
    if meta[:1].isdigit() or room < _LEAST_META_PX:
        return ""
    return metrics.elidedText(meta, Qt.TextElideMode.ElideRight, room)


def _paint_pill(painter: QPainter, at: QPointF, width: float, text: str) -> None:
    box = QRectF(at.x(), at.y() - 7.5, width, 15)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("bg.pressed"))
    painter.drawRoundedRect(box, 7.5, 7.5)
    painter.setFont(look.font("micro", 600))
    painter.setPen(look.colour("text.primary"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def paint_icon(
    painter: QPainter,
    box: QRectF,
    name: str,
    size: int,
    *,
    is_strong: bool = True,
    ink: str = "text.secondary",
) -> None:
    """A line icon in the middle of a box; the weak ones at 75 %."""
    ratio = painter.device().devicePixelRatioF()
    strong = "text.primary" if is_strong and ink == "text.secondary" else ink
    is_chevron = name.startswith("chevron")
    picture = look.pixmap(name, size, look.colour(ink if is_chevron else strong), ratio)
    painter.setOpacity(1.0 if is_strong else _DIM)
    x = box.left() + (box.width() - size) / 2
    y = box.top() + (box.height() - size) / 2
    painter.drawPixmap(QRectF(x, y, size, size).toRect(), picture)
    painter.setOpacity(1.0)
