"""The dock "Error over the clip": everybody's error as bars, each person's as heat."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.person import Person
from hpe_studio.quality.strip import bars
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.compare.heat import MOST_MM, heat_colours
from hpe_studio.ui.compare.settings_sections import number
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.widgets import paint_swatch
from hpe_studio.ui.words import tr

_RULER_PX, _LANE_PX, _BAR_HIGH_PX = 20, 28, 14
_BAR_PX, _GAP_PX, _EDGE_PX = 4, 1, 8
_LEAST_CHART_PX, _LABELS_PX = 44, 230
_LINES_MM = (50, 100)
_WORDS_FROM_PX = 45


class ErrorLanes(QWidget):
    """Press or drag goes there, arrow keys go from frame to frame.

    Args:
        session: Whose comparison.
        actions: The table's actions.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self._labels_px = _LABELS_PX
        self._people: list[tuple[Person, FloatArray]] = []
        self._truth: dict[int, np.ndarray] = {}
        self._worst: FloatArray = np.zeros(0)
        self._top_px = 0
        self.setMinimumHeight(_RULER_PX + _LEAST_CHART_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Error over the clip"))
        self.addAction(actions["next_worst"])
        session.comparing.changed.connect(self.refresh)
        session.bridge.frame_changed.connect(self._on_frame_changed)
        session.bridge.selection_changed.connect(self._on_frame_changed)
        look.changed.connect(self.update)
        self.refresh()

    # Reading -----------------------------------------------------------------

    @property
    def heat_of_people(self) -> dict[int, FloatArray]:
        """Errors per clip frame of each person shown, metres."""
        return {person.id: errors for person, errors in self._people}

    def x_of(self, frame: float) -> float:
        """Where a frame begins."""
        return self._labels_px + _EDGE_PX + frame * self._frame_px()

    def frame_at(self, x: float) -> int:
        """The frame at a pixel, within the clip."""
        count = self._session.document.clip.frame_count
        frame = int((x - self._labels_px - _EDGE_PX) / self._frame_px())
        return min(max(frame, 0), max(count - 1, 0))

    def lane_rect(self, person_id: int) -> QRectF:
        """Where a person's heat is; empty where the person is not shown."""
        for place, (person, _) in enumerate(self._people):
            if person.id == person_id:
                top = self._lanes_top() + place * _LANE_PX
                top += (_LANE_PX - _BAR_HIGH_PX) / 2
                left, right = self.x_of(0), self.width() - _EDGE_PX
                return QRectF(left, top, right - left, _BAR_HIGH_PX)
        return QRectF()

    def sizeHint(self) -> QSize:
        """As wide as there is room, three people high."""
        return QSize(400, _RULER_PX + 90 + 3 * _LANE_PX)

    # Showing -----------------------------------------------------------------

    def set_labels_px(self, width: int) -> None:
        """Begin where the viewers begin."""
        self._labels_px = width
        self.update()

    def refresh(self) -> None:
        """Take other numbers."""
        session = self._session
        comparing = session.comparing
        compared = comparing.compared
        ids = () if compared is None else compared.person_ids
        persons = [p for p in session.persons if p.id in ids]
        self._people = [(p, comparing.errors_of(p.id)) for p in persons]
        count = session.document.clip.frame_count
        self._worst = np.full(count, np.nan)
        if self._people:
            every = np.array([errors for _, errors in self._people])
            known = np.isfinite(every).any(0)
            self._worst[known] = np.nanmax(every[:, known], axis=0)
        self._truth = {p.id: self._with_truth(p) for p in persons}
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        """Numbers are in sight."""
        super().showEvent(event)
        self._session.comparing.note_panel(self, is_seen=True)

    def hideEvent(self, event: QHideEvent) -> None:
        """Numbers are out of sight."""
        super().hideEvent(event)
        self._session.comparing.note_panel(self, is_seen=False)

    # Events ------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there, to whose lane it is."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        person = self._person_at(at.y())
        if person is not None:
            self._session.select(person.id)
        if at.x() >= self._labels_px:
            self._go(self.frame_at(at.x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along."""
        is_held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if is_held and event.position().x() >= self._labels_px:
            self._go(self.frame_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from frame to frame."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        self._go(self._session.view.frame + by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the lanes where there are more than there is room for."""
        most = max(len(self._people) * _LANE_PX - self._lanes_room(), 0)
        by = -round(event.angleDelta().y() / 120 * _LANE_PX)
        self._top_px = min(max(self._top_px + by, 0), most)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say what is under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self.tip_at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def tip_at(self, x: float, y: float) -> str:
        """Frame, person and error at a place; "" beside everything."""
        if x < self._labels_px or not self._people:
            return ""
        frame = self.frame_at(x)
        count = self._session.document.clip.frame_count
        person = self._person_at(y)
        errors = self._worst if person is None else self.heat_of_people[person.id]
        name = tr("worst") if person is None else person.name
        value = number(1000 * float(errors[frame])) if frame < len(errors) else "–"
        return f"{frame_text(frame, count)}  {name}  {value} mm"

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lie as the room allows."""
        super().resizeEvent(event)
        self._top_px = 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint labels, ruler, bars, heat and playhead."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("bg.lane"))
            left = QRectF(0, 0, self._labels_px, self.height())
            painter.fillRect(left, look.colour("bg.panel"))
            self._paint_ruler(painter)
            self._paint_chart(painter)
            painter.save()
            top = self._chart_bottom()
            painter.setClipRect(QRectF(0, top, self.width(), self.height() - top))
            for place, (person, errors) in enumerate(self._people):
                self._paint_lane(painter, place, person, errors)
            painter.restore()
            edge = QRectF(self._labels_px - 1, 0, 1, self.height())
            painter.fillRect(edge, look.colour("border.subtle"))
            self._paint_legend(painter)
            self._paint_playhead(painter)
            if self.hasFocus():
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
                painter.setPen(QPen(look.colour("focus.ring"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # Within --------------------------------------------------------------------

    def _on_frame_changed(self, _now: object) -> None:
        self.update()

    def _go(self, frame: int) -> None:
        self._session.playback.stop()
        self._session.view.frame = frame

    def _with_truth(self, person: Person) -> np.ndarray:
        """Frames of a person on which a matching person of the truth is there."""
        errors = self._session.comparing.errors_of(person.id)
        return np.isfinite(errors)

    def _frame_px(self) -> float:
        count = max(self._session.document.clip.frame_count, 1)
        return max(self.width() - self._labels_px - 2 * _EDGE_PX, 1) / count

    def _chart_bottom(self) -> float:
        """Where the bars stand."""
        wanted = len(self._people) * _LANE_PX + 4
        return max(self.height() - wanted, _RULER_PX + _LEAST_CHART_PX)

    def _lanes_room(self) -> float:
        return self.height() - self._chart_bottom() - 4

    def _lanes_top(self) -> float:
        return self._chart_bottom() + 2 - self._top_px

    def _person_at(self, y: float) -> Person | None:
        place = int((y - self._lanes_top()) // _LANE_PX)
        is_lane = y >= self._chart_bottom() and 0 <= place < len(self._people)
        return self._people[place][0] if is_lane else None

    def _paint_ruler(self, painter: QPainter) -> None:
        count = self._session.document.clip.frame_count
        painter.setFont(look.font("micro", 500))
        room = self.width() - self._labels_px
        step = _round_step(count / max(room / 92, 1))
        bottom = _RULER_PX - 1
        flag = self._flag()
        for frame in range(0, count, step):
            x = self.x_of(frame + 0.5)
            text = frame_text(frame, count)
            wide = painter.fontMetrics().horizontalAdvance(text)
            words = QRectF(x + 4, 0, wide, _RULER_PX)
            if not words.adjusted(-4, 0, 4, 0).intersects(flag):
                painter.setPen(look.colour("text.secondary"))
                painter.drawText(QPointF(x + 4, bottom - 5), text)
            painter.fillRect(QRectF(x, bottom - 8, 1, 8), look.colour("border.strong"))
        line = QRectF(0, bottom, self.width(), 1)
        painter.fillRect(line, look.colour("border.subtle"))
        painter.setFont(look.font("small", 600))
        painter.setPen(look.colour("text.primary"))
        title = QRectF(12, 0, self._labels_px - 20, _RULER_PX)
        painter.drawText(
            title, Qt.AlignmentFlag.AlignVCenter, tr("Error over the clip")
        )

    def _paint_chart(self, painter: QPainter) -> None:
        """The worst person on each frame, one bar per few pixels."""
        top, bottom = float(_RULER_PX + 6), self._chart_bottom() - 1
        room = bottom - top
        left, right = self.x_of(0), float(self.width() - _EDGE_PX)
        painter.setFont(look.font("micro"))
        for limit in _LINES_MM:
            y = round(bottom - limit / MOST_MM * room) + 0.5
            pen = QPen(look.colour("border.strong"), 1)
            pen.setDashPattern([1.5, 3])
            painter.setPen(pen)
            painter.drawLine(QPointF(left, y), QPointF(right, y))
        count = max(int((right - left) // _BAR_PX), 1)
        heights = 1000 * bars(self._worst, count)
        colours = [QColor(colour) for colour in heat_colours()]
        painter.setPen(Qt.PenStyle.NoPen)
        width = (right - left) / count
        for index in np.flatnonzero(np.isfinite(heights)).tolist():
            share = min(float(heights[index]) / MOST_MM, 1.0)
            step = min(int(share * len(colours)), len(colours) - 1)
            high = max(round(share * room), 2)
            x = round(left + index * width)
            wide = max(round(left + (index + 1) * width) - x - _GAP_PX, 1)
            painter.fillRect(QRectF(x, bottom - high, wide, high), colours[step])
        for limit in _LINES_MM if room >= _WORDS_FROM_PX else _LINES_MM[-1:]:
            self._paint_line_words(painter, limit, bottom - limit / MOST_MM * room)
        line = QRectF(0, bottom, self.width(), 1)
        painter.fillRect(line, look.colour("border.subtle"))

    def _paint_line_words(self, painter: QPainter, limit: int, y: float) -> None:
        text = f"{limit} mm"
        wide = painter.fontMetrics().horizontalAdvance(text) + 6
        box = QRectF(self.width() - _EDGE_PX - wide, y - 14, wide, 13)
        painter.fillRect(box, look.colour("bg.lane", alpha=0.75))
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_lane(
        self, painter: QPainter, place: int, person: Person, errors: FloatArray
    ) -> None:
        top = self._lanes_top() + place * _LANE_PX
        row = QRectF(0, top, self.width(), _LANE_PX)
        if self._session.view.selection.active == person.id:
            painter.fillRect(row, look.colour("selection.soft"))
        line = QRectF(0, row.bottom() - 1, self.width(), 1)
        painter.fillRect(line, look.colour("border.subtle"))
        self._paint_label(painter, top, person, errors)
        box = self.lane_rect(person.id)
        count = max(int(box.width() // _BAR_PX), 1)
        worst = 1000 * bars(errors, count)
        colours = [QColor(colour) for colour in heat_colours()]
        width = box.width() / count
        for start, stop, step in _runs(worst, len(colours)):
            left = round(box.left() + start * width)
            right = round(box.left() + stop * width)
            part = QRectF(left, box.top(), right - left, box.height())
            painter.fillRect(part, colours[step])
        self._paint_gaps(painter, person, box)

    def _paint_gaps(self, painter: QPainter, person: Person, box: QRectF) -> None:
        """Where the person is tracked, and nobody of the truth is there."""
        known = self._truth.get(person.id)
        if known is None:
            return
        there = np.zeros(len(known), bool)
        for track in self._session.document.tracks_of(person.id):
            there[track.start : track.stop] = np.isfinite(track.base_root_m[:, 0])
        for start, stop in _spans(there & ~known):
            left, right = round(self.x_of(start)), round(self.x_of(stop))
            part = QRectF(
                left + 0.5, box.top() + 0.5, right - left - 1, box.height() - 1
            )
            painter.setPen(QPen(look.colour("text.muted"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(
                QBrush(look.colour("border.strong"), Qt.BrushStyle.BDiagPattern)
            )
            painter.drawRect(part)
            self._name_gap(painter, part)

    def _name_gap(self, painter: QPainter, part: QRectF) -> None:
        text = tr("no truth")
        painter.setFont(look.font("micro"))
        wide = painter.fontMetrics().horizontalAdvance(text) + 8
        if part.width() < wide + 8:
            return
        box = QRectF(part.left() + 4, part.top() + 1, wide, part.height() - 2)
        painter.fillRect(box, look.colour("bg.lane"))
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_label(
        self, painter: QPainter, top: float, person: Person, errors: FloatArray
    ) -> None:
        tint, letter = look.person_colour(person), self._session.letter_of(person.id)
        box = QRectF(12, top + (_LANE_PX - 16) / 2, 16, 16)
        paint_swatch(painter, box, tint, letter)
        painter.setFont(look.font("body"))
        painter.setPen(look.colour("text.primary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        name = QRectF(36, top, self._labels_px - 120, _LANE_PX)
        shown = painter.fontMetrics().elidedText(
            person.name, Qt.TextElideMode.ElideRight, round(name.width())
        )
        painter.drawText(name, middle, shown)
        known = errors[np.isfinite(errors)]
        mean = f"{number(1000 * float(known.mean()))} mm" if len(known) else "–"
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.secondary"))
        side = QRectF(self._labels_px - 92, top, 80, _LANE_PX)
        painter.drawText(side, middle | Qt.AlignmentFlag.AlignRight, mean)

    def _paint_legend(self, painter: QPainter) -> None:
        """Steps of heat at the left of the bars."""
        colours = heat_colours()
        y = _RULER_PX + 10.0
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.secondary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(12, y, 10, 12), middle, "0")
        for step, colour in enumerate(colours):
            box = QRectF(24 + 14 * step, y + 2, 14, 8)
            painter.fillRect(box, QColor(colour))
        room = QRectF(24 + 14 * len(colours) + 6, y, 80, 12)
        painter.drawText(room, middle, f"{MOST_MM:.0f} mm")
        if self._session.comparing.is_busy and self._chart_bottom() > y + 34:
            room = QRectF(12, y + 16, self._labels_px - 24, 16)
            painter.drawText(room, middle, tr("measuring…"))

    def _flag(self) -> QRectF:
        """Where the frame's number stands."""
        frame, count = self._session.view.frame, self._session.document.clip.frame_count
        metrics = QFontMetricsF(look.font("micro", 600))
        wide = max(metrics.horizontalAdvance(frame_text(frame, count)) + 10, 36.0)
        left = self.x_of(frame + 0.5) - wide / 2
        left = min(max(left, self._labels_px), self.width() - wide)
        return QRectF(left, 2, wide, _RULER_PX - 5)

    def _paint_playhead(self, painter: QPainter) -> None:
        x = round(self.x_of(self._session.view.frame + 0.5)) - 0.75
        line = QRectF(x, _RULER_PX - 4, 1.5, self.height())
        painter.fillRect(line, look.colour("data.playhead"))
        flag = self._flag()
        painter.setFont(look.font("micro", 600))
        count = self._session.document.clip.frame_count
        text = frame_text(self._session.view.frame, count)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("data.playhead"))
        painter.drawRoundedRect(flag, 3, 3)
        painter.setPen(look.colour("data.playhead_text"))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, text)


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
