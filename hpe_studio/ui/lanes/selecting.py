"""Selecting keys and persons in the lanes."""

from __future__ import annotations

from hpe_studio.core.viewstate import Selection
from hpe_studio.ui.lanes.model import Place
from hpe_studio.ui.session import Session


def select_keys(session: Session, places: frozenset[Place]) -> None:
    """Select keys and their persons; the active person stays active if they may."""
    view, tracks = session.view, session.document.tracks
    owners = {tracks[track_id].person_id for track_id, _ in places}
    before = view.selection
    persons = tuple(p for p in before.persons if p in owners)
    added = tuple(sorted(owners - set(persons)))
    everyone = (*added, *persons) if places else before.persons
    joint = before.joint if everyone and everyone[-1] == before.active else None
    view.selection = Selection(persons=everyone, joint=joint, keys=places)


def select_person(session: Session, person_id: int, *, is_adding: bool) -> None:
    """Select a person and no key; the joint stays where the person was active."""
    before = session.view.selection
    joint = before.joint if before.active == person_id else None
    kept = tuple(p for p in before.persons if p != person_id) if is_adding else ()
    session.view.selection = Selection(persons=(*kept, person_id), joint=joint)


def selected_frames(session: Session) -> tuple[int, int] | None:
    """Half-open range of the selected keys, else of the selected people's tracks."""
    selection, document = session.view.selection, session.document
    frames = [frame for _, frame in selection.keys]
    if frames:
        return min(frames), max(frames) + 1
    tracks = [t for person in selection.persons for t in document.tracks_of(person)]
    if not tracks:
        return None
    return min(t.start for t in tracks), max(t.stop for t in tracks)
