"""When the 3D view may draw in play: it gives way before any overlay frame is lost."""

from __future__ import annotations

from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from hpe_studio.ui.playback import Playback

SCALES = (1.0, 0.6, 0.36)
"""Sizes that are tried, the largest that can be afforded first."""

_MARGIN_S = 0.004
_SHARE = 0.5
"""Of a frame's time; the rest is the overlay's and the picture's."""
_CAUTION = 1.15
_HOPE = 0.99
"""What a cost that could not be afforded is believed to have fallen to, per frame."""
_REMEMBERED = 3
_BY_AREA = 0.7
"""How much of the cost goes with the number of pixels."""


class PlayPace(QObject):
    """Tells when there is time to draw before the next frame falls due.

    Ask on each frame of play; `affordable` comes after the overlay was painted, or
    not at all. When play stops it comes once more for the frame it stopped on. With
    `resized` one draws at once: the clock of play starts afterwards.

    Args:
        playback: What sets the pace.
        parent: Owner.
    """

    affordable = Signal()
    resized = Signal()

    def __init__(self, playback: Playback, parent: QObject) -> None:
        super().__init__(parent)
        self._playback = playback
        self._costs_s: dict[float, deque[float]] = {}
        self._is_warm = False
        self._is_behind = False
        self.scale = 1.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_timer_timeout)
        playback.changed.connect(self._on_playback_changed)
        playback.about_to_play.connect(self._on_about_to_play)

    def ask(self) -> None:
        """The frame changed."""
        self._is_behind = True
        self._timer.start(0)  # events that paint come first

    def took(self, cost_s: float) -> None:
        """Drawing at `scale` took that long."""
        self._is_behind = False
        if not self._is_warm:  # the first time libraries are loaded
            self._is_warm = True
            return
        costs_s = self._costs_s.setdefault(self.scale, deque(maxlen=_REMEMBERED))
        costs_s.append(cost_s)

    def cost_s(self, scale: float) -> float:
        """What drawing at a scale is believed to take: the worst of late.

        Nothing at the smallest and too much at the others before anything was drawn.
        """
        known = [s for s in SCALES if s in self._costs_s]
        if not known:
            return 0.0 if scale == SCALES[-1] else float("inf")
        nearest = min(known, key=lambda s: abs(s - scale))
        share = 1.0 - _BY_AREA + _BY_AREA * (scale / nearest) ** 2
        return max(self._costs_s[nearest]) * (1.0 if scale == nearest else share)

    def _on_timer_timeout(self) -> None:
        if not self._playback.direction:
            return
        spare_s = self._playback.spare_s() - _MARGIN_S
        if _CAUTION * self.cost_s(self.scale) < spare_s:
            self.affordable.emit()
            return
        for costs_s in self._costs_s.values():
            for place, cost_s in enumerate(costs_s):
                costs_s[place] = cost_s * _HOPE

    def _on_about_to_play(self) -> None:
        """Choose a size for this play: changing it costs more than drawing does."""
        budget_s = self._playback.step_s * _SHARE
        fits = [s for s in SCALES if _CAUTION * self.cost_s(s) < budget_s]
        self.scale = fits[0] if fits else SCALES[-1]
        self.resized.emit()

    def _on_playback_changed(self) -> None:
        if not self._playback.direction:
            self.scale = 1.0
            if self._is_behind:
                self._is_behind = False
                self.affordable.emit()
