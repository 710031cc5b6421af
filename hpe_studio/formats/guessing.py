"""Guesses at what nobody wrote down: which joint set, which axes, which unit.

All of them look at many frames, take what fits a body best, and leave the person the
last word: a guess is always told, and can be overridden by an option.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

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


AXES: Mapping[str, FloatArray] = {
    "y_up": np.eye(3),
    "y_down": np.diag([1.0, -1.0, -1.0]),
    "z_up": np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]]),
    "z_down": np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]),
    "x_up": np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),
    "x_down": np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]),
}
"""Rotations that take points to scene axes (Y up), by the file's axis that is up."""

UNITS_M: Mapping[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254}
"""Metres per unit."""

_BONES_M = (
    ("hip", "knee", 0.42), ("knee", "ankle", 0.41), ("shoulder", "elbow", 0.28),
    ("elbow", "wrist", 0.25), ("wrist", "middle1", 0.095), ("middle1", "middle2", 0.04),
)  # fmt: skip
_UNIT_FACTOR = 2.2


def up_of(points: FloatArray, points_set: LandmarkSet) -> FloatArray:
    """Mean direction from feet to head over all rows, shape (3,), length 0 to 1.

    Args:
        points: Shape (rows, points, 3), NaN where missing.
        points_set: Their set.
    """
    rows = points[:: max(1, len(points) // _MOST_ROWS)]
    levels = [_level(rows, points_set, names) for names in _LEVELS]
    found: list[FloatArray] = []
    for low, high in itertools.combinations(levels, 2):
        step = high - low
        length = np.linalg.norm(step, axis=1, keepdims=True)
        found.append((step / np.where(length > 0, length, np.nan)) * length)
    total = np.concatenate(found) if found else np.zeros((0, 3))
    total = total[np.isfinite(total).all(axis=1)]
    whole = np.linalg.norm(total, axis=1).sum() if len(total) else 0.0
    if whole <= 0:
        return np.zeros(3)
    up: FloatArray = total.sum(axis=0) / whole
    return up


def guess_axes(points: FloatArray, points_set: LandmarkSet) -> tuple[str, float]:
    """Which of `AXES` stands people upright, and how sure that is, 0 to 1."""
    up = up_of(points, points_set)
    heights = {name: float((turn @ up)[1]) for name, turn in AXES.items()}
    best = max(heights, key=lambda name: heights[name])
    others = [h for name, h in heights.items() if name != best]
    return best, max(0.0, heights[best] - max(others))


def guess_unit(
    points: FloatArray, points_set: LandmarkSet, *, as_person: bool = False
) -> tuple[str, float]:
    """The unit that makes bones of usual length, and metres per number.

    ("person", factor) where no unit does, or none is wanted: the factor makes a person
    of usual size.
    """
    rows = points[:: max(1, len(points) // _MOST_ROWS)]
    shares: list[float] = []
    for a, b, usual_m in _BONES_M:
        for side in ("left_", "right_", ""):
            if side + a not in points_set.names or side + b not in points_set.names:
                continue
            ends = rows[:, [points_set.index(side + a), points_set.index(side + b)]]
            length = np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1)
            length = length[np.isfinite(length) & (length > 0)]
            if len(length):
                shares.append(usual_m / float(np.median(length)))
    if not shares:
        return "m", 1.0
    factor = float(np.median(shares))
    off = {name: abs(np.log(metres / factor)) for name, metres in UNITS_M.items()}
    off.pop("in")  # nobody's, and between others
    best = min(off, key=lambda name: off[name])
    if as_person or off[best] > np.log(_UNIT_FACTOR):
        return "person", factor
    return best, UNITS_M[best]


_LEVELS = (
    ("left_ankle", "right_ankle"),
    ("left_hip", "right_hip"),
    ("left_shoulder", "right_shoulder"),
    ("head_top", "head", "nose", "left_ear", "right_ear"),
)


def _level(
    rows: FloatArray, points_set: LandmarkSet, names: Sequence[str]
) -> FloatArray:
    """Mean of some points per row, shape (rows, 3); NaN where the set has none."""
    places = [points_set.index(name) for name in names if name in points_set.names]
    if not places:
        return np.full((len(rows), 3), np.nan)
    chosen = rows[:, places]
    known = np.isfinite(chosen).all(axis=2, keepdims=True)
    total = np.where(known, chosen, 0.0).sum(axis=1)
    count: FloatArray = known.sum(axis=1).astype(np.float64)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
