"""Cuts of the film at the playhead, and the people on their sides."""

from __future__ import annotations

from functools import partial

from hpe_studio.edits import cuts
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def cut_shot(desk: Desk) -> None:
    """Let a new shot begin on the frame shown."""
    cut_shot_at(session_of(desk), session_of(desk).view.frame)


def cut_shot_at(session: Session, frame: int) -> None:
    """Let a new shot begin on a frame; the tracks over it are cut with it."""
    before = len(session.document.tracks)
    write = partial(cuts.add_cut, document=session.document, frame=frame)
    if session.perform(tr("Cut the shot"), write):
        count = len(session.document.tracks) - before
        told = tr("Shot cut; {count} tracks were cut with it").format(count=count)
        session.notices.say(told if count else tr("Shot cut"), action="undo")


def remove_cut(desk: Desk) -> None:
    """Join the shot shown with the one before it."""
    session = session_of(desk)
    remove_cut_at(session, session.document.shot_at(session.view.frame).start)


def remove_cut_at(session: Session, frame: int) -> None:
    """Join the shots on the sides of a cut; tracks of one person that touch, too."""
    write = partial(cuts.remove_cut, document=session.document, frame=frame)
    if session.perform(tr("Remove the cut"), write):
        session.notices.say(tr("Cut removed"), action="undo")


def move_cut_here(desk: Desk) -> None:
    """Let the nearer cut of the shot shown lie before the frame shown."""
    session = session_of(desk)
    frame = session.view.frame
    cut = cut_beside(session)
    if cut is not None:
        move_cut(session, cut, frame)
        told = tr("The cut lies before frame {frame} now")
        session.notices.say(told.format(frame=frame), action="undo")


def cut_beside(session: Session) -> int | None:
    """The nearer cut of the shot shown that can come to the frame shown."""
    frame, document = session.view.frame, session.document
    shot = document.shot_at(frame)
    ends = [shot.start, shot.stop]
    inner = [e for e in ends if 0 < e < document.clip.frame_count and e != frame]
    if frame == shot.start:  # the shot before would take this cut's place
        return None
    return min(inner, key=lambda end: abs(end - frame), default=None)


def move_cut(session: Session, frame: int, to: int) -> None:
    """Let a cut lie before another frame."""
    session.perform(
        tr("Move the cut"),
        partial(cuts.move_cut, document=session.document, frame=frame, to=to),
    )


def dissolve(desk: Desk) -> None:
    """Let the picture come out of the shot before up to the frame shown.

    Where that is so already, make it a hard cut again.
    """
    session = session_of(desk)
    shot = session.document.shot_at(session.view.frame)
    length = session.view.frame - shot.start + 1
    frames = 0 if length == shot.dissolve else length
    write = partial(
        cuts.set_dissolve, document=session.document, frame=shot.start, frames=frames
    )
    if session.perform(tr("Dissolve") if frames else tr("Hard cut"), write):
        told = tr("Dissolve over {count} frames").format(count=frames)
        session.notices.say(told if frames else tr("Hard cut"), action="undo")
