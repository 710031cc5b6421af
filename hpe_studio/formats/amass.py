"""AMASS: motion capture as SMPL-H or SMPL-X in an npz, both spellings; Z up.

Source: AMASS and its SMPL-X release (poses of 156 or 165 values, trans, betas,
mocap_framerate or mocap_frame_rate); MoSh files of pose and shape alone are read too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_npz
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    body_path_of,
    known_rate,
    rate_of,
)
from hpe_studio.formats.smpl_results import RestJoints, numbers
from hpe_studio.formats.smpl_scene import (
    AXES_OPTION,
    Notes,
    assembled,
    person_rows,
    reading,
    upright,
)

SPEC = FormatSpec(
    id="amass",
    label="AMASS motion capture",
    extensions=(".npz",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, AXES_OPTION, BODY_OPTION),
)

_RATES = ("mocap_framerate", "mocap_frame_rate", "fps")
_PARTS = ("root_orient", "pose_body", "pose_jaw", "pose_eye", "pose_hand")
_FACES = ("expression", "expressions", "face_expr")
_BODIES = {72: (24, "smpl"), 156: (52, "smplh"), 165: (55, "smplx")}


def sniff(path: Path, head: bytes) -> float:
    """Certain where poses lie beside translations and a rate."""
    if not head.startswith(b"PK"):
        return 0.0
    names = names_in(path, head)
    if {"root_orient", "pose_body", "trans"} <= names:
        return 0.95
    if {"poses", "trans"} <= names:
        return 0.95 if names & {*_RATES, "betas"} else 0.4
    return 0.4 if {"pose", "shape"} <= names else 0.0


def read(
    path: Path, *, fps: str = "", axes: str = "auto", body: str = ""
) -> MotionFile:
    """The person in an npz of AMASS.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_npz(path)
    return reading(path, "AMASS", lambda: _read(path, content, fps, axes, body))


def _read(
    path: Path, content: dict[str, Any], fps: str, axes: str, body: str
) -> MotionFile:
    notes = Notes()
    told = next((content[name] for name in _RATES if name in content), None)
    rate, is_assumed = rate_of(
        fps, default=known_rate(told) if told is not None else None
    )
    if is_assumed:
        notes.assume("The file tells no frame rate; 30 fps was taken")
    poses = _poses(content)
    width = poses.reshape(len(poses), -1).shape[1]
    if width not in _BODIES:
        raise ValueError(f"poses of {width} values")
    joints, name = _BODIES[width]
    pose = numbers(poses, joints, 3, name="poses")
    transl = np.zeros((len(pose), 3))
    if "trans" in content:
        transl = numbers(content["trans"], 3, name="trans")
    else:
        notes.assume("The file tells no places; the person stays at the origin")
    betas = np.asarray(content.get("betas", content.get("shape", np.zeros(10))))
    rest = RestJoints(joint_count=joints, body_path=body_path_of(body))
    notes.assume(*rest.assumed)
    is_amass = told is not None and "trans" in content
    chosen = "z_up" if axes == "auto" and is_amass else axes
    person = person_rows(
        path.stem,
        np.arange(len(pose)),
        pose,
        transl,
        numbers(betas, betas.shape[-1], name="betas"),
        rest,
        turn=upright(pose[:, 0], chosen, notes),
        body=name,
        person_id="1",
        expression=_expression(content, len(pose)),
    )
    about = {"gender": str(np.asarray(content.get("gender", "")).reshape(-1)[0])}
    return assembled(path, "amass", [person], rate=rate, notes=notes, about=about)


def _poses(content: dict[str, Any]) -> AnyArray:
    """The whole pose vector, put together where only its parts are there."""
    for key in ("poses", "pose"):
        if key in content:
            return np.asarray(content[key])
    parts = [np.asarray(content[key]) for key in _PARTS if key in content]
    return np.concatenate([part.reshape(len(part), -1) for part in parts], axis=1)


def _expression(content: dict[str, Any], rows: int) -> FloatArray | None:
    """Face coefficients per frame, under any of their names."""
    key = next((name for name in _FACES if name in content), None)
    if key is None:
        return None
    found = np.asarray(content[key])
    if found.ndim != 2 or len(found) != rows:
        return None
    return numbers(found, found.shape[1], name=key)
