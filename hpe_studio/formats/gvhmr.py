"""GVHMR: `hmr4d_results.pt`, one person in the camera's axes and in the world.

Source: GVHMR `tools/demo/demo.py` (torch.save; smpl_params_incam and
smpl_params_global of SMPL-X without hands, K_fullimg).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
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
    camera_of_two_views,
    moved,
    numbers,
    pinhole,
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

SPEC = FormatSpec(
    id="gvhmr",
    label="GVHMR results",
    extensions=(".pt",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, SPACE_OPTION, BODY_OPTION),
)


def sniff(path: Path, head: bytes) -> float:
    """Certain where GVHMR's keys are in the file."""
    names = names_in(path, head)
    return 0.95 if {"smpl_params_incam", "smpl_params_global"} & names else 0.0


def read(
    path: Path, *, fps: str = "", space: str = "camera", body: str = ""
) -> MotionFile:
    """The person in a file of GVHMR.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_pickle(path)
    return reading(
        path, "GVHMR", lambda: _read(path, dictionary(content), fps, space, body)
    )


def _read(
    path: Path, content: dict[Any, Any], fps: str, space: str, body: str
) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("GVHMR tells no frame rate; 30 fps was taken")
    rest = RestJoints(joint_count=55, body_path=body_path_of(body))
    notes.assume(*rest.assumed)
    seen = _person(content["smpl_params_incam"], rest, FLIP_YZ)
    person = seen
    if space == "world":
        person = _person(content["smpl_params_global"], rest, np.eye(3))
    camera, size_px = _camera(numbers(content["K_fullimg"], 3, 3, name="K_fullimg"))

    def placed(count: int) -> Camera:
        if person is seen:
            return camera
        return moved(camera, camera_of_two_views([seen], [person], count))

    return assembled(
        path, "gvhmr", [person], rate=rate, notes=notes, camera=placed, size_px=size_px
    )


def _person(params: Any, rest: RestJoints, turn: FloatArray) -> PersonRows:
    values = dictionary(params)
    root = rotvecs(values["global_orient"], 1, name="global_orient")
    pose = pose_of([root, rotvecs(values["body_pose"], 21, name="body_pose")], 55)
    betas = np.asarray(values["betas"])
    return person_rows(
        "Person 1",
        np.arange(len(pose)),
        pose,
        numbers(values["transl"], 3, name="transl"),
        numbers(betas, betas.shape[-1], name="betas"),
        rest,
        turn=turn,
        body="smplx",
        person_id="1",
    )


def _camera(intrinsics: FloatArray) -> tuple[Camera, tuple[int, int]]:
    middle = np.median(intrinsics, axis=0)
    centre = (float(middle[0, 2]), float(middle[1, 2]))
    size = (max(1, round(2 * centre[0])), max(1, round(2 * centre[1])))
    return pinhole(float(middle[0, 0]), centre, source="given"), size
