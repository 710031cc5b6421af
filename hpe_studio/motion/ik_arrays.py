"""What the loops of the inverse kinematics are given, as plain arrays."""

from __future__ import annotations

from typing import NamedTuple

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray


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


class Room(NamedTuple):
    """Working space: world rotations, places, rows of an effector, its columns."""

    world: FloatArray
    places: FloatArray
    rows: FloatArray
    columns: IntArray
    small: FloatArray
