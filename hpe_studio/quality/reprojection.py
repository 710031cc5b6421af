"""Bodies that are not where the picture shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="reprojection",
    label="Off the picture's points",
    icon="crosshair",
    reach=15,
    options=(
        Option(
            name="share",
            kind="float",
            default=0.05,
            minimum=0.005,
            maximum=1.0,
            help="Mean distance from the points seen, as a share of the person's size",
        ),
        Option(
            name="at_least",
            kind="int",
            default=4,
            minimum=1,
            help="Shorter ranges are left out",
            unit="frames",
        ),
    ),
)
_SURE = 0.5


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ranges in which the body's landmarks lie off the points (spec 5.12: 5 %)."""
    for one in shot.tracks:
        off = reprojection_share(one)
        if off is None:
            continue
        is_off = np.nan_to_num(off) > options["share"]
        for start, stop in ranges_of(is_off, at_least=options["at_least"]):
            worst = float(np.nanmax(off[start:stop]))
            yield Finding(
                kind=SPEC.id,
                person_id=one.person.id,
                track_id=one.track.id,
                start=one.track.start + start,
                stop=one.track.start + stop,
                severity=min(1.0, worst / 0.15),
                title=f"Body {worst * 100:.0f} % off the picture",
                cause=f"{frames_text(stop - start)} away from the points seen",
            )


def reprojection_share(one: TrackEvidence) -> FloatArray | None:
    """Mean distance of landmarks over the diagonal of their box, shape (frames,).

    Only points that are sure and inside the picture count; NaN where there are none.
    None where the track has no points.
    """
    points, confidence = one.seen("points_px", 33, 2), one.seen("confidence")
    body, outside = one.landmarks_px, one.seen("outside")
    if points is None or body is None or points.shape != body.shape:
        return None
    counts = np.asarray(np.isfinite(points + body).all(-1))
    if confidence is not None:
        counts &= confidence > _SURE
    if outside is not None:
        counts &= ~(outside > 0.5)
    distance = np.where(counts, np.linalg.norm(points - body, axis=-1), np.nan)
    shown = np.where(counts[..., None], points, np.nan)
    share = np.full(len(points), np.nan)
    rows = counts.sum(1) >= 4
    share[rows] = np.nanmean(distance[rows], axis=1) / box_diagonals_px(shown[rows])
    return share


def box_diagonals_px(points_px: FloatArray) -> FloatArray:
    """Diagonal about the points of each frame, shape (frames,), at least 1.

    Args:
        points_px: Shape (frames, points, 2); NaN is left out. NaN where all are.
    """
    known = ~np.isnan(points_px)
    most = np.where(known, points_px, -np.inf).max(axis=1)
    least = np.where(known, points_px, np.inf).min(axis=1)
    size = np.where(np.isfinite(most), most - least, np.nan)
    return np.maximum(np.linalg.norm(size, axis=-1), 1.0)
