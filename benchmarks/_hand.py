"""When a gesture is first seen under the hand, and when all else has followed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks._window import mouse

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QImage

    from hpe_studio.ui.window import StudioWindow

_LONGEST_S, _QUIET_TURNS, _TURN_MS = 0.5, 12, 5
Place = tuple[float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Gesture:
    """A press, and mostly a move.

    Attributes:
        widget: Where the button is pressed.
        start: Where, in its pixels.
        stop: Where the pointer goes with the button held; None for a mere press.
        seen: Half the side of the square around the pointer that must change, pixels.
        around: Middle of that square where it is not the pointer: the joint whose
            rings are turned, the number whose label is dragged.
        pane: Whose pixels are looked at and `around` is in, where it is not `widget`.
    """

    widget: Any
    start: Place
    stop: Place | None
    seen: float = 24.0
    around: Place | None = None
    pane: Any = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How long one gesture took, milliseconds of wall time and of this thread's own.

    Attributes:
        first_ms: Until what is under the hand showed the gesture on the screen.
        first_own_ms: The same.
        all_ms: Until the whole window looked as it then stayed.
        all_own_ms: The same.
    """

    first_ms: float
    first_own_ms: float
    all_ms: float
    all_own_ms: float


class Watch:
    """Looks at the screen after each handler and each turn of the event loop.

    What is looked at is what Qt has flushed to the (virtual) screen; looking is not
    counted. The first picture must differ from the one before the gesture and from the
    one that a press without a move leaves: a ring that merely lit up is no answer to a
    turn. The careful picture, 150 ms after the last event, is not waited for.

    Args:
        window: At rest.
        take_back: Undoes a gesture that was begun, up to its release.
    """

    def __init__(self, window: StudioWindow, take_back: Callable[[], None]) -> None:
        self._window = window
        self._take_back = take_back
        self._own_s = self._wall_s = 0.0

    def pressed(self, gesture: Gesture) -> QImage:
        """The screen as a press alone leaves it."""
        from PySide6.QtCore import QEvent

        if gesture.stop is not None:
            mouse(gesture.widget, QEvent.Type.MouseButtonPress, *gesture.start)
        for _ in range(_QUIET_TURNS):
            self._turn()
        seen = self._screen()
        self._end(gesture)
        return seen

    def answer(self, gesture: Gesture, pressed: QImage) -> Answer:
        """Press, move, and look until nothing changes any more.

        Raises:
            AssertionError: If the gesture was never seen.
        """
        from PySide6.QtCore import QEvent

        spot = self._spot(gesture)
        others = [self._screen().copy(spot), pressed.copy(spot)]
        self._own_s = self._wall_s = 0.0
        kinds = QEvent.Type
        seen: list[tuple[float, float, QImage]] = []

        def begin() -> None:
            mouse(gesture.widget, kinds.MouseButtonPress, *gesture.start)
            if gesture.stop is not None:
                mouse(gesture.widget, kinds.MouseMove, *gesture.stop)

        self._timed(begin)
        seen.append((self._wall_s, self._own_s, self._screen()))
        end_s, quiet = time.perf_counter() + _LONGEST_S, 0
        was_moving = False
        while quiet < _QUIET_TURNS and time.perf_counter() < end_s:
            self._timed(self._turn)
            quality = self._window.workspace.viewport.quality
            if was_moving and quality == "still":
                break
            was_moving = quality == "moving"
            picture = self._screen()
            if picture == seen[-1][2]:
                quiet += 1
                time.sleep(_TURN_MS / 1000)  # for what another thread still brings
            else:
                quiet = 0
                seen.append((self._wall_s, self._own_s, picture))
        self._end(gesture)
        first = next(
            (one for one in seen if one[2].copy(spot) not in others),
            None,
        )
        assert first is not None, "the gesture was never seen under the hand"
        return Answer(
            first_ms=1e3 * first[0],
            first_own_ms=1e3 * first[1],
            all_ms=1e3 * seen[-1][0],
            all_own_ms=1e3 * seen[-1][1],
        )

    def _timed(self, do: Callable[[], None]) -> None:
        wall_s, own_s = time.perf_counter(), time.thread_time()
        do()
        self._wall_s += time.perf_counter() - wall_s
        self._own_s += time.thread_time() - own_s

    def _turn(self) -> None:
        from PySide6.QtWidgets import QApplication

        QApplication.processEvents()

    def _screen(self) -> QImage:
        screen = self._window.screen()
        return screen.grabWindow(self._window.winId()).toImage()

    def _spot(self, gesture: Gesture) -> QRect:
        from PySide6.QtCore import QPointF, QRectF

        x, y = gesture.around or gesture.stop or gesture.start
        half, pane = gesture.seen, gesture.pane or gesture.widget
        spot = QRectF(x - half, y - half, 2 * half, 2 * half)
        spot &= QRectF(pane.rect())
        corner = pane.mapTo(self._window, spot.topLeft())
        return QRectF(QPointF(corner), spot.size()).toAlignedRect()

    def _end(self, gesture: Gesture) -> None:
        from PySide6.QtCore import QEvent

        from hpe_studio.app import wait_until_still

        self._take_back()
        kind = QEvent.Type.MouseButtonRelease
        mouse(gesture.widget, kind, *(gesture.stop or gesture.start))
        self._take_back()
        wait_until_still(self._window)
