"""Paints the error over the clip: ruler, bars, everybody's heat, playhead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.person import Person
from hpe_studio.quality.strip import bars
from hpe_studio.ui import look
from hpe_studio.ui.compare.heat import MOST_MM, heat_colours
from hpe_studio.ui.compare.lane_place import EDGE_PX, LANE_PX, RULER_PX, LanePlace
from hpe_studio.ui.compare.settings_sections import number
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.widgets import paint_swatch
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session

_BAR_PX, _GAP_PX = 4, 1
_LINES_MM = (50, 100)
_WORDS_FROM_PX = 45


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Shown:
    """What is painted.

    Attributes:
        session: Whose people.
        people: Everybody compared, with their error per clip frame in metres.
        worst: The largest of them, shape (frames,).
        truth: By person, on which frames somebody of the truth is them.
    """

    session: Session
    people: tuple[tuple[Person, FloatArray], ...]
    worst: FloatArray
    truth: dict[int, BoolArray]


class LanePainter:
    """Paints what is shown where it belongs.

    Args:
        painter: Over the widget.
        shown: What.
        place: Where.
    """

    def __init__(self, painter: QPainter, shown: Shown, place: LanePlace) -> None:
        self._painter, self._shown, self._place = painter, shown, place

    def paint(self) -> None:
        """Paint everything."""
        painter, place = self._painter, self._place
        painter.fillRect(place.whole, look.colour("bg.lane"))
        left = QRectF(0, 0, place.labels_px, place.height)
        painter.fillRect(left, look.colour("bg.panel"))
        self._paint_ruler()
        self._paint_chart()
        painter.save()
        top = place.chart_bottom
        painter.setClipRect(QRectF(0, top, place.width, place.height - top))
        for lane, (person, errors) in enumerate(self._shown.people):
            self._paint_lane(lane, person, errors)
        painter.restore()
        edge = QRectF(place.labels_px - 1, 0, 1, place.height)
        painter.fillRect(edge, look.colour("border.subtle"))
        self._paint_legend()
        self._paint_playhead()

    def paint_focus(self) -> None:
        """Paint that keys act here."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(look.colour("focus.ring"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._place.whole.adjusted(1, 1, -1, -1))

    def _paint_ruler(self) -> None:
        count = self._shown.session.document.clip.frame_count
        self._painter.setFont(look.font("micro", 500))
        room = self._place.width - self._place.labels_px
        step = _round_step(count / max(room / 92, 1))
        bottom = RULER_PX - 1
        flag = self._flag()
        for frame in range(0, count, step):
            x = self._place.x_of(frame + 0.5)
            text = frame_text(frame, count)
            wide = self._painter.fontMetrics().horizontalAdvance(text)
            words = QRectF(x + 4, 0, wide, RULER_PX)
            if not words.adjusted(-4, 0, 4, 0).intersects(flag):
                self._painter.setPen(look.colour("text.secondary"))
                self._painter.drawText(QPointF(x + 4, bottom - 5), text)
            self._painter.fillRect(
                QRectF(x, bottom - 8, 1, 8), look.colour("border.strong")
            )
        line = QRectF(0, bottom, self._place.width, 1)
        self._painter.fillRect(line, look.colour("border.subtle"))
        self._painter.setFont(look.font("small", 600))
        self._painter.setPen(look.colour("text.primary"))
        title = QRectF(12, 0, self._place.labels_px - 20, RULER_PX)
        self._painter.drawText(
            title, Qt.AlignmentFlag.AlignVCenter, tr("Error over the clip")
        )

    def _paint_chart(self) -> None:
        """The worst person on each frame, one bar per few pixels."""
        top, bottom = float(RULER_PX + 6), self._place.chart_bottom - 1
        room = bottom - top
        left, right = self._place.x_of(0), float(self._place.width - EDGE_PX)
        self._painter.setFont(look.font("micro"))
        for limit in _LINES_MM:
            y = round(bottom - limit / MOST_MM * room) + 0.5
            pen = QPen(look.colour("border.strong"), 1)
            pen.setDashPattern([1.5, 3])
            self._painter.setPen(pen)
            self._painter.drawLine(QPointF(left, y), QPointF(right, y))
        count = max(int((right - left) // _BAR_PX), 1)
        heights = 1000 * bars(self._shown.worst, count)
        colours = [QColor(colour) for colour in heat_colours()]
        self._painter.setPen(Qt.PenStyle.NoPen)
        width = (right - left) / count
        for index in np.flatnonzero(np.isfinite(heights)).tolist():
            share = min(float(heights[index]) / MOST_MM, 1.0)
            step = min(int(share * len(colours)), len(colours) - 1)
            high = max(round(share * room), 2)
            x = round(left + index * width)
            wide = max(round(left + (index + 1) * width) - x - _GAP_PX, 1)
            self._painter.fillRect(QRectF(x, bottom - high, wide, high), colours[step])
        for limit in _LINES_MM if room >= _WORDS_FROM_PX else _LINES_MM[-1:]:
            self._paint_line_words(limit, bottom - limit / MOST_MM * room)
        line = QRectF(0, bottom, self._place.width, 1)
        self._painter.fillRect(line, look.colour("border.subtle"))

    def _paint_line_words(self, limit: int, y: float) -> None:
        text = f"{limit} mm"
        wide = self._painter.fontMetrics().horizontalAdvance(text) + 6
        box = QRectF(self._place.width - EDGE_PX - wide, y - 14, wide, 13)
        self._painter.fillRect(box, look.colour("bg.lane", alpha=0.75))
        self._painter.setPen(look.colour("text.secondary"))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lane(self, place: int, person: Person, errors: FloatArray) -> None:
        top = self._place.lanes_top + place * LANE_PX
        row = QRectF(0, top, self._place.width, LANE_PX)
        if self._shown.session.view.selection.active == person.id:
            self._painter.fillRect(row, look.colour("selection.soft"))
        line = QRectF(0, row.bottom() - 1, self._place.width, 1)
        self._painter.fillRect(line, look.colour("border.subtle"))
        self._paint_label(top, person, errors)
        box = self._place.lane_box(place)
        count = max(int(box.width() // _BAR_PX), 1)
        worst = 1000 * bars(errors, count)
        colours = [QColor(colour) for colour in heat_colours()]
        width = box.width() / count
        for start, stop, step in _runs(worst, len(colours)):
            left = round(box.left() + start * width)
            right = round(box.left() + stop * width)
            part = QRectF(left, box.top(), right - left, box.height())
            self._painter.fillRect(part, colours[step])
        self._paint_gaps(person, box)

    def _paint_gaps(self, person: Person, box: QRectF) -> None:
        """Where the person is tracked, and nobody of the truth is there."""
        known = self._shown.truth.get(person.id)
        if known is None:
            return
        there = np.zeros(len(known), bool)
        for track in self._shown.session.document.tracks_of(person.id):
            there[track.start : track.stop] = np.isfinite(track.base_root_m[:, 0])
        for start, stop in _spans(there & ~known):
            left, right = round(self._place.x_of(start)), round(self._place.x_of(stop))
            part = QRectF(
                left + 0.5, box.top() + 0.5, right - left - 1, box.height() - 1
            )
            self._painter.setPen(
                QPen(look.colour("text.muted"), 1, Qt.PenStyle.DashLine)
            )
            self._painter.setBrush(
                QBrush(look.colour("border.strong"), Qt.BrushStyle.BDiagPattern)
            )
            self._painter.drawRect(part)
            self._name_gap(part)

    def _name_gap(self, part: QRectF) -> None:
        text = tr("no truth")
        self._painter.setFont(look.font("micro"))
        wide = self._painter.fontMetrics().horizontalAdvance(text) + 8
        if part.width() < wide + 8:
            return
        box = QRectF(part.left() + 4, part.top() + 1, wide, part.height() - 2)
        self._painter.fillRect(box, look.colour("bg.lane"))
        self._painter.setPen(look.colour("text.secondary"))
        self._painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_label(self, top: float, person: Person, errors: FloatArray) -> None:
        tint, letter = (
            look.person_colour(person),
            self._shown.session.letter_of(person.id),
        )
        box = QRectF(12, top + (LANE_PX - 16) / 2, 16, 16)
        paint_swatch(self._painter, box, tint, letter)
        self._painter.setFont(look.font("body"))
        self._painter.setPen(look.colour("text.primary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        name = QRectF(36, top, self._place.labels_px - 120, LANE_PX)
        shown = self._painter.fontMetrics().elidedText(
            person.name, Qt.TextElideMode.ElideRight, round(name.width())
        )
        self._painter.drawText(name, middle, shown)
        known = errors[np.isfinite(errors)]
        mean = f"{number(1000 * float(known.mean()))} mm" if len(known) else "–"
        self._painter.setFont(look.font("small"))
        self._painter.setPen(look.colour("text.secondary"))
        side = QRectF(self._place.labels_px - 92, top, 80, LANE_PX)
        self._painter.drawText(side, middle | Qt.AlignmentFlag.AlignRight, mean)

    def _paint_legend(self) -> None:
        """Steps of heat at the left of the bars."""
        colours = heat_colours()
        y = RULER_PX + 10.0
        self._painter.setFont(look.font("small"))
        self._painter.setPen(look.colour("text.secondary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        self._painter.drawText(QRectF(12, y, 10, 12), middle, "0")
        for step, colour in enumerate(colours):
            box = QRectF(24 + 14 * step, y + 2, 14, 8)
            self._painter.fillRect(box, QColor(colour))
        room = QRectF(24 + 14 * len(colours) + 6, y, 80, 12)
        self._painter.drawText(room, middle, f"{MOST_MM:.0f} mm")
        if self._shown.session.comparing.is_busy and self._place.chart_bottom > y + 34:
            room = QRectF(12, y + 16, self._place.labels_px - 24, 16)
            self._painter.drawText(room, middle, tr("measuring…"))

    def _flag(self) -> QRectF:
        """Where the frame's number stands."""
        frame, count = (
            self._shown.session.view.frame,
            self._shown.session.document.clip.frame_count,
        )
        metrics = QFontMetricsF(look.font("micro", 600))
        wide = max(metrics.horizontalAdvance(frame_text(frame, count)) + 10, 36.0)
        left = self._place.x_of(frame + 0.5) - wide / 2
        left = min(max(left, self._place.labels_px), self._place.width - wide)
        return QRectF(left, 2, wide, RULER_PX - 5)

    def _paint_playhead(self) -> None:
        x = round(self._place.x_of(self._shown.session.view.frame + 0.5)) - 0.75
        line = QRectF(x, RULER_PX - 4, 1.5, self._place.height)
        self._painter.fillRect(line, look.colour("data.playhead"))
        flag = self._flag()
        self._painter.setFont(look.font("micro", 600))
        count = self._shown.session.document.clip.frame_count
        text = frame_text(self._shown.session.view.frame, count)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(look.colour("data.playhead"))
        self._painter.drawRoundedRect(flag, 3, 3)
        self._painter.setPen(look.colour("data.playhead_text"))
        self._painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)


def _runs(values_mm: FloatArray, steps: int) -> list[tuple[int, int, int]]:
    """Stretches of equal heat: start, stop, step; nothing where nothing is known."""
    known = np.isfinite(values_mm)
    heat = np.where(known, np.nan_to_num(values_mm) / MOST_MM * steps, -1)
    heat = np.where(known, np.clip(heat.astype(int), 0, steps - 1), -1)
    edges = np.flatnonzero(np.diff(heat)) + 1
    starts, stops = [0, *edges.tolist()], [*edges.tolist(), len(heat)]
    return [
        (start, stop, int(heat[start]))
        for start, stop in zip(starts, stops, strict=True)
        if start < stop and heat[start] >= 0
    ]


def _spans(flags: np.ndarray) -> list[tuple[int, int]]:
    """Half-open ranges that are true."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    starts, stops = np.flatnonzero(edges > 0), np.flatnonzero(edges < 0)
    return list(zip(starts.tolist(), stops.tolist(), strict=True))


def _round_step(frames: float) -> int:
    """The next 1, 2 or 5 times a power of ten."""
    size = 1
    while True:
        for factor in (1, 2, 5):
            if factor * size >= frames:
                return factor * size
        size *= 10
