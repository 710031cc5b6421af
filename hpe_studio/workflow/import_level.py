"""The floor under people who are known as a camera sees them, as estimates have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.level import level_from_people

_AS_THE_CAMERA_SEES = np.hstack([FLIP_YZ, np.zeros((3, 1))])


def put_levels(
    edit: Edit, document: Document, parts: Mapping[int, Sequence[PersonMotion]]
) -> None:
    """Let people stand upright on the floor of shots that were empty before.

    Args:
        edit: The open edit.
        document: Whose shots.
        parts: By shot the runs that are new in it; shots that had people are left out.
    """
    for shot in document.shots or ():
        runs = parts.get(shot.id, ())
        is_seen = _is_as_seen(document.camera_at(shot.start))
        if not runs or shot.is_levelled or not is_seen:
            continue
        level = _level(runs)
        if level is not None:
            edit.put(replace(shot, level_from_scene=level))


def _is_as_seen(camera: Camera) -> bool:
    """True where the scene is the camera's own frame turned to Y up."""
    pose = camera.camera_from_scene
    return pose.ndim == 2 and bool(np.allclose(pose, _AS_THE_CAMERA_SEES, atol=1e-6))


def _level(runs: Sequence[PersonMotion]) -> FloatArray | None:
    """By the skeleton that most people have."""
    names = [run.skeleton.name for run in runs]
    chosen = [r for r in runs if r.skeleton.name == max(names, key=names.count)]
    bodies = [
        forward_kinematics(
            run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
        )[0]
        for run in chosen
    ]
    return level_from_people(bodies, chosen[0].skeleton)
