"""How much the colours of this shot say about who is who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.tracking.likeness import colour_distance, covered_share
from hpe_studio.tracking.table import Chain, DetectionTable

# Hellinger distances when the shot itself cannot tell: of one person seconds apart,
# and of two people; and how much either varies.
_SAME, _OTHERS, _SPREAD = 0.22, (0.4, 0.55, 0.7), 0.12
_STRONGEST = 4.0
# How often one person looks altogether different a moment later: sun, shade, turning.
_LIT_ANEW = 0.08


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ColourScale:
    """What colour distances mean in this shot.

    Attributes:
        same: Usual distance between two looks of one person.
        others: Distances between people seen at once, shape (pairs,).
    """

    same: float
    others: FloatArray

    def evidence(self, distance: FloatArray | float) -> FloatArray:
        """Log likelihood ratio "same person" against "another", within ±4.

        A normal distribution round `same` against a kernel density of `others`: among
        players of one team a small distance says little, a large one still says no.
        """
        value = np.maximum(np.asarray(distance, float), self.same)[..., None]
        steady = np.exp(-0.5 * ((value[..., 0] - self.same) / _SPREAD) ** 2)
        one = np.log(_LIT_ANEW + (1.0 - _LIT_ANEW) * steady)
        apart = np.maximum(self.others, self.same)
        another = np.exp(-0.5 * ((value - apart) / _SPREAD) ** 2).mean(axis=-1)
        return np.clip(one - np.log(another + 1e-9), -_STRONGEST, _STRONGEST)


def clear_rows(table: DetectionTable) -> BoolArray:
    """Rows whose box is not covered by a third or more by another one, shape (rows,).

    Colours of a covered body are partly those of the body before it.
    """
    clear = np.ones(len(table.frames), dtype=bool)
    for frame in np.unique(table.frames):
        rows = table.rows_at(frame)
        share = covered_share(table.boxes_px[rows], table.boxes_px[rows])
        np.fill_diagonal(share, 0.0)
        clear[rows] = share.max(axis=1) < 1.0 / 3.0
    return clear


def mean_colours(table: DetectionTable, rows: Chain, clear: BoolArray) -> FloatArray:
    """Mean histogram of some rows, of the uncovered ones where there are any."""
    good = rows[clear[rows]]
    return table.appearance[good if len(good) else rows].mean(axis=0)


def measure_colours(
    table: DetectionTable, chains: Sequence[Chain], clear: BoolArray
) -> ColourScale:
    """Learn from the shot itself: a chain is one person, two at once are two."""
    others = list(_OTHERS)
    if not table.bins:
        return ColourScale(same=_SAME, others=np.array(others))
    within = [_SAME, _SAME]
    for chain in chains:
        good = chain[clear[chain]]
        if len(good) >= 6:
            early, late = np.array_split(good, 2)
            within.append(_look_distance(table, early, late))
    for first, second in _at_once(table, chains):
        parts = (c[clear[c]] if clear[c].any() else c for c in (first, second))
        others.append(_look_distance(table, *parts))
    return ColourScale(same=float(np.median(within)), others=np.array(others))


def _look_distance(table: DetectionTable, first: Chain, second: Chain) -> float:
    looks = [table.appearance[rows].mean(axis=0)[None] for rows in (first, second)]
    return float(colour_distance(*looks)[0, 0])


def _at_once(
    table: DetectionTable, chains: Sequence[Chain]
) -> list[tuple[Chain, Chain]]:
    long = [c for c in chains if len(c) >= 4]
    return [
        (a, b)
        for i, a in enumerate(long)
        for b in long[i + 1 :]
        if len(np.intersect1d(table.frames[a], table.frames[b])) >= 3
    ]
