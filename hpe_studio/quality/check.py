"""Runs detectors over a shot and sets decisions against what they find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hpe_studio.core.mark import Decision
from hpe_studio.core.specs import validated_options
from hpe_studio.quality.evidence import ShotEvidence
from hpe_studio.quality.finding import Detector, Finding

_FOLLOWED: Mapping[str, frozenset[str]] = {
    "swap": frozenset(
        {"jump", "flip", "reprojection", "shape_change", "foot_slide", "floor"}
    ),
    "missing": frozenset({"foot_slide"}),
    "flip": frozenset({"jump", "reprojection", "implausible", "foot_slide"}),
    "jump": frozenset({"reprojection", "implausible", "foot_slide", "floor"}),
    "truncated": frozenset({"reprojection", "low_confidence"}),
    "duplicate": frozenset({"collision", "swap"}),
}
"""What follows from what."""

_ABOUT_FRAMES = 2
_PART_FRAMES = 256
_IN_DISSOLVE = "in a dissolve"
_COVERED = 0.5
"""A decision holds for a finding when it covers this share of its frames."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A finding and what was decided about it.

    Attributes:
        finding: The problem.
        decision: What settles it, or None while it is open.
        was_repaired: True where a repair was made that did not remove it.
    """

    finding: Finding
    decision: Decision | None
    was_repaired: bool = False

    @property
    def is_open(self) -> bool:
        """True while nobody has decided."""
        return self.decision is None


def check_shot(shot: ShotEvidence, detectors: Iterable[Detector]) -> list[Finding]:
    """What detectors find in a shot with their options as they are shipped."""
    return [
        finding
        for detector in detectors
        for finding in detected(
            detector, shot, validated_options(detector.SPEC.options, {})
        )
    ]


def detected(
    detector: Detector, shot: ShotEvidence, values: Mapping[str, Any]
) -> list[Finding]:
    """What a detector finds in a shot; what lies in its dissolve says so.

    Two shots are seen at once there, so that it is no wonder and half as grave.

    Args:
        detector: The detector.
        shot: The people of the shot.
        values: A value for each of its options.
    """
    dissolve = shot.shot.start, shot.shot.clear_start
    return [_told_of_dissolve(f, dissolve) for f in detector.detect(shot, values)]


def _told_of_dissolve(finding: Finding, dissolve: tuple[int, int]) -> Finding:
    if 2 * finding.overlap(*dissolve) < finding.frame_count:
        return finding
    cause = f"{finding.cause}, {_IN_DISSOLVE}" if finding.cause else _IN_DISSOLVE
    return replace(finding, cause=cause, severity=finding.severity / 2)


def without_consequences(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that are not just another face of a graver one.

    Where people are swapped or flipped, what jumps or does not fit the picture there
    is the same mistake seen again.
    """
    everything = tuple(findings)
    near: defaultdict[tuple[int, int], list[Finding]] = defaultdict(list)
    for cause in everything:
        if cause.kind in _FOLLOWED:
            for person_id in cause.person_ids:
                for part in _parts(cause.start - _ABOUT_FRAMES, cause.stop):
                    near[person_id, part].append(cause)
    return tuple(f for f in everything if not _is_consequence(f, near))


def _is_consequence(
    finding: Finding, near: Mapping[tuple[int, int], list[Finding]]
) -> bool:
    parts = _parts(finding.start, finding.stop)
    causes = (c for part in parts for c in near.get((finding.person_id, part), ()))
    return any(_follows(finding, cause) for cause in causes)


def _parts(start: int, stop: int) -> range:
    """Numbers of the parts of the clip that a range touches: who is near whom."""
    return range(start // _PART_FRAMES, (stop + _ABOUT_FRAMES) // _PART_FRAMES + 1)


def _follows(finding: Finding, cause: Finding) -> bool:
    if finding.kind not in _FOLLOWED[cause.kind]:
        return False
    if finding.person_id not in (cause.person_id, cause.other_person_id):
        return False
    about = (cause.start - _ABOUT_FRAMES, cause.stop + _ABOUT_FRAMES)
    return finding.overlap(*about) >= _COVERED * finding.frame_count


def judged(
    findings: Iterable[Finding], decisions: Iterable[Decision]
) -> tuple[Judged, ...]:
    """Findings with their decisions, worst first, then in order of time.

    A repair settles nothing by itself: what is still found after it is still open.
    """
    known: defaultdict[tuple[str, int], list[Decision]] = defaultdict(list)
    for decision in decisions:
        known[decision.kind, decision.person_id].append(decision)
    ordered = sorted(findings, key=lambda f: (-f.severity, f.start, f.person_id))
    return tuple(_judged(f, known[f.kind, f.person_id]) for f in ordered)


def _judged(finding: Finding, decisions: list[Decision]) -> Judged:
    about = [d for d in decisions if speaks_of(d, finding)]
    settled = next((d for d in about if d.verdict != "repaired"), None)
    return Judged(
        finding=finding,
        decision=settled,
        was_repaired=any(d.verdict == "repaired" for d in about),
    )


def speaks_of(decision: Decision, finding: Finding) -> bool:
    """True where a decision covers a finding's kind, person, joints and half of it."""
    same = (decision.kind, decision.person_id) == (finding.kind, finding.person_id)
    joints_fit = not decision.joints or set(finding.joints) <= set(decision.joints)
    covered = finding.overlap(decision.start, decision.stop)
    return same and joints_fit and covered >= _COVERED * finding.frame_count
