"""Draws the ring gizmo over a viewer."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from hpe_studio.ui import look
from hpe_studio.ui.tools.rings import Ring

_HIDDEN_ALPHA = 0.22


def paint_rings(
    painter: QPainter,
    rings: Sequence[Ring],
    *,
    active: str | None,
    angle_rad: float | None,
) -> None:
    """Draw rings, the active one bright, and the angle while turning.

    Args:
        painter: Paints the viewer.
        rings: As `rings_at` gives them.
        active: Axis of the ring held or under the pointer.
        angle_rad: Turned so far, or None when nothing is turned.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for ring in rings:
        _paint_ring(painter, ring, is_active=ring.axis == active)
    if angle_rad is not None and active is not None:
        _paint_chip(painter, rings, active, angle_rad)
    painter.restore()


def _paint_ring(painter: QPainter, ring: Ring, *, is_active: bool) -> None:
    tint = _tint(ring.axis, is_active=is_active)
    width = 3.0 if is_active else 2.2
    hidden = QColor(tint)
    hidden.setAlphaF(_HIDDEN_ALPHA)
    casing = QColor(8, 9, 12, 150)
    front = _path(ring.points, ring.is_front)
    painter.setPen(QPen(hidden, width))
    painter.drawPath(_path(ring.points, ~ring.is_front))
    painter.setPen(_round(casing, width + 2.2))
    painter.drawPath(front)
    painter.setPen(_round(tint, width))
    painter.drawPath(front)


def _paint_chip(
    painter: QPainter, rings: Sequence[Ring], axis: str, angle_rad: float
) -> None:
    points = np.concatenate([ring.points for ring in rings])
    right, top = np.nanmax(points[:, 0]), np.nanmin(points[:, 1])
    letter = "" if axis == "view" else axis.upper()
    value = f"{math.degrees(angle_rad):+.1f}°".replace("-", "−")
    painter.setFont(look.font("body", 600))
    metrics = painter.fontMetrics()
    letter_px = metrics.horizontalAdvance(letter) + (8 if letter else 0)
    width = metrics.horizontalAdvance(value) + letter_px + 18
    box = QRectF(float(right) + 8, float(top) - 2, width, 22)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("video.tag", alpha=0.9))
    painter.drawRoundedRect(box, 4, 4)
    text = box.adjusted(9, 0, -9, 0)
    painter.setPen(_tint(axis, is_active=True))
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, letter)
    painter.setPen(look.colour("video.tag_text"))
    right_side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    painter.drawText(text, right_side, value)


def _tint(axis: str, *, is_active: bool) -> QColor:
    if is_active:
        return look.colour("axis.active")
    return QColor("#FFFFFF") if axis == "view" else look.colour(f"axis.{axis}")


def _round(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _path(points: np.ndarray, wanted: np.ndarray) -> QPainterPath:
    path = QPainterPath()
    is_down = False
    for (x, y), is_wanted in zip(points.tolist(), wanted.tolist(), strict=True):
        usable = is_wanted and math.isfinite(x) and math.isfinite(y)
        if usable and is_down:
            path.lineTo(QPointF(x, y))
        elif usable:
            path.moveTo(QPointF(x, y))
        is_down = usable
    return path
