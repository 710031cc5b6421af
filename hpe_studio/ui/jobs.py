"""Long work off the window's thread: progress, time left, cancel, result."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from PySide6.QtCore import QObject, Qt, Signal

from hpe_studio.core.errors import CancelledByUser, StudioError
from hpe_studio.core.jobs import Job, Progress, TimeLeft, run_job

_log = logging.getLogger(__name__)

_TOLD_EVERY_S = 0.05
_ENDED_KEPT = 3

State = Literal["running", "finished", "failed", "cancelled"]


class RunningJob(QObject):
    """One job in a thread of its own; its signals arrive in the window's thread.

    Args:
        title: Shown to people ("Estimating").
        job: The generator; it is started, stepped and closed in the thread only.
        parent: Owner.
        can_drop: True where a person may choose to drop what it found so far.

    Attributes:
        is_told: Set by who has told of the error already.
    """

    progressed = Signal()
    ended = Signal()
    _stepped = Signal(object)
    _stopped = Signal(str, object)

    def __init__(
        self, title: str, job: Job[Any], parent: QObject, *, can_drop: bool = False
    ) -> None:
        super().__init__(parent)
        self.title = title
        self.can_drop = can_drop
        self.is_dropped = False
        self.gives_way = False
        self.state: State = "running"
        self.progress = Progress(done=0, total=0)
        self.result: Any = None
        self.error: BaseException | None = None
        self.is_told = False
        self._time_left = TimeLeft()
        self._due_s = 0.0
        self._told_text = ""
        self._cancelled = threading.Event()
        queued = Qt.ConnectionType.QueuedConnection
        self._stepped.connect(self._on_stepped, queued)
        self._stopped.connect(self._on_stopped, queued)
        self._thread = threading.Thread(
            target=self._work, args=(job,), name=f"job {title}", daemon=True
        )
        self._thread.start()

    @property
    def seconds_left(self) -> float | None:
        """Estimate of the seconds still needed."""
        return self._time_left.seconds(self.progress.fraction)

    @property
    def is_cancelling(self) -> bool:
        """True after `cancel` until the job has stopped."""
        return self._cancelled.is_set() and self.state == "running"

    def cancel(self, *, keep: bool = True) -> None:
        """Ask the job to stop at its next step.

        Args:
            keep: False to drop what it has found so far, where it offers that.
        """
        self.is_dropped = self.is_dropped or (self.can_drop and not keep)
        self._cancelled.set()
        self.progressed.emit()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the thread to end; True when it did."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self, job: Job[Any]) -> None:
        try:
            result = run_job(
                job,
                on_progress=self._on_progress,
                is_cancelled=self._cancelled.is_set,
            )
        except CancelledByUser:
            self._stopped.emit("cancelled", None)
        except Exception as error:  # noqa: BLE001  (handed to the window's thread)
            self._stopped.emit("failed", error)
        else:
            self._stopped.emit("finished", result)

    def _on_progress(self, progress: Progress) -> None:
        """Pass on what can be shown, and of mere numbers some twenty a second."""
        now_s = time.monotonic()
        is_due = now_s >= self._due_s or progress.text != self._told_text
        if is_due or progress.partial is not None:
            self._due_s = now_s + _TOLD_EVERY_S
            self._told_text = progress.text
            self._stepped.emit(progress)

    def _on_stepped(self, progress: Progress) -> None:
        self.progress = progress
        self.progressed.emit()

    def _on_stopped(self, state: State, outcome: Any) -> None:
        self.state = state
        if state == "failed":
            self.error = outcome
        elif state == "finished":
            self.result = outcome
        self.ended.emit()


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedJob:
    """A job that ran, as the list of jobs tells of it.

    Attributes:
        title: Shown to people.
        state: How it ended.
        why: What went wrong, a sentence; "" where nothing did.
    """

    title: str
    state: State
    why: str = ""


class JobRunner(QObject):
    """All jobs of a window.

    `changed` comes when a job starts, moves on or ends; `failed` carries the error.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: list[RunningJob] = []
        self._ended: deque[EndedJob] = deque(maxlen=_ENDED_KEPT)

    @property
    def ended(self) -> tuple[EndedJob, ...]:
        """The jobs that ended last, the newest first."""
        return tuple(self._ended)

    @property
    def running(self) -> tuple[RunningJob, ...]:
        """Jobs that go on, oldest first."""
        return tuple(self._running)

    def start(
        self,
        title: str,
        job: Job[Any],
        *,
        on_result: Callable[[Any], None],
        on_cancelled: Callable[[], None] | None = None,
        on_partial: Callable[[object], None] | None = None,
        on_dropped: Callable[[], None] | None = None,
        gives_way: bool = False,
    ) -> RunningJob:
        """Run a job; its outcome is delivered in the window's thread.

        Args:
            title: Shown to people.
            job: What to do.
            on_result: Takes the job's result (and applies it as one edit).
            on_cancelled: Called when it was stopped or failed.
            on_partial: Takes every `Progress.partial` that is not None.
            on_dropped: Called instead of `on_cancelled` when a person wants what was
                found so far thrown away; the list of jobs offers it where it is given.
            gives_way: It goes on later from where it was; see `make_way`.
        """
        running = RunningJob(title, job, self, can_drop=on_dropped is not None)
        running.gives_way = gives_way
        self._running.append(running)

        def progressed() -> None:
            partial = running.progress.partial
            if partial is not None and on_partial is not None:
                on_partial(partial)
            self.changed.emit()

        def ended() -> None:
            running.deleteLater()
            if running not in self._running:  # closed meanwhile
                return
            self._running.remove(running)
            self._ended.appendleft(_as_ended(running))
            stopped = on_dropped if running.is_dropped else on_cancelled
            self._deliver(running, on_result, stopped)
            self.changed.emit()

        running.progressed.connect(progressed)
        running.ended.connect(ended)
        self.changed.emit()
        return running

    @property
    def is_engaged(self) -> bool:
        """True while a job runs that does not give way to others."""
        return any(not job.gives_way for job in self._running)

    def make_way(self, timeout_s: float = 5.0) -> None:
        """Stop the jobs that give way and wait until they have kept what they found."""
        giving = [job for job in self._running if job.gives_way]
        for job in giving:
            job.cancel()
        for job in giving:
            job.wait(timeout_s)

    def close(self, timeout_s: float = 10.0) -> None:
        """Cancel everything and wait for the threads."""
        for job in self._running:
            job.cancel()
        for job in self._running:
            if not job.wait(timeout_s):
                _log.error("the job %r did not stop", job.title)
        self._running.clear()

    def _deliver(
        self,
        running: RunningJob,
        on_result: Callable[[Any], None],
        on_cancelled: Callable[[], None] | None,
    ) -> None:
        try:
            if running.state == "finished":
                on_result(running.result)
                return
            if on_cancelled is not None:
                on_cancelled()
        except StudioError as error:
            self.failed.emit(error)
            return
        if running.error is not None and not running.is_told:
            self.failed.emit(running.error)


def _as_ended(job: RunningJob) -> EndedJob:
    error = job.error
    why = error.what if isinstance(error, StudioError) else str(error or "")
    return EndedJob(title=job.title, state=job.state, why=why)
