"""Whole poses: copy, paste, mirror; and what is said of joints."""

from __future__ import annotations

from functools import partial

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.mark import MarkKind
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.track import Track
from hpe_studio.edits import marks, sides, whole_pose
from hpe_studio.edits.scope import Scope, scope_range
from hpe_studio.ui.commands import editing
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.commands.finding import track_here, tracks_within
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def copy(desk: Desk) -> None:
    """Remember the keys selected in the lanes, else the pose shown."""
    session = session_of(desk)
    if session.view.selection.keys:
        session.copied_pose = None
        editing.copy_keys(desk)
        return
    track = track_here(session)
    if track is None:
        return
    try:
        pose = whole_pose.copy_pose(session.document, track, session.view.frame)
    except StudioError as error:
        session.notices.complain(error)
        return
    session.copied_key, session.copied_pose = None, pose
    session.notices.say(tr("Pose copied"))


def paste(desk: Desk) -> None:
    """Put what was copied on the frame shown."""
    if session_of(desk).copied_key is not None:
        editing.paste_key(desk)
    else:
        _paste(desk, is_mirrored=False)


def paste_mirrored(desk: Desk) -> None:
    """Put the mirror image of the copied pose on the frame shown."""
    _paste(desk, is_mirrored=True)


def _paste(desk: Desk, *, is_mirrored: bool) -> None:
    session = session_of(desk)
    track, pose = track_here(session), session.copied_pose
    if track is None or pose is None:
        return
    session.perform(
        tr("Paste mirrored pose") if is_mirrored else tr("Paste pose"),
        partial(
            whole_pose.paste_pose,
            document=session.document,
            track=track,
            frame=session.view.frame,
            pose=pose,
            is_mirrored=is_mirrored,
        ),
    )


def mirror(desk: Desk) -> None:
    """Mirror the selected people's poses on the frame shown."""
    session = session_of(desk)
    document, frame = session.document, session.view.frame
    found = (document.track_at(p, frame) for p in session.view.selection.persons)
    tracks = [track for track in found if track is not None]

    def write(edit: Edit) -> None:
        for track in tracks:
            whole_pose.mirror_pose(edit, document, track, frame=frame)

    if tracks:
        session.perform(tr("Mirror pose"), write)


def swap_sides(desk: Desk) -> None:
    """Take left for right, after asking over which frames."""
    session = session_of(desk)
    person = session.active_person
    if person is not None:
        title = tr("Swap left and right of {name}").format(name=person.name)
        then = partial(_swap_sides, session, person.id, title)
        desk.hands.ask_scope(title, kind="sides", then=then)


def _swap_sides(session: Session, person_id: int, label: str, scope: Scope) -> None:
    document = session.document
    start, stop = scope_range(document, session.view.frame, scope)

    def write(edit: Edit) -> None:
        for track in tracks_within(document, person_id, start, stop):
            sides.swap_sides(edit, document, track, start=start, stop=stop)

    if session.perform(label, write):
        session.notices.say(tr("Left and right swapped"), action="undo")


def mark_outside(desk: Desk) -> None:
    """Say that the selected joint lies outside the picture, or take that back."""
    _mark(desk, "outside", tr("outside the frame"))


def mark_occluded(desk: Desk) -> None:
    """Say that the selected joint is hidden, or take that back."""
    _mark(desk, "occluded", tr("occluded"))


def mark_contact(desk: Desk) -> None:
    """Say that the selected foot stands, or take that back."""
    _mark(desk, "contact", tr("contact"))


def mark_accent(desk: Desk) -> None:
    """Say that the selected joint moves fast on purpose, or take that back."""
    _mark(desk, "accent", tr("accent"))


def _mark(desk: Desk, kind: MarkKind, words: str) -> None:
    session = session_of(desk)
    track, joint = track_here(session), session.view.selection.joint
    if track is None or joint is None:
        return
    frame = session.view.frame
    bones = skeleton(track.skeleton)
    joints = bones.descendants(joint) if joint else (joint,)
    if kind == "contact":
        joints = foot_joints(bones, joint)
        if not joints:
            session.notices.inform(tr("Select an ankle or the toes first"))
            return
    was = marks.is_marked(session.document, track, kind, joints, frame)
    name = joint_title(skeleton(track.skeleton).joint_names[joint]).lower()
    title = tr("No more {what}: {joint}") if was else tr("Mark {what}: {joint}")
    title = title.format(what=words, joint=name)
    then = partial(_put_marks, session, track, kind, joints, title, was)
    desk.hands.ask_scope(title, kind="marks", then=then)


def foot_joints(bones: Skeleton, joint: int) -> tuple[int, ...]:
    """What stands when a foot is selected: the heel by its ankle, or the toes."""
    is_foot = bones.joint_names[joint].endswith(("_ankle", "_foot"))
    return (joint,) if is_foot else ()


def _put_marks(
    session: Session,
    track: Track,
    kind: MarkKind,
    joints: tuple[int, ...],
    label: str,
    was: bool,
    scope: Scope,
) -> None:
    document = session.document
    start, stop = scope_range(document, session.view.frame, scope)
    put = marks.clear_mark if was else marks.set_mark

    def write(edit: Edit) -> None:
        for part in tracks_within(document, track.person_id, start, stop):
            put(edit, document, part, kind=kind, joints=joints, start=start, stop=stop)

    if session.perform(label, write):
        session.notices.say(label, action="undo")
