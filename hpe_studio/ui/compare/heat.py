"""Errors as colours: the steps of heat of the theme, on bodies, lines and bars."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from hpe_studio.body import Body
from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.render.theme import parse_colour, tokens

MOST_MM = 150.0
"""Errors from here on have the hottest colour."""

_ON_BONES: Mapping[str, tuple[str, ...]] = {
    "pelvis": ("mid_hip", "left_hip", "right_hip"),
    "head": ("nose", "neck"),
    "left_foot": ("left_ankle",),
    "right_foot": ("right_ankle",),
    "left_hand": ("left_wrist",),
    "right_hand": ("right_wrist",),
}
"""Joints whose error a joint of the body has that is not compared itself."""


def heat_colours() -> tuple[str, ...]:
    """The steps from cold to hot, "#rrggbb"."""
    return tuple(tokens()["heat"]["default"])


def heat_step(error_mm: float) -> int:
    """Which step an error has."""
    count = len(heat_colours())
    return min(max(int(error_mm / MOST_MM * count), 0), count - 1)


def heat_of(error_mm: float) -> str:
    """The colour of an error, "#rrggbb"."""
    return heat_colours()[heat_step(error_mm)]


def heat_rgb(errors_mm: FloatArray) -> ByteArray:
    """Colours between the steps, shape (..., 3); NaN is grey."""
    ramp = _ramp(heat_colours())
    at = (np.arange(len(ramp)) + 0.5) * (MOST_MM / len(ramp))
    known = np.isfinite(errors_mm)
    values = np.where(known, errors_mm, 0.0)
    rgb = np.stack([np.interp(values, at, ramp[:, i]) for i in range(3)], axis=-1)
    rgb[~known] = 140.0
    return np.round(rgb).astype(np.uint8)


@lru_cache(maxsize=4)
def _ramp(colours: tuple[str, ...]) -> FloatArray:
    return np.array([[255 * part for part in parse_colour(c)[:3]] for c in colours])


def bone_errors_m(errors_m: Mapping[str, float], skeleton: Skeleton) -> FloatArray:
    """Errors of compared joints as errors of a body's joints, shape (joints,).

    A joint that is not compared has that of its name's kin, else what its parent has
    (hands, feet) or what lies between its neighbours (back, collars); NaN where nothing
    is known.
    """
    names, parents = skeleton.joint_names, skeleton.parents
    out = np.full(len(names), np.nan)
    for joint, name in enumerate(names):
        kin = [errors_m[k] for k in (name, *_ON_BONES.get(name, ())) if k in errors_m]
        if kin:
            out[joint] = kin[0] if name in errors_m else float(np.mean(kin))
    settled = np.isfinite(out)
    for joint, parent in enumerate(parents):
        if np.isnan(out[joint]) and parent >= 0:
            below = [
                child for child in skeleton.descendants(joint)[1:] if settled[child]
            ]
            near = [out[below[0]]] if below else []
            steps = 1 + (len(_between(skeleton, joint, below[0])) if below else 0)
            out[joint] = out[parent]
            if near:
                out[joint] += (near[0] - out[parent]) / (steps + 1)
    return out


def _between(skeleton: Skeleton, joint: int, below: int) -> list[int]:
    """Joints on the way down from one to another, without both."""
    way: list[int] = []
    at = skeleton.parents[below]
    while at not in (joint, -1):
        way.append(at)
        at = skeleton.parents[at]
    return way


def vertex_rgb(body: Body, joint_errors_m: FloatArray) -> ByteArray:
    """Colours of a body's vertices through its skinning weights, shape (V, 3)."""
    weights = body.weights
    values = joint_errors_m[weights.joint]
    known = np.isfinite(values)
    share = np.where(known, weights.weight, 0.0)
    start = weights.start[:-1]
    total = np.add.reduceat(share, start)
    summed = np.add.reduceat(share * np.where(known, values, 0.0), start)
    with np.errstate(invalid="ignore", divide="ignore"):
        errors = np.where(total > 0, summed / total, np.nan)
    return heat_rgb(1000 * errors)
