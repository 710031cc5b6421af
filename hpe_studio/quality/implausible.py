"""Joints bent further than they go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.motion.prior import pose_prior
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="implausible",
    label="Implausible pose",
    icon="bone",
    reach=15,
    options=(
        Option(
            name="beyond_deg",
            kind="float",
            default=18.0,
            minimum=1.0,
            help="How far beyond a joint's limits",
            unit="deg",
        ),
        Option(
            name="at_least",
            kind="int",
            default=2,
            minimum=1,
            help="Shorter ranges are left out",
            unit="frames",
        ),
    ),
)


_SLACK_DEG = {"elbow": (25.0, 0.0, 45.0), "head": (20.0, 10.0, 10.0)}
"""Beyond the prior's limits about X, Y, Z: where a rotation vector holds the twist of
the forearm and the bend of the elbow in one, and rigs share a bend of the neck with
the head in different ways."""


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ranges in which a joint is beyond its limits (`motion.prior`)."""
    for one in shot.tracks:
        beyond = _beyond_deg(one)
        is_over = (beyond > options["beyond_deg"]) & ~one.is_unseen
        for joint in np.flatnonzero(is_over.any(0)).tolist():
            for start, stop in ranges_of(
                is_over[:, joint], at_least=options["at_least"]
            ):
                worst = float(beyond[start:stop, joint].max())
                yield _finding(one, start, stop, joint, worst)


def _beyond_deg(one: TrackEvidence) -> FloatArray:
    """How far each joint is beyond its limits, shape (frames, joints), degrees."""
    prior, pose = pose_prior(one.skeleton), one.motion.joints_rad
    slack = np.zeros((one.skeleton.joint_count, 3))
    for joint, name in enumerate(one.skeleton.joint_names):
        slack[joint] = np.radians(_SLACK_DEG.get(name.rsplit("_")[-1], (0, 0, 0)))
    within = np.clip(pose, prior.lower_rad - slack, prior.upper_rad + slack)
    beyond = np.where(prior.known, np.linalg.norm(pose - within, axis=-1), 0.0)
    return np.degrees(np.where(np.isfinite(beyond), beyond, 0.0))


def _finding(
    one: TrackEvidence, start: int, stop: int, joint: int, worst_deg: float
) -> Finding:
    name = one.skeleton.joint_names[joint].replace("_", " ")
    return Finding(
        kind=SPEC.id,
        person_id=one.person.id,
        track_id=one.track.id,
        start=one.track.start + start,
        stop=one.track.start + stop,
        joints=(joint,),
        severity=min(1.0, 0.3 + worst_deg / 90),
        title=f"{name[:1].upper()}{name[1:]} bends {worst_deg:.0f}° too far",
        cause=f"{frames_text(stop - start)} beyond what the joint can do",
    )
