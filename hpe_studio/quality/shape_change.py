"""Limbs that the estimator saw longer or shorter than they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.ndimage import median_filter

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="shape_change",
    label="Body changes size",
    icon="ruler",
    options=(
        Option(
            name="share",
            kind="float",
            default=0.2,
            minimum=0.02,
            help="How far the size is off this person's usual one",
        ),
        Option(
            name="at_least",
            kind="int",
            default=5,
            minimum=1,
            help="Shorter ranges are left out",
            unit="frames",
        ),
    ),
)
_BONES = (
    ("left_shoulder", "left_elbow"), ("right_shoulder", "right_elbow"),
    ("left_elbow", "left_wrist"), ("right_elbow", "right_wrist"),
    ("left_hip", "left_knee"), ("right_hip", "right_knee"),
    ("left_knee", "left_ankle"), ("right_knee", "right_ankle"),
    ("left_shoulder", "left_hip"), ("right_shoulder", "right_hip"),
)  # fmt: skip
_SURE = 0.5
_SMOOTH_FRAMES = 5
_LEAST_BONES = 4


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ranges in which most bones seen differ from their median by 20 % (spec 5.12)."""
    for one in shot.tracks:
        ratio = _size_ratio(one)
        if ratio is None:
            continue
        off = np.nan_to_num(np.abs(ratio - 1.0))
        is_off = median_filter(off, size=_SMOOTH_FRAMES) > options["share"]
        for start, stop in ranges_of(is_off, at_least=options["at_least"]):
            middle = float(np.nanmedian(ratio[start:stop]))
            word = "larger" if middle > 1 else "smaller"
            yield Finding(
                kind=SPEC.id,
                person_id=one.person.id,
                track_id=one.track.id,
                start=one.track.start + start,
                stop=one.track.start + stop,
                severity=min(1.0, 0.3 + abs(middle - 1)),
                title=f"Seen {abs(middle - 1) * 100:.0f} % {word}",
                cause=f"{frames_text(stop - start)} unlike the rest of the track",
            )


def _size_ratio(one: TrackEvidence) -> FloatArray | None:
    """Median over bones of length over usual length, shape (frames,), or None."""
    points, sure = one.seen("points_m"), one.seen("confidence")
    if points is None or one.estimate is None:
        return None
    names = landmark_set(one.estimate.landmark_set).names
    pairs = [
        (names.index(a), names.index(b)) for a, b in _BONES if {a, b} <= set(names)
    ]
    if len(pairs) < _LEAST_BONES:
        return None
    ends = np.array(pairs)
    lengths = np.linalg.norm(points[:, ends[:, 0]] - points[:, ends[:, 1]], axis=-1)
    if sure is not None:
        lengths[(sure[:, ends] < _SURE).any(-1)] = np.nan
    rows = np.isfinite(lengths).sum(1) >= _LEAST_BONES
    out = np.full(len(lengths), np.nan)
    if rows.any():
        seen = lengths[rows]
        known = (seen > 0).any(0)  # an importer may give points without depth or size
        usual = np.nanmedian(np.where(seen > 0, seen, np.nan)[:, known], axis=0)
        ratio = seen[:, known] / usual
        told = np.isfinite(ratio).any(1)
        out[np.flatnonzero(rows)[told]] = np.nanmedian(ratio[told], axis=1)
    return out
