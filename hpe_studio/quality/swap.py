"""Two people who change places between two frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence, shared_joints_m
from hpe_studio.quality.finding import DetectorSpec, Finding

SPEC = DetectorSpec(
    id="swap",
    label="Identity swap",
    icon="arrow-left-right",
    scope="pair",
    reach=10,
    options=(
        Option(
            name="margin_m",
            kind="float",
            default=0.25,
            minimum=0.0,
            help="How much shorter the way is with the names exchanged",
            unit="m",
        ),
        Option(
            name="gap",
            kind="int",
            default=5,
            minimum=1,
            help="Frames that may be missing in between",
            unit="frames",
        ),
    ),
)


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Frames at which two people would have moved less with their names exchanged.

    Compared is the mean way of all joints, place and pose in one, from the last frame
    that both have (spec 5.11).
    """
    for first, second in combinations(shot.tracks, 2):
        shared = shared_joints_m(first, second)
        if shared is not None:
            yield from _between(first, second, shared, options)


def _between(
    first: TrackEvidence,
    second: TrackEvidence,
    shared: tuple[int, FloatArray, FloatArray],
    options: Mapping[str, Any],
) -> Iterator[Finding]:
    start, a, b = shared
    both = np.flatnonzero(np.isfinite(a[:, 0, 0]) & np.isfinite(b[:, 0, 0]))
    before, after = both[:-1], both[1:]
    near = after - before <= options["gap"]
    before, after = before[near], after[near]
    straight = _way_m(a[before], a[after]) + _way_m(b[before], b[after])
    crossed = _way_m(a[before], b[after]) + _way_m(b[before], a[after])
    gained = straight - crossed
    for row in np.flatnonzero(gained > options["margin_m"]).tolist():
        frame = start + int(after[row])
        low, high = sorted((first, second), key=lambda one: one.person.id)
        yield Finding(
            kind=SPEC.id,
            person_id=low.person.id,
            track_id=low.track.id,
            start=frame,
            stop=frame + 1,
            severity=0.9,
            title="Identity swap",
            cause=f"{low.person.name} and {high.person.name} change places",
            other_person_id=high.person.id,
        )


def _way_m(a: FloatArray, b: FloatArray) -> FloatArray:
    """Mean way of the joints, shape (rows,)."""
    return np.linalg.norm(a - b, axis=-1).mean(-1)
