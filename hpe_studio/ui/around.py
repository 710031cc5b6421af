"""Plays a moment around the frame shown, then comes back to it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from hpe_studio.ui.session import Session


class PlayAround(QObject):
    """One such look; it ends by itself, or when somebody stops playing.

    Args:
        session: Whose clip is played.
        preroll_s: How long before and after the frame shown, seconds.
    """

    def __init__(self, session: Session, preroll_s: float) -> None:
        super().__init__(session.bridge)
        clip = session.document.clip
        self._session, self._home = session, session.view.frame
        here_s = float(clip.times_s[self._home])
        self._stop = clip.frame_at(here_s + preroll_s)
        session.playback.stop()
        session.view.frame = clip.frame_at(max(here_s - preroll_s, 0.0))
        session.playback.speed = 1.0
        session.playback.play(1)
        session.bridge.frame_changed.connect(self._on_frame_changed)
        session.playback.changed.connect(self._on_playback_changed)

    def _on_frame_changed(self, frame: int) -> None:
        if frame >= self._stop:
            self._end()
            self._session.playback.stop()
            self._session.view.frame = self._home

    def _on_playback_changed(self) -> None:
        if self._session.playback.direction <= 0:
            self._end()

    def _end(self) -> None:
        self._session.bridge.frame_changed.disconnect(self._on_frame_changed)
        self._session.playback.changed.disconnect(self._on_playback_changed)
        self.deleteLater()
