"""How good each frame is: tremble, confidence, distance from the picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from hpe_studio.body import Body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.evidence import TrackEvidence
from hpe_studio.quality.finding import Finding
from hpe_studio.quality.material import ShotMaterial
from hpe_studio.quality.rechecking import Place
from hpe_studio.quality.reprojection import reprojection_share

Measure = Literal["severity", "jitter", "confidence", "reprojection"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PlaceMeasures:
    """One person in one shot; row i is clip frame ``start + i``, NaN where unknown.

    Attributes:
        start: First clip frame of the shot.
        jitter_mm: Mean distance of joints from the middle of the frames beside, (n,).
        doubt: 1 less the mean confidence, (n,).
        off: Mean distance of landmarks from the points seen over the diagonal of
            their box, (n,).
    """

    start: int
    jitter_mm: FloatArray
    doubt: FloatArray
    off: FloatArray

    def of(self, measure: Measure) -> FloatArray:
        """The numbers of a measure."""
        if measure == "jitter":
            return self.jitter_mm
        return self.doubt if measure == "confidence" else self.off


def measured(
    parts: Iterable[ShotMaterial], wanted: Collection[Place], body: Body
) -> Job[dict[Place, PlaceMeasures]]:
    """Measures of people in shots.

    Args:
        parts: The shots.
        wanted: Who in which shot.
        body: Everybody's body.
    """
    found: dict[Place, PlaceMeasures] = {}
    for part in parts:
        document = part.document()
        poser = Poser(document, body)
        for person in part.persons:
            place = (part.shot.id, person.id)
            if place not in wanted:
                continue
            count = part.shot.stop - part.shot.start
            rows = [np.full(count, np.nan, np.float32) for _ in range(3)]
            for track in part.tracks:
                if track.person_id == person.id:
                    here = document.tracks[track.id]
                    first = here.start - part.shot.start
                    span = slice(first, first + here.frame_count)
                    one = TrackEvidence(document, poser, here)
                    for row, values in zip(rows, _of_track(one), strict=True):
                        row[span] = values[: len(row[span])]
            found[place] = PlaceMeasures(
                start=part.shot.start, jitter_mm=rows[0], doubt=rows[1], off=rows[2]
            )
            yield Progress(done=len(found), total=len(wanted))
    return found


def _of_track(one: TrackEvidence) -> tuple[FloatArray, FloatArray, FloatArray]:
    count = one.track.frame_count
    jitter, doubt = np.full(count, np.nan), np.full(count, np.nan)
    if count > 2:
        at = one.joints_m
        off_m = np.linalg.norm(at[1:-1] - (at[:-2] + at[2:]) / 2, axis=-1)
        jitter[1:-1] = 1000 * off_m.mean(-1)
    known = np.isfinite(one.joint_confidence).any(1)
    doubt[known] = 1 - np.nanmean(one.joint_confidence[known], axis=1)
    share = reprojection_share(one)
    return jitter, doubt, np.full(count, np.nan) if share is None else share


def severities(findings: Iterable[Finding], frame_count: int) -> FloatArray:
    """The worst severity on each frame, 0 where there is no problem, (frames,)."""
    out = np.zeros(frame_count, np.float32)
    for finding in findings:
        rows = slice(max(finding.start, 0), finding.stop)
        np.maximum(out[rows], finding.severity, out=out[rows])
    return out


def worst(
    found: Mapping[Place, PlaceMeasures], measure: Measure, frame_count: int
) -> FloatArray:
    """The worst of everybody on each frame; NaN where nothing is known, (frames,)."""
    out = np.full(frame_count, np.nan, np.float32)
    for one in found.values():
        values = one.of(measure)
        rows = out[one.start : one.start + len(values)]
        np.fmax(rows, values[: len(rows)], out=rows)
    return out


def bars(values: FloatArray, count: int) -> FloatArray:
    """The worst value within each of so many equal parts, NaN where unknown, (count,).

    Args:
        values: A number per frame, shape (frames,).
        count: How many bars; with fewer frames than bars some show the same frame.
    """
    if not len(values) or count < 1:
        return np.full(max(count, 0), np.nan)
    known = np.where(np.isfinite(values), values, -np.inf)
    edges = np.linspace(0, len(values), count + 1)[:-1].astype(int)
    top = np.maximum.reduceat(known, edges)
    return np.where(np.isfinite(top), top, np.nan)
