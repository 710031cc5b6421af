"""Levenberg-Marquardt on one frame, compiled."""

from __future__ import annotations

import math

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PriorArrays,
    PullArrays,
    SeenArrays,
    State,
)
from hpe_studio.motion.fitting_jit import compiled, compiled_fast
from hpe_studio.motion.fitting_kernels import exp_so3
from hpe_studio.motion.fitting_residuals import assemble

NEAREST_ROOT_M = 0.3
"""Nobody's pelvis is nearer to the lens than this."""


@compiled_fast
def _factorise(hessian: FloatArray, damping: float, factor: FloatArray) -> bool:
    """Write the Cholesky factor of H + damping * diag H; False if there is none."""
    for i in range(len(hessian)):
        for j in range(i):
            value = hessian[i, j]
            for k in range(j):
                value -= factor[i, k] * factor[j, k]
            factor[i, j] = value / factor[j, j]
        value = (1.0 + damping) * hessian[i, i] + 1e-6
        for k in range(i):
            value -= factor[i, k] * factor[i, k]
        if not value > 0.0:
            return False
        factor[i, i] = math.sqrt(value)
    return True


@compiled_fast
def solve_cholesky(
    hessian: FloatArray,
    damping: float,
    gradient: FloatArray,
    factor: FloatArray,
    step: FloatArray,
) -> bool:
    """Solve (H + damping * diag H) step = gradient; False if not positive definite.

    Only the lower triangle of H is read; `factor` is working space.
    """
    if not _factorise(hessian, damping, factor):
        return False
    n = len(gradient)
    for i in range(n):
        value = gradient[i]
        for k in range(i):
            value -= factor[i, k] * step[k]
        step[i] = value / factor[i, i]
    for i in range(n - 1, -1, -1):
        step[i] /= factor[i, i]
        for k in range(i):
            step[k] -= factor[i, k] * step[i]
    return True


@compiled
def apply_step(body: BodyArrays, state: State, step: FloatArray, out: State) -> None:
    """Write the state after a step; the root stays before the camera."""
    turn = np.empty((3, 3))
    for j in range(len(body.parents)):
        column = body.column[j]
        if column < 0:
            out.rotations[j] = state.rotations[j]
            continue
        exp_so3(step[column : column + 3], turn)
        for r in range(3):
            for c in range(3):
                out.rotations[j, r, c] = (
                    state.rotations[j, r, 0] * turn[0, c]
                    + state.rotations[j, r, 1] * turn[1, c]
                    + state.rotations[j, r, 2] * turn[2, c]
                )
    root = body.unknowns
    for r in range(3):
        out.root_m[r] = state.root_m[r] + step[root + r]
        out.origin_m[r] = state.origin_m[r] + step[root + 3 + r]
    out.root_m[2] = max(out.root_m[2], NEAREST_ROOT_M)


@compiled
def _copy(source: State, target: State) -> None:
    target.rotations[:] = source.rotations
    target.root_m[:] = source.root_m
    target.origin_m[:] = source.origin_m


@compiled
def solve_frame(
    body: BodyArrays,
    prior: PriorArrays,
    seen: SeenArrays,
    pull: PullArrays,
    state: State,
    rounds: int,
    tolerance: float,
) -> tuple[float, int]:
    """Levenberg-Marquardt on one frame, in place; returns (cost, steps taken).

    A step is kept only if it lowers the cost; it ends when a step gains less than
    `tolerance` of the cost or after `rounds` steps.
    """
    n = body.unknowns + 6
    hessian, gradient = np.zeros((n, n)), np.zeros(n)
    trial_h, trial_g = np.zeros((n, n)), np.zeros(n)
    factor, step = np.zeros((n, n)), np.zeros(n)
    trial = State(np.empty_like(state.rotations), np.empty(3), np.empty(3))
    cost = assemble(body, prior, seen, pull, state, hessian, gradient)
    damping, taken = 1e-3, 0
    for _ in range(rounds):
        better, new = False, cost
        for _ in range(6):
            if solve_cholesky(hessian, damping, gradient, factor, step):
                apply_step(body, state, step, trial)
                new = assemble(body, prior, seen, pull, trial, trial_h, trial_g)
                if new < cost:
                    better = True
                    break
            damping *= 6.0
        if not better:
            break
        gain = cost - new
        _copy(trial, state)
        hessian, trial_h = trial_h, hessian
        gradient, trial_g = trial_g, gradient
        cost = new
        taken += 1
        damping = max(damping / 6.0, 1e-7)
        if gain < tolerance * cost:
            break
    return cost, taken
