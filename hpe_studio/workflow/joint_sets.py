"""Any joint set of motion, and of a shape by itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import hpe_studio
from hpe_studio.body import open_body
from hpe_studio.body.load import load_body
from hpe_studio.body.model import Body
from hpe_studio.body.regression import regressed, set_regressor, shaped_vertices_m
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion, PersonPoints
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.pointsets import SETS, convert_points, known_set, tree_of
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from hpe_studio.motion.shape import refit_shape
from hpe_studio.workflow.mapping import on_body


def points_of(run: PersonPoints, set_name: str) -> FloatArray:
    """Points in another set, shape (frames, points, 3), or pixels (…, 2).

    NaN where the file's set has no such point.

    Raises:
        StudioError: If no such set is known, or the points are none of a person.
    """
    points = run.points_px if run.points_scene_m is None else run.points_scene_m
    if points is None:
        raise StudioError(f"{run.name} has no points", fix="choose another person")
    return convert_points(points, run.point_set, checked_set(set_name))


def joints_of(
    run: PersonMotion, set_name: str, *, body: Body | None = None
) -> FloatArray:
    """A joint set of a person with rotations, shape (frames, points, 3), metres.

    Joints are where the file's own rest joints put them. What lies on the skin (nose,
    toes, ...) is that of the body in the person's shape: of the given body by `betas`,
    else of the open body in a shape with the same bone lengths.

    Args:
        run: The person.
        set_name: A key of `core.pointsets.SETS`.
        body: The user's body model, whose shape coefficients `run.betas` are.

    Returns:
        NaN where the person or the point is missing.

    Raises:
        StudioError: If no such set is known, or the skeleton cannot be recognised.
    """
    goal = checked_set(set_name)
    count = run.skeleton.joint_count
    whole = body or open_body(count if count in (24, 52, 55) else 24)
    model = whole.joint_model
    mine = on_body(run, model)
    if mine.skeleton != model.skeleton:
        model = open_body(mine.skeleton.joint_count).joint_model
    betas, scale = mine.betas, mine.scale
    if body is None:
        betas, scale = refit_shape(mine.rest_joints_m, model, source=mine.skeleton)
    places, turns = forward_kinematics(
        mine.skeleton.parents, mine.rest_joints_m, mine.joints_rad, mine.root_scene_m
    )
    return set_of_posed(
        model, goal, joints_m=places, turns=turns, betas=betas, scale=scale
    )


def set_of_posed(
    model: JointModel,
    goal: LandmarkSet,
    *,
    joints_m: FloatArray,
    turns: FloatArray,
    betas: FloatArray,
    scale: float = 1.0,
) -> FloatArray:
    """A joint set of a posed body, shape (frames, points, 3).

    A set that the body does not know by itself is put together from those it knows.

    Args:
        model: The body.
        goal: The set.
        joints_m: Posed joints, shape (frames, joints, 3).
        turns: World rotations, shape (frames, joints, 3, 3).
        betas: Shape.
        scale: Size over the model.
    """

    def known(name: str) -> FloatArray:
        return landmarks_m(model, name, joints_m, turns, betas, scale)

    if goal.name in model.landmarks:
        return known(goal.name)
    out = np.full((len(joints_m), len(goal.names), 3), np.nan)
    own = {24: "smpl24", 52: "smplh52", 55: "smplx55"}.get(joints_m.shape[1], "smpl24")
    first = (own, "body25")
    for name in (*first, *(n for n in model.landmarks if n not in first)):
        made = convert_points(known(name), name, goal)
        out = np.where(np.isnan(out), made, out)
    return out


def checked_set(name: str) -> LandmarkSet:
    """A shipped set of points.

    Raises:
        StudioError: Naming those there are.
    """
    try:
        return known_set(name)
    except KeyError:
        raise StudioError(
            f"there is no joint set {name!r}", fix=f"choose among {', '.join(SETS)}"
        ) from None


def regress(
    shape: FloatArray,
    *,
    body: Body | Path | None = None,
    set_name: str = "smpl24",
    regressor: FloatArray | None = None,
) -> FloatArray:
    """A skeleton at rest from shape alone: equal to `J_regressor @ vertices`.

    Args:
        shape: Betas, shape (coefficients,) or (people, coefficients), or rest vertices
            in metres, shape (vertices, 3) or (meshes, vertices, 3).
        body: Body model or its file; the shipped one when None.
        set_name: Joint set; not used with a regressor of one's own.
        regressor: Shape (joints, vertices), in place of the body's.

    Returns:
        Shape (..., joints, 3), metres; NaN for points that the body lacks.

    Raises:
        StudioError: If shapes do not fit each other or the set is not known.
    """
    values = np.asarray(shape, dtype=np.float64)
    is_mesh = values.ndim >= 2 and values.shape[-1] == 3 and values.shape[-2] > 400
    model = load_body(body) if isinstance(body, Path) else body or open_body()
    matrix = regressor
    if matrix is None:
        checked_set(set_name)
        matrix = set_regressor(model, set_name)
    vertices = values if is_mesh else shaped_vertices_m(model, values)
    try:
        return regressed(np.asarray(matrix, dtype=np.float64), vertices)
    except ValueError as error:
        raise StudioError(
            str(error), fix="choose the body and the regressor of this mesh"
        ) from None


def skeleton_facts(
    joints_m: FloatArray, point_set: LandmarkSet, *, body: str
) -> dict[str, Any]:
    """Joints, bone lengths and parents of one shape, for JSON; None where unknown.

    Args:
        joints_m: Shape (joints, 3), metres.
        point_set: Their set.
        body: Name of the body.
    """
    parents = tree_of(point_set)
    bones = [
        {
            "from": point_set.names[parent],
            "to": point_set.names[i],
            "length_m": _known(float(np.linalg.norm(joints_m[i] - joints_m[parent]))),
        }
        for i, parent in enumerate(parents)
        if parent >= 0
    ]
    return {
        "format": "hpe-studio-skeleton",
        "program": f"HPE Studio {hpe_studio.__version__}",
        "body": body,
        "set": point_set.name,
        "names": list(point_set.names),
        "parents": list(parents),
        "joints_m": [[_known(float(v)) for v in row] for row in joints_m],
        "bones": bones,
    }


def unnamed_set(count: int) -> LandmarkSet:
    """Joints of a regressor that nobody named: by their number, without bones."""
    names = tuple(f"joint_{i}" for i in range(count))
    return LandmarkSet(name=f"joints{count}", names=names, edges=())


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
