"""One body shape per person out of 3D points."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.jobs import Progress
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.motion.fitting_shape import Evidence, solve_shape, trusted
from hpe_studio.motion.point_fitting_frames import (
    PointFitOptions,
    PointFrames,
    SeenPoints,
)

_GROWN_UP = (0.88, 1.14)
"""Sizes over the mean body that betas reach; beyond, the body is scaled first."""
_ROUNDS = 2


def fit_point_shape(
    model: JointModel,
    landmarks: Landmarks,
    seen: SeenPoints,
    *,
    betas: FloatArray | None,
    scale: float | None,
    options: PointFitOptions,
) -> Generator[Progress, None, BodyShape]:
    """The shape that explains the clearest frames best, all at once.

    Args:
        model: The body.
        landmarks: What each point is on the body, the root among them.
        seen: The points in the fit's terms.
        betas: Kept where given.
        scale: Kept where given. Found, it is 1 for people of usual size, whose betas
            say it all, and the ratio of distances for the very small and tall.
        options: What is trusted how much.

    Returns:
        The shape; the body's middle where nothing was seen.
    """
    if betas is not None:
        return BodyShape(betas=betas, scale=1.0 if scale is None else scale)
    shape = BodyShape(betas=np.zeros(model.beta_count), scale=scale or 1.0)
    frames = clearest(seen, options)
    if not len(frames):
        return shape
    if scale is None and model.beta_count:
        size = _size(PointFrames(model, landmarks, seen, shape=shape, options=options))
        if not _GROWN_UP[0] <= size <= _GROWN_UP[1]:
            shape = BodyShape(betas=shape.betas, scale=size)
    for round_number in range(_ROUNDS):
        fitter = PointFrames(model, landmarks, seen, shape=shape, options=options)
        evidence: list[Evidence] = []
        for done, frame in enumerate(frames):
            evidence.append(Evidence(fitter, int(frame), fitter.cold(int(frame)).state))
            yield Progress(
                done=round_number + done / len(frames),
                total=_ROUNDS,
                text="Finding the body shape",
            )
        evidence = trusted(evidence)
        shape = solve_shape(
            evidence,
            shape,
            weight=options.shape_weight * len(evidence),
            tolerance=options.tolerance,
        )
    return shape


def clearest(seen: SeenPoints, options: PointFitOptions) -> IntArray:
    """The frames that show most, spread over time."""
    present = np.flatnonzero(seen.present(options.points_min))
    if not len(present):
        return present
    clarity = (seen.trust[present] > 0).sum(1)
    good = present[clarity >= np.quantile(clarity, 0.5)]
    picks = np.linspace(0, len(good) - 1, options.shape_frames).round().astype(int)
    return good[np.unique(picks)]


def _size(fitter: PointFrames) -> float:
    """Median ratio of bones seen to the mean body's, over all frames."""
    pairs = fitter.bones()
    usual = np.linalg.norm(
        fitter.usual_m[pairs[:, 0]] - fitter.usual_m[pairs[:, 1]], axis=1
    )
    points, there = fitter.seen.points_m, fitter.seen.trust > 0
    ratios: list[float] = []
    for (a, b), length in zip(pairs, usual, strict=True):
        both = there[:, a] & there[:, b]
        if length > 0.05 and both.any():
            apart = np.linalg.norm(points[both, a] - points[both, b], axis=1)
            ratios.append(float(np.median(apart)) / float(length))
    return float(np.median(ratios)) if ratios else 1.0
