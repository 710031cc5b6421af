"""A part of a track taken anew from another estimate; corrections stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import AnyArray, BoolArray, FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Estimate, Source, Track
from hpe_studio.edits.rebase import rewrite_base
from hpe_studio.motion.rotations import slerp

_SEAM_FRAMES = 4
_FILL = {"outside": 0, "confidence": 0, "scores": 0}


def retake(
    edit: Edit,
    document: Document,
    track: Track,
    new: Estimate,
    *,
    joints_rad: FloatArray,
    root_m: FloatArray,
) -> Track:
    """Let a track say what a new estimate says where that one saw the person.

    The track's estimate becomes one of the new run that says of the other frames what
    the old one said. Keys keep the poses on their frames.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        new: What was seen anew with its arrays, over any range; not in the document.
        joints_rad: Its motion as the base shall have it, perhaps smoothed, shape
            (frames, joints, 3).
        root_m: The pelvis in the scene, shape (frames, 3).

    Returns:
        The track as it is now.

    Raises:
        StudioError: If the track or its person is locked, of another body, or nobody
            was seen on the track's frames.
    """
    edit.check_unlocked(track.id)
    if new.skeleton != track.skeleton:
        raise StudioError(
            "the new run is of another body", fix="run it with the track's body"
        )
    frames = np.arange(track.start, track.stop)
    at = frames - new.start
    told = (at >= 0) & (at < new.stop - new.start)
    told[told] = np.isfinite(new.arrays["root_scene_m"][at[told], 0])
    if not told.any():
        raise StudioError(
            "nobody was seen on these frames", fix="choose others or draw a box"
        )
    old = document.estimates.get(track.estimate_id or -1)
    both = replace(
        new, id=document.new_id(), start=track.start, stop=track.stop, arrays={}
    )
    edit.add_estimate(both, _over(old, new, track, told))
    edit.put(replace(track, estimate_id=both.id))
    rows = np.clip(at, 0, len(root_m) - 1)
    write_base(edit, document, track, told, joints_rad[rows], root_m[rows])
    return document.tracks[track.id]


def write_base(
    edit: Edit,
    document: Document,
    track: Track,
    told: BoolArray,
    joints_rad: FloatArray,
    root_m: FloatArray,
    source: Source = Source.FILTERED,
) -> None:
    """Write some frames of a base, blended with what goes on beside them.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        told: Frames that are written, shape (track's frames,).
        joints_rad: Their rotations, shape (track's frames, joints, 3).
        root_m: Their pelvis, shape (track's frames, 3).
        source: What is said of them from now on.
    """
    edges = np.flatnonzero(np.diff(np.r_[0, told.astype(int), 0]))
    present = np.isfinite(track.base_root_m[:, 0])
    weight = _weights(told, present & ~told)
    old_rad = track.base_rad.astype(np.float64)
    old_m = track.base_root_m.astype(np.float64)
    mixed = present & told & (weight < 1.0)
    joints_rad, root_m = joints_rad.copy(), root_m.copy()
    share = weight[mixed, None]
    joints_rad[mixed] = slerp(old_rad[mixed], joints_rad[mixed], share)
    root_m[mixed] += (1 - share) * (old_m[mixed] - root_m[mixed])
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        rows = slice(int(first), int(end))
        rewrite_base(
            edit,
            document,
            document.tracks[track.id],
            rows=rows,
            joints=range(joints_rad.shape[1]),
            joints_rad=joints_rad[rows],
            root_m=root_m[rows],
            source=source,
        )


def _weights(told: BoolArray, kept: BoolArray) -> FloatArray:
    """How much of the new motion: less close to frames that stay, 1 elsewhere."""
    weight = np.ones(len(told))
    for row in np.flatnonzero(kept):
        low, high = max(0, row - _SEAM_FRAMES), row + _SEAM_FRAMES + 1
        near = np.arange(low, min(high, len(told)))
        share = np.abs(near - row) / (_SEAM_FRAMES + 1)
        weight[near] = np.minimum(weight[near], share)
    return weight


def _over(
    old: Estimate | None, new: Estimate, track: Track, told: BoolArray
) -> dict[str, AnyArray]:
    """The new estimate's arrays over a track, the old one's where it saw nobody."""
    frames = np.arange(track.start, track.stop)
    arrays: dict[str, AnyArray] = {}
    for name, array in new.arrays.items():
        like = np.asarray(array)
        shape = (len(frames), *like.shape[1:])
        whole = np.full(shape, _FILL.get(name, np.nan), dtype=like.dtype)
        before = _before(old, name, like)
        if old is not None and before is not None:
            known = (frames >= old.start) & (frames < old.stop)
            whole[known] = before[frames[known] - old.start]
        whole[told] = like[frames[told] - new.start]
        arrays[name] = whole
    return arrays


def _before(old: Estimate | None, name: str, like: AnyArray) -> AnyArray | None:
    """An array of the old estimate where it speaks of the same landmarks."""
    found: Mapping[str, AnyArray] = {} if old is None else old.arrays
    array = found.get(name)
    return None if array is None or array.shape[1:] != like.shape[1:] else array
