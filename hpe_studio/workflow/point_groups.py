"""A person's body, hands and face, known as points, as one thing to fit a body to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.interchange import PersonPoints
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.motion.point_fitting import joined

PARTS = ("left_hand21", "right_hand21", "face70")
"""Sets that say more of a person whose body another set tells."""
_FINGER = "left_index1"

LandmarksFor = Callable[[LandmarkSet, JointModel], Landmarks]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PointGroup:
    """What is fitted at once.

    Attributes:
        body: The person's body.
        points_scene_m: Its points and those of hands and face, shape (frames, points,
            3).
        confidence: Shape (frames, points).
        landmarks: Where they lie on the body model.
    """

    body: PersonPoints
    points_scene_m: FloatArray
    confidence: FloatArray
    landmarks: Landmarks


def point_groups(
    runs: Sequence[PersonPoints],
    model: JointModel,
    *,
    landmarks_for: LandmarksFor,
    confidence_of: Callable[[PersonPoints], FloatArray],
) -> tuple[PointGroup, ...]:
    """Bodies with the hands and faces of the same person over the same frames.

    Hands count where the body has finger joints, faces where it knows their points.

    Args:
        runs: Points in the scene.
        model: The body model.
        landmarks_for: Where the points of a set lie on it.
        confidence_of: Trust in the points of a run.
    """
    groups: list[PointGroup] = []
    for run in runs:
        if run.point_set.name in PARTS:
            continue
        mine = [run, *(part for part in runs if _goes_with(part, run, model))]
        places = [m.points_scene_m for m in mine if m.points_scene_m is not None]
        groups.append(
            PointGroup(
                body=run,
                points_scene_m=np.concatenate(places, axis=1),
                confidence=np.concatenate([confidence_of(m) for m in mine], axis=1),
                landmarks=joined([landmarks_for(m.point_set, model) for m in mine]),
            )
        )
    return tuple(groups)


def _goes_with(part: PersonPoints, body: PersonPoints, model: JointModel) -> bool:
    name = part.point_set.name
    if name not in PARTS or part.points_scene_m is None or body.points_scene_m is None:
        return False
    if not part.person_id or part.person_id != body.person_id:
        return False
    if part.start != body.start or len(part.points_scene_m) != len(body.points_scene_m):
        return False
    if name == "face70":
        return name in model.landmarks and len(model.landmarks[name].index) > 0
    return _FINGER in model.skeleton.joint_names
