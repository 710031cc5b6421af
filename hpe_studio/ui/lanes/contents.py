"""Turns the document into lanes, keeping runs until their track changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.track import Key, Track
from hpe_studio.ui.bridge import Touched
from hpe_studio.ui.lanes.marks import Hill, KeyMark, hills, key_marks
from hpe_studio.ui.lanes.model import Lane
from hpe_studio.ui.lanes.runs import Runs, joined_runs, track_runs


class Contents:
    """The lanes of a document; cheap to ask for again.

    Args:
        document: What is shown.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._runs: dict[int, Runs] = {}
        self._marks: dict[int, _Keys] = {}
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
        before, self._lanes = self._lanes, None
        if not touched.any_of("persons", "tracks", "shots"):
            return before is None or _keys_of(before) != _keys_of(self.lanes)
        for change in touched.changes:
            if change.touches("tracks"):
                for track_id in change.track_ids():
                    self._runs.pop(track_id, None)
                    self._marks.pop(track_id, None)
        return True

    def _lane(self, person_id: int, shot_starts: np.ndarray) -> Lane:
        tracks = self._document.tracks_of(person_id)
        parts: list[Runs] = []
        marks: list[KeyMark] = []
        rising: list[Hill] = []
        for track in tracks:
            if track.id not in self._runs:
                self._runs[track.id] = track_runs(track)
            parts.append(self._runs[track.id])
            keys = self._keys_of(track)
            marks.extend(keys.marks)
            rising.extend(keys.hills)
        return Lane(
            person_id=person_id,
            runs=joined_runs(parts, shot_starts),
            keys=tuple(marks),
            hills=tuple(rising),
        )

    def _keys_of(self, track: Track) -> _Keys:
        keys = self._document.keys_of(track.id)
        known = self._marks.get(track.id)
        if known is None or known.keys is not keys:  # the document makes lists anew
            marks = key_marks(track, keys)
            known = _Keys(keys=keys, marks=marks, hills=hills(marks))
            self._marks[track.id] = known
        return known


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Keys:
    """A track's keys, and what is shown of them."""

    keys: Sequence[Key]
    marks: tuple[KeyMark, ...]
    hills: tuple[Hill, ...]


def _keys_of(lanes: tuple[Lane, ...]) -> list[tuple[KeyMark, ...]]:
    """What of keys can be seen: turning a keyed joint changes none of it."""
    return [lane.keys for lane in lanes]
