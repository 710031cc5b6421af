"""Poses and keys on one frame, and what becomes of keys over a range."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.api import Person
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key, Track
from hpe_studio.edits import bake as baking
from hpe_studio.edits import muting, pose, whole_pose
from hpe_studio.edits.stretch import stretches
from hpe_studio.edits.whole_pose import CopiedPose
from hpe_studio.motion.ik import Effector
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.posing.posed import PosedFrame
from hpe_studio.posing.rig import Held, Rig, pulled

Frames = tuple[int, int] | None
WHOLE = "whole body"
_SAME_RAD, _SAME_M = 1e-6, 1e-7


def rotate_joint(
    person: Person, joint: str, delta_rad: Sequence[float], *, frame: int
) -> None:
    """Turn a joint by a rotation vector in its parent's axes, by a key.

    Raises:
        StudioError: If the person is missing there or locked, or has no such joint.
    """
    posed = _posed(person, frame)
    index = _index(posed, joint)
    turn_rad = _triple(delta_rad)
    with person.document.edit(f"Rotate {joint.replace('_', ' ')}") as edit:
        pose.rotate_joint(
            edit,
            person.document,
            posed.track,
            frame=frame,
            joint=index,
            delta_parent_rad=turn_rad,
        )


def set_rotation(
    person: Person, joint: str, rotation_rad: Sequence[float], *, frame: int
) -> None:
    """Give a joint a rotation, a rotation vector in its parent's axes, by a key.

    Raises:
        StudioError: If the person is missing there or locked, or has no such joint.
    """
    posed = _posed(person, frame)
    index = _index(posed, joint)
    turned_rad = _triple(rotation_rad)
    with person.document.edit(f"Rotate {joint.replace('_', ' ')}") as edit:
        pose.set_joint_rotation(
            edit,
            person.document,
            posed.track,
            frame=frame,
            joint=index,
            rotation_rad=turned_rad,
        )


def move_joint(
    person: Person,
    joint: str,
    place_scene_m: Sequence[float],
    *,
    frame: int,
    pins: Sequence[str] = (),
) -> float:
    """Drag a joint to a place; the body follows as it does by hand, by a key.

    Args:
        person: Whose joint.
        joint: Its name ("left_wrist").
        place_scene_m: Where to, metres in the scene.
        frame: Clip frame.
        pins: Joints that stay where they are.

    Returns:
        How far the joint stays away from the place, metres; more than 0 where it is
        out of reach.

    Raises:
        StudioError: If the person is missing there or locked, or has no such joint.
    """
    posed = _posed(person, frame)
    place_m = _triple(place_scene_m)
    asked = Effector(joint=_index(posed, joint), place_m=place_m)
    stored = person.document.persons[person.id]
    rig = Rig(
        bones=posed.skeleton,
        rest_joints_m=person.poser.rest_joints_m(stored, posed.track.skeleton),
        joints_rad=np.asarray(posed.joints_rad, np.float64),
        root_m=np.asarray(posed.joints_scene_m[0], np.float64),
        pins=tuple(Held(joint=_index(posed, name)) for name in pins),
    )
    reached = pulled(rig, asked)
    apart_rad = geodesic_rad(rig.joints_rad, reached.joints_rad)
    turned = np.flatnonzero(apart_rad > _SAME_RAD)
    is_moved = float(np.abs(reached.root_m - rig.root_m).max()) > _SAME_M
    with person.document.edit(f"Move {joint.replace('_', ' ')}") as edit:
        pose.put_pose(
            edit,
            person.document,
            posed.track,
            frame=frame,
            joints_rad={j: reached.joints_rad[j] for j in turned.tolist()},
            root_scene_m=reached.root_m if is_moved else None,
        )
    return float(np.linalg.norm(reached.joints_m[asked.joint] - place_m))


def move_person(person: Person, root_scene_m: Sequence[float], *, frame: int) -> None:
    """Put the pelvis, and the whole body with it, to a place by a key."""
    track, place_m = _track(person, frame), _triple(root_scene_m)
    with person.document.edit("Move person") as edit:
        pose.set_root_place(
            edit,
            person.document,
            track,
            frame=frame,
            root_scene_m=place_m,
        )


def insert_key(
    person: Person, *, frame: int, joints: Sequence[str] | None = None
) -> None:
    """Hold the present pose with a key: some joints, or the whole body.

    Raises:
        StudioError: If the person is missing there or locked, or no joint is named.
    """
    posed = _posed(person, frame)
    if joints is not None and not joints:
        raise StudioError("a key holds a joint at least", fix="name one")
    chosen = None if joints is None else tuple(_index(posed, name) for name in joints)
    with person.document.edit("Insert key") as edit:
        pose.insert_key(edit, person.document, posed.track, frame=frame, joints=chosen)


def delete_key(person: Person, *, frame: int) -> None:
    """Take the key of a frame away.

    Raises:
        StudioError: If there is none.
    """
    key = _key(person, frame)
    with person.document.edit("Delete key") as edit:
        pose.delete_key(edit, key)


def move_key(person: Person, *, frame: int, to: int, copy: bool = False) -> None:
    """Put the key of a frame, or a copy of it, on another frame of its track."""
    key = _key(person, frame)
    with person.document.edit("Copy key" if copy else "Move key") as edit:
        put = pose.copy_key if copy else pose.move_key
        put(edit, person.document, key, to)


def set_blend(
    person: Person,
    *,
    frame: int,
    blend_in: int | None = None,
    blend_out: int | None = None,
) -> None:
    """Change over how many frames the key of a frame comes and goes."""
    key = _key(person, frame)
    with person.document.edit("Change blend") as edit:
        pose.set_blend(edit, key, blend_in=blend_in, blend_out=blend_out)


def mute_keys(person: Person, *, frames: Frames = None, muted: bool = True) -> None:
    """Leave the keys of a range out of the motion, or let them count again."""
    document = person.document
    start, stop = frames or (0, document.clip.frame_count)
    tracks = document.tracks_of(person.id)
    keys = [
        k for t in tracks for k in document.keys_of(t.id) if start <= k.frame < stop
    ]
    with document.edit("Mute keys" if muted else "Unmute keys") as edit:
        muting.set_muted(edit, keys, muted=muted)


def solo_key(person: Person, *, frame: int) -> None:
    """Let only the key of a frame count on its track; again: all of them."""
    key = _key(person, frame)
    with person.document.edit("Solo key") as edit:
        muting.solo(edit, person.document, [key])


def bake(person: Person, *, frames: Frames = None) -> int:
    """Write the keys of a range into the base; the motion stays. Gives their number."""
    document = person.document
    start, stop = frames or (0, document.clip.frame_count)
    with document.edit("Bake keys") as edit:
        return sum(
            baking.bake_keys(edit, document, track, start, stop)
            for track in document.tracks_of(person.id)
            if track.start < stop and start < track.stop
        )


def reset(person: Person, *, frames: Frames = None, limb: str = WHOLE) -> None:
    """Take a range or a limb back to what was estimated, without its keys."""
    document = person.document
    start, stop = frames or (0, None)
    chosen = stretches(
        document, persons=(person.id,), start=start, stop=stop, limb=limb
    )
    with document.edit("Reset to estimate") as edit:
        for part in chosen:
            baking.reset_to_estimate(
                edit, document, part.track, part.start, part.stop, joints=part.joints
            )


def copy_pose(person: Person, *, frame: int) -> CopiedPose:
    """The pose of a frame, for `paste_pose`."""
    return whole_pose.copy_pose(person.document, _track(person, frame), frame)


def paste_pose(
    person: Person, copied: CopiedPose, *, frame: int, mirrored: bool = False
) -> None:
    """Give a person a copied pose on a frame, by a key."""
    track = _track(person, frame)
    with person.document.edit("Paste pose") as edit:
        whole_pose.paste_pose(
            edit,
            person.document,
            track,
            frame=frame,
            pose=copied,
            is_mirrored=mirrored,
        )


def mirror_pose(person: Person, *, frame: int) -> None:
    """Mirror a pose left to right on a frame, by a key; place and heading stay."""
    track = _track(person, frame)
    with person.document.edit("Mirror pose") as edit:
        whole_pose.mirror_pose(edit, person.document, track, frame=frame)


def joint_place_m(person: Person, joint: str, *, frame: int) -> FloatArray:
    """Where a joint is in the scene on a frame, shape (3,), metres."""
    posed = _posed(person, frame)
    return np.asarray(posed.joints_scene_m[_index(posed, joint)])


def _triple(values: Sequence[float] | FloatArray) -> FloatArray:
    """A turn or a place, shape (3,).

    Raises:
        StudioError: If it is no three numbers.
    """
    given = np.asarray(values, np.float64)
    if given.shape != (3,) or not np.isfinite(given).all():
        raise StudioError("a turn or a place is three numbers", fix="give x, y and z")
    return given


def _posed(person: Person, frame: int) -> PosedFrame:
    posed = person.poser.pose_at(person.id, frame)
    if posed is None:
        raise StudioError(
            f"{person.name} is not there on frame {frame}", fix="choose another frame"
        )
    return posed


def _track(person: Person, frame: int) -> Track:
    return _posed(person, frame).track


def _index(posed: PosedFrame, joint: str) -> int:
    try:
        return posed.skeleton.index(joint)
    except KeyError:
        known = ", ".join(posed.skeleton.joint_names)
        raise StudioError(
            f"there is no joint {joint!r}", fix=f"choose among {known}"
        ) from None


def _key(person: Person, frame: int) -> Key:
    key = person.document.key_at(_track(person, frame).id, frame)
    if key is None:
        raise StudioError(
            f"{person.name} has no key on frame {frame}", fix="choose another frame"
        )
    return key
