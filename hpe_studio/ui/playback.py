"""Plays the clip by its own times, forwards and backwards, looping where asked."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from hpe_studio.core.viewstate import ViewState

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
"""Speeds offered by the transport; the first and the last are the limits."""

_LONGEST_WAIT_S = 0.25


class Playback(QObject):
    """Moves the shown frame with the clock.

    The overlay and the bodies follow every step it makes; pictures that come too late
    are dropped by the loader. Frames last as long as the clip says.

    Args:
        view: Whose frame it moves.
        times_s: Presentation time of each frame, shape (frames,), increasing.
        parent: Owner.
    """

    changed = Signal()
    about_to_play = Signal()

    def __init__(
        self, view: ViewState, times_s: np.ndarray, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._times_s = np.asarray(times_s, np.float64)
        steps_s = np.diff(self._times_s)
        self._step_s = float(np.median(steps_s)) if len(steps_s) else 0.0
        self._now_s = time.monotonic
        self._direction = 0
        self._speed = 1.0
        self._is_looping = True
        self._anchor_s = (0.0, 0.0)  # clock, clip
        self._expected = -1
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)

    @property
    def direction(self) -> int:
        """1 forwards, -1 backwards, 0 standing still."""
        return self._direction

    @property
    def speed(self) -> float:
        """Times the clip's own speed, 0.1 to 4."""
        return self._speed

    @speed.setter
    def speed(self, speed: float) -> None:
        self._speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
        self._anchor()
        if self._direction:
            self._schedule()
        self.changed.emit()

    @property
    def is_looping(self) -> bool:
        """True where the end of the range leads back to its start."""
        return self._is_looping

    @is_looping.setter
    def is_looping(self, looping: bool) -> None:
        self._is_looping = looping
        self.changed.emit()

    def toggle(self) -> None:
        """Play forwards, or stop."""
        self.play(0 if self._direction else 1)

    def play(self, direction: int) -> None:
        """Start playing in a direction, or stop with 0."""
        if direction and len(self._times_s) < 2:
            return
        start, stop = self.bounds()
        if direction > 0 and self._view.frame >= stop - 1:
            self._view.frame = start
        if direction < 0 and self._view.frame <= start:
            self._view.frame = stop - 1
        self._direction = direction
        if direction:
            self.about_to_play.emit()  # before the clock starts
        self._anchor()
        if direction:
            self._schedule()
        else:
            self._timer.stop()
        self.changed.emit()

    def shuttle(self, direction: int) -> None:
        """J and L: play that way; again in the same direction doubles the speed."""
        if self._direction == direction:
            self.speed = self._speed * 2
        else:
            self._speed = 1.0
            self.play(direction)

    def stop(self) -> None:
        """Stand still on the frame shown."""
        if self._direction:
            self.play(0)

    def bounds(self) -> tuple[int, int]:
        """The half-open range that is played."""
        whole = (0, len(self._times_s))
        return self._view.play_range or whole

    @property
    def step_s(self) -> float:
        """How long a frame lasts in play."""
        return self._step_s / self._speed

    def spare_s(self) -> float:
        """Time until the next frame falls due, at least 0; endless at rest."""
        if not self._direction:
            return float("inf")
        return max(0.0, self._wait_s())

    def _anchor(self) -> None:
        if len(self._times_s):
            self._expected = self._view.frame
            self._anchor_s = (self._now_s(), float(self._times_s[self._expected]))

    def _schedule(self) -> None:
        wait_s = min(max(self._wait_s(), 0.0), _LONGEST_WAIT_S)
        self._timer.start(round(1000 * wait_s))

    def _wait_s(self) -> float:
        """Time until the next frame falls due, negative when it is late."""
        following = self._view.frame + self._direction
        if not 0 <= following < len(self._times_s):
            return self._step_s / self._speed
        due_s = abs(self._times_s[following] - self._anchor_s[1]) / self._speed
        return self._anchor_s[0] + due_s - self._now_s()

    def _on_timer_timeout(self) -> None:
        if self._view.frame != self._expected:  # somebody scrubbed meanwhile
            self._anchor()
        passed_s = (self._now_s() - self._anchor_s[0]) * self._speed
        target_s = self._anchor_s[1] + self._direction * passed_s
        frame = int(np.searchsorted(self._times_s, target_s + 1e-4, side="right")) - 1
        if self._direction < 0:
            frame = int(np.searchsorted(self._times_s, target_s - 1e-4))
        self._show(frame, target_s)
        if self._direction:
            self._schedule()

    def _show(self, frame: int, target_s: float) -> None:
        start, stop = self.bounds()
        end_s = float(self._times_s[stop - 1]) + self._step_s
        is_over = target_s >= end_s if self._direction > 0 else frame < start
        if is_over and not self._is_looping:
            self._view.frame = stop - 1 if self._direction > 0 else start
            self.play(0)
        elif is_over:
            self._view.frame = start if self._direction > 0 else stop - 1
            self._anchor()
        else:
            self._view.frame = min(max(frame, start), stop - 1)
            self._expected = self._view.frame
