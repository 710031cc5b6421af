"""What a clean-up does to a motion: where it moves most, what it calms and costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray

_PEAK = 0.98


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Comparison:
    """A motion before and after.

    Attributes:
        joint: The joint that moved farthest.
        axis: The axis along which it did (0 to 2).
        before_m, after_m: Its place along that axis, shape (frames,), metres.
        farthest_m: How far it moved at most.
        lost_peak_speed: Share of the fastest movement that is gone, 0 to 1; below 0
            where it became faster.
        jitter_before, jitter_after: Mean size of the third difference in time of all
            joints that moved, m/s^3.
    """

    joint: int
    axis: int
    before_m: FloatArray
    after_m: FloatArray
    farthest_m: float
    lost_peak_speed: float
    jitter_before: float
    jitter_after: float


def compared(
    before_m: FloatArray, after_m: FloatArray, *, fps: float
) -> Comparison | None:
    """Compare the places of joints, shape (frames, joints, 3); None if nothing moved.

    Peak speed is the 98th percentile of the most changed joint's: one wild frame is no
    movement.
    """
    away = np.linalg.norm(np.nan_to_num(after_m - before_m), axis=-1)
    if not away.size or away.max() <= 0:
        return None
    joint = int(np.argmax(np.sqrt(np.square(away).mean(axis=0))))
    change = np.nan_to_num(after_m[:, joint] - before_m[:, joint])
    axis = int(np.argmax(np.square(change).sum(axis=0)))
    moved = np.flatnonzero(away.max(axis=0) > 0)
    was, now = (_peak_m_s(m[:, joint], fps) for m in (before_m, after_m))
    return Comparison(
        joint=joint,
        axis=axis,
        before_m=before_m[:, joint, axis],
        after_m=after_m[:, joint, axis],
        farthest_m=float(away.max()),
        lost_peak_speed=1.0 - now / was if was > 0 else 0.0,
        jitter_before=jitter(before_m[:, moved], fps=fps),
        jitter_after=jitter(after_m[:, moved], fps=fps),
    )


def jitter(places_m: FloatArray, *, fps: float) -> float:
    """Mean size of the third difference in time, m/s^3; NaN rows do not count.

    Source: the jitter of TransPose (Yi et al. 2021).
    """
    third = np.linalg.norm(np.diff(places_m, 3, axis=0), axis=-1) * fps**3
    known = third[np.isfinite(third)]
    return float(known.mean()) if known.size else 0.0


def _peak_m_s(place_m: FloatArray, fps: float) -> float:
    speed = np.linalg.norm(np.diff(place_m, axis=0), axis=-1) * fps
    known = speed[np.isfinite(speed)]
    return float(np.quantile(known, _PEAK)) if known.size else 0.0
