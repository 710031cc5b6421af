"""The picture of the lanes: kept until something changes, the playhead over it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.board_painter import paint_board
from hpe_studio.ui.lanes.contents import Contents
from hpe_studio.ui.lanes.model import BAR_PX, LANE_PX, Board, Layout, Place
from hpe_studio.ui.lanes.painting import paint_box, paint_note
from hpe_studio.ui.lanes.playhead import Playhead
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text


class LaneView(QWidget):
    """Ruler, shots and one lane per person over time, to look at.

    Args:
        session: What is shown.
    """

    refreshed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.contents = Contents(session.document)
        count = session.document.clip.frame_count
        self._axis = TimeAxis(frame_count=count, width_px=1.0).fitted()
        self._rows = Layout(lane_count=0, lane_px=LANE_PX, height_px=1.0)
        self._board: Board | None = None
        self._picture: QPixmap | None = None
        self._shot_drawn = 0
        self._box: tuple[QPointF, QPointF] | None = None
        self._note: tuple[Place, str] | None = None
        self._playhead = Playhead(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    # Reading -----------------------------------------------------------------

    @property
    def axis(self) -> TimeAxis:
        """Frames over pixels."""
        return self._axis

    @axis.setter
    def axis(self, axis: TimeAxis) -> None:
        if axis != self._axis:
            self._axis = axis
            self.refresh()

    @property
    def rows(self) -> Layout:
        """Where the rows lie."""
        return self._rows

    def scroll_to(self, scroll_px: float) -> None:
        """Scroll the person lanes, within bounds."""
        bounded = min(max(scroll_px, 0.0), self._rows.most_scroll_px)
        if bounded != self._rows.scroll_px:
            self._rows = replace(self._rows, scroll_px=bounded)
            self.refresh()

    @property
    def picture(self) -> QPixmap | None:
        """The kept drawing; None while it must be made anew."""
        return self._picture

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

    def y_of(self, person_id: int) -> float:
        """Where a person's keys stand, in pixels of the canvas.

        Raises:
            KeyError: If the person has no lane.
        """
        for index, lane in enumerate(self.contents.lanes):
            if lane.person_id == person_id:
                return self._rows.key_y(index)
        raise KeyError(person_id)

    # Changing ----------------------------------------------------------------

    def refresh(self) -> None:
        """Draw everything anew soon."""
        self._board = self._picture = None
        self._rows = self._rows.fitted(len(self.contents.lanes), self.height())
        self._place_playhead()
        self.update()
        self.refreshed.emit()

    def show_frame(self) -> None:
        """Let only the playhead follow, unless another shot begins."""
        self._board = None
        self._place_playhead()
        shot = self.session.document.shot_at(self.session.view.frame)
        if self._picture is not None and shot.id != self._shot_drawn:
            self.refresh()

    def show_box(self, corner: QPointF | None, other: QPointF | None) -> None:
        """Show the rectangle of a box selection, or none."""
        is_box = corner is not None and other is not None
        self._box = (corner, other) if is_box else None  # type: ignore[assignment]
        self.update()

    def show_note(self, key: Place | None, text: str) -> None:
        """Tell above a key what a drag has come to, or nothing."""
        self._note = None if key is None else (key, text)
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
        painter = QPainter(self)
        ratio = self._picture.devicePixelRatioF()
        part = QRectF(event.rect())
        device = QRectF(part.topLeft() * ratio, part.size() * ratio)
        painter.drawPixmap(part, self._picture, device)
        if self._box is not None:
            (corner, other) = self._box
            ends = (corner.x(), corner.y()), (other.x(), other.y())
            paint_box(painter, *ends)
        if self._note is not None:
            self._paint_note(painter, *self._note)
        painter.end()

    # Within

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        shot = self.session.document.shot_at(self.session.view.frame)
        self._shot_drawn = shot.id
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        paint_board(painter, self.board())
        painter.end()
        return picture

    def _paint_note(self, painter: QPainter, key: Place, text: str) -> None:
        track = self.session.document.tracks.get(key[0])
        if track is not None:
            y = self.y_of(track.person_id) - BAR_PX / 2
            paint_note(painter, self.x_of(key[1]), y, text, self._axis.width_px)

    def _place_playhead(self) -> None:
        frame = self.session.view.frame
        count = self.session.document.clip.frame_count
        self._playhead.put(self.x_of(frame), frame_text(frame, count))
