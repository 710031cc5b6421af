"""TRAM: a folder with `camera.npy` and `hps/hps_track_*.npy`, or one such track.

Source: TRAM `scripts/estimate_humans.py`, `scripts/visualize_tram.py` (people in the
camera's axes; world_cam_R, world_cam_T take them to the world).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_npy
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
    frame_numbers,
    numbers,
    pinhole,
    rotvecs,
)
from hpe_studio.formats.smpl_scene import (
    Notes,
    assembled,
    dictionary,
    person_rows,
    reading,
)
from hpe_studio.formats.smpl_world import as_filmed, told_lens

SPEC = FormatSpec(
    id="tram",
    label="TRAM results",
    extensions=(".npy",),
    reads=True,
    writes=False,
    reads_folders=True,
    read_options=(FPS_OPTION, SIZE_OPTION, SPACE_OPTION, BODY_OPTION),
)

_NPY_HEAD = b"\x93NUMPY"


def sniff(path: Path, head: bytes) -> float:
    """Certain where TRAM's keys are in the file, or its tracks in the folder."""
    if not head and path.is_dir():
        return 0.95 if any(_tracks(path)) else 0.0
    if head.startswith(_NPY_HEAD) and "pred_rotmat" in names_in(path, head):
        return 0.95
    return 0.0


def _tracks(folder: Path) -> list[Path]:
    inside = folder / "hps" if (folder / "hps").is_dir() else folder
    return sorted(inside.glob("hps_track_*.npy"))


def read(
    path: Path, *, fps: str = "", size: str = "", space: str = "camera", body: str = ""
) -> MotionFile:
    """Everybody in a folder of TRAM, or the person of one track.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    files = _tracks(path) if path.is_dir() else [path]
    if not files:
        raise StudioError("holds no tracks of TRAM", path=path, fix="choose another")
    camera_file = _camera_file(path)
    camera = None if camera_file is None else read_npy(camera_file)
    tracks = {file.stem.rpartition("_")[2]: read_npy(file) for file in files}
    settings = _Settings(fps=fps, size=size, space=space, body=body)
    return reading(path, "TRAM", lambda: _read(path, tracks, camera, settings))


def _camera_file(path: Path) -> Path | None:
    folder = path if path.is_dir() else path.parent
    places = (folder / "camera.npy", folder.parent / "camera.npy")
    return next((place for place in places if place.is_file()), None)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Settings:
    fps: str
    size: str
    space: str
    body: str


def _read(
    path: Path, tracks: dict[str, Any], camera: Any, settings: _Settings
) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(settings.fps)
    if is_assumed:
        notes.assume("TRAM tells no frame rate; 30 fps was taken")
    size_px = size_of(settings.size)
    values = {} if camera is None else dictionary(camera)
    if not values and size_px is None:
        size_px = (1920, 1080)
        notes.assume("There is no camera.npy; 1920 x 1080 px and 60 degrees were taken")
    pinned, size_px = _pinhole(values, size_px)
    rest = RestJoints(joint_count=24, body_path=body_path_of(settings.body))
    notes.assume(*rest.assumed)
    people = list(_people(tracks, rest))
    world = None
    if settings.space == "world":
        if "world_cam_R" not in values:
            raise ValueError("without camera.npy there is no world")
        world = values["world_cam_R"], values["world_cam_T"]
    people, filming = as_filmed(people, pinned, world, notes)
    return assembled(
        path,
        "tram",
        people,
        rate=rate,
        notes=notes,
        camera=filming,
        size_px=size_px,
    )


def _pinhole(
    values: dict[Any, Any], size_px: tuple[int, int] | None
) -> tuple[Camera, tuple[int, int]]:
    if not values:
        width, height = size_px or (1920, 1080)
        focal = max(width, height) / 2 / np.tan(np.radians(30))
        middle = (width / 2, height / 2)
        return pinhole(focal, middle, source="assumed"), (width, height)
    lens, told = told_lens(values)
    return lens, size_px or told


def _people(tracks: dict[str, Any], rest: RestJoints) -> Iterator[PersonRows]:
    for number, (identity, track) in enumerate(tracks.items(), start=1):
        values = dictionary(track)
        pose = rotvecs(values["pred_rotmat"], 24, name="pred_rotmat")
        transl: FloatArray = np.asarray(values["pred_trans"]).reshape(len(pose), 3)
        yield person_rows(
            f"Person {number}",
            frame_numbers(values["frame"]),
            pose,
            numbers(transl, 3, name="pred_trans"),
            numbers(values["pred_shape"], 10, name="pred_shape"),
            rest,
            turn=FLIP_YZ,
            body="smpl",
            person_id=identity,
        )
