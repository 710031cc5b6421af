"""Whole motions mirrored: a track in its place, or everybody as in a mirror."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Key, Track
from hpe_studio.motion.mirroring import mirrored, mirrored_offsets, reflection

SPEC = EditSpec(
    id="mirror_motion",
    label="Mirror the motion",
    options=(
        Option(
            name="about",
            kind="choice",
            default="person",
            choices=("person", "picture"),
            help="In the person's own place, or as the flipped picture would show it",
        ),
    ),
)


def mirror_motion(
    edit: Edit, document: Document, track: Track, *, about: str = "person"
) -> None:
    """Mirror a whole track left to right: base, sources, keys and marks.

    The mirror is upright and looks along the camera: the left of the picture becomes
    its right. It goes through the middle of where the person is, or ("picture")
    through the camera, so that all people mirrored keep their places to each other.

    Raises:
        StudioError: If the track or its person is locked.
    """
    edit.check_unlocked(track.id)
    plane, centre = _mirror(document, track, about)
    swap = skeleton(track.skeleton).mirror_permutation()
    base = track.base_rad.astype(np.float64)
    root = track.base_root_m.astype(np.float64)
    source = track.base_source[:, list(swap)]
    keys = tuple(document.keys_of(track.id))
    marks = document.every_mark_of(track.id)
    edit.write(track, "base_rad", slice(None), mirrored(base, swap, plane))
    edit.write(track, "base_root_m", slice(None), centre + (root - centre) @ plane)
    edit.write(track, "base_source", slice(None), source)
    for key in keys:
        edit.put(_mirrored_key(key, swap, plane))
    for mark in marks:
        edit.put(replace(mark, joints=tuple(sorted(swap[j] for j in mark.joints))))


def _mirror(
    document: Document, track: Track, about: str
) -> tuple[FloatArray, FloatArray]:
    """The reflection and a point that stays, in the scene."""
    shot = document.shot_at(track.start)
    pose = document.camera_at(track.start).pose(track.start - shot.start)
    up = shot.level_from_scene[1, :3].astype(np.float64)
    right = pose[0, :3].astype(np.float64)
    right = right - (right @ up) * up
    if about == "picture":
        return reflection(right), -pose[:, :3].T @ pose[:, 3]
    known = track.base_root_m[np.isfinite(track.base_root_m[:, 0])]
    middle = known.astype(np.float64).mean(axis=0) if len(known) else np.zeros(3)
    return reflection(right), middle


def _mirrored_key(key: Key, swap: tuple[int, ...], plane: FloatArray) -> Key:
    joints, offsets = mirrored_offsets(
        key.joints, np.array(key.offsets_rad), swap, plane
    )
    told = tuple((float(x), float(y), float(z)) for x, y, z in offsets)
    root = key.root_offset_m
    if root is not None:
        x, y, z = (float(v) for v in plane @ np.array(root))
        root = (x, y, z)
    return replace(key, joints=joints, offsets_rad=told, root_offset_m=root)
