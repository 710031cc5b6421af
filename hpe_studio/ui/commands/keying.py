"""What is done with keys: muted, heard alone, baked; joints taken back."""

from __future__ import annotations

from hpe_studio.core.edit import Edit
from hpe_studio.edits import muting
from hpe_studio.edits.bake import bake_keys
from hpe_studio.edits.bake import reset_to_estimate as reset
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.finding import chosen_keys, tracks_within
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def mute_key(desk: Desk) -> None:
    """Leave the selected keys out, else the one here; again: let them count."""
    session = session_of(desk)
    keys = chosen_keys(session)
    muted = not all(key.muted for key in keys)
    label = tr("Mute key") if muted else tr("Unmute key")

    def write(edit: Edit) -> None:
        muting.set_muted(edit, keys, muted=muted)

    if keys:
        session.perform(label, write)


def solo_key(desk: Desk) -> None:
    """Mute all other keys of the track; again: let all count."""
    session = session_of(desk)
    keys = chosen_keys(session)

    def write(edit: Edit) -> None:
        muting.solo(edit, session.document, keys)

    if keys:
        session.perform(tr("Solo key"), write)


def bake(desk: Desk) -> None:
    """Write keys into the base: of the range, else the selected ones' frames."""
    session = session_of(desk)
    active = session.view.selection.active
    span = session.view.play_range or _span(session)
    if active is None or span is None:
        return
    document, counts = session.document, [0]

    def write(edit: Edit) -> None:
        tracks = tracks_within(document, active, *span)
        keyed = [
            t
            for t in tracks
            if any(
                _within(k.frame, span) for k in document.keys_of(t.id) if not k.muted
            )
        ] or list(tracks[:1])
        counts[0] = sum(bake_keys(edit, document, t, *span) for t in keyed)

    if session.perform(tr("Bake keys"), write):
        told = tr("1 key is in the base now")
        if counts[0] != 1:
            told = tr("{count} keys are in the base now").format(count=counts[0])
        session.notices.say(told, action="undo")


def reset_to_estimate(desk: Desk) -> None:
    """Take the selected joint, else the whole body, back to what was estimated.

    Over the range where one is set, else on the frame shown.
    """
    session = session_of(desk)
    track, joint = session.active_track, session.view.selection.joint
    if track is None:
        return
    frame = session.view.frame
    start, stop = session.view.play_range or (frame, frame + 1)
    joints = None if joint is None else [joint]
    document = session.document
    tracks = tracks_within(document, track.person_id, start, stop)

    def write(edit: Edit) -> None:
        for part in tracks:
            taken = max(start, part.start), min(stop, part.stop)
            reset(edit, document, part, *taken, joints=joints)

    name = document.persons[track.person_id].name
    posed = session.poser.pose_at(track.person_id, frame)
    if joint is not None and posed is not None:
        name = joint_title(posed.skeleton.joint_names[joint]).lower()
    session.perform(tr("Reset {what} to the estimate").format(what=name), write)


def _span(session: Session) -> tuple[int, int] | None:
    frames = [key.frame for key in chosen_keys(session)]
    return (min(frames), max(frames) + 1) if frames else None


def _within(frame: int, span: tuple[int, int]) -> bool:
    return span[0] <= frame < span[1]
