"""Which frames of which tracks a change of the document speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hpe_studio.core.changes import ArrayChange, ArraysChange, ChangeSet
from hpe_studio.core.mark import Mark
from hpe_studio.core.person import Person
from hpe_studio.core.track import Key, Track

if TYPE_CHECKING:
    from hpe_studio.core.document import Document

Frames = tuple[int, int] | None
"""A half-open range of clip frames; None for the whole track."""


def touched(document: Document, changes: ChangeSet) -> list[tuple[Track, Frames]]:
    """The tracks that are judged otherwise after a change, as they were and are."""
    found: list[tuple[Track, Frames]] = []
    for record in changes.records:
        if isinstance(record, ArrayChange):
            track = document.tracks.get(record.track_id)
            if track is not None:
                first = track.start + record.row
                found.append((track, (first, first + record.before.shape[0])))
        elif not isinstance(record, ArraysChange):
            now = document.table(record.table).get(record.key)
            for value in (record.before, now):
                found += _about(document, value)
            found += _about_person(document, record.before, now)
    return found


def _about(document: Document, value: Any) -> list[tuple[Track, Frames]]:
    if isinstance(value, Track):
        return [(value, None)]
    if isinstance(value, Mark | Key) and value.track_id in document.tracks:
        track = document.tracks[value.track_id]
        if isinstance(value, Mark):
            return [(track, (value.start, value.stop))]
        return [(track, _reach(document, value))]
    return []


def _reach(document: Document, key: Key) -> tuple[int, int]:
    """Where a key, or a neighbour that it held back, acts at most."""
    blends = [
        frames
        for k in (key, *document.keys_of(key.track_id))
        for frames in (k.blend_in, k.blend_out)
    ]
    reach = 2 * max(blends) + 1
    return key.frame - reach, key.frame + reach


def _about_person(
    document: Document, before: Any, now: Any
) -> list[tuple[Track, Frames]]:
    """All tracks of a person of another name or body."""
    if not isinstance(before, Person) or not isinstance(now, Person):
        return []
    told = [(p.name, p.betas, p.scale, p.ignored) for p in (before, now)]
    if told[0] == told[1]:
        return []
    return [(track, None) for track in document.tracks_of(now.id)]
