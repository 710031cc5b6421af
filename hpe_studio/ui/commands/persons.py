"""Names, colours, eyes, locks, bodies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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
    """Lock or unlock the selected person."""
    session = session_of(desk)
    if session.active_person is not None:
        lock_person(session, session.active_person)


def lock_person(session: Session, person: Person) -> None:
    """Lock an unlocked person and the other way round."""
    label = f"Unlock {person.name}" if person.locked else f"Lock {person.name}"
    locked = not person.locked
    session.perform(label, lambda edit: people.set_locked(edit, person, locked=locked))


def delete_person(desk: Desk) -> None:
    """Delete the selected person, with a way back in the toast."""
    session = session_of(desk)
    person = session.active_person
    if person is None:
        return
    if session.perform(
        f"Delete {person.name}",
        lambda edit: people.delete_person(edit, session.document, person),
    ):
        session.view.selection = Selection()
        session.notices.say(f"{person.name} deleted", action="undo")


def choose_body(desk: Desk) -> None:
    """Use another body model."""
    desk.ask_for_body()


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
    person = session.document.persons.get(person_id)
    if person is not None and colour != person.colour:
        session.perform(
            f"Recolour {person.name}",
            lambda edit: people.recolour_person(edit, person, colour),
        )
