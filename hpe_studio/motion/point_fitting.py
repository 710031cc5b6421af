"""A body that follows 3D points: ground truth, triangulated people, keypoint files.

One shape per person over all frames, then pose and place of every frame by damped
least squares from the frame before, then a second look between both neighbours. What
no point speaks of follows the pose prior; missing points pull nowhere.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.jobs import Progress, scaled
from hpe_studio.core.jointmodel import JointModel, Landmarks, fit_length
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from hpe_studio.motion.rotations import rotvec_from_matrix

if TYPE_CHECKING:
    from hpe_studio.motion.fitting_frame import Solved
    from hpe_studio.motion.point_fitting_frames import PointFitOptions

__all__ = ["PointFit", "fit_points", "fitted_points_m", "joined", "leaps_of"]

_SHAPE_SHARE = 0.2
_APART_S = 60.0
"""What lies on both sides of a leap counts as so far apart: nothing ties it."""

_LEAP_POINTS = 6
_LEAP_M, _FASTEST_M_S = 0.25, 12.0
_LEAP_WITHIN_M, _FASTEST_WITHIN_M_S = 0.12, 4.0
"""Nobody moves faster than a sprinter, and half of the joints never move faster than
this against the others; the rest is noise of single frames."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PointFit:
    """Points as a moving body; NaN in frames that show too little.

    Attributes:
        joints_rad: Parent-space rotation vectors, shape (frames, joints, 3).
        root_scene_m: Pelvis joint, scene axes, shape (frames, 3).
        betas: The body's shape.
        scale: Its size over the model.
        error_m: Distance of each point from its place on the body, shape
            (frames, points); NaN where there is no point or no place for it.
    """

    joints_rad: FloatArray
    root_scene_m: FloatArray
    betas: FloatArray
    scale: float
    error_m: FloatArray

    @property
    def mean_error_m(self) -> float:
        """Mean over all points that were there, metres; NaN without any."""
        known = self.error_m[np.isfinite(self.error_m)]
        return float(known.mean()) if len(known) else float("nan")


def fit_points(
    points_scene_m: FloatArray,
    confidence: FloatArray | None,
    landmarks: Landmarks,
    model: JointModel,
    *,
    betas: FloatArray | None = None,
    scale: float | None = None,
    fps: float = 30.0,
    options: PointFitOptions | None = None,
) -> Generator[Progress, None, PointFit]:
    """Fit a body to one person's 3D points.

    Args:
        points_scene_m: Scene axes, metres, shape (frames, points, 3); NaN = missing.
        confidence: Trust, any scale, shape (frames, points); None = all alike.
        landmarks: What each point is on the body; several sets with `joined`.
        model: The body.
        betas: The shape where it is known; found when None.
        scale: The size where it is known; with `betas` alone it is 1.
        fps: Frames per second; how much the motion may change between frames.
        options: What is trusted how much.

    Yields:
        Progress; closing the generator stops the fit.

    Returns:
        The motion; frames with fewer than four points are NaN.
    """
    from hpe_studio.motion.fitting_sequence import SequenceFitter  # numba: on use
    from hpe_studio.motion.fitting_settle import settle_frames
    from hpe_studio.motion.point_fitting_frames import (
        PointFitOptions,
        PointFrames,
        prepare_points,
        with_root,
    )
    from hpe_studio.motion.point_fitting_shape import fit_point_shape

    chosen = options or PointFitOptions()
    seen = prepare_points(points_scene_m, confidence, landmarks, chosen)
    marks = with_root(landmarks, model)
    given = None if betas is None else fit_length(betas, model.beta_count)
    found = fit_point_shape(
        model, marks, seen, betas=given, scale=scale, options=chosen
    )
    shape = yield from scaled(found, start=0.0, share=_SHAPE_SHARE)
    fitter = PointFrames(model, marks, seen, shape=shape, options=chosen)
    leaps = leaps_of(points_scene_m, fps)
    times_s = np.arange(len(seen.points_m)) / fps + _APART_S * np.cumsum(leaps)
    frames = np.flatnonzero(seen.present(chosen.points_min))
    solved = yield from scaled(
        SequenceFitter(fitter, times_s).fit_all(frames),
        start=_SHAPE_SHARE,
        share=0.5,
    )
    settled = settle_frames(fitter, solved, times_s, sweeps=chosen.settle_sweeps)
    solved = yield from scaled(settled, start=_SHAPE_SHARE + 0.5, share=0.3)
    joints_rad, root_m = _as_arrays(model, len(times_s), solved)
    placed = fitted_points_m(
        model, landmarks, joints_rad, root_m, betas=shape.betas, scale=shape.scale
    )
    missing = seen.trust[:, :-1] == 0
    error_m = np.linalg.norm(placed - seen.points_m[:, :-1], axis=-1)
    error_m[missing] = np.nan
    return PointFit(
        joints_rad=joints_rad,
        root_scene_m=root_m,
        betas=shape.betas,
        scale=shape.scale,
        error_m=error_m,
    )


