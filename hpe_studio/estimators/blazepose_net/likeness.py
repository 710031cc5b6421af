"""Readings compared: is it one person, are the sides right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import geometry
from .landmarks import COCO_LIMBS, FROM_COCO, MIRROR, TRUNK

SEEN = 0.3
"""Confidence from which a landmark counts as seen."""
DUPLICATE = 0.12
"""Readings whose trunks differ by less than this share of their size are one."""
SWAPPED = 0.6
"""Exchanging sides must shrink the distance to this share to be believed."""
MOVED = 0.06
"""Distances below this share of the size say nothing about sides."""


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
