"""What the actions do: short functions over the session and the window's few verbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Protocol

from hpe_studio.core.errors import StudioError
from hpe_studio.core.person import Person
from hpe_studio.core.track import Key, Track
from hpe_studio.core.viewstate import Selection
from hpe_studio.edits import people, pose
from hpe_studio.ui.session import Session


class Desk(Protocol):
    """What a window offers to commands beside its session."""

    @property
    def session(self) -> Session | None:
        """The open project."""
        ...

    def ask_for_clip(self) -> None:
        """Let a person choose a clip, project or results file and open it."""
        ...

    def ask_for_folder(self) -> None:
        """Let a person choose a folder of images and open it."""
        ...

    def ask_for_results(self) -> None:
        """Let a person choose a results file and open it."""
        ...

    def open_sample(self) -> None:
        """Open the sample clip."""
        ...

    def ask_for_run(self) -> None:
        """Let a person set up an estimation and start it."""
        ...

    def show_export(self) -> None:
        """Show the export window."""
        ...

    def ask_for_copy(self) -> None:
        """Let a person name a copy of the project and write it."""
        ...

    def ask_for_body(self) -> None:
        """Let a person choose a body model's file and use it."""
        ...

    def close_session(self) -> None:
        """Go back to the start page."""
        ...

    def show_about(self) -> None:
        """Tell name, version and licences."""
        ...

    def close(self) -> bool:
        """Close the window."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What actions can do now.

    Attributes:
        possible: Conditions of the table that hold.
        checked: Ids of switches that are on.
        undo_label, redo_label: Names of the steps, or None.
    """

    possible: frozenset[str]
    checked: frozenset[str] = frozenset()
    undo_label: str | None = None
    redo_label: str | None = None


_LAYER_SWITCHES = ("skeletons", "boxes", "names", "bodies", "ghost", "floor", "frustum")


def facts(desk: Desk) -> Facts:
    """What is possible and switched on in a window."""
    session = desk.session
    if session is None:
        return Facts(possible=frozenset({"always"}))
    history = session.document.history
    conditions = {
        "always": True,
        "clip": True,
        "run": session.footage is not None and not session.jobs.running,
        "person": session.active_person is not None,
        "joint": session.view.selection.joint is not None,
        "key": bool(_chosen_keys(session)),
        "undo": history.undo_label is not None,
        "redo": history.redo_label is not None,
    }
    checked = {
        f"toggle_{name}"
        for name in _LAYER_SWITCHES
        if getattr(session.view.layers, name)
    }
    checked.add(f"tool_{session.view.tool}")
    if session.playback.is_looping:
        checked.add("loop")
    return Facts(
        possible=frozenset(name for name, holds in conditions.items() if holds),
        checked=frozenset(checked),
        undo_label=history.undo_label,
        redo_label=history.redo_label,
    )


def _session(desk: Desk) -> Session:
    session = desk.session
    assert session is not None, "the action is off without a clip"
    return session


# Files -------------------------------------------------------------------------


def open_file(desk: Desk) -> None:
    """Open a clip, project or results file."""
    desk.ask_for_clip()


def open_folder(desk: Desk) -> None:
    """Open a folder of images."""
    desk.ask_for_folder()


def open_results(desk: Desk) -> None:
    """Open a results file."""
    desk.ask_for_results()


def open_sample(desk: Desk) -> None:
    """Open the sample clip."""
    desk.open_sample()


def run_estimate(desk: Desk) -> None:
    """Set up an estimation."""
    desk.ask_for_run()


def export(desk: Desk) -> None:
    """Show the export window."""
    desk.show_export()


def save_copy(desk: Desk) -> None:
    """Write a copy of the project."""
    desk.ask_for_copy()


def tell_saved(desk: Desk) -> None:
    """Say that nothing needs saving."""
    session = _session(desk)
    if session.project.is_read_only:
        session.notices.inform("This project is open for reading only")
        return
    session.project.flush()
    session.notices.say(f"All edits are kept in {session.project.path.name}")


def close_project(desk: Desk) -> None:
    """Go back to the start page."""
    desk.close_session()


def quit_program(desk: Desk) -> None:
    """Close the window."""
    desk.close()


def about(desk: Desk) -> None:
    """Tell name, version and licences."""
    desk.show_about()


# Edits --------------------------------------------------------------------------


def undo(desk: Desk) -> None:
    """Take the last step back."""
    _session(desk).undo()


def redo(desk: Desk) -> None:
    """Do the last undone step again."""
    _session(desk).redo()


