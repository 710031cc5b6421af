"""What lanes and curves have in common: a kept picture over time, marks on it."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.model import Board, Lane, Place
from hpe_studio.ui.lanes.painting import (
    paint_box,
    paint_kept,
    paint_note,
    paint_snap_line,
)
from hpe_studio.ui.lanes.playhead import Playhead
from hpe_studio.ui.lanes.rows import RULER_PX, Layout
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text


class OverTime(QWidget):
    """Frames over pixels: a picture that is kept, the playhead, what gestures show.

    A view says what is drawn (`_drawn`), what stands over it (`_paint_over`) and how
    high the note above a key lies (`_note_y`).

    Args:
        session: What is shown.
    """

    refreshed = Signal()
    """Everything is drawn anew: axis, rows, selection or document changed."""

    snap_top_px = float(RULER_PX)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        count = session.document.clip.frame_count
        self._axis = TimeAxis(frame_count=count, width_px=1.0).fitted()
        self._board: Board | None = None
        self._picture: QPixmap | None = None
        self._box: tuple[QPointF, QPointF] | None = None
        self._note: tuple[Place, str] | None = None
        self._snap: int | None = None
        self._playhead = Playhead(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def picture(self) -> QPixmap | None:
        """The kept drawing; None while it must be made anew."""
        return self._picture

    def x_of(self, frame: float) -> float:
        """Where a frame stands, in pixels."""
        return self._axis.x_of(frame)

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

    def sizeHint(self) -> QSize:
        """Room for three people."""
        return QSize(600, 140)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the kept picture; draw it anew where something changed."""
        if self._picture is None:
            self._picture = self._drawn()
        with QPainter(self) as painter:
            paint_kept(painter, self._picture, event.rect())
            self._paint_over(painter)
            if self._snap is not None:
                x = self.x_of(self._snap)
                paint_snap_line(painter, x, self.snap_top_px, self.height())
            if self._box is not None:
                (corner, other) = self._box
                ends = (corner.x(), corner.y()), (other.x(), other.y())
                paint_box(painter, *ends)
            self._paint_note(painter)

    @abstractmethod
    def _drawn(self) -> QPixmap:
        """The picture that is kept, made anew."""

    def _paint_over(self, painter: QPainter) -> None:
        """Paint what changes without the picture; nothing here."""

    @abstractmethod
    def _note_y(self, place: Place) -> float | None:
        """How high a note above a key lies, None where the key is not shown."""

    def _paint_note(self, painter: QPainter) -> None:
        if self._note is None:
            return
        place, text = self._note
        y = self._note_y(place)
        if y is not None:
            paint_note(painter, self.x_of(place[1]), y, text, self._axis.width_px)

    def _made_board(self, layout: Layout, lanes: tuple[Lane, ...]) -> Board:
        """What is shown now, with rows and lanes of the view."""
        session = self.session
        return Board(
            axis=self._axis,
            layout=layout,
            lanes=lanes,
            shots=session.document.shots or (),
            times_s=session.document.clip.times_s,
            fps=float(session.document.clip.fps),
            play_range=session.view.play_range,
            frame=session.view.frame,
            selected=session.view.selection.keys,
            persons=session.view.selection.persons,
            hidden=session.view.layers.hidden_persons,
        )

    def _place_playhead(self) -> None:
        frame = self.session.view.frame
        count = self.session.document.clip.frame_count
        self._playhead.put(self.x_of(frame), frame_text(frame, count))
