"""The ROMP-compatible protocol against a plain writing-down of its own evaluation.

The reference goes through people one by one, as `eval_cmu_panoptic.py` of simple_romp
does: millimetres, 14 joints with the pelvis last, invisible joints marked by -2.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from hpe_studio.metrics.comparing import Setting, compared
from hpe_studio.metrics.people import People
from hpe_studio.metrics.protocol import BODY14, NAMED

SIZE = (1920, 1080)
FOCAL = 1400.0


def pixels(places: np.ndarray) -> np.ndarray:
    """Camera axes: x right, y down, z forward."""
    return FOCAL * places[..., :2] / places[..., 2:] + [960, 540]


def overlap(one: np.ndarray, other: np.ndarray) -> float:
    low = np.maximum(one.min(0), other.min(0))
    high = np.minimum(one.max(0), other.max(0))
    both = max(0, high[0] - low[0] + 1) * max(0, high[1] - low[1] + 1)
    areas = [np.prod(points.max(0) - points.min(0) + 1) for points in (one, other)]
    return both / (sum(areas) - both)


def greedy(mine: np.ndarray, true: np.ndarray) -> list[tuple[int, int]]:
    combinations = list(product(range(len(mine)), range(len(true))))
    valid = true[..., 0] > -2
    errors = np.array(
        [np.linalg.norm((mine[a] - true[b])[valid[b]]) for a, b in combinations]
    )
    taken_a, taken_b, found, ghosts = set(), set(), [], 0
    while len(taken_b) < len(true) and len(taken_a) + ghosts < len(mine):
        if np.isinf(errors).all():
            break
        best = int(np.argmin(errors))
        a, b = combinations[best]
        errors[best] = np.inf
        if overlap(mine[a], true[b]) < 0.05:
            ghosts += 1
        elif a not in taken_a and b not in taken_b:
            taken_a.add(a)
            taken_b.add(b)
            found.append((a, b))
    return found


def reference_mm(
    mine: np.ndarray, true: np.ndarray, confidence: np.ndarray
) -> list[float]:
    """Errors of one frame; all joints of the predictions are there."""
    seen = pixels(true)
    inside = (seen > 0).all(-1) & (seen < SIZE).all(-1)
    kept = inside.sum(-1) > 5
    true, seen, confidence = true[kept], seen[kept], confidence[kept]
    if not len(true):
        return []
    marked = np.where(confidence[..., None] < 0.2, -2.0, true)
    marked[:, :13] += [0, 0.06, 0.03]
    visible = marked[..., 0] > -2
    from_root = marked - marked[:, [13]]
    own = mine - mine[:, [13]]
    pairs = greedy(pixels(mine), seen) if len(mine) else []
    errors = [
        float(
            (np.linalg.norm(own[a] - from_root[b], axis=-1) * visible[b]).mean() * 1000
        )
        for a, b in pairs
    ]
    return errors + [150.0] * (len(true) - len(pairs))


def scene(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two to four people, some cut off; predictions with ghosts and misses, NaN."""
    rng = np.random.default_rng(seed)
    count, frames = int(rng.integers(2, 5)), 12
    body = rng.normal(size=(count, 14, 3)) * [0.3, 0.5, 0.2]
    place = np.stack(
        [
            rng.uniform(-1.1, 3.0, count),
            rng.uniform(-0.4, 0.4, count),
            np.full(count, 4),
        ],
        axis=-1,
    )
    true = body + place[:, None] + rng.normal(size=(frames, count, 14, 3)) * 0.02
    confidence = rng.uniform(0.05, 1, size=(frames, count, 14))
    confidence[..., 13] = 0.9
    mine = true + rng.normal(size=true.shape) * 0.06 + rng.normal(size=3) * 0.1
    ghost = body[:1] + [0, 0, 6] + rng.normal(size=(frames, 1, 14, 3)) * 0.1
    mine = np.concatenate([mine, ghost], axis=1)
    mine[rng.random((frames, count + 1)) < 0.25] = np.nan
    return mine, true, confidence


@pytest.mark.parametrize("seed", range(20))
def test_it_gives_the_numbers_of_the_original(seed: int) -> None:
    mine, true, confidence = scene(seed)
    expected: list[float] = []
    for frame in range(len(true)):
        known = np.isfinite(mine[frame]).all((-1, -2))
        expected += reference_mm(mine[frame][known], true[frame], confidence[frame])
    frames = np.arange(len(true))
    sides = [
        People(
            names=tuple(str(i) for i in range(places.shape[1])),
            joints=BODY14,
            points_m=places,
            points_px=pixels(places),
            confidence=trust,
        )
        for places, trust in ((mine, None), (true, confidence))
    ]
    setting = Setting(
        frames=frames,
        truth_frames=frames.astype(float),
        fps=30.0,
        size_px=SIZE,
        scene_from_camera=np.eye(3),
    )
    found = compared(sides[0], sides[1], NAMED["romp"], setting, everything=False)
    assert found.error.count == len(expected)
    assert found.error.value == pytest.approx(np.mean(expected), abs=1e-6)
