"""People from frame to frame within one run of frames: followed, found, put right."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from . import geometry, layers
from .landmarks import LIMBS, MIRROR
from .likeness import (
    MOVED,
    SWAPPED,
    agreement,
    inside,
    is_duplicate,
    mirror,
    seen_box,
    side_evidence,
    sides_by_evidence,
    trunk_distance,
)
from .networks import GUESSED, Reading

LEAST_SEEN = 6
LEAST_SIZE_PX = 16.0
KNOWN = 0.15
"""A proposal this near to a person (share of size, median) is that person."""
COVERED = 0.15
"""Overlap of boxes from which a known person may stand in front of a proposed one."""
REPEATED = 0.05
"""A second proposal this near to a person is a repetition."""
SNAPPED = 0.25
"""A reading this far from its proposal has caught somebody else."""
JUMP = 0.5
"""A reading this far from the one before is not the same person."""
PAINTED_JUMP = 0.1
"""The same where somebody was painted over, perhaps the wrong one."""
TRUNK_M = (0.2, 0.9)
"""Shoulder to hip of any human being."""
REJECTED_ROUNDS = 2
"""How many rounds of proposals a refused one is not looked at again."""
GLANCE = 0.1
"""Presence that a first, badly cut reading needs for a second one."""
FIRM = 0.35
"""Score of a proposal that needs no other argument; of people on film mostly more."""
WEAK = 0.2
DOUBTFUL_PRESENCE = 0.8
FORGETTING = 0.8
"""Share of a proposal's support left after each round that does not repeat it."""
LEAST_SUPPORT = 0.06
REMEMBERED = 15
"""Frames for which a lost person gets its number back."""


@dataclass
class Person:
    """One person in the current frame.

    Attributes:
        hint: Number kept from frame to frame.
        reading: What the network read, put right where needed.
        step: Distance to the frame before as a share of the size; inf when new.
        support: Score of the proposals that meant this person, fading.
        best: The best of those scores.
        raw: What the network read before sides were put right; None where unknown.
        fronts: Hints of those who were painted out for it.
    """

    hint: int
    reading: Reading
    step: float = float("inf")
    support: float = FIRM
    best: float = FIRM
    raw: Reading | None = None
    fronts: tuple = ()

    @property
    def score(self):
        """Trust in the person: both networks have to believe in it."""
        return self.reading.presence * min(1.0, self.best / FIRM)

    @property
    def box(self):
        """Box of the seen landmarks."""
        return seen_box(self.reading)


