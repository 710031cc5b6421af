"""Keeps the queue of problems in step with the open project, in the background."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from hpe_studio.catalogue import DETECTORS, detector
from hpe_studio.core.errors import StudioError
from hpe_studio.quality import keeping
from hpe_studio.quality.check import Judged
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.queue import ProblemQueue
from hpe_studio.quality.rechecking import Checked
from hpe_studio.ui.jobs import JobRunner, RunningJob
from hpe_studio.ui.problems.shown import Filter
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.bridge import Touched
    from hpe_studio.ui.session import Session

_SOON_MS, _KEPT_AFTER_MS = 120, 3000
_LARGE_FRAMES = 6000
"""From so many frames of people on, a check is shown among the jobs."""


class Problems(QObject):
    """The queue as the window sees it: what is listed, which one is selected.

    `changed` comes when findings, decisions or the filter changed; `selected_changed`
    when another problem is selected.

    Args:
        session: Whose document is checked.
    """

    changed = Signal()
    selected_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        modules = {kind: detector(kind) for kind in DETECTORS}
        self.labels = {kind: module.SPEC.label for kind, module in modules.items()}
        self.icons = {kind: module.SPEC.icon for kind, module in modules.items()}
        self.queue = ProblemQueue(session.document, modules)
        self._filter = Filter()
        self._listed: tuple[Judged, ...] | None = None
        self._counts: dict[int, int] | None = None
        self._selected: Finding | None = None
        self._place = 0
        self._hidden: list[Finding] = []
        self._unkept: set[int] = set()
        self._quiet = JobRunner(self)
        self._running: RunningJob | None = None
        self._start, self._keep = _timer(self, _SOON_MS), _timer(self, _KEPT_AFTER_MS)
        self._start.timeout.connect(self._check)
        self._keep.timeout.connect(self.keep)
        self._restore()
        session.bridge.document_changed.connect(self._on_document_changed)
        session.jobs.changed.connect(self._on_jobs_changed)
        self._start.start()

    def close(self) -> None:
        """Stop checking and keep what is known."""
        for timer in (self._start, self._keep):
            timer.stop()
        self._session.bridge.document_changed.disconnect(self._on_document_changed)
        self._session.jobs.changed.disconnect(self._on_jobs_changed)
        self._quiet.close()
        self.keep()

    # Reading -----------------------------------------------------------------

    @property
    def filter(self) -> Filter:
        """What is listed."""
        return self._filter

    @filter.setter
    def filter(self, wanted: Filter) -> None:
        if wanted != self._filter:
            self._filter = wanted
            self._tell()

    @property
    def everything(self) -> tuple[Judged, ...]:
        """All problems, worst first, but those that are being checked again."""
        if not self._hidden:
            return self.queue.everything
        hidden = {finding.key for finding in self._hidden}
        return tuple(p for p in self.queue.everything if p.finding.key not in hidden)

    @property
    def listed(self) -> tuple[Judged, ...]:
        """What the list shows, in its order."""
        if self._listed is None:
            self._listed = self._filter.listed(self.everything)
        return self._listed

    @property
    def open_count(self) -> int:
        """How many are open, whatever is listed."""
        return sum(one.is_open for one in self.everything)

    @property
    def done_count(self) -> int:
        """How many are done."""
        return self.queue.done_count

    def open_of(self, person_id: int) -> int:
        """How many of a person's problems are open."""
        if self._counts is None:
            self._counts = self.queue.open_counts()
        return self._counts.get(person_id, 0)

    def open_ranges(self) -> dict[int, tuple[tuple[int, int], ...]]:
        """Where open problems are, by person."""
        found: dict[int, list[tuple[int, int]]] = {}
        for one in self.everything:
            if one.is_open:
                finding = one.finding
                for person_id in finding.person_ids:
                    place = (finding.start, finding.stop)
                    found.setdefault(person_id, []).append(place)
        return {person_id: tuple(ranges) for person_id, ranges in found.items()}

    @property
    def is_checking(self) -> bool:
        """True while something is or will be checked."""
        waits = self.queue.is_stale and not self._session.jobs.is_engaged
        return self._running is not None or self._start.isActive() or waits

    @property
    def share(self) -> float | None:
        """How far the check is, 0 to 1; None where none goes on."""
        return None if self._running is None else self._running.progress.fraction

    @property
    def selected(self) -> Judged | None:
        """The selected problem, or None."""
        index = self.selected_index
        return None if index is None else self.listed[index]

    @property
    def selected_index(self) -> int | None:
        """Its place in the list, or None."""
        wanted = self._selected
        if wanted is None:
            return None
        found = (i for i, p in enumerate(self.listed) if p.finding.key == wanted.key)
        return next(found, None)

    # Doing --------------------------------------------------------------------

    def select(self, finding: Finding | None) -> None:
        """Select a problem of the list."""
        self._selected = finding
        index = self.selected_index
        if index is not None:
            self._place = index
        self.selected_changed.emit()

    def step(self, by: int) -> Finding | None:
        """Select the next problem (1) or the one before (-1); the ends meet."""
        listed = self.listed
        if not listed:
            return None
        index = self.selected_index
        if index is None:
            index = self._place - (by > 0)
        finding = listed[(index + by) % len(listed)].finding
        self.select(finding)
        return finding

    def let_go(self, findings: list[Finding]) -> None:
        """Take problems off the list until they have been checked again."""
        self._hidden += findings
        self._selected = None
        self._tell()
        self.selected_changed.emit()

    def check_again(self) -> None:
        """Check everything anew."""
        self.queue.forget()
        self._start.start()
        self._tell()

    def keep(self) -> None:
        """Keep what is known in the project's file."""
        notes = keeping.notes_of(self.queue, self._unkept)
        self._unkept = set()
        if notes:
            with suppress(StudioError):  # it is found again; edits tell of full disks
                self._session.project.keep_notes(notes)

    # Within

    def _restore(self) -> None:
        try:
            keeping.restore(self.queue, self._session.project.notes(keeping.PREFIX))
        except StudioError:
            self.queue.forget()  # what was kept is damaged: it is found again

    def _check(self) -> None:
        session = self._session
        is_busy = session.jobs.is_engaged or session.document.is_editing
        if self._running is not None or not self.queue.is_stale or is_busy:
            return
        is_large = self.queue.stale_frames >= _LARGE_FRAMES
        runner = session.jobs if is_large else self._quiet
        job = self.queue.job(session.poser.body, near=session.view.frame)
        self._running = runner.start(
            tr("Checking for problems"),
            job,
            on_result=self._on_checked,
            on_cancelled=self._on_given_up,
            gives_way=True,
        )
        self._running.progressed.connect(self._on_progressed)

    def _on_checked(self, checked: Checked) -> None:
        self._running = None
        self._hidden.clear()
        changed = self.queue.take(checked)
        self._unkept |= changed | {shot_id for shot_id, _ in checked.prints}
        self._keep.start()
        if self.queue.is_stale:
            self._start.start()
        self._tell()

    def _on_given_up(self) -> None:
        self._running = None
        self.queue.give_up()
        self._tell()

    def _on_progressed(self) -> None:
        self.selected_changed.emit()

    def _on_jobs_changed(self) -> None:
        if self.queue.is_stale and self._running is None:
            self._start.start()

    def _on_document_changed(self, touched: Touched) -> None:
        is_other = [self.queue.follow(change) for change in touched.changes]
        if self.queue.is_stale:
            self._start.start()
        elif any(is_other):
            self._hidden.clear()
        if any(is_other):
            self._tell()

    def _tell(self) -> None:
        self._listed = self._counts = None
        self.changed.emit()


def _timer(parent: QObject, wait_ms: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    return timer
