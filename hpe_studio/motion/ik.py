"""Inverse kinematics of a whole body: few joints are held, the rest gives way gently.

A damped least-squares solver over the joints' rotations (and the root's place) with the
effectors of SMPL-IK (Voleti et al., arXiv 2208.08274): position, orientation, look-at,
each with a tolerance. Where that work learns how a body gives way, here every joint has
a stiffness about the pose it started in, and soft limits (`motion.prior`).

Source of the Jacobian: a rotation w of joint k about world axes moves a joint J below
it by w x (J - k) (spec 5.6); rotation vectors change by the inverse right Jacobian of
SO(3) (Chirikjian, Stochastic Models on Lie Groups 2, 10.86).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.ik_arrays import AskedArrays, ChainArrays
from hpe_studio.motion.kinematics import bone_offsets_m, forward_kinematics
from hpe_studio.motion.rotations import matrix_from_rotvec

_PER_METRE = 1000.0
"""Pull of a held position: one unit of cost a millimetre, against one for a joint of
stiffness 1 turned by a radian. So soft joints leave errors of micrometres."""
_PER_RAD = 100.0
_PER_RAD_LIMIT = 20.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Effector:
    """What one joint is asked to do.

    Attributes:
        joint: Its index.
        place_m: Where it should be in the scene, shape (3,), or None.
        axes: Orthonormal rows along which `weight` counts, shape (3, 3).
        weight: How much a miss along each row counts, shape (3,); 1 is firm, and
            0.05 lets it slide (depth, when only the picture is known).
        turn: Wanted world rotation, shape (3, 3), or None.
        aim_m: Point its +Z axis should look at, shape (3,), or None.
        tolerance_m: Misses of place up to this are as good as none.
    """

    joint: int
    place_m: FloatArray | None = None
    axes: FloatArray = field(default_factory=lambda: np.eye(3))
    weight: FloatArray = field(default_factory=lambda: np.ones(3))
    turn: FloatArray | None = None
    aim_m: FloatArray | None = None
    tolerance_m: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Limb:
    """The body that is posed.

    Attributes:
        parents: Parent of each joint, -1 for the root.
        rest_joints_m: Rest joints, shape (joints, 3), scale applied.
        stiffness: How little a joint likes to turn, shape (joints,); inf stays put.
        root_stiffness: How little the root likes to move, per metre; inf stays put.
        lower_rad: Limits of rotation vectors, shape (joints, 3); -inf for none.
        upper_rad: The same at the other end.
    """

    parents: tuple[int, ...]
    rest_joints_m: FloatArray
    stiffness: FloatArray
    root_stiffness: float
    lower_rad: FloatArray
    upper_rad: FloatArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Reached:
    """A solved pose.

    Attributes:
        joints_rad: Parent-space rotation vectors, shape (joints, 3). Joints that stay
            put are those given, to the bit.
        root_m: Place of the root, shape (3,).
        joints_m: Places of all joints, shape (joints, 3).
    """

    joints_rad: FloatArray
    root_m: FloatArray
    joints_m: FloatArray


def solve(
    limb: Limb,
    joints_rad: FloatArray,
    root_m: FloatArray,
    effectors: Sequence[Effector],
    *,
    begin_rad: FloatArray | None = None,
    max_iterations: int = 80,
) -> Reached:
    """Bring effectors where they should be, everything else as little moved as can be.

    Bone lengths never change. What cannot be reached is approached. Limits that the
    given pose already breaks are widened to it, so that nothing jumps.

    Args:
        limb: Who is posed and what gives way.
        joints_rad: The pose to stay near, shape (joints, 3).
        root_m: Place of the root, shape (3,).
        effectors: What is asked.
        begin_rad: Another pose to begin the search in, shape (joints, 3): a straight
            arm does not know which way to bend.
        max_iterations: Steps at most.
    """
    from hpe_studio.motion.ik_kernels import solve_pose

    start = np.array(joints_rad, dtype=np.float64)
    start_root = np.array(root_m, dtype=np.float64)
    pose, root = start.copy(), start_root.copy()
    chain = _chain(limb, start, start_root)
    if begin_rad is not None:
        free = chain.column >= 0
        pose[free] = begin_rad[free]
    if chain.unknowns and effectors:
        solve_pose(chain, _asked(effectors), pose, root, max_iterations)
    places, _ = forward_kinematics(limb.parents, limb.rest_joints_m, pose, root)
    return Reached(joints_rad=pose, root_m=root, joints_m=places)


def warm_up() -> None:
    """Compile the solver, which takes a while the first time on a machine."""
    limb = Limb(
        parents=(-1, 0),
        rest_joints_m=np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        stiffness=np.ones(2),
        root_stiffness=1.0,
        lower_rad=np.full((2, 3), -np.inf),
        upper_rad=np.full((2, 3), np.inf),
    )
    solve(limb, np.zeros((2, 3)), np.zeros(3), [Effector(joint=1, place_m=np.ones(3))])


def _chain(limb: Limb, start_rad: FloatArray, start_root_m: FloatArray) -> ChainArrays:
    free = np.isfinite(limb.stiffness)
    moves_root = bool(np.isfinite(limb.root_stiffness))
    column = np.where(free, 3 * (np.cumsum(free) - 1), -1)
    return ChainArrays(
        parents=np.asarray(limb.parents, np.int64),
        offsets_m=bone_offsets_m(limb.parents, limb.rest_joints_m),
        column=column.astype(np.int64),
        stiffness=np.asarray(limb.stiffness, np.float64),
        root_stiffness=float(limb.root_stiffness) if moves_root else 0.0,
        moves_root=moves_root,
        lower_rad=np.minimum(limb.lower_rad, start_rad),
        upper_rad=np.maximum(limb.upper_rad, start_rad),
        start_turns=matrix_from_rotvec(start_rad),
        start_root_m=start_root_m,
        limit_weight=_PER_RAD_LIMIT,
        unknowns=3 * int(free.sum()) + 3 * moves_root,
    )


def _asked(effectors: Sequence[Effector]) -> AskedArrays:
    nowhere, untold = np.zeros(3), np.eye(3)
    kinds = [
        (e.place_m is not None, e.turn is not None, e.aim_m is not None)
        for e in effectors
    ]
    pull = [_PER_METRE * e.weight[:, None] * e.axes for e in effectors]
    return AskedArrays(
        joint=np.array([e.joint for e in effectors], np.int64),
        kinds=np.array(kinds, np.bool_),
        place_m=_rows([nowhere if e.place_m is None else e.place_m for e in effectors]),
        pull=_rows(pull),
        tolerance_m=np.array([e.tolerance_m for e in effectors], np.float64),
        turn=_rows([untold if e.turn is None else e.turn for e in effectors]),
        aim_m=_rows([nowhere if e.aim_m is None else e.aim_m for e in effectors]),
        turn_weight=_PER_RAD,
    )


def _rows(values: Sequence[FloatArray]) -> FloatArray:
    return np.ascontiguousarray(np.stack(values), dtype=np.float64)
