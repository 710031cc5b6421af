"""Paints a whole board: ruler, shots, lanes, cuts; everything but the playhead."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hpe_studio.ui import look
from hpe_studio.ui.lanes import bars, painting
from hpe_studio.ui.lanes.axis import seconds_text, ticks
from hpe_studio.ui.lanes.model import RULER_PX, SHOTS_PX, Board
from hpe_studio.ui.lanes.runs import pieces
from hpe_studio.ui.timecode import frame_text

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_HIDDEN_OPACITY = 0.4


def paint_board(painter: QPainter, board: Board) -> None:
    """Paint everything that stays while the playhead moves."""
    width, height = board.axis.width_px, board.layout.height_px
    painter.fillRect(QRectF(0, 0, width, height), look.colour("bg.lane"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    below = QRectF(0, board.layout.lanes_top, width, height)
    painter.setClipRect(below)
    for index in range(len(board.lanes)):
        _paint_lane(painter, board, index)
    painter.restore()
    _paint_beyond(painter, board)
    _paint_shots(painter, board)
    _paint_ruler(painter, board)
    _paint_cuts(painter, board)


def _paint_lane(painter: QPainter, board: Board, index: int) -> None:
    layout, axis, lane = board.layout, board.axis, board.lanes[index]
    top = layout.lane_top(index)
    if top > layout.height_px or top + layout.lane_px < layout.lanes_top:
        return
    row = QRectF(0, top, axis.width_px, layout.lane_px)
    if lane.person_id in board.persons:
        painter.fillRect(row, look.colour("selection.soft"))
    line = QRectF(0, row.bottom() - 1, axis.width_px, 1)
    painter.fillRect(line, look.colour("border.subtle"))
    is_hidden = lane.person_id in board.hidden
    painter.setOpacity(_HIDDEN_OPACITY if is_hidden else 1.0)
    bar_top = layout.bar_top(index)
    bars.paint_pieces(painter, pieces(lane.runs, axis), bar_top, axis.edge(0))
    painting.paint_hills(painter, lane.hills, axis, bar_top)
    painting.paint_keys(painter, lane.keys, board.selected, axis, bar_top)
    owner = board.key_with_handles
    if owner is not None and owner in lane.keys:
        painting.paint_handles(painter, owner, axis, bar_top)
    painter.setOpacity(1.0)


def _paint_beyond(painter: QPainter, board: Board) -> None:
    """Darken what lies before the first and after the last frame."""
    axis, layout = board.axis, board.layout
    shade = look.colour("bg.window", alpha=0.6)
    top, height = RULER_PX, layout.height_px
    left, right = axis.edge(0), axis.edge(axis.frame_count)
    painter.fillRect(QRectF(0, top, max(left, 0), height), shade)
    painter.fillRect(QRectF(right, top, max(axis.width_px - right, 0), height), shade)


def _paint_shots(painter: QPainter, board: Board) -> None:
    axis = board.axis
    row = QRectF(0, RULER_PX, axis.width_px, SHOTS_PX)
    painter.fillRect(row, look.colour("bg.lane"))
    line = QRectF(0, row.bottom() - 1, axis.width_px, 1)
    painter.fillRect(line, look.colour("border.subtle"))
    for number, shot in enumerate(board.shots, 1):
        left, right = axis.edge(shot.start), axis.edge(shot.stop)
        if right < 0 or left > axis.width_px:
            continue
        is_current = board.frame in shot
        seen_left, seen_right = max(left, -4.0), min(right, axis.width_px + 4)
        chip = QRectF(seen_left, row.top() + 2.5, seen_right - seen_left - 1, 14)
        painter.setPen(Qt.PenStyle.NoPen)
        token = "selection.active" if is_current else "bg.header"
        painter.setBrush(look.colour(token))
        painter.drawRoundedRect(chip, 2, 2)
        _paint_chip_text(painter, chip, f"Shot {number}", is_current=is_current)
    if not board.shots:
        painter.setPen(look.colour("text.muted"))
        painter.setFont(look.font("micro"))
        text = "Cuts are not known yet"
        painter.drawText(row.adjusted(max(axis.edge(0), 0) + 8, 0, 0, 0), _MIDDLE, text)


def _paint_chip_text(
    painter: QPainter, chip: QRectF, text: str, *, is_current: bool
) -> None:
    painter.setFont(look.font("micro", 500))
    room = chip.adjusted(max(-chip.left(), 0) + 8, 0, -4, 0)
    words = painter.fontMetrics().elidedText(
        text, Qt.TextElideMode.ElideRight, max(int(room.width()), 0)
    )
    painter.setPen(look.colour("text.primary" if is_current else "text.secondary"))
    painter.drawText(room, _MIDDLE, words)


def _paint_ruler(painter: QPainter, board: Board) -> None:
    axis = board.axis
    strip = QRectF(0, 0, axis.width_px, RULER_PX)
    painter.fillRect(strip, look.colour("bg.header"))
    marks = ticks(axis, board.fps)
    painter.setPen(QPen(look.colour("border.strong"), 1.0))
    painter.drawLines(
        [_tick(axis.x_of(f), 9) for f in marks.major]
        + [_tick(axis.x_of(f), 4) for f in marks.minor]
    )
    frame_font, second_font = look.font("small", 500), look.font("micro")
    for frame in marks.major:
        x = axis.x_of(frame) + 4
        number = frame_text(frame, axis.frame_count)
        painter.setFont(frame_font)
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(QPointF(x, 12), number)
        x += painter.fontMetrics().horizontalAdvance(number) + 5
        painter.setFont(second_font)
        painter.setPen(look.colour("text.muted"))
        painter.drawText(QPointF(x, 12), seconds_text(float(board.times_s[frame])))
    _paint_range(painter, board)
    line = QRectF(0, RULER_PX - 1, axis.width_px, 1)
    painter.fillRect(line, look.colour("border.subtle"))


def _tick(x: float, length: float) -> QLineF:
    crisp = round(x - 0.5) + 0.5
    return QLineF(crisp, RULER_PX - length, crisp, RULER_PX)


def _paint_range(painter: QPainter, board: Board) -> None:
    if board.play_range is None:
        return
    axis, (start, stop) = board.axis, board.play_range
    left, right = axis.edge(start), axis.edge(stop)
    tint = look.colour("accent.text")
    painter.fillRect(QRectF(left, RULER_PX - 3, right - left, 3), tint)
    for x in (left, right - 1.5):
        painter.fillRect(QRectF(x, RULER_PX - 8, 1.5, 8), tint)


def _paint_cuts(painter: QPainter, board: Board) -> None:
    axis = board.axis
    pen = QPen(look.colour("text.secondary"), 1.0)
    pen.setDashPattern([4.0, 3.0])
    last = board.layout.lane_top(len(board.lanes))
    bottom = min(board.layout.height_px, last)
    for cut in board.cuts:
        x = round(axis.edge(cut)) - 0.5
        if not -8 <= x <= axis.width_px + 8:
            continue
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(pen)  # crisp, and many times faster than antialiased dashes
        painter.drawLine(QPointF(x, RULER_PX + 4), QPointF(x, bottom))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("text.secondary"))
        notch = [(x - 4, RULER_PX), (x + 4, RULER_PX), (x, RULER_PX + 5)]
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in notch]))
