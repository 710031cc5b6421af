"""Limbs beyond the picture: what nobody has seen is a guess until someone decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray
from hpe_studio.core.specs import Option
from hpe_studio.quality.bodyparts import part_joints, parts_text
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="truncated",
    label="Outside the frame",
    icon="frame",
    options=(
        Option(
            name="at_least",
            kind="int",
            default=2,
            minimum=1,
            help="Shorter ranges are left out",
            unit="frames",
        ),
        Option(
            name="bridge",
            kind="int",
            default=8,
            minimum=1,
            help="Ranges closer together than this are one",
            unit="frames",
        ),
    ),
)
_BODY = (
    "hip", "knee", "ankle", "foot", "shoulder", "elbow", "wrist", "head", "neck",
)  # fmt: skip
_ALL_OF_IT = 0.95


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding per range in which parts of a person are outside, unless repaired.

    A part that is outside for the whole shot is one finding: there is nothing to fill
    it from, and one decision settles it.
    """
    for one in shot.tracks:
        outside = _open_parts(one)
        if not outside:
            continue
        is_any = np.logical_or.reduce(list(outside.values()))
        for start, stop in ranges_of(
            is_any, bridge=options["bridge"], at_least=options["at_least"]
        ):
            yield _finding(one, outside, start, stop)


def _open_parts(one: TrackEvidence) -> dict[str, BoolArray]:
    """Per part where it is outside and nobody has repaired it, shape (frames,)."""
    named = [any(name.endswith(n) for n in _BODY) for name in one.skeleton.joint_names]
    concerns = one.is_outside & ~one.is_hand_made & np.array(named)
    concerns &= one.is_present[:, None]
    parts = {
        part: np.asarray(concerns[:, list(joints)].any(1))
        for part, joints in part_joints(one.skeleton).items()
        if part != "torso"
    }
    return {part: is_out for part, is_out in parts.items() if is_out.any()}


def _finding(
    one: TrackEvidence, outside: Mapping[str, BoolArray], start: int, stop: int
) -> Finding:
    parts = [part for part, is_out in outside.items() if is_out[start:stop].any()]
    members = part_joints(one.skeleton)
    rows = one.is_outside[start:stop]
    joints = tuple(sorted(j for p in parts for j in members[p] if rows[:, j].any()))
    count = stop - start
    is_never_seen = count >= _ALL_OF_IT * one.track.frame_count
    seen = "never seen in this shot" if is_never_seen else frames_text(count)
    text = parts_text(parts)
    return Finding(
        kind=SPEC.id,
        person_id=one.person.id,
        track_id=one.track.id,
        start=one.track.start + start,
        stop=one.track.start + stop,
        joints=joints,
        severity=min(1.0, 0.3 + 0.1 * len(parts) + 0.3 * min(count / 30, 1.0)),
        title=f"{text[:1].upper()}{text[1:]} outside the frame",
        cause=f"{seen[:1].upper()}{seen[1:]}; the pose there is a guess",
    )
