"""One person taken for two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, shared_joints_m
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="duplicate",
    label="Same person twice",
    icon="copy",
    scope="pair",
    reach=12,
    options=(
        Option(
            name="apart_m",
            kind="float",
            default=0.15,
            minimum=0.01,
            help="Mean distance of the joints below which two are one",
            unit="m",
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


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Two people in the same place in the same pose."""
    for first, second in combinations(shot.tracks, 2):
        shared = shared_joints_m(first, second)
        if shared is None:
            continue
        start, a, b = shared
        apart = np.linalg.norm(a - b, axis=-1).mean(-1)
        is_one = np.nan_to_num(apart, nan=np.inf) < options["apart_m"]
        low, high = sorted((first, second), key=lambda one: one.person.id)
        for begin, end in ranges_of(is_one, at_least=options["at_least"]):
            yield Finding(
                kind=SPEC.id,
                person_id=high.person.id,
                track_id=high.track.id,
                start=start + begin,
                stop=start + end,
                severity=0.7,
                title=f"Same as {low.person.name}",
                cause=f"{frames_text(end - begin)} in the same place and pose",
                other_person_id=low.person.id,
            )
