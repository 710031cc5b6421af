"""Panoptic sequences made here: layout, byte layout and geometry of the real ones."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.core.camera import FLIP_YZ, Camera, default_camera
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.formats.calibration_panoptic import write_cameras
from tests.clips import write_movie
from tests.motion.point_scene import moving_points

NAME = "170101_made1"
STEP_MS = {"hd": 1001 / 30, "vga": 40.0}
RATE = {"hd": "hd_29_97", "vga": "vga_25"}


def dome_camera(name: str, angle_rad: float, size_px=(320, 180)) -> CalibratedCamera:
    """A camera 3 m from the middle of the dome, 1 m up, looking at it."""
    place = np.array([3 * np.sin(angle_rad), 1.0, 3 * np.cos(angle_rad)])
    forward = (np.array([0.0, 0.9, 0.0]) - place) / np.linalg.norm(place)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    turn = np.stack([right, np.cross(forward, right), forward])
    lens = default_camera(size_px, fov_deg=75)
    camera = Camera(
        intrinsics=lens.intrinsics,
        distortion=np.array([-0.2, 0.1, 0.001, -0.001, 0.02]),
        camera_from_scene=np.hstack([turn, -turn @ place[:, None]]),
        source="calibration",
    )
    kind = "hd" if name.startswith("00_") else "vga"
    return CalibratedCamera(name=name, kind=kind, size_px=size_px, camera=camera)


def write_calibration(
    folder: Path,
    cameras: Iterable[str],
    name: str = NAME,
    size_px: tuple[int, int] = (320, 180),
) -> Path:
    path = folder / f"calibration_{name}.json"
    rig = [dome_camera(camera, 0.7 * i, size_px) for i, camera in enumerate(cameras)]
    write_cameras(rig, path, source="made")
    return path


def joints_text(joints_m: np.ndarray, confidence: float = 0.5) -> list[float]:
    """Flat x, y, z, c in the file's centimetres; NaN rows as the data set has them."""
    rows = []
    for place in joints_m:
        if np.isnan(place).any():
            rows += [0, 0, 0, -1]
        else:
            rows += [*(place @ FLIP_YZ * 100).round(4).tolist(), confidence]
    return rows


def body_file(bodies: Mapping[int, np.ndarray], frame: int, clock: str = "hd") -> bytes:
    """Bytes of a body3DScene file: spaces before colons, several lines."""
    entries = [
        f'{{ "id": {who},\n"joints{len(joints)}": {json.dumps(joints_text(joints))}\n}}'
        for who, joints in bodies.items()
    ]
    time_ms = 42291.0 + frame * STEP_MS[clock]
    head = f'{{ "version": 0.7, \n"univTime" :{time_ms:.3f},\n'
    head += f'"fpsType" :"{RATE[clock]}",\n"bodies" :\n[\n'
    return (head + ",\n".join(entries) + "\n]\n}").encode()


def landmarks_text(points_m: np.ndarray) -> dict[str, list[float]]:
    flat = (points_m @ FLIP_YZ * 100).reshape(-1)
    count = len(points_m)
    return {"landmarks": flat.tolist(), "averageScore": [0.6] * count}


def hand_file(people: list[dict]) -> bytes:
    return json.dumps({"people": people}).encode()


def write_frames(
    folder: Path, kind: str, files: Mapping[int, bytes], *, as_tar: bool = False
) -> Path:
    """Frame files in their folder, or in a tar as the server has it."""
    stem = {"hdFace3d": "faceRecon3D_hd", "hdHand3d": "handRecon3D_hd"}
    names = {f: f"{stem.get(kind, 'body3DScene_')}{f:08d}.json" for f in files}
    if not as_tar:
        (folder / kind).mkdir(parents=True, exist_ok=True)
        for frame, data in files.items():
            (folder / kind / names[frame]).write_bytes(data)
        return folder / kind
    path = folder / f"{kind}.tar"
    with tarfile.open(path, "w") as packed:
        for frame, data in files.items():
            info = tarfile.TarInfo(f"{kind}/{names[frame]}")
            info.size = len(data)
            packed.addfile(info, io.BytesIO(data))
    return path


def made_sequence(
    folder: Path,
    *,
    name: str = NAME,
    first: int = 3,
    frames: int = 12,
    cameras: tuple[str, ...] = ("00_00", "00_01", "00_02"),
    as_tar: bool = False,
    movies: bool = True,
    movie_frames: int = 20,
) -> tuple[Path, np.ndarray]:
    """A sequence of one person (id 4): its folder and the joints, metres.

    Returns:
        Joints of shape (frames, 19, 3); row i is HD frame `first` + i.
    """
    sequence = folder / name
    sequence.mkdir(parents=True)
    write_calibration(sequence, cameras, name)
    joints = moving_points(frames=frames).points_m
    files = {first + i: body_file({4: joints[i]}, first + i) for i in range(frames)}
    write_frames(sequence, "hdPose3d_stage1_coco19", files, as_tar=as_tar)
    if movies:
        (sequence / "hdVideos").mkdir()
        for camera in cameras:
            write_movie(
                sequence / f"hdVideos/hd_{camera}.mp4",
                "libx264",
                frames=movie_frames,
                size=(320, 180),
                fps=Fraction(30000, 1001),
            )
    return sequence, joints
