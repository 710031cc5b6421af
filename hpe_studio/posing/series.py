"""Numbers over time of one joint of a track: rotation vectors, places, speeds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.track import Key, Track
from hpe_studio.motion.kinematics import forward_kinematics

Triple = tuple[float, float, float]

_TURN_RAD = 2 * np.pi
_NO_ANGLE_RAD = 1e-9


def narrowed(
    track: Track, keys: Sequence[Key], joints: Sequence[int]
) -> tuple[Track, tuple[Key, ...]]:
    """A track of some joints only, and what its keys say of them.

    Resolving it costs a fraction of the whole body. Joint ``joints[i]`` becomes joint
    i; keys that correct none of them and do not move the root are left out.

    Args:
        track: The track.
        keys: Its keys in order of frames.
        joints: Joint indices, increasing.
    """
    columns = list(joints)
    arrays = {
        name: np.ascontiguousarray(track.arrays[name][:, columns])
        for name in ("base_rad", "base_source")
    }
    arrays["base_root_m"] = track.base_root_m
    mine: list[Key] = []
    for key in keys:
        offsets = [(i, key.offset_of(joint)) for i, joint in enumerate(columns)]
        said = [(i, offset) for i, offset in offsets if offset is not None]
        if said or key.root_offset_m is not None:
            kept = tuple(i for i, _ in said), tuple(offset for _, offset in said)
            mine.append(replace(key, joints=kept[0], offsets_rad=kept[1]))
    return replace(track, arrays=arrays), tuple(mine)


def chain_to(parents: Sequence[int], joint: int) -> tuple[int, ...]:
    """A joint and all above it, the root first."""
    chain = [joint]
    while parents[chain[-1]] >= 0:
        chain.append(parents[chain[-1]])
    return tuple(reversed(chain))


def end_of_chain_m(
    rest_joints_m: FloatArray, joints_rad: FloatArray, root_m: FloatArray
) -> FloatArray:
    """Where the last joint of a chain is, shape (frames, 3), metres.

    Args:
        rest_joints_m: Rest joints of the chain, the root first, shape (joints, 3).
        joints_rad: Their parent-space rotation vectors, shape (frames, joints, 3).
        root_m: Place of the root, shape (frames, 3).
    """
    parents = tuple(range(-1, len(rest_joints_m) - 1))
    places, _ = forward_kinematics(parents, rest_joints_m, joints_rad, root_m)
    return places[:, -1]


def speeds_m_s(places_m: FloatArray, times_s: FloatArray) -> FloatArray:
    """How fast something moves, shape (frames,), metres a second.

    The difference over two frames, at ends and beside gaps over one; NaN where the
    place is not known or nothing beside it is.

    Args:
        places_m: Shape (frames, 3); NaN where missing.
        times_s: Time of each frame, shape (frames,).
    """
    count = len(places_m)
    known = np.asarray(~np.isnan(places_m).any(axis=1))
    rows = np.arange(count)
    before, after = np.maximum(rows - 1, 0), np.minimum(rows + 1, count - 1)
    before = np.where(known[before], before, rows)
    after = np.where(known[after], after, rows)
    speeds = np.full(count, np.nan)
    fit = known & (after > before)
    distance = np.linalg.norm(places_m[after] - places_m[before], axis=1)
    speeds[fit] = distance[fit] / (times_s[after] - times_s[before])[fit]
    return speeds


def nearest_turns(rotvec_rad: FloatArray, reference_rad: FloatArray) -> FloatArray:
    """The same rotations, each written as near to a reference as can be.

    Of the vectors a (1 + 2 pi k / |a|), which mean the same rotation.

    Args:
        rotvec_rad: Shape (..., 3).
        reference_rad: Shape (..., 3); where it is NaN the vector stays.
    """
    angle = np.linalg.norm(rotvec_rad, axis=-1, keepdims=True)
    along = np.where(angle > _NO_ANGLE_RAD, rotvec_rad, reference_rad)
    size = np.linalg.norm(along, axis=-1, keepdims=True)
    axis = np.divide(along, size, out=np.zeros_like(along), where=size > _NO_ANGLE_RAD)
    ahead = ((reference_rad - rotvec_rad) * axis).sum(axis=-1, keepdims=True)
    shift = np.nan_to_num(np.round(ahead / _TURN_RAD)) * _TURN_RAD * axis
    return rotvec_rad + np.nan_to_num(shift)


def continuous_rad(rotvec_rad: FloatArray) -> FloatArray:
    """The rotations of a series written without jumps, shape (frames, 3).

    As `motion.rotations.unwrapped`, but made for long series: only from where an angle
    passes half a turn until it is back it goes frame by frame.
    """
    out = np.array(rotvec_rad, np.float64)
    rows = np.flatnonzero(~np.isnan(out).any(axis=1))
    plain = out[rows]
    jumped = nearest_turns(plain[1:], plain[:-1]) != plain[1:]
    told: list[Triple] = [(x, y, z) for x, y, z in plain.tolist()]
    at = 0
    for jump in (np.flatnonzero(jumped.any(axis=1)) + 1).tolist():
        at = max(at, jump)
        while at < len(told):
            written = _near(told[at], told[at - 1])
            if written == told[at]:
                break
            told[at] = written
            at += 1
    out[rows] = np.array(told).reshape(-1, 3)
    return out


def _near(vector: Triple, last: Triple) -> Triple:
    """One vector as `nearest_turns` writes it, without arrays."""
    angle = math.hypot(*vector)
    along, size = (vector, angle) if angle > _NO_ANGLE_RAD else (last, 0.0)
    size = size or math.hypot(*last)
    if size <= _NO_ANGLE_RAD:
        return vector
    (x, y, z), (u, v, w) = vector, along
    ahead = (last[0] - x) * u + (last[1] - y) * v + (last[2] - z) * w
    turns = round(ahead / size / _TURN_RAD)
    if not turns:
        return vector
    far = turns * _TURN_RAD / size
    return x + far * u, y + far * v, z + far * w
