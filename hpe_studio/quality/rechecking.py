"""Checks what is stale: a person alone, then each two, only where an edit reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations

from hpe_studio.body import Body
from hpe_studio.core.document import Document
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.specs import validated_options
from hpe_studio.core.touched import Frames
from hpe_studio.core.track import Track
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.check import detected
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import Detector, Finding
from hpe_studio.quality.material import ShotMaterial

Place = tuple[int, int]
"""A shot and a person in it, by their ids."""

Stale = dict[Place, Frames]
"""Who has to be checked again, and where."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """What is checked at once.

    Attributes:
        shot_id: The shot.
        persons: Ids of the person, or of both of a pair, increasing.
    """

    shot_id: int
    persons: tuple[int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """What is known of units.

    Attributes:
        found: Findings per unit; of a check, only of the units that were checked.
        prints: Per place, of what was checked (see `ShotMaterial.print_of`).
        units: All units there are in the shots that were looked at.
        shot_ids: These shots.
    """

    found: Mapping[Unit, tuple[Finding, ...]] = field(
        default_factory=dict[Unit, tuple[Finding, ...]]
    )
    prints: Mapping[Place, int] = field(default_factory=dict[Place, int])
    units: frozenset[Unit] = frozenset()
    shot_ids: frozenset[int] = frozenset()


def joined(one: Stale, other: Stale) -> Stale:
    """Both, with ranges of the same person as one."""
    out = dict(one)
    for place, frames in other.items():
        out[place] = _hull(out[place], frames) if place in out else frames
    return out


def _hull(one: Frames, other: Frames) -> Frames:
    if one is None or other is None:
        return None
    return min(one[0], other[0]), max(one[1], other[1])


def recheck(
    parts: list[ShotMaterial],
    stale: Stale,
    detectors: Mapping[str, Detector],
    body: Body,
    known: Checked,
) -> Job[Checked]:
    """Check the stale people of some shots, unless they are as they were then.

    Args:
        parts: The shots, those first that matter most.
        stale: Who and where.
        detectors: By id.
        body: Everybody's body.
        known: What is known; its `shot_ids` are shots that are gone.
    """
    found: dict[Unit, tuple[Finding, ...]] = {}
    prints: dict[Place, int] = {}
    units: set[Unit] = set()
    total, done = sum(_weight(part, stale) for part in parts), 0.0
    for part in parts:
        shot_id, people = part.shot.id, [person.id for person in part.persons]
        asked = [p for p in people if (shot_id, p) in stale]
        fresh = {(shot_id, p): part.print_of(p) for p in asked}
        where = {
            p: stale[shot_id, p]
            for p in asked
            if known.prints.get((shot_id, p)) != fresh[shot_id, p]
        }
        every = units_of(shot_id, people)
        units |= set(every)
        prints |= fresh
        wanted = [unit for unit in every if set(unit.persons) & set(where)]
        look = _Look(part, body, where)
        weight = _weight(part, stale)
        for number, unit in enumerate(wanted):
            findings: list[Finding] = []
            for some in look.over(unit, detectors, known.found.get(unit)):
                findings += some
                yield Progress(done=done + weight * number / len(wanted), total=total)
            found[unit] = tuple(findings)
        done += weight
        yield Progress(done=done, total=total)
    shot_ids = frozenset(part.shot.id for part in parts) | known.shot_ids
    return Checked(
        found=found, prints=prints, units=frozenset(units), shot_ids=shot_ids
    )


def units_of(shot_id: int, people: list[int]) -> list[Unit]:
    """Each person, then each two."""
    alone = [Unit(shot_id=shot_id, persons=(p,)) for p in people]
    pairs = combinations(sorted(people), 2)
    return alone + [Unit(shot_id=shot_id, persons=pair) for pair in pairs]


def _weight(part: ShotMaterial, stale: Stale) -> int:
    return sum(
        t.frame_count for t in part.tracks if (part.shot.id, t.person_id) in stale
    )


class _Look:
    """Looks at the people of a shot; keeps of pairs only what is used again.

    Args:
        part: The shot.
        body: Everybody's body.
        where: Frames that have to be looked at again, by person.
    """

    def __init__(
        self, part: ShotMaterial, body: Body, where: Mapping[int, Frames]
    ) -> None:
        self._part = part
        self._where = where
        self._document: Document = part.document()
        self._poser = Poser(self._document, body)
        self._whole: dict[int, TrackEvidence] = {}

    def over(
        self,
        unit: Unit,
        detectors: Mapping[str, Detector],
        before: tuple[Finding, ...] | None,
    ) -> Iterator[list[Finding]]:
        """Findings of a unit, detector after detector.

        Args:
            unit: Who.
            detectors: By id.
            before: What was found there before; None where it was never checked.
        """
        scope = "pair" if len(unit.persons) == 2 else "person"
        frames = self._frames(unit)
        for kind, detector in detectors.items():
            if detector.SPEC.scope != scope:
                continue
            reach = detector.SPEC.reach
            values = validated_options(detector.SPEC.options, {})
            if frames is None or reach is None or before is None:
                yield detected(detector, self._evidence(unit), values)
                continue
            old = [f for f in before if f.kind == kind]
            first, last = _widened(old, frames[0] - reach, frames[1] + reach)
            part = self._evidence(unit, (first - reach, last + reach))
            found = detected(detector, part, values)
            new = [f for f in found if f.overlap(first, last)]
            yield [f for f in old if not f.overlap(first, last)] + new
        if scope == "person":
            self._whole.clear()

    def _frames(self, unit: Unit) -> Frames:
        stale = [self._where[p] for p in unit.persons if p in self._where]
        frames = stale[0]
        for other in stale[1:]:
            frames = _hull(frames, other)
        return frames

    def _evidence(self, unit: Unit, frames: Frames = None) -> ShotEvidence:
        mine = [t for t in self._part.tracks if t.person_id in unit.persons]
        look = self._track if frames is None else partial(self._cut, frames=frames)
        seen = [look(track) for track in mine]
        return ShotEvidence(
            shot=self._part.shot, tracks=tuple(one for one in seen if one is not None)
        )

    def _track(self, track: Track) -> TrackEvidence:
        if track.id not in self._whole:
            here = self._document.tracks[track.id]
            self._whole[track.id] = TrackEvidence(self._document, self._poser, here)
        return self._whole[track.id]

    def _cut(self, track: Track, frames: tuple[int, int]) -> TrackEvidence | None:
        window = max(frames[0], track.start), min(frames[1], track.stop)
        if window[0] >= window[1]:
            return None
        here = self._document.tracks[track.id]
        return TrackEvidence(self._document, self._poser, here, window)


def _widened(old: list[Finding], first: int, last: int) -> tuple[int, int]:
    """A range with all of what was found that it touches."""
    for finding in sorted(old, key=lambda f: f.start):
        if finding.overlap(first, last):
            first, last = min(first, finding.start), max(last, finding.stop)
    return first, last
