"""Notices that the footage went away, changed or came back while it is open."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from hpe_studio.core.clip import Clip
from hpe_studio.media.presence import Presence, State
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session

LOOKED_EVERY_S = 1.5


class FootageWatch(QObject):
    """Looks after a clip in a thread of its own: a share that is gone can take long.

    `came` tells a state that differs from the one before, in the window's thread.

    Args:
        clip: Footage with a path.
        parent: Owner.
        state: What is known about it so far.
    """

    came = Signal(str)

    def __init__(self, clip: Clip, parent: QObject, state: State = "there") -> None:
        super().__init__(parent)
        self._clip = clip
        self._state: State = state
        self._wake = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(
            target=self._run, name="footage watch", daemon=True
        )
        self._thread.start()

    def look_soon(self) -> None:
        """Something could not be read: look at once."""
        self._wake.set()

    def close(self) -> None:
        """Look no more."""
        self._is_closed = True
        self._wake.set()
        self._thread.join(timeout=0.5)

    def _run(self) -> None:
        presence = Presence(self._clip)
        while not self._is_closed:
            state = presence.look()
            if state != self._state and not self._is_closed:
                self._state = state
                with suppress(RuntimeError):  # the window went meanwhile
                    self.came.emit(state)
            self._wake.wait(LOOKED_EVERY_S)
            self._wake.clear()


class FootageKeeper(QObject):
    """Takes footage out of a session when it is gone, and back when it is there again.

    People and edits stay as they are; what was decoded is shown until then.

    Args:
        session: Whose clip has a path.
    """

    came_back = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._watch: FootageWatch | None = None
        session.requests.footage_attached.connect(self._follow)
        session.bridge.picture_arrived.connect(self._on_picture_arrived)
        self._follow()

    def close(self) -> None:
        """Look no more."""
        if self._watch is not None:
            self._watch.close()
            self._watch.deleteLater()
            self._watch = None

    def _follow(self) -> None:
        """Look after the footage shown, or after the place where it should be."""
        self.close()
        footage, document = self._session.footage, self._session.document
        clip = document.clip if footage is None else footage.clip
        if clip.path is None or clip.kind == "none":
            return
        self._watch = FootageWatch(clip, self, "gone" if footage is None else "there")
        queued = Qt.ConnectionType.QueuedConnection
        self._watch.came.connect(self._on_state_came, queued)

    def _on_picture_arrived(self, picture: object) -> None:
        if self._watch is not None and getattr(picture, "missing", False):
            self._watch.look_soon()

    def _on_state_came(self, state: State) -> None:
        session = self._session
        if self._watch is None:  # closed meanwhile
            return
        if state == "there":
            if session.footage is None:
                self.came_back.emit()
        elif session.footage is not None:
            name = getattr(session.footage.clip.path, "name", "")
            session.detach_footage()
            told = (
                tr("{} is not there any more; put it back or locate it")
                if state == "gone"
                else tr("{} was replaced by other footage; put it back or locate it")
            )
            session.notices.inform(told.format(name), action="locate")
