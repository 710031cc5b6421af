"""Paints the draw list of `render.drawlist` with a QPainter."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from PySide6.QtCore import QLineF, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QPolygonF,
    QRegion,
    QTransform,
)
from shiboken6 import VoidPtr

from hpe_studio.render import captions, drawlist
from hpe_studio.ui import look

_FARTHEST_PX = 1e5
_WIDEST_PX = 32_000


def paint_shapes(painter: QPainter, shapes: tuple[drawlist.Shape, ...]) -> None:
    """Paint shapes in order."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shape in shapes:
        _PAINTERS[type(shape)](painter, shape)
    painter.restore()


def name_width(text: str) -> float:
    """How wide a name tag's text is, in pixels."""
    from PySide6.QtGui import QFontMetricsF

    return QFontMetricsF(look.font("small", 500)).horizontalAdvance(text)


def _lines(painter: QPainter, shape: drawlist.Lines) -> None:
    painter.setPen(_pen(shape.ink, shape.width, shape.dash, is_flat=shape.flat))
    ends = shape.ends[_is_drawable(shape.ends).all(axis=1)]
    painter.drawLines(
        [QLineF(x, y, far_x, far_y) for (x, y), (far_x, far_y) in ends.tolist()]
    )


def _path(painter: QPainter, shape: drawlist.Path) -> None:
    painter.setPen(_pen(shape.ink, shape.width, shape.dash))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    points, is_drawable = shape.points, _is_drawable(shape.points)
    if is_drawable.all():
        draw = painter.drawPolygon if shape.closed else painter.drawPolyline
        draw(_polygon(points))
        return
    if shape.closed and len(points):
        points = np.concatenate([points, points[:1]])
        is_drawable = np.append(is_drawable, is_drawable[0])
    cuts = np.flatnonzero(np.diff(is_drawable.astype(int))) + 1
    for part, seen in zip(
        np.split(points, cuts), np.split(is_drawable, cuts), strict=True
    ):
        if len(part) > 1 and seen[0]:
            painter.drawPolyline(_polygon(part))


def _discs(painter: QPainter, shape: drawlist.Discs) -> None:
    _set_area(painter, shape.fill, shape.stroke, shape.stroke_width)
    for x, y in shape.centres[_is_drawable(shape.centres)].tolist():
        painter.drawEllipse(QPointF(x, y), shape.radius, shape.radius)


def _capsules(painter: QPainter, shape: drawlist.Capsules) -> None:
    painter.save()
    if shape.except_rect is not None:
        _clip_out(painter, shape.except_rect)
    painter.setBrush(_hatch(shape, painter.device().devicePixelRatioF()))
    painter.setPen(_pen(shape.hatch, shape.outline_width, shape.outline_dash))
    fill = _colour(shape.fill)
    for start, stop in shape.ends[_is_drawable(shape.ends).all(axis=1)].tolist():
        outline = _capsule(start, stop, shape.radius)
        painter.fillPath(outline, fill)
        painter.drawPath(outline)
    painter.restore()


def _hatch(shape: drawlist.Capsules, ratio: float) -> QBrush:
    """A limb's ruling at 45 degrees, on one raster for all limbs of a view."""
    # Two lines in a tile of whole device pixels: their step is true to half a percent.
    side = round(2 * math.sqrt(2) * shape.hatch_step * ratio)
    brush = QBrush(_hatch_tile(shape.hatch, shape.hatch_width * ratio, side))
    brush.setTransform(QTransform.fromScale(1 / ratio, 1 / ratio))
    return brush


@lru_cache(maxsize=64)
def _hatch_tile(ink: drawlist.Ink, width: float, side: int) -> QImage:
    tile = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    tile.fill(Qt.GlobalColor.transparent)
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_pen(ink, width))
        for start in (-side, -side / 2, 0.0, side / 2, side):
            painter.drawLine(QLineF(start, side, start + side, 0))
    return tile


