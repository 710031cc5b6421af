"""Correcting poses: keys as offsets over the base.

Every function takes an open edit, so that a gesture of many calls is one step.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import DEFAULT_BLEND_FRAMES, Key, Track
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.posing.resolve import resolve

Triple = tuple[float, float, float]


def rotate_joint(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    frame: int,
    joint: int,
    delta_parent_rad: FloatArray,
) -> None:
    """Turn a joint by a rotation in its parent's axes, making or changing a key.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        frame: Clip frame of the key.
        joint: Joint to turn.
        delta_parent_rad: Rotation vector applied from the left to the present
            rotation, shape (3,).

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    target = compose(delta_parent_rad, present_rotation(document, track, frame, joint))
    set_joint_rotation(
        edit, document, track, frame=frame, joint=joint, rotation_rad=target
    )


def set_joint_rotation(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    frame: int,
    joint: int,
    rotation_rad: FloatArray,
) -> None:
    """Give a joint a rotation on one frame, making or changing a key.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        frame: Clip frame of the key.
        joint: Joint to set.
        rotation_rad: Wanted parent-space rotation vector, shape (3,).

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    base = present_base(track, frame)[joint]
    offset = compose(rotation_rad, inverse(base.astype(np.float64)))
    key = key_here(document, track, frame, (joint,))
    edit.put(_with_offset(key, joint, _triple(offset)))


def insert_key(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    frame: int,
    joints: tuple[int, ...] | None = None,
) -> None:
    """Hold the present pose with a key: some joints, or the whole body when None.

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    base = present_base(track, frame)
    motion = resolve(track, document.keys_of(track.id), np.array([frame]))
    wanted = joints if joints is not None else tuple(range(base.shape[0]))
    key = key_here(document, track, frame, wanted)
    for joint in wanted:
        present = motion.joints_rad[0, joint]
        offset = compose(present, inverse(base[joint].astype(np.float64)))
        key = _with_offset(key, joint, _triple(offset))
    if joints is None:
        row = track.base_root_m[frame - track.start]
        key = replace(key, root_offset_m=_triple(motion.root_scene_m[0] - row))
    edit.put(key)


def delete_key(edit: Edit, key: Key) -> None:
    """Take a key away; the motion goes back to base and neighbouring keys."""
    edit.remove(key)


def move_key(edit: Edit, document: Document, key: Key, to_frame: int) -> Key:
    """Put a key on another frame of its track, replacing a key that lies there.

    Raises:
        StudioError: If the frame lies outside the track.
    """
    moved = copy_key(edit, document, key, to_frame)
    if to_frame != key.frame:
        edit.remove(key)
    return moved


def copy_key(edit: Edit, document: Document, key: Key, to_frame: int) -> Key:
    """Put a copy of a key on another frame of its track.

    Raises:
        StudioError: If the frame lies outside the track.
    """
    track = document.tracks[key.track_id]
    if to_frame not in track:
        raise StudioError(
            f"frame {to_frame} lies outside the track",
            fix=f"stay within {track.start} and {track.stop - 1}",
        )
    moved = replace(key, frame=to_frame)
    edit.put(moved)
    return moved


def set_blend(
    edit: Edit,
    key: Key,
    *,
    blend_in: int | None = None,
    blend_out: int | None = None,
) -> None:
    """Change over how many frames a key comes and goes."""
    edit.put(
        replace(
            key,
            blend_in=key.blend_in if blend_in is None else max(0, blend_in),
            blend_out=key.blend_out if blend_out is None else max(0, blend_out),
        )
    )


def reset_joint_at(
    edit: Edit, document: Document, track: Track, *, frame: int, joint: int
) -> None:
    """Take a joint on one frame back to the base.

    Its part of the frame's key goes, and the key with its last part; where neighbours
    still reach the frame, a key holds the joint at the base.

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    base = present_base(track, frame)[joint].astype(np.float64)
    edit.check_unlocked(track.id)
    key = document.key_at(track.id, frame)
    if key is not None and joint in key.joints:
        less = _without_joint(key, joint)
        if less.joints or less.root_offset_m is not None:
            edit.put(less)
        else:
            edit.remove(key)
    if not np.array_equal(present_rotation(document, track, frame, joint), base):
        held = key_here(document, track, frame, (joint,))
        edit.put(_with_offset(held, joint, (0.0, 0.0, 0.0)))


def set_root_place(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    frame: int,
    root_scene_m: FloatArray,
) -> None:
    """Put the whole body elsewhere on one frame, making or changing a key.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        frame: Clip frame of the key.
        root_scene_m: Wanted place of the pelvis in the scene, shape (3,), metres.

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    present_base(track, frame)
    base_m = track.base_root_m[frame - track.start].astype(np.float64)
    key = key_here(document, track, frame, (0,))
    edit.put(replace(key, root_offset_m=_triple(root_scene_m - base_m)))


