"""Numbers of the field's own libraries: motmetrics, mmpose, TrackEval."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.metrics import alignment, pose
from hpe_studio.metrics.tracking import hota, tracking

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
    numbers = tracking(*dense(true, found))
    assert numbers.idf1 == pytest.approx(0.557659, abs=1e-6)
    assert numbers.mota == pytest.approx(0.526462, abs=1e-6)
    assert numbers.switches == 7
    assert (numbers.false_positives, numbers.misses) == (13, 150)
    assert numbers.fragmentations == 7
    assert numbers.hota == pytest.approx(0.3913974378451139, abs=1e-9)  # TrackEval


def dense(true: np.ndarray, found: np.ndarray) -> tuple[np.ndarray, ...]:
    """Rows of (frame, identity, box) as arrays over frames and identities."""
    names, others = np.unique(true[:, 1]), np.unique(found[:, 1])
    frames = int(max(true[:, 0].max(), found[:, 0].max()))
    similarity = np.zeros((frames, len(names), len(others)))
    present = np.zeros((frames, len(names)), dtype=bool)
    predicted = np.zeros((frames, len(others)), dtype=bool)
    for frame in range(frames):
        there = true[true[:, 0] == frame + 1]
        seen = found[found[:, 0] == frame + 1]
        rows = np.searchsorted(names, there[:, 1])
        columns = np.searchsorted(others, seen[:, 1])
        present[frame, rows], predicted[frame, columns] = True, True
        boxes = overlaps(there[:, 2:6], seen[:, 2:6])
        similarity[frame][np.ix_(rows, columns)] = boxes
    return similarity, present, predicted


def test_a_track_that_changes_its_name_half_way() -> None:
    predicted = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    numbers = tracking(np.ones((4, 1, 2)), np.ones((4, 1), dtype=bool), predicted)
    assert numbers.mota == pytest.approx(0.75)
    assert numbers.switches == 1
    assert numbers.idf1 == pytest.approx(0.5)
    assert numbers.hota == pytest.approx(math.sqrt(0.5), abs=1e-6)


def test_hota_worked_by_hand() -> None:
    """A is found on three frames at 0.6, B on two of three at 1.

    Up to 0.6 (12 thresholds) 5 of 6 are found and nobody is wrong: 5/6. The frames of A
    belong together wholly, those of B to 2/3: (3 + 2 * 2/3) / 5 = 13/15. Above (7) only
    B's two count, three predictions are wrong: 2/9, and 2/3.
    """
    similarity = np.zeros((3, 2, 2))
    similarity[:, 0, 0], similarity[:2, 1, 1] = 0.6, 1.0
    present = np.ones((3, 2), dtype=bool)
    predicted = np.array([[1, 1], [1, 1], [1, 0]], dtype=bool)
    low, high = math.sqrt(5 / 6 * 13 / 15), math.sqrt(2 / 9 * 2 / 3)
    worked = (12 * low + 7 * high) / 19
    assert hota(similarity, present, predicted) == pytest.approx(worked, abs=1e-12)


def test_hota_of_seats_is_that_of_their_identities() -> None:
    """Two identities, one after the other: as a column each, and as one seat."""
    predicted = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=bool)
    there = np.ones((4, 1), dtype=bool)
    apart = tracking(np.ones((4, 1, 2)), there, predicted)
    who = np.array([[0], [0], [1], [1]])
    assert tracking(np.ones((4, 1, 1)), there, there, who=who) == apart
    # Half of a person's frames belong to either: detection 1, association 1/2.
    assert apart.hota == pytest.approx(math.sqrt(1 / 2), abs=1e-12)
    same = tracking(np.ones((4, 1, 1)), there, there)
    assert (same.hota, same.switches) == (pytest.approx(1.0), 0)


def test_nothing_is_made_from_nobody() -> None:
    nobody = np.zeros((2, 0), dtype=bool)
    numbers = tracking(np.zeros((2, 0, 0)), nobody, nobody)
    assert all(math.isnan(v) for v in (numbers.mota, numbers.idf1, numbers.hota))
    ghost = np.ones((2, 1), dtype=bool)
    assert tracking(np.zeros((2, 0, 1)), nobody, ghost).false_positives == 2
    assert hota(np.zeros((2, 0, 1)), nobody, ghost) == 0.0
