"""What is believed of a pose, compiled: near where it was, within its limits."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.fitting_jit import compiled
from hpe_studio.motion.fitting_kernels import exp_so3, inverse_right_jacobian, log_so3
from hpe_studio.motion.ik_arrays import ChainArrays


@compiled
def _add_block(
    change: FloatArray,
    force: FloatArray,
    precise: FloatArray,
    at: int,
    normal: FloatArray,
    pull: FloatArray,
) -> None:
    """Add what three terms of one joint ask, given how they change with its turn."""
    for a in range(3):
        for k in range(3):
            pull[at + a] += change[k, a] * force[k]
            for b in range(a + 1):
                normal[at + a, at + b] += change[k, a] * precise[k] * change[k, b]


@compiled
def add_posture(
    chain: ChainArrays, pose: FloatArray, normal: FloatArray, pull: FloatArray
) -> float:
    """Add the wish to stay as it was; returns its cost.

    What a joint has turned is measured on SO(3), not between rotation vectors, which
    jump where somebody turns his back.
    """
    now, apart, change = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    turned, precise, cost = np.empty(3), np.empty(3), 0.0
    for j in range(len(chain.parents)):
        at = chain.column[j]
        if at < 0:
            continue
        exp_so3(pose[j], now)
        for r in range(3):
            for c in range(3):
                apart[r, c] = 0.0
                for k in range(3):
                    apart[r, c] += chain.start_turns[j, k, r] * now[k, c]
        log_so3(apart, turned)
        inverse_right_jacobian(turned, change)
        precise[:] = chain.stiffness[j] ** 2
        for k in range(3):
            cost += precise[k] * turned[k] ** 2
        _add_block(change, precise * turned, precise, at, normal, pull)
    return cost


@compiled
def add_limits(
    chain: ChainArrays, pose: FloatArray, normal: FloatArray, pull: FloatArray
) -> float:
    """Add the pull back from limits that are crossed; returns its cost."""
    change = np.empty((3, 3))
    over, precise, cost = np.empty(3), np.empty(3), 0.0
    for j in range(len(chain.parents)):
        at, is_over = chain.column[j], False
        if at < 0:
            continue
        for k in range(3):
            over[k] = min(pose[j, k] - chain.lower_rad[j, k], 0.0)
            over[k] += max(pose[j, k] - chain.upper_rad[j, k], 0.0)
            precise[k] = chain.limit_weight**2 if over[k] != 0.0 else 0.0
            is_over = is_over or over[k] != 0.0
            cost += precise[k] * over[k] ** 2
        if is_over:
            inverse_right_jacobian(pose[j], change)
            _add_block(change, precise * over, precise, at, normal, pull)
    return cost
