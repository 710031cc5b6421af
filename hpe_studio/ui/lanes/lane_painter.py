"""Paints one lane, and keeps what was painted until the lane looks different."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap

from hpe_studio.ui import look
from hpe_studio.ui.lanes import bars, painting
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.marks import KeyMark
from hpe_studio.ui.lanes.model import Board, Lane, Place
from hpe_studio.ui.lanes.rows import BAR_PX, bar_offset
from hpe_studio.ui.lanes.runs import pieces

_HIDDEN_OPACITY = 0.4
_PROBLEM_GAP_PX, _PROBLEM_PX = 2.0, 3.0


class LaneStrips:
    """Pictures of lanes, painted anew only where they look different."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, str], tuple[tuple[Any, ...], QPixmap]] = {}
        self.painted_count = 0
        """How many lanes were painted since the start."""

    def clear(self) -> None:
        """Forget all pictures: colours changed."""
        self._kept.clear()

    def paint(self, painter: QPainter, board: Board) -> None:
        """Paint all lanes of a board that are seen."""
        ratio = painter.device().devicePixelRatioF()
        used: dict[tuple[int, str], tuple[tuple[Any, ...], QPixmap]] = {}
        handled = board.key_with_handles
        for index in board.layout.seen_lanes():
            lane = board.lanes[index]
            owner = handled if handled and handled.place in lane.places else None
            look_of = _Looks(board, index, owner)
            place = (lane.person_id, lane.part)
            known = self._kept.get(place)
            token = (*look_of.token, ratio)
            if known is None or known[0] != token:
                known = token, self._painted(look_of, ratio)
            used[place] = known
            painter.drawPixmap(0, round(board.layout.lane_top(index)), known[1])
        self._kept = used

    def _painted(self, look_of: _Looks, ratio: float) -> QPixmap:
        self.painted_count += 1
        size = QSizeF(look_of.axis.width_px, look_of.lane_px)
        strip = QPixmap((size * ratio).toSize())
        strip.setDevicePixelRatio(ratio)
        with QPainter(strip) as painter:
            _paint_lane(painter, look_of)
        return strip


class _Looks:
    """All that decides how a lane looks.

    Args:
        board: Where it lies.
        index: Which of its lanes.
        owner: The key with handles, where it is one of the lane's.
    """

    def __init__(self, board: Board, index: int, owner: KeyMark | None) -> None:
        lane: Lane = board.lanes[index]
        self.lane = lane
        self.axis: TimeAxis = board.axis
        self.lane_px: float = board.layout.lanes_px[index]
        self.owner = owner if lane.kind == "person" else None
        self.chosen: frozenset[Place] = board.selected & lane.places
        self.is_selected = lane.person_id in board.persons
        self.is_hidden = lane.person_id in board.hidden

    @property
    def token(self) -> tuple[Any, ...]:
        """Equal as long as the lane looks the same."""
        return (
            self.lane,
            self.axis,
            self.lane_px,
            self.owner,
            self.chosen,
            self.is_selected,
            self.is_hidden,
        )


def _paint_lane(painter: QPainter, looks: _Looks) -> None:
    lane, axis = looks.lane, looks.axis
    row = QRectF(0, 0, axis.width_px, looks.lane_px)
    soft = lane.kind == "person" and looks.is_selected
    ground = look.colour("selection.soft" if soft else "bg.lane")
    painter.fillRect(row, ground)
    line = QRectF(0, row.bottom() - 1, axis.width_px, 1)
    painter.fillRect(line, look.colour("border.subtle"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if lane.kind == "contacts":
        _paint_contacts(painter, lane, axis)
        return
    top = bar_offset(looks.lane_px)
    seen = pieces(lane.runs, axis)
    bars.paint_pieces(painter, seen, top, axis.edge(0), ground)
    _paint_problems(painter, lane, axis, top + BAR_PX + _PROBLEM_GAP_PX)
    painting.paint_hills(painter, lane.hills, axis, top)
    painting.paint_keys(painter, lane, looks.chosen, axis, top)
    if looks.owner is not None:
        painting.paint_handles(painter, looks.owner, axis, top)
    if looks.is_hidden:
        ground.setAlphaF(1 - _HIDDEN_OPACITY)
        painter.fillRect(row.adjusted(0, 0, 0, -1), ground)


def _paint_problems(painter: QPainter, lane: Lane, axis: TimeAxis, top: float) -> None:
    """A red bar of 3 px under the source where a problem is open."""
    if lane.problems is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour("state.danger"))
    for piece in pieces(lane.problems, axis):
        width = max(piece.right - piece.left - 1, 2.0)
        painter.drawRoundedRect(QRectF(piece.left, top, width, _PROBLEM_PX), 1.5, 1.5)


def _paint_contacts(painter: QPainter, lane: Lane, axis: TimeAxis) -> None:
    """Two rows of 7 px: the left foot solid, the right one pale with an outline."""
    tint = look.colour("data.contact")
    for runs, top, is_solid in ((lane.runs, 3.0, True), (lane.others, 13.0, False)):
        if runs is None:
            continue
        painter.setPen(Qt.PenStyle.NoPen if is_solid else tint)
        painter.setBrush(tint if is_solid else look.colour("data.contact", alpha=0.32))
        inset = 0.0 if is_solid else 0.5
        for piece in pieces(runs, axis):
            width = max(piece.right - piece.left - 1, 1.0)
            box = QRectF(piece.left, top, width, 7)
            painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), 2, 2)
