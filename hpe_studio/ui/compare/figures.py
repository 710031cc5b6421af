"""The truth of the frame shown, as the views draw it: where, whose, how far off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.truth import Truth
from hpe_studio.metrics.alignment import best_similarity
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.pairing import NOBODY

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session

_BESIDE_M = 0.9


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class TruthFigure:
    """One true person on one frame.

    Attributes:
        truth: Who.
        points_scene_m: Where the truth is, shape (points, 3), NaN where missing.
        shown_scene_m: Where it stands in 3D, as the layers say, shape (points, 3).
        joint_m: Compared joints of the truth where they are, (joints, 3).
        joint_shown_m: The same where they stand in 3D.
        predicted_m: The person's joints, shape (joints, 3), NaN where not matched.
        errors_m: Error of each, shape (joints,), NaN where it does not count.
    """

    truth: Truth
    points_scene_m: FloatArray
    shown_scene_m: FloatArray
    joint_m: FloatArray
    joint_shown_m: FloatArray
    predicted_m: FloatArray
    errors_m: FloatArray


def truth_figures(session: Session) -> list[TruthFigure]:
    """Everybody of the truth on the frame shown."""
    comparing, frame = session.comparing, session.view.frame
    comparison = comparing.comparison
    row = None if comparison is None else comparison.row_of(frame)
    truths = comparing.truths
    fits = comparison is not None and len(comparison.people) == len(truths)
    found: list[TruthFigure] = []
    for person, truth in enumerate(truths):
        points = truth.at(frame)
        if points is None or not np.isfinite(points).any():
            continue
        if comparison is None or row is None or not fits:
            found.append(_alone(truth, points))
            continue
        figure = _matched(session, comparison, (row, person), truth, points)
        found.append(figure)
    return found


def _alone(truth: Truth, points: FloatArray) -> TruthFigure:
    nothing = np.zeros((0, 3))
    return TruthFigure(
        truth=truth,
        points_scene_m=points,
        shown_scene_m=points,
        joint_m=nothing,
        joint_shown_m=nothing,
        predicted_m=nothing,
        errors_m=np.zeros(0),
    )


def _matched(
    session: Session,
    comparison: Comparison,
    place: tuple[int, int],
    truth: Truth,
    points: FloatArray,
) -> TruthFigure:
    row, person = place
    joints = comparison.truth_m[row, person]
    predicted = int(comparison.matches[row, person])
    mine = np.full_like(joints, np.nan)
    shown, joints_shown = points, joints
    if predicted != NOBODY:
        mine = comparison.predicted_m.at(row, predicted)
        if session.view.layers.truth_place != "place":
            # What laid the person on the truth, the other way round.
            back = best_similarity(comparison.aligned_m[row, person], mine)
            aside = session.view.layers.truth_place == "beside"
            away = np.array([_BESIDE_M, 0.0, 0.0]) if aside else np.zeros(3)
            shown = back.apply(points) + away
            joints_shown = back.apply(joints) + away
    return TruthFigure(
        truth=truth,
        points_scene_m=points,
        shown_scene_m=shown,
        joint_m=joints,
        joint_shown_m=joints_shown,
        predicted_m=mine,
        errors_m=comparison.errors_m[row, person],
    )
