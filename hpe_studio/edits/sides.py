"""Left and right exchanged, where an estimate took one for the other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Key, Track
from hpe_studio.motion.mirroring import mirrored, mirrored_offsets, reflection

SPEC = EditSpec(id="unflip", label="Unflip")


def swap_sides(
    edit: Edit, document: Document, track: Track, *, start: int, stop: int
) -> None:
    """Take a person's left for the right on a range of frames.

    The body becomes its mirror image in the plane through the pelvis that faces the
    camera: each joint comes to where the joint of the other side was seen, at the
    depth on the other side of the pelvis. A person that was taken for facing the
    camera turns the back to it. Base, sources and keys are exchanged alike.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame; frames beside the track do not count.
        stop: The frame after the last.

    Raises:
        StudioError: If the track or its person is locked.
    """
    first, end = max(start, track.start), min(stop, track.stop)
    if first >= end:
        return
    rows = slice(first - track.start, end - track.start)
    plane = _image_plane(document, first)
    swap = skeleton(track.skeleton).mirror_permutation()
    base = track.base_rad[rows].astype(np.float64)
    edit.write(track, "base_rad", rows, mirrored(base, swap, plane))
    edit.write(track, "base_source", rows, track.base_source[rows][:, list(swap)])
    for key in tuple(document.keys_of(track.id)):
        if first <= key.frame < end:
            edit.put(_exchanged(key, swap, plane))


def _exchanged(key: Key, swap: tuple[int, ...], plane: FloatArray) -> Key:
    joints, offsets = mirrored_offsets(
        key.joints, np.array(key.offsets_rad), swap, plane
    )
    told = tuple((float(x), float(y), float(z)) for x, y, z in offsets)
    return replace(key, joints=joints, offsets_rad=told)


def _image_plane(document: Document, frame: int) -> FloatArray:
    """Reflection along the camera's line of sight, in the scene."""
    in_shot = frame - document.shot_at(frame).start
    forward = document.camera_at(frame).pose(in_shot)[2, :3]
    return reflection(np.asarray(forward, np.float64))
