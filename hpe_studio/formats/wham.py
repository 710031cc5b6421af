"""WHAM: `wham_output.pkl`, people in the camera's axes and in the world.

Source: WHAM `demo.py` (joblib.dump; keys pose, trans, pose_world, trans_world, betas,
verts, frame_ids per subject; focal length is the picture's diagonal).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_pickle
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    SIZE_OPTION,
    SPACE_OPTION,
    body_path_of,
    rate_of,
    size_of,
)
from hpe_studio.formats.smpl_results import (
    PersonRows,
    RestJoints,
    camera_of_two_views,
    frame_numbers,
    moved,
    numbers,
    pinhole,
)
from hpe_studio.formats.smpl_scene import (
    Notes,
    assembled,
    dictionary,
    person_rows,
    reading,
)

SPEC = FormatSpec(
    id="wham",
    label="WHAM results",
    extensions=(".pkl",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, SIZE_OPTION, SPACE_OPTION, BODY_OPTION),
)


def sniff(path: Path, head: bytes) -> float:
    """Certain where WHAM's keys are in the pickle."""
    names = names_in(path, head)
    if {"pose_world", "trans_world"} <= names:
        return 0.95
    return 0.0


def read(
    path: Path, *, fps: str = "", size: str = "", space: str = "camera", body: str = ""
) -> MotionFile:
    """Everybody in a file of WHAM.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_pickle(path)
    return reading(
        path, "WHAM", lambda: _read(path, dictionary(content), fps, size, space, body)
    )


def _read(
    path: Path, content: dict[Any, Any], fps: str, size: str, space: str, body: str
) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("WHAM tells no frame rate; 30 fps was taken")
    size_px = size_of(size)
    if size_px is None:
        size_px = (1920, 1080)
        notes.assume("The picture is 1920 x 1080 px, as the file does not tell")
    rest = RestJoints(joint_count=24, body_path=body_path_of(body))
    notes.assume(*rest.assumed)
    seen = list(_people(content, "", rest))
    camera = pinhole(
        math.hypot(*size_px), (size_px[0] / 2, size_px[1] / 2), source="given"
    )
    people = seen if space == "camera" else list(_people(content, "_world", rest))

    def placed(count: int) -> Camera:
        if people is seen:
            return camera
        return moved(camera, camera_of_two_views(seen, people, count))

    return assembled(
        path, "wham", people, rate=rate, notes=notes, camera=placed, size_px=size_px
    )


def _people(
    content: dict[Any, Any], space: str, rest: RestJoints
) -> Iterator[PersonRows]:
    for number, (subject, values) in enumerate(content.items(), start=1):
        person = dictionary(values)
        pose = numbers(person[f"pose{space}"], 24, 3, name="pose")
        ids = person.get("frame_ids", person.get("frame_id"))
        yield person_rows(
            f"Person {number}",
            np.arange(len(pose)) if ids is None else frame_numbers(ids),
            pose,
            numbers(person[f"trans{space}"], 3, name="trans"),
            numbers(person["betas"], 10, name="betas"),
            rest,
            turn=np.eye(3) if space else FLIP_YZ,
            body="smpl",
            person_id=str(subject),
        )
