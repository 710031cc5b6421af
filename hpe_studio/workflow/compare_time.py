"""Which frame of the truth belongs to a frame of the prediction: said, or found."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.metrics.comparison import TimeFit
from hpe_studio.metrics.people import MID_HIP, People, has_any, point_named
from hpe_studio.metrics.synchrony import (
    LEAST_AGREEMENT,
    LEAST_SURE,
    SEARCH_S,
    Lag,
    find_lag,
    movement,
)
from hpe_studio.workflow.recordings import Recording

Offset = float | Literal["find"] | None
"""Frame of the truth that belongs to the prediction's frame 0; None: the same."""

Rate = Fraction | Literal["same", "find"] | None
"""Frame rate of the prediction; "same": both count the same frames."""

_SAME_RATE = 1e-4
_CLEARLY = 0.3
_COMMON_RATES = tuple(
    Fraction(*pair)
    for pair in (
        (24000, 1001), (24, 1), (25, 1), (30000, 1001), (30, 1), (50, 1),
        (60000, 1001), (60, 1),
    )
)  # fmt: skip
_ON_FRAME = 1e-6
_BLOCK_FRAMES = 256


def time_fit(
    prediction: Recording, truth: Recording, *, offset: Offset, fps: Rate
) -> TimeFit:
    """How frames are brought together.

    Args:
        prediction: The prediction.
        truth: The truth.
        offset: As said, or "find" it by movement.
        fps: As said, or "find" it among the common ones.

    Raises:
        StudioError: If rates differ and nobody said what holds, if nothing can be
            found, or no frame of the prediction lies within the truth.
    """
    if fps == "find":
        found = max(
            (
                _found(prediction, truth, float(truth.fps / one))
                for one in _rates(truth)
            ),
            key=lambda fit: np.nan_to_num(fit.agreement, nan=-1.0),
        )
        return _believed(found, truth)
    rate = _rate(prediction, truth, fps)
    if offset == "find":
        return _believed(_found(prediction, truth, rate), truth)
    source = "same" if offset is None and abs(rate - 1) < _SAME_RATE else "given"
    fit = TimeFit(offset_frames=float(offset or 0.0), rate=rate, source=source)
    if not len(rows_inside(prediction, truth, fit)):
        raise _nowhere(prediction, truth, fit)
    lag = _lag(prediction, truth, rate, fit.offset_frames)
    gain = lag.agreement - np.nan_to_num(lag.agreement_at_start, nan=0.0)
    is_sure = lag.sure - max(lag.sure_at_start, 0.0) >= LEAST_SURE
    is_better = lag.agreement >= LEAST_AGREEMENT and gain > _CLEARLY and is_sure
    return TimeFit(
        offset_frames=fit.offset_frames,
        rate=rate,
        agreement=lag.agreement_at_start,
        source=source,
        better_offset=lag.offset_frames if is_better else None,
    )


def rows_inside(prediction: Recording, truth: Recording, fit: TimeFit) -> IntArray:
    """Rows of the prediction that lie within the truth."""
    at = truth_rows(prediction, truth, fit)
    last = truth.people.frame_count - 1
    return np.flatnonzero((at >= -_ON_FRAME) & (at <= last + _ON_FRAME))


def people_beyond(
    prediction: Recording,
    truth: Recording,
    fit: TimeFit,
    *,
    frames: tuple[int, int] | None = None,
    frame_list: Collection[int] | None = None,
    step: int = 1,
) -> int:
    """True person-frames before the prediction's first frame and after its last.

    Args:
        prediction: Where its footage is known, frames outside of it do not count.
        truth: The truth.
        fit: How frames are brought together.
        frames: Half-open range of the prediction's frames that were asked for.
        frame_list: Frames of the truth that were asked for.
        step: Every how many frames are compared.
    """
    numbers = truth.first_frame + np.arange(truth.people.frame_count)
    at = (numbers - fit.offset_frames) / fit.rate
    before = at <= prediction.first_frame - 1 + _ON_FRAME
    is_out = before | (at >= prediction.stop - _ON_FRAME)
    for bounds in (frames, prediction.footage):
        if bounds is not None:
            is_out &= (at >= bounds[0] - _ON_FRAME) & (at <= bounds[1] - 1 + _ON_FRAME)
    if frame_list is not None:
        is_out &= np.isin(numbers, np.array(sorted(frame_list), dtype=int))
    rows = np.flatnonzero(is_out)[::step]
    return int(has_any(truth.people.points_m[rows]).sum())


def truth_rows(prediction: Recording, truth: Recording, fit: TimeFit) -> FloatArray:
    """Where each row of the prediction lies in the truth, in rows, (frames,)."""
    frames = prediction.first_frame + np.arange(prediction.people.frame_count)
    at = fit.offset_frames + fit.rate * frames - truth.first_frame
    nearest = np.rint(at)
    return np.where(np.abs(at - nearest) <= 1e-3, nearest, at)


