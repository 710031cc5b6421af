"""What becomes of a key's blend where its track is cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Key, Track
from hpe_studio.motion.rotations import compose, geodesic_rad, inverse
from hpe_studio.posing.resolve import Motion, resolve

_SAME_RAD = 1e-7
_SAME_M = 1e-7


def reach_over(keys: Sequence[Key], frame: int, *, is_late: bool) -> int:
    """How many frames blends of the other side reach beyond a cut, 0 for none.

    Args:
        keys: Keys of the whole track.
        frame: First frame of the later part.
        is_late: True for what reaches into the later part.
    """
    if is_late:
        over = [k.frame + k.blend_out - frame for k in keys if k.frame < frame]
    else:
        over = [frame - 1 - (k.frame - k.blend_in) for k in keys if k.frame >= frame]
    between = [k.frame for k in keys if (k.frame >= frame) is is_late]
    crosses = bool(between) and len(between) < len(keys)  # keys hold between each other
    return max([*over, 1 if crosses else 0, 0])


def keep_across_cut(
    edit: Edit,
    document: Document,
    part: Track,
    *,
    frame: int,
    reach: int,
    held: Motion,
    row: int,
) -> None:
    """Hold on a border what a key on the other side of the cut gave there.

    Args:
        edit: The open edit.
        document: Where the track lives.
        part: The part that lost the key.
        frame: Its frame at the cut.
        reach: Over how many frames the pose goes back to the base.
        held: Motion before the cut.
        row: Row of the frame in it.
    """
    now = resolve(part, document.keys_of(part.id), np.array([frame]))
    far = geodesic_rad(now.joints_rad[0], held.joints_rad[row]) > _SAME_RAD
    shift = held.root_scene_m[row] - now.root_scene_m[0]
    is_moved = bool(np.abs(shift).max() > _SAME_M)
    joints = [int(j) for j in np.flatnonzero(far)]
    if not joints and not is_moved:
        return
    base = part.base_rad[frame - part.start].astype(np.float64)
    root = held.root_scene_m[row] - part.base_root_m[frame - part.start]
    is_start = frame == part.start
    old = document.key_at(part.id, frame)
    key = old or Key(
        track_id=part.id,
        frame=frame,
        blend_in=0 if is_start else reach,
        blend_out=reach if is_start else 0,
    )
    offsets = dict(zip(key.joints, key.offsets_rad, strict=True))
    for joint in joints:
        x, y, z = compose(held.joints_rad[row, joint], inverse(base[joint])).tolist()
        offsets[joint] = (x, y, z)
    ordered = sorted(offsets.items())
    edit.put(
        replace(
            key,
            joints=tuple(joint for joint, _ in ordered),
            offsets_rad=tuple(offset for _, offset in ordered),
            root_offset_m=(
                (float(root[0]), float(root[1]), float(root[2]))
                if is_moved
                else key.root_offset_m
            ),
        )
    )
