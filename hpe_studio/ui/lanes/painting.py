"""Paints keys, where they act, their handles, and what drags show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
)

from hpe_studio.ui import look
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.hits import handle_xs
from hpe_studio.ui.lanes.marks import Hill, KeyMark, hill_of
from hpe_studio.ui.lanes.model import BAR_PX, Lane, Place

_BLEND_ALPHA, _SELECTED_BLEND_ALPHA = 0.38, 0.62
_LEAST_KEY_STEP_PX, _LEAST_HILL_PX, _SPRITE_PX = 5.0, 5.0, 18.0
_MOST_OWN_HILLS = 200


def paint_hills(
    painter: QPainter, hills: Sequence[Hill], axis: TimeAxis, top: float
) -> None:
    """Paint where keys come and go, as far as it is more than a diamond hides."""
    start, stop = axis.seen
    least = _LEAST_HILL_PX / axis.px_per_frame
    seen = [
        h
        for h in hills
        if h.last_foot >= start and h.foot <= stop and h.last_foot - h.foot > least
    ]
    _paint_hills(painter, seen, axis, top, _BLEND_ALPHA)


def paint_keys(
    painter: QPainter,
    lane: Lane,
    selected: frozenset[Place],
    axis: TimeAxis,
    top: float,
) -> None:
    """Paint diamonds; where they would pile up only every few pixels one."""
    y = top + BAR_PX / 2
    start, stop = axis.seen
    spare = _SPRITE_PX / 2 / axis.px_per_frame
    chosen: list[KeyMark] = []
    plain: list[tuple[float, bool]] = []
    last_x = -math.inf
    for mark in lane.keys_between(start - spare, stop + spare):
        if selected and mark.place in selected:
            chosen.append(mark)
            continue
        x = axis.x_of(mark.frame)
        if x - last_x >= _LEAST_KEY_STEP_PX:
            plain.append((x, mark.muted))
            last_x = x
    ratio = painter.device().devicePixelRatioF()
    inks = look.colour("source.keyed").name(), look.colour("video.casing").name()
    sprite = _diamond_sprite(*inks, 9.0, 1.2, ratio)
    hollow = _diamond_sprite(*reversed(inks), 8.0, 1.6, ratio)
    half = _SPRITE_PX / 2
    for x, is_muted in plain:
        at = QPointF(x - half, y - half)
        painter.drawPixmap(at, hollow if is_muted else sprite)
    own = [hill_of(m) for m in chosen[:_MOST_OWN_HILLS] if not m.muted]
    _paint_hills(painter, own, axis, top, _SELECTED_BLEND_ALPHA)
    inks = QColor(Qt.GlobalColor.white).name(), look.colour("accent.fill").name()
    sprite = _diamond_sprite(*inks, 11.0, 2.0, ratio)
    for mark in chosen:
        painter.drawPixmap(QPointF(axis.x_of(mark.frame) - half, y - half), sprite)


def paint_handles(painter: QPainter, mark: KeyMark, axis: TimeAxis, top: float) -> None:
    """Paint the two blend handles of a key."""
    painter.setPen(QPen(look.colour("accent.fill"), 1.5))
    painter.setBrush(Qt.GlobalColor.white)
    for x in handle_xs(mark, axis):
        box = QRectF(x - 3, top + BAR_PX - 5.5, 6, 8)
        painter.drawRoundedRect(box, 2, 2)


def paint_snap_line(painter: QPainter, x: float, top: float, bottom: float) -> None:
    """Paint the line that shows what draws a drag."""
    tint = look.colour("accent.text")
    painter.fillRect(QRectF(round(x) - 0.5, top, 1.0, bottom - top), tint)


def paint_diamonds(painter: QPainter, middles: Sequence[QPointF], side: float) -> None:
    """Paint small diamonds of keys, as the curves have them."""
    ratio = painter.device().devicePixelRatioF()
    inks = look.colour("source.keyed").name(), look.colour("video.casing").name()
    sprite = _diamond_sprite(*inks, side, 1.0, ratio)
    corner = QPointF(_SPRITE_PX / 2, _SPRITE_PX / 2)
    for middle in middles:
        painter.drawPixmap(middle - corner, sprite)


def paint_box(
    painter: QPainter, corner: tuple[float, float], other: tuple[float, float]
) -> None:
    """Paint the rectangle of a box selection."""
    painter.setPen(QPen(look.colour("accent.text"), 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(look.colour("accent.fill", alpha=0.18))
    painter.drawRect(QRectF(QPointF(*corner), QPointF(*other)).normalized())


def paint_note(painter: QPainter, x: float, y: float, text: str, room: float) -> None:
    """Paint a pill that tells what a drag has come to, above a key.

    Args:
        painter: Where.
        x: Middle of the key.
        y: Upper edge of its bar.
        text: What to tell.
        room: Width within which the pill stays.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(look.font("small", 500))
    width = painter.fontMetrics().horizontalAdvance(text) + 14.0
    left = min(max(x - width / 2, 2.0), room - width - 2)
    pill = QRectF(left, y - 21, width, 17)
    painter.setPen(QPen(look.colour("border.strong"), 1.0))
    painter.setBrush(look.colour("bg.raised"))
    painter.drawRoundedRect(pill, 4, 4)
    painter.setPen(look.colour("text.primary"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _paint_hills(
    painter: QPainter, hills: Sequence[Hill], axis: TimeAxis, top: float, alpha: float
) -> None:
    if not hills:
        return
    rise = BAR_PX - 0.5
    painter.setBrush(look.colour("source.keyed", alpha=alpha))
    painter.setPen(QPen(look.colour("source.keyed"), 1.0))
    start, stop = axis.seen
    for hill in hills:
        corners = [
            QPointF(axis.edge(frame), top + rise * (1 - height))
            for frame, height in hill.outline((start - 3, stop + 3))
        ]
        painter.drawPolygon(QPolygonF(corners))


@cache
def _diamond_sprite(
    fill: str, outline: str, side: float, line_px: float, ratio: float
) -> QPixmap:
    """A key's diamond, drawn once; there may be thousands."""
    sprite = QPixmap(round(_SPRITE_PX * ratio), round(_SPRITE_PX * ratio))
    sprite.setDevicePixelRatio(ratio)
    sprite.fill(Qt.GlobalColor.transparent)
    with QPainter(sprite) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(outline), line_px))
        painter.setBrush(QColor(fill))
        painter.drawPolygon(_diamond(_SPRITE_PX / 2, _SPRITE_PX / 2, side))
    return sprite


def _diamond(x: float, y: float, side: float) -> QPolygonF:
    half = side / 2 + 0.6
    corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return QPolygonF([QPointF(*corner) for corner in corners])


def paint_kept(painter: QPainter, picture: QPixmap, part: QRect) -> None:
    """Paint a part of a widget out of the picture that is kept of all of it."""
    ratio = picture.devicePixelRatioF()
    there = QRectF(part)
    device = QRectF(there.topLeft() * ratio, there.size() * ratio)
    painter.drawPixmap(there, picture, device)
