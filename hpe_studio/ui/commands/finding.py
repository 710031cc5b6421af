"""What commands look up in a session: the track and the keys they mean."""

from __future__ import annotations

from hpe_studio.core.document import Document
from hpe_studio.core.person import Person
from hpe_studio.core.track import Key, Track
from hpe_studio.ui.session import Session


def track_here(session: Session) -> Track | None:
    """The selected person's track on the frame shown; says so where there is none."""
    track = session.active_track
    if track is None and session.active_person is not None:
        name = session.active_person.name
        session.notices.inform(f"{name} is missing on this frame")
    return track


def chosen_keys(session: Session) -> tuple[Key, ...]:
    """The selected keys by frame, else the selected person's key on the frame shown."""
    document = session.document
    selected = (document.key_at(*place) for place in session.view.selection.keys)
    keys = tuple(key for key in selected if key is not None)
    if keys:
        return tuple(sorted(keys, key=lambda key: key.frame))
    track = session.active_track
    here = None if track is None else document.key_at(track.id, session.view.frame)
    return () if here is None else (here,)


def key_frames(session: Session) -> set[int]:
    """Frames with keys of the selected person, of everybody when nobody is."""
    active = session.view.selection.active
    document = session.document
    tracks = document.tracks.values() if active is None else document.tracks_of(active)
    return {key.frame for track in tracks for key in document.keys_of(track.id)}


def next_track(session: Session) -> Track | None:
    """The selected person's track that follows the present one in the same shot."""
    track = session.active_track
    if track is None:
        return None
    stop = session.document.shot_at(track.start).stop
    later = (t for t in session.document.tracks_of(track.person_id))
    return next((t for t in later if track.stop <= t.start < stop), None)


def pair_here(session: Session) -> tuple[Person, Person] | None:
    """The two selected persons; with one selected, the only other one on the frame."""
    document, frame = session.document, session.view.frame
    chosen = [document.persons[p] for p in session.view.selection.persons[-2:]]
    if len(chosen) == 1:
        ids = {t.person_id for t in document.tracks.values() if frame in t}
        others = [document.persons[p] for p in sorted(ids - {chosen[0].id})]
        chosen = [*chosen, *others] if len(others) == 1 else []
    return (chosen[0], chosen[1]) if len(chosen) == 2 else None


def tracks_within(
    document: Document, person_id: int, start: int, stop: int
) -> tuple[Track, ...]:
    """A person's tracks that meet a half-open range of clip frames."""
    mine = document.tracks_of(person_id)
    return tuple(t for t in mine if t.start < stop and start < t.stop)
