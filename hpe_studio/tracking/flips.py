"""Frames in which an estimator took left for right (front for back), put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.tracking.facing import natural_facing
from hpe_studio.tracking.table import landmark_trust

# Distances count in these units and at most this often the unit.
_UNIT_M, _MOST = 0.6, 1.0
_BEND_WEIGHT = 0.5
# What a change of state costs, and each exchanged frame: enough that noise, legs that
# cross and turns seen from the side change nothing; the minority is what gives way.
_SWITCH_COST, _FRAME_COST = 0.1, 0.004
# How much less (more) an exchanged frame costs when the body as seen looks less (more)
# natural than usual; never enough to exchange anything without a break in the motion.
_BELIEF, _LEAST_BELIEF, _MOST_BELIEF = 0.02, -0.003, 0.008
# Depth is hardly ever reversed by the embedded estimator.
_REVERSED_COST = 0.01
_MEMORY_S = 0.3
# Frames whose 27 combinations are held in memory together.
_AT_ONCE = 512


class FlipState(IntEnum):
    """What is done with a frame.

    An estimator that takes the front of a body for its back exchanges the sides and
    reverses depth (the only way to stay a possible human); others only exchange.
    """

    AS_SEEN = 0
    SWAPPED = 1
    SWAPPED_REVERSED = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class _Candidates:
    """Each present frame in each state, in units of the body.

    Attributes:
        flat: Shape (frames, states, landmarks, 2), body sizes.
        deep: Shape (frames, states, landmarks, 3), units of 0.6 m; NaN unknown.
        weight: Trust per state, shape (frames, states, landmarks).
        times_s: Shape (frames,).
    """

    flat: FloatArray
    deep: FloatArray
    weight: FloatArray
    times_s: FloatArray


def repair_flips(
    tracklet: Tracklet, *, times_s: FloatArray, landmarks: LandmarkSet
) -> tuple[Tracklet, IntArray]:
    """The tracklet with left and right exchanged where that makes one smooth motion.

    The states of all frames are chosen together (Viterbi over pairs of frames): small
    steps, small changes of velocity, few changes of state, few exchanged frames. So a
    short flip is put right, of a long one the minority gives way, and somebody who
    turns round is left alone, as turning is smooth without any exchange.

    Args:
        tracklet: One person.
        times_s: Presentation time of every frame of the clip.
        landmarks: Names the sides.

    Returns:
        The repaired tracklet, and the `FlipState` of each of its frames.
    """
    states = np.zeros(len(tracklet.scores), dtype=np.intp)
    seen = np.flatnonzero(
        np.isfinite(tracklet.points_px).all(axis=2).mean(axis=1) > 0.5
    )
    if len(seen) < 3:
        return tracklet, states
    mirror = np.array(landmarks.mirror_permutation(), dtype=np.intp)
    moments_s = np.asarray(times_s, float)[tracklet.start + seen]
    candidates = _candidates(tracklet, seen, moments_s, mirror, landmarks)
    alone = _cost_of_states(tracklet, seen, landmarks)
    states[seen] = _best_states(candidates, alone)
    return exchange_sides(tracklet, states, mirror), states


def exchange_sides(tracklet: Tracklet, states: IntArray, mirror: IntArray) -> Tracklet:
    """The tracklet with each frame brought into the given `FlipState`."""
    frames = np.flatnonzero(states != FlipState.AS_SEEN)
    if len(frames) == 0:
        return tracklet
    changed = {
        name: getattr(tracklet, name).copy()
        for name in ("points_px", "confidence", "outside", "points_m")
    }
    for values in changed.values():
        values[frames] = values[frames][:, mirror]
    changed["points_m"][states == FlipState.SWAPPED_REVERSED, :, 2] *= -1
    return replace(tracklet, **changed)


def _candidates(
    tracklet: Tracklet,
    seen: IntArray,
    times_s: FloatArray,
    mirror: IntArray,
    landmarks: LandmarkSet,
) -> _Candidates:
    boxes_px = tracklet.boxes_px[seen].astype(float)
    spans_px = boxes_px[:, 2:] - boxes_px[:, :2]
    size_px = float(np.nanmedian(np.sqrt(spans_px.prod(axis=1))))
    flat = tracklet.points_px[seen].astype(float) / size_px
    deep = tracklet.points_m[seen].astype(float) / _UNIT_M
    weight = np.sqrt(tracklet.confidence[seen].astype(float))
    weight = weight * landmark_trust(landmarks)
    reversed_deep = deep[:, mirror] * np.array([1.0, 1.0, -1.0])
    return _Candidates(
        flat=np.stack([flat, flat[:, mirror], flat[:, mirror]], axis=1),
        deep=np.stack([deep, deep[:, mirror], reversed_deep], axis=1),
        weight=np.stack([weight, weight[:, mirror], weight[:, mirror]], axis=1),
        times_s=times_s,
    )


def _cost_of_states(
    tracklet: Tracklet, seen: IntArray, landmarks: LandmarkSet
) -> FloatArray:
    """Cost of each frame in each state by itself, shape (frames, 3)."""
    scores = tracklet.scores[seen].astype(float)
    trust = (scores / max(float(np.median(scores)), 1e-6)) ** 2
    natural = natural_facing(tracklet.points_m[seen].astype(float), landmarks)
    belief = _BELIEF * (natural - np.median(natural))
    cost = np.zeros((len(seen), 3))
    cost[:, 1:] = (_FRAME_COST * np.clip(trust, 0.25, 1.0))[:, None]
    cost[:, 1:] += np.clip(belief, _LEAST_BELIEF, _MOST_BELIEF)[:, None]
    cost[:, FlipState.SWAPPED_REVERSED] += _REVERSED_COST
    np.maximum(cost[:, 1:], 0.25 * _FRAME_COST, out=cost[:, 1:])
    return cost


def _best_states(candidates: _Candidates, alone: FloatArray) -> IntArray:
    """Viterbi over (state before, state now) for steps and changes of velocity."""
    step, bend = _step_costs(candidates), _bend_costs(candidates)
    count = len(alone)
    best = alone[0][:, None] + alone[1][None, :] + step[0]
    came_from = np.zeros((count, 3, 3), dtype=np.intp)
    for now in range(2, count):
        total = best[:, :, None] + bend[now - 2]
        came_from[now] = total.argmin(axis=0)
        best = total.min(axis=0) + step[now - 1] + alone[now][None, :]
    states = np.zeros(count, dtype=np.intp)
    states[-2], states[-1] = np.unravel_index(best.argmin(), best.shape)
    for now in range(count - 1, 1, -1):
        states[now - 2] = came_from[now, states[now - 1], states[now]]
    return states


def _step_costs(candidates: _Candidates) -> FloatArray:
    """Cost of going from each state to each on the next frame, (frames - 1, 3, 3)."""
    flat, deep, weight = candidates.flat, candidates.deep, candidates.weight
    cost = _mean_size(
        flat[:-1, :, None] - flat[1:, None],
        deep[:-1, :, None] - deep[1:, None],
        np.sqrt(weight[:-1, :, None] * weight[1:, None]),
    )
    gap_s = np.diff(candidates.times_s)
    fading = np.exp(-gap_s / _MEMORY_S)[:, None, None]
    changes = _SWITCH_COST * (1.0 - np.eye(3))
    changes[1:, 1:] = 0.0
    return cost * fading + changes


def _bend_costs(candidates: _Candidates) -> FloatArray:
    """Cost of each change of velocity, shape (frames - 2, 3, 3, 3)."""
    count = len(candidates.times_s) - 2
    parts = [
        _bend_costs_of(
            _Candidates(
                flat=candidates.flat[first : first + _AT_ONCE + 2],
                deep=candidates.deep[first : first + _AT_ONCE + 2],
                weight=candidates.weight[first : first + _AT_ONCE + 2],
                times_s=candidates.times_s[first : first + _AT_ONCE + 2],
            )
        )
        for first in range(0, count, _AT_ONCE)
    ]
    return np.concatenate(parts)


def _bend_costs_of(candidates: _Candidates) -> FloatArray:
    flat, deep, weight = candidates.flat, candidates.deep, candidates.weight
    before_s, after_s = (
        np.diff(candidates.times_s)[part] for part in (slice(None, -1), slice(1, None))
    )
    share = (before_s / (before_s + after_s))[:, None, None, None, None, None]

    def off(values: FloatArray) -> FloatArray:
        early, late = values[:-2, :, None, None], values[2:, None, None, :]
        return values[1:-1, None, :, None] - ((1 - share) * early + share * late)

    trust = weight[1:-1, None, :, None] * np.sqrt(
        weight[:-2, :, None, None] * weight[2:, None, None, :]
    )
    cost = _mean_size(off(flat), off(deep), np.sqrt(trust))
    fading = np.exp(-(before_s + after_s) / _MEMORY_S)
    return _BEND_WEIGHT * cost * fading[:, None, None, None]


def _mean_size(flat: FloatArray, deep: FloatArray, weight: FloatArray) -> FloatArray:
    """Mean length of differences over landmarks: mean of 2D and 3D, the known ones."""
    total = np.maximum(weight.sum(axis=-1), 1e-9)
    flat_size = np.minimum(np.linalg.norm(np.nan_to_num(flat), axis=-1), _MOST)
    flat_mean = (weight * flat_size).sum(axis=-1) / total
    deep_size = np.minimum(np.linalg.norm(deep, axis=-1), _MOST)
    deep_known = np.isfinite(deep_size)
    deep_mean = (weight * np.where(deep_known, deep_size, 0.0)).sum(axis=-1) / total
    known: BoolArray = deep_known.any(axis=-1)
    return np.where(known, 0.5 * (flat_mean + deep_mean), flat_mean)
