"""The drawn part of the lanes: ruler, shots, people; where the mouse works."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip

from hpe_studio.ui.first_answer import FirstAnswer
from hpe_studio.ui.lanes import gestures, hints, key_gestures
from hpe_studio.ui.lanes.cut_gesture import MoveCut
from hpe_studio.ui.lanes.gestures import Gesture
from hpe_studio.ui.lanes.hits import Hit, hit
from hpe_studio.ui.lanes.rows import BAR_PX, LANE_PX
from hpe_studio.ui.lanes.selecting import select_person, selected_frames
from hpe_studio.ui.lanes.view import LaneView
from hpe_studio.ui.session import Session

_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_SHIFT = Qt.KeyboardModifier.ShiftModifier
ZOOM_PER_NOTCH = 1.25
_NOTCH = 120.0
_BAR_SPARE_PX = 4.0
_LEAST_RANGE_PX, _SPARE_FRAMES = 3.0, 45


class LaneCanvas(LaneView):
    """The lanes under the mouse.

    Press on the ruler or a lane's bar scrubs; keys and blend handles are dragged; a
    drag from a gap or from below the lanes, and Shift and drag anywhere, selects keys
    by a box. The wheel zooms, Shift and wheel or the middle button pan.

    Args:
        session: What is shown.
    """

    scroll_wanted = Signal(float)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._gesture: Gesture | None = None
        self._answer = FirstAnswer(session.bridge)
        self.setAccessibleName("Lanes")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        session.requests.cancel_wanted.connect(self.cancel)

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._gesture is not None

    def hit_at(self, at: QPointF) -> Hit:
        """What lies under a point."""
        return hit(self.board(), at.x(), at.y())

    def cancel(self) -> None:
        """Take back the drag that goes on."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

    # Events ------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin what the button does here."""
        self.cancel()
        at = event.position()
        if event.button() == _MIDDLE:
            self._gesture = gestures.Pan(self, at)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == _LEFT:
            with self._answer.to_press(self):
                self._gesture = self._begun(at, event.modifiers())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on, or show by the cursor what could be dragged."""
        if self._gesture is not None:
            with self._answer.to_move(self):
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
        turn, pixels = event.angleDelta(), event.pixelDelta()
        modifiers = event.modifiers()
        is_sideways = abs(turn.x()) > abs(turn.y())
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.scroll_wanted.emit(-turn.y() / _NOTCH * LANE_PX)
        elif is_sideways and pixels.x():  # a trackpad tells pixels
            self.axis = self._axis.panned(pixels.x())
        elif modifiers & _SHIFT or is_sideways:
            by = turn.x() or turn.y()
            self.axis = self._axis.panned(by / _NOTCH * self.width() / 10)
        else:
            factor = ZOOM_PER_NOTCH ** (turn.y() / _NOTCH)
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

    def bring_range(self, start: int, stop: int) -> None:
        """Let a range be seen with what lies about it, unless it is seen well."""
        first, last = self._axis.seen
        is_wide = (stop - start) * self._axis.px_per_frame >= _LEAST_RANGE_PX
        if not (first <= start and stop <= last and is_wide):
            spare = max(_SPARE_FRAMES, stop - start)
            self.axis = self._axis.showing(start - spare, stop + spare)

    # Within

    def zoom_to_range(self) -> None:
        """Let the play range fill the width; without one the clip."""
        play_range = self.session.view.play_range
        whole = (0, self._axis.frame_count)
        self.axis = self._axis.showing(*(play_range or whole))

    def zoom_to_selection(self) -> None:
        """Let the selected keys fill the width, else the selected people's tracks."""
        found = selected_frames(self.session)
        if found is not None:
            spare = max((found[1] - found[0]) // 20, 2)
            self.axis = self._axis.showing(found[0] - spare, found[1] + spare)

    def zoom_as(self, what: str) -> None:
        """Zoom as a command says ("zoom_in", "zoom_to_clip", ...)."""
        if what in ("zoom_in", "zoom_out"):
            self.zoom_by(2 if what == "zoom_in" else -2)
        elif what == "zoom_to_clip":
            self.axis = self._axis.fitted()
        elif what == "zoom_to_shot":
            self.zoom_to_shot(self.session.view.frame)
        elif what == "zoom_to_range":
            self.zoom_to_range()
        elif what == "zoom_to_selection":
            self.zoom_to_selection()

    def zoom_by(self, notches: float) -> None:
        """Zoom at the playhead where it is seen, else at the middle."""
        x = self.x_of(self.session.view.frame)
        if not 0 <= x <= self.width():
            x = self.width() / 2
        self.axis = self._axis.zoomed(ZOOM_PER_NOTCH**notches, x)

    def _is_beside_bar(self, found: Hit, at: QPointF) -> bool:
        """True in a lane where no bar lies under the pointer."""
        if found.kind not in ("gap", "lane"):
            return False
        index = self._rows.lane_at(at.y())
        if index is None:
            return False
        lane = self.contents.lanes[index]
        if lane.kind == "contacts":
            return False
        below = at.y() - self._rows.bar_top(index)
        is_off = not -_BAR_SPARE_PX <= below <= BAR_PX + _BAR_SPARE_PX
        return is_off or lane.runs.source_at(found.frame) is None

    def _begun(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
        found = self.hit_at(at)
        shift = bool(modifiers & _SHIFT)
        if found.kind in ("range_in", "range_out"):
            return gestures.RangeEnd(self, is_in=found.kind == "range_in")
        if found.kind in ("blend_in", "blend_out"):
            return key_gestures.Blend(self, at, found, partial(_nothing))
        if found.kind == "cut" and found.person_id is None:
            return MoveCut(self, at, found)
        if found.kind == "key":
            return key_gestures.grab_key(self, at, found, modifiers)
        in_space = found.kind == "empty" or self._is_beside_bar(found, at)
        if in_space or (shift and found.person_id is not None):
            return gestures.rubber_band(self, at, found, is_adding=shift)
        if found.person_id is not None:
            is_adding = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
            select_person(self.session, found.person_id, is_adding=is_adding)
        return gestures.Scrub(self, at)


def _nothing() -> None:
    """What a click on a handle does."""
