"""Frames in which an estimator took left for right (front for back), put right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.tracking.flip_costs import (
    FlipState,
    bend_costs,
    candidates,
    frame_costs,
    is_lower,
    step_costs,
)

__all__ = ["FlipState", "exchange_sides", "repair_flips"]


def repair_flips(
    tracklet: Tracklet, *, times_s: FloatArray, landmarks: LandmarkSet
) -> tuple[Tracklet, IntArray]:
    """The tracklet with left and right exchanged where that makes one smooth motion.

    The states of all frames are chosen together (Viterbi over pairs of frames): small
    steps, small changes of velocity, few changes of state, few exchanged frames, no
    twisted trunk. So a short flip is put right, also of the arms or the legs alone, of
    a long one the minority gives way, and somebody who turns round is left alone, as
    turning is smooth without any exchange.

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
    moments_s = np.asarray(times_s, float)[tracklet.start + seen]
    upper, lower = candidates(tracklet, seen, moments_s, landmarks)
    states[seen] = _best_states(
        frame_costs(tracklet, seen, landmarks),
        step_costs(upper, lower),
        bend_costs(upper, lower),
    )
    return exchange_sides(tracklet, states, landmarks), states


def exchange_sides(
    tracklet: Tracklet, states: IntArray, landmarks: LandmarkSet
) -> Tracklet:
    """The tracklet with each frame brought into the given `FlipState`."""
    if not states.any():
        return tracklet
    mirror = np.array(landmarks.mirror_permutation(), dtype=np.intp)
    lower, stay = is_lower(landmarks), np.arange(len(mirror))
    orders = np.stack(
        [
            stay,
            mirror,
            mirror,
            np.where(lower, stay, mirror),
            np.where(lower, mirror, stay),
        ]
    )[states]
    rows = np.arange(len(states))[:, None]
    changed = {
        name: getattr(tracklet, name)[rows, orders]
        for name in ("points_px", "confidence", "outside", "points_m")
    }
    changed["points_m"][states == FlipState.SWAPPED_REVERSED, :, 2] *= -1
    return replace(tracklet, **changed)


def _best_states(alone: FloatArray, step: FloatArray, bend: FloatArray) -> IntArray:
    """Viterbi over (state before, state now) for steps and changes of velocity."""
    count, kinds = alone.shape
    best = alone[0][:, None] + alone[1][None, :] + step[0]
    came_from = np.zeros((count, kinds, kinds), dtype=np.intp)
    for now in range(2, count):
        total = best[:, :, None] + bend[now - 2]
        came_from[now] = total.argmin(axis=0)
        best = total.min(axis=0) + step[now - 1] + alone[now][None, :]
    states = np.zeros(count, dtype=np.intp)
    states[-2], states[-1] = np.unravel_index(best.argmin(), best.shape)
    for now in range(count - 1, 1, -1):
        states[now - 2] = came_from[now, states[now - 1], states[now]]
    return states
