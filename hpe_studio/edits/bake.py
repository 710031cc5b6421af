"""Keys written into the base, and ranges taken back to what was estimated."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.track import Estimate, Key, Source, Track
from hpe_studio.edits.keys import delete_joints, part_of_key
from hpe_studio.edits.pose import put_pose
from hpe_studio.edits.rebase import rows_within
from hpe_studio.motion.rotations import compose, inverse
from hpe_studio.posing.resolve import Motion, resolve


def bake_keys(
    edit: Edit, document: Document, track: Track, start: int, stop: int
) -> int:
    """Write the keys of a range into the base; the motion stays as it is.

    Where the keys reach beyond the range the base takes over what they did there; keys
    outside stay keys. What was keyed is still called keyed. Muted keys are left.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range.
        stop: First frame after it.

    Returns:
        How many keys went.

    Raises:
        StudioError: If the person is locked, or the range holds no key of the track.
    """
    edit.check_unlocked(track.id)
    rows_within(track, start, stop)
    every = tuple(document.keys_of(track.id))
    baked = [k for k in every if start <= k.frame < stop and not k.muted]
    if not baked:
        raise StudioError(
            "there is no key to bake", fix="choose a range or a key to be baked"
        )
    left = [key for key in every if key not in baked]
    motion, without = resolve(track, every), resolve(track, left)
    for key in baked:
        edit.remove(key)
    _take_over(edit, track, motion, without)
    return len(baked)


def reset_to_estimate(
    edit: Edit,
    document: Document,
    track: Track,
    start: int,
    stop: int,
    *,
    joints: Sequence[int] | None = None,
) -> None:
    """Take joints on a range back to what was estimated.

    Keys of these joints on the range go. Where keys beside the range still reach into
    it, keys on its first and last frame hold the estimate.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range.
        stop: First frame after it.
        joints: Joint indices, the place of the body goes with 0; all when None.

    Raises:
        StudioError: If the person is locked, or nothing was estimated there.
    """
    edit.check_unlocked(track.id)
    rows = rows_within(track, start, stop)
    chosen = list(range(track.base_rad.shape[1]) if joints is None else joints)
    for key in tuple(document.keys_of(track.id)):
        is_inside = start <= key.frame < stop
        if is_inside and part_of_key(key, chosen) is not None:
            delete_joints(edit, key, chosen)
    _write_estimate(edit, document, track, rows, chosen)
    _hold_ends(edit, document, document.tracks[track.id], rows, chosen)


def _take_over(edit: Edit, track: Track, motion: Motion, without: Motion) -> None:
    """Write what the baked keys did into the base under those that are left."""
    differs = (motion.joints_rad != without.joints_rad).any(axis=2)
    base = track.base_rad.astype(np.float64)
    for joint in np.flatnonzero(differs.any(axis=0)).tolist():
        rows: IntArray = np.flatnonzero(differs[:, joint])
        own = base[rows, joint]
        # What is left turns the base by L = without base^-1: the base that gives the
        # motion under it is L^-1 motion.
        turned = compose(
            compose(own, inverse(without.joints_rad[rows, joint])),
            motion.joints_rad[rows, joint],
        )
        edit.write(track, "base_rad", rows, turned, joints=joint)
        edit.write(track, "base_source", rows, motion.source[rows, joint], joints=joint)
    moved = motion.root_scene_m - without.root_scene_m
    at: IntArray = np.flatnonzero((moved != 0).any(axis=1))
    if len(at):
        root_m = track.base_root_m[at].astype(np.float64) + moved[at]
        edit.write(track, "base_root_m", at, root_m)
        edit.write(track, "base_source", at, motion.source[at, 0], joints=0)


def _write_estimate(
    edit: Edit, document: Document, track: Track, rows: slice, joints: list[int]
) -> None:
    """The base as it was estimated, where it is not."""
    estimate = document.estimates.get(track.estimate_id or -1)
    first, end = track.start + rows.start, track.start + rows.stop
    if estimate is None or not (estimate.start <= first and end <= estimate.stop):
        raise StudioError(
            "nothing was estimated there", fix="choose frames of an estimate"
        )
    there = slice(first - estimate.start, end - estimate.start)
    told = estimate.arrays["joints_rad"][there]
    source = _source_of(track, estimate)
    at: IntArray = np.arange(track.frame_count)[rows]
    for joint in joints:
        changed = _differs(track.base_rad[rows, joint], told[:, joint])
        edit.write(track, "base_rad", at[changed], told[changed, joint], joints=joint)
        said = np.where(np.isnan(told[changed, joint, 0]), Source.MISSING, source)
        edit.write(track, "base_source", at[changed], said, joints=joint)
    if 0 in joints:
        root_m = estimate.arrays["root_scene_m"][there]
        changed = _differs(track.base_root_m[rows], root_m)
        edit.write(track, "base_root_m", at[changed], root_m[changed])


def _differs(one: FloatArray, other: FloatArray) -> BoolArray:
    """Rows that are not the same, NaN being the same as NaN."""
    return ((one != other) & ~(np.isnan(one) & np.isnan(other))).any(axis=1)


def _source_of(track: Track, estimate: Estimate) -> Source:
    """What the base was called where it still is the estimate."""
    is_read = bool((track.base_source == Source.IMPORTED).any())
    seen = estimate.landmark_set or "points_px" in estimate.arrays
    return Source.IMPORTED if is_read and not seen else Source.ESTIMATED


def _hold_ends(
    edit: Edit, document: Document, track: Track, rows: slice, joints: list[int]
) -> None:
    """Keys that hold the base where neighbours reach into a range."""
    keys: tuple[Key, ...] = tuple(document.keys_of(track.id))
    frames: IntArray = np.arange(track.frame_count)[rows] + track.start
    motion = resolve(track, keys, frames)
    base = track.base_rad[rows].astype(np.float64)
    root_m = track.base_root_m[rows].astype(np.float64)
    bent = [j for j in joints if _differs(motion.joints_rad[:, j], base[:, j]).any()]
    is_moved = 0 in joints and bool(_differs(motion.root_scene_m, root_m).any())
    if not bent and not is_moved:
        return
    for row in {0, len(frames) - 1}:
        if np.isnan(base[row, 0, 0]):
            continue
        put_pose(
            edit,
            document,
            track,
            frame=int(frames[row]),
            joints_rad={j: base[row, j] for j in bent},
            root_scene_m=root_m[row] if is_moved else None,
        )
