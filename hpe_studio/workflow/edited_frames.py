"""Which frames a person edited, by the history: what a run did itself is no edit."""

from __future__ import annotations

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from hpe_studio.core.arrays import BoolArray, IntArray
from hpe_studio.core.changes import ArraysChange, ChangeSet, Record
from hpe_studio.core.document import Document
from hpe_studio.core.history import Journal, Step
from hpe_studio.core.sight import Reach, reach_of

_OF_A_RUN = frozenset({"Smooth"})
"""Edits that a run makes after its own, as its last part."""


_known: WeakKeyDictionary[Journal, dict[int, tuple[Reach, ...] | None]] = (
    WeakKeyDictionary()
)
"""Steps that memory let go are read from the project's file once."""


def edited_frames(
    document: Document, person_ids: Sequence[int], frames: IntArray
) -> BoolArray:
    """Frames on which people were edited, (frames, people).

    Steps that bring tracks (runs, imports), and the smoothing that a run does straight
    after, are no edits. An edit whose track is gone counts for nobody.

    Args:
        document: Whose history.
        person_ids: The people.
        frames: Clip frames of the rows.
    """
    out = np.zeros((len(frames), len(person_ids)), np.bool_)
    column = {person: i for i, person in enumerate(person_ids)}
    history = document.history
    follows_run = False
    for step in history.steps[: history.position]:
        reaches = _reaches(document, step)
        is_run = reaches is None
        is_of_run = follows_run and step.label in _OF_A_RUN
        follows_run = is_run
        if reaches is None or is_of_run:
            continue
        for reach in reaches:
            track = document.tracks.get(reach.track_id)
            if track is not None and track.person_id in column:
                hit = (frames >= reach.start) & (frames < reach.stop)
                out[:, column[track.person_id]] |= hit
    return out


def _reaches(document: Document, step: Step) -> tuple[Reach, ...] | None:
    """The frames a step reached; None where it brought tracks."""
    if step.records is not None:
        return _read(document, step.label, step.records)
    journal = document.journal
    if journal is None:
        return ()
    known = _known.setdefault(journal, {})
    if step.id not in known:
        records = journal.load_records(step.id)
        known[step.id] = _read(document, step.label, records)
    return known[step.id]


def _read(
    document: Document, label: str, records: tuple[Record, ...]
) -> tuple[Reach, ...] | None:
    if any(isinstance(one, ArraysChange) for one in records):
        return None
    return reach_of(document, ChangeSet(label=label, records=records, cause="commit"))
