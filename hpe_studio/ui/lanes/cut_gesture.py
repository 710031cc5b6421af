"""Dragging a cut of the film in the row of shots."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from hpe_studio.edits.cuts import shots_about
from hpe_studio.ui.commands import film
from hpe_studio.ui.lanes.gestures import FREELY, Gesture, Stage, is_near
from hpe_studio.ui.lanes.hits import Hit
from hpe_studio.ui.lanes.snapping import magnets, snapped


class MoveCut(Gesture):
    """A line shows where the cut would lie; released, it lies there: one step.

    A press without a drag goes to the cut.

    Args:
        stage: Where.
        at: Where the button was pressed.
        found: The cut.
    """

    def __init__(self, stage: Stage, at: QPointF, found: Hit) -> None:
        self._stage, self._from = stage, at
        self._frame = self._to = found.frame
        first, second = shots_about(stage.session.document, found.frame)
        self._least, self._most = first.start + 1, second.stop - 1
        self._magnets = tuple(
            m
            for m in magnets(stage.board())
            if self._least <= m <= self._most and m != found.frame
        )
        self._is_drag = False
        stage.session.playback.stop()

    def move(self, at: QPointF, modifiers: Qt.KeyboardModifier, /) -> None:
        """Show the frame before which it would lie."""
        if not self._is_drag and is_near(at, self._from):
            return
        self._is_drag = True
        axis = self._stage.axis
        frame = round(axis.first + at.x() / axis.px_per_frame)
        if not modifiers & FREELY:
            drawn = snapped(axis, frame, at.x() - axis.edge(frame), self._magnets)
            frame = frame if drawn.magnet is None else drawn.frame
        self._to = min(max(frame, self._least), self._most)
        self._stage.show_snap(self._to)

    def release(self, _at: QPointF, _modifiers: Qt.KeyboardModifier, /) -> None:
        """Let it lie there."""
        session = self._stage.session
        self._stage.show_snap(None)
        if not self._is_drag:
            session.view.frame = self._frame
        elif self._to != self._frame:
            film.move_cut(session, self._frame, self._to)

    def cancel(self) -> None:
        """Leave it where it was."""
        self._stage.show_snap(None)
