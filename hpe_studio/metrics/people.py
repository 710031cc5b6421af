"""Everybody's joints over a run of frames, as one array: what metrics are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray

MID_HIP = "mid_hip"
_MIDDLES = {
    MID_HIP: ("left_hip", "right_hip"),
    "hips": ("left_hip", "right_hip"),
}
"""Roots that stand amid two others where they are missing."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class People:
    """People over frames, all with the same joints.

    Attributes:
        names: One per person.
        joints: Names of the joints, in the words of the shipped landmark sets.
        points_m: Shape (frames, people, joints, 3), metres; NaN where missing.
        points_px: The same in the picture, (frames, people, joints, 2), or None where
            no camera is known.
        confidence: Shape (frames, people, joints), or None where nothing is said.
        scores: How sure each person is, (frames, people), or None.
    """

    names: tuple[str, ...]
    joints: tuple[str, ...]
    points_m: FloatArray
    points_px: FloatArray | None = None
    confidence: FloatArray | None = None
    scores: FloatArray | None = None

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.points_m)

    def on_frames(self, rows: IntArray) -> People:
        """The same people on some rows, shape (rows,)."""
        if len(rows) == self.frame_count and (np.diff(rows) == 1).all():
            return self
        return replace(
            self,
            points_m=self.points_m[rows],
            points_px=None if self.points_px is None else self.points_px[rows],
            confidence=None if self.confidence is None else self.confidence[rows],
            scores=None if self.scores is None else self.scores[rows],
        )

    def of_joints(self, names: Sequence[str]) -> People:
        """The same people with the joints asked for; NaN where a joint is unknown.

        Nothing stands in for a joint that is missing; only a root may (`point_m`).
        """
        return replace(
            self,
            joints=tuple(names),
            points_m=_picked(self.points_m, self.joints, names),
            points_px=None
            if self.points_px is None
            else _picked(self.points_px, self.joints, names),
            confidence=None
            if self.confidence is None
            else _picked(self.confidence[..., None], self.joints, names)[..., 0],
        )

    def point_m(self, name: str) -> FloatArray:
        """One joint or the middle of two, shape (frames, people, 3).

        `MID_HIP` is amid the hips where it is not known itself.
        """
        return point_named(self.points_m, self.joints, name)


def is_known(points: FloatArray) -> BoolArray:
    """Which points are known, (..., points, d) to (..., points)."""
    return np.asarray(np.isfinite(points).all(-1))


def has_any(points: FloatArray) -> BoolArray:
    """Who has any point that is known, (..., points, d) to (...)."""
    return np.asarray(is_known(points).any(-1))


def point_named(points: FloatArray, names: Sequence[str], name: str) -> FloatArray:
    """A point, or the middle that stands for it where it is missing, (..., d).

    Args:
        points: Shape (..., points, d).
        names: Their names.
        name: Which; "hips" is always the middle of both hips.
    """
    place = {known: i for i, known in enumerate(names)}
    found = np.full((*points.shape[:-2], points.shape[-1]), np.nan)
    if name in place:
        found = points[..., place[name], :]
    pair = _MIDDLES.get(name, ())
    if len(pair) == 2 and all(one in place for one in pair):
        middle = (points[..., place[pair[0]], :] + points[..., place[pair[1]], :]) / 2
        is_there = np.isfinite(found).all(-1, keepdims=True)
        found = np.where(is_there, found, middle)
    return found


def _picked(
    values: FloatArray, names: Sequence[str], wanted: Sequence[str]
) -> FloatArray:
    """Columns by name, (..., wanted, d); NaN where there is no such joint."""
    place = {known: i for i, known in enumerate(names)}
    out = np.full((*values.shape[:-2], len(wanted), values.shape[-1]), np.nan)
    for column, name in enumerate(wanted):
        if name in place:
            out[..., column, :] = values[..., place[name], :]
    return out
