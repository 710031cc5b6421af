"""Names, colours, eyes, locks, bodies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.viewstate import Selection
from hpe_studio.edits import people
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.session import Session


def rename_person(desk: Desk) -> None:
    """Type a person's name in the list."""
    session = session_of(desk)
    person = session.active_person
    if person is not None:
        session.requests.rename_wanted.emit(person.id)


def hide_person(desk: Desk) -> None:
    """Close the eyes of the selected persons."""
    view = session_of(desk).view
    hidden = view.layers.hidden_persons | set(view.selection.persons)
    view.layers = replace(view.layers, hidden_persons=hidden)


def show_all(desk: Desk) -> None:
    """Open all eyes."""
    view = session_of(desk).view
    view.layers = replace(view.layers, hidden_persons=frozenset())


def toggle_locked(desk: Desk) -> None:
    """Lock the selected persons; where all are locked, unlock them."""
    session = session_of(desk)
    lock_people(session, session.view.selection.persons)


def lock_person(session: Session, person: Person) -> None:
    """Lock an unlocked person and the other way round."""
    lock_people(session, (person.id,))


def lock_people(session: Session, person_ids: Iterable[int]) -> None:
    """Lock persons as one step; where all of them are locked, unlock them."""
    persons = people_of(session, person_ids)
    locked = not all(person.locked for person in persons)
    changing = [person for person in persons if person.locked != locked]

    def write(edit: Edit) -> None:
        for person in changing:
            people.set_locked(edit, person, locked=locked)

    if changing:
        verb = "Lock" if locked else "Unlock"
        session.perform(f"{verb} {title_of(changing)}", write)


def delete_person(desk: Desk) -> None:
    """Delete the selected persons, with a way back in the toast."""
    session = session_of(desk)
    delete_people(session, session.view.selection.persons)


def delete_people(session: Session, person_ids: Iterable[int]) -> None:
    """Delete persons as one step, with a way back in the toast."""
    persons = people_of(session, person_ids)

    def write(edit: Edit) -> None:
        for person in persons:
            people.delete_person(edit, session.document, person)

    title = title_of(persons)
    if persons and session.perform(f"Delete {title}", write):
        session.view.selection = Selection()
        session.notices.say(f"{title} deleted", action="undo")


def people_of(session: Session, person_ids: Iterable[int]) -> list[Person]:
    """The persons of those ids that exist, in the order of the list."""
    wanted = set(person_ids)
    return [person for person in session.persons if person.id in wanted]


def title_of(persons: Sequence[Person]) -> str:
    """The only person's name, else how many there are ("3 people")."""
    return persons[0].name if len(persons) == 1 else f"{len(persons)} people"


def choose_body(desk: Desk) -> None:
    """Use another body model."""
    desk.asking.for_body()


def use_open_body(desk: Desk) -> None:
    """Use the shipped body model."""
    use_body(session_of(desk), None)


def use_body(session: Session, path: Path | None) -> None:
    """Use a body model's file, the shipped one when None; poses and places stay."""
    from hpe_studio.workflow import bodies

    try:
        bodies.choose_body(session.document, path)
    except StudioError as error:
        session.notices.complain(error)


def rename(session: Session, person_id: int, name: str) -> None:
    """Give a person another name."""
    person = session.document.persons.get(person_id)
    if person is not None and name.strip() != person.name:
        session.perform(
            f"Rename {person.name}",
            lambda edit: people.rename_person(edit, person, name),
        )


def recolour(session: Session, person_id: int, colour: str) -> None:
    """Give a person another colour."""
    recolour_people(session, (person_id,), colour)


def recolour_people(session: Session, person_ids: Iterable[int], colour: str) -> None:
    """Give persons another colour as one step."""
    persons = people_of(session, person_ids)
    changing = [person for person in persons if person.colour != colour]

    def write(edit: Edit) -> None:
        for person in changing:
            people.recolour_person(edit, person, colour)

    if changing:
        session.perform(f"Recolour {title_of(changing)}", write)


def add_person(session: Session) -> None:
    """A new person without a track, selected and with the name to be typed."""
    added: list[Person] = []

    def write(edit: Edit) -> None:
        added.append(people.add_person(edit, session.document))

    if session.perform("Add person", write):
        session.select(added[0].id)


def give_track(session: Session, track_id: int, person_id: int) -> None:
    """Give a track to another person, with a way back in the toast."""
    track = session.document.tracks.get(track_id)
    person = session.document.persons.get(person_id)
    if track is None or person is None or track.person_id == person_id:
        return

    def write(edit: Edit) -> None:
        people.give_track(edit, session.document, track, person)

    if session.perform(f"Give track to {person.name}", write):
        session.select(person_id)
        session.notices.say(f"Track given to {person.name}", action="undo")
