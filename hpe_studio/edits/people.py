"""Who is who: names, colours, locks, shapes, deleting people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import PERSON_COLOURS, Person, letter


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
        StudioError: If the name is empty.
    """
    text = " ".join(name.split())
    if not text:
        raise StudioError("a person needs a name", fix="type one")
    edit.put(replace(person, name=text))


def recolour_person(edit: Edit, person: Person, colour: str) -> None:
    """Give a person another colour (a name of the theme or "#rrggbb")."""
    edit.put(replace(person, colour=colour))


def set_locked(edit: Edit, person: Person, *, locked: bool) -> None:
    """Refuse or allow edits of a person."""
    edit.put(replace(person, locked=locked))


def set_shape(
    edit: Edit, person: Person, *, betas: Sequence[float], scale: float
) -> None:
    """Give a person another body shape; the pelvis stays where it is."""
    shape = tuple(float(b) for b in betas)
    edit.put(replace(person, betas=shape, scale=float(scale)))


def delete_person(edit: Edit, document: Document, person: Person) -> None:
    """Take a person away with all tracks, keys and estimates nobody else uses.

    Raises:
        StudioError: If the person or one of the tracks is locked.
    """
    if person.locked:
        raise StudioError(f"{person.name} is locked", fix="unlock the person")
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
    edit.remove(person)
