"""Frames on which a person who comes back is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="missing",
    label="Missing",
    icon="user-x",
    options=(
        Option(
            name="at_least",
            kind="int",
            default=1,
            minimum=1,
            help="Shorter gaps are left out",
            unit="frames",
        ),
    ),
)
_LONG_FRAMES = 30


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Gaps between the first and the last frame of each person in a shot."""
    for person_id in dict.fromkeys(t.person.id for t in shot.tracks):
        tracks = shot.tracks_of(person_id)
        first, last = tracks[0].track.start, max(t.track.stop for t in tracks)
        is_there = np.zeros(last - first, dtype=np.bool_)
        for one in tracks:
            rows = slice(one.track.start - first, one.track.stop - first)
            is_there[rows] |= one.is_present
        seen = np.flatnonzero(is_there)
        if not len(seen):
            continue
        is_gap = ~is_there
        is_gap[: seen[0]] = is_gap[seen[-1] :] = False
        for start, stop in ranges_of(is_gap, bridge=1, at_least=options["at_least"]):
            yield _finding(tracks, first + start, first + stop)


def _finding(tracks: tuple[TrackEvidence, ...], start: int, stop: int) -> Finding:
    before = [t for t in tracks if t.track.start <= start][-1]
    count = stop - start
    return Finding(
        kind=SPEC.id,
        person_id=before.person.id,
        track_id=before.track.id,
        start=start,
        stop=stop,
        severity=min(1.0, 0.4 + 0.6 * count / _LONG_FRAMES),
        title=f"Missing for {frames_text(count)}",
        cause="Not found between two frames where the person is seen",
    )
