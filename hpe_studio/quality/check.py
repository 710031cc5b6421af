"""Runs detectors over a shot and sets decisions against what they find."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hpe_studio.core.mark import Decision
from hpe_studio.core.specs import validated_options
from hpe_studio.quality.evidence import ShotEvidence
from hpe_studio.quality.finding import Detector, Finding

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
