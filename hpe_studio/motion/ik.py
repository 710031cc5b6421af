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

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.motion.kinematics import bone_offsets_m, forward_kinematics
from hpe_studio.motion.rotations import compose, rotvec_from_matrix

_PER_METRE = 1000.0
"""Pull of a held position: one unit of cost a millimetre, against one for a joint of
stiffness 1 turned by a radian. So soft joints leave errors of micrometres."""
_PER_RAD = 100.0
_PER_RAD_LIMIT = 20.0
_LONGEST_TURN_RAD = 0.6
_ENOUGH = 1e-7
_FORWARD = np.array([0.0, 0.0, 1.0])


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
    max_iterations: int = 24,
) -> Reached:
    """Bring effectors where they should be, everything else as little moved as can be.

    Bone lengths never change. What cannot be reached is approached. Limits that the
    given pose already breaks are widened to it, so that nothing jumps.

    Args:
        limb: Who is posed and what gives way.
        joints_rad: The pose to start from and to stay near, shape (joints, 3).
        root_m: Place of the root, shape (3,).
        effectors: What is asked.
        max_iterations: Steps at most.
    """
    solver = _Solver(limb, joints_rad, root_m, effectors)
    damping = 1e-3
    cost, normal, pull = solver.linearised()
    for _ in range(max_iterations):
        step = np.linalg.solve(
            normal + damping * np.diag(np.diag(normal) + 1e-3), -pull
        )
        before = solver.state
        solver.move(step)
        new_cost, new_normal, new_pull = solver.linearised()
        if new_cost < cost:
            gained = cost - new_cost
            cost, normal, pull = new_cost, new_normal, new_pull
            damping = max(damping * 0.2, 1e-7)
            if gained <= _ENOUGH * (1.0 + cost):
                break
        else:
            solver.state = before
            damping *= 8.0
            if damping > 1e6:
                break
    pose, root = solver.state
    places, _ = forward_kinematics(limb.parents, limb.rest_joints_m, pose, root)
    return Reached(joints_rad=pose, root_m=root, joints_m=places)


