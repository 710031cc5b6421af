"""What commands look up in a session: the track and the keys they mean."""

from __future__ import annotations

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
