"""Paints source bars with their patterns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QTransform,
    qGray,
)

from hpe_studio.core.track import Source
from hpe_studio.ui import look
from hpe_studio.ui.joints import source_token
from hpe_studio.ui.lanes.model import BAR_PX
from hpe_studio.ui.lanes.runs import Piece

_RADIUS_PX, _GAP_PX, _DOTS_PX, _NARROW_PX = 2.0, 1.0, 4.0, 6.0
_PATTERN_ALPHA, _BRIGHT = 0.42, 165
_TILES = {
    Source.FILLED: (10, BAR_PX),
    Source.FILTERED: (14, BAR_PX),
    Source.IMPORTED: (6, 6),
}


def paint_pieces(
    painter: QPainter,
    pieces: Sequence[Piece],
    top: float,
    origin_x: float,
    ground: QColor,
) -> None:
    """Paint the bar of a lane.

    All pieces of a source are painted at once; their round corners and the gaps between
    them are then covered by the ground, which is many times faster than round bars.

    Args:
        painter: Where.
        pieces: Runs in pixels.
        top: Upper edge of the bar.
        origin_x: Pixel of the clip's start; patterns hang on it, so that they move
            with the frames.
        ground: Colour behind the bar.
    """
    ratio = painter.device().devicePixelRatioF()
    edges = QRectF(painter.viewport()).adjusted(-9, 0, 9, 0)
    boxes, ends = _boxes(pieces, top, edges, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    for (source, is_narrow), same in boxes.items():
        if source != Source.MISSING or is_narrow:
            painter.setBrush(_brush(source, is_narrow, ratio))
            painter.setBrushOrigin(QPointF(round(origin_x), top))
            painter.drawRects(same)
    _paint_corners(painter, ends, top, ground, ratio)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for box in boxes.get((Source.MISSING, False), ()):
        _paint_missing(painter, box.adjusted(0, 0, -_GAP_PX, 0))


def _boxes(
    pieces: Sequence[Piece], top: float, edges: QRectF, ratio: float
) -> tuple[dict[tuple[int, bool], list[QRectF]], set[float]]:
    """Boxes on whole pixels by source and by being narrow; where corners are round."""
    least, most = edges.left(), edges.right()
    boxes: dict[tuple[int, bool], list[QRectF]] = {}
    ends: set[float] = set()
    for left, right, source in pieces:
        is_narrow = right - left < _NARROW_PX
        first = round(max(left, least) * ratio) / ratio
        last = round(min(right, most) * ratio) / ratio
        if is_narrow:
            last = max(last, first + 1)
        elif source:
            ends.add(first)
            ends.add(last)
        box = QRectF(first, top, last - first, BAR_PX)
        boxes.setdefault((source, is_narrow), []).append(box)
    return boxes, ends


def _brush(source: int, is_narrow: bool, ratio: float) -> QBrush:
    """A source's colour with its pattern, where there is room for one."""
    is_missing = source == Source.MISSING
    tint = look.colour(source_token(source), alpha=0.3 if is_missing else None)
    if is_narrow or source not in _TILES:
        return QBrush(tint)
    brush = QBrush(_tile(source, tint.name(), ratio))
    if ratio != 1.0:
        brush.setTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
    return brush


def _paint_corners(
    painter: QPainter, ends: set[float], top: float, ground: QColor, ratio: float
) -> None:
    """Round the corners at the ends of pieces, and leave a gap before the next."""
    sprite = _corners(ground.name(), ratio)
    left = _RADIUS_PX + _GAP_PX
    for x in ends:
        painter.drawPixmap(QPointF(x - left, top), sprite)


@cache
def _corners(ground: str, ratio: float) -> QPixmap:
    """What the ground covers where one piece ends and the next begins."""
    width = 2 * _RADIUS_PX + _GAP_PX
    sprite = QPixmap(round(width * ratio), round(BAR_PX * ratio))
    sprite.setDevicePixelRatio(ratio)
    sprite.fill(Qt.GlobalColor.transparent)
    with QPainter(sprite) as painter:
        painter.fillRect(QRectF(0, 0, width, BAR_PX), QColor(ground))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setCompositionMode(
            QPainter.CompositionMode.CompositionMode_DestinationOut
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.GlobalColor.black)
        for left in (_RADIUS_PX - 20, _RADIUS_PX + _GAP_PX):
            bar = QRectF(left, 0, 20, BAR_PX)
            painter.drawRoundedRect(bar, _RADIUS_PX, _RADIUS_PX)
    return sprite


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
    tile = _dots(tint.name(), painter.device().devicePixelRatioF())
    line = QRectF(
        seen.left() + 4, seen.center().y() - _DOTS_PX / 2, seen.width() - 8, _DOTS_PX
    )
    painter.drawTiledPixmap(line, tile)


@cache
def _tile(source: int, tint: str, ratio: float) -> QPixmap:
    """One repeat of a source's pattern (tokens "pattern") on its colour.

    In device pixels, as brushes take no notice of a pixmap's ratio.
    """
    width, height = _TILES[Source(source)]
    tile = QPixmap(round(width * ratio), round(height * ratio))
    tile.fill(QColor(tint))
    is_bright = qGray(QColor(tint).rgb()) > _BRIGHT
    ink = QColor(Qt.GlobalColor.black if is_bright else Qt.GlobalColor.white)
    ink.setAlphaF(_PATTERN_ALPHA)
    with QPainter(tile) as painter:
        painter.scale(ratio, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _PATTERNS[Source(source)](painter, ink, float(width), float(height))
    return tile


@cache
def _dots(ink: str, ratio: float) -> QPixmap:
    """One dot of the middle line of a gap; a dotted pen would cost far more."""
    tile = QPixmap(round(_DOTS_PX * ratio), round(_DOTS_PX * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink))
        painter.drawEllipse(QPointF(_DOTS_PX / 2, _DOTS_PX / 2), 0.8, 0.8)
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
