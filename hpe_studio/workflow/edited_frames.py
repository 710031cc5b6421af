"""Which frames a person edited, by the history: what a run did itself is no edit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, IntArray
from hpe_studio.core.changes import ArraysChange, ChangeSet, Record
from hpe_studio.core.document import Document
from hpe_studio.core.sight import reach_of

_OF_A_RUN = frozenset({"Smooth"})
"""Edits that a run makes after its own, as its last part."""


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
        records = _records_of(document, step.id, step.records)
        is_run = any(isinstance(one, ArraysChange) for one in records)
        if is_run or (follows_run and step.label in _OF_A_RUN):
            follows_run = is_run
            continue
        follows_run = False
        change = ChangeSet(label=step.label, records=records, cause="commit")
        for reach in reach_of(document, change):
            track = document.tracks.get(reach.track_id)
            if track is not None and track.person_id in column:
                hit = (frames >= reach.start) & (frames < reach.stop)
                out[:, column[track.person_id]] |= hit
    return out


def _records_of(
    document: Document, step_id: int, records: tuple[Record, ...] | None
) -> tuple[Record, ...]:
    if records is not None:
        return records
    journal = document.journal
    return () if journal is None else journal.load_records(step_id)
