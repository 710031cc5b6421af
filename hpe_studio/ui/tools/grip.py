"""A hand's hold on a body: what it drags, how the body follows, what is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key
from hpe_studio.edits import pose
from hpe_studio.motion.ik import Effector, Reached
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.posing.rig import Held, Rig, looking, pulled
from hpe_studio.render.pulling import Goal, PullDrag, Sight, goal_of, on_plane
from hpe_studio.ui.session import Session

GAZE_M = 0.35
Kind = Literal["joint", "gaze", "body"]
_SAME_RAD, _SAME_M = 1e-7, 1e-7
_DEPTH_IN_PICTURE, _DEPTH_IN_SCENE = 0.05, 0.1


@dataclass(kw_only=True, slots=True, eq=False)
class Grip:
    """What is held between press and release.

    Attributes:
        kind: A joint, the point the head looks at, or the whole body.
        posed: The person as the drag found them.
        joint: What was taken hold of.
        drag: How far the hand is.
        is_picture: Whether it is dragged in the footage.
        edit: The open edit; None while the hand has not moved.
        rig: The body, with its pins.
        key: The frame's key, as the drag found it or would make it.
        is_new: Whether there was none.
        reached: The pose now.
    """

    kind: Kind
    posed: PosedFrame
    joint: int
    drag: PullDrag
    is_picture: bool
    edit: Edit | None = None
    rig: Rig | None = None
    key: Key | None = None
    is_new: bool = True
    reached: Reached | None = field(default=None)


def gaze_m(posed: PosedFrame, head: int) -> FloatArray:
    """The handle before a head, shape (3,), that it looks at."""
    return posed.joints_scene_m[head] + GAZE_M * posed.rotations[head][:, 2]


def take_hold(session: Session, grip: Grip, label: str) -> None:
    """Open the edit and remember what the drag found.

    Raises:
        StudioError: If the person is locked or missing, the key there muted, or the
            estimate is shown in place of the motion.
    """
    document, posed = session.document, grip.posed
    if session.poser.is_before:
        raise StudioError(
            "what is shown is before the edits", fix="show the motion again"
        )
    track = document.tracks[posed.track.id]
    pose.present_base(track, posed.frame)
    person = document.persons[posed.person_id]
    found = document.key_at(track.id, posed.frame)
    pins = session.view.pins_of(posed.person_id)
    joints = range(posed.skeleton.joint_count)
    grip.key = pose.key_here(document, track, posed.frame, joints)
    grip.is_new = found is None
    grip.rig = Rig(
        bones=posed.skeleton,
        rest_joints_m=session.poser.rest_joints_m(person, track.skeleton),
        joints_rad=np.asarray(posed.joints_rad, np.float64),
        root_m=np.asarray(posed.joints_scene_m[0], np.float64),
        pins=tuple(
            Held(joint=pin.joint, keeps_turn=pin.keeps_turn)
            for pin in pins
            if pin.joint < posed.skeleton.joint_count
        ),
    )
    edit = document.begin_edit(label)
    try:
        edit.check_unlocked(track.id)
    except StudioError:
        edit.abort()
        raise
    grip.edit = edit


def follow(session: Session, grip: Grip, sight: Sight) -> None:
    """Let the body follow the hand, and write it.

    Raises:
        StudioError: If it cannot be written.
    """
    assert grip.rig is not None
    assert grip.edit is not None
    reached = _reached(session, grip, grip.rig, sight)
    if reached is not None and np.isfinite(reached.joints_rad).all():
        grip.reached = reached
        _write(session, grip, grip.rig, reached, grip.edit)
        grip.edit.preview()


def place_m(grip: Grip) -> FloatArray:
    """Where the dragged point is now, shape (3,)."""
    if grip.reached is None:
        return grip.drag.start_m
    if grip.kind == "gaze":
        return grip.drag.start_m
    return grip.reached.joints_m[grip.joint]


def _reached(session: Session, grip: Grip, rig: Rig, sight: Sight) -> Reached | None:
    goal = goal_of(grip.drag, sight)
    if not np.isfinite(goal.place_m).all():
        return None
    if grip.kind == "gaze":
        return looking(rig, grip.joint, goal.place_m)
    if grip.kind == "body":
        return _moved(session, grip, rig, sight, goal)
    return pulled(rig, _asked(grip, goal))


def _asked(grip: Grip, goal: Goal) -> Effector:
    soft = _DEPTH_IN_PICTURE if grip.is_picture else _DEPTH_IN_SCENE
    if grip.drag.deeper_m:
        soft = _DEPTH_IN_SCENE  # the depth was asked for
    return Effector(
        joint=grip.joint,
        place_m=goal.place_m,
        axes=goal.axes,
        weight=np.ones(3) if goal.is_firm else np.array([1.0, 1.0, soft]),
    )


def _moved(
    session: Session, grip: Grip, rig: Rig, sight: Sight, goal: Goal
) -> Reached | None:
    """The whole body elsewhere: along the floor in 3D, in the picture at its depth."""
    place: FloatArray | None = goal.place_m
    if grip.drag.lock is None and not grip.is_picture and not grip.drag.deeper_m:
        place = on_plane(grip.drag, sight, np.asarray(session.level_from_scene)[1, :3])
    if place is None:
        return None
    by_m = place - grip.drag.start_m
    return Reached(
        joints_rad=rig.joints_rad,
        root_m=rig.root_m + by_m,
        joints_m=grip.posed.joints_scene_m + by_m,
    )


def _write(
    session: Session, grip: Grip, rig: Rig, reached: Reached, edit: Edit
) -> None:
    """A key of what differs from the pose that the drag found; none if nothing does."""
    track = session.document.tracks[grip.posed.track.id]
    turned = geodesic_rad(rig.joints_rad, reached.joints_rad) > _SAME_RAD
    is_moved = float(np.abs(reached.root_m - rig.root_m).max()) > _SAME_M
    here = session.document.key_at(track.id, grip.posed.frame)
    if not turned.any() and not is_moved and grip.is_new:
        if here is not None:
            edit.remove(here)
        return
    pose.put_pose(
        edit,
        session.document,
        track,
        frame=grip.posed.frame,
        joints_rad={j: reached.joints_rad[j] for j in np.flatnonzero(turned).tolist()},
        root_scene_m=reached.root_m if is_moved else None,
        over=grip.key,
    )
