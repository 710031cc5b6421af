"""The worker script that follows one person from a box (see `workers/guest.py`)."""

from __future__ import annotations

import cv2
import numpy as np

from . import geometry
from .finder import Finder
from .likeness import DUPLICATE, seen_box, sides_by_evidence
from .networks import Proposer, Reader
from .people import People, Person
from .serve import packed, with_square_pixels

PROPOSAL_SCORE = 0.1
"""Lower than elsewhere: somebody has said that there is a person."""
LEAST_PRESENCE = 0.3
"""Presence below which there is nobody, even where somebody drew a box."""
SURE, FAST = 0.08, 0.3
"""Steps of the trunk, as a share of the size: without a doubt, and at most."""
INSIDE = 0.3
"""Overlap with the box from which a proposal means the person in it."""
LENGTH_OF_TRUNKS = 1.9
"""From the hips to the rim of the region, in trunks (as `region_of_keypoints`)."""
TRUNK = (11, 12, 23, 24)


def start(options):
    """A handler with its own copy of the networks.

    Args:
        options: movenet, blazepose (paths), detector_size, pixel_aspect.

    A message is one of ``{"box": [x0, y0, x1, y1]}`` (stored pixels: begin here),
    ``{"rewind": true}`` (follow from the box again) and ``{}`` (go on), each with
    "others": the trunks of people who are known in this picture, shape (n, 4, 2) as
    lists of stored pixels. The reply is the person, or nobody.
    """
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    proposer = Proposer(options["movenet"], [])
    finder = Finder(
        proposer,
        side=options["detector_size"],
        tiles="off",
        least_score=PROPOSAL_SCORE,
    )
    reader = Reader(options["blazepose"], [])
    follower = Follower(finder, reader)

    def handle(message, arrays):
        picture, stretch = with_square_pixels(arrays[0], options["pixel_aspect"])
        others = np.array(message["others"], float).reshape(-1, len(TRUNK), 2)
        others = (others + 0.5) * (stretch, 1.0)
        if message.get("rewind"):
            follower.rewind()
        if "box" in message:
            box = (np.array(message["box"]) + 0.5) * (stretch, 1.0, stretch, 1.0)
            found = follower.begin(picture, box, others)
        else:
            found = follower.go_on(picture, others)
        height, width = picture.shape[:2]
        return {}, packed([found] if found else [], width, height, stretch)

    return handle


class Follower(People):
    """Follows one person that somebody pointed at; looks for nobody else."""

    def __init__(self, finder, reader):
        super().__init__(
            finder, reader, interval=1, max_people=1, least_score=LEAST_PRESENCE
        )
        self._first = None
        self._last = None

    def begin(self, picture, box, others):
        """The person in a box, or None: of all readings the surest that fills it.

        Args:
            picture: RGB.
            box: x0, y0, x1, y1, continuous pixels.
            others: Trunks of people who are known here, shape (n, 4, 2).
        """
        found = self._found(picture, box, self._fronts(picture, box, others))
        self._first = self._last = None if _is_known(found, others) else found
        return self._first

    def rewind(self):
        """Go on from where it began."""
        self._last = self._first

    def go_on(self, picture, others):
        """The person in the next picture, or None where lost or somebody else."""
        last = self._last
        if last is None:
            return None
        fronts = self._fronts(picture, last.box, others)
        found = self._followed(picture, last, fronts, FAST)
        if found is None or found.step > SURE:
            there = self._found(picture, last.box, fronts)
            met = [p for p in (found, there) if p is not None]
            found = min(met, key=lambda p: _gap(p, last), default=None)
        if found is None or _gap(found, last) > FAST or _is_known(found, others):
            return None
        self._last = found
        return found

    def _fronts(self, picture, box, others):
        """Known people near a box as they are read here, to be painted out."""
        fronts = []
        for trunk in others:
            where = region_of_trunk(trunk)
            x, y, side, _ = where
            reach = np.array([x - side / 2, y - side / 2, x + side / 2, y + side / 2])
            if np.isnan(reach).any() or geometry.overlap(reach, box) == 0.0:
                continue
            person = Person(-1, self._reader.read(picture, where))
            if _is_known(person, trunk[None]):
                fronts.append(person)
        return fronts

    def _found(self, picture, box, fronts):
        readings = self._twice(picture, region_of_box(box), fronts)
        for proposal in self._finder.look_at(picture, box):
            if geometry.overlap(proposal.box, box) >= INSIDE:
                where = geometry.region_of_keypoints(proposal.keypoints, proposal.box)
                readings += [
                    sides_by_evidence(reading, proposal)
                    for reading in self._twice(picture, where, fronts)
                ]
        worth = [r.presence * geometry.overlap(seen_box(r), box) for r in readings]
        if not worth or max(worth) < LEAST_PRESENCE * INSIDE:
            return None
        best = readings[int(np.argmax(worth))]
        return Person(0, best, support=1.0, best=1.0, raw=best)

    def _twice(self, picture, where, fronts):
        """The reading there and the one where that one would look next."""
        without = [person.reading for person in fronts]
        first = self._reader.read(picture, where, without=without)
        second = self._reader.read(picture, first.next_region, without=without)
        both = (first, second)
        return [r for r in both if self._is_person(r, picture, LEAST_PRESENCE)]


def region_of_box(box):
    """Where to look for somebody upright who fills a box."""
    x0, y0, x1, y1 = box
    centre = np.array([x0 + x1, y0 + y1]) / 2
    return geometry.region(centre, centre - (0.0, geometry.length_of(box) / 2))


def region_of_trunk(trunk):
    """Where to read somebody whose shoulders and hips are known, shape (4, 2)."""
    neck, centre = trunk[:2].mean(axis=0), trunk[2:].mean(axis=0)
    up = neck - centre
    return geometry.region(centre, centre + LENGTH_OF_TRUNKS * up)


def _gap(person, other):
    ends = [p.reading.points[list(TRUNK)].mean(axis=0) for p in (person, other)]
    return np.linalg.norm(ends[0] - ends[1]) / geometry.length_of(other.box)


def _is_known(person, others):
    """Whether the reading lies on the trunk of somebody who is known already."""
    if person is None or len(others) == 0:
        return False
    trunk = person.reading.points[list(TRUNK)]
    gaps = np.linalg.norm(others - trunk, axis=2).mean(axis=1)
    nearest = np.nanmin(gaps, initial=np.inf)
    return bool(nearest < DUPLICATE * geometry.length_of(person.box))