def _polygons(painter: QPainter, shape: drawlist.Polygons) -> None:
    _set_area(painter, shape.fill, shape.stroke, shape.stroke_width)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for outline in shape.outlines:
        if _is_drawable(outline).all():
            path.addPolygon(_polygon(outline))
            path.closeSubpath()
    painter.drawPath(path)


def _box(painter: QPainter, shape: drawlist.Box) -> None:
    _set_area(painter, shape.fill, shape.stroke, shape.stroke_width, shape.dash)
    painter.drawRoundedRect(_rect(shape.rect), shape.radius, shape.radius)


def _brackets(painter: QPainter, shape: drawlist.Brackets) -> None:
    box, arm, bend = _rect(shape.rect), shape.arm, shape.radius
    path = QPainterPath()
    for x, to_right in ((box.left(), 1), (box.right(), -1)):
        for y, down in ((box.top(), 1), (box.bottom(), -1)):
            path.moveTo(x, y + down * arm)
            path.lineTo(x, y + down * bend)
            path.quadTo(x, y, x + to_right * bend, y)
            path.lineTo(x + to_right * arm, y)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(shape.ink, shape.width))
    painter.drawPath(path)


def _caption(painter: QPainter, shape: drawlist.Caption) -> None:
    box = _rect(shape.rect)
    if shape.leader is not None:
        line = QLineF(*shape.leader[0], *shape.leader[1])
        painter.setPen(QPen(look.colour("video.tag", alpha=0.7), 3.0))
        painter.drawLine(line)
        painter.setPen(QPen(look.colour("video.tag_text", alpha=0.8), 1.2))
        painter.drawLine(line)
    painter.setPen(QPen(look.colour("video.tag_text", alpha=0.22), 1.0))
    painter.setBrush(look.colour("video.tag", alpha=0.92))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    room = box.adjusted(captions.PADDING, 0, -captions.PADDING, 0)
    painter.setFont(look.font("small", 500))
    painter.setPen(look.colour("video.tag_text"))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shape.text)
    painter.setPen(look.colour("video.tag_text", alpha=0.72))
    right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(room, right, shape.detail)


def _clip_out(painter: QPainter, rect: tuple[float, float, float, float]) -> None:
    """Let nothing be painted within a rectangle."""
    view = QRect(QPoint(0, 0), QSize(_WIDEST_PX, _WIDEST_PX))
    hole = QRegion(_rect(rect).toRect())
    painter.setClipRegion(QRegion(view) - hole, Qt.ClipOperation.IntersectClip)


def _is_drawable(points: np.ndarray) -> np.ndarray:
    """True where a point is finite and not absurdly far off; Qt dashes all the way."""
    return np.asarray((np.abs(points) < _FARTHEST_PX).all(axis=-1))


def _dots(painter: QPainter, shape: drawlist.Dots) -> None:
    whole, hole = (
        _rect(shape.rect),
        _rect(shape.except_rect).intersected(_rect(shape.rect)),
    )
    tile = _dot_tile(shape, painter.device().devicePixelRatioF())
    for part in _around(whole, hole):
        painter.fillRect(part, _colour(shape.background))
        # Tiles start at the view's corner, so that dots of all parts lie on one raster.
        painter.drawTiledPixmap(part, tile, part.topLeft() - whole.topLeft())


def _dot_tile(shape: drawlist.Dots, ratio: float) -> QPixmap:
    side = round(shape.step * ratio)
    tile = QPixmap(side, side)
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(_pen(shape.ink, 1.6))
        painter.drawPoint(QPointF(shape.step / 2, shape.step / 2))
    return tile


def _around(whole: QRectF, hole: QRectF) -> list[QRectF]:
    """What of a rectangle lies around another one, as rectangles."""
    if hole.isEmpty():
        return [whole]
    left, right = whole.left(), whole.right()
    parts = [
        QRectF(QPointF(left, whole.top()), QPointF(right, hole.top())),
        QRectF(QPointF(left, hole.top()), hole.bottomLeft()),
        QRectF(hole.topRight(), QPointF(right, hole.bottom())),
        QRectF(QPointF(left, hole.bottom()), QPointF(right, whole.bottom())),
    ]
    return [part for part in parts if part.width() > 0 and part.height() > 0]


