"""AMASS: motion capture as SMPL, SMPL-H or SMPL-X in an npz; Z up; one person.

Both spellings are read and written: that of SMPL-H's release (poses of 156 values,
mocap_framerate) and of SMPL-X's (165, mocap_frame_rate, surface_model_type, parts of
the pose). MoSh files of pose and shape alone are read too. What is written holds
`rest_joints` besides, so that bones come back exactly without a body file; other
readers leave it alone.

Source: AMASS and its SMPL-X release.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.specs import FormatSpec, WriteReport
from hpe_studio.core.unpickle import read_npz
from hpe_studio.formats.even_runs import FPS_WRITTEN, even_run, given_rate
from hpe_studio.formats.npz_files import npz_bytes
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.roundtrip import round_trip
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    body_path_of,
    known_rate,
    rate_of,
)
from hpe_studio.formats.smpl_results import FROM_Z_UP, RestJoints, numbers, turned
from hpe_studio.formats.smpl_scene import (
    AXES_OPTION,
    Notes,
    assembled,
    person_rows,
    reading,
    upright,
)
from hpe_studio.formats.smpl_write import (
    BODIES,
    FOREIGN_BETAS,
    check_is_smpl,
    smpl_betas,
)

SPEC = FormatSpec(
    id="amass",
    label="AMASS",
    summary="SMPL poses as npz",
    icon="person-standing",
    extensions=(".npz",),
    reads=True,
    writes=True,
    one_file_per_person=True,
    read_options=(FPS_OPTION, AXES_OPTION, BODY_OPTION),
    write_options=(FPS_WRITTEN,),
)

_RATES = ("mocap_framerate", "mocap_frame_rate", "fps")
_PARTS = ("root_orient", "pose_body", "pose_jaw", "pose_eye", "pose_hand")
_PART_JOINTS = (1, 21, 1, 2, 30)
_REST = "rest_joints"
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
    rest = RestJoints(
        joint_count=joints, body_path=body_path_of(body), told_m=_rest(content, joints)
    )
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


def _rest(content: dict[str, Any], joints: int) -> FloatArray | None:
    """Rest joints as we write them, shape (joints, 3), or None."""
    if _REST not in content:
        return None
    return numbers(np.asarray(content[_REST])[None], joints, 3, name=_REST)[0]


def write(motion: MotionFile, path: Path, *, fps: str = "") -> WriteReport:
    """Write one person's motion and read it back.

    Args:
        motion: Runs of one person.
        path: The file.
        fps: Frame rate, or "" for the motion's own.

    Raises:
        StudioError: If there are several people, the skeleton is none of SMPL's, or
            the file cannot be written.
    """
    if len({p.person_id for p in motion.people}) != 1:
        raise StudioError(
            "a file of AMASS holds one person", path=path, fix="choose one"
        )
    check_is_smpl(motion.people[0], path)
    rate = given_rate(fps) if fps else motion.fps
    person, held, notes = even_run(motion, rate)
    if not person.body:
        notes.append(FOREIGN_BETAS)
    gender = str(motion.provenance.get("gender", "")) or "neutral"
    write_replacing(path, npz_bytes(_content(person, float(rate), gender)))
    check = round_trip([person], [read(path).people[0]], held=held)
    return WriteReport(
        paths=(path,),
        max_joint_error_m=check.max_joint_error_m,
        notes=tuple(notes),
        people=(check,),
    )


def _content(person: PersonMotion, rate: float, gender: str) -> dict[str, Any]:
    """One run in the file's axes, by AMASS's names."""
    rows, joints = person.joints_rad.shape[:2]
    pose = turned(person.joints_rad, FROM_Z_UP.T).reshape(rows, -1)
    is_smplx = BODIES[joints] == "smplx"
    content: dict[str, Any] = {
        "trans": person.root_scene_m @ FROM_Z_UP - person.rest_joints_m[0],
        "gender": np.array(gender),
        "mocap_frame_rate" if is_smplx else "mocap_framerate": np.array(rate),
        "betas": smpl_betas(person, 16),
        "poses": pose,
        _REST: person.rest_joints_m,
    }
    if is_smplx:
        content["surface_model_type"] = np.array("smplx")
        cuts = np.cumsum([3 * count for count in _PART_JOINTS])[:-1]
        content |= zip(_PARTS, np.split(pose, cuts, axis=1), strict=True)
    if person.expression is not None and len(person.expression) == rows:
        content["expression"] = np.nan_to_num(person.expression)
    return content


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
