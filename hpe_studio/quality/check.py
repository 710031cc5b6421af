"""Runs detectors over a shot and sets decisions against what they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
_COVERED = 0.5
"""A decision holds for a finding when it covers this share of its frames."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A finding and what was decided about it.

    Attributes:
        finding: The problem.
        decision: What settles it, or None while it is open.
    """

    finding: Finding
    decision: Decision | None

    @property
    def is_open(self) -> bool:
        """True while nobody has decided."""
        return self.decision is None


def check_shot(
    shot: ShotEvidence,
    detectors: Mapping[str, Detector],
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> Iterator[tuple[Finding, ...]]:
    """Findings of one shot, detector after detector, so that a job can be stopped.

    Args:
        shot: The people of the shot.
        detectors: By id.
        options: Per detector id the settings that differ from its defaults.
    """
    for name, detector in detectors.items():
        given = (options or {}).get(name, {})
        values = validated_options(detector.SPEC.options, given)
        yield tuple(detector.detect(shot, values))


def without_consequences(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings that are not just another face of a graver one.

    Where people are swapped or flipped, what jumps or does not fit the picture there
    is the same mistake seen again.
    """
    everything = tuple(findings)
    causes = [f for f in everything if f.kind in _FOLLOWED]
    return tuple(
        f for f in everything if not any(_follows(f, cause) for cause in causes)
    )


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
    """Findings with their decisions, worst first, then in order of time."""
    known = tuple(decisions)
    ordered = sorted(findings, key=lambda f: (-f.severity, f.start, f.person_id))
    return tuple(Judged(finding=f, decision=_deciding(f, known)) for f in ordered)


def _deciding(finding: Finding, decisions: tuple[Decision, ...]) -> Decision | None:
    for decision in decisions:
        same = (decision.kind, decision.person_id) == (finding.kind, finding.person_id)
        joints_fit = not decision.joints or set(finding.joints) <= set(decision.joints)
        covered = finding.overlap(decision.start, decision.stop)
        if same and joints_fit and covered >= _COVERED * finding.frame_count:
            return decision
    return None
