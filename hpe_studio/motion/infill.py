"""Fills rotations nobody has seen from both sides and from what the person does else.

Three guesses are joined: the smoothest way between the two sides of a gap; what this
person (or their mirror image) does with the same limb at other times while the rest of
the body moves alike; and how joints usually stand. How far the second is trusted is
found by filling gaps of the same length where the truth is known.

Source: the smooth way is the spec's confidence-weighted solve (5.5) with weight 1 on
first and 10 on second differences in the tangent space of the last known rotation;
the second guess is nearest-neighbour retrieval as in motion texturing (Pullen and
Bregler 2002, "Motion capture assisted animation").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.skeleton import Skeleton
from hpe_studio.motion.rotations import (
    compose,
    geodesic_rad,
    inverse,
    matrix_from_rotvec,
    mean_rotation,
    slerp,
)

_FIRST_DIFFERENCE, _SECOND_DIFFERENCE = 1.0, 10.0
_NEIGHBOURS = 8
_LEAST_EXAMPLES = 20
_AROUND_S = 0.13
_KEEP_OFF = 4
_TRIALS = 6
_MIRROR = np.array([1.0, -1.0, -1.0])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Filled:
    """A filled gap.

    Attributes:
        joints_rad: Rotations of the joints asked for, shape (rows, joints, 3).
        repeated: How far the person's own repeated motion was trusted, 0 to 1.
    """

    joints_rad: FloatArray
    repeated: float


def fill_rotations(
    joints_rad: FloatArray,
    is_known: BoolArray,
    *,
    rows: slice,
    joints: Sequence[int],
    bones: Skeleton,
    fps: float,
) -> Filled:
    """Rotations of some joints over a range in which they are not known.

    Args:
        joints_rad: Rotation vectors, shape (frames, joints, 3).
        is_known: What of them is to be believed, shape (frames, joints).
        rows: The range to fill.
        joints: The joints to fill, usually a limb's.
        bones: The skeleton.
        fps: Frame rate.

    Returns:
        Rotations that go over into what is known at both ends. With one side known
        they start or end there; with none they are the first guess of rest (zeros).
    """
    limb = np.array(sorted(joints))
    inside: IntArray = np.arange(int(rows.start), int(rows.stop))
    usable = _all(is_known[:, limb])
    usable[rows] = False
    smooth = smooth_way(joints_rad[:, limb], usable, inside)
    memory = _Memory(joints_rad, is_known, limb=limb, bones=bones, fps=fps)
    if memory.example_count < _LEAST_EXAMPLES or not usable.any():
        return Filled(joints_rad=smooth, repeated=0.0)
    trust = _trust(memory, joints_rad[:, limb], usable, len(inside))
    repeated = memory.recalled(inside, usable)
    if trust <= 0.0 or repeated is None:
        return Filled(joints_rad=smooth, repeated=0.0)
    return Filled(joints_rad=slerp(smooth, repeated, trust), repeated=trust)


def smooth_way(limb_rad: FloatArray, usable: BoolArray, rows: IntArray) -> FloatArray:
    """The way of least first and second differences through a gap, (rows, limb, 3)."""
    before, after = _sides(usable, rows)
    if before is None and after is None:
        return np.zeros((len(rows), *limb_rad.shape[1:]))
    anchor = limb_rad[before if before is not None else after]
    known = _beside(usable, rows)
    place = np.array([*known, *rows.tolist()])
    order = np.argsort(place)
    values = compose(inverse(anchor), limb_rad[known]).reshape(len(known), -1)
    inner = _least_differences(place[order], order < len(known), values)
    steps = inner.reshape(len(rows), *limb_rad.shape[1:])
    return compose(np.broadcast_to(anchor, steps.shape), steps)


def smooth_line(places: FloatArray, usable: BoolArray, rows: IntArray) -> FloatArray:
    """The same way for places, shape (rows, 3); beyond what is usable it comes to rest.

    Args:
        places: Shape (frames, 3).
        usable: Frames that are known, at least one, shape (frames,).
        rows: The gap, consecutive.
    """
    known = _beside(usable, rows)
    place = np.array([*known, *rows.tolist()])
    order = np.argsort(place)
    return _least_differences(place[order], order < len(known), places[known])


def _sides(usable: BoolArray, rows: IntArray) -> tuple[int | None, int | None]:
    """The nearest usable rows before and after a range."""
    left = np.flatnonzero(usable[: rows[0]])
    right = np.flatnonzero(usable[rows[-1] + 1 :])
    return (
        int(left[-1]) if len(left) else None,
        int(right[0]) + int(rows[-1]) + 1 if len(right) else None,
    )


def _beside(usable: BoolArray, rows: IntArray) -> list[int]:
    """Up to two usable rows on each side, in order: place and speed."""
    before, after = _sides(usable, rows)
    found: list[int] = []
    if before is not None:
        found += [before - 1] if before > 0 and usable[before - 1] else []
        found.append(before)
    if after is not None:
        found.append(after)
        is_next = after + 1 < len(usable) and usable[after + 1]
        found += [after + 1] if is_next else []
    return found


def _least_differences(
    place: IntArray, is_given: BoolArray, values: FloatArray
) -> FloatArray:
    """Unknown rows that make first and second differences least, (unknown, columns)."""
    count = len(place)
    first = np.diff(np.eye(count), axis=0) / np.sqrt(np.diff(place))[:, None]
    second = np.diff(np.eye(count), 2, axis=0)
    energy = _FIRST_DIFFERENCE * first.T @ first
    energy += _SECOND_DIFFERENCE * second.T @ second
    free = ~is_given
    pull = energy[np.ix_(free, is_given)] @ values
    return np.linalg.solve(energy[np.ix_(free, free)], -pull)


def _trust(
    memory: _Memory, limb_rad: FloatArray, usable: BoolArray, length: int
) -> float:
    """How much better repeated motion fills known gaps of the same length, 0 to 1."""
    starts = _trial_starts(usable, length)
    errors = np.zeros(2)
    for start in starts.tolist():
        rows: IntArray = np.arange(int(start), int(start) + length)
        hidden = usable.copy()
        hidden[rows] = False
        recalled = memory.recalled(rows, hidden)
        if recalled is None:
            return 0.0
        smooth = smooth_way(limb_rad, hidden, rows)
        for which, guess in enumerate((smooth, recalled)):
            errors[which] += np.square(geodesic_rad(guess, limb_rad[rows])).mean()
    if not len(starts) or errors.sum() <= 0:
        return 0.0
    grave = errors**1.5
    return float(grave[0] / grave.sum())


def _trial_starts(usable: BoolArray, length: int) -> IntArray:
    """Where gaps of that length can be tried, spread over what is known."""
    whole = np.convolve(usable, np.ones(length + 2, int), "valid") == length + 2
    starts: IntArray = np.flatnonzero(whole) + 1
    if len(starts) <= _TRIALS:
        return starts
    return starts[np.linspace(0, len(starts) - 1, _TRIALS).astype(int)]


class _Memory:
    """What a limb did while the rest of the body moved in a certain way.

    Examples are all frames on which the limb is known, and the mirror images of those
    on which the limb of the other side is.
    """

    def __init__(
        self,
        joints_rad: FloatArray,
        is_known: BoolArray,
        *,
        limb: IntArray,
        bones: Skeleton,
        fps: float,
    ) -> None:
        mirror = np.array(bones.mirror_permutation())
        self._limb_rad = joints_rad[:, limb]
        mirrored = joints_rad[:, mirror] * _MIRROR
        self._mirrored_rad = mirrored[:, limb]
        reach = max(round(_AROUND_S * fps), 1)
        rest = self._trusted_rest(is_known, limb)
        self._cues = _cues(joints_rad, rest, reach)
        self._mirrored_cues = _cues(mirrored, rest, reach)
        self._has_cue = _all(is_known[:, rest]) & _all(np.isfinite(self._cues))
        other_known = is_known[:, mirror]
        self._mirrored_usable = (
            _all(other_known[:, limb])
            & _all(other_known[:, rest])
            & _all(np.isfinite(self._mirrored_cues))
        )
        if set(mirror[limb].tolist()) == set(limb.tolist()):
            self._mirrored_usable &= _all(is_known[:, limb])
        self.example_count = int((self._has_cue & _all(is_known[:, limb])).sum())

    @staticmethod
    def _trusted_rest(is_known: BoolArray, limb: IntArray) -> IntArray:
        """Joints beside the limb that are known on nine frames of ten."""
        often = np.asarray(is_known.mean(0) > 0.9)
        often[limb] = False
        often[0] = True
        return np.flatnonzero(often)

    def recalled(self, rows: IntArray, usable: BoolArray) -> FloatArray | None:
        """The limb over a range by repeated motion, fitted to both sides, or None.

        Args:
            rows: The range.
            usable: Frames whose limb may be looked at, shape (frames,); near the range
                they are left out, so that its sides tell how far memory is off.
        """
        if not self._has_cue[rows].all():
            return None
        allowed = usable & self._has_cue
        near = slice(max(rows[0] - _KEEP_OFF, 0), rows[-1] + _KEEP_OFF + 1)
        allowed[near] = False
        mirrored = self._mirrored_usable.copy()
        mirrored[near] = False
        if allowed.sum() < _LEAST_EXAMPLES:
            return None
        cues = np.concatenate([self._cues[allowed], self._mirrored_cues[mirrored]])
        limbs = np.concatenate([self._limb_rad[allowed], self._mirrored_rad[mirrored]])
        before, after = _sides(usable, rows)
        sides = [r for r in (before, after) if r is not None and self._has_cue[r]]
        asked = np.array([*rows.tolist(), *sides])
        guess = _nearest_mean(self._cues[asked], cues, limbs)
        return self._fitted(guess, rows, sides)

    def _fitted(
        self, guess: FloatArray, rows: IntArray, sides: list[int]
    ) -> FloatArray:
        """The guess turned so that it meets what is known at the sides."""
        inner = guess[: len(rows)]
        if not sides:
            return inner
        off = compose(self._limb_rad[sides], inverse(guess[len(rows) :]))
        if len(sides) == 1:
            fade = np.exp(-np.abs(rows - sides[0]) / max(len(rows) / 2, 1))
            return compose(fade[:, None, None] * off[0], inner)
        share = (rows - sides[0]) / (sides[1] - sides[0])
        turn = slerp(
            np.broadcast_to(off[0], inner.shape),
            np.broadcast_to(off[1], inner.shape),
            share[:, None],
        )
        return compose(turn, inner)


def _all(values: BoolArray) -> BoolArray:
    """Rows of which every column is true, shape (rows,)."""
    return np.logical_and.reduce(values, axis=1)


def _cues(joints_rad: FloatArray, rest: IntArray, reach: int) -> FloatArray:
    """How the rest of the body stands and moves, shape (frames, cues).

    Rotations as matrices (no jumps at half a turn); of the root only how it leans,
    not where it faces; now, and somewhat before and after.
    """
    local = matrix_from_rotvec(joints_rad[:, rest])
    lean = local[:, rest == 0][:, 0, 1]
    inner = local[:, rest != 0][..., :2].reshape(len(local), -1)
    now = np.concatenate([inner, lean], axis=1)
    last = len(now) - 1
    at = np.arange(len(now))
    before, after = now[np.maximum(at - reach, 0)], now[np.minimum(at + reach, last)]
    return np.concatenate([now, before, after], axis=1)


def _nearest_mean(
    asked: FloatArray, cues: FloatArray, limbs_rad: FloatArray
) -> FloatArray:
    """Rotations of the nearest examples, averaged with weights that fade with distance.

    Args:
        asked: Shape (rows, cues).
        cues: Of the examples, shape (examples, cues).
        limbs_rad: Their rotations, shape (examples, joints, 3).
    """
    square = (
        np.square(asked).sum(1)[:, None]
        + np.square(cues).sum(1)[None]
        - 2.0 * asked @ cues.T
    )
    square = np.maximum(square, 0.0)
    count = min(_NEIGHBOURS, len(cues))
    nearest = np.argpartition(square, count - 1, axis=1)[:, :count]
    away = np.take_along_axis(square, nearest, axis=1)
    width = np.maximum(np.median(away, axis=1, keepdims=True), 1e-12)
    weight = np.exp(-0.5 * away / width)
    picked = limbs_rad[nearest].swapaxes(1, 2)
    return mean_rotation(picked, np.broadcast_to(weight[:, None], picked.shape[:-1]))
