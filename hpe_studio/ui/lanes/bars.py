"""Paints source bars with their patterns."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, qGray

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
    narrow: dict[int, list[QRectF]] = {}
    bars = _BarBrush(painter, origin_x)
    for piece in pieces:
        width = piece.right - piece.left
        if width < _NARROW_PX:
            box = QRectF(piece.left, top, max(width, 1.0), BAR_PX)
            narrow.setdefault(piece.source, []).append(box)
            continue
        box = QRectF(piece.left, top, width - _GAP_PX, BAR_PX)
        if piece.source == Source.MISSING:
            _paint_missing(painter, box)
        else:
            bars.paint(box, piece.source)
    _paint_narrow(painter, narrow)


def _paint_narrow(painter: QPainter, boxes: dict[int, list[QRectF]]) -> None:
    """Paint pieces too narrow for corners, gaps and patterns, by colour at once."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    for source, same in boxes.items():
        is_missing = source == Source.MISSING
        tint = look.colour(source_token(source), alpha=0.3 if is_missing else None)
        painter.setBrush(tint)
        painter.drawRects(same)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


class _BarBrush:
    """Paints bars of one lane, looking colours and patterns up once.

    Args:
        painter: Where.
        origin_x: Pixel on which patterns hang.
    """

    def __init__(self, painter: QPainter, origin_x: float) -> None:
        self._painter, self._origin_x = painter, origin_x
        self._ratio = painter.device().devicePixelRatioF()
        self._edges = QRectF(painter.viewport())
        self._inks: dict[int, tuple[QColor, QPixmap | None]] = {}

    def paint(self, box: QRectF, source: int) -> None:
        """Paint one bar in its source's colour and pattern."""
        if source not in self._inks:
            self._inks[source] = self._looked_up(Source(source))
        tint, tile = self._inks[source]
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(tint)
        self._painter.drawRoundedRect(box, _RADIUS_PX, _RADIUS_PX)
        if tile is not None:
            seen = box.intersected(self._edges)
            shift = (seen.left() - self._origin_x) % (tile.width() / self._ratio)
            self._painter.drawTiledPixmap(seen, tile, QPointF(shift, 0))

    def _looked_up(self, source: Source) -> tuple[QColor, QPixmap | None]:
        tint = look.colour(source_token(source))
        if source not in _TILES:
            return tint, None
        return tint, _tile(source, qGray(tint.rgb()) > _BRIGHT, self._ratio)


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


@cache
def _dots(ink: str, ratio: float) -> QPixmap:
    """One dot of the middle line of a gap; a dotted pen would cost far more."""
    tile = QPixmap(round(_DOTS_PX * ratio), round(_DOTS_PX * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink))
    painter.drawEllipse(QPointF(_DOTS_PX / 2, _DOTS_PX / 2), 0.8, 0.8)
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
