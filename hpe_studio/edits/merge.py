"""Two people that are one: one identity with all that both had."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.track import Key, Source, Track
from hpe_studio.edits.people import check_unlocked, delete_person
from hpe_studio.edits.tracks import cut_track


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """What became of a merge.

    Attributes:
        person: Who stays.
        overlap: On how many frames both were there; there the surer one was kept.
    """

    person: Person
    overlap: int


def merge_people(edit: Edit, document: Document, one: Person, other: Person) -> Merged:
    """Give one person all that another one has, and take the other one away.

    Where both are there, the one with corrections by hand stays, else the one that the
    estimator was surer of, as a whole stretch and not frame by frame; what the other
    one has there goes. Name, colour and body are those of `one`.

    Args:
        edit: The open edit.
        document: Where they live.
        one: Who stays.
        other: Who goes.

    Returns:
        Who is left and how many frames were contested.

    Raises:
        StudioError: If they are the same person or one of them is locked.
    """
    if one.id == other.id:
        raise StudioError("one person cannot be merged", fix="select two people")
    for person in (one, other):
        check_unlocked(person)
        for track in document.tracks_of(person.id):
            edit.check_unlocked(track.id)
    contested = 0
    for start, stop in _overlaps(document, one, other):
        contested += _both_there(document, one, other, start, stop)
        trusts = [_trust(document, p, start, stop) for p in (one, other)]
        loser = one if trusts[1] > trusts[0] else other
        _take_away(edit, document, loser, start, stop)
    for track in document.tracks_of(other.id):
        edit.put(replace(track, person_id=one.id))
    for decision in tuple(document.decisions.values()):
        if decision.person_id == other.id:
            edit.put(replace(decision, person_id=one.id))
    delete_person(edit, document, other)
    return Merged(person=document.persons[one.id], overlap=contested)


def _overlaps(document: Document, one: Person, other: Person) -> list[tuple[int, int]]:
    """Half-open ranges where each has a track, in order."""
    found = [
        (max(a.start, b.start), min(a.stop, b.stop))
        for a in document.tracks_of(one.id)
        for b in document.tracks_of(other.id)
        if a.start < b.stop and b.start < a.stop
    ]
    return sorted(found)


def _both_there(
    document: Document, one: Person, other: Person, start: int, stop: int
) -> int:
    """On how many frames of a range neither is missing."""
    there = np.ones(stop - start, dtype=np.bool_)
    for person in (one, other):
        track = _track_over(document, person, start)
        there &= _present(track)[_rows(track, start, stop)]
    return int(there.sum())


def _present(track: Track) -> BoolArray:
    return np.asarray((track.base_source != Source.MISSING).any(axis=1))


def _trust(
    document: Document, person: Person, start: int, stop: int
) -> tuple[int, float]:
    """Keys by hand, then how sure the estimate is summed over the frames."""
    track = _track_over(document, person, start)
    keys = [k for k in document.keys_of(track.id) if start <= k.frame < stop]
    return len(keys), float(_sureness(document, track)[_rows(track, start, stop)].sum())


def _sureness(document: Document, track: Track) -> FloatArray:
    """The estimate's score per frame, else 1 where anybody is, shape (frames,)."""
    sure = _present(track).astype(np.float64)
    estimate = document.estimates.get(track.estimate_id or -1)
    scores = None if estimate is None else estimate.arrays.get("scores")
    if estimate is None or scores is None:
        return sure
    frames = np.arange(track.start, track.stop)
    told = (frames >= estimate.start) & (frames < estimate.stop)
    sure[told] *= np.nan_to_num(scores[frames[told] - estimate.start])
    return sure


def _rows(track: Track, start: int, stop: int) -> slice:
    return slice(start - track.start, stop - track.start)


def _track_over(document: Document, person: Person, frame: int) -> Track:
    track = document.track_at(person.id, frame)
    assert track is not None, "ranges of an overlap lie within a track of each"
    return track


def _take_away(
    edit: Edit, document: Document, person: Person, start: int, stop: int
) -> None:
    """Cut a stretch out of a person's track with its keys and marks."""
    part = _track_over(document, person, start)
    if part.start < start:
        _, part = cut_track(edit, document, part, start)
    if stop < part.stop:
        part, _ = cut_track(edit, document, part, stop)
    remove_track(edit, document, part)


def remove_track(edit: Edit, document: Document, track: Track) -> None:
    """Take a track away with its keys, marks and an estimate nobody else uses."""
    edit.check_unlocked(track.id)
    keys: tuple[Key, ...] = tuple(document.keys_of(track.id))
    for key in keys:
        edit.remove(key)
    for mark in document.every_mark_of(track.id):
        edit.remove(mark)
    edit.remove(track)
    used = {other.estimate_id for other in document.tracks.values()}
    estimate = document.estimates.get(track.estimate_id or -1)
    if estimate is not None and estimate.id not in used:
        edit.remove(estimate)
