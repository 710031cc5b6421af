"""How well detectors find what was broken: precision, recall, false alarms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hpe_studio.quality.failures import Failure
from hpe_studio.quality.finding import Finding

_COVERED, _NEAR_FRAMES = 0.5, 3


@dataclass(kw_only=True, slots=True)
class Score:
    """Counts for one detector over any number of scenes.

    Attributes:
        failures, found: How many were broken, and how many of those were found.
        findings, right: How many were reported, and how many of those were broken.
        clean_frames, false_alarms: Frames of people without any failure, and
            findings there.
        missed: The failures that were not found.
    """

    failures: int = 0
    found: int = 0
    findings: int = 0
    right: int = 0
    clean_frames: int = 0
    false_alarms: int = 0
    missed: list[Failure] = field(default_factory=list[Failure])

    @property
    def recall(self) -> float:
        """Share of failures that were found; 1 where there were none."""
        return self.found / self.failures if self.failures else 1.0

    @property
    def precision(self) -> float:
        """Share of findings that are failures; 1 where there were none."""
        return self.right / self.findings if self.findings else 1.0

    @property
    def alarms_per_1000(self) -> float:
        """False alarms per 1,000 clean frames."""
        return 1000 * self.false_alarms / self.clean_frames if self.clean_frames else 0

    def add(
        self,
        findings: Iterable[Finding],
        failures: Sequence[Failure],
        deserved: Sequence[Finding] = (),
    ) -> None:
        """Count one broken scene; persons are numbered as in the failures.

        Args:
            findings: Of one detector, `person_id` being the failures' `person`.
            failures: Of the same kind.
            deserved: What the same detector says of the truth without noise: a dancer
                who turns on the toes slides. Findings there are neither right nor
                wrong, unless they are failures.
        """
        mine = tuple(
            f
            for f in findings
            if not _is_deserved(f, deserved) or any(is_hit(f, x) for x in failures)
        )
        self.failures += len(failures)
        self.findings += len(mine)
        self.right += sum(any(is_hit(f, x) for x in failures) for f in mine)
        for failure in failures:
            if any(is_hit(f, failure) for f in mine):
                self.found += 1
            else:
                self.missed.append(failure)

    def add_clean(
        self,
        findings: Iterable[Finding],
        frames: int,
        deserved: Sequence[Finding] = (),
    ) -> None:
        """Count one scene without failures (`deserved` as in `add`)."""
        self.clean_frames += frames
        self.false_alarms += sum(not _is_deserved(f, deserved) for f in findings)


def is_hit(finding: Finding, failure: Failure) -> bool:
    """Same person and kind, half of it covered or both ends within three frames."""
    if (finding.person_id, finding.kind) != (failure.person, failure.kind):
        return False
    covered = finding.overlap(failure.start, failure.stop)
    near = (
        abs(finding.start - failure.start) <= _NEAR_FRAMES
        and abs(finding.stop - failure.stop) <= _NEAR_FRAMES
    )
    return near or covered >= _COVERED * (failure.stop - failure.start)


def _is_deserved(finding: Finding, deserved: Sequence[Finding]) -> bool:
    return any(
        other.person_id == finding.person_id
        and finding.overlap(other.start - _NEAR_FRAMES, other.stop + _NEAR_FRAMES) > 0
        for other in deserved
    )
