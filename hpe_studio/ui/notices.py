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
        other_action: Id of another one, or "".
        details: More text to copy, or "".
    """

    text: str
    tone: Literal["ok", "info", "danger"] = "ok"
    action: str = ""
    other_action: str = ""
    details: str = ""


class Notices(QObject):
    """Where anyone posts a notice; the window shows it as a toast.

    `unexpected` carries errors of the program itself, for which `Crashes` finds words.
    """

    posted = Signal(object)
    unexpected = Signal(object)
    _not_written = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        queued = Qt.ConnectionType.QueuedConnection
        self._not_written.connect(self._on_not_written, queued)

    def tell_not_written(self, error: StudioError) -> None:
        """Tell from any thread that an edit could not be kept, with ways out."""
        self._not_written.emit(error)

    def _on_not_written(self, error: StudioError) -> None:
        text, ways = str(error), ("write_again", "save_copy")
        notice = Notice(text=text, tone="danger", action=ways[0], other_action=ways[1])
        self.posted.emit(notice)

    def say(self, text: str, *, action: str = "") -> None:
        """Tell that something was done."""
        self.posted.emit(Notice(text=text, action=action))

    def inform(self, text: str, *, action: str = "", other_action: str = "") -> None:
        """Tell something a person should know."""
        notice = Notice(
            text=text, tone="info", action=action, other_action=other_action
        )
        self.posted.emit(notice)

    def complain_and_offer(self, text: str, *, action: str) -> None:
        """Tell what went wrong, with the way on."""
        self.posted.emit(Notice(text=text, tone="danger", action=action))

    def complain(self, error: BaseException) -> None:
        """Tell what went wrong."""
        if isinstance(error, StudioError):
            notice = Notice(text=str(error), tone="danger", details=_details(error))
            self.posted.emit(notice)
        else:
            self.unexpected.emit(error)


def _details(error: BaseException) -> str:
    """What an error was raised from, for who wants to copy it."""
    cause = error.__cause__
    return "" if cause is None else f"{type(cause).__name__}: {cause}"


class Requests(QObject):
    """Things commands ask of whichever view can do them.

    Attributes:
        is_scrubbing: True while the playhead is dragged; `scrub_ended` comes after.
    """

    is_scrubbing = False
    scrub_ended = Signal()

    preset_wanted = Signal(str)
    framing_wanted = Signal()
    axis_wanted = Signal(str)
    cancel_wanted = Signal()
    rename_wanted = Signal(int)
    footage_attached = Signal()
    footage_lost = Signal()
    locate_wanted = Signal()
    docks_wanted = Signal()
    maximise_wanted = Signal()
    next_region_wanted = Signal()
    lanes_wanted = Signal(str)
    range_wanted = Signal(int, int)
