"""Who keeps their identity over time: MOTA, IDF1 (py-motmetrics) and HOTA."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.assignment import gated_pairs

HOTA_THRESHOLDS = np.arange(1, 20) * 0.05
"""0.05, 0.1, ..., 0.95 (Luiten et al. 2021)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """One frame: who is there, who was predicted, how alike they are.

    Attributes:
        truths: Identities, whole numbers.
        predictions: Identities, whole numbers.
        similarity: Shape (truths, predictions), 0 to 1.
    """

    truths: Sequence[int]
    predictions: Sequence[int]
    similarity: FloatArray


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


def tracking(frames: Sequence[Seen], *, least: float = 0.5) -> Tracking:
    """Numbers of tracking over frames.

    Args:
        frames: In order of time.
        least: Similarity a pair needs for MOTA and IDF1.
    """
    people = sum(len(one.truths) for one in frames)
    predicted = sum(len(one.predictions) for one in frames)
    if not people:
        nan = float("nan")
        return Tracking(
            mota=nan,
            idf1=0.0 if predicted else nan,
            hota=0.0 if predicted else nan,
            switches=0,
            misses=0,
            false_positives=predicted,
            fragmentations=0,
            people=0,
        )
    motmetrics: Any = import_module("motmetrics")  # on use: it brings pandas
    book = motmetrics.MOTAccumulator(auto_id=False)
    for number, one in enumerate(frames):
        distance = 1.0 - one.similarity
        distance = np.where(one.similarity >= least, distance, np.nan)
        book.update(list(one.truths), list(one.predictions), distance, frameid=number)
    names = {
        "mota": "mota",
        "idf1": "idf1",
        "switches": "num_switches",
        "misses": "num_misses",
        "false_positives": "num_false_positives",
        "fragmentations": "num_fragmentations",
    }
    found = motmetrics.metrics.create().compute(
        book, metrics=list(names.values()), return_dataframe=False
    )
    return Tracking(
        mota=float(found["mota"]),
        idf1=float(found["idf1"]),
        hota=hota(frames),
        people=people,
        **{name: int(found[names[name]]) for name in list(names)[2:]},
    )


def hota(frames: Sequence[Seen]) -> float:
    """Higher order tracking accuracy, mean over the thresholds; NaN without anybody.

    Pairs of a frame are the best for all, preferring identities that agree over the
    whole sequence.

    Source: Luiten et al. 2021, "HOTA", as TrackEval computes it.
    """
    place_t = _places(one.truths for one in frames)
    place_p = _places(one.predictions for one in frames)
    if not place_t and not place_p:
        return float("nan")
    if not place_t or not place_p:
        return 0.0
    rows = [[place_t[name] for name in one.truths] for one in frames]
    columns = [[place_p[name] for name in one.predictions] for one in frames]
    count_t = np.bincount(np.concatenate([np.array(r, int) for r in rows]))
    count_p = np.bincount(np.concatenate([np.array(c, int) for c in columns]))
    agreeing = _agreement(frames, rows, columns, count_t, count_p)
    together = np.zeros((len(HOTA_THRESHOLDS), len(count_t), len(count_p)))
    for one, mine, theirs in zip(frames, rows, columns, strict=True):
        if not mine or not theirs:
            continue
        r, c = np.array(mine), np.array(theirs)
        score = agreeing[np.ix_(r, c)] * one.similarity
        i, j = gated_pairs(-score)
        is_hit = one.similarity[i, j] >= HOTA_THRESHOLDS[:, None] - np.finfo(float).eps
        together[:, r[i], c[j]] += is_hit
    hits = together.sum((1, 2))
    union = count_t[:, None] + count_p[None] - together
    association = (together**2 / np.maximum(union, 1)).sum((1, 2)) / np.maximum(hits, 1)
    detection = hits / (count_t.sum() + count_p.sum() - hits)
    return float(np.sqrt(detection * association).mean())


def _agreement(
    frames: Sequence[Seen],
    rows: Sequence[Sequence[int]],
    columns: Sequence[Sequence[int]],
    count_t: Any,
    count_p: Any,
) -> FloatArray:
    """How much two identities belong together over all frames."""
    shared = np.zeros((len(count_t), len(count_p)))
    for one, mine, theirs in zip(frames, rows, columns, strict=True):
        alike = one.similarity
        total = alike.sum(0)[None] + alike.sum(1)[:, None] - alike
        share = np.where(total > 0, alike / np.where(total > 0, total, 1), 0.0)
        shared[np.ix_(np.array(mine, int), np.array(theirs, int))] += share
    return shared / (count_t[:, None] + count_p[None] - shared)


def _places(identities: Any) -> dict[int, int]:
    names = dict.fromkeys(name for group in identities for name in group)
    return {name: place for place, name in enumerate(names)}
