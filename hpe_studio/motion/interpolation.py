"""Between keys and between time bases: offsets that come and go, resampling."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.motion.rotations import canonical, slerp


def smoothstep(t: FloatArray) -> FloatArray:
    """3 t^2 - 2 t^3, clamped to [0, 1]: starts and ends without a kink."""
    u = np.clip(t, 0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def key_weights(
    frames: IntArray, key_frames: IntArray, blend_in: IntArray, blend_out: IntArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Which two keys act on each frame and how strongly.

    Neighbouring keys whose blends meet are joined: the weight passes from one to the
    other by smoothstep. Otherwise each comes in and goes out to nothing.

    Args:
        frames: Frames asked for, shape (frames,).
        key_frames: Increasing, shape (keys,), at least one.
        blend_in: Frames before each key over which it comes, shape (keys,).
        blend_out: Frames after each key over which it goes, shape (keys,).

    Returns:
        Index of the key at or before each frame and of the one after (-1 where there
        is none), their weights; each of shape (frames,). On a key's frame its weight
        is exactly 1; outside all blends both weights are exactly 0.
    """
    count = len(key_frames)
    after = np.searchsorted(key_frames, frames, side="right")
    before = after - 1
    has_before, has_after = before >= 0, after < count
    b = np.clip(before, 0, count - 1)
    a = np.clip(after, 0, count - 1)
    gone = _ratio(frames - key_frames[b], blend_out[b])
    come = _ratio(key_frames[a] - frames, blend_in[a])
    weight_before = np.where(has_before, 1.0 - smoothstep(gone), 0.0)
    weight_after = np.where(has_after, 1.0 - smoothstep(come), 0.0)
    joined = has_before & has_after
    joined &= key_frames[b] + blend_out[b] >= key_frames[a] - blend_in[a]
    span = np.where(joined, key_frames[a] - key_frames[b], 1)
    passed = smoothstep((frames - key_frames[b]) / span)
    weight_before = np.where(joined, 1.0 - passed, weight_before)
    weight_after = np.where(joined, passed, weight_after)
    return (
        np.where(has_before, before, -1),
        np.where(has_after, after, -1),
        weight_before,
        weight_after,
    )


def rotation_offsets_at(
    frames: IntArray,
    key_frames: IntArray,
    offsets_rad: FloatArray,
    blend_in: IntArray,
    blend_out: IntArray,
) -> FloatArray:
    """Rotation offsets of one joint on given frames, shape (frames, 3), radians.

    Between joined keys the offset runs along the shortest arc (slerp); else it runs to
    and from zero. On a key's frame the offset is the key's, to the bit; outside all
    blends exactly zero.

    Args:
        frames: Shape (frames,).
        key_frames: As for `key_weights`.
        offsets_rad: Rotation vector of each key, shape (keys, 3).
        blend_in: As for `key_weights`.
        blend_out: As for `key_weights`.
    """
    before, after, weight_before, weight_after = key_weights(
        frames, key_frames, blend_in, blend_out
    )
    out = np.zeros((len(frames), 3))
    alone = (before >= 0) & (weight_before > 0) & ~_both(weight_before, weight_after)
    out[alone] = offsets_rad[before[alone]] * weight_before[alone, None]
    coming = (after >= 0) & (weight_after > 0) & ~_both(weight_before, weight_after)
    out[coming] = offsets_rad[after[coming]] * weight_after[coming, None]
    mixed = _both(weight_before, weight_after)
    if mixed.any():
        start, stop = offsets_rad[before[mixed]], offsets_rad[after[mixed]]
        out[mixed] = slerp(start, stop, weight_after[mixed])
    return out


def position_offsets_at(
    frames: IntArray,
    key_frames: IntArray,
    offsets_m: FloatArray,
    blend_in: IntArray,
    blend_out: IntArray,
) -> FloatArray:
    """Position offsets on given frames, shape (frames, 3), metres.

    As `rotation_offsets_at`, mixed linearly.
    """
    before, after, weight_before, weight_after = key_weights(
        frames, key_frames, blend_in, blend_out
    )
    b, a = np.maximum(before, 0), np.maximum(after, 0)
    exact = weight_before == 1.0
    mixed = weight_before[:, None] * offsets_m[b] + weight_after[:, None] * offsets_m[a]
    return np.where(exact[:, None], offsets_m[b], mixed)


def resample(
    joints_rad: FloatArray,
    root_m: FloatArray,
    *,
    from_times_s: FloatArray,
    to_times_s: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Motion at other times: rotations by slerp, positions linearly.

    Args:
        joints_rad: Rotation vectors, shape (frames, joints, 3); NaN where missing.
        root_m: Positions, shape (frames, 3).
        from_times_s: Increasing times of the rows, shape (frames,).
        to_times_s: Times wanted, shape (new frames,); clamped to the given range.

    Returns:
        The two arrays with one row per wanted time; NaN where a neighbour is missing
        (an exact hit on a present row is always present).
    """
    last = len(from_times_s) - 1
    t = np.clip(to_times_s, from_times_s[0], from_times_s[-1])
    low = np.clip(np.searchsorted(from_times_s, t, side="right") - 1, 0, last)
    high = np.minimum(low + 1, last)
    span = from_times_s[high] - from_times_s[low]
    u = np.where(span > 0, (t - from_times_s[low]) / np.where(span > 0, span, 1), 0.0)
    at_low, at_high = u < 1e-9, u > 1 - 1e-9
    joints = slerp(joints_rad[low], joints_rad[high], u[:, None])
    root = root_m[low] + u[:, None] * (root_m[high] - root_m[low])
    joints[at_low], root[at_low] = (
        canonical(joints_rad[low[at_low]]),
        root_m[low[at_low]],
    )
    joints[at_high] = canonical(joints_rad[high[at_high]])
    root[at_high] = root_m[high[at_high]]
    return joints, root


def _ratio(distance: IntArray, length: IntArray) -> FloatArray:
    """Distance over length; a length of 0 lets everything but 0 be far."""
    safe = np.where(length > 0, length, 1)
    return np.where(length > 0, distance / safe, np.where(distance == 0, 0.0, 1.0))


def _both(first: FloatArray, second: FloatArray) -> BoolArray:
    return (first > 0) & (second > 0)
