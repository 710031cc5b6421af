"""Motion = base + keys: what is drawn, measured and exported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.core.track import Key, Source, Track
from hpe_studio.motion.interpolation import position_offsets_at, rotation_offsets_at
from hpe_studio.motion.rotations import compose


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Motion:
    """Resolved motion of some frames of a track.

    Attributes:
        frames: Clip frames of the rows, shape (frames,).
        joints_rad: Parent-space rotation vectors, shape (frames, joints, 3).
        root_scene_m: Pelvis joint, shape (frames, 3), metres.
        source: `Source` codes, shape (frames, joints); KEYED inside a blend range
            where the offset is not zero.
    """

    frames: IntArray
    joints_rad: FloatArray
    root_scene_m: FloatArray
    source: ByteArray


def resolve(
    track: Track, keys: Sequence[Key], frames: IntArray | None = None
) -> Motion:
    """The motion of a track on some frames (all of them when None), in float64.

    Only joints that a key corrects, on frames its blend reaches, differ from the base;
    everything else is the base to the bit. Muted keys are as if they were not there.

    Args:
        track: The dense base.
        keys: The track's keys in order of frames.
        frames: Clip frames within the track.
    """
    if frames is None:
        frames = np.arange(track.start, track.stop)
    keys = [key for key in keys if not key.muted]
    rows = frames - track.start
    joints_rad = track.base_rad[rows].astype(np.float64)
    root_m = track.base_root_m[rows].astype(np.float64)
    source = track.base_source[rows].copy()
    for joint in sorted({j for key in keys for j in key.joints}):
        mine = [key for key in keys if joint in key.joints]
        offsets = np.array([key.offset_of(joint) for key in mine])
        at = rotation_offsets_at(frames, *_timing(mine, offsets))
        _turn(joints_rad, source, joint, at)
    moved = [key for key in keys if key.root_offset_m is not None]
    if moved:
        offsets = np.array([key.root_offset_m for key in moved])
        at = position_offsets_at(frames, *_timing(moved, offsets))
        root_m += at
        hit = at.any(axis=1) & (source[:, 0] != Source.MISSING)
        source[hit, 0] = Source.KEYED
    return Motion(
        frames=frames, joints_rad=joints_rad, root_scene_m=root_m, source=source
    )


def _timing(
    keys: Sequence[Key], offsets: FloatArray
) -> tuple[IntArray, FloatArray, IntArray, IntArray]:
    return (
        np.array([key.frame for key in keys]),
        offsets,
        np.array([key.blend_in for key in keys]),
        np.array([key.blend_out for key in keys]),
    )


def _turn(
    joints_rad: FloatArray, source: ByteArray, joint: int, offsets_rad: FloatArray
) -> None:
    hit = offsets_rad.any(axis=1)
    joints_rad[hit, joint] = compose(offsets_rad[hit], joints_rad[hit, joint])
    hit &= source[:, joint] != Source.MISSING
    source[hit, joint] = Source.KEYED