def put_pose(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    frame: int,
    joints_rad: Mapping[int, FloatArray],
    root_scene_m: FloatArray | None = None,
    over: Key | None = None,
) -> None:
    """Give some joints, and perhaps the pelvis, a place on one frame by a key.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        frame: Clip frame of the key.
        joints_rad: Wanted parent-space rotation vectors by joint, shape (3,) each.
        root_scene_m: Wanted place of the pelvis, shape (3,), or None where it stays.
        over: The key to write over, such as the frame's key when a drag began; the
            frame's own when None.

    Raises:
        StudioError: If the person is missing on that frame or locked, or the key muted.
    """
    base = present_base(track, frame).astype(np.float64)
    moves_root = root_scene_m is not None
    key = over or key_here(document, track, frame, {*joints_rad, *(0,) * moves_root})
    for joint, rotation_rad in joints_rad.items():
        offset = compose(rotation_rad, inverse(base[joint]))
        key = _with_offset(key, joint, _triple(offset))
    if root_scene_m is not None:
        base_m = track.base_root_m[frame - track.start].astype(np.float64)
        key = replace(key, root_offset_m=_triple(root_scene_m - base_m))
    edit.put(key)


def key_here(
    document: Document, track: Track, frame: int, joints: Collection[int]
) -> Key:
    """The key on a frame, or a new one to be put there.

    A new one among keys that reach past it comes and goes as far as they did, so that
    nothing beyond them changes.

    Args:
        document: Where the track lives.
        track: The track.
        frame: Clip frame.
        joints: What it will correct; the root's place goes with 0.

    Raises:
        StudioError: If the key there is muted.
    """
    key = document.key_at(track.id, frame)
    if key is not None and key.muted:
        raise StudioError(f"the key on frame {frame} is muted", fix="unmute it first")
    if key is not None:
        return key
    blend_in = blend_out = DEFAULT_BLEND_FRAMES
    for other in document.keys_of(track.id):
        of_root = 0 in joints and other.root_offset_m is not None
        if other.muted or not (of_root or any(j in joints for j in other.joints)):
            continue
        if other.frame < frame:
            blend_out = max(blend_out, other.frame + other.blend_out - frame)
        else:
            blend_in = max(blend_in, frame - other.frame + other.blend_in)
    return Key(track_id=track.id, frame=frame, blend_in=blend_in, blend_out=blend_out)


def present_rotation(
    document: Document, track: Track, frame: int, joint: int
) -> FloatArray:
    """Parent-space rotation vector of a joint as it is now, shape (3,).

    Raises:
        StudioError: If the person is missing on that frame.
    """
    present_base(track, frame)
    keys = document.keys_of(track.id)
    return resolve(track, keys, np.array([frame])).joints_rad[0, joint]


def present_base(track: Track, frame: int) -> FloatArray:
    """A track's base rotations on a frame, shape (joints, 3).

    Raises:
        StudioError: If the person is missing on that frame.
    """
    if frame not in track or np.isnan(track.base_rad[frame - track.start, 0, 0]):
        raise StudioError(
            f"the person is missing on frame {frame}",
            fix="go to a frame where the lane is filled",
        )
    return track.base_rad[frame - track.start]


def _with_offset(key: Key, joint: int, offset: Triple) -> Key:
    offsets = dict(zip(key.joints, key.offsets_rad, strict=True))
    offsets[joint] = offset
    ordered = sorted(offsets.items())
    return replace(
        key,
        joints=tuple(j for j, _ in ordered),
        offsets_rad=tuple(o for _, o in ordered),
    )


def _without_joint(key: Key, joint: int) -> Key:
    kept = [
        (j, o) for j, o in zip(key.joints, key.offsets_rad, strict=True) if j != joint
    ]
    return replace(
        key, joints=tuple(j for j, _ in kept), offsets_rad=tuple(o for _, o in kept)
    )


def _triple(vector: FloatArray) -> Triple:
    if not np.isfinite(vector).all():
        raise StudioError("a turn or a place is no number", fix="choose another one")
    x, y, z = (float(v) for v in vector)
    return (x, y, z)
