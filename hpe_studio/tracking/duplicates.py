"""Two chains on one body: the weaker gives way, what it knew alone is kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.tracking.likeness import box_overlap, landmark_distance
from hpe_studio.tracking.table import Chain, DetectionTable

# Mean landmark distance, in body sizes, below which two detections are one body:
# surely (in one frame alone), and when it holds for most of their common frames.
_SURELY, _USUALLY = 0.05, 0.12
_BOXES_ALONE = 0.75
_MOST = 0.5
_MIN_SHARED = 3


def distinct_rows(table: DetectionTable) -> Chain:
    """Rows left when of detections that coincide in a frame only the best stays."""
    kept: list[int] = []
    for frame in np.unique(table.frames):
        rows = table.rows_at(frame)
        ranked = rows[np.argsort(-_worth(table, rows), kind="stable")]
        chosen: list[int] = []
        for row in ranked:
            here = np.array([row])
            if not chosen or not bool(
                (_apart(table, here, np.array(chosen))[0] < _SURELY).any()
            ):
                chosen.append(int(row))
        kept += sorted(chosen)
    return np.array(kept, dtype=np.intp)


def merge_duplicates(table: DetectionTable, chains: Sequence[Chain]) -> list[Chain]:
    """Chains with those that follow the same body for most of their frames merged.

    The stronger chain keeps its rows; frames that only the weaker one has are added.
    Where two chains coincide only for a while (one strayed onto the other's body),
    the rows of the one that strayed are dropped there.
    """
    current = [np.asarray(chain) for chain in chains]
    order = sorted(range(len(current)), key=lambda i: -_strength(table, current[i]))
    done: list[Chain] = []
    for i in order:
        chain: Chain | None = current[i]
        for k, stronger in enumerate(done):
            if chain is None:
                break
            done[k], chain = _settle(table, stronger, chain)
        if chain is not None and len(chain):
            done.append(chain)
    return sorted(done, key=lambda c: (int(table.frames[c[0]]), int(c[0])))


def _settle(
    table: DetectionTable, stronger: Chain, weaker: Chain
) -> tuple[Chain, Chain | None]:
    """Both chains after comparing them; None when the weaker was merged."""
    _, mine, theirs = np.intersect1d(
        table.frames[stronger], table.frames[weaker], return_indices=True
    )
    if len(mine) == 0:
        return stronger, weaker
    same = _same_body(table, stronger[mine], weaker[theirs])
    if same.sum() < min(_MIN_SHARED, len(weaker)):
        return stronger, weaker
    if same.mean() > _MOST and same.sum() > _MOST * len(weaker):
        alone = np.delete(np.arange(len(weaker)), theirs)
        return _in_order(table, stronger, weaker[alone]), None
    return stronger, np.delete(weaker, theirs[same])


def _same_body(table: DetectionTable, first: Chain, second: Chain) -> BoolArray:
    apart = [
        _apart(table, first[i : i + 1], second[i : i + 1])[0, 0]
        for i in range(len(first))
    ]
    return np.array(apart) < _USUALLY


def _apart(table: DetectionTable, first: IntArray, second: IntArray) -> FloatArray:
    """Landmark distance; by boxes, on the same scale, where there are no landmarks."""
    place = landmark_distance(table, first, second)
    overlap = box_overlap(table.boxes_px[first], table.boxes_px[second])
    by_box = np.where(overlap > _BOXES_ALONE, 0.0, 1.0)
    return np.where(np.isnan(place), by_box, place)


def _in_order(table: DetectionTable, first: Chain, second: Chain) -> Chain:
    both = np.concatenate([first, second])
    return both[np.argsort(table.frames[both], kind="stable")]


def _worth(table: DetectionTable, rows: IntArray) -> FloatArray:
    return table.scores[rows] * (0.1 + table.confidence[rows].mean(axis=1))


def _strength(table: DetectionTable, chain: Chain) -> float:
    return float(_worth(table, chain).sum())
