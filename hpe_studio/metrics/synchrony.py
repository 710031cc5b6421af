"""Finds which frame of the truth belongs to a frame of a prediction, by movement.

Both are reduced to how fast joints move; the shift at which the two agree best is the
offset, refined below a frame by a parabola through the best three. What
agrees over a few frames by chance does not count against what agrees over many: shifts
are judged by Fisher's z of their correlation, in its standard errors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.metrics.pose import mean_over_joints

SEARCH_S = 2.0
"""How far to both sides an offset is looked for."""

LEAST_AGREEMENT = 0.5
"""Correlation below which an offset is not believed."""

LEAST_SURE = 3.5
"""Standard errors that chance does not reach among the offsets that are tried."""

_LEAST_FRAMES = 8
_SUREST = 0.9999  # beyond it z says nothing more


@dataclass(frozen=True, kw_only=True, slots=True)
class Lag:
    """An offset and how well movement agrees there.

    Attributes:
        offset_frames: Frame of the truth that belongs to the prediction's frame 0.
        agreement: Correlation there, -1 to 1; NaN where nothing can be compared.
        agreement_at_start: Correlation at the offset the search began with.
        sure: Fisher's z of the agreement, in its standard errors.
        sure_at_start: The same at the offset the search began with; 0 where nothing
            can be compared.
    """

    offset_frames: float
    agreement: float
    agreement_at_start: float
    sure: float = 0.0
    sure_at_start: float = 0.0


def movement(points: FloatArray) -> FloatArray:
    """Mean way of everybody's joints from frame to frame, shape (frames - 1,).

    Args:
        points: Shape (frames, people, joints, 2 or 3), NaN where missing.
    """
    if len(points) < 2:
        return np.zeros(0)
    way = np.linalg.norm(np.diff(points, axis=0), axis=-1)
    return mean_over_joints(way.reshape(len(way), -1))


def find_lag(
    prediction: FloatArray,
    truth: FloatArray,
    *,
    prediction_first: int,
    truth_first: int,
    rate: float,
    search_frames: int,
    start: float = 0.0,
) -> Lag:
    """The offset at which two movements agree best.

    Args:
        prediction: Movement from each frame to the next, (frames - 1,).
        truth: The same of the truth.
        prediction_first: Frame of the prediction's row 0.
        truth_first: Frame of the truth's row 0.
        rate: Frames of the truth per frame of the prediction.
        search_frames: How far to both sides of `start`, in frames of the truth.
        start: Offset the search begins with.
    """
    lags = np.arange(-search_frames, search_frames + 1)
    first = prediction_first, truth_first
    found = [_agreement(prediction, truth, first, rate, start + n) for n in lags]
    scores = np.array([agreement for agreement, _ in found])
    if not np.isfinite(scores).any():
        nan = float("nan")
        return Lag(offset_frames=start, agreement=nan, agreement_at_start=nan)
    sure = np.arctanh(np.clip(scores, -_SUREST, _SUREST))
    sure *= np.sqrt([max(frames - 3, 0) for _, frames in found])
    best = int(np.nanargmax(sure))
    return Lag(
        offset_frames=start + float(lags[best]) + _summit(scores, best),
        agreement=float(scores[best]),
        agreement_at_start=float(scores[search_frames]),
        sure=float(sure[best]),
        sure_at_start=float(np.nan_to_num(sure[search_frames])),
    )


def _agreement(
    prediction: FloatArray,
    truth: FloatArray,
    first: tuple[int, int],
    rate: float,
    offset: float,
) -> tuple[float, int]:
    """Pearson correlation of the movements where both are known, and over how many."""
    if len(prediction) < 2 or len(truth) < 2:
        return float("nan"), 0
    middles = first[0] + np.arange(len(prediction)) + 0.5
    at = offset + rate * middles - first[1] - 0.5
    inside = (at >= -1e-9) & (at <= len(truth) - 1 + 1e-9)
    mine = prediction[inside]
    theirs = np.interp(at[inside], np.arange(len(truth)), truth)
    known = np.isfinite(mine) & np.isfinite(theirs)
    mine, theirs = mine[known], theirs[known]
    if len(mine) < _LEAST_FRAMES or mine.std() < 1e-12 or theirs.std() < 1e-12:
        return float("nan"), len(mine)
    return float(np.corrcoef(mine, theirs)[0, 1]), len(mine)


def _summit(scores: FloatArray, best: int) -> float:
    """Where between the neighbours the parabola through three scores is highest."""
    if not 0 < best < len(scores) - 1:
        return 0.0
    left, middle, right = scores[best - 1 : best + 2]
    bend = left - 2 * middle + right
    if not np.isfinite(bend) or bend >= 0:
        return 0.0
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5))
