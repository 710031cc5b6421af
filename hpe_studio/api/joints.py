"""Joint sets, plain reading and writing, and skeletons from shape, for scripts."""

from __future__ import annotations

from pathlib import Path
from typing import Any, overload

import numpy as np

from hpe_studio.api.project import AnyPath, Motion, Person
from hpe_studio.body.load import load_body
from hpe_studio.body.model import Body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import WriteReport
from hpe_studio.motion.kinematics import forward_kinematics, remapped_joints_rad
from hpe_studio.workflow import converting, joint_sets
from hpe_studio.workflow.shape_files import read_regressor, read_shape

Someone = Motion | Person | PersonMotion | PersonPoints


@overload
def joints(
    motion: Someone, set_name: str, *, body: AnyPath | None = None
) -> FloatArray: ...


@overload
def joints(
    motion: MotionFile, set_name: str, *, body: AnyPath | None = None
) -> list[FloatArray]: ...


def joints(
    motion: Someone | MotionFile, set_name: str, *, body: AnyPath | None = None
) -> FloatArray | list[FloatArray]:
    """Any joint set of motion: "coco19", "smpl24", "body25", "h36m17", "coco17", ...

    Args:
        motion: A person of a project or their motion, a person of `read`, or
            everybody that `read` gave.
        set_name: A key of `core.pointsets.SETS`.
        body: The user's body model file, where a file's shape coefficients are SMPL's.

    Returns:
        Shape (frames, points, 3), metres, Y up; NaN where the person or the point is
        missing. Of people of whom a file knows only pixels, shape (frames, points, 2).
        For a whole file one array per person, those with rotations first.

    Raises:
        StudioError: If no such set is known, or the body does not fit.
    """
    if isinstance(motion, MotionFile):
        everybody = (*motion.people, *motion.points)
        return [joints(one, set_name, body=body) for one in everybody]
    if isinstance(motion, PersonPoints):
        return joint_sets.points_of(motion, set_name)
    if isinstance(motion, PersonMotion):
        whole = None if body is None else load_body(Path(body))
        return joint_sets.joints_of(motion, set_name, body=whole)
    own = motion.motion if isinstance(motion, Person) else motion
    return _of_project(own, set_name)


def write(motion: MotionFile, path: AnyPath, **options: Any) -> WriteReport:
    """Write what `read` gave (or one's own) to a file; the ending tells the format.

    Args:
        motion: Everybody; people of points stay points where the format can hold them.
        path: Where to.
        **options: `format`, and the format's settings (`axes`, `fps`, ...).

    Raises:
        StudioError: If there is nobody, or the file cannot be written.
    """
    name = options.pop("format", None)
    return converting.write_motion(
        motion, Path(path), format_name=name, options=options
    )


def convert(
    source: AnyPath,
    goal: AnyPath,
    *,
    format: str | None = None,  # noqa: A002
    **options: Any,
) -> WriteReport:
    """Read one file of motion and write another.

    Args:
        source: Results file or folder, or a project.
        goal: File to write.
        format: Its format; told from the ending when None.
        **options: What the source does not say itself (`fps`, `set`, `axes`, ...).

    Raises:
        StudioError: If the source cannot be read or the goal cannot be written.
    """
    return converting.convert(
        Path(source), Path(goal), write_as=format, read_options=options
    )


def regress(
    betas_or_vertices: FloatArray | AnyPath,
    body: Body | AnyPath | None = None,
    set_name: str = "smpl24",
    *,
    regressor: FloatArray | AnyPath | None = None,
) -> FloatArray:
    """A skeleton at rest from shape alone; equal to `J_regressor @ vertices`.

    Args:
        betas_or_vertices: Betas, shape (coefficients,) or (people, coefficients), rest
            vertices in metres, shape (vertices, 3), or a file of either.
        body: Body model, or its file; the shipped one when None.
        set_name: Joint set.
        regressor: A matrix of one's own, shape (joints, vertices), or its file.

    Returns:
        Shape (..., joints, 3), metres; NaN for points that the body lacks.

    Raises:
        StudioError: If a file cannot be read or shapes do not fit each other.
    """
    shape = betas_or_vertices
    if not isinstance(shape, np.ndarray):
        betas, vertices = read_shape(Path(shape))  # type: ignore[arg-type]
        shape = betas if vertices is None else vertices
    if shape is None:
        raise StudioError("there is neither shape nor mesh")
    matrix = regressor
    if matrix is not None and not isinstance(matrix, np.ndarray):
        matrix = read_regressor(Path(matrix))
    model = body if isinstance(body, Body) or body is None else Path(body)
    return joint_sets.regress(shape, body=model, set_name=set_name, regressor=matrix)


def _of_project(motion: Motion, set_name: str) -> FloatArray:
    """A joint set of a project's motion, on the project's body."""
    goal = joint_sets.checked_set(set_name)
    model = motion.body.joint_model
    pose = motion.joints_rad
    if motion.skeleton != model.skeleton:
        pose = remapped_joints_rad(pose, motion.skeleton, model.skeleton)
    rest_m = model.rest_joints_m(motion.betas, scale=motion.scale)
    places, turns = forward_kinematics(
        model.skeleton.parents, rest_m, pose, motion.root_scene_m
    )
    assert skeleton(motion.skeleton.name) == motion.skeleton
    return joint_sets.set_of_posed(
        model,
        goal,
        joints_m=places,
        turns=turns,
        betas=motion.betas,
        scale=motion.scale,
    )


__all__ = ["convert", "joints", "regress", "write"]
