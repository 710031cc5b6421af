"""Which prediction is which person, frame by frame, and how many are missed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.motion.assignment import gated_pairs

COCO_SIGMAS = np.array(
    [
        0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072,
        0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089,
    ]
)  # fmt: skip
"""Spread of COCO's 17 points over the root of the area (cocoeval)."""

AP_THRESHOLDS_M = (0.025, 0.05, 0.075, 0.1, 0.125, 0.15)
"""25, 50, ..., 150 mm (VoxelPose)."""

_RECALL_M = 0.5
_EPSILON = 1e-5


@dataclass(frozen=True, kw_only=True, slots=True)
class Detection:
    """Absolute detection as VoxelPose counts it (Tu et al. 2020).

    Attributes:
        precision: AP per threshold of `AP_THRESHOLDS_M`.
        mean_precision: Their mean.
        error_m: Mean error of people found within 50 cm.
        recall: Share of people found within 50 cm.
    """

    precision: tuple[float, ...]
    mean_precision: float
    error_m: float
    recall: float


def matched(cost: FloatArray, *, gate: float) -> list[tuple[int, int]]:
    """Pairs (prediction, truth) of least total cost, none at or above the gate.

    Args:
        cost: Shape (predictions, truths); NaN and inf never match.
        gate: Largest cost of a pair, exclusive.
    """
    rows, columns = gated_pairs(cost, gate=gate)
    return list(zip(rows.tolist(), columns.tolist(), strict=True))


def keypoint_similarity(
    points_px: FloatArray,
    true_points_px: FloatArray,
    visible: BoolArray,
    area_px2: float,
    sigmas: FloatArray = COCO_SIGMAS,
) -> float:
    """OKS of two sets of points, 0 to 1; NaN where no point is visible.

    Args:
        points_px: Shape (points, 2).
        true_points_px: The same truly.
        visible: Which count, shape (points,).
        area_px2: Area of the person.
        sigmas: Spread of each point, shape (points,).
    """
    if not visible.any():
        return float("nan")
    square = np.square(points_px - true_points_px).sum(-1)
    similar = np.exp(-square / (2 * area_px2 * np.square(2 * sigmas)))
    return float(similar[visible].mean())


def detection(
    errors_m: FloatArray, scores: FloatArray, truths: IntArray, truth_count: int
) -> Detection:
    """AP, mean error and recall over all predictions of all frames.

    Args:
        errors_m: Mean joint error to the nearest truth, shape (predictions,).
        scores: Confidence, shape (predictions,).
        truths: Which truth that is, unique over frames, shape (predictions,).
        truth_count: Number of people there truly are.
    """
    order = np.argsort(-scores, kind="stable")
    errors, which = errors_m[order], truths[order]
    precisions = tuple(
        _average_precision(errors, which, truth_count, t) for t in AP_THRESHOLDS_M
    )
    found = _first_hits(errors, which, _RECALL_M)
    return Detection(
        precision=precisions,
        mean_precision=float(np.mean(precisions)),
        error_m=float(errors[found].mean()) if found.any() else float("nan"),
        recall=float(found.sum() / truth_count) if truth_count else float("nan"),
    )


def _first_hits(errors: FloatArray, which: IntArray, threshold_m: float) -> BoolArray:
    """Predictions within the threshold of a truth nobody had before."""
    hits = np.zeros(len(errors), dtype=np.bool_)
    taken: set[int] = set()
    for row, (error, truth) in enumerate(zip(errors, which.tolist(), strict=True)):
        if error < threshold_m and truth not in taken:
            taken.add(truth)
            hits[row] = True
    return hits


def _average_precision(
    errors: FloatArray, which: IntArray, truth_count: int, threshold_m: float
) -> float:
    hits = _first_hits(errors, which, threshold_m)
    right = np.cumsum(hits)
    recall = right / (truth_count + _EPSILON)
    precision = right / (right + np.cumsum(~hits) + _EPSILON)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(np.concatenate([[0.0], recall]))
    return float((steps * precision).sum())
