"""The loop of the inverse kinematics, compiled: one pose, few effectors."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.motion.fitting_jit import compiled
from hpe_studio.motion.fitting_kernels import (
    exp_so3,
    inverse_right_jacobian,
    log_so3,
)
from hpe_studio.motion.fitting_solver import solve_cholesky

_LONGEST_TURN_RAD = 0.6
_ENOUGH = 1e-7
_LEAST_DAMPING, _MOST_DAMPING = 1e-9, 1e6


class ChainArrays(NamedTuple):
    """Who is posed, from where, and how willingly.

    Attributes:
        parents: Shape (joints,), int64, -1 for the root.
        offsets_m: Each joint seen from its parent at rest, shape (joints, 3).
        column: First unknown of each joint, -1 where it stays, shape (joints,).
        stiffness: Shape (joints,); not read where a joint stays.
        root_stiffness: Per metre; the root has the last three unknowns.
        moves_root: Whether the root moves.
        lower_rad, upper_rad: Limits, shape (joints, 3).
        start_turns: The pose to stay near, shape (joints, 3, 3), in parents' axes.
        start_root_m: Its root, shape (3,).
        limit_weight: Pull back from a limit, per radian.
        unknowns: How many.
    """

    parents: IntArray
    offsets_m: FloatArray
    column: IntArray
    stiffness: FloatArray
    root_stiffness: float
    moves_root: bool
    lower_rad: FloatArray
    upper_rad: FloatArray
    start_turns: FloatArray
    start_root_m: FloatArray
    limit_weight: float
    unknowns: int


class AskedArrays(NamedTuple):
    """What joints are asked, a row per effector.

    Attributes:
        joint: Shape (effectors,).
        kinds: Whether place, turn and aim are asked, shape (effectors, 3).
        place_m: Wanted places, shape (effectors, 3).
        pull: Axes times weights, shape (effectors, 3, 3): what a miss costs.
        tolerance_m: Shape (effectors,).
        turn: Wanted world rotations, shape (effectors, 3, 3).
        aim_m: Points to look at, shape (effectors, 3).
        turn_weight: What a turn or a look that is off costs, per radian.
    """

    joint: IntArray
    kinds: BoolArray
    place_m: FloatArray
    pull: FloatArray
    tolerance_m: FloatArray
    turn: FloatArray
    aim_m: FloatArray
    turn_weight: float


class _Room(NamedTuple):
    """Working space: world rotations, places, rows of an effector, its columns."""

    world: FloatArray
    places: FloatArray
    rows: FloatArray
    columns: IntArray
    small: FloatArray


@compiled
def _pose(
    chain: ChainArrays, pose: FloatArray, root_m: FloatArray, room: _Room
) -> None:
    """Write world rotations and places."""
    local = room.small
    for j in range(len(chain.parents)):
        exp_so3(pose[j], local)
        p = chain.parents[j]
        if p < 0:
            room.world[j] = local
            room.places[j] = root_m
            continue
        for r in range(3):
            room.places[j, r] = room.places[p, r]
            for c in range(3):
                room.places[j, r] += room.world[p, r, c] * chain.offsets_m[j, c]
                room.world[j, r, c] = (
                    room.world[p, r, 0] * local[0, c]
                    + room.world[p, r, 1] * local[1, c]
                    + room.world[p, r, 2] * local[2, c]
                )


@compiled
def _add_rows(
    room: _Room,
    count: int,
    residual: FloatArray,
    normal: FloatArray,
    pull: FloatArray,
) -> float:
    """Add J'J (lower triangle), J'r of three rows; returns their cost."""
    for a in range(count):
        ca = room.columns[a]
        for r in range(3):
            pull[ca] += room.rows[r, a] * residual[r]
        for b in range(count):
            cb = room.columns[b]
            if cb <= ca:
                for r in range(3):
                    normal[ca, cb] += room.rows[r, a] * room.rows[r, b]
    return residual[0] ** 2 + residual[1] ** 2 + residual[2] ** 2


@compiled
def _place_rows(chain: ChainArrays, asked: AskedArrays, e: int, room: _Room) -> int:
    """Write d(pull place) / d(turns and root); returns the number of columns."""
    joint, count = asked.joint[e], 0
    weights = asked.pull[e]
    above = chain.parents[joint]
    while above >= 0:
        column = chain.column[above]
        if column >= 0:
            x = room.places[joint, 0] - room.places[above, 0]
            y = room.places[joint, 1] - room.places[above, 1]
            z = room.places[joint, 2] - room.places[above, 2]
            for i in range(3):
                u = room.world[above, 0, i]
                v = room.world[above, 1, i]
                w = room.world[above, 2, i]
                dx, dy, dz = v * z - w * y, w * x - u * z, u * y - v * x
                for r in range(3):
                    room.rows[r, count] = (
                        weights[r, 0] * dx + weights[r, 1] * dy + weights[r, 2] * dz
                    )
                room.columns[count] = column + i
                count += 1
        above = chain.parents[above]
    if chain.moves_root:
        for i in range(3):
            for r in range(3):
                room.rows[r, count] = weights[r, i]
            room.columns[count] = chain.unknowns - 3 + i
            count += 1
    return count


@compiled
def _turn_rows(
    chain: ChainArrays, asked: AskedArrays, e: int, looks: bool, room: _Room
) -> int:
    """Write d(turn) or, for a look, d(+Z axis); returns the number of columns."""
    joint, count = asked.joint[e], 0
    x, y, z = room.world[joint, 0, 2], room.world[joint, 1, 2], room.world[joint, 2, 2]
    above = joint
    while above >= 0:
        column = chain.column[above]
        if column >= 0:
            for i in range(3):
                u = asked.turn_weight * room.world[above, 0, i]
                v = asked.turn_weight * room.world[above, 1, i]
                w = asked.turn_weight * room.world[above, 2, i]
                if looks:
                    u, v, w = v * z - w * y, w * x - u * z, u * y - v * x
                room.rows[0, count] = u
                room.rows[1, count] = v
                room.rows[2, count] = w
                room.columns[count] = column + i
                count += 1
        above = chain.parents[above]
    return count


@compiled
def _miss_of_place(asked: AskedArrays, e: int, room: _Room, out: FloatArray) -> None:
    """Write the weighted miss of a place, less its tolerance."""
    miss = room.places[asked.joint[e]] - asked.place_m[e]
    length = np.sqrt(miss[0] ** 2 + miss[1] ** 2 + miss[2] ** 2)
    if length > 0.0:
        miss *= 1.0 - min(asked.tolerance_m[e], length) / length
    for r in range(3):
        out[r] = 0.0
        for c in range(3):
            out[r] += asked.pull[e, r, c] * miss[c]


@compiled
def _miss_of_turn(asked: AskedArrays, e: int, room: _Room, out: FloatArray) -> None:
    """Write the weighted turn that is too much."""
    world, off = room.world[asked.joint[e]], room.small
    for r in range(3):
        for c in range(3):
            off[r, c] = 0.0
            for k in range(3):
                off[r, c] += world[r, k] * asked.turn[e, c, k]
    log_so3(off, out)
    for r in range(3):
        out[r] *= asked.turn_weight


@compiled
def _miss_of_aim(asked: AskedArrays, e: int, room: _Room, out: FloatArray) -> None:
    """Write the weighted difference of a look's direction from the wanted one."""
    joint = asked.joint[e]
    wanted = asked.aim_m[e] - room.places[joint]
    length = np.sqrt(wanted[0] ** 2 + wanted[1] ** 2 + wanted[2] ** 2)
    for r in range(3):
        direction = wanted[r] / max(length, 1e-9)
        out[r] = asked.turn_weight * (room.world[joint, r, 2] - direction)


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
def _add_posture(
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
def _add_limits(
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


@compiled
def _linearise(
    chain: ChainArrays,
    asked: AskedArrays,
    pose: FloatArray,
    root_m: FloatArray,
    room: _Room,
    normal: FloatArray,
    pull: FloatArray,
) -> float:
    """Write J'J (lower triangle) and J'r at a state; returns the cost."""
    normal[:] = 0.0
    pull[:] = 0.0
    _pose(chain, pose, root_m, room)
    miss = np.empty(3)
    cost = _add_posture(chain, pose, normal, pull)
    cost += _add_limits(chain, pose, normal, pull)
    for e in range(len(asked.joint)):
        if asked.kinds[e, 0]:
            _miss_of_place(asked, e, room, miss)
            count = _place_rows(chain, asked, e, room)
            cost += _add_rows(room, count, miss, normal, pull)
        if asked.kinds[e, 1]:
            _miss_of_turn(asked, e, room, miss)
            count = _turn_rows(chain, asked, e, False, room)
            cost += _add_rows(room, count, miss, normal, pull)
        if asked.kinds[e, 2]:
            _miss_of_aim(asked, e, room, miss)
            count = _turn_rows(chain, asked, e, True, room)
            cost += _add_rows(room, count, miss, normal, pull)
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
    room = _Room(
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