def insert_key(desk: Desk) -> None:
    """Hold the present pose: of the selected joint, else of the whole body."""
    session = _session(desk)
    found = _track_here(session)
    if found is None:
        return
    joint = session.view.selection.joint
    frame = session.view.frame
    session.perform(
        "Insert key",
        partial(
            pose.insert_key,
            document=session.document,
            track=found,
            frame=frame,
            joints=None if joint is None else (joint,),
        ),
    )


def delete_key(desk: Desk) -> None:
    """Delete the selected keys, else the one on the frame shown."""
    session = _session(desk)
    keys = _chosen_keys(session)
    label = "Delete key" if len(keys) == 1 else f"Delete {len(keys)} keys"

    def write(edit: object) -> None:
        for key in keys:
            pose.delete_key(edit, key)  # type: ignore[arg-type]

    if keys and session.perform(label, write):
        session.view.selection = replace(session.view.selection, keys=frozenset())


def copy_keys(desk: Desk) -> None:
    """Remember the selected key, else the one on the frame shown."""
    session = _session(desk)
    keys = _chosen_keys(session)
    if keys:
        session.copied_key = keys[0]
        session.notices.say("Key copied")


def paste_key(desk: Desk) -> None:
    """Put the remembered key on the frame shown."""
    session = _session(desk)
    track = _track_here(session)
    if session.copied_key is None or track is None:
        session.notices.inform("Copy a key first (Ctrl+C)")
        return
    copied = replace(session.copied_key, track_id=track.id)
    frame = session.view.frame
    session.perform(
        "Paste key",
        lambda edit: pose.copy_key(edit, session.document, copied, frame),
    )


def delete_selected(desk: Desk) -> None:
    """Delete the selected keys, else the selected person."""
    session = _session(desk)
    if session.view.selection.keys:
        delete_key(desk)
    elif session.view.selection.joint is None:
        delete_person(desk)


def use_select(desk: Desk) -> None:
    """Left mouse button selects."""
    _session(desk).view.tool = "select"


def use_rotate(desk: Desk) -> None:
    """Left mouse button turns the selected joint by its rings."""
    _session(desk).view.tool = "rotate"


def lock_x(desk: Desk) -> None:
    """Turn about X only."""
    _session(desk).requests.axis_wanted.emit("x")


def lock_y(desk: Desk) -> None:
    """Turn about Y only."""
    _session(desk).requests.axis_wanted.emit("y")


def lock_z(desk: Desk) -> None:
    """Turn about Z only."""
    _session(desk).requests.axis_wanted.emit("z")


def cancel(desk: Desk) -> None:
    """Abort a drag; without one put the tool down, then the selection."""
    session = _session(desk)
    if session.document.is_editing:
        session.requests.cancel_wanted.emit()
    elif session.view.tool != "select":
        session.view.tool = "select"
    else:
        session.select(None)


# Looking --------------------------------------------------------------------------


def view_front(desk: Desk) -> None:
    """Look from the front."""
    _session(desk).requests.preset_wanted.emit("front")


def view_side(desk: Desk) -> None:
    """Look from the side."""
    _session(desk).requests.preset_wanted.emit("side")


def view_top(desk: Desk) -> None:
    """Look from above."""
    _session(desk).requests.preset_wanted.emit("top")


def view_camera(desk: Desk) -> None:
    """Look through the clip's camera, the picture behind."""
    _session(desk).requests.preset_wanted.emit("camera")


def frame_selection(desk: Desk) -> None:
    """Bring the selection, or everyone, into view."""
    _session(desk).requests.framing_wanted.emit()


def _toggle_layer(name: str, desk: Desk) -> None:
    view = _session(desk).view
    view.layers = replace(view.layers, **{name: not getattr(view.layers, name)})


toggle_skeletons = partial(_toggle_layer, "skeletons")
toggle_boxes = partial(_toggle_layer, "boxes")
toggle_names = partial(_toggle_layer, "names")
toggle_bodies = partial(_toggle_layer, "bodies")
toggle_ghost = partial(_toggle_layer, "ghost")
toggle_floor = partial(_toggle_layer, "floor")
toggle_frustum = partial(_toggle_layer, "frustum")


# Going places ---------------------------------------------------------------------


def play(desk: Desk) -> None:
    """Play forwards, or stop."""
    _session(desk).playback.toggle()


def play_back(desk: Desk) -> None:
    """Play backwards; again, faster."""
    _session(desk).playback.shuttle(-1)


def stop(desk: Desk) -> None:
    """Stop playing."""
    _session(desk).playback.stop()


def play_forward(desk: Desk) -> None:
    """Play forwards; again, faster."""
    _session(desk).playback.shuttle(1)


def toggle_loop(desk: Desk) -> None:
    """Loop the range, or stop at its end."""
    playback = _session(desk).playback
    playback.is_looping = not playback.is_looping


