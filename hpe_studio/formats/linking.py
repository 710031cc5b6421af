"""Who is who over the frames of a file that names nobody.

A file without identities lists people anew in each frame. Whoever is nearest to where
somebody was before is that person, where the step is one a body can make. This is a
reader's makeshift: `tracking` knows more (looks, boxes, cuts) and is run on footage.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.motion.assignment import gated_pairs

_REACH, _REACH_PER_MISSED = 0.3, 0.1
"""Share of a body's size it may move from one frame to the next, and more per frame
missed: 0.3 of 1.7 m in 1/30 s is 15 m/s, faster than anybody runs."""

_MAX_REACH = 1.0
MAX_MISSED = 30
"""Somebody who was away for more frames is somebody new."""

ESTABLISHED = 5
"""Whoever was seen on so many frames chooses first: a ghost takes nobody's place."""

Place = tuple[FloatArray, float]
"""Where somebody is, shape (2,) or (3,), and how large, in the same unit."""


def link_frames(frames: Sequence[Sequence[Place]]) -> list[IntArray]:
    """Rows of the same person over the frames, by the nearest place.

    Args:
        frames: Per frame one place and size per person, in the file's order. Pixels,
            metres or anything else, as long as all are alike; places that hold NaN
            belong to nobody.

    Returns:
        Per person, in order of appearance, the row on each frame, shape (frames,);
        -1 where the person is absent.
    """
    found: list[IntArray] = []
    count: list[int] = []  # frames each was seen on
    last: list[tuple[int, Place]] = []  # frame and place where each was seen last
    near: list[int] = []  # who may still come back
    for frame, people in enumerate(frames):
        free = [i for i, (place, _) in enumerate(people) if _is_known(place)]
        near = [i for i in near if frame - last[i][0] - 1 <= MAX_MISSED]
        settled = [i for i in near if count[i] >= ESTABLISHED]
        for who in (settled, [i for i in near if count[i] < ESTABLISHED]):
            cost = _cost(frame, [last[i] for i in who], [people[i] for i in free])
            pairs = [(who[row], free[column]) for row, column in _pairs(cost)]
            for person, row in pairs:
                found[person][frame] = row
                count[person] += 1
                last[person] = (frame, people[row])
            taken = {row for _, row in pairs}
            free = [row for row in free if row not in taken]
        for row in free:
            near.append(len(found))
            found.append(np.full(len(frames), -1))
            found[-1][frame] = row
            count.append(1)
            last.append((frame, people[row]))
    return found


def _is_known(place: FloatArray) -> bool:
    return all(map(math.isfinite, place))


def _pairs(cost: FloatArray) -> list[tuple[int, int]]:
    """Rows and columns that belong together; one of each is the usual case."""
    if cost.size <= 1:
        return [(0, 0)] if cost.size and cost[0, 0] < 1 else []
    rows, columns = gated_pairs(cost, gate=1.0)
    return list(zip(list[int](rows), list[int](columns), strict=True))


def _cost(
    frame: int, persons: Sequence[tuple[int, Place]], people: Sequence[Place]
) -> FloatArray:
    """Step to each place over the step that is allowed, shape (persons, people)."""
    cost = np.full((len(persons), len(people)), np.nan)
    for row, (seen, (place, size)) in enumerate(persons):
        missed = frame - seen - 1
        reach = min(_REACH + _REACH_PER_MISSED * missed, _MAX_REACH)
        for column, (now, size_now) in enumerate(people):
            allowed = reach * max(size, size_now)
            if allowed > 0 and len(now) == len(place):
                cost[row, column] = math.dist(now, place) / allowed
    return cost


def place_of(points: FloatArray) -> Place:
    """Middle and size of a person's points, shape (points, 2 or 3), NaN missing.

    The size is the diagonal of the box around the points; a body of which little is
    seen counts as small.
    """
    known = points[np.isfinite(points).all(axis=1)]
    if not len(known):
        nowhere: FloatArray = np.full((points.shape[1],), np.nan)
        return nowhere, 0.0
    size = float(np.linalg.norm(np.ptp(known, axis=0)))
    middle: FloatArray = np.median(known, axis=0)
    return middle, size


def gathered(
    frames: Sequence[Sequence[FloatArray]], rows: IntArray
) -> tuple[int, FloatArray]:
    """One person's arrays over the frames they are on, as one dense array.

    Args:
        frames: Per frame one array per person, all of one shape.
        rows: The person's row on each frame, -1 where absent, as `link_frames` says.

    Returns:
        First frame, and shape (frames from first to last, ...), NaN where absent.

    Raises:
        ValueError: If the person is on no frame.
    """
    present = np.flatnonzero(rows >= 0)
    if not len(present):
        raise ValueError("nobody is on no frame")
    start, stop = int(present[0]), int(present[-1]) + 1
    first = frames[start][int(rows[start])]
    out = np.full((stop - start, *first.shape), np.nan)
    for frame in present.tolist():
        out[frame - start] = frames[frame][int(rows[frame])]
    return start, out
