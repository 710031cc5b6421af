"""What effectors ask of a pose, compiled: how far each is off, how that changes."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.fitting_jit import compiled
from hpe_studio.motion.fitting_kernels import exp_so3, log_so3
from hpe_studio.motion.ik_arrays import AskedArrays, ChainArrays, Room


@compiled
def pose_into(
    chain: ChainArrays, pose: FloatArray, root_m: FloatArray, room: Room
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
def add_rows(
    room: Room,
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
def place_rows(chain: ChainArrays, asked: AskedArrays, e: int, room: Room) -> int:
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
def turn_rows(
    chain: ChainArrays, asked: AskedArrays, e: int, looks: bool, room: Room
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
def miss_of_place(asked: AskedArrays, e: int, room: Room, out: FloatArray) -> None:
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
def miss_of_turn(asked: AskedArrays, e: int, room: Room, out: FloatArray) -> None:
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
def miss_of_aim(asked: AskedArrays, e: int, room: Room, out: FloatArray) -> None:
    """Write the weighted difference of a look's direction from the wanted one."""
    joint = asked.joint[e]
    wanted = asked.aim_m[e] - room.places[joint]
    length = np.sqrt(wanted[0] ** 2 + wanted[1] ** 2 + wanted[2] ** 2)
    for r in range(3):
        direction = wanted[r] / max(length, 1e-9)
        out[r] = asked.turn_weight * (room.world[joint, r, 2] - direction)
