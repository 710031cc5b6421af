"""4D-Humans and PHALP: a compressed pickle with a dictionary per frame.

Each frame has lists over people; `tracked_time` above 0 means that somebody was only
remembered. Rotations are matrices, the camera has 5000 px of focal length on a square
of 256 px around the picture, and joints are relative to `camera`.

Source: PHALP `trackers/PHALP.py`, `models/hmar/hmr.py` (get_3d_parameters).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import FormatSpec
from hpe_studio.core.unpickle import read_pickle
from hpe_studio.formats.result_names import names_in
from hpe_studio.formats.romp_camera import picture_of_size
from hpe_studio.formats.romp_frames import numbered
from hpe_studio.formats.smpl_options import (
    BODY_OPTION,
    FPS_OPTION,
    SIZE_OPTION,
    body_path_of,
    rate_of,
    size_of,
)
from hpe_studio.formats.smpl_results import (
    PersonRows,
    RestJoints,
    mean_betas,
    numbers,
    rest_from_posed_m,
    rotvecs,
    turned,
)
from hpe_studio.formats.smpl_scene import Notes, assembled, dictionary, reading

SPEC = FormatSpec(
    id="phalp",
    label="4D-Humans and PHALP results",
    extensions=(".pkl",),
    reads=True,
    writes=False,
    read_options=(FPS_OPTION, SIZE_OPTION, BODY_OPTION),
)

_FOCAL_ON_512_PX = 5000 * 512 / 256


def sniff(path: Path, head: bytes) -> float:
    """Certain where PHALP's keys are in the pickle."""
    names = names_in(path, head)
    if {"tracked_time", "tid"} <= names:
        return 0.95 if "smpl" in names else 0.5
    return 0.0


def read(path: Path, *, fps: str = "", size: str = "", body: str = "") -> MotionFile:
    """Everybody in a file of 4D-Humans or PHALP.

    Raises:
        StudioError: If it is none, damaged or hostile.
    """
    content = read_pickle(path)
    return reading(
        path, "PHALP", lambda: _read(path, dictionary(content), fps, size, body)
    )


def _read(
    path: Path, content: dict[Any, Any], fps: str, size: str, body: str
) -> MotionFile:
    notes = Notes()
    rate, is_assumed = rate_of(fps)
    if is_assumed:
        notes.assume("PHALP tells no frame rate; 30 fps was taken")
    frames = _frames(content)
    size_px = size_of(size) or _size(frames)
    if size_px is None:
        size_px = (1920, 1080)
        notes.assume("The picture is 1920 x 1080 px, as the file does not tell")
    rest = RestJoints(joint_count=24, body_path=body_path_of(body))
    camera = picture_of_size(size_px).camera(_FOCAL_ON_512_PX)
    notes.assume(
        "The camera has the long focal length of PHALP, so that people are far away"
    )
    return assembled(
        path,
        "phalp",
        _people(frames, rest, notes),
        rate=rate,
        notes=notes,
        camera=lambda _: camera,
        size_px=size_px,
        frame_count=max(frames, default=-1) + 1,
    )


def _frames(content: dict[Any, Any]) -> dict[int, dict[str, Any]]:
    """Frames by number: as told, else in the order of their pictures' names."""
    frames = {str(name): dictionary(frame) for name, frame in content.items()}
    told: list[Any] = [frame.get("time") for frame in frames.values()]
    times = [int(t) for t in told if np.asarray(t).dtype.kind == "i"]
    if len(times) == len(frames) == len(set(times)) and min(times, default=0) >= 0:
        return dict(zip(times, frames.values(), strict=True))
    order, foreign = numbered(frames)
    names = [*order, *foreign]
    return {number: frames[name] for number, name in enumerate(names)}


def _size(frames: dict[int, dict[str, Any]]) -> tuple[int, int] | None:
    """Width and height; PHALP tells (height, width) per person."""
    for frame in frames.values():
        for value in frame.get("size", ()):
            height, width = (int(v) for v in np.asarray(value).reshape(-1)[:2])
            if 0 < height < 100_000 and 0 < width < 100_000:
                return width, height
    return None


