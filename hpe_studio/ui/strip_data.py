"""What the error strip shows, measured in the background and kept in step."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from hpe_studio.core.arrays import FloatArray
from hpe_studio.quality import strip
from hpe_studio.quality.material import materials
from hpe_studio.quality.rechecking import Place
from hpe_studio.quality.strip import Measure, PlaceMeasures
from hpe_studio.ui.jobs import JobRunner
from hpe_studio.ui.session import Session


class StripData(QObject):
    """A number per frame of the chosen measure; `changed` when it is another.

    Severity follows from the problems; the others are measured when they are chosen,
    and again for the people whom an edit touched.

    Args:
        session: Whose clip.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._problems = session, session.problems
        self._measure: Measure = "severity"
        self._found: dict[Place, PlaceMeasures] = {}
        self._prints: dict[Place, int] = {}
        self._jobs = JobRunner(self)
        self._values: FloatArray | None = None
        self.is_wanted = True
        self._problems.changed.connect(self._on_problems_changed)

    def close(self) -> None:
        """Stop measuring."""
        self._jobs.close()

    @property
    def measure(self) -> Measure:
        """What is shown."""
        return self._measure

    @measure.setter
    def measure(self, measure: Measure) -> None:
        self._measure, self._values = measure, None
        self._measure_stale()
        self.changed.emit()

    @property
    def is_busy(self) -> bool:
        """True while something is measured."""
        return bool(self._jobs.running)

    @property
    def values(self) -> FloatArray:
        """The worst of everybody on each frame, shape (frames,)."""
        if self._values is None:
            count = self._session.document.clip.frame_count
            if self._measure == "severity":
                found = (p.finding for p in self._problems.everything if p.is_open)
                self._values = strip.severities(found, count)
            else:
                self._values = strip.worst(self._found, self._measure, count)
        return self._values

    def mean_of(self, person_id: int) -> float | None:
        """The mean over a person's frames; None where nothing is known."""
        if self._measure == "severity":
            return None
        theirs = (one for (_, p), one in self._found.items() if p == person_id)
        mine = [one.of(self._measure) for one in theirs]
        known = np.concatenate(mine) if mine else np.zeros(0)
        known = known[np.isfinite(known)]
        return float(known.mean()) if len(known) else None

    def _on_problems_changed(self) -> None:
        self._values = None
        self._measure_stale()
        if self.is_wanted:
            self.changed.emit()

    def _measure_stale(self) -> None:
        """Measure who is other than when measured last, once the check has ended."""
        queue = self._problems.queue
        if self._measure == "severity" or self.is_busy or self._problems.is_checking:
            return
        prints = dict(queue.prints)
        stale = {p for p, number in prints.items() if self._prints.get(p) != number}
        for place in set(self._found) - set(prints):
            del self._found[place]
        if not stale:
            return
        parts = materials(self._session.document, {shot_id for shot_id, _ in stale})

        def done(found: dict[Place, PlaceMeasures]) -> None:
            self._found |= found
            self._prints |= {place: prints[place] for place in stale}
            self._values = None
            self._measure_stale()
            self.changed.emit()

        body = self._session.poser.body
        self._jobs.start("", strip.measured(parts, stale, body), on_result=done)
