"""The curves under the mouse and the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.curves.gestures import BoxZoom, Grip, RangeSelect, grab
from hpe_studio.ui.curves.marks import Diamond
from hpe_studio.ui.curves.view import CurvesView
from hpe_studio.ui.first_answer import FirstAnswer
from hpe_studio.ui.lanes import gestures, hints
from hpe_studio.ui.lanes.canvas import ZOOM_PER_NOTCH
from hpe_studio.ui.lanes.gestures import Gesture
from hpe_studio.ui.lanes.hits import Hit, hit
from hpe_studio.ui.lanes.key_gestures import Blend
from hpe_studio.ui.lanes.rows import RULER_PX
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text
from hpe_studio.ui.words import tr

_LEFT, _MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_NOTCH, _REACH_PX = 120.0, 8.0


class CurveCanvas(CurvesView):
    """Curves that are scrubbed, zoomed and whose keys are dragged.

    Press anywhere goes there; diamonds are dragged in time and value. Shift and drag
    sets the range, Ctrl and drag zooms to a box. The wheel zooms in time, with Ctrl in
    value, with Shift it pans.

    Args:
        session: What is shown.
        actions: Where the key of framing is.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__(session)
        self._frame_action = actions["frame_selection"]
        self._gesture: Gesture | None = None
        self._answer = FirstAnswer(session.bridge)
        self.setAccessibleName(tr("Curves of the selected joint"))
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bridge = session.bridge
        bridge.document_changed.connect(self._on_document_changed)
        bridge.selection_changed.connect(self._on_selection_changed)
        bridge.frame_changed.connect(self._on_frame_changed)
        bridge.range_changed.connect(self._on_looks_changed)
        session.requests.cancel_wanted.connect(self.cancel)
        look.changed.connect(self._on_looks_changed)

    @property
    def is_dragging(self) -> bool:
        """True between press and release."""
        return self._gesture is not None

    def cancel(self) -> None:
        """Take back the drag that goes on."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.cancel()

    def frame_curves(self) -> None:
        """Let all that the curves have be seen: the tracks in time, every value."""
        for row in self.rows:
            row.manual = None
        tracks = self.source.tracks
        if tracks:
            self._axis = self._axis.showing(tracks[0].start, tracks[-1].stop)
        self.refresh()

    def show_frames(self, first: float, last: float, y: tuple[float, float]) -> None:
        """Let a rectangle of places in frames and of pixels fill the view."""
        row = self.row_at(y[0])
        if row is not None:
            ends = sorted(row.value_at(at - RULER_PX) for at in y)
            row.manual = (ends[0], max(ends[1], ends[0] + 1e-6))
        self._axis = self._axis.spanning(first, last)
        self.refresh()

    def catch_up(self, touched: Touched) -> None:
        """Take in what a gesture here did, to show it before anybody else."""
        view, board = self.session.view, self.board()
        seen = (board.selected, board.persons, board.play_range)
        chosen = view.selection
        if (chosen.keys, chosen.persons, view.play_range) != seen:
            self.source.forget()
            self.refresh()
        self._on_document_changed(touched)
        self.show_frame()

    def diamond_at(self, at: QPointF) -> Diamond | None:
        """The nearest diamond within reach of a point."""
        near = [
            (abs(d.x - at.x()) + abs(d.y - at.y()), i, d)
            for i, d in enumerate(self.diamonds())
            if abs(d.x - at.x()) <= _REACH_PX and abs(d.y - at.y()) <= _REACH_PX
        ]
        return min(near)[2] if near else None

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
            self._point(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.release(event.position(), event.modifiers())
        self._point(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the ruler frame the curves, else press again."""
        if event.button() == _LEFT and event.position().y() < RULER_PX:
            self.frame_curves()
        else:
            self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom in time at the pointer; Ctrl zooms values, Shift pans."""
        turn, at = event.angleDelta(), event.position()
        factor = ZOOM_PER_NOTCH ** (turn.y() / _NOTCH)
        row = self.row_at(at.y())
        if event.modifiers() & _CTRL:
            if row is not None:
                row.zoom(factor, at.y() - RULER_PX)
                self.refresh()
        elif event.modifiers() & _SHIFT or abs(turn.x()) > abs(turn.y()):
            by = turn.x() or turn.y()
            self.axis = self._axis.panned(by / _NOTCH * self.width() / 10)
        else:
            self.axis = self._axis.zoomed(factor, at.x())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Frame the curves by the key of framing; leave others to the actions."""
        if self._is_framing(event):
            self.frame_curves()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep the key of framing; tell what lies under the pointer."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(
            event, QKeyEvent
        ):
            if self._is_framing(event):
                event.accept()
                return True
        elif isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = self._tip(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    # Within

    def _begun(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
        if at.y() < RULER_PX:
            found = hit(self.board(), at.x(), at.y())
            if found.kind in ("range_in", "range_out"):
                return gestures.RangeEnd(self, is_in=found.kind == "range_in")
            return gestures.Scrub(self, at)
        handle, diamond = self._handle_at(at), self.diamond_at(at)
        if handle is not None:
            return Blend(self, at, handle, _nothing)
        if diamond is not None:
            return self._grabbed(diamond, at, modifiers)
        return self._begun_in_space(at, modifiers)

    def _begun_in_space(self, at: QPointF, modifiers: Qt.KeyboardModifier) -> Gesture:
        if modifiers & _SHIFT:
            return RangeSelect(self, at)
        return BoxZoom(self, at) if modifiers & _CTRL else gestures.Scrub(self, at)

    def _grabbed(
        self, diamond: Diamond, at: QPointF, modifiers: Qt.KeyboardModifier
    ) -> Gesture:
        mark, row = diamond.mark, diamond.row
        values = self.source.values_at(row.quantity.id, mark.frame)
        assert values is not None, "a diamond stands on a value"
        low, high = row.range
        grip = Grip(
            quantity=row.quantity,
            joint=self.source.joint,
            component=diamond.component,
            values=values.copy(),
            per_px=(high - low) / row.rect.height(),
        )
        # What is dragged must not flee: the row keeps its range until it is framed.
        row.manual = row.range
        found = Hit(kind="key", frame=mark.frame, key=mark)
        return grab(self, at, found, grip, modifiers)

    def _handle_at(self, at: QPointF) -> Hit | None:
        for kind, mark, middle in self.marks.handles():
            off = middle - at
            if abs(off.x()) <= _REACH_PX and abs(off.y()) <= _REACH_PX:
                return Hit(kind=kind, frame=mark.frame, key=mark)  # type: ignore[arg-type]
        return None

    def _point(self, at: QPointF) -> None:
        shapes = Qt.CursorShape
        if self._handle_at(at) is not None:
            self.setCursor(shapes.SizeHorCursor)
        elif self.diamond_at(at) is not None:
            self.setCursor(shapes.SizeAllCursor)
        elif at.y() < RULER_PX:
            found = hit(self.board(), at.x(), at.y())
            self.setCursor(hints.cursor_over(found.kind))
        else:
            self.setCursor(shapes.ArrowCursor)

    def _tip(self, at: QPointF) -> str:
        """What is there, then in muted words what can be done."""
        frame = self._axis.frame_at(at.x())
        told = frame_text(frame, self._axis.frame_count)
        row, diamond = self.row_at(at.y()), self.diamond_at(at)
        title = tr("Frame {at}").format(at=told)
        more = tr("Shift+drag sets the range, Ctrl+drag zooms, Ctrl+wheel zooms values")
        if diamond is not None:
            title = tr("Key at {at}").format(
                at=frame_text(diamond.mark.frame, self._axis.frame_count)
            )
            more = tr("Drag changes value and frame, Shift keeps one, Ctrl copies")
        elif row is not None and not row.is_normalised:
            values = self.source.values_at(row.quantity.id, frame)
            if values is not None:
                shown = row.quantity.text(values.tolist(), self.components)
                title = f"{title}   {shown}"
        return f"{title}<br>{look.tinted(more)}"

    def _is_framing(self, event: QKeyEvent) -> bool:
        pressed = QKeySequence(event.keyCombination())
        return pressed in self._frame_action.shortcuts()

    def _on_frame_changed(self, frame: int) -> None:
        if not self.isVisible():
            return
        is_playing = self.session.playback.direction
        axis = self._axis
        way = self.session.playback.direction
        moved = axis.paged(frame, way) if is_playing else axis.finding(frame)
        if moved != axis and not self.is_dragging:
            self.axis = moved
        else:
            self.show_frame()

    def _on_document_changed(self, touched: Touched) -> None:
        if self.source.take(touched):
            self._on_looks_changed()

    def _on_selection_changed(self, _selection: object) -> None:
        self.source.forget()
        if not self.is_dragging:
            for row in self.rows:
                row.manual = None
        self._on_looks_changed()

    def _on_looks_changed(self, _what: object = None) -> None:
        self.refresh()


def _nothing() -> None:
    """What a click on a handle does."""
