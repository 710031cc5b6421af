"""Paints dissolves: frames on which a shot comes out of the one before it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hpe_studio.ui import look
from hpe_studio.ui.lanes.model import Board
from hpe_studio.ui.lanes.rows import RULER_PX

_LEAST_PX = 3.0


def paint_dissolves(painter: QPainter, board: Board) -> None:
    """A wedge from the cut to the last mixed frame, over the row of shots."""
    axis = board.axis
    top, bottom = RULER_PX + 1.0, RULER_PX + board.layout.shots_px - 2.0
    for _number, shot in board.seen_shots():
        left, right = axis.edge(shot.start), axis.edge(shot.start + shot.dissolve)
        if right - left < _LEAST_PX:
            continue
        painter.fillRect(
            QRectF(left, top, right - left, bottom - top),
            look.colour("bg.window", alpha=0.55),
        )
        corners = [(left, top), (left, bottom), (right, bottom)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("text.secondary", alpha=0.45))
        painter.drawPolygon(QPolygonF([QPointF(*corner) for corner in corners]))
        painter.setPen(QPen(look.colour("text.secondary"), 1.0))
        painter.drawLine(QPointF(left, top), QPointF(right, bottom))
