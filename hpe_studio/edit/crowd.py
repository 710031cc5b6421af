"""Who is who, who counts, and where the clip's cuts are."""

from __future__ import annotations

from hpe_studio.api import Person, Project
from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person as StoredPerson
from hpe_studio.core.track import Track
from hpe_studio.edits import cuts, identities, people, tracks
from hpe_studio.edits import merge as merging


def merge(person: Person, other: Person) -> int:
    """Give a person all that another one has. Gives on how many frames both were."""
    with person.document.edit("Merge people") as edit:
        merged = merging.merge_people(
            edit, person.document, _stored(person), _stored(other)
        )
    return merged.overlap


def swap(person: Person, other: Person, *, frames: tuple[int, int]) -> None:
    """Give each of two people what the other one has on a range."""
    with person.document.edit("Swap people") as edit:
        identities.swap_people(
            edit,
            person.document,
            _stored(person),
            _stored(other),
            start=frames[0],
            stop=frames[1],
        )


def cut(person: Person, *, frame: int) -> None:
    """Cut a person's track in two before a frame."""
    with person.document.edit("Cut track") as edit:
        tracks.cut_track(edit, person.document, _track(person, frame), frame)


def join(person: Person, *, frame: int) -> None:
    """Make one track of those that end and begin next to a frame.

    Raises:
        StudioError: If no track ends at or before it or none begins after that.
    """
    before = [t for t in person.document.tracks_of(person.id) if t.stop <= frame]
    after = [t for t in person.document.tracks_of(person.id) if t.start >= frame]
    if not before or not after:
        raise StudioError(
            f"there is nothing to join around frame {frame}",
            fix="choose a frame between two tracks",
        )
    with person.document.edit("Join tracks") as edit:
        tracks.join_tracks(edit, person.document, before[-1], after[0])


def give(person: Person, other: Person, *, frame: int) -> None:
    """Give the track a person has on a frame to another person."""
    with person.document.edit("Give track") as edit:
        people.give_track(edit, person.document, _track(person, frame), _stored(other))


def delete(person: Person) -> None:
    """Take a person away with all tracks, keys and estimates nobody else uses."""
    with person.document.edit("Delete person") as edit:
        people.delete_person(edit, person.document, _stored(person))


def rename(person: Person, name: str) -> None:
    """Give a person another name."""
    with person.document.edit("Rename person") as edit:
        people.rename_person(edit, _stored(person), name)


def recolour(person: Person, colour: str) -> None:
    """Give a person another colour: a name of the theme, or "#rrggbb"."""
    with person.document.edit("Recolour person") as edit:
        people.recolour_person(edit, _stored(person), colour)


def note(person: Person, text: str) -> None:
    """Keep a note about a person in the project; "" takes it away."""
    with person.document.edit("Write note") as edit:
        people.set_note(edit, _stored(person), text)


def add_person(project: Project) -> Person:
    """Somebody new without a track, who can be given one."""
    with project.document.edit("Add person") as edit:
        added = people.add_person(edit, project.document)
    return next(person for person in project.people if person.id == added.id)


def lock(person: Person, *, locked: bool = True) -> None:
    """Refuse or allow edits of a person."""
    with person.document.edit("Lock person" if locked else "Unlock person") as edit:
        people.set_locked(edit, _stored(person), locked=locked)


def ignore(person: Person, *, ignored: bool = True) -> None:
    """Leave a person (mirror, poster, crowd) out of problems and export, or not."""
    with person.document.edit("Ignore person" if ignored else "Heed person") as edit:
        people.set_ignored(edit, _stored(person), ignored=ignored)


def add_cut(project: Project, *, frame: int) -> None:
    """Begin a new shot on a frame."""
    with project.document.edit("Add cut") as edit:
        cuts.add_cut(edit, project.document, frame)


def remove_cut(project: Project, *, frame: int) -> None:
    """Make one shot of the two before and after a cut."""
    with project.document.edit("Remove cut") as edit:
        cuts.remove_cut(edit, project.document, frame)


def move_cut(project: Project, *, frame: int, to: int) -> None:
    """Let a cut lie elsewhere between its neighbours."""
    with project.document.edit("Move cut") as edit:
        cuts.move_cut(edit, project.document, frame, to=to)


def set_dissolve(project: Project, *, frame: int, length: int) -> None:
    """Say over how many frames a cut's picture changes; 0 makes it a hard cut."""
    with project.document.edit("Set dissolve") as edit:
        cuts.set_dissolve(edit, project.document, frame, frames=length)


def _stored(person: Person) -> StoredPerson:
    return person.document.persons[person.id]


def _track(person: Person, frame: int) -> Track:
    track = person.document.track_at(person.id, frame)
    if track is None:
        raise StudioError(
            f"{person.name} is not there on frame {frame}", fix="choose another frame"
        )
    return track
