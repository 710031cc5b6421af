"""PromptHMR: `results.pkl`, SMPL-X people in the camera's axes and in the world.

Source: PromptHMR `pipeline/` (joblib.dump; camera, camera_world, people with smplx_cam
and smplx_world).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_pickle
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    SPACE_OPTION,
    body_path_of,
    rate_of,
)
from hpe_studio.formats.smpl_results import (
    PersonRows,
    RestJoints,
    frame_numbers,
    numbers,
    rotvecs,
)
from hpe_studio.formats.smpl_scene import (
    Notes,
    assembled,
    dictionary,
    person_rows,
    pose_of,
    reading,
)
from hpe_studio.formats.smpl_world import as_filmed, told_lens

SPEC = FormatSpec(
    id="prompthmr",
    label="PromptHMR results",
    extensions=(".pkl",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, SPACE_OPTION, BODY_OPTION),
)


def sniff(path: Path, head: bytes) -> float:
    """Certain where PromptHMR's keys are in the pickle."""
    return 0.95 if {"smplx_cam", "smplx_world"} & names_in(path, head) else 0.0


def read(
    path: Path, *, fps: str = "", space: str = "camera", body: str = ""
) -> MotionFile:
    """Everybody in a file of PromptHMR.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_pickle(path)
    return reading(
        path, "PromptHMR", lambda: _read(path, dictionary(content), fps, space, body)
    )


def _read(
    path: Path, content: dict[Any, Any], fps: str, space: str, body: str
) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("PromptHMR tells no frame rate; 30 fps was taken")
    rest = RestJoints(joint_count=55, body_path=body_path_of(body))
    notes.assume(*rest.assumed)
    lens, size_px = told_lens(dictionary(content["camera"]))
    people = list(_people(dictionary(content["people"]), rest))
    world = None
    if space == "world":
        values = dictionary(content["camera_world"])
        world = values["Rwc"], values["Twc"]
    people, camera = as_filmed(people, lens, world, notes)
    return assembled(
        path,
        "prompthmr",
        people,
        rate=rate,
        notes=notes,
        camera=camera,
        size_px=size_px,
    )


def _people(people: dict[Any, Any], rest: RestJoints) -> Iterator[PersonRows]:
    for number, (identity, person) in enumerate(people.items(), start=1):
        values = dictionary(person["smplx_cam"])
        pose = _pose(values)
        yield person_rows(
            f"Person {number}",
            frame_numbers(person["frames"]),
            pose,
            numbers(np.asarray(values["trans"]).reshape(-1, 3), 3, name="trans"),
            numbers(values["shape"], 10, name="shape"),
            rest,
            turn=FLIP_YZ,
            body="smplx",
            person_id=str(identity),
        )


def _pose(values: dict[Any, Any]) -> FloatArray:
    """All 55 joints; the pose vector has root, body, jaw and eyes, or all."""
    if "rotmat" in values:
        return rotvecs(values["rotmat"], 55, name="rotmat")
    pose = np.asarray(values["pose"])
    joints = pose.reshape(len(pose), -1).shape[1] // 3
    return pose_of([numbers(pose, joints, 3, name="pose")], 55)
