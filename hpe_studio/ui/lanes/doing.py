"""What commands do to keys in the lanes: select all, move by a frame, copy, delete."""

from __future__ import annotations

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key
from hpe_studio.edits.keys import delete_joints
from hpe_studio.ui.commands.finding import chosen_keys
from hpe_studio.ui.lanes import drags
from hpe_studio.ui.lanes.model import Place
from hpe_studio.ui.lanes.selecting import select_keys
from hpe_studio.ui.lanes.snapping import allowed_shift
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def select_all_keys(session: Session) -> None:
    """Select all keys of the selected people, of everybody where nobody is."""
    document = session.document
    chosen = session.view.selection.persons or tuple(document.persons)
    places = frozenset(
        key.key
        for person_id in chosen
        for track in document.tracks_of(person_id)
        for key in document.keys_of(track.id)
    )
    if places:
        select_keys(session, places)
    else:
        session.notices.inform(tr("There are no keys yet"))


def nudge_keys(session: Session, shift: int) -> None:
    """Move the selected keys, else the one on the frame shown, within their tracks."""
    keys = chosen_keys(session)
    bounded = _bounded(session, keys, shift)
    if not keys or bounded == 0:
        return
    was_there = any(key.frame == session.view.frame for key in keys)

    def write(edit: Edit) -> None:
        drags.shift_keys(edit, session.document, keys, bounded, as_copy=False)

    label = "Move key" if len(keys) == 1 else f"Move {len(keys)} keys"
    if session.perform(label, write):
        select_keys(session, frozenset((k.track_id, k.frame + bounded) for k in keys))
        if was_there:
            session.view.frame += bounded


def copy_to_playhead(session: Session, place: Place, part: str = "") -> None:
    """Copy the selected keys so that the clicked one comes to the frame shown.

    Args:
        session: Whose keys.
        place: The clicked key.
        part: Id of the part of the body that alone is copied, or "".
    """
    document = session.document
    found = drags.find(document, {*session.view.selection.keys, place}, part)
    shift = session.view.frame - place[1]
    label = "Copy key" if len(found.dragged) == 1 else "Copy keys"

    def write(edit: Edit) -> None:
        if _bounded(session, found.dragged, shift) != shift:
            raise StudioError(
                "a copy would lie outside the track",
                fix="copy fewer keys or go to another frame",
            )
        drags.shift_keys(edit, document, found.dragged, shift, as_copy=True, part=part)

    if session.perform(label, write):
        places = frozenset((k.track_id, k.frame + shift) for k in found.dragged)
        select_keys(session, places)


def delete_part(session: Session, place: Place, part: str) -> None:
    """Take a part of the body out of the selected keys and the clicked one."""
    document = session.document
    found = drags.find(document, {*session.view.selection.keys, place}, part)

    def write(edit: Edit) -> None:
        for key in found.dragged:
            delete_joints(edit, key, drags.joints_of(document, key, part))

    name = part.replace("_", " ")
    session.perform(f"Delete key of the {name}", write)


def _bounded(session: Session, keys: tuple[Key, ...], shift: int) -> int:
    tracks = session.document.tracks
    ranges = {
        k.track_id: (tracks[k.track_id].start, tracks[k.track_id].stop) for k in keys
    }
    return allowed_shift(shift, keys, ranges)
