"""Guesses at what nobody wrote down: which joint set, which axes, which unit.

All of them look at many frames, take what fits a body best, and leave the person the
last word: a guess is always told, and can be overridden by an option.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.pointsets import known_set
from hpe_studio.core.skeleton import LandmarkSet

_MOST_ROWS = 300


def edge_cost(points: FloatArray, points_set: LandmarkSet) -> float:
    """How well a set's lines fit points: short lines of steady, equal lengths are good.

    In the right order a line joins neighbours, and those of left and right are alike;
    in a wrong order lines cross the body.

    Args:
        points: Shape (rows, points, 2 or 3), NaN where missing.
        points_set: The set that is tried.

    Returns:
        Mean share of the body's size plus twice the unevenness; infinite without any.
    """
    rows = points[:: max(1, len(points) // _MOST_ROWS)]
    size = body_size(rows)
    a, b = np.array(points_set.edges).T
    lengths: FloatArray = np.linalg.norm(rows[:, a] - rows[:, b], axis=2)
    lengths = lengths / size[:, None]
    if not np.isfinite(lengths).any():
        return float("inf")
    mean: float = np.nanmean(lengths).item()
    mirror = points_set.mirror_permutation()
    index = {frozenset(edge): i for i, edge in enumerate(points_set.edges)}
    other = [
        index.get(frozenset((mirror[x], mirror[y])), i)
        for i, (x, y) in enumerate(points_set.edges)
    ]
    uneven: FloatArray = np.abs(lengths - lengths[:, other])
    return mean + 2 * float(np.nanmean(uneven))


def body_size(rows: FloatArray) -> FloatArray:
    """Diagonal of the box around each row's points, shape (rows,); NaN where unknown.

    Args:
        rows: Shape (rows, points, 2 or 3), NaN where missing.
    """
    known = np.isfinite(rows).all(axis=2, keepdims=True)
    low = np.where(known, rows, np.inf).min(axis=1)
    high = np.where(known, rows, -np.inf).max(axis=1)
    size: FloatArray = np.linalg.norm(np.where(high >= low, high - low, 0.0), axis=1)
    return np.where(size > 0, size, np.nan)


def best_set(points: FloatArray, names: Sequence[str]) -> str:
    """The set whose lines fit the points best; the first where they fit alike."""
    costs = [edge_cost(points, known_set(name)) for name in names]
    return names[int(np.argmin(costs))]
