"""Body shape by measures with names in place of coefficients.

Each measure is taken from the body's joints and mesh, which change with betas linearly.
Changing one keeps the others as far as the shape space allows: the smallest change of
betas and scale that does it, by damped least squares.

Source: spec 5.7, "SMPL-SI replacement": lengths L(b) = L0 + B b, ridge solution.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np

from hpe_studio.body.model import Body
from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.jointmodel import fit_length
from hpe_studio.motion.shape import MAX_BETA

MEASURES: tuple[str, ...] = ("height", "build", "arm", "leg", "shoulder width")
"""Height standing straight, mean of the trunk's breadth and depth, shoulder to wrist,
hip to ankle, shoulder to shoulder; all in metres."""

_CHAINS = {
    "arm": ("shoulder", "elbow", "wrist"),
    "leg": ("hip", "knee", "ankle"),
}
_USED_BETAS = 10
_BETA_COST, _SCALE_COST = 0.002, 0.004
_STEPS, _MOST_LOG_SCALE = 12, 2.0
_TINY = 1e-4


def measures_m(
    body: Body, betas: Sequence[float] | FloatArray, scale: float
) -> FloatArray:
    """All measures of a shape, in the order of `MEASURES`, metres."""
    b = fit_length(np.asarray(betas, dtype=np.float64), body.beta_count)
    joints = body.joint_model.rest_joints_m(b)
    points = _points(body)
    top, sole, left, right, front, back = (
        body.v_template[points] + body.shapedirs[points] @ b
    )
    height, breadth = float(top[1] - sole[1]), float(left[0] - right[0])
    depth = float(front[2] - back[2])
    across = joints[body.skeleton.index("left_shoulder")]
    width = np.linalg.norm(across - joints[body.skeleton.index("right_shoulder")])
    chains = [_chain_m(body, joints, names) for names in _CHAINS.values()]
    return scale * np.array([height, (breadth + depth) / 2, *chains, float(width)])


def with_measure(
    body: Body,
    betas: Sequence[float],
    scale: float,
    *,
    name: str,
    value_m: float,
) -> tuple[tuple[float, ...], float]:
    """The shape with one measure changed and the others kept as far as may be.

    Height alone lets the whole body grow.

    Args:
        body: The body.
        betas: Shape coefficients.
        scale: Size over the model.
        name: One of `MEASURES`.
        value_m: What it should be.

    Returns:
        Betas, within +-3, and scale.
    """
    goal = measures_m(body, betas, scale)
    if name == "height":
        return tuple(float(b) for b in betas), float(scale * value_m / goal[0])
    goal[MEASURES.index(name)] = value_m
    count = min(_USED_BETAS, body.beta_count)
    start = np.append(
        fit_length(np.asarray(betas, np.float64), count), np.log(max(scale, 1e-6))
    )
    weights = np.where(np.array(MEASURES) == name, 10.0, 1.0)
    cost = np.append(np.full(count, _BETA_COST), _SCALE_COST)
    x = start.copy()
    for _ in range(_STEPS):
        x = _step(body, x, start, goal, weights, cost)
    return tuple(float(b) for b in x[:-1]), float(np.exp(x[-1]))


def _step(
    body: Body,
    x: FloatArray,
    start: FloatArray,
    goal: FloatArray,
    weights: FloatArray,
    cost: FloatArray,
) -> FloatArray:
    """One Gauss-Newton step towards the measures, staying near the start."""
    slope = np.empty((len(goal), len(x)))
    here = measures_m(body, x[:-1], float(np.exp(x[-1])))
    for i in range(len(x)):
        moved = x.copy()
        moved[i] += _TINY
        there = measures_m(body, moved[:-1], float(np.exp(moved[-1])))
        slope[:, i] = (there - here) / _TINY
    rows = np.vstack([weights[:, None] * slope, np.diag(cost)])
    rest = np.concatenate([weights * (goal - here), cost * (start - x)])
    change = np.linalg.lstsq(rows, rest, rcond=None)[0]
    if np.abs(x + change)[:-1].max() <= MAX_BETA:
        return x + change
    # Cutting coefficients off would leave a scale that suits the ones cut off.
    most = np.append(np.full(len(x) - 1, MAX_BETA), _MOST_LOG_SCALE)
    inside = np.clip(x, -most, most)
    rest[len(goal) :] += cost * (x - inside)
    rest[: len(goal)] += weights * (slope @ (x - inside))
    optimize: Any = import_module("scipy.optimize")
    found = optimize.lsq_linear(
        rows, rest, (-most - inside - _TINY, most - inside + _TINY)
    )
    return np.clip(inside + found.x, -most, most)


def _chain_m(body: Body, joints_m: FloatArray, names: tuple[str, ...]) -> float:
    """Length along a limb's joints, meaned over both sides."""
    total = 0.0
    for side in ("left", "right"):
        places = joints_m[[body.skeleton.index(f"{side}_{name}") for name in names]]
        total += float(np.linalg.norm(np.diff(places, axis=0), axis=1).sum())
    return total / 2


@lru_cache(maxsize=8)
def _points(body: Body) -> IntArray:
    """Vertices between which is measured: top, sole; the trunk's sides, front, back."""
    v = body.v_template
    hip = body.joint_model.joints_m[body.skeleton.index("left_hip")][1]
    neck = body.joint_model.joints_m[body.skeleton.index("neck")][1]
    shoulder = body.joint_model.joints_m[body.skeleton.index("left_shoulder")][0]
    level = hip + 0.45 * (neck - hip)
    band = np.flatnonzero(
        (np.abs(v[:, 1] - level) < 0.05) & (np.abs(v[:, 0]) < 1.1 * shoulder)
    )
    ends = [
        int(np.argmax(v[:, 1])),
        int(np.argmin(v[:, 1])),
        int(band[np.argmax(v[band, 0])]),
        int(band[np.argmin(v[band, 0])]),
        int(band[np.argmax(v[band, 2])]),
        int(band[np.argmin(v[band, 2])]),
    ]
    return np.array(ends)
