"""Steps back and forth, keys, tools."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from hpe_studio.edits import pose
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.finding import chosen_keys, track_here
from hpe_studio.ui.commands.persons import delete_person


def undo(desk: Desk) -> None:
    """Take the last step back; first what is only shown, as a drag or a preview."""
    session = session_of(desk)
    if session.document.is_editing:
        session.requests.cancel_wanted.emit()
    else:
        session.undo()


def redo(desk: Desk) -> None:
    """Do the last undone step again."""
    session_of(desk).redo()


def insert_key(desk: Desk) -> None:
    """Hold the present pose: of the selected joint, else of the whole body."""
    joint = session_of(desk).view.selection.joint
    _hold(desk, None if joint is None else (joint,))


def key_body(desk: Desk) -> None:
    """Hold the present pose of the whole body."""
    _hold(desk, None)


def _hold(desk: Desk, joints: tuple[int, ...] | None) -> None:
    session = session_of(desk)
    track = track_here(session)
    if track is None:
        return
    session.perform(
        "Insert key" if joints else "Key whole body",
        partial(
            pose.insert_key,
            document=session.document,
            track=track,
            frame=session.view.frame,
            joints=joints,
        ),
    )


def delete_key(desk: Desk) -> None:
    """Delete the selected keys, else the one on the frame shown."""
    session = session_of(desk)
    keys = chosen_keys(session)
    label = "Delete key" if len(keys) == 1 else f"Delete {len(keys)} keys"

    def write(edit: object) -> None:
        for key in keys:
            pose.delete_key(edit, key)  # type: ignore[arg-type]

    if keys and session.perform(label, write):
        session.view.selection = replace(session.view.selection, keys=frozenset())


def copy_keys(desk: Desk) -> None:
    """Remember the selected key, else the one on the frame shown."""
    session = session_of(desk)
    keys = chosen_keys(session)
    if keys:
        session.copied_key = keys[0]
        session.notices.say("Key copied")


def paste_key(desk: Desk) -> None:
    """Put the remembered key on the frame shown."""
    session = session_of(desk)
    track = track_here(session)
    if track is None:
        return
    if session.copied_key is None:
        session.notices.inform("Copy a key first")
        return
    copied = replace(session.copied_key, track_id=track.id)
    frame = session.view.frame
    session.perform(
        "Paste key",
        lambda edit: pose.copy_key(edit, session.document, copied, frame),
    )


def delete_selected(desk: Desk) -> None:
    """Delete the selected keys, else the selected person."""
    session = session_of(desk)
    if session.view.selection.keys:
        delete_key(desk)
    elif session.view.selection.joint is None:
        delete_person(desk)


def use_select(desk: Desk) -> None:
    """Left mouse button selects."""
    session_of(desk).view.tool = "select"


def use_rotate(desk: Desk) -> None:
    """Left mouse button turns the selected joint by its rings."""
    session_of(desk).view.tool = "rotate"


def lock_x(desk: Desk) -> None:
    """Turn about X only."""
    session_of(desk).requests.axis_wanted.emit("x")


def lock_y(desk: Desk) -> None:
    """Turn about Y only."""
    session_of(desk).requests.axis_wanted.emit("y")


def lock_z(desk: Desk) -> None:
    """Turn about Z only."""
    session_of(desk).requests.axis_wanted.emit("z")


def cancel(desk: Desk) -> None:
    """Abort a drag; without one put the tool down, then the selection."""
    session = session_of(desk)
    if session.document.is_editing:
        session.requests.cancel_wanted.emit()
    elif session.view.tool != "select":
        session.view.tool = "select"
    else:
        session.select(None)
