"""Turns the document into lanes, keeping runs until their track changes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.track import Key
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.lanes.model import Lane
from hpe_studio.ui.lanes.runs import (
    KeyMark,
    Runs,
    joined_runs,
    key_marks,
    track_runs,
)


class Contents:
    """The lanes of a document; cheap to ask for again.

    Args:
        document: What is shown.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._runs: dict[int, Runs] = {}
        self._marks: dict[int, tuple[Sequence[Key], tuple[KeyMark, ...]]] = {}
        self._lanes: tuple[Lane, ...] | None = None

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """One lane per person, in the order of the list."""
        if self._lanes is None:
            shots = self._document.shots or ()
            starts = np.array([shot.start for shot in shots], dtype=np.int64)
            people = sorted(self._document.persons)
            self._lanes = tuple(self._lane(p, starts) for p in people)
        return self._lanes

    def forget(self, touched: Touched) -> bool:
        """Forget what changes made stale; True where the lanes look different."""
        if not touched.any_of("persons", "tracks", "keys", "shots"):
            return False
        for change in touched.changes:
            if change.touches("tracks"):
                for track_id in change.track_ids():
                    self._runs.pop(track_id, None)
        self._lanes = None
        return True

    def _lane(self, person_id: int, shot_starts: np.ndarray) -> Lane:
        tracks = self._document.tracks_of(person_id)
        parts: list[Runs] = []
        marks: list[KeyMark] = []
        for track in tracks:
            if track.id not in self._runs:
                self._runs[track.id] = track_runs(track)
            parts.append(self._runs[track.id])
            marks.extend(self._marks_of(track.id))
        return Lane(
            person_id=person_id,
            runs=joined_runs(parts, shot_starts),
            keys=tuple(marks),
        )

    def _marks_of(self, track_id: int) -> tuple[KeyMark, ...]:
        keys = self._document.keys_of(track_id)
        known = self._marks.get(track_id)
        if known is None or known[0] is not keys:  # the document makes a list anew
            known = self._marks[track_id] = (keys, key_marks(keys))
        return known[1]
