"""Writing a base anew under keys that keep the poses they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Key, Source, Track
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.posing.resolve import Motion, resolve


def rewrite_base(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    rows: slice,
    joints: Sequence[int],
    joints_rad: FloatArray,
    root_m: FloatArray | None = None,
    source: Source | ByteArray,
) -> None:
    """Write a part of a track's base; keys keep the pose on their frames.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        rows: Rows of the track (clip frame minus ``track.start``).
        joints: Joints that are written.
        joints_rad: Their rotations, shape (rows, joints, 3).
        root_m: The pelvis, shape (rows, 3), or None where it stays.
        source: What is said of the joints on these frames from now on: one for all, or
            shape (rows, joints).

    Raises:
        StudioError: If the track or its person is locked.
    """
    edit.check_unlocked(track.id)
    keys = tuple(document.keys_of(track.id))
    frames = np.array([key.frame for key in keys], dtype=int)
    held = resolve(track, keys, frames) if keys else None
    index: IntArray = np.array(sorted(joints))
    order = np.argsort(np.asarray(joints))
    at = np.arange(track.frame_count)[rows]
    edit.write(track, "base_rad", at, joints_rad[:, order], joints=index)
    said = np.broadcast_to(np.asarray(source, np.uint8), (len(at), len(index)))
    edit.write(track, "base_source", at, said[:, order], joints=index)
    if root_m is not None:
        edit.write(track, "base_root_m", at, root_m)
    if held is not None:
        anchor(edit, document.tracks[track.id], keys, held)


def anchor(edit: Edit, track: Track, keys: tuple[Key, ...], held: Motion) -> None:
    """Give keys the offsets that keep their poses over the base as it is now.

    Args:
        edit: The open edit.
        track: The track, its base already written.
        keys: Its keys.
        held: The motion on their frames as it should stay, a row per key.
    """
    for row, key in enumerate(keys):
        if key.muted:  # holds nothing for now
            continue
        base = track.base_rad[key.frame - track.start].astype(np.float64)
        offsets: list[tuple[float, float, float]] = []
        for joint in key.joints:
            offset = compose(held.joints_rad[row, joint], inverse(base[joint]))
            x, y, z = (float(v) for v in offset)
            offsets.append((x, y, z))
        root = key.root_offset_m
        if root is not None:
            here = track.base_root_m[key.frame - track.start]
            x, y, z = (float(v) for v in held.root_scene_m[row] - here)
            root = (x, y, z)
        moved = replace(key, offsets_rad=tuple(offsets), root_offset_m=root)
        if moved != key:
            edit.put(moved)


def rows_within(track: Track, start: int, stop: int) -> slice:
    """Rows of a track for a range of clip frames, cut to the track.

    Raises:
        StudioError: If the range is empty or does not touch the track.
    """
    if stop <= start:
        raise StudioError("the range is empty", fix="choose at least one frame")
    first, end = max(start, track.start), min(stop, track.stop)
    if first >= end:
        raise StudioError(
            f"frames {start} to {stop - 1} lie outside the track",
            fix=f"choose frames between {track.start} and {track.stop - 1}",
        )
    return slice(first - track.start, end - track.start)
