"""Numbers about everybody at once: found, missed, mistaken for one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.metrics.comparison import Measure
from hpe_studio.metrics.matching import AP_THRESHOLDS_M, Detection, detection
from hpe_studio.metrics.pairing import cost_blocks
from hpe_studio.metrics.people import MID_HIP, People, has_any
from hpe_studio.metrics.protocol import Matching
from hpe_studio.metrics.tracking import tracking

if TYPE_CHECKING:
    from hpe_studio.core.arrays import BoolArray
    from hpe_studio.metrics.comparison import Comparison

_FAR_M = 0.5


def crowd_measures(
    comparison: Comparison, prediction: People, truth: People, who: IntArray
) -> dict[str, Measure]:
    """Recall, precision, AP by places and numbers of tracking, by id.

    Args:
        comparison: What was found, without these.
        prediction: Predictions of people who count, by seats.
        truth: Everybody there.
        who: Identities on the seats, (F, K).
    """
    found = [
        *_shares(comparison),
        *_detection(comparison, prediction, truth),
        *_tracking(comparison, prediction, truth, who),
    ]
    return {one.id: one for one in found}


def _shares(comparison: Comparison) -> Iterator[Measure]:
    counts = comparison.counts
    everybody = counts.true_people
    for key, label, part, whole in (
        ("recall", "People found", counts.matched, everybody),
        (
            "precision",
            "Predictions that are somebody",
            counts.matched_predictions,
            counts.matched_predictions + counts.false_positives,
        ),
    ):
        yield Measure(
            id=key,
            label=label,
            value=100 * part / whole if whole else float("nan"),
            unit="%",
            count=whole,
            coverage=1.0 if whole else float("nan"),
        )


def _detection(
    comparison: Comparison, prediction: People, truth: People
) -> Iterator[Measure]:
    found = detection_of(prediction, truth, comparison.present)
    everybody = comparison.counts.true_people
    note = "" if prediction.scores is not None else "all predictions equally sure"
    shared = {"count": everybody, "coverage": 1.0, "note": note}
    yield Measure(
        id="map",
        label="mAP, places",
        value=100 * found.mean_precision,
        unit="%",
        **shared,
    )
    for threshold_m, value in zip(AP_THRESHOLDS_M, found.precision, strict=True):
        mm = round(1000 * threshold_m)
        yield Measure(
            id=f"ap{mm}", label=f"AP{mm}, places", value=100 * value, unit="%", **shared
        )
    yield Measure(
        id="recall500",
        label="Recall at 500 mm",
        value=100 * found.recall,
        unit="%",
        **shared,
    )


def detection_of(prediction: People, truth: People, present: BoolArray) -> Detection:
    """AP and recall over all frames, as VoxelPose counts (`matching.detection`)."""
    errors: list[FloatArray] = []
    scores: list[FloatArray] = []
    truths: list[IntArray] = []
    count = present.shape[1]
    for rows, whole in cost_blocks(prediction, truth, matching="joints"):
        p = prediction.on_frames(rows)
        cost = np.where(present[rows][:, None], whole, np.nan)
        is_there = has_any(p.points_m)
        best = np.where(np.isfinite(cost), cost, np.inf)
        nearest = best.argmin(-1)
        error = np.take_along_axis(best, nearest[..., None], -1)[..., 0]
        sure = np.ones(is_there.shape) if p.scores is None else p.scores
        errors.append(error[is_there])
        scores.append(np.nan_to_num(sure[is_there]))
        truths.append((rows[:, None] * count + nearest)[is_there])
    return detection(
        np.concatenate(errors),
        np.concatenate(scores),
        np.concatenate(truths),
        int(present.sum()),
    )


def _tracking(
    comparison: Comparison, prediction: People, truth: People, who: IntArray
) -> Iterator[Measure]:
    alike, kind = similarities(prediction, truth)
    found = tracking(
        np.swapaxes(alike, 1, 2),
        comparison.present,
        has_any(prediction.points_m),
        who=who,
    )
    for key, label, value, unit in (
        ("mota", "MOTA", 100 * found.mota, "%"),
        ("idf1", "IDF1", 100 * found.idf1, "%"),
        ("hota", "HOTA", 100 * found.hota, "%"),
        ("switches", "Identity switches", float(found.switches), ""),
    ):
        yield Measure(
            id=key,
            label=label,
            value=value,
            unit=unit,
            count=found.people,
            coverage=1.0 if found.people else float("nan"),
            note=kind,
        )


def similarities(prediction: People, truth: People) -> tuple[FloatArray, str]:
    """How alike everybody is, (frames, predictions, truths), 0 to 1; what that is.

    Object keypoint similarity in the picture where a camera is known, else 1 - root
    distance over 0.5 m.
    """
    has_picture = prediction.points_px is not None and truth.points_px is not None
    matching: Matching = "oks" if has_picture else "root"
    shape = (truth.frame_count, len(prediction.names), len(truth.names))
    alike = np.zeros(shape)
    for rows, cost in cost_blocks(prediction, truth, matching=matching, root=MID_HIP):
        off = cost if has_picture else np.minimum(cost / _FAR_M, 1)
        alike[rows] = np.nan_to_num(1 - off, nan=0.0)
    kind = "by OKS in the picture" if has_picture else "by distance of the roots"
    return alike, kind
