"""People from frame to frame within one run of frames: followed, found, put right."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from . import geometry
from .landmarks import COCO_LIMBS, FROM_COCO, LIMBS, MIRROR, TRUNK
from .networks import Reading

SEEN = 0.3
"""Confidence from which a landmark counts as seen."""
LEAST_SEEN = 6
LEAST_SIZE_PX = 16.0
DUPLICATE = 0.12
"""Readings whose trunks differ by less than this share of their size are one."""
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
SWAPPED = 0.6
"""Exchanging sides must shrink the distance to this share to be believed."""
MOVED = 0.06
"""Distances below this share of the size say nothing about sides."""
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
    """

    hint: int
    reading: Reading
    step: float = float("inf")
    support: float = FIRM
    best: float = FIRM

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
        self.restart()

    def restart(self):
        """Forget everybody: the next picture does not follow the last one."""
        self._people = []
        self._lost = []
        self._frame = 0
        self._rejected = []
        self._finder.restart()

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
        followed = []
        for person in self._people:
            self._add_followed(followed, picture, person, None)
        clear, caught = without_duplicates(followed)
        before = {person.hint: person for person in self._people}
        for person, front in caught:
            self._add_followed(clear, picture, before[person.hint], front.reading)
        return without_duplicates(clear)[0]

    def _add_followed(self, followed, picture, person, front):
        where = person.reading.next_region
        reading = self._reader.read(picture, where, without=front)
        if not self._is_person(reading, picture, self._least_score):
            return
        step = trunk_distance(reading, person.reading)
        if step < JUMP:
            reading = self._with_right_sides(picture, reading, person.reading)
            followed.append(
                Person(person.hint, reading, step, person.support, person.best)
            )

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
            reading = self._read_twice(picture, where, proposal, front.reading)
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

    def _read_twice(self, picture, where, proposal, front=None):
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
        seen = (reading.confidence > SEEN) & inside(reading.points, width, height)
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


def inside(points, width, height):
    """Which of the 33 landmarks lie within the picture (continuous pixels)."""
    x, y = points[: len(MIRROR)].T
    return (x >= 0) & (y >= 0) & (x < width) & (y < height)


def seen_box(reading):
    """Box of the landmarks that are seen."""
    return geometry.box_of(reading.points[: len(MIRROR)], reading.confidence > SEEN)


def trunk_distance(a, b):
    """Mean distance of the trunk points as a share of the larger person's size."""
    size = max(geometry.length_of(seen_box(a)), geometry.length_of(seen_box(b)))
    return np.linalg.norm(a.points[TRUNK] - b.points[TRUNK], axis=1).mean() / size


def is_duplicate(a, b):
    """Whether two readings mean one person."""
    return trunk_distance(a, b) < DUPLICATE


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


def agreement(reading, proposal):
    """Median distance from a proposal's trusted points, over its size."""
    trusted = proposal.keypoints[:, 2] > 0.2
    if trusted.sum() < 3:
        trusted = proposal.keypoints[:, 2] >= np.sort(proposal.keypoints[:, 2])[-3]
    gap = reading.points[FROM_COCO][trusted] - proposal.keypoints[trusted, :2]
    # sides may be exchanged: that is put right later
    other = reading.points[MIRROR][FROM_COCO][trusted] - proposal.keypoints[trusted, :2]
    distance = min(np.median(np.linalg.norm(g, axis=1)) for g in (gap, other))
    return distance / proposal.size


def side_evidence(reading, proposal):
    """1 if a proposal confirms the reading's sides, -1 if it denies them, else 0."""
    keypoints = proposal.keypoints[COCO_LIMBS]
    weights = np.where(keypoints[:, 2] > 0.3, keypoints[:, 2], 0.0)
    if (weights > 0).sum() < 4:
        return 0
    marks = FROM_COCO[COCO_LIMBS]

    def distance(points):
        gaps = np.linalg.norm(points[marks] - keypoints[:, :2], axis=1)
        return (weights * gaps).sum() / weights.sum()

    as_is, exchanged = distance(reading.points), distance(reading.points[MIRROR])
    if max(as_is, exchanged) < MOVED * proposal.size:
        return 0
    if exchanged < SWAPPED * as_is:
        return -1
    return 1 if as_is < SWAPPED * exchanged else 0


def sides_by_evidence(reading, proposal):
    """The reading, or its mirror when the proposal's sides clearly say so."""
    return mirror(reading) if side_evidence(reading, proposal) < 0 else reading


def mirror(reading):
    """The same silhouette read with front and back exchanged."""
    points, confidence, points_m = geometry.mirrored(
        reading.points, reading.confidence, reading.points_m
    )
    return replace(reading, points=points, confidence=confidence, points_m=points_m)


def _is_near(a, b):
    gap = np.hypot(a[0] - b[0], a[1] - b[1])
    return gap < 0.2 * b[2] and 0.6 < a[2] / b[2] < 1.6
