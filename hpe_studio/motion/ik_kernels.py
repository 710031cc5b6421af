"""The loop of the inverse kinematics, compiled: one pose, few effectors."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.fitting_jit import compiled
from hpe_studio.motion.fitting_kernels import exp_so3, log_so3
from hpe_studio.motion.fitting_solver import solve_cholesky
from hpe_studio.motion.ik_arrays import AskedArrays, ChainArrays, Room
from hpe_studio.motion.ik_beliefs import add_limits, add_posture
from hpe_studio.motion.ik_effectors import (
    add_rows,
    miss_of_aim,
    miss_of_place,
    miss_of_turn,
    place_rows,
    pose_into,
    turn_rows,
)

_LONGEST_TURN_RAD = 0.6
_ENOUGH = 1e-7
_LEAST_DAMPING, _MOST_DAMPING = 1e-9, 1e6


@compiled
def _linearise(
    chain: ChainArrays,
    asked: AskedArrays,
    pose: FloatArray,
    root_m: FloatArray,
    room: Room,
    normal: FloatArray,
    pull: FloatArray,
) -> float:
    """Write J'J (lower triangle) and J'r at a state; returns the cost."""
    normal[:] = 0.0
    pull[:] = 0.0
    pose_into(chain, pose, root_m, room)
    miss = np.empty(3)
    cost = add_posture(chain, pose, normal, pull)
    cost += add_limits(chain, pose, normal, pull)
    for e in range(len(asked.joint)):
        if asked.kinds[e, 0]:
            miss_of_place(asked, e, room, miss)
            count = place_rows(chain, asked, e, room)
            cost += add_rows(room, count, miss, normal, pull)
        if asked.kinds[e, 1]:
            miss_of_turn(asked, e, room, miss)
            count = turn_rows(chain, asked, e, False, room)
            cost += add_rows(room, count, miss, normal, pull)
        if asked.kinds[e, 2]:
            miss_of_aim(asked, e, room, miss)
            count = turn_rows(chain, asked, e, True, room)
            cost += add_rows(room, count, miss, normal, pull)
    if chain.moves_root:
        for r in range(3):
            away = chain.root_stiffness * (root_m[r] - chain.start_root_m[r])
            cost += away * away
            at = chain.unknowns - 3 + r
            pull[at] += chain.root_stiffness * away
            normal[at, at] += chain.root_stiffness**2
    return cost


@compiled
def _moved(
    chain: ChainArrays,
    pose: FloatArray,
    root_m: FloatArray,
    step: FloatArray,
    out_pose: FloatArray,
    out_root_m: FloatArray,
) -> None:
    """Write the state after a step, which is shortened where it turns too far."""
    joints = chain.unknowns - (3 if chain.moves_root else 0)
    longest = 0.0
    for i in range(joints):
        longest = max(longest, abs(step[i]))
    share = 1.0 if longest <= _LONGEST_TURN_RAD else _LONGEST_TURN_RAD / longest
    now, turn, both = np.empty((3, 3)), np.empty((3, 3)), np.empty((3, 3))
    for j in range(len(chain.parents)):
        at = chain.column[j]
        out_pose[j] = pose[j]
        if at < 0:
            continue
        exp_so3(pose[j], now)
        exp_so3(share * step[at : at + 3], turn)
        for r in range(3):
            for c in range(3):
                both[r, c] = (
                    now[r, 0] * turn[0, c]
                    + now[r, 1] * turn[1, c]
                    + now[r, 2] * turn[2, c]
                )
        log_so3(both, out_pose[j])
    out_root_m[:] = root_m
    if chain.moves_root:
        for r in range(3):
            out_root_m[r] += share * step[joints + r]


@compiled
def solve_pose(
    chain: ChainArrays,
    asked: AskedArrays,
    pose: FloatArray,
    root_m: FloatArray,
    rounds: int,
) -> int:
    """Levenberg-Marquardt on a pose, shape (joints, 3), and its root, in place.

    A step is kept only if it lowers the cost; it ends when a step gains next to
    nothing or after `rounds` steps. Returns how many were tried.
    """
    n, count = chain.unknowns, len(chain.parents)
    room = Room(
        np.empty((count, 3, 3)),
        np.empty((count, 3)),
        np.empty((3, n)),
        np.empty(n, np.int64),
        np.empty((3, 3)),
    )
    normal, pull = np.zeros((n, n)), np.zeros(n)
    new_normal, new_pull = np.zeros((n, n)), np.zeros(n)
    factor, step = np.zeros((n, n)), np.zeros(n)
    new_pose, new_root = np.empty_like(pose), np.empty(3)
    cost = _linearise(chain, asked, pose, root_m, room, normal, pull)
    damping, tried = 1e-3, 0
    while tried < rounds and damping <= _MOST_DAMPING:
        tried += 1
        if not solve_cholesky(normal, damping, pull, factor, step):
            damping *= 8.0
            continue
        step *= -1.0
        _moved(chain, pose, root_m, step, new_pose, new_root)
        new = _linearise(chain, asked, new_pose, new_root, room, new_normal, new_pull)
        if not new < cost:
            damping *= 8.0
            continue
        gained = cost - new
        pose[:] = new_pose
        root_m[:] = new_root
        normal, new_normal = new_normal, normal
        pull, new_pull = new_pull, pull
        cost = new
        damping = max(damping * 0.2, _LEAST_DAMPING)
        if gained <= _ENOUGH * (1.0 + cost):
            break
    return tried
