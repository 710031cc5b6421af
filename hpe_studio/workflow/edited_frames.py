"""Which frames a person edited, by the history: what a run did itself is no edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from hpe_studio.core.arrays import BoolArray, IntArray
from hpe_studio.core.changes import ArraysChange, ChangeSet, Record
from hpe_studio.core.document import Document
from hpe_studio.core.history import Journal, Step
from hpe_studio.core.sight import Reach, reach_of

_SMOOTH = "Smooth"
"""The edit that a run makes after its own, as its last part; "Smooth, shot 1 of 2"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """What a step did.

    Attributes:
        reaches: The frames it reached; None where it brought tracks or took them.
        brought: Ids of the estimates that came with it.
    """

    reaches: tuple[Reach, ...] | None
    brought: frozenset[int] = frozenset()


_known: WeakKeyDictionary[Journal, dict[int, _Told]] = WeakKeyDictionary()
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
    for told, smoothed in _steps(document):
        if told.reaches is None or smoothed:
            continue
        for reach in told.reaches:
            track = document.tracks.get(reach.track_id)
            if track is not None and track.person_id in column:
                hit = (frames >= reach.start) & (frames < reach.stop)
                out[:, column[track.person_id]] |= hit
    return out


def estimates_smoothed(document: Document) -> frozenset[int]:
    """Ids of the estimates whose run smoothed the motion straight after."""
    return frozenset().union(*(smoothed for _, smoothed in _steps(document)))


def _steps(document: Document) -> Iterator[tuple[_Told, frozenset[int]]]:
    """Each step that holds, and the run's estimates whose motion it smoothed."""
    history, brought = document.history, frozenset[int]()
    for step in history.steps[: history.position]:
        told = _told(document, step)
        is_smoothing = step.label.partition(",")[0] == _SMOOTH
        yield told, brought if is_smoothing else frozenset()
        brought = told.brought


def _told(document: Document, step: Step) -> _Told:
    if step.records is not None:
        return _read(document, step.label, step.records)
    journal = document.journal
    if journal is None:
        return _Told(reaches=())
    known = _known.setdefault(journal, {})
    if step.id not in known:
        records = journal.load_records(step.id)
        known[step.id] = _read(document, step.label, records)
    return known[step.id]


def _read(document: Document, label: str, records: tuple[Record, ...]) -> _Told:
    arrays = [one for one in records if isinstance(one, ArraysChange)]
    if not arrays:
        change = ChangeSet(label=label, records=records, cause="commit")
        return _Told(reaches=reach_of(document, change))
    came = (one.key for one in arrays if one.table == "estimates" and not one.before)
    return _Told(reaches=None, brought=frozenset(came))
