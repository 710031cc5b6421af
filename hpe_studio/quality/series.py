"""Numbers over time that speak of how much to trust a joint of a track."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Track
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.evidence import TrackEvidence, landmark_for
from hpe_studio.quality.reprojection import box_diagonals_px

_FOOT_JOINTS = ("ankle", "foot")


def confidence_of(document: Document, track: Track, joint: int) -> FloatArray | None:
    """The estimator's trust in the landmark of a joint, shape (frames,), 0 to 1.

    NaN where the estimate says nothing; None where it has no such landmark.
    """
    estimate = document.estimates.get(track.estimate_id or -1)
    landmark = None if estimate is None else landmark_for(estimate, _name(track, joint))
    if estimate is None or landmark is None or "confidence" not in estimate.arrays:
        return None
    out = np.full(track.frame_count, np.nan)
    start, stop = max(track.start, estimate.start), min(track.stop, estimate.stop)
    if start < stop:
        rows = slice(start - estimate.start, stop - estimate.start)
        said = estimate.arrays["confidence"][rows, landmark]
        out[start - track.start : stop - track.start] = said
    return out


def contact_of(document: Document, track: Track, joint: int) -> FloatArray | None:
    """Where a foot's joint stands, shape (frames,), 0 or 1; None for other joints."""
    if not _name(track, joint).endswith(_FOOT_JOINTS):
        return None
    out = np.zeros(track.frame_count)
    for mark in document.marks_of(track.id, "contact"):
        if joint in mark.joints:
            first, stop = mark.start - track.start, mark.stop - track.start
            out[max(first, 0) : max(stop, 0)] = 1.0
    return out


def reprojection_of(
    document: Document, poser: Poser, track: Track, joint: int
) -> FloatArray | None:
    """How far the body's landmark of a joint lies from the one seen.

    Args:
        document: Where the track lives.
        poser: Its motion and body.
        track: The track.
        joint: Joint index.

    Returns:
        Pixels, and the share of the diagonal about all points seen, shape (frames, 2);
        NaN where nothing was seen. None where there is no landmark to compare.
    """
    one = TrackEvidence(document, poser, track)
    body, seen = one.landmarks_px, one.seen("points_px")
    if one.estimate is None or body is None or seen is None:
        return None
    landmark = landmark_for(one.estimate, _name(track, joint))
    if landmark is None or body.shape != seen.shape:
        return None
    off_px = np.linalg.norm(seen[:, landmark] - body[:, landmark], axis=-1)
    return np.stack([off_px, off_px / box_diagonals_px(seen)], axis=1)


def _name(track: Track, joint: int) -> str:
    return skeleton(track.skeleton).joint_names[joint]
