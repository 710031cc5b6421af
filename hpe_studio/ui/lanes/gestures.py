"""What a press of a mouse button begins: scrubbing, panning, boxes, range ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QPointF, Qt

from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.hits import Hit, keys_in_box
from hpe_studio.ui.lanes.model import Board, Place
from hpe_studio.ui.lanes.selecting import select_keys, select_person
from hpe_studio.ui.lanes.snapping import magnets, snapped
from hpe_studio.ui.session import Session

Modifiers = Qt.KeyboardModifier
FREELY = Modifiers.ControlModifier | Modifiers.AltModifier
"""Held during a drag they suspend snapping."""

_THRESHOLD_PX = 3.0


class Stage(Protocol):
    """What gestures need of the widget they happen in."""

    @property
    def session(self) -> Session:
        """Whose frame, selection and keys they change."""
        ...

    @property
    def axis(self) -> TimeAxis:
        """Frames over pixels."""
        ...

    @axis.setter
    def axis(self, axis: TimeAxis) -> None: ...

    def board(self) -> Board:
        """What is shown now."""
        ...

    def show_box(self, corner: QPointF | None, other: QPointF | None) -> None:
        """Show the rectangle of a box selection, or none."""
        ...

    def show_snap(self, frame: int | None) -> None:
        """Show a line on the frame that draws a drag, or none."""
        ...

    def show_note(self, key: Place | None, text: str) -> None:
        """Tell above a key what a drag has come to, or nothing."""
        ...


class Gesture:
    """Something between press and release; this one does nothing."""

    def move(self, _at: QPointF, _modifiers: Modifiers, /) -> None:
        """The pointer went somewhere."""

    def release(self, _at: QPointF, _modifiers: Modifiers, /) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Take back what the gesture did."""


class Scrub(Gesture):
    """The frame follows the pointer on every event.

    Args:
        stage: Where.
        at: Where the button was pressed.
    """

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage = stage
        stage.session.playback.stop()
        self._start = stage.session.view.frame
        stage.session.requests.is_scrubbing = True
        self.move(at, Modifiers.NoModifier)

    def move(self, at: QPointF, _modifiers: Modifiers, /) -> None:
        """Show the frame below; past the edge the axis follows."""
        stage = self._stage
        stage.session.view.frame = stage.axis.frame_at(at.x())
        stage.axis = stage.axis.revealing(stage.session.view.frame)

    def release(self, _at: QPointF, _modifiers: Modifiers, /) -> None:
        """Rest on the frame shown."""
        self._end()

    def cancel(self) -> None:
        """Go back to where it began."""
        self._stage.session.view.frame = self._start
        self._end()

    def _end(self) -> None:
        requests = self._stage.session.requests
        requests.is_scrubbing = False
        requests.scrub_ended.emit()


class Pan(Gesture):
    """The axis follows the pointer.

    Args:
        stage: Where.
        at: Where the button was pressed.
    """

    def __init__(self, stage: Stage, at: QPointF) -> None:
        self._stage, self._from, self._axis = stage, at, stage.axis

    def move(self, at: QPointF, _modifiers: Modifiers, /) -> None:
        """Pan."""
        self._stage.axis = self._axis.panned(at.x() - self._from.x())

    def cancel(self) -> None:
        """Pan back."""
        self._stage.axis = self._axis


class Box(Gesture):
    """Selects the keys in a rectangle; a mere click calls `clicked`.

    Args:
        stage: Where.
        at: Where the button was pressed.
        clicked: What a press without a drag means.
        is_adding: Whether what is selected stays selected.
    """

    def __init__(
        self,
        stage: Stage,
        at: QPointF,
        clicked: Callable[[], None],
        *,
        is_adding: bool,
    ) -> None:
        self._stage, self._from, self._clicked = stage, at, clicked
        self._before = stage.session.view.selection
        self._kept = self._before.keys if is_adding else frozenset[Place]()
        self._is_drag = False

    def move(self, at: QPointF, _modifiers: Modifiers, /) -> None:
        """Select what the rectangle holds."""
        if not self._is_drag and is_near(at, self._from):
            return
        self._is_drag = True
        self._stage.show_box(self._from, at)
        corners = (self._from.x(), self._from.y()), (at.x(), at.y())
        found = keys_in_box(self._stage.board(), *corners)
        select_keys(self._stage.session, self._kept | found)

    def release(self, _at: QPointF, _modifiers: Modifiers, /) -> None:
        """Keep the selection."""
        self._stage.show_box(None, None)
        if not self._is_drag:
            self._clicked()

    def cancel(self) -> None:
        """Select what was selected."""
        self._stage.show_box(None, None)
        self._stage.session.view.selection = self._before


class RangeEnd(Gesture):
    """Drags the in or out end of the play range.

    Args:
        stage: Where.
        is_in: True for the in end.
    """

    def __init__(self, stage: Stage, *, is_in: bool) -> None:
        self._stage, self._is_in = stage, is_in
        self._before = stage.session.view.play_range
        board = stage.board()
        own = self._before or (0, 0)
        ends = {own[0], own[1] - 1}
        self._magnets = tuple(m for m in magnets(board) if m not in ends)

    def move(self, at: QPointF, modifiers: Modifiers, /) -> None:
        """Put the end at the pointer; the range keeps at least one frame."""
        if self._before is None:
            return
        start, stop = self._before
        axis = self._stage.axis
        frame = axis.frame_at(at.x())
        if not modifiers & FREELY:
            off_px = at.x() - axis.x_of(frame)
            drawn = snapped(axis, frame, off_px, self._magnets)
            frame = frame if drawn.magnet is None else drawn.frame
            self._stage.show_snap(drawn.magnet)
        else:
            self._stage.show_snap(None)
        ends = (min(frame, stop - 1), stop) if self._is_in else (start, frame + 1)
        self._stage.session.view.play_range = (ends[0], max(ends[1], start + 1))

    def release(self, _at: QPointF, _modifiers: Modifiers, /) -> None:
        """Keep the range."""
        self._stage.show_snap(None)

    def cancel(self) -> None:
        """Put the end back."""
        self._stage.show_snap(None)
        self._stage.session.view.play_range = self._before


def rubber_band(stage: Stage, at: QPointF, found: Hit, *, is_adding: bool) -> Box:
    """Begin a box; a mere click selects the person there, or nothing."""

    def clicked() -> None:
        if found.person_id is not None:
            select_person(stage.session, found.person_id, is_adding=is_adding)
        elif not is_adding:
            stage.session.select(None)

    return Box(stage, at, clicked, is_adding=is_adding)


def is_near(at: QPointF, start: QPointF) -> bool:
    """True while the pointer has hardly moved: a click, not a drag."""
    return (at - start).manhattanLength() < _THRESHOLD_PX
