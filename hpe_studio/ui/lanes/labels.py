"""The column at the left of the lanes: whose lane is whose."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from hpe_studio.core.person import Person
from hpe_studio.ui import look
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.hits import Hit
from hpe_studio.ui.lanes.model import Lane
from hpe_studio.ui.lanes.rows import LANE_PX, RULER_PX
from hpe_studio.ui.lanes.selecting import select_person
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import paint_swatch
from hpe_studio.ui.words import tr

_MARGIN_PX, _CHEVRON_PX, _SWATCH_PX = 8.0, 12.0, 16.0
_SWATCH_LEFT_PX, _NAME_PX = 28.0, 51.0
_RIGHT_PX = 12.0
_CHEVRON_HIT_PX = 24.0
_VERTICAL = Qt.AlignmentFlag.AlignVCenter
_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class LaneLabels(QWidget):
    """Chevron, swatch and name of each lane; a click selects, a second renames.

    Args:
        session: Whose persons.
        canvas: The lanes they stand beside.
    """

    menu_wanted = Signal(object, QPoint)

    def __init__(self, session: Session, canvas: LaneCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self.setAccessibleName(self.tr("People of the lanes"))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._drawn: object = None
        canvas.refreshed.connect(self._on_canvas_refreshed)
        look.changed.connect(self.update)

    def y_of(self, person_id: int, part: str = "") -> float:
        """Where a label stands, in pixels of the column."""
        return self._canvas.y_of(person_id, part) - RULER_PX

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open or close the person, or select; Ctrl or Shift adds."""
        lane = self._lane_at(event.position())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if lane is None:
            if is_left:
                self._session.select(None)
            return
        if is_left and lane.kind == "person" and event.position().x() < _CHEVRON_HIT_PX:
            self._canvas.toggle_open(lane.person_id)
            return
        is_adding = bool(event.modifiers() & _ADDING)
        chosen = self._session.view.selection.persons
        if is_left or lane.person_id not in chosen:
            select_person(self._session, lane.person_id, is_adding=is_adding)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Let the name be typed."""
        if event.position().x() < _CHEVRON_HIT_PX:
            self.mousePressEvent(event)
            return
        lane = self._lane_at(event.position())
        if lane is not None and lane.kind == "person":
            self._session.requests.rename_wanted.emit(lane.person_id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the people."""
        self._canvas.scroll_wanted.emit(-event.angleDelta().y() / 120 * LANE_PX)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the person's menu."""
        lane = self._lane_at(QPointF(event.pos()))
        if lane is not None:
            found = Hit(kind="lane", frame=0, person_id=lane.person_id)
            self.menu_wanted.emit(found, event.globalPos())

    def event(self, event: QEvent) -> bool:
        """Tell what can be done with a label."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            lane = self._lane_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self._tip(lane, event.pos()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rows."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), look.colour("bg.panel"))
            painter.translate(0, -RULER_PX)
            rows, lanes = self._canvas.rows, self._canvas.contents.lanes
            below = QRectF(0, rows.lanes_top, self.width(), rows.height_px)
            painter.setClipRect(below)
            for index in rows.seen_lanes():
                top, height = rows.lane_top(index), rows.lanes_px[index]
                self._paint_lane(
                    painter, QRectF(0, top, self.width(), height), lanes[index]
                )
            painter.setClipping(False)
            self._paint_shots(painter, QRectF(0, RULER_PX, self.width(), rows.shots_px))

    def _on_canvas_refreshed(self) -> None:
        """Paint anew unless only the time in view changed."""
        view = self._session.view
        token = (
            self._canvas.rows,
            self._canvas.contents.lanes,
            view.selection.persons,
            view.layers.hidden_persons,
            self._session.persons,
        )
        if token != self._drawn:
            self._drawn = token
            self.update()

    def _tip(self, lane: Lane | None, at: QPoint) -> str:
        if lane is None:
            return ""
        if lane.kind == "person" and at.x() < _CHEVRON_HIT_PX:
            is_open = lane.is_open
            return tr("Hide the parts") if is_open else tr("Show parts of the body")
        person = self._session.document.persons.get(lane.person_id)
        return "" if person is None else person.name

    def _paint_lane(self, painter: QPainter, box: QRectF, lane: Lane) -> None:
        person = self._session.document.persons.get(lane.person_id)
        if person is None:
            return
        if lane.kind == "person":
            self._paint_person(painter, box, person, lane)
            return
        _paint_line(painter, box)
        right = self.width() - _RIGHT_PX
        words = tr(lane.title)
        if lane.kind == "contacts":
            self._paint_icon(painter, box, "footprints")
            meta = f"{self._session.letter_of(person.id)}  {tr('L / R')}"
            right = _paint_meta(painter, box, meta, right)
        elif lane.keys:
            right = _paint_meta(painter, box, str(len(lane.keys)), right)
        painter.setFont(look.font("small" if lane.kind == "part" else "body"))
        painter.setPen(look.colour("text.secondary"))
        _paint_words(painter, box, words, _NAME_PX, right)

    def _paint_person(
        self, painter: QPainter, box: QRectF, person: Person, lane: Lane
    ) -> None:
        view = self._session.view
        is_selected = person.id in view.selection.persons
        if is_selected:
            painter.fillRect(box, look.colour("selection.active"))
        _paint_line(painter, box)
        middle = box.top() + (box.height() - 1) / 2
        name = "chevron-down" if lane.is_open else "chevron-right"
        tint, ratio = look.colour("text.secondary"), self.devicePixelRatioF()
        chevron = look.pixmap(name, int(_CHEVRON_PX), tint, ratio)
        corner = QPointF(_MARGIN_PX, round(middle - _CHEVRON_PX / 2))
        painter.drawPixmap(corner, chevron)
        top = round(middle - _SWATCH_PX / 2)
        swatch = QRectF(_SWATCH_LEFT_PX, top, _SWATCH_PX, _SWATCH_PX)
        letter = self._session.letter_of(person.id)
        paint_swatch(painter, swatch, look.person_colour(person), letter)
        right = self._paint_state(painter, box, person, self.width() - _RIGHT_PX)
        if lane.open_count:
            words = tr("{count} open").format(count=lane.open_count)
            right = _paint_meta(painter, box, words, right)
        elif lane.keys:
            count = len(lane.keys)
            words = tr("1 key") if count == 1 else tr("{count} keys")
            right = _paint_meta(painter, box, words.format(count=count), right)
        painter.setFont(look.font("body", 500 if is_selected else 400))
        is_visible = view.is_visible(person.id)
        painter.setPen(look.colour("text.primary" if is_visible else "text.muted"))
        _paint_words(painter, box, person.name, _NAME_PX, right)

    def _paint_state(
        self, painter: QPainter, box: QRectF, person: Person, right: float
    ) -> float:
        """Paint lock and closed eye; where the room left of them ends."""
        shown = (
            ("eye-off", not self._session.view.is_visible(person.id)),
            ("lock", person.locked),
        )
        ratio = self.devicePixelRatioF()
        for name, is_shown in shown:
            if is_shown:
                picture = look.pixmap(name, 13, look.colour("text.secondary"), ratio)
                y = box.top() + (box.height() - 14) // 2
                painter.drawPixmap(QPointF(round(right - 13), round(y)), picture)
                right -= 19
        return right

    def _paint_shots(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, look.colour("bg.panel"))
        _paint_line(painter, box)
        self._paint_icon(painter, box, "clapperboard")
        painter.setFont(look.font("body"))
        painter.setPen(look.colour("text.secondary"))
        _paint_words(painter, box, tr("Shots"), _NAME_PX, self.width() - _RIGHT_PX)

    def _paint_icon(self, painter: QPainter, box: QRectF, name: str) -> None:
        ratio = self.devicePixelRatioF()
        picture = look.pixmap(name, 14, look.colour("text.secondary"), ratio)
        top = round(box.top() + (box.height() - 15) / 2)
        painter.drawPixmap(QPointF(_SWATCH_LEFT_PX + 1, top), picture)

    def _lane_at(self, at: QPointF) -> Lane | None:
        index = self._canvas.rows.lane_at(at.y() + RULER_PX)
        return None if index is None else self._canvas.contents.lanes[index]


def _paint_words(
    painter: QPainter, box: QRectF, text: str, left: float, right: float
) -> None:
    room = QRectF(left, box.top(), max(right - left - 6, 0), box.height() - 1)
    elide = Qt.TextElideMode.ElideRight
    words = painter.fontMetrics().elidedText(text, elide, int(room.width()))
    painter.drawText(room, _VERTICAL, words)


def _paint_meta(painter: QPainter, box: QRectF, text: str, right: float) -> float:
    """Paint muted words at the right; where the room left of them ends."""
    painter.setFont(look.font("small"))
    painter.setPen(look.colour("text.muted"))
    room = QRectF(0, box.top(), right, box.height() - 1)
    painter.drawText(room, _VERTICAL | Qt.AlignmentFlag.AlignRight, text)
    return right - painter.fontMetrics().horizontalAdvance(text)


def _paint_line(painter: QPainter, box: QRectF) -> None:
    line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
    painter.fillRect(line, look.colour("border.subtle"))
