"""Two bodies in one place."""

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
    id="collision",
    label="Bodies through each other",
    icon="combine",
    scope="pair",
    reach=12,
    options=(
        Option(
            name="apart_m",
            kind="float",
            default=0.15,
            minimum=0.01,
            help="Distance of two trunks below which they cannot both be right",
            unit="m",
        ),
        Option(
            name="at_least",
            kind="int",
            default=3,
            minimum=1,
            help="Shorter ranges are left out",
            unit="frames",
        ),
    ),
)
_TRUNK = (0, 3, 6, 9)
_SAME_POSE_M = 0.15


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Two trunks closer than 15 cm (spec 5.12): one of the two is at a wrong depth.

    Two in the same pose are one person twice, which is another problem.
    """
    for first, second in combinations(shot.tracks, 2):
        shared = shared_joints_m(first, second)
        if shared is None:
            continue
        start, a, b = shared
        trunk = list(_TRUNK)
        ways = a[:, trunk, None] - b[:, None, trunk]
        nearest = np.linalg.norm(ways, axis=-1).reshape(len(a), -1).min(1)
        is_same = np.linalg.norm(a - b, axis=-1).mean(-1) < _SAME_POSE_M
        is_near = np.nan_to_num(nearest, nan=np.inf) < options["apart_m"]
        low, high = sorted((first, second), key=lambda one: one.person.id)
        for begin, end in ranges_of(is_near & ~is_same, at_least=options["at_least"]):
            yield Finding(
                kind=SPEC.id,
                person_id=low.person.id,
                track_id=low.track.id,
                start=start + begin,
                stop=start + end,
                joints=_TRUNK,
                severity=0.6,
                title=f"Through {high.person.name}",
                cause=f"{frames_text(end - begin)} in one place; a depth is wrong",
                other_person_id=high.person.id,
            )
