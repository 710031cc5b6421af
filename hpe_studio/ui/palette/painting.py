"""Paints rows of the palette: icon, text with the letters hit, detail, key caps."""

from __future__ import annotations

from itertools import groupby

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from hpe_studio.ui import look
from hpe_studio.ui.keys import caps
from hpe_studio.ui.palette.rows import Row
from hpe_studio.ui.widgets import paint_swatch

ROW_PX = 34
_ICON_PX = 16
_TEXT_LEFT = 36
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


def paint_group(painter: QPainter, box: QRectF, title: str) -> None:
    """Paint a group's title."""
    painter.setFont(look.font("small"))
    painter.setPen(look.colour("text.muted"))
    inside = box.adjusted(16, 4, -16, 0)
    painter.drawText(inside, _MIDDLE, title)


def paint_row(
    painter: QPainter,
    box: QRectF,
    row: Row,
    letter: str,
    ratio: float,
    *,
    is_chosen: bool,
) -> None:
    """Paint one row.

    Args:
        painter: Where.
        box: Place of the row.
        row: What it says.
        letter: Of the person whose swatch it shows.
        ratio: Device pixels per pixel.
        is_chosen: True for the row that Enter runs.
    """
    if is_chosen:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("selection.active"))
        painter.drawRoundedRect(box, 6, 6)
    icon_box = QRectF(box.left() + 10, box.center().y() - 8, _ICON_PX, _ICON_PX)
    is_off = row.run is None
    if row.person is not None:
        paint_swatch(painter, icon_box, look.person_colour(row.person), letter)
    elif row.icon:
        ink = look.colour("text.disabled" if is_off else "text.secondary")
        picture = look.pixmap(row.icon, _ICON_PX, ink, ratio)
        painter.drawPixmap(icon_box.topLeft(), picture)
    right = _paint_caps(painter, box, row)
    room = QRectF(box)
    room.setLeft(box.left() + _TEXT_LEFT)
    room.setRight(right - 8)
    _paint_words(painter, room, row)


def _paint_words(painter: QPainter, room: QRectF, row: Row) -> None:
    is_off = row.run is None
    x, hits = room.left(), frozenset(row.hits)
    plain = look.colour("text.muted" if is_off else "text.primary")
    for is_hit, letters in groupby(enumerate(row.text), key=lambda it: it[0] in hits):
        part = "".join(letter for _, letter in letters)
        face = look.font("body", 600 if is_hit else 400)
        painter.setFont(face)
        lit = "text.primary" if is_off else "accent.text"
        painter.setPen(look.colour(lit) if is_hit else plain)
        width = QFontMetricsF(face).horizontalAdvance(part)
        inside = QRectF(x, room.top(), max(room.right() - x, 0), room.height())
        painter.drawText(inside, _MIDDLE, part)
        x += width
    if row.detail and x + 20 < room.right():
        face = look.font("small")
        painter.setFont(face)
        painter.setPen(look.colour("text.secondary" if is_off else "text.muted"))
        inside = QRectF(x + 10, room.top(), room.right() - x - 10, room.height())
        right = Qt.TextElideMode.ElideRight
        told = QFontMetricsF(face).elidedText(row.detail, right, inside.width())
        painter.drawText(inside, _MIDDLE, told)


def _paint_caps(painter: QPainter, box: QRectF, row: Row) -> float:
    """Paint the first key from the right; where its caps begin."""
    x = box.right() - 10
    if not row.keys:
        return x
    face = look.font("micro")
    for cap in reversed(caps(row.keys[0])):
        width = max(QFontMetricsF(face).horizontalAdvance(cap) + 10, 17)
        x -= width
        paint_cap(painter, QRectF(x, box.center().y() - 9, width, 18), cap)
        x -= 4
    return x


def paint_cap(painter: QPainter, box: QRectF, cap: str) -> None:
    """Paint one key cap."""
    painter.setPen(QPen(look.colour("border.strong"), 1))
    painter.setBrush(look.colour("bg.raised"))
    painter.drawRoundedRect(box.translated(QPointF(0.5, 0.5)), 3, 3)
    painter.setFont(look.font("micro"))
    painter.setPen(look.colour("text.secondary"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