def _tag(painter: QPainter, shape: drawlist.Tag) -> None:
    box = _rect(shape.rect)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=0.82))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    disc = QRectF(box.left() + 2.5, box.top() + 2.5, 13, 13)
    painter.setBrush(QColor(shape.disc))
    painter.drawEllipse(disc)
    face = look.font("micro", 700)
    face.setPixelSize(9)
    painter.setFont(face)
    painter.setPen(QColor(shape.letter_ink))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, shape.letter)
    if shape.text:
        painter.setFont(look.font("small", 500))
        painter.setPen(look.colour("video.tag_text"))
        room = box.adjusted(19.5, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shape.text)


def _label(painter: QPainter, shape: drawlist.Label) -> None:
    face = look.font("small", shape.weight)
    face.setPixelSize(round(shape.size))
    painter.setFont(face)
    painter.setPen(_colour(shape.ink))
    box = QRectF(shape.x - (300 if shape.centred else 0), shape.y - 10, 600, 20)
    across = Qt.AlignmentFlag.AlignHCenter if shape.centred else Qt.AlignmentFlag(0)
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | across, shape.text)


_PAINTERS: dict[type, Callable[[QPainter, Any], None]] = {
    drawlist.Lines: _lines,
    drawlist.Path: _path,
    drawlist.Discs: _discs,
    drawlist.Capsules: _capsules,
    drawlist.Polygons: _polygons,
    drawlist.Box: _box,
    drawlist.Brackets: _brackets,
    drawlist.Caption: _caption,
    drawlist.Dots: _dots,
    drawlist.Tag: _tag,
    drawlist.Label: _label,
}


@lru_cache(maxsize=512)
def _colour(ink: drawlist.Ink) -> QColor:
    made = QColor(ink.colour)
    made.setAlphaF(ink.alpha)
    return made


@lru_cache(maxsize=512)
def _pen(
    ink: drawlist.Ink,
    width: float,
    dash: tuple[float, ...] = (),
    *,
    is_flat: bool = False,
) -> QPen:
    """A pen; the same one is given out again, to be left as it is."""
    pen = QPen(_colour(ink), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dash or is_flat:
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dash:
        pen.setDashPattern([length / width for length in dash])
    return pen


def _set_area(
    painter: QPainter,
    fill: drawlist.Ink | None,
    stroke: drawlist.Ink | None,
    width: float,
    dash: tuple[float, ...] = (),
) -> None:
    painter.setBrush(QBrush() if fill is None else _colour(fill))
    if stroke is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        painter.setPen(_pen(stroke, width, dash))


def _rect(edges: tuple[float, float, float, float]) -> QRectF:
    left, top, right, bottom = (float(edge) for edge in edges)
    return QRectF(left, top, right - left, bottom - top)


def _polygon(points: np.ndarray) -> QPolygonF:
    """Points written into the polygon's memory: a hundred at the price of three."""
    polygon = QPolygonF()
    if len(points):
        polygon.resize(len(points))
        size = points.size * 8
        memory: Any = VoidPtr(polygon.data(), size, True)  # pyright: ignore[reportCallIssue]
        np.frombuffer(memory, np.float64).reshape(-1, 2)[:] = points
    return polygon


def _capsule(start: list[float], stop: list[float], radius: float) -> QPainterPath:
    dx, dy = stop[0] - start[0], stop[1] - start[1]
    length = math.hypot(dx, dy)
    path = QPainterPath()
    box = QRectF(-radius, -radius, length + 2 * radius, 2 * radius)
    path.addRoundedRect(box, radius, radius)
    turn = QTransform().translate(start[0], start[1])
    return turn.rotateRadians(math.atan2(dy, dx)).map(path)
