"""Numbers of the field's own libraries: motmetrics, mmpose, TrackEval."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.metrics import alignment, pose
from hpe_studio.metrics.tracking import Seen, hota, tracking

TUD = "metrics/motmetrics/data/TUD-Campus"


def toy() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The points of mmpose's own test of MPJPE."""
    mask = np.array([[True, True, False, True, True]] * 2)
    output = np.array(
        [
            [[1, 0, 0], [2, 2, 0], [0, 0, -1], [3, 3, 1], [0, 1, 1]],
            [[1, 0, 0], [2, 2, 1], [-1, 0, 0], [0, 0, 3], [0, 0, 1]],
        ],
        dtype=float,
    )
    target = np.array(
        [
            [[1, 0, 0], [1, 1, 1], [-1, 0, 0], [3, 3, 1], [0, 1, 0]],
            [[1, 1, 0], [1, 0, 1], [-1, 0, 0], [0, 0, 3], [1, 1, 0]],
        ],
        dtype=float,
    )
    return output, target, mask


def test_mpjpe_of_mmpose() -> None:
    output, target, mask = toy()
    plain = pose.joint_errors_m(output, target, mask)
    assert pose.mean_error_m(plain) == pytest.approx(0.9625211990796929, abs=1e-9)
    # mmpose aligns over all points, masked or not, and masks only the mean
    moved = alignment.best_similarity(output, target).apply(output)
    aligned = pose.joint_errors_m(moved, target, mask)
    assert pose.mean_error_m(aligned) == pytest.approx(1.0047897634604497, abs=1e-9)
    factor = alignment.best_scale(output, target)[:, None, None]
    scaled = pose.joint_errors_m(factor * output, target, mask)
    assert pose.mean_error_m(scaled) == pytest.approx(1.0277129678465953, abs=1e-9)


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    both = np.prod(np.clip(high - low, 0, None), axis=-1)
    areas = np.prod(a[:, None, 2:], axis=-1) + np.prod(b[None, :, 2:], axis=-1)
    return both / (areas - both)


@pytest.mark.data
def test_tracking_of_tud_campus(test_data: Path) -> None:
    true = np.loadtxt(test_data / TUD / "gt.txt", delimiter=",")
    true = true[true[:, 6] >= 1]
    found = np.loadtxt(test_data / TUD / "test.txt", delimiter=",")
    frames = []
    for frame in range(1, int(max(true[:, 0].max(), found[:, 0].max())) + 1):
        there, seen = true[true[:, 0] == frame], found[found[:, 0] == frame]
        frames.append(
            Seen(
                truths=there[:, 1].astype(int).tolist(),
                predictions=seen[:, 1].astype(int).tolist(),
                similarity=overlaps(there[:, 2:6], seen[:, 2:6]),
            )
        )
    numbers = tracking(frames)
    assert numbers.idf1 == pytest.approx(0.557659, abs=1e-6)
    assert numbers.mota == pytest.approx(0.526462, abs=1e-6)
    assert numbers.switches == 7
    assert (numbers.false_positives, numbers.misses) == (13, 150)
    assert numbers.fragmentations == 7
    assert numbers.hota == pytest.approx(0.3913974378451139, abs=1e-9)  # TrackEval


def one_box(identity: int) -> Seen:
    return Seen(truths=[1], predictions=[identity], similarity=np.ones((1, 1)))


def test_a_track_that_changes_its_name_half_way() -> None:
    numbers = tracking([one_box(1), one_box(1), one_box(2), one_box(2)])
    assert numbers.mota == pytest.approx(0.75)
    assert numbers.switches == 1
    assert numbers.idf1 == pytest.approx(0.5)
    assert numbers.hota == pytest.approx(math.sqrt(0.5), abs=1e-6)


def test_nothing_is_made_from_nobody() -> None:
    empty = Seen(truths=[], predictions=[], similarity=np.zeros((0, 0)))
    numbers = tracking([empty, empty])
    assert all(math.isnan(v) for v in (numbers.mota, numbers.idf1, numbers.hota))
    ghost = Seen(truths=[], predictions=[7], similarity=np.zeros((0, 1)))
    assert tracking([ghost]).false_positives == 1
    assert hota([ghost]) == 0.0