def truth_at(people: People, rows: FloatArray) -> People:
    """The truth at places between its frames, by lines; NaN where a side is missing."""
    inside = np.clip(rows, 0, people.frame_count - 1)
    low, high = np.floor(inside).astype(np.intp), np.ceil(inside).astype(np.intp)
    if np.array_equal(low, high):
        return people.on_frames(low)
    share = (inside - low)[:, None, None, None]
    one, other = people.on_frames(low), people.on_frames(high)
    points = one.points_m + share * (other.points_m - one.points_m)
    confidence = None
    if one.confidence is not None and other.confidence is not None:
        confidence = np.minimum(one.confidence, other.confidence)
    return People(
        names=people.names, joints=people.joints, points_m=points, confidence=confidence
    )


def time_words(fit: TimeFit) -> str:
    """A fit as a setting of the protocol."""
    words: list[str] = []
    if abs(fit.offset_frames) > 1e-9:
        words.append(f"offset {fit.offset_frames:+.2f} frames")
    if abs(fit.rate - 1) > 1e-9:
        words.append(f"{fit.rate:.5g} frames of the truth per frame")
    if not words:
        return "frame by frame"
    return f"{', '.join(words)} ({fit.source})"


def _rate(prediction: Recording, truth: Recording, fps: Rate) -> float:
    if fps == "same":
        return 1.0
    if isinstance(fps, Fraction):
        return float(truth.fps / fps)
    rate = float(truth.fps / prediction.fps)
    if abs(rate - 1) < _SAME_RATE or prediction.is_rate_assumed:
        return 1.0
    mine, theirs = float(prediction.fps), float(truth.fps)
    raise StudioError(
        f"{prediction.name} has {mine:.6g} fps and {truth.name} has {theirs:.6g} fps",
        fix=f"say --fps same where both count the same frames, or --fps {mine:.6g} to "
        "go by time",
    )


def _rates(truth: Recording) -> tuple[Fraction, ...]:
    return tuple(dict.fromkeys((truth.fps, *_COMMON_RATES)))


def _found(prediction: Recording, truth: Recording, rate: float) -> TimeFit:
    """The best offset around counting alike, or around beginning together."""
    starts = [0.0]
    if not len(rows_inside(prediction, truth, TimeFit(rate=rate))):
        starts = [truth.first_frame - rate * prediction.first_frame]
    lag = max(
        (_lag(prediction, truth, rate, start) for start in starts),
        key=lambda one: np.nan_to_num(one.agreement, nan=-1.0),
    )
    return TimeFit(
        offset_frames=lag.offset_frames,
        rate=rate,
        agreement=lag.agreement if lag.sure >= LEAST_SURE else float("nan"),
        source="found",
    )


def _lag(prediction: Recording, truth: Recording, rate: float, start: float) -> Lag:
    return find_lag(
        _movement(prediction.people),
        _movement(truth.people),
        prediction_first=prediction.first_frame,
        truth_first=truth.first_frame,
        rate=rate,
        search_frames=round(SEARCH_S * float(truth.fps)),
        start=start,
    )


def _movement(people: People) -> FloatArray:
    """`movement` from the root: the same from every side, and depth does not shake it.

    Only who is there is looked at, some frames after others: memory stays small.
    """
    parts: list[FloatArray] = []
    for start in range(0, people.frame_count - 1, _BLOCK_FRAMES):
        rows = slice(start, start + _BLOCK_FRAMES + 1)
        is_there = has_any(people.points_m[rows]).any(0)
        points = people.points_m[rows][:, is_there]
        root = point_named(points, people.joints, MID_HIP)
        parts.append(movement(points - root[:, :, None]))
    return np.concatenate([np.zeros(0), *parts])


def _believed(fit: TimeFit, truth: Recording) -> TimeFit:
    if not fit.agreement >= LEAST_AGREEMENT:
        raise StudioError(
            f"the offset to {truth.name} cannot be found: movement agrees nowhere",
            fix="say it with --offset",
        )
    return fit


def _nowhere(prediction: Recording, truth: Recording, fit: TimeFit) -> StudioError:
    """Names the frames of both, as the offset and the rates lay them."""
    mine = f"{prediction.first_frame} to {prediction.stop - 1}"
    theirs = f"{truth.first_frame} to {truth.stop - 1}"
    begin = truth.first_frame - fit.rate * prediction.first_frame
    is_plain = fit.rate == 1.0 and not fit.offset_frames
    ends = (prediction.first_frame, prediction.stop - 1)
    at = [round(fit.offset_frames + fit.rate * frame) for frame in ends]
    laid = "" if is_plain else f", which are its {at[0]} to {at[1]} ({time_words(fit)})"
    return StudioError(
        f"{truth.name} has frames {theirs}, none of the frames {mine} of "
        f"{prediction.name}{laid}",
        fix=f"say --offset {begin:.6g} or --offset find",
    )
