"""A person's motion as a run or a file left it, before anybody edited it."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Estimate, Track
from hpe_studio.motion.filters import smooth


def pose_before(
    document: Document, track: Track, smoothed: Collection[int]
) -> tuple[FloatArray, FloatArray] | None:
    """Rotations and roots of a track's frames as they were before any edit.

    Args:
        document: Where the track lives.
        track: The track.
        smoothed: Ids of the estimates whose run smoothed the motion straight after;
            that is no edit.

    Returns:
        Rotation vectors, (frames, joints, 3), and places, (frames, 3), NaN on frames
        of which nothing was estimated; None where nothing was on any.
    """
    estimate = document.estimates.get(track.estimate_id or -1)
    if estimate is None or "joints_rad" not in estimate.arrays:
        return None
    joints_rad = np.asarray(estimate.arrays["joints_rad"], dtype=np.float64)
    root_m = np.asarray(estimate.arrays["root_scene_m"], dtype=np.float64)
    if estimate.id in smoothed:
        joints_rad, root_m = _smoothed(document, estimate, joints_rad, root_m)
    rows = np.arange(track.start, track.stop) - estimate.start
    is_known = (rows >= 0) & (rows < len(joints_rad))
    joints = skeleton(track.skeleton).joint_count
    rotations = np.full((len(rows), joints, 3), np.nan)
    places = np.full((len(rows), 3), np.nan)
    rotations[is_known] = joints_rad[rows[is_known]]
    places[is_known] = root_m[rows[is_known]]
    return rotations, places


def _smoothed(
    document: Document, estimate: Estimate, joints_rad: FloatArray, root_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """What `edits.smooth.smooth_track` made of it, as exactly as a base keeps it."""
    frames = np.arange(estimate.start, estimate.stop)
    rows = np.flatnonzero(frames >= document.shot_at(estimate.start).clear_start)
    if not len(rows):
        return joints_rad, root_m
    turns, places = smooth(
        joints_rad[rows], root_m[rows], times_s=document.clip.times_s[frames[rows]]
    )
    joints_rad, root_m = joints_rad.copy(), root_m.copy()
    joints_rad[rows] = turns.astype(np.float32)
    root_m[rows] = places.astype(np.float32)
    return joints_rad, root_m
