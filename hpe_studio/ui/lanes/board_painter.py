"""Paints what lies around the lanes: ruler, shots, cuts; not the playhead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hpe_studio.core.clip import Shot
from hpe_studio.ui import look
from hpe_studio.ui.lanes.axis import TimeAxis, seconds_text, ticks
from hpe_studio.ui.lanes.dissolves import paint_dissolves
from hpe_studio.ui.lanes.lane_painter import LaneStrips
from hpe_studio.ui.lanes.model import Board
from hpe_studio.ui.lanes.rows import FILM_PX, RULER_PX
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.words import tr

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEAST_CUT_PX, _LEAST_CHIP_PX = 5.0, 8.0


class Pictures(Protocol):
    """Paints pictures of the clip."""

    def paint(self, painter: QPainter, box: QRectF, board: Board) -> None:
        """Fill a box of the row of shots with pictures."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """A label of the ruler.

    Attributes:
        left, right: Pixels it covers.
    """

    left: float
    right: float


def paint_board(
    painter: QPainter, board: Board, strips: LaneStrips, film: Pictures | None = None
) -> tuple[Label, ...]:
    """Paint everything that stays while the playhead moves.

    Args:
        painter: Where.
        board: What.
        strips: Keeps the lanes.
        film: Paints pictures into the row of shots, if there is room for them.

    Returns:
        Where the ruler's labels stand.
    """
    width, height = board.axis.width_px, board.layout.height_px
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    below = min(board.layout.lanes_bottom, height)
    ground = QRectF(0, below, width, height - below)
    painter.fillRect(ground, look.colour("bg.lane"))
    strips.paint(painter, board)
    _paint_shots(painter, board, film)
    paint_dissolves(painter, board)
    _paint_beyond(painter, board)
    labels = paint_ruler(painter, board)
    paint_cuts(painter, board, RULER_PX, min(below, height))
    return labels


def paint_cuts(
    painter: QPainter, board: Board, top: float, bottom: float, *, notched: bool = True
) -> None:
    """Paint the cuts that are far enough apart to be told from each other."""
    axis = board.axis
    pen = QPen(look.colour("text.secondary"), 1.0)
    pen.setDashPattern([4.0, 3.0])
    seen = [round(axis.edge(cut)) - 0.5 for cut in board.cuts_between(*_reach(axis))]
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(pen)  # crisp, and many times faster than antialiased dashes
    shown = _spread(seen)
    if len(shown) == len(seen):
        painter.drawLines([QLineF(x, top + 4, x, bottom) for x in shown])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not notched:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("text.secondary"))
    for x in shown:
        notch = [(x - 4, top), (x + 4, top), (x, top + 5)]
        painter.drawPolygon(QPolygonF([QPointF(*point) for point in notch]))


def _reach(axis: TimeAxis) -> tuple[int, int]:
    start, stop = axis.seen
    spare = int(8 / axis.px_per_frame) + 1
    return start - spare, stop + spare


def _spread(xs: Sequence[float]) -> list[float]:
    """Those that keep a distance to the one before."""
    kept: list[float] = []
    for x in xs:
        if not kept or x - kept[-1] >= _LEAST_CUT_PX:
            kept.append(x)
    return kept


def _paint_beyond(painter: QPainter, board: Board) -> None:
    """Darken what lies before the first and after the last frame."""
    axis, layout = board.axis, board.layout
    shade = look.colour("bg.window", alpha=0.6)
    top, height = RULER_PX, layout.height_px
    left, right = axis.edge(0), axis.edge(axis.frame_count)
    painter.fillRect(QRectF(0, top, max(left, 0), height), shade)
    painter.fillRect(QRectF(right, top, max(axis.width_px - right, 0), height), shade)


def _paint_shots(painter: QPainter, board: Board, film: Pictures | None) -> None:
    row = QRectF(0, RULER_PX, board.axis.width_px, board.layout.shots_px)
    painter.fillRect(row, look.colour("bg.lane"))
    line = QRectF(0, row.bottom() - 1, row.width(), 1)
    painter.fillRect(line, look.colour("border.subtle"))
    has_film = film is not None and row.height() >= FILM_PX
    if film is not None and has_film:
        painter.save()
        film.paint(painter, row.adjusted(0, 1, 0, -2), board)
        painter.restore()
    for number, shot in _wide_shots(painter, board, row, has_film):
        _paint_chip(painter, board, row, number, shot, has_film)
    if not board.shots and not has_film:
        painter.setPen(look.colour("text.muted"))
        painter.setFont(look.font("micro"))
        room = row.adjusted(max(board.axis.edge(0), 0) + 8, 0, 0, 0)
        painter.drawText(room, _MIDDLE, tr("Cuts are not known yet"))


def _wide_shots(
    painter: QPainter, board: Board, row: QRectF, has_film: bool
) -> list[tuple[int, Shot]]:
    """The shots wide enough for a chip; the others are painted as one band."""
    axis, seen = board.axis, board.seen_shots()
    least = _LEAST_CHIP_PX / axis.px_per_frame
    wide = [
        (number, shot)
        for number, shot in seen
        if shot.stop - shot.start >= least or board.frame in shot
    ]
    if seen and len(wide) < len(seen) and not has_film:
        left = max(axis.edge(seen[0][1].start), -4.0)
        right = min(axis.edge(seen[-1][1].stop), axis.width_px + 4)
        band = QRectF(left, row.top() + 2.5, right - left, 14)
        painter.fillRect(band, look.colour("bg.header"))
    return wide


def _paint_chip(
    painter: QPainter,
    board: Board,
    row: QRectF,
    number: int,
    shot: Shot,
    has_film: bool,
) -> None:
    """Paint a shot: a bar with its name, over pictures a tag and an outline."""
    axis, is_current = board.axis, board.frame in shot
    left = max(axis.edge(shot.start), -4.0)
    right = min(axis.edge(shot.stop), axis.width_px + 4)
    chip = QRectF(left, row.top() + 2.5, max(right - left - 1, 1.0), 14)
    fill = look.colour("selection.active" if is_current else "bg.header")
    words = tr("Shot {number}").format(number=number)
    if not has_film:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(chip, 2, 2)
        _paint_chip_text(painter, chip, words, is_current=is_current)
        return
    whole = QRectF(left, row.top() + 1, chip.width(), row.height() - 3)
    if is_current:
        painter.setPen(QPen(look.colour("accent.text"), 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), 2, 2)
    painter.setFont(look.font("micro", 500))
    tag_px = painter.fontMetrics().horizontalAdvance(words) + 12.0
    tag = QRectF(max(left, 0) + 3, row.top() + 4, tag_px, 14)
    if tag.right() + 3 > right:
        return
    fill.setAlphaF(0.88)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(tag, 2, 2)
    painter.setPen(look.colour("text.primary" if is_current else "text.secondary"))
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, words)


def _paint_chip_text(
    painter: QPainter, chip: QRectF, text: str, *, is_current: bool
) -> None:
    room = chip.adjusted(max(-chip.left(), 0) + 8, 0, -4, 0)
    if room.width() < 8:
        return
    painter.setFont(look.font("micro", 500))
    words = painter.fontMetrics().elidedText(
        text, Qt.TextElideMode.ElideRight, int(room.width())
    )
    painter.setPen(look.colour("text.primary" if is_current else "text.secondary"))
    painter.drawText(room, _MIDDLE, words)


def paint_ruler(painter: QPainter, board: Board) -> tuple[Label, ...]:
    """Paint frames, seconds and the range; where the labels stand."""
    axis = board.axis
    strip = QRectF(0, 0, axis.width_px, RULER_PX)
    painter.fillRect(strip, look.colour("bg.header"))
    marks = ticks(axis, board.fps)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(QPen(look.colour("border.strong"), 1.0))
    painter.drawLines(
        [_tick(axis.x_of(f), 9) for f in marks.major]
        + [_tick(axis.x_of(f), 4) for f in marks.minor]
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    frame_font, second_font = look.font("small", 500), look.font("micro")
    labels: list[Label] = []
    for frame in marks.major:
        left = x = axis.x_of(frame) + 4
        number = frame_text(frame, axis.frame_count)
        painter.setFont(frame_font)
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(QPointF(x, 12), number)
        x += painter.fontMetrics().horizontalAdvance(number) + 5
        painter.setFont(second_font)
        painter.setPen(look.colour("text.muted"))
        time = seconds_text(float(board.times_s[frame]))
        painter.drawText(QPointF(x, 12), time)
        x += painter.fontMetrics().horizontalAdvance(time)
        labels.append(Label(left=left, right=x))
    _paint_range(painter, board)
    line = QRectF(0, RULER_PX - 1, axis.width_px, 1)
    painter.fillRect(line, look.colour("border.subtle"))
    return tuple(labels)


def _tick(x: float, length: float) -> QLineF:
    crisp = round(x - 0.5) + 0.5
    return QLineF(crisp, RULER_PX - length, crisp, RULER_PX)


def _paint_range(painter: QPainter, board: Board) -> None:
    if board.play_range is None:
        return
    axis, (start, stop) = board.axis, board.play_range
    left, right = round(axis.edge(start)), round(axis.edge(stop))
    tint = look.colour("accent.text")
    painter.fillRect(QRectF(left, RULER_PX - 3, right - left, 3), tint)
    for x, foot in ((left, left), (right - 2, right - 5)):
        painter.fillRect(QRectF(x, RULER_PX - 10, 2, 10), tint)
        painter.fillRect(QRectF(foot, RULER_PX - 10, 5, 2), tint)