def leaps_of(points_scene_m: FloatArray, fps: float) -> BoolArray:
    """Frames that nobody can come to from the frame before, shape (frames,).

    Frames that are no film (pictures of a data set) have nothing to do with each other;
    what lies on both sides of a leap is not tied together.

    Args:
        points_scene_m: Shape (frames, points, 3), metres; NaN = missing.
        fps: Frames per second.
    """
    leaps = np.zeros(len(points_scene_m), dtype=bool)
    known = np.asarray(np.isfinite(points_scene_m).all(axis=-1))
    present = np.flatnonzero(known.sum(axis=1) >= _LEAP_POINTS)
    for before, after in pairwise(present.tolist()):
        both = known[before] & known[after]
        if both.sum() < _LEAP_POINTS:
            continue
        moved = points_scene_m[after, both] - points_scene_m[before, both]
        within = moved - np.median(moved, axis=0)
        gap_s = (after - before) / fps
        leaps[after] = bool(
            _median_length(moved) > _LEAP_M + _FASTEST_M_S * gap_s
            or _median_length(within) > _LEAP_WITHIN_M + _FASTEST_WITHIN_M_S * gap_s
        )
    return leaps


def _median_length(vectors: FloatArray) -> float:
    return float(np.median(np.linalg.norm(vectors, axis=-1)))


def fitted_points_m(
    model: JointModel,
    landmarks: Landmarks,
    joints_rad: FloatArray,
    root_scene_m: FloatArray,
    *,
    betas: FloatArray,
    scale: float = 1.0,
) -> FloatArray:
    """Where a moving body has a set's points, shape (frames, points, 3), metres."""
    joints_m, rotations = forward_kinematics(
        model.skeleton.parents,
        model.rest_joints_m(betas, scale=scale),
        joints_rad,
        root_scene_m,
    )
    own = replace(model, landmarks={landmarks.name: landmarks})
    return landmarks_m(own, landmarks.name, joints_m, rotations, betas, scale)


def joined(sets: Sequence[Landmarks]) -> Landmarks:
    """Several sets as one, their points in a row (a body and two hands).

    Raises:
        ValueError: If there is none.
    """
    if not sets:
        raise ValueError("no landmark set to join")
    if len(sets) == 1:
        return sets[0]
    firsts = np.cumsum([0, *(s.count for s in sets)])
    return Landmarks(
        name="+".join(s.name for s in sets),
        index=np.concatenate([s.index + n for s, n in zip(sets, firsts, strict=False)]),
        joint=np.concatenate([s.joint for s in sets]),
        weight=np.concatenate([s.weight for s in sets]),
        point_m=np.concatenate([s.point_m for s in sets]),
        point_shapedirs_m=np.concatenate([s.point_shapedirs_m for s in sets]),
        count=int(firsts[-1]),
    )


def _as_arrays(
    model: JointModel, frame_count: int, solved: list[tuple[int, Solved]]
) -> tuple[FloatArray, FloatArray]:
    joints_rad = np.full((frame_count, model.skeleton.joint_count, 3), np.nan)
    root_m = np.full((frame_count, 3), np.nan)
    if solved:
        frames = np.array([frame for frame, _ in solved])
        rotations = np.stack([s.state.rotations for _, s in solved])
        joints_rad[frames] = rotvec_from_matrix(rotations)
        root_m[frames] = -np.stack([s.state.origin_m for _, s in solved])
    return joints_rad, root_m
