"""Panels that tell of the frame follow ten times a second while frames fly by."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from hpe_studio.ui.session import Session

EVERY_MS = 100


class Calm(QObject):
    """Calls a function for frames: at once when one steps, else ten times a second.

    Nobody reads numbers that change thirty times a second, and the pictures are to
    have that time. When the frame comes to rest the function is called once more, so
    that what is told is exact.

    Args:
        session: Whose frame.
        follow: What is called.
        parent: Owner.
    """

    def __init__(
        self, session: Session, follow: Callable[[], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._follow = follow
        self._is_due = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        session.bridge.frame_changed.connect(self._on_frame_changed)
        session.playback.changed.connect(self._on_rest)
        session.requests.scrub_ended.connect(self._on_rest)

    @property
    def is_due(self) -> bool:
        """True while the function is still to be called."""
        return self._is_due

    def _on_frame_changed(self, _frame: int) -> None:
        if not is_flying(self._session):
            self._call()
        elif self._timer.isActive():
            self._is_due = True
        else:
            self._call()
            self._timer.start()

    def _on_timer_timeout(self) -> None:
        if self._is_due:
            self._call()
            self._timer.start()

    def _on_rest(self) -> None:
        if self._is_due and not is_flying(self._session):
            self._call()

    def _call(self) -> None:
        self._is_due = False
        self._follow()


def is_flying(session: Session) -> bool:
    """True while the clip plays or the playhead is dragged."""
    return session.playback.direction != 0 or session.requests.is_scrubbing