def _people(
    frames: dict[int, dict[str, Any]], rest: RestJoints, notes: Notes
) -> Iterator[PersonRows]:
    rows: dict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    for number, frame in sorted(frames.items()):
        for row, identity in enumerate(frame["tid"]):
            if int(frame["tracked_time"][row]) > 0 or row >= len(frame["smpl"]):
                continue
            person: dict[str, Any] = {"smpl": dictionary(frame["smpl"][row])}
            person["camera"] = np.asarray(frame["camera"][row]).reshape(-1)
            if len(frame.get("3d_joints", ())) > row:
                person["joints"] = np.asarray(frame["3d_joints"][row])
            rows[str(int(identity))].append((number, person))
    for number, (identity, found) in enumerate(rows.items(), start=1):
        yield _person(f"Person {number}", identity, found, rest, notes)


def _person(
    name: str,
    identity: str,
    found: list[tuple[int, dict[str, Any]]],
    rest: RestJoints,
    notes: Notes,
) -> PersonRows:
    def gathered(key: str, joints: int) -> FloatArray:
        values = [np.asarray(p["smpl"][key]) for _, p in found]
        return rotvecs(np.stack(values), joints, name=key)

    pose = np.concatenate(
        [gathered("global_orient", 1), gathered("body_pose", 23)], axis=1
    )
    betas = np.stack([np.asarray(p["smpl"]["betas"]).reshape(-1) for _, p in found])
    camera = numbers(np.stack([p["camera"] for _, p in found]), 3, name="camera")
    rest_m = np.median(rest.of(betas), axis=0)
    pelvis = rest.of(betas)[:, 0]
    joints = [p["joints"] for _, p in found if "joints" in p]
    if len(joints) == len(found) and all(j.shape == joints[0].shape for j in joints):
        pelvis, rest_m = _from_joints(np.stack(joints), pose, rest_m)
    notes.assume(*rest.assumed)
    return PersonRows(
        name=name,
        person_id=identity,
        frames=np.array([number for number, _ in found], dtype=np.int64),
        joints_rad=turned(pose, FLIP_YZ),
        root_scene_m=(camera + pelvis) @ FLIP_YZ.T,
        rest_joints_m=rest_m,
        betas=mean_betas(betas),
        body="smpl",
    )


_OF_BODY_25 = {
    0: 8, 1: 12, 2: 9, 4: 13, 5: 10, 7: 14, 8: 11, 12: 1, 16: 5, 17: 2, 18: 6, 19: 3,
    20: 7, 21: 4,
}  # fmt: skip
"""SMPL's joints within the 25 of OpenPose that HMR2 puts first."""


def _from_joints(
    joints_m: FloatArray, pose: FloatArray, rest_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Pelvis per row, and rest joints with the bones that the joints tell.

    Hips, knees and ankles, elbows and wrists are told; the rest keeps the body's.
    """
    if joints_m.ndim != 3 or joints_m.shape[1] < 25 or joints_m.shape[2] != 3:
        raise ValueError(f"3d_joints has shape {joints_m.shape[1:]}")
    parents = skeleton("smpl24").parents
    posed = np.full((len(joints_m), 24, 3), np.nan)
    for joint, place in _OF_BODY_25.items():
        posed[:, joint] = joints_m[:, place]
    solved = rest_from_posed_m(parents, pose, posed)
    out = np.array(rest_m)
    for joint, parent in enumerate(parents):
        if parent < 0:
            continue
        bone = rest_m[joint] - rest_m[parent]
        if joint in _OF_BODY_25 and parent in _OF_BODY_25:
            bone = _told(solved, joint, parent, bone)
        out[joint] = out[parent] + bone
    return posed[:, 0], out


def _told(
    solved: FloatArray, joint: int, parent: int, otherwise: FloatArray
) -> FloatArray:
    bone: FloatArray = solved[joint] - solved[parent]
    return bone if np.isfinite(bone).all() else otherwise
