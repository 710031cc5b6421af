"""What each way of exchanging sides costs: in steps, in bends, by how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.tracking.facing import natural_facing, untwisted
from hpe_studio.tracking.table import landmark_trust

# Distances count in these units and at most this often the unit.
_UNIT_M, _MOST = 0.6, 1.0
_BEND_WEIGHT = 0.5
# What exchanging one half of the body anew costs, and each exchanged frame: enough
# that noise, legs that cross and turns seen from the side change nothing; the minority
# is what gives way.
_SWITCH_COST, _FRAME_COST = 0.05, 0.004
# How much less (more) an exchanged frame costs when the body as seen looks less (more)
# natural than usual; never enough to exchange anything without a break in the motion.
_BELIEF, _LEAST_BELIEF, _MOST_BELIEF = 0.02, -0.003, 0.008
# Depth is hardly ever reversed by the embedded estimator.
_REVERSED_COST = 0.01
_NEVER = 10.0
# Shoulders that face another way than the hips, per frame.
_TWIST_COST = 0.01
_MEMORY_S = 0.3
# Frames whose combinations are held in memory together.
_AT_ONCE = 512
_LOWER_WORDS = frozenset({"hip", "knee", "ankle", "heel", "foot", "toe"})


class FlipState(IntEnum):
    """What is done with a frame.

    An estimator that takes the front of a body for its back exchanges the sides and
    reverses depth (the only way to stay a possible human); others only exchange. Of
    somebody half hidden only the arms or only the legs may be exchanged.
    """

    AS_SEEN = 0
    SWAPPED = 1
    SWAPPED_REVERSED = 2
    UPPER_SWAPPED = 3
    LOWER_SWAPPED = 4


# For each state what is done with the upper and with the lower half of the body.
HALVES = np.array(
    [
        [FlipState.AS_SEEN, FlipState.AS_SEEN],
        [FlipState.SWAPPED, FlipState.SWAPPED],
        [FlipState.SWAPPED_REVERSED, FlipState.SWAPPED_REVERSED],
        [FlipState.SWAPPED, FlipState.AS_SEEN],
        [FlipState.AS_SEEN, FlipState.SWAPPED],
    ]
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Candidates:
    """One half of the body in each frame, as seen, exchanged, exchanged and reversed.

    Attributes:
        flat: Shape (frames, 3, landmarks, 2), body sizes.
        deep: Shape (frames, 3, landmarks, 3), units of 0.6 m; NaN unknown.
        weight: Trust, shape (frames, 3, landmarks).
        times_s: Shape (frames,).
    """

    flat: FloatArray
    deep: FloatArray
    weight: FloatArray
    times_s: FloatArray

    def part(self, first: int, stop: int) -> Candidates:
        """Only the frames [first, stop)."""
        return Candidates(
            flat=self.flat[first:stop],
            deep=self.deep[first:stop],
            weight=self.weight[first:stop],
            times_s=self.times_s[first:stop],
        )


def is_lower(landmarks: LandmarkSet) -> BoolArray:
    """Which landmarks belong to hips, legs and feet, shape (landmarks,)."""
    return np.array([bool(_LOWER_WORDS & set(n.split("_"))) for n in landmarks.names])


def candidates(
    tracklet: Tracklet, seen: IntArray, times_s: FloatArray, landmarks: LandmarkSet
) -> tuple[Candidates, Candidates]:
    """The upper and the lower half of the body in the frames that are seen.

    Args:
        tracklet: One person.
        seen: Rows with a detection.
        times_s: Their times.
        landmarks: Names the sides.
    """
    mirror = np.array(landmarks.mirror_permutation(), dtype=np.intp)
    boxes_px = tracklet.boxes_px[seen].astype(float)
    spans_px = boxes_px[:, 2:] - boxes_px[:, :2]
    size_px = float(np.nanmedian(np.sqrt(spans_px.prod(axis=1))))
    flat = tracklet.points_px[seen].astype(float) / size_px
    deep = tracklet.points_m[seen].astype(float) / _UNIT_M
    weight = np.sqrt(tracklet.confidence[seen].astype(float))
    weight = weight * landmark_trust(landmarks)
    reversed_deep = deep[:, mirror] * np.array([1.0, 1.0, -1.0])
    flats = np.stack([flat, flat[:, mirror], flat[:, mirror]], axis=1)
    deeps = np.stack([deep, deep[:, mirror], reversed_deep], axis=1)
    weights = np.stack([weight, weight[:, mirror], weight[:, mirror]], axis=1)
    lower = is_lower(landmarks)
    upper_half, lower_half = (
        Candidates(
            flat=flats[:, :, half],
            deep=deeps[:, :, half],
            weight=weights[:, :, half],
            times_s=times_s,
        )
        for half in (~lower, lower)
    )
    return upper_half, lower_half


def frame_costs(
    tracklet: Tracklet, seen: IntArray, landmarks: LandmarkSet
) -> FloatArray:
    """Cost of each frame in each state by itself, shape (frames, states)."""
    scores = tracklet.scores[seen].astype(float)
    trust = (scores / max(float(np.median(scores)), 1e-6)) ** 2
    points_m = tracklet.points_m[seen].astype(float)
    natural = natural_facing(points_m, landmarks)
    belief = _BELIEF * (natural - np.median(natural))
    cost = np.zeros((len(seen), len(FlipState)))
    cost[:, 1:] = (_FRAME_COST * np.clip(trust, 0.25, 1.0))[:, None]
    cost[:, 1:3] += np.clip(belief, _LEAST_BELIEF, _MOST_BELIEF)[:, None]
    cost[:, FlipState.SWAPPED_REVERSED] += _REVERSED_COST
    np.maximum(cost[:, 1:], 0.25 * _FRAME_COST, out=cost[:, 1:])
    straight = untwisted(points_m, landmarks)
    halves_agree = HALVES[:, 0] == HALVES[:, 1]
    twist = np.where(halves_agree, -straight[:, None], straight[:, None])
    return cost + _TWIST_COST * np.maximum(twist, 0.0)


def step_costs(upper: Candidates, lower: Candidates) -> FloatArray:
    """Cost of each pair of states of following frames, (frames - 1, states, states)."""
    cost = _joined([_step_sums(half) for half in (upper, lower)], 2)
    gap_s = np.diff(upper.times_s)
    fading = np.exp(-gap_s / _MEMORY_S)[:, None, None]
    is_swapped = HALVES != FlipState.AS_SEEN
    changed = (is_swapped[:, None] != is_swapped[None]).sum(axis=2)
    switch = _SWITCH_COST * changed
    # Or a single frame seen with depth reversed would exchange the whole clip.
    kinds = HALVES.max(axis=1)
    mixed = kinds[:, None] + kinds == FlipState.SWAPPED + FlipState.SWAPPED_REVERSED
    switch = np.where(mixed, _NEVER, switch)
    return cost * fading + switch


def bend_costs(upper: Candidates, lower: Candidates) -> FloatArray:
    """Cost of each change of velocity, shape (frames - 2, states, states, states)."""
    count = len(upper.times_s) - 2
    parts = [
        _joined(
            [_bend_sums(half.part(at, at + _AT_ONCE + 2)) for half in (upper, lower)], 3
        )
        for at in range(0, count, _AT_ONCE)
    ]
    span_s = upper.times_s[2:] - upper.times_s[:-2]
    fading = np.exp(-span_s / _MEMORY_S)
    return _BEND_WEIGHT * np.concatenate(parts) * fading[:, None, None, None]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Sums:
    """Weighted sums of difference lengths over a half's landmarks.

    Attributes:
        flat, deep: Sums, shape (frames, 3, ...), one axis per frame compared.
        weight: Sums of the weights, same shape.
        known: Whether any 3D point was known, same shape.
    """

    flat: FloatArray
    deep: FloatArray
    weight: FloatArray
    known: BoolArray


def _step_sums(half: Candidates) -> _Sums:
    flat, deep, weight = half.flat, half.deep, half.weight
    return _sums(
        flat[:-1, :, None] - flat[1:, None],
        deep[:-1, :, None] - deep[1:, None],
        np.sqrt(weight[:-1, :, None] * weight[1:, None]),
    )


def _bend_sums(half: Candidates) -> _Sums:
    before_s, after_s = np.diff(half.times_s)[:-1], np.diff(half.times_s)[1:]
    share = (before_s / (before_s + after_s))[:, None, None, None, None, None]

    def off(values: FloatArray) -> FloatArray:
        early, late = values[:-2, :, None, None], values[2:, None, None, :]
        return values[1:-1, None, :, None] - ((1 - share) * early + share * late)

    weight = half.weight
    trust = weight[1:-1, None, :, None] * np.sqrt(
        weight[:-2, :, None, None] * weight[2:, None, None, :]
    )
    return _sums(off(half.flat), off(half.deep), np.sqrt(trust))


def _sums(flat: FloatArray, deep: FloatArray, weight: FloatArray) -> _Sums:
    flat_size = np.minimum(np.linalg.norm(np.nan_to_num(flat), axis=-1), _MOST)
    deep_size = np.minimum(np.linalg.norm(deep, axis=-1), _MOST)
    known = np.isfinite(deep_size)
    return _Sums(
        flat=(weight * flat_size).sum(axis=-1),
        deep=(weight * np.where(known, deep_size, 0.0)).sum(axis=-1),
        weight=weight.sum(axis=-1),
        known=known.any(axis=-1),
    )


def _joined(halves: list[_Sums], frames: int) -> FloatArray:
    """Mean length over both halves, mean of 2D and 3D, for each state of the whole."""
    picks = [
        (slice(None), *np.ix_(*(HALVES[:, number],) * frames))
        for number in range(len(halves))
    ]
    flat, deep, weight, known = (
        sum(getattr(half, name)[pick] for half, pick in zip(halves, picks, strict=True))
        for name in ("flat", "deep", "weight", "known")
    )
    total = np.maximum(weight, 1e-9)
    both = 0.5 * (flat + deep) / total
    return np.where(np.asarray(known) > 0, both, flat / total)
