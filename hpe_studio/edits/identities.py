"""Who is who: exchanging people over a range of frames."""

from __future__ import annotations

from dataclasses import replace

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.track import Track
from hpe_studio.edits.people import check_unlocked
from hpe_studio.edits.tracks import cut_track


def swap_people(
    edit: Edit,
    document: Document,
    one: Person,
    other: Person,
    *,
    start: int,
    stop: int,
) -> None:
    """Give each of two people what the other one has on a range of frames.

    Tracks are cut at the ends of the range; keys and marks go along. Where only one of
    them is there, that one's part is handed over.

    Args:
        edit: The open edit.
        document: Where they live.
        one: A person.
        other: Another person.
        start: First clip frame of the range.
        stop: The frame after its last.

    Raises:
        StudioError: If nobody is there, somebody is locked, it is one person only, or
            the range is empty.
    """
    if one.id == other.id:
        raise StudioError("one person cannot be swapped", fix="select two people")
    if stop <= start:
        raise StudioError("the range is empty", fix="choose at least one frame")
    for person in (one, other):
        check_unlocked(person)
    found: dict[int, list[Track]] = {}
    for person in (one, other):
        tracks = document.tracks_of(person.id)
        found[person.id] = [
            part
            for track in tracks
            if track.start < stop and start < track.stop
            for part in _inside(edit, document, track, start, stop)
        ]
    if not any(found.values()):
        raise StudioError(
            f"neither {one.name} nor {other.name} is there",
            fix="go to a frame where one of them is seen",
        )
    for person, goes_to in ((one, other), (other, one)):
        for part in found[person.id]:
            edit.check_unlocked(part.id)
            edit.put(replace(document.tracks[part.id], person_id=goes_to.id))


def _inside(
    edit: Edit, document: Document, track: Track, start: int, stop: int
) -> list[Track]:
    """The part of a track within a range, cut off from the rest."""
    part = track
    if part.start < start:
        _, part = cut_track(edit, document, part, start)
    if stop < part.stop:
        part, _ = cut_track(edit, document, part, stop)
    return [part]
