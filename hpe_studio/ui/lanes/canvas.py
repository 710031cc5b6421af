"""The drawn part of the lanes: ruler, shots, people; where the mouse works."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from hpe_studio.ui.lanes import gestures, hints, key_gestures
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.board_painter import paint_board
from hpe_studio.ui.lanes.contents import Contents
from hpe_studio.ui.lanes.gestures import Gesture
from hpe_studio.ui.lanes.model import LANE_PX, Board, Hit, Layout, hit
from hpe_studio.ui.lanes.painting import paint_box
from hpe_studio.ui.lanes.playhead import Playhead
from hpe_studio.ui.lanes.selecting import select_person
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text

_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_ZOOM_PER_NOTCH = 1.25
_NOTCH = 120.0


class LaneCanvas(QWidget):
    """Ruler, shots and one lane per person over time.

    Press on the ruler or a lane scrubs; keys and blend handles are dragged; Shift and
    drag, or a drag below the lanes, selects keys by a box. The wheel zooms, Shift and
    wheel or the middle button pan.

    Args:
        session: What is shown.
    """

    refreshed = Signal()
    scroll_wanted = Signal(float)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.contents = Contents(session.document)
        count = session.document.clip.frame_count
        self._axis = TimeAxis(frame_count=count, width_px=1.0).fitted()
        self._rows = Layout(lane_count=0, lane_px=LANE_PX, height_px=1.0)
        self._board: Board | None = None
        self._picture: QPixmap | None = None
        self._gesture: Gesture | None = None
        self._box: tuple[QPointF, QPointF] | None = None
        self._playhead = Playhead(self)
        self.setAccessibleName("Lanes")
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        session.requests.cancel_wanted.connect(self.cancel)

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
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._gesture is not None

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

    def hit_at(self, at: QPointF) -> Hit:
        """What lies under a point."""
        return hit(self.board(), at.x(), at.y())

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
        before = self._board
        frame = self.session.view.frame
        self._place_playhead()
        if before is None:
            return
        shots = before.shots
        crossed = any((frame in s) != (before.frame in s) for s in shots)
        self._board = None
        if crossed:
            self.refresh()

    def show_box(self, corner: QPointF | None, other: QPointF | None) -> None:
        """Show the rectangle of a box selection, or none."""
        is_box = corner is not None and other is not None
        self._box = (corner, other) if is_box else None  # type: ignore[assignment]
        self.update()

    def cancel(self) -> None:
        """Take back the drag that goes on."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

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
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button does here."""
        self.cancel()
        at = event.position()
        if event.button() == _MIDDLE:
            self._gesture = gestures.Pan(self, at)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == _LEFT:
            self._gesture = self._begun(at, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on, or show by the cursor what could be dragged."""
        if self._gesture is not None:
            self._gesture.move(event.position(), event.modifiers())
        else:
            self.setCursor(hints.cursor_over(self.hit_at(event.position()).kind))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(event.position(), event.modifiers())
        self.setCursor(hints.cursor_over(self.hit_at(event.position()).kind))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the ruler fit the clip, on a shot fit that, else press again."""
        found = self.hit_at(event.position())
        if event.button() == _LEFT and found.kind == "ruler":
            self.axis = self._axis.fitted()
        elif event.button() == _LEFT and found.kind == "shot":
            self.zoom_to_shot(found.frame)
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; Shift pans, Ctrl scrolls the people."""
        turn = event.angleDelta()
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.scroll_wanted.emit(-turn.y() / _NOTCH * self._rows.lane_px)
        elif modifiers & _SHIFT or abs(turn.x()) > abs(turn.y()):
            by = turn.x() or turn.y()
            self.axis = self._axis.panned(by / _NOTCH * self.width() / 10)
        else:
            factor = _ZOOM_PER_NOTCH ** (turn.y() / _NOTCH)
            self.axis = self._axis.zoomed(factor, event.position().x())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the actions."""
        event.ignore()

    def event(self, event: QEvent) -> bool:
        """Tell what lies under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            found = self.hit_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), hints.tip(self.board(), found), self)
            return True
        return super().event(event)

    def contextMenuEvent(self, event: object) -> None:
        """Ask for the menu of what lies under the pointer."""
        at: QPoint = event.pos()  # type: ignore[attr-defined]
        self.menu_wanted.emit(self.hit_at(QPointF(at)), self.mapToGlobal(at))

    def zoom_to_shot(self, frame: int) -> None:
        """Let the shot of a frame fill the width."""
        shot = self.session.document.shot_at(frame)
        self.axis = self._axis.showing(shot.start, shot.stop)

    # Within

    def _begun(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
        found = self.hit_at(at)
        shift = bool(modifiers & _SHIFT)
        if found.kind in ("range_in", "range_out"):
            return gestures.RangeEnd(self, is_in=found.kind == "range_in")
        if found.kind in ("blend_in", "blend_out"):
            return key_gestures.Blend(self, at, found, partial(_nothing))
        if found.kind == "key":
            return key_gestures.grab_key(self, at, found, modifiers)
        if found.kind == "empty" or (shift and found.person_id is not None):
            return gestures.rubber_band(self, at, found, is_adding=shift)
        if found.person_id is not None:
            is_adding = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            select_person(self.session, found.person_id, is_adding=is_adding)
        return gestures.Scrub(self, at)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        painter = QPainter(picture)
        paint_board(painter, self.board())
        painter.end()
        return picture

    def _place_playhead(self) -> None:
        frame = self.session.view.frame
        count = self.session.document.clip.frame_count
        self._playhead.put(self.x_of(frame), frame_text(frame, count))


def _nothing() -> None:
    """What a click on a handle does."""
