"""What the pages say of the selected joint: where it is, where its values come from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.person import Person
from hpe_studio.core.track import Source, Track
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.posing.resolve import resolve
from hpe_studio.render.skeleton2d import beyond_picture
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session

_CHUNK_FRAMES = 64


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SelectedJoint:
    """A joint of the active person on the frame shown.

    Attributes:
        person: Whose.
        posed: The person there.
        joint: Its index.
    """

    person: Person
    posed: PosedFrame
    joint: int

    @property
    def name(self) -> str:
        """Its name in the skeleton ("left_knee")."""
        return self.posed.skeleton.joint_names[self.joint]

    @property
    def title(self) -> str:
        """Its name for people ("Left knee")."""
        return joint_title(self.name)

    @property
    def source(self) -> Source:
        """Where its rotation comes from."""
        return Source(int(self.posed.source[self.joint]))


def posed_person(session: Session) -> PosedFrame | None:
    """The active person on the frame shown, or None where there is none."""
    active = session.view.selection.active
    if active is None:
        return None
    return session.poser.pose_at(active, session.view.frame)


def selected_joint(session: Session) -> SelectedJoint | None:
    """The selected joint, or None where there is none on the frame shown."""
    person, joint = session.active_person, session.view.selection.joint
    posed = posed_person(session)
    if person is None or posed is None or joint is None:
        return None
    if joint >= posed.skeleton.joint_count:
        return None
    return SelectedJoint(person=person, posed=posed, joint=joint)


def posed_others(session: Session) -> tuple[PosedFrame, ...]:
    """The other selected persons who are there on the frame shown."""
    others = session.view.selection.persons[:-1]
    found = (session.poser.pose_at(p, session.view.frame) for p in others)
    return tuple(posed for posed in found if posed is not None)


def locked_reason(session: Session) -> str:
    """Why the selected persons cannot be edited, or ""."""
    persons = session.document.persons
    locked = [persons[p] for p in session.view.selection.persons if p in persons]
    names = [person.name for person in locked if person.locked]
    return f"{names[0]} is locked" if names else ""


def estimate_of(
    session: Session, posed: PosedFrame
) -> tuple[FloatArray, FloatArray] | None:
    """Rotations and places of the estimate, as the person's body shows them.

    Returns:
        Parent-space rotation vectors and scene places, shape (joints, 3) each, or None
        where the estimate says nothing of that frame.
    """
    track = posed.track
    estimate = session.document.estimates.get(track.estimate_id or -1)
    if estimate is None or estimate.skeleton != track.skeleton:
        return None
    joints_rad = estimate.at("joints_rad", posed.frame)
    root_m = estimate.at("root_scene_m", posed.frame)
    if joints_rad is None or root_m is None or np.isnan(root_m).any():
        return None
    person = session.document.persons[posed.person_id]
    rest_m = session.poser.rest_joints_m(person, track.skeleton)
    places, _ = forward_kinematics(posed.skeleton.parents, rest_m, joints_rad, root_m)
    return np.asarray(joints_rad, np.float64), places


class OutsideRanges:
    """Over which frames a joint lies outside the picture; remembered until it moves.

    Args:
        session: Whose tracks and cameras.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[int, int], tuple[int, int]] = {}

    def forget(self) -> None:
        """Look again: poses or cameras changed."""
        self._known.clear()

    def around(self, selected: SelectedJoint) -> tuple[int, int] | None:
        """The half-open range about the frame shown, or None where it is inside."""
        posed, joint = selected.posed, selected.joint
        key = (posed.track.id, joint)
        known = self._known.get(key)
        if known is not None and known[0] <= posed.frame < known[1]:
            return known
        here = np.array([posed.frame])
        if not self._is_outside(posed.track, joint, here)[0]:
            return None
        start = self._edge(posed.track, joint, posed.frame, -1)
        stop = self._edge(posed.track, joint, posed.frame, 1)
        self._known[key] = (start, stop)
        return start, stop

    def _edge(self, track: Track, joint: int, frame: int, way: int) -> int:
        """Where the range ends in one direction: its first frame, or past its last."""
        at = frame
        last = track.start if way < 0 else track.stop - 1
        while at != last:
            reach = min(_CHUNK_FRAMES, abs(last - at))
            frames = at + way * np.arange(1, reach + 1)
            inside = np.flatnonzero(~self._is_outside(track, joint, frames))
            if len(inside):
                at += way * int(inside[0])
                break
            at += way * reach
        return at if way < 0 else at + 1

    def _is_outside(self, track: Track, joint: int, frames: IntArray) -> BoolArray:
        session = self._session
        document = session.document
        motion = resolve(track, document.keys_of(track.id), frames)
        person = document.persons[track.person_id]
        posed = session.poser.pose_at(person.id, session.view.frame)
        parents = posed.skeleton.parents if posed is not None else ()
        places, _ = forward_kinematics(
            parents,
            session.poser.rest_joints_m(person, track.skeleton),
            motion.joints_rad,
            motion.root_scene_m,
        )
        shot, camera = document.shot_at(track.start), document.camera_at(track.start)
        in_shot = np.maximum(frames - shot.start, 0)
        points = camera.project_each(places[:, joint], in_shot)
        return beyond_picture(points, document.clip.size_px)


def missing_range(session: Session, person_id: int) -> tuple[int, int] | None:
    """The half-open range about the frame shown where a person is missing, or None.

    It ends at the shot's borders.
    """
    document, frame = session.document, session.view.frame
    shot = document.shot_at(frame)
    present = np.zeros(shot.stop - shot.start, dtype=np.bool_)
    for track in document.tracks_of(person_id):
        start, stop = max(track.start, shot.start), min(track.stop, shot.stop)
        if start < stop:
            rows = track.base_root_m[start - track.start : stop - track.start, 0]
            present[start - shot.start : stop - shot.start] |= ~np.isnan(rows)
    at = frame - shot.start
    if at >= len(present) or present[at]:
        return None
    before, after = np.flatnonzero(present[:at]), np.flatnonzero(present[at:])
    start = shot.start + (int(before[-1]) + 1 if len(before) else 0)
    stop = frame + int(after[0]) if len(after) else shot.stop
    return start, stop
