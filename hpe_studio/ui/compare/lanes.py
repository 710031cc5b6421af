"""The dock "Error over the clip": everybody's error as bars, each person's as heat."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.person import Person
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.compare.lane_painter import LanePainter, Shown
from hpe_studio.ui.compare.lane_place import (
    LANE_PX,
    LEAST_CHART_PX,
    RULER_PX,
    LanePlace,
)
from hpe_studio.ui.compare.settings_sections import number
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.words import tr

_LABELS_PX = 230


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
        self._truth: dict[int, BoolArray] = {}
        self._worst: FloatArray = np.zeros(0)
        self._top_px = 0
        self.setMinimumHeight(RULER_PX + LEAST_CHART_PX)
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

    @property
    def place(self) -> LanePlace:
        """Where everything lies."""
        return LanePlace(
            frame_count=self._session.document.clip.frame_count,
            width=self.width(),
            height=self.height(),
            labels_px=self._labels_px,
            lane_count=len(self._people),
            top_px=self._top_px,
        )

    def x_of(self, frame: float) -> float:
        """Where a frame begins."""
        return self.place.x_of(frame)

    def lane_rect(self, person_id: int) -> QRectF:
        """Where a person's heat is; empty where the person is not shown."""
        ids = [person.id for person, _ in self._people]
        if person_id not in ids:
            return QRectF()
        return self.place.lane_box(ids.index(person_id))

    def sizeHint(self) -> QSize:
        """As wide as there is room, three people high."""
        return QSize(400, RULER_PX + 90 + 3 * LANE_PX)

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
        self._truth = {p.id: np.isfinite(errors) for p, errors in self._people}
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
            self._go(self.place.frame_at(at.x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along."""
        is_held = bool(event.buttons() & Qt.MouseButton.LeftButton)
        if is_held and event.position().x() >= self._labels_px:
            self._go(self.place.frame_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from frame to frame."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        self._go(self._session.view.frame + by)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the lanes where there are more than there is room for."""
        by = -round(event.angleDelta().y() / 120 * LANE_PX)
        most = round(self.place.most_top_px)
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
        frame = self.place.frame_at(x)
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
        shown = Shown(
            session=self._session,
            people=tuple(self._people),
            worst=self._worst,
            truth=self._truth,
        )
        with QPainter(self) as painter:
            made = LanePainter(painter, shown, self.place)
            made.paint()
            if self.hasFocus():
                made.paint_focus()

    # Within --------------------------------------------------------------------

    def _on_frame_changed(self, _now: object) -> None:
        self.update()

    def _go(self, frame: int) -> None:
        self._session.playback.stop()
        self._session.view.frame = frame

    def _person_at(self, y: float) -> Person | None:
        place = self.place.lane_at(y)
        return None if place is None else self._people[place][0]
