"""Paints source bars with their patterns, keys, blends and handles."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from hpe_studio.core.track import Source
from hpe_studio.ui import look
from hpe_studio.ui.joints import source_token
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.marks import Hill, KeyMark, hill_of
from hpe_studio.ui.lanes.model import BAR_PX, handle_xs
from hpe_studio.ui.lanes.runs import Piece

_RADIUS_PX, _GAP_PX, _DOTS_PX = 2.0, 1.0, 4.0
_PATTERN_ALPHA, _BRIGHT = 0.42, 0.75
_BLEND_ALPHA, _SELECTED_BLEND_ALPHA = 0.38, 0.62
_LEAST_KEY_STEP_PX, _LEAST_HILL_PX, _NARROW_PX, _SPRITE_PX = 5.0, 5.0, 6.0, 16.0
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
    marks: Sequence[KeyMark],
    selected: frozenset[tuple[int, int]],
    axis: TimeAxis,
    top: float,
) -> None:
    """Paint diamonds; where they would pile up only every few pixels one."""
    y = top + BAR_PX / 2
    start, stop = axis.seen
    low = bisect_left(marks, start - 1, key=_frame_of)
    high = bisect_left(marks, stop + 1, key=_frame_of)
    chosen: list[KeyMark] = []
    plain: list[float] = []
    last_x = -math.inf
    for mark in marks[low:high]:
        if selected and mark.place in selected:
            chosen.append(mark)
            continue
        x = axis.x_of(mark.frame)
        if x - last_x >= _LEAST_KEY_STEP_PX:
            plain.append(x)
            last_x = x
    inks = look.colour("source.keyed").name(), look.colour("video.casing").name()
    sprite = _diamond_sprite(*inks, painter.device().devicePixelRatioF())
    half = _SPRITE_PX / 2
    for x in plain:
        painter.drawPixmap(QPointF(x - half, y - half), sprite)
    own = [hill_of(mark) for mark in chosen]
    _paint_hills(painter, own, axis, top, _SELECTED_BLEND_ALPHA)
    painter.setPen(QPen(look.colour("accent.fill"), 2.0))
    painter.setBrush(Qt.GlobalColor.white)
    for mark in chosen:
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
        return tint, _tile(source, tint.lightnessF() > _BRIGHT, self._ratio)


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
def _diamond_sprite(fill: str, outline: str, ratio: float) -> QPixmap:
    """A key's diamond, drawn once; there may be thousands."""
    sprite = QPixmap(round(_SPRITE_PX * ratio), round(_SPRITE_PX * ratio))
    sprite.setDevicePixelRatio(ratio)
    sprite.fill(Qt.GlobalColor.transparent)
    painter = QPainter(sprite)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(outline), 1.2))
    painter.setBrush(QColor(fill))
    painter.drawPolygon(_diamond(_SPRITE_PX / 2, _SPRITE_PX / 2, 9.0))
    painter.end()
    return sprite


def _frame_of(mark: KeyMark) -> int:
    return mark.frame


def _diamond(x: float, y: float, side: float) -> QPolygonF:
    half = side / 2 + 0.6
    corners = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return QPolygonF([QPointF(*corner) for corner in corners])
