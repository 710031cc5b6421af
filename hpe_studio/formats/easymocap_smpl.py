"""EasyMocap: SMPL, SMPL-H and SMPL-X per frame in a folder of json files.

EasyMocap turns bodies about the origin (V = R(Rh) X + Th); SMPL turns about the pelvis
at rest, J0. So the pelvis lies at Th + R(Rh) J0.

Source: EasyMocap `doc/02_output.md`, `easymocap/mytools/writer.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.formats.romp_frames import numbered
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    body_path_of,
    rate_of,
)
from hpe_studio.formats.smpl_results import (
    MAX_FRAMES,
    PersonRows,
    RestJoints,
    mean_betas,
    numbers,
    turned,
)
from hpe_studio.formats.smpl_scene import (
    AXES_OPTION,
    Notes,
    assembled,
    pose_of,
    reading,
    upright,
)
from hpe_studio.motion.rotations import matrix_from_rotvec

SPEC = FormatSpec(
    id="easymocap",
    label="EasyMocap bodies",
    extensions=(".json",),
    reads=True,
    writes=False,
    reads_folders=True,
    read_options=(FPS_OPTION, AXES_OPTION, BODY_OPTION),
)

_MAX_BYTES = 64 * 1024**2
_HEAD_BYTES = 4096

_Person = dict[str, Any]


def sniff(path: Path, head: bytes) -> float:
    """Certain where the head has rotation, translation and pose by their names."""
    if not head and path.is_dir():
        first = next(iter(_files(path)), None)
        if first is None:
            return 0.0
        with first.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    if head.lstrip()[:1] not in (b"[", b"{"):
        return 0.0
    return 0.95 if b'"Rh"' in head and b'"Th"' in head else 0.0


def _files(folder: Path) -> list[Path]:
    """Json files of the folder, or of the one within that EasyMocap makes."""
    for inside in (folder, folder / "smpl", folder / "smplx", folder / "smplh"):
        files = sorted(inside.glob("*.json")) if inside.is_dir() else []
        if files:
            return files
    return []


def read(
    path: Path, *, fps: str = "", axes: str = "auto", body: str = ""
) -> MotionFile:
    """Everybody in a folder or file of EasyMocap.

    Raises:
        StudioError: If it is none or damaged.
    """
    return reading(path, "EasyMocap", lambda: _read(path, fps, axes, body))


def _read(path: Path, fps: str, axes: str, body: str) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("EasyMocap tells no frame rate; 30 fps was taken")
    people: dict[str, list[tuple[int, _Person]]] = defaultdict(list)
    for number, file in _numbered_files(path, notes):
        for person in _people_of(file):
            people[str(person.get("id", person.get("personID", 0)))].append(
                (number, person)
            )
    roots = [numbers(p["Rh"], 3, name="Rh") for of in people.values() for _, p in of]
    turn = upright(np.concatenate(roots or [np.zeros((0, 3))]), axes, notes)
    return assembled(
        path,
        "easymocap",
        _rows(people, turn, body_path_of(body), notes),
        rate=rate,
        notes=notes,
    )


def _numbered_files(path: Path, notes: Notes) -> list[tuple[int, Path]]:
    if not path.is_dir():
        return [(0, path)]
    files = {file.name: file for file in _files(path)}
    order, foreign = numbered(files)
    if foreign:
        notes.warnings.append(f"{len(foreign)} files of something else were left out")
    if max(order.values(), default=0) >= MAX_FRAMES:
        raise ValueError("frames beyond any clip")
    return [(number, files[name]) for name, number in order.items()]


def _people_of(file: Path) -> list[_Person]:
    if file.stat().st_size > _MAX_BYTES:
        raise StudioError("is larger than 64 MiB", path=file, fix="check it")
    try:
        content: Any = msgspec.json.decode(file.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise StudioError(
            f"is no readable JSON ({error})", path=file, fix="export it again"
        ) from None
    if isinstance(content, dict):
        whole = cast("_Person", content)
        return list(whole.get("annots", [whole]))
    return list(content)


def _rows(
    people: dict[str, list[tuple[int, _Person]]],
    turn: FloatArray,
    body: Path | None,
    notes: Notes,
) -> Iterator[PersonRows]:
    for identity, found in people.items():
        pose, name = _pose([person for _, person in found], notes)
        rest = RestJoints(joint_count=pose.shape[1], body_path=body)
        notes.assume(*rest.assumed)
        betas = np.stack([np.ravel(p["shapes"]) for _, p in found]).astype(np.float64)
        th = np.concatenate([numbers(p["Th"], 3, name="Th") for _, p in found])
        rest_m = rest.of(betas)
        root = matrix_from_rotvec(pose[:, 0])
        pelvis = th + np.einsum("rij,rj->ri", root, rest_m[:, 0])
        yield PersonRows(
            name=f"Person {identity}",
            person_id=identity,
            frames=np.array([number for number, _ in found], dtype=np.int64),
            joints_rad=turned(pose, turn),
            root_scene_m=pelvis @ turn.T,
            rest_joints_m=np.median(rest_m, axis=0),
            betas=mean_betas(betas),
            body=name,
            expression=_expression([person for _, person in found]),
        )


def _pose(people: list[_Person], notes: Notes) -> tuple[FloatArray, str]:
    """Rotations of all joints with Rh as the root's, and whose they are."""
    root = np.concatenate([numbers(p["Rh"], 3, name="Rh") for p in people])[:, None]
    listed: list[FloatArray] = [np.ravel(p["poses"]) for p in people]
    poses = np.stack(listed).astype(np.float64)
    width = poses.shape[1]
    if width in (69, 72):  # the root left out, or zero
        body = poses[:, width - 69 :].reshape(-1, 23, 3)
        return pose_of([root, body], 24), "smpl"
    body = poses[:, 3:66].reshape(-1, 21, 3)
    if width in (78, 87):
        notes.assume("Fingers are straight, as their coefficients need the body file")
    if width == 78:
        return pose_of([root, body], 52), "smplh"
    if width == 87:
        return pose_of([root, body, poses[:, 78:].reshape(-1, 3, 3)], 55), "smplx"
    if width in (156, 165):
        joints = width // 3
        rest = poses[:, 3:].reshape(-1, joints - 1, 3)
        return pose_of([root, rest], joints), "smplh" if joints == 52 else "smplx"
    raise ValueError(f"poses of {width} values")


def _expression(people: list[_Person]) -> FloatArray | None:
    if not all("expression" in person for person in people):
        return None
    return np.stack([np.ravel(p["expression"]) for p in people]).astype(np.float64)