def _step(by: int, desk: Desk) -> None:
    session = _session(desk)
    session.playback.stop()
    session.view.frame += by


previous_frame = partial(_step, -1)
next_frame = partial(_step, 1)
back_ten = partial(_step, -10)
forward_ten = partial(_step, 10)


def previous_key(desk: Desk) -> None:
    """Go to the key before."""
    session = _session(desk)
    earlier = [f for f in _key_frames(session) if f < session.view.frame]
    if earlier:
        session.view.frame = max(earlier)


def next_key(desk: Desk) -> None:
    """Go to the key after."""
    session = _session(desk)
    later = [f for f in _key_frames(session) if f > session.view.frame]
    if later:
        session.view.frame = min(later)


def shot_start(desk: Desk) -> None:
    """Go to the start of the shot; from there to the start of the one before."""
    session = _session(desk)
    frame = session.view.frame
    shot = session.document.shot_at(frame)
    if frame == shot.start and frame > 0:
        shot = session.document.shot_at(frame - 1)
    session.view.frame = shot.start


def shot_end(desk: Desk) -> None:
    """Go to the end of the shot; from there to the end of the next one."""
    session = _session(desk)
    frame = session.view.frame
    shot = session.document.shot_at(frame)
    if frame == shot.stop - 1 and frame + 1 < session.document.clip.frame_count:
        shot = session.document.shot_at(frame + 1)
    session.view.frame = shot.stop - 1


def clip_start(desk: Desk) -> None:
    """Go to the first frame."""
    _session(desk).view.frame = 0


def clip_end(desk: Desk) -> None:
    """Go to the last frame."""
    session = _session(desk)
    session.view.frame = session.document.clip.frame_count - 1


def range_in(desk: Desk) -> None:
    """Let the range start on the frame shown."""
    session = _session(desk)
    frame = session.view.frame
    stop_frame = session.playback.bounds()[1]
    if stop_frame <= frame + 1:
        stop_frame = session.document.clip.frame_count
    session.view.play_range = (frame, stop_frame)


def range_out(desk: Desk) -> None:
    """Let the range end on the frame shown."""
    session = _session(desk)
    frame = session.view.frame
    start = session.playback.bounds()[0]
    session.view.play_range = (start if start <= frame else 0, frame + 1)


def range_clear(desk: Desk) -> None:
    """Play the whole clip."""
    _session(desk).view.play_range = None


# Persons --------------------------------------------------------------------------


def rename_person(desk: Desk) -> None:
    """Type a person's name in the list."""
    session = _session(desk)
    person = session.active_person
    if person is not None:
        session.requests.rename_wanted.emit(person.id)


def hide_person(desk: Desk) -> None:
    """Close the eyes of the selected persons."""
    view = _session(desk).view
    hidden = view.layers.hidden_persons | set(view.selection.persons)
    view.layers = replace(view.layers, hidden_persons=hidden)


def show_all(desk: Desk) -> None:
    """Open all eyes."""
    view = _session(desk).view
    view.layers = replace(view.layers, hidden_persons=frozenset())


def toggle_locked(desk: Desk) -> None:
    """Lock or unlock the selected person."""
    session = _session(desk)
    if session.active_person is not None:
        lock_person(session, session.active_person)


def lock_person(session: Session, person: Person) -> None:
    """Lock an unlocked person and the other way round."""
    label = f"Unlock {person.name}" if person.locked else f"Lock {person.name}"
    locked = not person.locked
    session.perform(label, lambda edit: people.set_locked(edit, person, locked=locked))


def delete_person(desk: Desk) -> None:
    """Delete the selected person, with a way back in the toast."""
    session = _session(desk)
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
    use_body(_session(desk), None)


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


# What the commands look up -----------------------------------------------------------


def _track_here(session: Session) -> Track | None:
    track = session.active_track
    if track is None and session.active_person is not None:
        name = session.active_person.name
        session.notices.inform(f"{name} is missing on this frame")
    return track


def _chosen_keys(session: Session) -> tuple[Key, ...]:
    document = session.document
    selected = (document.key_at(*place) for place in session.view.selection.keys)
    keys = tuple(key for key in selected if key is not None)
    if keys:
        return tuple(sorted(keys, key=lambda key: key.frame))
    track = session.active_track
    here = None if track is None else document.key_at(track.id, session.view.frame)
    return () if here is None else (here,)


def _key_frames(session: Session) -> set[int]:
    active = session.view.selection.active
    document = session.document
    tracks = document.tracks.values() if active is None else document.tracks_of(active)
    return {key.frame for track in tracks for key in document.keys_of(track.id)}
