"""All problems of a document, kept in step with it: what is open, what is done.

A person in a shot is checked at once; pairs of people are checked for what concerns
two. An edit makes only the people stale whose tracks it touched.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping

from hpe_studio.body import Body
from hpe_studio.core.changes import ChangeSet
from hpe_studio.core.document import Document
from hpe_studio.core.jobs import Job
from hpe_studio.core.touched import touched
from hpe_studio.quality.check import Judged, judged, speaks_of, without_consequences
from hpe_studio.quality.finding import Detector, Finding
from hpe_studio.quality.material import materials, track_shot
from hpe_studio.quality.rechecking import Checked, Place, Stale, Unit, joined, recheck

__all__ = ["ProblemQueue"]


class ProblemQueue:
    """Findings of a document and what was decided about them.

    Not thread-safe, like its document; the jobs it makes may run elsewhere.

    Args:
        document: What is checked.
        detectors: By id.
    """

    def __init__(self, document: Document, detectors: Mapping[str, Detector]) -> None:
        self._document = document
        self._detectors = detectors
        self.found: dict[Unit, tuple[Finding, ...]] = {}
        self.prints: dict[Place, int] = {}
        self._stale: Stale = {}
        self._checking: Stale = {}
        self._judged: tuple[Judged, ...] | None = None
        self._kept: dict[int, tuple[Finding, ...]] = {}
        self.mark_all()

    # Reading -----------------------------------------------------------------

    @property
    def is_stale(self) -> bool:
        """True where something has to be checked (again)."""
        return bool(self._stale)

    @property
    def stale_frames(self) -> int:
        """How many frames of people have to be checked (again)."""
        shots = self._document.shots or (self._document.shot_at(0),)
        return sum(
            track.frame_count
            for track in self._document.tracks.values()
            if (track_shot(shots, track).id, track.person_id) in self._stale
        )

    @property
    def everything(self) -> tuple[Judged, ...]:
        """All findings with their decisions, worst first."""
        if self._judged is None:
            found = (f for shot_id in self._shot_ids() for f in self._of_shot(shot_id))
            self._judged = judged(found, self._document.decisions.values())
        return self._judged

    @property
    def open(self) -> tuple[Finding, ...]:
        """What nobody has settled, worst first."""
        return tuple(one.finding for one in self.everything if one.is_open)

    @property
    def done_count(self) -> int:
        """What was settled, and what was repaired and is not found any more."""
        settled = sum(not one.is_open for one in self.everything)
        about: dict[Hashable, list[Finding]] = {}
        for one in self.everything:
            place = (one.finding.kind, one.finding.person_id)
            about.setdefault(place, []).append(one.finding)
        gone = sum(
            not any(speaks_of(d, f) for f in about.get((d.kind, d.person_id), ()))
            for d in self._document.decisions.values()
        )
        return settled + gone

    def open_counts(self) -> dict[int, int]:
        """Number of open problems by person; of two people both have it."""
        counts: dict[int, int] = {}
        for finding in self.open:
            for person_id in finding.person_ids:
                counts[person_id] = counts.get(person_id, 0) + 1
        return counts

    # Keeping in step -----------------------------------------------------------

    def mark_all(self) -> None:
        """Let everything be checked again."""
        shots = self._document.shots or (self._document.shot_at(0),)
        self._stale = {
            (track_shot(shots, t).id, t.person_id): None
            for t in self._document.tracks.values()
        }

    def forget(self) -> None:
        """Let everything be checked again, whatever it was like before."""
        self.prints.clear()
        self.mark_all()

    def follow(self, changes: ChangeSet) -> bool:
        """Mark stale what changes touched; True where findings or decisions changed."""
        if changes.cause == "preview":
            return False
        if changes.touches("shots") or changes.touches("settings"):
            self.mark_all()
        shots = self._document.shots or (self._document.shot_at(0),)
        found = touched(self._document, changes)
        for track, frames in found:
            place = (track_shot(shots, track).id, track.person_id)
            self._stale = joined(self._stale, {place: frames})
        if found or changes.touches("decisions") or changes.touches("persons"):
            self._judged = None
            return True
        return changes.touches("shots")

    def job(self, body: Body, *, near: int = 0) -> Job[Checked]:
        """A check of all that is stale, to be run anywhere and taken by `take`.

        Args:
            body: The body of the people.
            near: Frame whose shot is checked first.
        """
        stale, self._stale = self._stale, {}
        self._checking = stale
        shot_ids = {shot_id for shot_id, _ in stale}
        shot_ids |= {unit.shot_id for unit in self.found} - self._shots_there()
        parts = materials(self._document, shot_ids)
        parts.sort(key=lambda part: (near not in part.shot, part.shot.start))
        gone = shot_ids - {part.shot.id for part in parts}
        known = Checked(
            found=dict(self.found), prints=dict(self.prints), shot_ids=frozenset(gone)
        )
        return recheck(parts, stale, self._detectors, body, known)

    def _shots_there(self) -> set[int]:
        return {s.id for s in self._document.shots or (self._document.shot_at(0),)}

    def take(self, checked: Checked) -> frozenset[int]:
        """Take what a check has found.

        Returns:
            Ids of the shots of which something else is known now.
        """
        self._checking = {}
        changed = {unit.shot_id for unit in checked.found}
        for unit in [u for u in self.found if u.shot_id in checked.shot_ids]:
            if unit not in checked.units:
                del self.found[unit]
                changed.add(unit.shot_id)
        self.found.update(checked.found)
        self._forget_gone(checked)
        self.prints.update(checked.prints)
        self._forget_judged(changed)
        return frozenset(changed)

    def _forget_gone(self, checked: Checked) -> None:
        """Drop prints of who is gone: what was found of them went with them."""
        there = {(unit.shot_id, p) for unit in checked.units for p in unit.persons}
        for place in [p for p in self.prints if p[0] in checked.shot_ids]:
            if place not in there:
                del self.prints[place]

    def give_up(self) -> None:
        """A check came to nothing: what it was about is stale as before."""
        self._stale = joined(self._checking, self._stale)
        self._checking = {}

    def restore(
        self, found: Mapping[Unit, tuple[Finding, ...]], prints: Mapping[Place, int]
    ) -> None:
        """Begin with what was known before; a check proves it by its prints."""
        self.found, self.prints = dict(found), dict(prints)
        self._forget_judged({unit.shot_id for unit in found})

    def _forget_judged(self, shot_ids: Iterable[int]) -> None:
        self._judged = None
        for shot_id in shot_ids:
            self._kept.pop(shot_id, None)

    def _shot_ids(self) -> list[int]:
        return list(dict.fromkeys(unit.shot_id for unit in self.found))

    def _of_shot(self, shot_id: int) -> tuple[Finding, ...]:
        if shot_id not in self._kept:
            mine = (f for u, f in self.found.items() if u.shot_id == shot_id)
            self._kept[shot_id] = without_consequences(f for fs in mine for f in fs)
        everyone = self._document.persons.values()
        persons = {person.id for person in everyone if not person.ignored}
        return tuple(f for f in self._kept[shot_id] if f.person_id in persons)
