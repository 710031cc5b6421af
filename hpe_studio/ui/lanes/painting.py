"""Paints source bars with their patterns, keys, blends and handles."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from hpe_studio.core.track import Source
from hpe_studio.ui import look
from hpe_studio.ui.joints import source_token
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.model import BAR_PX, handle_xs
from hpe_studio.ui.lanes.runs import KeyMark, Piece

_RADIUS_PX, _GAP_PX = 2.0, 1.0
_PATTERN_ALPHA = 0.42
_BLEND_ALPHA, _SELECTED_BLEND_ALPHA = 0.38, 0.62
_LEAST_KEY_STEP_PX = 3.0
_TILES = {
    Source.FILLED: (10, BAR_PX),
    Source.FILTERED: (14, BAR_PX),
    Source.IMPORTED: (6, 6),
}


def paint_pieces(
    painter: QPainter, pieces: Sequence[Piece], top: float, origin_x: float
) -> None:
    """Paint the bar of a lane.

    Args:
        painter: Where.
        pieces: Runs in pixels.
        top: Upper edge of the bar.
        origin_x: Pixel of the clip's start; patterns hang on it, so that they move
            with the frames.
    """
    for piece in pieces:
        width = piece.right - piece.left
        gap = _GAP_PX if width > 3 * _GAP_PX else 0.0
        box = QRectF(piece.left, top, max(width - gap, 1.0), BAR_PX)
        if piece.source == Source.MISSING:
            _paint_missing(painter, box)
        else:
            _paint_bar(painter, box, Source(piece.source), origin_x)


def paint_blends(
    painter: QPainter,
    marks: Sequence[KeyMark],
    selected: frozenset[tuple[int, int]],
    axis: TimeAxis,
    top: float,
) -> None:
    """Paint how keys come and go: triangles, joined where motion joins the keys."""
    plain = [m for m in marks if m.place not in selected and _is_wide(m, axis)]
    hills = QPainterPath()
    hills.setFillRule(Qt.FillRule.WindingFill)  # where hills overlap counts once
    for mark in plain:
        hills.addPath(_triangle(mark, axis, top))
    for mark in marks:
        if mark.joined_until > mark.frame:
            hills.addPath(_bridge(mark, axis, top))
    _paint_hill(painter, hills, _BLEND_ALPHA)
    for mark in marks:
        if mark.place in selected:
            hill = _triangle(mark, axis, top)
            _paint_hill(painter, hill, _SELECTED_BLEND_ALPHA)


def paint_keys(
    painter: QPainter,
    marks: Sequence[KeyMark],
    selected: frozenset[tuple[int, int]],
    axis: TimeAxis,
    top: float,
) -> None:
    """Paint diamonds; where they would pile up only every few pixels one."""
    y = top + BAR_PX / 2
    painter.setPen(QPen(look.colour("video.casing"), 1.2))
    painter.setBrush(look.colour("source.keyed"))
    last_x = -math.inf
    for mark in marks:
        x = axis.x_of(mark.frame)
        if mark.place in selected or x - last_x < _LEAST_KEY_STEP_PX:
            continue
        painter.drawPolygon(_diamond(x, y, 9.0))
        last_x = x
    painter.setPen(QPen(look.colour("accent.fill"), 2.0))
    painter.setBrush(Qt.GlobalColor.white)
    for mark in marks:
        if mark.place in selected:
            painter.drawPolygon(_diamond(axis.x_of(mark.frame), y, 11.0))


def paint_handles(painter: QPainter, mark: KeyMark, axis: TimeAxis, top: float) -> None:
    """Paint the two blend handles of a key."""
    painter.setPen(QPen(look.colour("accent.fill"), 1.5))
    painter.setBrush(Qt.GlobalColor.white)
    for x in handle_xs(mark, axis):
        box = QRectF(x - 3, top + BAR_PX - 5.5, 6, 8)
        painter.drawRoundedRect(box, 2, 2)


def paint_box(
    painter: QPainter, corner: tuple[float, float], other: tuple[float, float]
) -> None:
    """Paint the rectangle of a box selection."""
    painter.setPen(QPen(look.colour("accent.text"), 1.0, Qt.PenStyle.DashLine))
    painter.setBrush(look.colour("accent.fill", alpha=0.18))
    painter.drawRect(QRectF(QPointF(*corner), QPointF(*other)).normalized())


def _paint_bar(painter: QPainter, box: QRectF, source: Source, origin_x: float) -> None:
    tint = look.colour(source_token(source))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    radius = _RADIUS_PX if box.width() > 2 * _RADIUS_PX else 0.0
    painter.drawRoundedRect(box, radius, radius)
    if source not in _TILES or box.width() < 3:
        return
    ratio = painter.device().devicePixelRatioF()
    is_bright = tint.lightnessF() > 0.66
    tile = _tile(source, is_bright, ratio)
    visible = box.intersected(QRectF(painter.viewport()))
    width = tile.width() / ratio
    shift = (visible.left() - origin_x) % width
    painter.drawTiledPixmap(visible, tile, QPointF(shift, 0))


def _paint_missing(painter: QPainter, box: QRectF) -> None:
    tint = look.colour("source.missing")
    painter.setBrush(look.colour("bg.window"))
    pen = QPen(tint, 1.0)
    pen.setDashPattern([3.0, 3.0])
    painter.setPen(pen)
    edges = QRectF(painter.viewport()).adjusted(-9, 0, 9, 0)
    seen = box.intersected(edges).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(seen, _RADIUS_PX, _RADIUS_PX)
    if seen.width() < 8:
        return
    dots = QPen(tint, 1.6)
    dots.setCapStyle(Qt.PenCapStyle.RoundCap)
    dots.setDashPattern([0.01, 2.6])
    painter.setPen(dots)
    y = box.center().y()
    painter.drawLine(QPointF(seen.left() + 4, y), QPointF(seen.right() - 3, y))


@cache
def _tile(source: Source, is_bright: bool, ratio: float) -> QPixmap:
    """One repeat of a source's pattern (tokens "pattern"), transparent."""
    width, height = _TILES[source]
    tile = QPixmap(round(width * ratio), round(height * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    ink = QColor(Qt.GlobalColor.black if is_bright else Qt.GlobalColor.white)
    ink.setAlphaF(_PATTERN_ALPHA)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _PATTERNS[source](painter, ink, float(width), float(height))
    painter.end()
    return tile


def _ruled(painter: QPainter, ink: QColor, width: float, height: float) -> None:
    painter.setPen(QPen(ink, 2.0))
    for left in (-2 * width, -width, 0.0, width):
        start = QPointF(left - 2, height + 2)
        painter.drawLine(start, start + QPointF(height + 4, -height - 4))


def _waved(painter: QPainter, ink: QColor, width: float, height: float) -> None:
    painter.setPen(QPen(ink, 1.4))
    for middle in (height * 0.27, height * 0.75):
        wave = QPainterPath(QPointF(-1, middle - 2 * math.sin(-math.tau / width)))
        for x in range(int(width) + 2):
            wave.lineTo(x, middle - 2 * math.sin(x / width * math.tau))
        painter.drawPath(wave)


def _dotted(painter: QPainter, ink: QColor, width: float, height: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(width / 4, height / 4), 1, 1)
    painter.drawEllipse(QPointF(width * 3 / 4, height * 3 / 4), 1, 1)


_PATTERNS = {
    Source.FILLED: _ruled,
    Source.FILTERED: _waved,
    Source.IMPORTED: _dotted,
}


def _paint_hill(painter: QPainter, hill: QPainterPath, alpha: float) -> None:
    if hill.isEmpty():
        return
    painter.fillPath(hill, look.colour("source.keyed", alpha=alpha))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.colour("source.keyed"), 1.0))
    painter.drawPath(hill)


def _is_wide(mark: KeyMark, axis: TimeAxis) -> bool:
    """Whether the triangle would be more than the diamond hides."""
    return (mark.blend_in + mark.blend_out) * axis.px_per_frame > 4


def _triangle(mark: KeyMark, axis: TimeAxis, top: float) -> QPainterPath:
    foot = top + BAR_PX - 0.5
    hill = QPainterPath(QPointF(axis.x_of(mark.frame - mark.blend_in), foot))
    hill.lineTo(axis.x_of(mark.frame), top)
    hill.lineTo(axis.x_of(mark.frame + mark.blend_out), foot)
    hill.closeSubpath()
    return hill


def _bridge(mark: KeyMark, axis: TimeAxis, top: float) -> QPainterPath:
    left, right = axis.x_of(mark.frame), axis.x_of(mark.joined_until)
    bridge = QPainterPath()
    bridge.addRect(QRectF(left, top, right - left, BAR_PX - 0.5))
    return bridge


def _diamond(x: float, y: float, side: float) -> QPolygonF:
    half = side / 2 + 0.6
    return QPolygonF(
        [
            QPointF(x, y - half),
            QPointF(x + half, y),
            QPointF(x, y + half),
            QPointF(x - half, y),
        ]
    )
