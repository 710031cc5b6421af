"""The picture of the lanes: kept until something changes, the playhead over it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.board_painter import Pictures, paint_board
from hpe_studio.ui.lanes.contents import Contents
from hpe_studio.ui.lanes.lane_painter import LaneStrips
from hpe_studio.ui.lanes.model import Board, Lane, Place
from hpe_studio.ui.lanes.painting import paint_box, paint_note, paint_snap_line
from hpe_studio.ui.lanes.playhead import Playhead
from hpe_studio.ui.lanes.rows import (
    BAR_PX,
    CONTACTS_PX,
    FILM_PX,
    PART_PX,
    RULER_PX,
    SHOTS_PX,
    Layout,
    person_lane_px,
)
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text


class LaneView(QWidget):
    """Ruler, shots and one lane per person over time, to look at.

    Args:
        session: What is shown.
    """

    refreshed = Signal()
    """Everything is drawn anew: axis, rows, selection or document changed."""

    axis_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.contents = Contents(session.document)
        self.strips = LaneStrips()
        count = session.document.clip.frame_count
        self._axis = TimeAxis(frame_count=count, width_px=1.0).fitted()
        self._rows = Layout(lanes_px=(), height_px=1.0)
        self._film: Pictures | None = None
        self._room_px = 0.0
        self._board: Board | None = None
        self._picture: QPixmap | None = None
        self._shot_drawn: int | None = None
        self._box: tuple[QPointF, QPointF] | None = None
        self._note: tuple[Place, str] | None = None
        self._snap: int | None = None
        self._playhead = Playhead(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._on_look_changed)
        session.problems.changed.connect(self._on_problems_changed)

    # Reading -----------------------------------------------------------------

    @property
    def axis(self) -> TimeAxis:
        """Frames over pixels."""
        return self._axis

    @axis.setter
    def axis(self, axis: TimeAxis) -> None:
        if axis != self._axis:
            self._axis = axis
            self.axis_changed.emit()
            self.refresh()

    @property
    def rows(self) -> Layout:
        """Where the rows lie."""
        return self._rows

    @property
    def film(self) -> Pictures | None:
        """What paints pictures of the clip, or None where there are none."""
        return self._film

    @film.setter
    def film(self, film: Pictures | None) -> None:
        self._film = film
        self.refresh()

    @property
    def room_px(self) -> float:
        """Height of the whole panel, which decides how high lanes are."""
        return self._room_px or float(self.height())

    @room_px.setter
    def room_px(self, room_px: float) -> None:
        self._room_px = room_px
        self.refresh()

    @property
    def picture(self) -> QPixmap | None:
        """The kept drawing; None while it must be made anew."""
        return self._picture

    def scroll_to(self, scroll_px: float) -> None:
        """Scroll the lanes, within bounds."""
        bounded = min(max(scroll_px, 0.0), self._rows.most_scroll_px)
        if bounded != self._rows.scroll_px:
            self._rows = replace(self._rows, scroll_px=bounded)
            self.refresh()

    def board(self) -> Board:
        """What is shown now."""
        if self._board is None:
            session = self.session
            self._board = Board(
                axis=self._axis,
                layout=self._rows,
                lanes=self.contents.lanes,
                shots=session.document.shots or (),
                times_s=session.document.clip.times_s,
                fps=float(session.document.clip.fps),
                play_range=session.view.play_range,
                frame=session.view.frame,
                selected=session.view.selection.keys,
                persons=session.view.selection.persons,
                hidden=session.view.layers.hidden_persons,
            )
        return self._board

    def x_of(self, frame: float) -> float:
        """Where a frame stands, in pixels of the canvas."""
        return self._axis.x_of(frame)

    def y_of(self, person_id: int, part: str = "") -> float:
        """Where the keys of a person, or of a part of one, stand.

        Raises:
            KeyError: If there is no such lane.
        """
        for index, lane in enumerate(self.contents.lanes):
            if (lane.person_id, lane.part) == (person_id, part):
                return self._rows.key_y(index)
        raise KeyError(person_id)

    # Changing ----------------------------------------------------------------

    def toggle_open(self, person_id: int) -> None:
        """Show the parts of a person's body, or only the person."""
        self.contents.opened ^= {person_id}
        self.refresh()
        index = self.contents.index_of(person_id)
        if index is not None and person_id in self.contents.opened:
            lanes = self.contents.lanes
            last = max(i for i, e in enumerate(lanes) if e.person_id == person_id)
            self.scroll_to(self._rows.scroll_to_show(last))
            self.scroll_to(self._rows.scroll_to_show(index))

    def refresh(self) -> None:
        """Draw everything that looks different anew soon."""
        self._board = self._picture = None
        self._rows = self._fitted_rows()
        self._place_playhead()
        self.update()
        self.refreshed.emit()

    def refresh_pictures(self) -> None:
        """Draw the clip's pictures anew soon; nothing else changed."""
        self._picture = None
        self.update()

    def show_frame(self) -> None:
        """Let only the playhead follow, unless another shot begins."""
        if self._board is not None:
            self._board = replace(self._board, frame=self.session.view.frame)
        self._place_playhead()
        if self._picture is not None and self._shot_shown() != self._shot_drawn:
            self._picture = None
            self.update()

    def show_box(self, corner: QPointF | None, other: QPointF | None) -> None:
        """Show the rectangle of a box selection, or none."""
        is_box = corner is not None and other is not None
        self._box = (corner, other) if is_box else None  # type: ignore[assignment]
        self.update()

    def show_note(self, key: Place | None, text: str) -> None:
        """Tell above a key what a drag has come to, or nothing."""
        self._note = None if key is None else (key, text)
        self.update()

    def show_snap(self, frame: int | None) -> None:
        """Show a line on the frame that draws a drag, or none."""
        if frame != self._snap:
            self._snap = frame
            self.update()

    # Events ------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Room for three people."""
        return QSize(600, 140)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what is seen."""
        self._playhead.setGeometry(self.rect())
        self.axis = self._axis.resized(event.size().width())
        self.refresh()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the kept picture; draw it anew where something changed."""
        if self._picture is None:
            self._picture = self._drawn()
        with QPainter(self) as painter:
            ratio = self._picture.devicePixelRatioF()
            part = QRectF(event.rect())
            device = QRectF(part.topLeft() * ratio, part.size() * ratio)
            painter.drawPixmap(part, self._picture, device)
            if self._snap is not None:
                x = self.x_of(self._snap)
                paint_snap_line(painter, x, RULER_PX - 4, self.height())
            if self._box is not None:
                (corner, other) = self._box
                ends = (corner.x(), corner.y()), (other.x(), other.y())
                paint_box(painter, *ends)
            if self._note is not None:
                self._paint_note(painter, *self._note)

    # Within

    def _fitted_rows(self) -> Layout:
        height = self.height()
        lane_px = person_lane_px(self.room_px)
        sizes = {"person": lane_px, "part": PART_PX, "contacts": CONTACTS_PX}
        lanes_px = tuple(sizes[lane.kind] for lane in self.contents.lanes)
        shots_px = SHOTS_PX if self._film is None else FILM_PX
        return self._rows.fitted(lanes_px, height, shots_px)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        self._shot_drawn = self._shot_shown()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        with QPainter(picture) as painter:
            labels = paint_board(painter, self.board(), self.strips, self._film)
        self._playhead.labels = labels
        return picture

    def _shot_shown(self) -> int | None:
        return self.board().shot_number_at(self.session.view.frame)

    def _paint_note(self, painter: QPainter, key: Place, text: str) -> None:
        lanes = self.contents.lanes
        index = next((i for i, e in enumerate(lanes) if _shows(e, key)), None)
        if index is not None:
            y = max(self._rows.key_y(index) - BAR_PX / 2, RULER_PX + 22)
            paint_note(painter, self.x_of(key[1]), y, text, self._axis.width_px)

    def _place_playhead(self) -> None:
        frame = self.session.view.frame
        count = self.session.document.clip.frame_count
        self._playhead.put(self.x_of(frame), frame_text(frame, count))

    def _on_problems_changed(self) -> None:
        if self.contents.show_problems(self.session.problems.open_ranges()):
            self.refresh()

    def _on_look_changed(self) -> None:
        self.strips.clear()
        self.refresh()


def _shows(lane: Lane, place: Place) -> bool:
    return lane.kind == "person" and place in lane.places