class _Solver:
    """One problem with its present state (pose, root)."""

    def __init__(
        self,
        limb: Limb,
        joints_rad: FloatArray,
        root_m: FloatArray,
        effectors: Sequence[Effector],
    ) -> None:
        self._limb = limb
        self._start = np.array(joints_rad, dtype=np.float64)
        self._start_root = np.array(root_m, dtype=np.float64)
        self.state = (self._start, self._start_root)
        self._effectors = effectors
        self._free = np.flatnonzero(np.isfinite(limb.stiffness))
        self._moves_root = bool(np.isfinite(limb.root_stiffness))
        self._above = _ancestors(limb.parents)[:, self._free]
        self._stiffness = limb.stiffness[self._free]
        start = self._start[self._free]
        self._lower = np.minimum(limb.lower_rad[self._free], start)
        self._upper = np.maximum(limb.upper_rad[self._free], start)
        self._size = 3 * len(self._free) + 3 * self._moves_root

    def move(self, step: FloatArray) -> None:
        """Turn the free joints about their own axes and move the root."""
        pose, root = self.state
        count = len(self._free)
        turns = step[: 3 * count].reshape(count, 3)
        longest = np.abs(turns).max(initial=0.0)
        if longest > _LONGEST_TURN_RAD:
            step = step * (_LONGEST_TURN_RAD / longest)
            turns = step[: 3 * count].reshape(count, 3)
        moved = pose.copy()
        moved[self._free] = compose(pose[self._free], turns)
        self.state = (moved, root + step[3 * count :] if self._moves_root else root)

    def linearised(self) -> tuple[float, FloatArray, FloatArray]:
        """Cost, J'J and J'r at the present state."""
        pose, root = self.state
        limb = self._limb
        places, turns = forward_kinematics(limb.parents, limb.rest_joints_m, pose, root)
        rows: list[FloatArray] = [np.empty((0, self._size))]
        misses: list[FloatArray] = [np.empty(0)]
        for effector in self._effectors:
            for row, miss in self._asked(effector, places, turns):
                rows.append(row)
                misses.append(miss)
        jacobian, residual = np.concatenate(rows), np.concatenate(misses)
        normal = jacobian.T @ jacobian
        pull = jacobian.T @ residual
        cost = float(residual @ residual) + self._add_posture(pose, normal, pull)
        if self._moves_root:
            stiff = limb.root_stiffness
            away = stiff * (root - self._start_root)
            cost += float(away @ away)
            pull[-3:] += stiff * away
            normal[-3:, -3:] += stiff * stiff * np.eye(3)
        return cost, normal, pull

    def _asked(
        self, effector: Effector, places: FloatArray, turns: FloatArray
    ) -> list[tuple[FloatArray, FloatArray]]:
        """Rows and residuals of one effector."""
        found: list[tuple[FloatArray, FloatArray]] = []
        joint = effector.joint
        if effector.place_m is not None:
            miss = places[joint] - effector.place_m
            length = float(np.linalg.norm(miss))
            spared = min(effector.tolerance_m, length)
            miss = miss * (1.0 - spared / length) if length else miss
            weighted = _PER_METRE * effector.weight[:, None] * effector.axes
            row = self._place_row(joint, places, turns)
            found.append((weighted @ row, weighted @ miss))
        if effector.turn is not None:
            miss = rotvec_from_matrix(turns[joint] @ effector.turn.T)
            found.append((_PER_RAD * self._turn_row(joint, turns), _PER_RAD * miss))
        if effector.aim_m is not None:
            found.append(self._aimed(effector, places, turns))
        return found

    def _aimed(
        self, effector: Effector, places: FloatArray, turns: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """The look at a point: its direction against the joint's +Z axis."""
        joint = effector.joint
        looks = turns[joint] @ _FORWARD
        assert effector.aim_m is not None
        wanted = effector.aim_m - places[joint]
        wanted = wanted / max(float(np.linalg.norm(wanted)), 1e-9)
        # d(looks) = w x looks = -[looks]x w
        row = -_skews(looks[None])[0] @ self._turn_row(joint, turns)
        return _PER_RAD * row, _PER_RAD * (looks - wanted)

    def _place_row(
        self, joint: int, places: FloatArray, turns: FloatArray
    ) -> FloatArray:
        """d(place of the joint) / d(turns of free joints about their own axes)."""
        arms = places[joint] - places[self._free]
        # w x arm with w = T e_i, for the three columns e_i of each free joint's axes.
        each = -np.einsum(
            "jkl,jil->jik", _skews(arms), turns[self._free].transpose(0, 2, 1)
        )
        each[~self._above[joint]] = 0.0
        each[self._free == joint] = 0.0
        return self._row(each, moves=1.0)

    def _turn_row(self, joint: int, turns: FloatArray) -> FloatArray:
        each = turns[self._free].transpose(0, 2, 1).copy()
        each[~self._above[joint]] = 0.0
        return self._row(each, moves=0.0)

    def _row(self, each: FloatArray, *, moves: float) -> FloatArray:
        """(free, 3 local axes, 3) to (3, unknowns)."""
        row = np.zeros((3, self._size))
        row[:, : 3 * len(self._free)] = each.reshape(-1, 3).T
        if self._moves_root:
            row[:, -3:] = moves * np.eye(3)
        return row

    def _add_posture(
        self, pose: FloatArray, normal: FloatArray, pull: FloatArray
    ) -> float:
        """The wish to stay as it was, and the limits; returns their cost."""
        now = pose[self._free]
        change = _right_jacobian_inverse(now)
        away = self._stiffness[:, None] * (now - self._start[self._free])
        over = now - np.clip(now, self._lower, self._upper)
        precise = np.square(self._stiffness)[:, None] + np.where(
            over != 0.0, _PER_RAD_LIMIT**2, 0.0
        )
        force = self._stiffness[:, None] * away + _PER_RAD_LIMIT**2 * over
        blocks = np.einsum("jki,jk,jkl->jil", change, precise, change)
        pulls = np.einsum("jki,jk->ji", change, force)
        for j, (block, one) in enumerate(zip(blocks, pulls, strict=True)):
            at = slice(3 * j, 3 * j + 3)
            normal[at, at] += block
            pull[at] += one
        return float(np.sum(away * away) + _PER_RAD_LIMIT**2 * np.sum(over * over))


def reach_m(limb: Limb, chain: Sequence[int]) -> float:
    """Length of a chain of joints from the first to the last, metres."""
    offsets = bone_offsets_m(limb.parents, limb.rest_joints_m)
    return float(np.linalg.norm(offsets[list(chain[1:])], axis=1).sum())


def _ancestors(parents: Sequence[int]) -> BoolArray:
    """[j, a] is True where a is j or stands above it."""
    above = np.eye(len(parents), dtype=np.bool_)
    for joint, parent in enumerate(parents):
        if parent >= 0:
            above[joint] |= above[parent]
    return above


def _skews(vectors: FloatArray) -> FloatArray:
    """Matrices [v]x with [v]x u = v x u, shape (n, 3) to (n, 3, 3)."""
    x, y, z = vectors.T
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(-1, 3, 3)


def _right_jacobian_inverse(rotvec_rad: FloatArray) -> FloatArray:
    """How rotation vectors change when their rotation turns about its own axes.

    Shape (n, 3) to (n, 3, 3): d(log(R exp(w))) / dw at w = 0.
    """
    angle = np.linalg.norm(rotvec_rad, axis=-1)
    safe = np.maximum(angle, 1e-6)
    half = 0.5 * safe
    # (1 - half cot(half)) / angle^2, whose limit is 1/12
    factor = np.where(angle < 1e-3, 1.0 / 12.0, (1.0 - half / np.tan(half)) / safe**2)
    skew = _skews(rotvec_rad)
    return np.eye(3) + 0.5 * skew + factor[:, None, None] * (skew @ skew)
