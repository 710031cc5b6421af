"""Who stands before whom, so that the one in front can be painted out of the picture.

A network that reads somebody half hidden takes the face and the limbs in front for
that person's own. With the one in front painted over it does not. Who that is shows in
what painting over does: to the reading of the one in front hardly anything, to that of
the one behind a lot.
"""

from __future__ import annotations

import math

import numpy as np

from . import geometry
from .landmarks import COUNT, LIMBS

TOUCHING = 0.04
"""Share of a body's bones on the other's silhouette from which two people touch."""
SURE = 0.45
"""Evidence (log ratio of disturbances, fading) from which an order is believed."""
FADING = 0.9
MOST = 1.5
"""Evidence is kept within this, so that an order can change."""
HURRY = 2
"""While not sure, people who touch are compared every so many frames."""
UNMOVED = 0.01
"""Readings that differ by less than this share of the size hardly differ."""
_BONES = (
    (0, 11),
    (0, 12),
    (11, 12),
    (11, 13),
    (13, 15),
    (12, 14),
    (14, 16),
    (11, 23),
    (12, 24),
    (11, 24),
    (12, 23),
    (23, 24),
    (23, 25),
    (25, 27),
    (24, 26),
    (26, 28),
)
_ALONG = np.linspace(0.0, 1.0, 8)[:, None]


class Layers:
    """Remembers for every two people that touch who stands behind."""

    def __init__(self):
        self.restart()

    def restart(self):
        """Forget everything."""
        self._behind = {}

    def is_sure(self, a, b):
        """Whether it is known who of two people (hints) stands before the other."""
        return abs(self._behind.get((a, b), 0.0)) > SURE

    def is_behind(self, a, b):
        """Whether a stands behind b (hints)."""
        return self._behind.get((a, b), 0.0) > SURE

    def is_due(self, frame, interval, hints, readings):
        """Whether two people are to be compared in this frame."""
        rest = interval if self.is_sure(*hints) else min(interval, HURRY)
        known = hints in self._behind
        return (frame % rest == 0 or not known) and (known or touch(*readings))

    def add(self, a, b, evidence):
        """Add evidence that a stands behind b; negative for the contrary."""
        for pair, sign in (((a, b), 1.0), ((b, a), -1.0)):
            value = FADING * self._behind.get(pair, 0.0) + sign * evidence
            self._behind[pair] = min(max(value, -MOST), MOST)

    def keep(self, pairs):
        """Forget all who have parted; `pairs` of hints in either order."""
        there = {frozenset(pair) for pair in pairs}
        self._behind = {
            pair: value
            for pair, value in self._behind.items()
            if frozenset(pair) in there
        }

    def front_first(self, hints):
        """The hints ordered so that who stands in front comes first."""

        def depth(hint):
            return sum(self.is_behind(hint, other) for other in hints)

        return sorted(hints, key=lambda hint: (depth(hint), hint))


def evidence(tried_first, tried_second):
    """How much likelier the first of two people stands behind than in front.

    Args:
        tried_first: The first one's reading as is, and without the second.
        tried_second: The second one's, and without the first.
    """
    first, second = (_moved(*tried) + UNMOVED for tried in (tried_first, tried_second))
    return math.log(first / second)


def _moved(plain, without):
    """Mean distance of the limbs seen in one reading, as a share of the size."""
    weights = plain.confidence[LIMBS] + 1e-6
    gaps = np.linalg.norm(plain.points[LIMBS] - without.points[LIMBS], axis=1)
    trusted = plain.points[:COUNT]
    size = geometry.length_of(geometry.box_of(trusted, plain.confidence > 0.3))
    return float((weights * gaps).sum() / weights.sum() / size)


def touch(a, b):
    """Whether the bones of one reading cross the silhouette of the other."""
    return max(_share_on(a, b), _share_on(b, a)) >= TOUCHING


def _share_on(reading, other):
    """Share of a reading's bones that lie on another one's silhouette."""
    start, end = (reading.points[[bone[i] for bone in _BONES]] for i in (0, 1))
    points = (start[:, None] * (1 - _ALONG) + end[:, None] * _ALONG).reshape(-1, 2)
    to_image = np.vstack([geometry.image_from_crop(other.region), (0, 0, 1)])
    matrix = np.linalg.inv(to_image)[:2]
    side = len(other.mask)
    cells = points @ matrix[:, :2].T + matrix[:, 2]
    cells = np.floor(cells * side / geometry.CROP).astype(int)
    inside = ((cells >= 0) & (cells < side)).all(axis=1)
    cells = cells[inside]
    return float((other.mask[cells[:, 1], cells[:, 0]] > 0).sum() / len(points))
