"""Who keeps their identity over time: MOTA, IDF1 (py-motmetrics) and HOTA."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.motion.assignment import gated_pairs

HOTA_THRESHOLDS = np.arange(1, 20) * 0.05
"""0.05, 0.1, ..., 0.95 (Luiten et al. 2021)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracking:
    """Numbers of tracking, shares from 0 to 1 (MOTA may be negative); NaN for nobody.

    Attributes:
        mota: 1 - (misses + false positives + switches) / true boxes.
        idf1: F1 of the best one-to-one mapping of identities.
        hota: Mean over `HOTA_THRESHOLDS`.
        switches, misses, false_positives, fragmentations: Counts.
        people: True person-frames.
    """

    mota: float
    idf1: float
    hota: float
    switches: int
    misses: int
    false_positives: int
    fragmentations: int
    people: int


def tracking(
    similarity: FloatArray,
    present: BoolArray,
    predicted: BoolArray,
    *,
    who: IntArray | None = None,
    least: float = 0.5,
) -> Tracking:
    """Numbers of tracking over frames.

    Args:
        similarity: How alike everybody is, 0 to 1, (frames, truths, predictions).
        present: Who is there, (frames, truths).
        predicted: Who was predicted, (frames, predictions).
        who: Identities of the predictions frame by frame, (frames, predictions), where
            a column is a seat; None where it is an identity.
        least: Similarity a pair needs for MOTA and IDF1.
    """
    people, found = int(present.sum()), int(predicted.sum())
    if who is None:
        who = np.broadcast_to(np.arange(predicted.shape[1]), predicted.shape)
    if not people:
        nan = float("nan")
        return Tracking(
            mota=nan,
            idf1=0.0 if found else nan,
            hota=0.0 if found else nan,
            switches=0,
            misses=0,
            false_positives=found,
            fragmentations=0,
            people=0,
        )
    names = {
        "mota": "mota",
        "idf1": "idf1",
        "switches": "num_switches",
        "misses": "num_misses",
        "false_positives": "num_false_positives",
        "fragmentations": "num_fragmentations",
    }
    told = _clear_and_identity(
        similarity, present, (predicted, who), least, names.values()
    )
    return Tracking(
        mota=float(told["mota"]),
        idf1=float(told["idf1"]),
        hota=hota(similarity, present, predicted, who),
        people=people,
        **{name: int(told[names[name]]) for name in list(names)[2:]},
    )


def _clear_and_identity(
    similarity: FloatArray,
    present: BoolArray,
    seats: tuple[BoolArray, IntArray],
    least: float,
    names: Iterable[str],
) -> Any:
    motmetrics: Any = import_module("motmetrics")  # on use: it brings pandas
    book = motmetrics.MOTAccumulator(auto_id=False)
    predicted, who = seats
    for frame, alike in enumerate(similarity):
        rows = np.flatnonzero(present[frame])
        columns = np.flatnonzero(predicted[frame])
        mine = alike[rows[:, None], columns]
        distance = np.where(mine >= least, 1.0 - mine, np.nan)
        book.update(rows, who[frame, columns], distance, frameid=frame)
    return motmetrics.metrics.create().compute(
        book, metrics=list(names), return_dataframe=False
    )


def hota(
    similarity: FloatArray,
    present: BoolArray,
    predicted: BoolArray,
    who: IntArray | None = None,
) -> float:
    """Higher order tracking accuracy, mean over the thresholds; NaN without anybody.

    Pairs of a frame are the best for all, preferring identities that agree over the
    whole sequence. Shapes as in `tracking`.

    Source: Luiten et al. 2021, "HOTA", as TrackEval computes it.
    """
    if who is None:
        who = np.broadcast_to(np.arange(predicted.shape[1]), predicted.shape)
    count_t, count_p = present.sum(0), np.bincount(who[predicted])
    if not count_t.sum() and not count_p.sum():
        return float("nan")
    if not count_t.sum() or not count_p.sum():
        return 0.0
    agreeing = _agreement(similarity, present, predicted, who)
    found: list[tuple[IntArray, IntArray, FloatArray]] = []
    for frame, alike in enumerate(similarity):
        rows, seats = np.flatnonzero(present[frame]), np.flatnonzero(predicted[frame])
        mine, columns = alike[rows[:, None], seats], who[frame, seats]
        pairs = gated_pairs(-agreeing[rows[:, None], columns] * mine)
        found.append((rows[pairs[0]], columns[pairs[1]], mine[pairs]))
    rows, columns, alike = (np.concatenate(one) for one in zip(*found, strict=True))
    together = np.zeros((len(HOTA_THRESHOLDS), len(count_t), len(count_p)))
    limits = HOTA_THRESHOLDS[:, None] - np.finfo(float).eps
    for threshold, is_hit in enumerate(alike >= limits):
        np.add.at(together[threshold], (rows[is_hit], columns[is_hit]), 1)
    hits = together.sum((1, 2))
    union = count_t[:, None] + count_p[None] - together
    association = (together**2 / np.maximum(union, 1)).sum((1, 2)) / np.maximum(hits, 1)
    detection = hits / (count_t.sum() + count_p.sum() - hits)
    return float(np.sqrt(detection * association).mean())


def _agreement(
    similarity: FloatArray, present: BoolArray, predicted: BoolArray, who: IntArray
) -> FloatArray:
    """How much of their frames identities share, (truths, identities), 0 to 1."""
    count_t, count_p = present.sum(0), np.bincount(who[predicted])
    both = present[:, :, None] & predicted[:, None]
    alike = np.where(both, similarity, 0.0)
    total = alike.sum(1, keepdims=True) + alike.sum(2, keepdims=True) - alike
    part = np.where(total > 0, alike / np.where(total > 0, total, 1), 0.0)
    share = np.zeros((len(count_t), len(count_p)))
    frames, rows, seats = np.nonzero(both)
    np.add.at(share, (rows, who[frames, seats]), part[frames, rows, seats])
    everything = count_t[:, None] + count_p[None]
    return share / np.maximum(everything - share, 1e-12)
