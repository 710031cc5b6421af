"""Keeps the comparison with the truth in step with the open project."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job
from hpe_studio.core.truth import Truth
from hpe_studio.metrics.comparison import Comparison, Worst
from hpe_studio.metrics.protocol import NAMED, Protocol
from hpe_studio.ui.jobs import JobRunner, RunningJob
from hpe_studio.ui.words import tr
from hpe_studio.workflow.before_after import Compared, compare_document
from hpe_studio.workflow.snapshot import snapshot_of

if TYPE_CHECKING:
    from hpe_studio.ui.bridge import Touched
    from hpe_studio.ui.session import Session

_SOON_MS = 150
_WORST, _WORST_APART = 60, 5


class Comparing(QObject):
    """What the window knows of motion and truth; `changed` when it is something else.

    It is measured in the background after edits, and only where there is truth. Old
    numbers stay until there are new ones (`is_busy`).

    Args:
        session: Whose document is compared.

    Attributes:
        compared: What is known, or None.
        error: Why nothing can be compared, or "".
        place: Which of the worst was gone to last, -1 for none.
    """

    changed = Signal()
    sight_changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.compared: Compared | None = None
        self.error = ""
        self._protocol = NAMED["studio"]
        self._before: tuple[Any, Comparison] | None = None
        self._worst: tuple[Worst, ...] | None = None
        self.place = -1
        self._panels: set[QObject] = set()
        self._jobs = JobRunner(self)
        self._jobs.failed.connect(self._on_failed)
        self._running: RunningJob | None = None
        self._is_old = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SOON_MS)
        self._timer.timeout.connect(self._measure)
        session.document.changed.connect(self._watch_sight)
        session.view.layers_changed.connect(self._watch_sight)
        session.bridge.document_changed.connect(self._on_document_changed)
        self._watch_sight()
        if session.document.truths:
            self._timer.start()

    def close(self) -> None:
        """Stop measuring."""
        self._timer.stop()
        session = self._session
        session.bridge.document_changed.disconnect(self._on_document_changed)
        session.document.changed.disconnect(self._watch_sight)
        session.view.layers_changed.disconnect(self._watch_sight)
        self._jobs.close()

    # Reading -----------------------------------------------------------------

    @property
    def comparison(self) -> Comparison | None:
        """The motion against the truth, or None where nothing is known."""
        return None if self.compared is None else self.compared.after

    @property
    def is_busy(self) -> bool:
        """True while numbers are measured, or soon will be."""
        return self._running is not None or self._timer.isActive()

    @property
    def has_truth(self) -> bool:
        """True where there is truth to compare with."""
        return bool(self._session.document.truths)

    @property
    def truths(self) -> tuple[Truth, ...]:
        """The truths, in the order of the comparison's people."""
        truths = self._session.document.truths.values()
        return tuple(truth for truth in truths if truth.stop > truth.start)

    @property
    def protocol(self) -> Protocol:
        """The rules."""
        return self._protocol

    @protocol.setter
    def protocol(self, protocol: Protocol) -> None:
        if protocol != self._protocol:
            self._protocol, self._before = protocol, None
            self._timer.start(0)
            self.changed.emit()

    @property
    def shown_protocol(self) -> Protocol:
        """The rules with camera and time of the truth, as the card shows them."""
        comparison = self.comparison
        if comparison is None:
            return self._protocol
        told, frames = comparison.protocol, self._protocol.frames
        if frames == "official":  # of which the window has no list
            frames = told.frames
        return replace(
            self._protocol, cameras=told.cameras, time=told.time, frames=frames
        )

    @property
    def worst(self) -> tuple[Worst, ...]:
        """People on frames with the largest errors, worst first."""
        if self._worst is None:
            comparison = self.comparison
            self._worst = (
                ()
                if comparison is None
                else comparison.worst(_WORST, apart=_WORST_APART)
            )
        return self._worst

    def person_of(self, row: int, person: int) -> int | None:
        """Id of the document's person who is a true person on a row, or None."""
        if self.compared is None:
            return None
        predicted = int(self.compared.after.matches[row, person])
        ids = self.compared.person_ids
        return ids[predicted] if 0 <= predicted < len(ids) else None

    def joint_errors(self, person_id: int, frame: int) -> dict[str, float]:
        """Error in metres by joint of a person of the document on a frame."""
        if self.compared is None or person_id not in self.compared.person_ids:
            return {}
        comparison = self.compared.after
        row = comparison.row_of(frame)
        if row is None:
            return {}
        person = comparison.person_of(row, self.compared.person_ids.index(person_id))
        if person is None:
            return {}
        errors = comparison.errors_m[row, person]
        known = zip(comparison.joints, errors.tolist(), strict=True)
        return {joint: error for joint, error in known if np.isfinite(error)}

    def errors_of(self, person_id: int) -> FloatArray:
        """Error of a person of the document per clip frame, metres; NaN unknown."""
        count = self._session.document.clip.frame_count
        out = np.full(count, np.nan)
        if self.compared is None or person_id not in self.compared.person_ids:
            return out
        comparison = self.compared.after
        index = self.compared.person_ids.index(person_id)
        rows, people = np.nonzero(comparison.matches == index)
        frames = comparison.frames[rows]
        inside = frames < count
        out[frames[inside]] = comparison.frame_errors_m[rows[inside], people[inside]]
        return out

    # What is in sight ----------------------------------------------------------

    def note_panel(self, panel: QObject, *, is_seen: bool) -> None:
        """Remember whether a panel with numbers is on screen."""
        if is_seen:
            self._panels.add(panel)
        else:
            self._panels.discard(panel)
        self._watch_sight()

    @property
    def is_in_sight(self) -> bool:
        """True while the truth, or how far off something is, is on screen."""
        return self._session.document.is_truth_in_sight

    def _watch_sight(self, _change: object = None) -> None:
        """Every edit records this (see `core.sight`)."""
        document, layers = self._session.document, self._session.view.layers
        drawn = layers.truth or layers.error_lines or layers.error_colours
        seen = bool(document.truths) and (drawn or bool(self._panels))
        if seen != document.is_truth_in_sight:
            document.is_truth_in_sight = seen
            self.sight_changed.emit()

    # Measuring -----------------------------------------------------------------

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.is_preview_only:
            return
        if not self.has_truth:
            if touched.any_of("truths"):
                self._forget()
            return
        if touched.any_of(
            "truths", "tracks", "keys", "persons", "shots", "cameras", "estimates"
        ):
            self._timer.start()
            self.changed.emit()

    def _forget(self) -> None:
        self._timer.stop()
        if self._running is not None:
            self._running.cancel()
        self.compared, self._worst, self.error = None, None, ""
        self.changed.emit()

    def _measure(self) -> None:
        if self._running is not None:  # what it reads is old: begin anew at its end
            self._is_old = True
            self._running.cancel()
            return
        if not self.has_truth:
            return
        self._is_old = False
        session = self._session
        key = self._before_key()
        known = None
        if self._before is not None and self._before[0] == key:
            known = self._before[1]
        job = compare_document(
            snapshot_of(session.document),
            session.poser.body,
            self._protocol,
            before=known,
        )

        def done(outcome: Compared | StudioError) -> None:
            self._running = None
            if self._is_old:  # it ended before it could be cancelled
                self._timer.start(0)
                return
            if isinstance(outcome, StudioError):
                self._take(None, str(outcome))
                return
            if outcome.before is not None:
                self._before = key, outcome.before
            self._take(outcome, "")

        def stopped() -> None:
            self._running = None
            self._timer.start(0)

        title = tr("Comparing with truth")
        self._running = self._jobs.start(
            title, _told(job), on_result=done, on_cancelled=stopped
        )
        self.changed.emit()

    def _take(self, compared: Compared | None, error: str) -> None:
        if not self.has_truth:
            compared, error = None, ""
        self.compared, self._worst, self.error = compared, None, error
        self.place = -1
        self.changed.emit()

    def _on_failed(self, error: object) -> None:
        if isinstance(error, BaseException):
            self._session.notices.complain(error)

    def _before_key(self) -> tuple[Any, ...]:
        """What the comparison of the estimates follows from."""
        document = self._session.document
        people = tuple(
            (p.id, p.name, p.betas, p.scale, p.ignored)
            for p in document.persons.values()
        )
        tracks = tuple(
            (t.id, t.person_id, t.start, t.stop, t.estimate_id)
            for t in document.tracks.values()
        )
        truths = tuple(map(id, document.truths.values()))
        shots = tuple(map(id, document.shots or ()))
        done = document.history.steps[: document.history.position]
        smoothed = tuple(step.id for step in done if step.label.startswith("Smooth"))
        return people, tracks, truths, shots, smoothed, tuple(document.estimates)


def _told(job: Job[Compared]) -> Job[Compared | StudioError]:
    """The job with a refusal as its result: it is told in the panel, not in passing."""
    try:
        return (yield from job)
    except StudioError as error:
        return error
