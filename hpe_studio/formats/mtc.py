"""Monocular Total Capture: `body_3d_frontal/%04d.txt`, one person of the Adam body.

Four lines: translation (3, centimetres), pose (62 joints), shape (30), face (200).
Rotations are written negated. Adam's joints 0-21 are SMPL's; its fingers and shapes are
not, and are left out.

Source: MonocularTotalCapture README ("special notice"), `FitAdam` writers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.formats.smpl_options import FPS_OPTION, SIZE_OPTION, rate_of, size_of
from hpe_studio.formats.smpl_results import (
    MAX_FRAMES,
    PersonRows,
    RestJoints,
    pinhole,
    turned,
)
from hpe_studio.formats.smpl_scene import Notes, assembled, pose_of, reading

SPEC = FormatSpec(
    id="mtc",
    label="Monocular Total Capture results",
    extensions=(".txt",),
    reads=True,
    writes=False,
    reads_folders=True,
    read_options=(FPS_OPTION, SIZE_OPTION),
)

_FOCAL_PX = 2000.0
_FOLDERS = ("body_3d_frontal_tracking", "body_3d_frontal")
_MAX_BYTES = 1024**2
_LINES = (3, 186)
_SHARED_JOINTS = 22


def sniff(path: Path, head: bytes) -> float:
    """Certain where a text file, or the first of a folder, has MTC's lines."""
    if not head and path.is_dir():
        files = _files(path)
        if not files:
            return 0.0
        try:
            head = files[0].read_bytes()[:_MAX_BYTES]
        except OSError:
            return 0.0
    elif path.suffix.lower() != ".txt":
        return 0.0
    lines = head.split(b"\n")[:3]
    return 0.9 if [len(line.split()) for line in lines] == [3, 186, 30] else 0.0


def _files(folder: Path) -> list[Path]:
    for inside in (*(folder / name for name in _FOLDERS), folder):
        files = [p for p in inside.glob("*.txt") if p.stem.isdecimal()]
        if files:
            return sorted(files, key=lambda p: int(p.stem))
    return []


def read(path: Path, *, fps: str = "", size: str = "") -> MotionFile:
    """The person in a folder of Monocular Total Capture, or on one frame.

    Raises:
        StudioError: If it is none or damaged.
    """
    return reading(path, "Monocular Total Capture", lambda: _read(path, fps, size))


def _read(path: Path, fps: str, size: str) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("Monocular Total Capture tells no frame rate; 30 fps was taken")
    files = _files(path) if path.is_dir() else [path]
    if not files:
        raise StudioError("holds no results", path=path, fix="choose another folder")
    first = int(files[0].stem) if path.is_dir() else 0
    offset = min(first, 1)
    if offset:
        notes.assume("File 0001 is the clip's first frame")
    frames = [int(f.stem) - offset for f in files] if path.is_dir() else [0]
    if max(frames) >= MAX_FRAMES:
        raise ValueError("frames beyond any clip")
    size_px = size_of(size) or (1920, 1080)
    camera = pinhole(_FOCAL_PX, (size_px[0] / 2, size_px[1] / 2), source="assumed")
    notes.assume("The camera has a focal length of 2000 px, MTC's own default")
    return assembled(
        path,
        "mtc",
        [_person(files, frames, notes)],
        rate=rate,
        notes=notes,
        camera=lambda _: camera,
        size_px=size_px,
    )


def _person(files: list[Path], frames: list[int], notes: Notes) -> PersonRows:
    found = [_parsed(file) for file in files]
    transl_m = np.stack([values[0] for values in found]) / 100
    pose = -np.stack([values[1].reshape(62, 3) for values in found])
    rest = RestJoints(joint_count=24)
    rest_m = rest.of(np.zeros(10))[0]
    notes.assume(
        *rest.assumed, "The pelvis above Adam's origin is that of the open body"
    )
    return PersonRows(
        name="Person 1",
        person_id="1",
        frames=np.array(frames, dtype=np.int64),
        joints_rad=turned(pose_of([pose[:, :_SHARED_JOINTS]], 24), FLIP_YZ),
        root_scene_m=(transl_m + rest_m[0]) @ FLIP_YZ.T,
        rest_joints_m=rest_m,
        betas=np.zeros(0),
        body="",
    )


def _parsed(file: Path) -> tuple[FloatArray, FloatArray]:
    """Translation (3,) and pose (186,) as written.

    Raises:
        StudioError: If the file has other lines.
    """
    if file.stat().st_size > _MAX_BYTES:
        raise StudioError("is larger than 1 MiB", path=file, fix="check it")
    lines = file.read_bytes().split(b"\n")
    try:
        first, second = (np.array(lines[i].split(), dtype=np.float64) for i in (0, 1))
    except (ValueError, IndexError):
        first = second = np.zeros(0)
    if (len(first), len(second)) != _LINES:
        raise StudioError(
            "has not the lines of Monocular Total Capture",
            path=file,
            fix="choose a folder body_3d_frontal",
        )
    return first, second
