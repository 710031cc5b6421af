"""What is said to a person in passing, and requests that views listen to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal

from hpe_studio.core.errors import StudioError


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One sentence for a toast.

    Attributes:
        text: Sentence case, no final period.
        tone: "ok", "info" or "danger".
        action: Id of an action offered with it ("undo"), or "".
        details: More text to copy, or "".
    """

    text: str
    tone: Literal["ok", "info", "danger"] = "ok"
    action: str = ""
    details: str = ""


class Notices(QObject):
    """Where anyone posts a notice; the window shows it as a toast."""

    posted = Signal(object)
    _failed_elsewhere = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        queued = Qt.ConnectionType.QueuedConnection
        self._failed_elsewhere.connect(self.complain, queued)

    def complain_later(self, error: BaseException) -> None:
        """Tell what went wrong in another thread."""
        self._failed_elsewhere.emit(error)

    def say(self, text: str, *, action: str = "") -> None:
        """Tell that something was done."""
        self.posted.emit(Notice(text=text, action=action))

    def inform(self, text: str, *, action: str = "") -> None:
        """Tell something a person should know."""
        self.posted.emit(Notice(text=text, tone="info", action=action))

    def complain(self, error: BaseException) -> None:
        """Tell what went wrong; programming errors say so and carry their details."""
        if isinstance(error, StudioError):
            self.posted.emit(Notice(text=str(error), tone="danger"))
            return
        details = f"{type(error).__name__}: {error}"
        text = f"Something in the program failed ({details})"
        self.posted.emit(Notice(text=text, tone="danger", details=details))


class Requests(QObject):
    """Things commands ask of whichever view can do them."""

    preset_wanted = Signal(str)
    framing_wanted = Signal()
    axis_wanted = Signal(str)
    cancel_wanted = Signal()
    rename_wanted = Signal(int)
    footage_attached = Signal()
    docks_wanted = Signal()
    maximise_wanted = Signal()
    next_region_wanted = Signal()
