"""The column at the left of the lanes: whose lane is whose."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.core.person import Person
from hpe_studio.ui import look
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.lanes.model import RULER_PX, SHOTS_PX, Hit
from hpe_studio.ui.lanes.selecting import select_person
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import paint_swatch

_MARGIN_PX, _SWATCH_PX, _NAME_PX = 11.0, 16.0, 34.0
_VERTICAL = Qt.AlignmentFlag.AlignVCenter
_ADDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


class LaneLabels(QWidget):
    """Swatch and name of each lane; a click selects the person, a second renames.

    Args:
        session: Whose persons.
        canvas: The lanes they stand beside.
    """

    menu_wanted = Signal(object, QPoint)

    def __init__(self, session: Session, canvas: LaneCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self.setAccessibleName("People of the lanes")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(canvas)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        canvas.refreshed.connect(self.update)

    def y_of(self, person_id: int) -> float:
        """Where a person's label stands, in pixels of the column."""
        return self._canvas.y_of(person_id) - RULER_PX

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Select the person; Ctrl or Shift adds."""
        person = self._person_at(event.position())
        if person is None:
            if event.button() == Qt.MouseButton.LeftButton:
                self._session.select(None)
            return
        is_adding = bool(event.modifiers() & _ADDING)
        chosen = self._session.view.selection.persons
        if event.button() == Qt.MouseButton.LeftButton or person.id not in chosen:
            select_person(self._session, person.id, is_adding=is_adding)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Let the name be typed."""
        person = self._person_at(event.position())
        if person is not None:
            self._session.requests.rename_wanted.emit(person.id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the people."""
        step = -event.angleDelta().y() / 120 * self._canvas.rows.lane_px
        self._canvas.scroll_wanted.emit(step)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the person's menu."""
        person = self._person_at(QPointF(event.pos()))
        if person is not None:
            found = Hit(kind="lane", frame=0, person_id=person.id)
            self.menu_wanted.emit(found, event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), look.colour("bg.panel"))
        painter.translate(0, -RULER_PX)
        rows = self._canvas.rows
        below = QRectF(0, rows.lanes_top, self.width(), rows.height_px)
        painter.setClipRect(below)
        persons = self._session.document.persons
        for index, lane in enumerate(self._canvas.contents.lanes):
            box = QRectF(0, rows.lane_top(index), self.width(), rows.lane_px)
            if box.bottom() > rows.lanes_top and box.top() < rows.height_px:
                self._paint_person(painter, box, persons[lane.person_id], lane.keys)
        painter.setClipping(False)
        self._paint_shots(painter, QRectF(0, RULER_PX, self.width(), SHOTS_PX))
        painter.end()

    def _paint_person(
        self, painter: QPainter, box: QRectF, person: Person, keys: tuple[object, ...]
    ) -> None:
        view = self._session.view
        is_selected = person.id in view.selection.persons
        if is_selected:
            painter.fillRect(box, look.colour("selection.active"))
        _paint_line(painter, box)
        top = box.top() + (box.height() - _SWATCH_PX) // 2
        swatch = QRectF(_MARGIN_PX, top, _SWATCH_PX, _SWATCH_PX)
        letter = self._session.letter_of(person.id)
        paint_swatch(painter, swatch, look.person_colour(person), letter)
        right = self.width() - _MARGIN_PX
        right = self._paint_state(painter, box, person, right)
        if keys:
            right = self._paint_count(painter, box, len(keys), right)
        is_visible = view.is_visible(person.id)
        painter.setFont(look.font("body", 500 if is_selected else 400))
        painter.setPen(look.colour("text.primary" if is_visible else "text.muted"))
        room = QRectF(_NAME_PX, box.top(), right - _NAME_PX - 6, box.height() - 1)
        elide = Qt.TextElideMode.ElideRight
        name = painter.fontMetrics().elidedText(person.name, elide, int(room.width()))
        painter.drawText(room, _VERTICAL, name)

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

    def _paint_count(
        self, painter: QPainter, box: QRectF, count: int, right: float
    ) -> float:
        text = "1 key" if count == 1 else f"{count} keys"
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.muted"))
        room = QRectF(0, box.top(), right, box.height() - 1)
        painter.drawText(room, _VERTICAL | Qt.AlignmentFlag.AlignRight, text)
        return right - painter.fontMetrics().horizontalAdvance(text)

    def _paint_shots(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, look.colour("bg.panel"))
        _paint_line(painter, box)
        ratio = self.devicePixelRatioF()
        tint = look.colour("text.secondary")
        picture = look.pixmap("clapperboard", 14, tint, ratio)
        painter.drawPixmap(QPointF(_MARGIN_PX + 1, box.top() + 2), picture)
        painter.setFont(look.font("body"))
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(box.adjusted(_NAME_PX, 0, 0, -1), _VERTICAL, "Shots")

    def _person_at(self, at: QPointF) -> Person | None:
        index = self._canvas.rows.lane_at(at.y() + RULER_PX)
        if index is None:
            return None
        lane = self._canvas.contents.lanes[index]
        return self._session.document.persons.get(lane.person_id)


def _paint_line(painter: QPainter, box: QRectF) -> None:
    line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
    painter.fillRect(line, look.colour("border.subtle"))
