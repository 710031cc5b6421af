"""Whole poses: copied, pasted, mirrored; each becomes a key on its frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.edits.pose import key_here, present_base
from hpe_studio.motion.mirroring import heading_axis, mirrored, reflection, turned_to
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.posing.resolve import resolve


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CopiedPose:
    """A pose that was copied.

    Attributes:
        skeleton: Name of its skeleton.
        joints_rad: Parent-space rotation vectors, shape (joints, 3).
        up_scene: The levelled floor's up direction where it was copied, shape (3,).
    """

    skeleton: str
    joints_rad: FloatArray
    up_scene: FloatArray


def copy_pose(document: Document, track: Track, frame: int) -> CopiedPose:
    """The pose of a track on a frame, as it is now.

    Raises:
        StudioError: If the person is missing on that frame.
    """
    present_base(track, frame)
    return CopiedPose(
        skeleton=track.skeleton,
        joints_rad=_present(document, track, frame),
        up_scene=_up(document, frame),
    )


def paste_pose(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    frame: int,
    pose: CopiedPose,
    is_mirrored: bool = False,
) -> None:
    """Give a person a copied pose on one frame, by a key.

    Place and heading stay those of the person: the copied pelvis is turned about the
    vertical to face where the person faces.

    Raises:
        StudioError: If the person is missing there, locked, or of another skeleton.
    """
    if pose.skeleton != track.skeleton:
        raise StudioError(
            f"the copied pose has the joints of {pose.skeleton}, "
            f"this person those of {track.skeleton}",
            fix="copy from a person of the same body",
        )
    joints_rad = pose.joints_rad.copy()
    if is_mirrored:
        joints_rad = _mirror(track.skeleton, joints_rad, pose.up_scene)
    here = _present(document, track, frame)[0]
    joints_rad[0] = turned_to(
        joints_rad[0], here, up_from=pose.up_scene, up_to=_up(document, frame)
    )
    hold_pose(edit, document, track, frame=frame, joints_rad=joints_rad)


def mirror_pose(edit: Edit, document: Document, track: Track, *, frame: int) -> None:
    """Mirror a pose left to right on one frame, by a key; place and heading stay.

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    present_base(track, frame)
    joints_rad = _present(document, track, frame)
    wanted = _mirror(track.skeleton, joints_rad, _up(document, frame))
    hold_pose(edit, document, track, frame=frame, joints_rad=wanted)


def hold_pose(
    edit: Edit, document: Document, track: Track, *, frame: int, joints_rad: FloatArray
) -> None:
    """Give all joints a rotation on one frame, by a key.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        frame: Clip frame of the key.
        joints_rad: Parent-space rotation vectors, shape (joints, 3).

    Raises:
        StudioError: If the person is missing on that frame or locked.
    """
    base = present_base(track, frame).astype(np.float64)
    offsets = compose(joints_rad, inverse(base))
    key = key_here(document, track, frame, range(len(offsets)))
    told = tuple((float(x), float(y), float(z)) for x, y, z in offsets)
    edit.put(replace(key, joints=tuple(range(len(told))), offsets_rad=told))


def _present(document: Document, track: Track, frame: int) -> FloatArray:
    keys = document.keys_of(track.id)
    return resolve(track, keys, np.array([frame])).joints_rad[0]


def _mirror(name: str, joints_rad: FloatArray, up_scene: FloatArray) -> FloatArray:
    plane = reflection(heading_axis(joints_rad[0], up_scene))
    return mirrored(joints_rad, skeleton(name).mirror_permutation(), plane)


def _up(document: Document, frame: int) -> FloatArray:
    return document.shot_at(frame).level_from_scene[1, :3].astype(np.float64)
