"""Filling what nobody has seen: limbs beyond the picture, frames without anyone."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.rebase import rewrite_base, rows_within
from hpe_studio.edits.stretch import Stretch, dissolving
from hpe_studio.motion.infill import fill_rotations, smooth_line, smooth_way

SPEC = EditSpec(id="fill", label="Fill")


def fill_limb(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    start: int,
    stop: int,
    joints: Sequence[int],
    is_known: BoolArray | None = None,
) -> float:
    """Make some joints anew on a range from what lies about it.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range.
        stop: The frame after the last.
        joints: The joints, usually a limb's.
        is_known: What else of the base is to be believed, shape (frames, joints); all
            that is not missing when None.

    Returns:
        How far the person's repeated motion was used, 0 (only the way between both
        sides) to 1.

    Raises:
        StudioError: If the track is locked, the person missing within the range, or
            nothing is known of the joints outside the range.
    """
    rows = rows_within(track, start, stop)
    known = track.base_source != Source.MISSING
    if is_known is not None:
        known = known & is_known
    base = track.base_rad.astype(np.float64)
    if np.isnan(base[rows]).any():
        raise StudioError(
            "the person is missing within the range", fix="fill the missing frames"
        )
    about = known[:, list(joints)].all(axis=1)
    about[rows] = False
    if not about.any():
        raise StudioError(
            "nothing is known of these joints in this track",
            fix="pose one frame by hand, or leave them out",
        )
    filled = fill_rotations(
        base,
        known,
        rows=rows,
        joints=joints,
        bones=skeleton(track.skeleton),
        fps=float(document.clip.fps),
    )
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=sorted(joints),
        joints_rad=filled.joints_rad,
        source=Source.FILLED,
    )
    return filled.repeated


def fill_missing(
    edit: Edit, document: Document, track: Track, *, start: int, stop: int
) -> int:
    """Put the person on frames where nobody was found, from both sides.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range; frames that are there stay.
        stop: The frame after the last.

    Returns:
        Number of frames filled.

    Raises:
        StudioError: If the track is locked or the person is missing on one side.
    """
    span = rows_within(track, start, stop)
    is_there = np.isfinite(track.base_root_m[:, 0])
    inside = np.zeros_like(is_there)
    inside[span] = ~is_there[span]
    is_there &= ~dissolving(document, track)
    rows = np.flatnonzero(inside)
    if not len(rows):
        return 0
    if not is_there[: rows[0]].any() or not is_there[rows[-1] + 1 :].any():
        raise StudioError(
            "the person is not there on both sides of the gap",
            fix="choose a gap within the track",
        )
    base = track.base_rad.astype(np.float64)
    root = track.base_root_m.astype(np.float64)
    for gap in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1):
        rewrite_base(
            edit,
            document,
            track,
            rows=slice(int(gap[0]), int(gap[-1]) + 1),
            joints=range(base.shape[1]),
            joints_rad=smooth_way(base, is_there, gap),
            root_m=smooth_root(root, is_there, gap),
            source=Source.FILLED,
        )
    return len(rows)


def fill_missing_within(edit: Edit, document: Document, stretch: Stretch) -> int:
    """Fill every gap within a stretch that the person comes out of again.

    A dissolve at its beginning is filled too, with what comes after it.

    Returns:
        Number of frames filled.

    Raises:
        StudioError: If the track is locked, or the whole body is meant and nothing is
            missing that could be filled.
    """
    edit.check_unlocked(stretch.track.id)
    is_clear = ~dissolving(document, stretch.track)
    there = np.flatnonzero(np.isfinite(stretch.track.base_root_m[:, 0]) & is_clear)
    count = _fill_dissolve(edit, document, stretch) if stretch.is_whole else 0
    if len(there):
        first, last = stretch.track.start + there[[0, -1]]
        start, stop = max(stretch.start, int(first)), min(stretch.stop, int(last))
        if start < stop:
            now = stretch.renewed(document).track
            count += fill_missing(edit, document, now, start=start, stop=stop)
    if stretch.is_whole and not count:
        raise StudioError(
            "nobody is missing between frames of this range",
            fix="choose a limb to fill it",
        )
    return count


def _fill_dissolve(edit: Edit, document: Document, stretch: Stretch) -> int:
    """Let the person come to where a dissolve ends as the frames after it tell.

    Nothing is taken from before a dissolve, nor from within it: the motion of the first
    clear frames is led back and comes to rest.

    Returns:
        Number of frames filled; 0 where there is no dissolve or nobody after it.

    Raises:
        StudioError: If the track is locked.
    """
    track = stretch.track
    base = track.base_rad.astype(np.float64)
    root = track.base_root_m.astype(np.float64)
    is_clear = np.isfinite(root[:, 0]) & ~dissolving(document, track)
    clear = np.flatnonzero(is_clear)
    rows: IntArray = np.flatnonzero(dissolving(document, track))
    rows = rows[(rows >= stretch.rows.start) & (rows < stretch.rows.stop)]
    if not len(rows) or not len(clear):
        return 0
    gap: IntArray = np.arange(int(rows[0]), int(clear[0]))  # with what is missing
    gap = gap[gap < stretch.rows.stop]
    rewrite_base(
        edit,
        document,
        track,
        rows=slice(int(gap[0]), int(gap[-1]) + 1),
        joints=range(base.shape[1]),
        joints_rad=smooth_way(base, is_clear, gap),
        root_m=smooth_line(root, is_clear, gap),
        source=Source.FILLED,
    )
    return len(gap)


def smooth_root(root_m: FloatArray, is_there: BoolArray, gap: np.ndarray) -> FloatArray:
    """The pelvis through a gap with the speed of both sides, no overshoot (PCHIP).

    Source: Fritsch and Carlson 1980, "Monotone piecewise cubic interpolation".
    """
    interpolate: Any = import_module("scipy.interpolate")
    near = np.flatnonzero(is_there)
    before, after = near[near < gap[0]][-3:], near[near > gap[-1]][:3]
    at = np.concatenate([before, after])
    return interpolate.PchipInterpolator(at, root_m[at], axis=0)(gap)
