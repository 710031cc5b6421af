"""Who is who: names, colours, locks, shapes, deleting people."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import PERSON_COLOURS, Person, letter
from hpe_studio.core.tables import Setting
from hpe_studio.core.track import Track

_NOTE = "note of person {}"
_MIXED_COLOUR = re.compile("#[0-9a-fA-F]{6}")


def add_person(edit: Edit, document: Document) -> Person:
    """A new person with the next free name and the colour used least."""
    everyone = document.persons.values()
    names = {person.name for person in everyone}
    position = next(i for i in range(10_000) if f"Person {letter(i)}" not in names)
    used = Counter(person.colour for person in everyone)
    person = Person(
        id=document.new_id(),
        name=f"Person {letter(position)}",
        colour=min(PERSON_COLOURS, key=lambda colour: used[colour]),
    )
    edit.put(person)
    return person


def rename_person(edit: Edit, person: Person, name: str) -> None:
    """Give a person another name.

    Raises:
        StudioError: If the name is empty or the person is locked.
    """
    check_unlocked(person)
    text = " ".join(name.split())
    if not text:
        raise StudioError("a person needs a name", fix="type one")
    edit.put(replace(person, name=text))


def recolour_person(edit: Edit, person: Person, colour: str) -> None:
    """Give a person another colour (a name of the theme or "#rrggbb").

    Raises:
        StudioError: If the person is locked, or there is no such colour.
    """
    check_unlocked(person)
    if colour not in PERSON_COLOURS and not _MIXED_COLOUR.fullmatch(colour):
        raise StudioError(
            f"there is no colour {colour!r}",
            fix=f'choose "#rrggbb" or among {", ".join(PERSON_COLOURS)}',
        )
    edit.put(replace(person, colour=colour))


def set_locked(edit: Edit, person: Person, *, locked: bool) -> None:
    """Refuse or allow edits of a person."""
    edit.put(replace(person, locked=locked))


def set_ignored(edit: Edit, person: Person, *, ignored: bool) -> None:
    """Leave a person (mirror, poster, crowd) out of problems and export, or not.

    Raises:
        StudioError: If the person is locked.
    """
    check_unlocked(person)
    edit.put(replace(person, ignored=ignored))


def set_shape(
    edit: Edit, person: Person, *, betas: Sequence[float], scale: float
) -> None:
    """Give a person another body shape; the pelvis stays where it is.

    Raises:
        StudioError: If the person is locked, or no body can be like that.
    """
    check_unlocked(person)
    shape = tuple(float(b) for b in betas)
    if not (all(map(isfinite, shape)) and isfinite(scale) and scale > 0):
        raise StudioError(
            "no body has this shape", fix="give numbers, and a size above 0"
        )
    edit.put(replace(person, betas=shape, scale=float(scale)))


def set_note(edit: Edit, person: Person, text: str) -> None:
    """Keep what somebody wrote about a person; nothing for an empty text.

    Raises:
        StudioError: If the person is locked.
    """
    check_unlocked(person)
    setting = Setting(name=_NOTE.format(person.id), value=text.strip())
    if setting.value:
        edit.put(setting)
    else:
        edit.remove(setting)


def note_of(document: Document, person: Person) -> str:
    """What somebody wrote about a person."""
    return str(document.setting(_NOTE.format(person.id), ""))


def give_track(edit: Edit, document: Document, track: Track, person: Person) -> None:
    """Give a track with its keys to another person.

    Raises:
        StudioError: If the track or either person is locked, or if the other person
            has a track there already.
    """
    check_unlocked(person)
    edit.check_unlocked(track.id)
    if track.person_id == person.id:
        raise StudioError(
            f"{person.name} has this track already", fix="choose somebody else"
        )
    for other in document.tracks_of(person.id):
        if other.start < track.stop and track.start < other.stop:
            first = max(other.start, track.start)
            raise StudioError(
                f"{person.name} has a track on frame {first} already",
                fix="give that one to somebody else first",
            )
    edit.put(replace(track, person_id=person.id))


def check_unlocked(person: Person) -> None:
    """Refuse to change a locked person.

    Raises:
        StudioError: If the person is locked.
    """
    if person.locked:
        raise StudioError(f"{person.name} is locked", fix="unlock the person")


def delete_person(edit: Edit, document: Document, person: Person) -> None:
    """Take a person away with all tracks, keys and estimates nobody else uses.

    Raises:
        StudioError: If the person or one of the tracks is locked.
    """
    check_unlocked(person)
    tracks = document.tracks_of(person.id)
    for track in tracks:
        edit.check_unlocked(track.id)
        for key in tuple(document.keys_of(track.id)):
            edit.remove(key)
        for mark in document.every_mark_of(track.id):
            edit.remove(mark)
        edit.remove(track)
    still_used = {track.estimate_id for track in document.tracks.values()}
    for track in tracks:
        estimate = document.estimates.get(track.estimate_id or -1)
        if estimate is not None and estimate.id not in still_used:
            edit.remove(estimate)
    for decision in tuple(document.decisions.values()):
        if decision.person_id == person.id:
            edit.remove(decision)
    if note_of(document, person):
        edit.remove(Setting(name=_NOTE.format(person.id), value=""))
    edit.remove(person)
