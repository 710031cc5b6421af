"""Joints the estimator itself was not sure of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hpe_studio.core.specs import Option
from hpe_studio.quality.bodyparts import part_joints, parts_text
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="low_confidence",
    label="Low confidence",
    icon="circle-help",
    reach=15,
    options=(
        Option(
            name="below",
            kind="float",
            default=0.3,
            minimum=0.0,
            maximum=1.0,
            help="Confidence below which a part counts as unsure",
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


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Parts whose middle confidence is low while they are inside the picture."""
    for one in shot.tracks:
        for part, joints in part_joints(one.skeleton).items():
            yield from _of_part(one, part, list(joints), options)


def _of_part(
    one: TrackEvidence, part: str, joints: list[int], options: Mapping[str, Any]
) -> Iterator[Finding]:
    counted = ~one.is_outside[:, joints] & ~one.is_hand_made[:, joints]
    confidence = np.where(counted, one.joint_confidence[:, joints], np.nan)
    known = np.isfinite(confidence).any(1) & one.is_present
    middle = np.ones(len(confidence))
    middle[known] = np.nanmedian(confidence[known], axis=1)
    is_low = middle < options["below"]
    for start, stop in ranges_of(is_low, at_least=options["at_least"]):
        worst = float(middle[start:stop].min())
        yield Finding(
            kind=SPEC.id,
            person_id=one.person.id,
            track_id=one.track.id,
            start=one.track.start + start,
            stop=one.track.start + stop,
            joints=tuple(joints),
            severity=0.1 + 0.4 * (1 - worst / max(options["below"], 1e-6)),
            title=f"Unsure about the {parts_text([part])}",
            cause=f"{frames_text(stop - start)}, confidence {worst:.2f}",
        )
