"""A run of an estimator in the window: each shot is there as soon as it is finished."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job
from hpe_studio.core.observations import FrameDetections
from hpe_studio.ui.jobs import RunningJob
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr
from hpe_studio.workflow.apply_estimate import ShotApplier
from hpe_studio.workflow.estimate import EstimateResult, ShotFound

_WAIT_MS = 40
"""How often it is looked whether a gesture that holds a shot up has ended."""


class ShotRun(QObject):
    """Takes finished shots into the document and says how the run goes.

    Shots wait while a gesture goes on. What a person does to finished shots meanwhile
    is never written over.

    Args:
        session: Where the people go.
        job: The run (see `workflow.estimate.estimate_job`).
    """

    def __init__(self, session: Session, job: Job[EstimateResult]) -> None:
        super().__init__(session.requests)
        self._session = session
        self._applier = ShotApplier(session.document)
        self._waiting: list[ShotFound] = []
        self._last: ShotFound | None = None
        self._of = 0
        self._result: EstimateResult | None = None
        self._has_failed = False
        self._timer = QTimer(self)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self._on_timer_timeout)
        self._job: RunningJob = session.jobs.start(
            tr("Finding people"),
            job,
            on_result=self._on_result,
            on_cancelled=self._on_stopped,
            on_partial=self._on_partial,
            on_dropped=self._on_dropped,
        )

    def _on_partial(self, partial: object) -> None:
        if isinstance(partial, FrameDetections):
            self._session.finds.add(partial)
        elif isinstance(partial, ShotFound) and partial is not self._last:
            self._last = partial
            self._of = partial.count
            self._waiting.append(partial)
            self._apply()

    def _on_timer_timeout(self) -> None:
        self._apply()

    def _apply(self) -> None:
        """Take in what waits, unless a gesture goes on."""
        session = self._session
        while self._waiting and not self._has_failed:
            if session.document.is_editing:
                self._timer.start()
                return
            found = self._waiting.pop(0)
            try:
                self._applier.apply(found)
            except StudioError as error:
                self._has_failed = True
                self._job.cancel()
                session.notices.complain(error)
            session.finds.drop(*found.frames)
        self._timer.stop()
        if self._result is not None and not self._has_failed:
            self._tell(self._result)

    def _on_result(self, result: EstimateResult) -> None:
        self._result = result
        self._apply()

    def _tell(self, result: EstimateResult) -> None:
        session, self._result = self._session, None
        session.finds.clear()
        count = len(self._applier.found)
        warnings = "; ".join(result.warnings)
        if not count:
            session.notices.inform(warnings or tr("Nobody was found in this clip"))
        else:
            found = tr("1 person") if count == 1 else tr("{} people").format(count)
            told = tr("Found {}").format(found)
            told = f"{told}; {warnings}" if warnings else told
            session.notices.say(told, action="undo")
        self.deleteLater()

    def _on_dropped(self) -> None:
        """Forget what is not in the document yet; finished shots stay, as edits."""
        self._waiting.clear()
        self._timer.stop()
        session, shots = self._session, self._applier.shots
        session.finds.clear()
        if shots:
            told = (
                tr("Stopped; 1 finished shot is kept")
                if shots == 1
                else tr("Stopped; {} finished shots are kept").format(shots)
            )
            session.notices.inform(told)
        else:
            session.notices.inform(tr("Stopped; nothing is kept"))
        self.deleteLater()

    def _on_stopped(self) -> None:
        """What was found stays and is kept on disk; the next run goes on from it."""
        self._apply()
        session, shots, seen = self._session, self._applier.shots, self._session.finds
        if self._has_failed:
            return
        if shots:
            told = tr("Stopped after {} of {} shots; Run goes on from there")
            self._tell_stopped(told.format(shots, self._of))
        elif len(seen):
            frames = tr("1 frame") if len(seen) == 1 else f"{len(seen)} " + tr("frames")
            told = tr("Stopped with {} looked at; Run goes on from there")
            self._tell_stopped(told.format(frames))
        elif self._job.error is None:
            session.notices.inform(tr("Stopped before anything was seen"))
        if not self._waiting:
            self.deleteLater()

    def _tell_stopped(self, told: str) -> None:
        """Say in one sentence why it stopped, what is kept and how it goes on."""
        notices, error = self._session.notices, self._job.error
        if isinstance(error, StudioError):
            self._job.is_told = True
            notices.complain_and_offer(f"{error.what}. {told}", action="run")
        elif error is None:
            notices.inform(told, action="run")
