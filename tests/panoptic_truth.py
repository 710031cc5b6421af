"""Panoptic sequences for tests: read plainly, changed, written in their own layout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

FPS = 30000 / 1001


def read_bodies(folder: Path) -> tuple[list[int], dict[int, np.ndarray]]:
    """Frame numbers and per id (frames, 19, 4): centimetres and confidence; NaN."""
    paths = sorted(folder.glob("hdPose3d_stage1_coco19/body3DScene_*.json"))
    frames = [int(path.stem.rpartition("_")[2]) for path in paths]
    found: dict[int, np.ndarray] = {}
    for row, path in enumerate(paths):
        for body in json.loads(path.read_text())["bodies"]:
            blank = np.full((len(paths), 19, 4), np.nan)
            points = found.setdefault(body["id"], blank)
            points[row] = np.reshape(body["joints19"], (19, 4))
    return frames, found


def write_sequence(
    folder: Path,
    name: str,
    frames: Sequence[int],
    bodies: dict[int, np.ndarray],
    *,
    cameras: Sequence[dict] = (),
) -> Path:
    """A sequence folder as the toolbox lays it out; rows of NaN are nobody."""
    sequence = folder / name
    poses = sequence / "hdPose3d_stage1_coco19"
    poses.mkdir(parents=True)
    for row, frame in enumerate(frames):
        there = [
            {"id": i, "joints19": points[row].ravel().tolist()}
            for i, points in bodies.items()
            if np.isfinite(points[row]).all()
        ]
        scene = {
            "version": 0.7,
            "univTime": 1000 * frame / FPS,
            "fpsType": "hd_29_97",
            "bodies": there,
        }
        path = poses / f"body3DScene_{frame:08d}.json"
        path.write_text(json.dumps(scene))
    if cameras:
        calibration = {"calibDataSource": name, "cameras": list(cameras)}
        (sequence / f"calibration_{name}.json").write_text(json.dumps(calibration))
    return sequence


def moved(
    bodies: dict[int, np.ndarray], shift_cm: Sequence[float]
) -> dict[int, np.ndarray]:
    """Bodies elsewhere; missing joints stay as they are."""
    out = {}
    for identity, points in bodies.items():
        there = points.copy()
        there[..., :3] += np.where(points[..., 3:] > 0, shift_cm, 0.0)
        out[identity] = there
    return out