class People:
    """Follows people and looks for new ones every few frames.

    Args:
        finder: See `finder.Finder`.
        reader: See `networks.Reader`.
        interval: Frames between two looks for new people.
        max_people: At most so many at once, the largest first.
        least_score: Presence below which there is nobody.
        first_hint: Number of the first person.
    """

    def __init__(
        self, finder, reader, *, interval, max_people, least_score, first_hint=0
    ):
        self._finder = finder
        self._reader = reader
        self._interval = interval
        self._max_people = max_people
        self._least_score = least_score
        self._next_hint = first_hint
        self._round = 0
        self._layers = layers.Layers()
        self.restart()

    def restart(self):
        """Forget everybody: the next picture does not follow the last one."""
        self._people = []
        self._lost = []
        self._frame = 0
        self._rejected = []
        self._finder.restart()
        self._layers.restart()

    def process(self, picture):
        """The people of the next picture (see `Person`)."""
        before = self._people
        self._people = self._follow(picture)
        there = {person.hint for person in self._people}
        gone = [person for person in before if person.hint not in there]
        self._lost += [(person, self._frame + REMEMBERED) for person in gone]
        self._lost = [(p, until) for p, until in self._lost if until > self._frame]
        due = self._frame % self._interval == 0
        if gone or due:
            self._look(picture, briefly=not due)
        self._frame += 1
        return [p for p in self._people if p.score >= self._least_score]

    def _follow(self, picture):
        before = {person.hint: person for person in self._people}
        followed = []
        for hint in self._layers.front_first(before):
            front = [p for p in followed if self._layers.is_behind(hint, p.hint)]
            person = self._followed(picture, before[hint], front)
            if person is None and front:
                person = self._followed(picture, before[hint])
            followed += [person] if person else []
        clear, caught = without_duplicates(followed)
        for person, front in caught:
            again = self._followed(picture, before[person.hint], [front], JUMP)
            clear += [again] if again else []
        return self._in_layers(picture, without_duplicates(clear)[0], before)

    def _followed(self, picture, person, front=(), farthest=None):
        """The person in the next picture, or None where lost."""
        if farthest is None:
            farthest = PAINTED_JUMP if front else JUMP
        raw = self._reader.read(
            picture,
            person.reading.next_region,
            without=[other.reading for other in front],
        )
        return self._accepted(picture, person, raw, front, farthest)

    def _accepted(self, picture, before, raw, front, farthest):
        """What was read in the next picture as the same person, or None."""
        if not self._is_person(raw, picture, self._least_score):
            return None
        step = trunk_distance(raw, before.reading)
        if step >= farthest:
            return None
        return replace(
            before,
            reading=self._with_right_sides(picture, raw, before.reading),
            step=step,
            raw=raw,
            fronts=tuple(other.hint for other in front),
        )

    def _in_layers(self, picture, people, before):
        """The people, read without those found to stand before them."""
        now = {person.hint: person for person in people}
        pairs = list(itertools.combinations(now, 2))
        self._layers.keep([p for p in pairs if _boxes_meet(*(now[h] for h in p))])
        for a, b in pairs:
            readings = now[a].reading, now[b].reading
            if not self._layers.is_due(self._frame, self._interval, (a, b), readings):
                continue
            tried = [self._tried(picture, now[x], now[y]) for x, y in ((a, b), (b, a))]
            self._layers.add(a, b, layers.evidence(*tried))
            for (x, y), (_, without) in zip(((a, b), (b, a)), tried, strict=True):
                if self._layers.is_behind(x, y) and not now[x].fronts:
                    better = self._accepted(
                        picture, before[x], without, [now[y]], PAINTED_JUMP
                    )
                    now[x] = better or now[x]
        return list(now.values())

    def _tried(self, picture, person, other):
        """A person's readings as is and without somebody else."""

        def read(fronts):
            if person.fronts == tuple(p.hint for p in fronts):
                return person.raw
            without = [p.reading for p in fronts]
            return self._reader.read(picture, person.raw.region, without=without)

        return read([]), read([other])

    def _look(self, picture, *, briefly):
        proposals = self._finder.find(picture, briefly=briefly)
        pairs, others = matched(self._people, proposals)
        if not briefly:
            self._start_round()
        for person, proposal in pairs:
            person.reading = sides_by_evidence(person.reading, proposal)
            person.support = max(person.support, proposal.score)
            person.best = max(person.best, proposal.score)
        true = [proposal for _, proposal in pairs]
        for proposal in sorted(others, key=lambda p: -p.score * p.size):
            room = len(self._people) < self._max_people
            if room and self._meet(picture, proposal):
                true.append(proposal)
        if not briefly:
            self._finder.learn([p for p in true if p.score >= WEAK])
        self._people = [p for p in self._people if p.support >= LEAST_SUPPORT]

    def _start_round(self):
        self._round += 1
        self._rejected = [
            (region, until) for region, until in self._rejected if until > self._round
        ]
        for person in self._people:
            person.support *= FORGETTING

    def _meet(self, picture, proposal):
        """Whether a proposal became a person; remembered when it is none."""
        where = geometry.region_of_keypoints(proposal.keypoints, proposal.box)
        if any(_is_near(where, other) for other, _ in self._rejected):
            return False
        reading = self._read_twice(picture, where, proposal)
        front = None if reading is None else self._caught_by(reading)
        if front is None:
            front = self._in_front_of(proposal)
        if front is not None and (reading is None or self._caught_by(reading)):
            reading = self._read_twice(picture, where, proposal, (front.reading,))
        if reading is None:
            self._rejected.append((where, self._round + REJECTED_ROUNDS))
            return False
        reading = sides_by_evidence(reading, proposal)
        if agreement(reading, proposal) > SNAPPED or self._caught_by(reading):
            return False
        hint = self._hint_for(reading)
        score = proposal.score
        self._people.append(Person(hint, reading, support=score, best=score))
        return True

    def _caught_by(self, reading):
        """The person whose trunk the reading has taken for its own, or None."""
        for person in self._people:
            if is_duplicate(reading, person.reading):
                return person
        return None

    def _in_front_of(self, proposal):
        """The person that covers most of a proposal's box, or None."""
        shares = [geometry.overlap(p.box, proposal.box) for p in self._people]
        if not shares or max(shares) < COVERED:
            return None
        return self._people[int(np.argmax(shares))]

    def _read_twice(self, picture, where, proposal, front=()):
        """The second region is the network's own, so the reading is much better."""
        first = self._reader.read(picture, where, without=front)
        if not self._is_person(first, picture, GLANCE):
            return None
        second = self._reader.read(picture, first.next_region, without=front)
        weak = proposal.score < WEAK
        least = DOUBTFUL_PRESENCE if weak else self._least_score
        return second if self._is_person(second, picture, least) else None

    def _hint_for(self, reading):
        """The number of the lost person this seems to be, or a new one."""
        gaps = [trunk_distance(reading, person.reading) for person, _ in self._lost]
        if gaps and min(gaps) < JUMP / 2:
            return self._lost.pop(int(np.argmin(gaps)))[0].hint
        self._next_hint += 1
        return self._next_hint - 1

    def _with_right_sides(self, picture, reading, before):
        """The reading or its mirror, where the sides seem to have changed at once.

        Nobody turns round between two frames, so without other evidence the mirror is
        right; the other network is asked in case the frame before was the wrong one.
        """
        size = geometry.length_of(seen_box(before))
        old = before.points[LIMBS]
        kept = np.linalg.norm(reading.points[LIMBS] - old, axis=1).mean()
        swapped = reading.points[MIRROR][LIMBS]
        exchanged = np.linalg.norm(swapped - old, axis=1).mean()
        if kept < MOVED * size or exchanged > SWAPPED * kept:
            return reading
        proposals = self._finder.look_at(picture, seen_box(reading))
        gaps = [agreement(reading, proposal) for proposal in proposals]
        if gaps and min(gaps) < KNOWN:
            verdict = side_evidence(reading, proposals[int(np.argmin(gaps))])
            return reading if verdict > 0 else mirror(reading)
        return mirror(reading)

    def _is_person(self, reading, picture, least):
        height, width = picture.shape[:2]
        # points behind somebody painted over are guesses and do not count
        seen = (reading.confidence > GUESSED) & inside(reading.points, width, height)
        trunk = reading.points_m[11:13].mean(axis=0) - reading.points_m[23:25].mean(
            axis=0
        )
        side = reading.next_region[2]
        return bool(
            reading.presence >= least
            and seen.sum() >= LEAST_SEEN
            and TRUNK_M[0] < np.linalg.norm(trunk) < TRUNK_M[1]
            and geometry.length_of(seen_box(reading)) >= LEAST_SIZE_PX
            and LEAST_SIZE_PX < side < 8 * max(width, height)
        )


