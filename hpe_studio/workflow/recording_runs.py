"""Runs of people as points of `POINT_SET`: from bodies, from points, gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion, PersonPoints
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.pointsets import convert_confidence, convert_points
from hpe_studio.core.skeleton import Skeleton, landmark_set
from hpe_studio.metrics.people import People
from hpe_studio.motion.kinematics import (
    forward_kinematics,
    landmarks_m,
    remapped_joints_rad,
)
from hpe_studio.motion.shape import refit_shape
from hpe_studio.posing.posed import rest_joints_on
from hpe_studio.workflow.mapping import on_body
from hpe_studio.workflow.point_groups import PARTS

POINT_SET = "coco19"
"""Points that are compared."""

_MOST_VALUES = 120_000_000


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BodyPose:
    """A body over some frames.

    Attributes:
        start: Frame of row 0.
        skeleton: Joints of the rotations.
        joints_rad: Parent-space rotation vectors, (frames, joints, 3).
        root_m: Pelvis joint, (frames, 3).
        betas, scale: Shape.
        is_open: Whether the shape is one of the open body.
    """

    start: int
    skeleton: Skeleton
    joints_rad: FloatArray
    root_m: FloatArray
    betas: FloatArray
    scale: float
    is_open: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PersonRun:
    """A person over some frames: points (frames, 19, 3) and how sure they are."""

    identity: str
    name: str
    start: int
    points_m: FloatArray
    confidence: FloatArray | None = None
    pose: BodyPose | None = None


def poses_of(runs: Sequence[PersonRun]) -> tuple[tuple[int, BodyPose], ...]:
    """Bodies of runs by index of the person, as `gathered` counts people."""
    place = {identity: i for i, identity in enumerate(_names(runs))}
    return tuple(
        (place[run.identity], run.pose) for run in runs if run.pose is not None
    )


def body_points_m(
    model: JointModel,
    bones: Skeleton,
    joints_rad: FloatArray,
    root_m: FloatArray,
    *,
    betas: FloatArray,
    scale: float,
    rest_m: FloatArray | None = None,
) -> FloatArray:
    """Points of `POINT_SET` on a posed body, (frames, points, 3), metres.

    Args:
        model: The body.
        bones: Skeleton of the rotations.
        joints_rad: Shape (frames, joints, 3).
        root_m: Shape (frames, 3).
        betas: Shape on this body.
        scale: Size on this body.
        rest_m: Rest joints of `bones` where they are another body's, (joints, 3);
            what hangs on the joints (nose, ears) is this body's.
    """
    pose = remapped_joints_rad(joints_rad, bones, model.skeleton)
    rest = model.rest_joints_m(betas, scale=scale)
    if rest_m is not None:
        rest = _with_own_rest(rest, model.skeleton, rest_m, bones)
    places, rotations = forward_kinematics(model.skeleton.parents, rest, pose, root_m)
    return landmarks_m(model, POINT_SET, places, rotations, betas, scale)


def _with_own_rest(
    rest_m: FloatArray, skeleton_: Skeleton, own_m: FloatArray, bones: Skeleton
) -> FloatArray:
    """Rest joints of the model with those of another body where it has them."""
    place = {name: own_m[i] for i, name in enumerate(bones.joint_names)}
    out = rest_m.copy()
    for joint, name in enumerate(skeleton_.joint_names):
        parent = skeleton_.parents[joint]
        if name in place:
            out[joint] = place[name]
        elif parent >= 0:
            out[joint] = out[parent] + rest_m[joint] - rest_m[parent]
    return out


def run_of_motion(run: PersonMotion, model: JointModel, number: int) -> PersonRun:
    """A person's motion as points of a body with their own bones.

    Args:
        run: The motion; foreign skeletons are carried over by joint names.
        model: The open body.
        number: Tells people apart where the file does not.

    Raises:
        StudioError: If the skeleton is not recognised.
    """
    mapped = on_body(run, model)
    bones = mapped.skeleton
    own = rest_joints_on(
        model.rest_joints_m(mapped.betas, scale=mapped.scale), model.skeleton, bones
    )
    betas, scale = mapped.betas, mapped.scale
    is_ours = not mapped.body and len(betas) > 0
    is_ours = is_ours and float(np.abs(own - mapped.rest_joints_m).max()) < 1e-3
    if not is_ours:
        betas, scale = refit_shape(mapped.rest_joints_m, model, source=bones)
    joints_rad = np.asarray(mapped.joints_rad, dtype=np.float64)
    root_m = np.asarray(mapped.root_scene_m, dtype=np.float64)
    points = body_points_m(
        model,
        bones,
        joints_rad,
        root_m,
        betas=betas,
        scale=scale,
        rest_m=mapped.rest_joints_m,
    )
    return PersonRun(
        identity=run.person_id or f"#{number}",
        name=run.name,
        start=run.start,
        points_m=points,
        pose=BodyPose(
            start=run.start,
            skeleton=bones,
            joints_rad=joints_rad,
            root_m=root_m,
            betas=betas,
            scale=scale,
            is_open=is_ours,
        ),
    )


def run_of_points(run: PersonPoints, number: int) -> PersonRun | None:
    """A person's points as those of `POINT_SET`; None for pixels, hands and faces."""
    if run.points_scene_m is None or run.point_set.name in PARTS:
        return None  # hands and face go with a body whose own points count
    points = convert_points(
        np.asarray(run.points_scene_m, dtype=np.float64), run.point_set, POINT_SET
    )
    confidence = None
    if run.confidence is not None:
        confidence = convert_confidence(
            np.asarray(run.confidence, dtype=np.float64), run.point_set, POINT_SET
        )
    return PersonRun(
        identity=run.person_id or f"#{number}",
        name=run.name,
        start=run.start,
        points_m=points,
        confidence=confidence,
    )


def gathered(runs: Sequence[PersonRun], path: Path) -> tuple[People, int]:
    """All runs as one array from the first frame to the last."""
    first = min(run.start for run in runs)
    stop = max(run.start + len(run.points_m) for run in runs)
    names = _names(runs)
    joints = landmark_set(POINT_SET).names
    if (stop - first) * len(names) * len(joints) * 3 > _MOST_VALUES:
        raise StudioError(
            f"has {len(names)} people over {stop - first} frames, too many at once",
            path=path,
            fix="join people who are the same, or compare fewer frames",
        )
    points = np.full((stop - first, len(names), len(joints), 3), np.nan)
    sure = np.ones(points.shape[:-1])
    says = any(run.confidence is not None for run in runs)
    order = {identity: i for i, identity in enumerate(names)}
    for run in runs:
        rows = slice(run.start - first, run.start - first + len(run.points_m))
        known = np.isfinite(run.points_m).all(-1)
        place = points[rows, order[run.identity]]
        place[known] = run.points_m[known]
        if run.confidence is not None:
            sure[rows, order[run.identity]][known] = run.confidence[known]
    people = People(
        names=tuple(names.values()),
        joints=joints,
        points_m=points,
        confidence=np.where(np.isfinite(points).all(-1), sure, 0.0) if says else None,
    )
    return people, first


def _names(runs: Sequence[PersonRun]) -> dict[str, str]:
    names: dict[str, str] = {}
    for run in runs:
        names.setdefault(run.identity, run.name or f"person {len(names) + 1}")
    return names