def without_duplicates(people):
    """People read once, and those caught by them as (person, the one in front).

    Of two readings of one body the one that moved least is right: the other has left
    the person it followed.
    """
    kept, caught = [], []
    for person in sorted(people, key=lambda p: p.step):
        for other in kept:
            if is_duplicate(person.reading, other.reading):
                caught.append((person, other))
                break
        else:
            kept.append(person)
    return sorted(kept, key=lambda p: p.hint), caught


def matched(people, proposals):
    """People with the proposals that mean them, and the proposals of nobody known.

    One to one, the nearest first, so that somebody half hidden behind a known person
    is not taken for that person; a second proposal right on a known one is dropped.
    """
    gaps = [
        (agreement(person.reading, proposal), i, j)
        for i, person in enumerate(people)
        for j, proposal in enumerate(proposals)
    ]
    pairs, used, met = [], set(), set()
    for gap, i, j in sorted(gaps):
        if gap < KNOWN and i not in met and j not in used:
            pairs.append((people[i], proposals[j]))
            met.add(i)
            used.add(j)
        elif gap < REPEATED:
            used.add(j)
    return pairs, [p for j, p in enumerate(proposals) if j not in used]


def _boxes_meet(a, b):
    return geometry.overlap(a.box, b.box) > 0.0


def _is_near(a, b):
    gap = np.hypot(a[0] - b[0], a[1] - b[1])
    return gap < 0.2 * b[2] and 0.6 < a[2] / b[2] < 1.6
