"""Results as simple-romp saves them: `video_results.npz`, or a folder of frames.

Joints are SMPL's 24, relative to `cam_trans`; ROMP's other 47 and the vertices need
SMPL itself and are left out. ROMP's tools believe in one camera (443.4 px on the padded
square of 512): seen through another one people are moved along their rays, so that they
stay where they are in the picture.

Source: simple_romp 1.1.4 `romp/utils.py` (ResultSaver, save_video_results), names,
shapes and types of `romp/main.py`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.skeleton import skeleton
from hpe_studio.formats.npz_files import npz_bytes
from hpe_studio.formats.romp_camera import FOCAL_PX, Picture, picture_of_size
from hpe_studio.formats.smpl_results import PersonRows, turned
from hpe_studio.formats.smpl_write import (
    FOREIGN_BETAS,
    check_is_smpl,
    smpl_betas,
)
from hpe_studio.motion.kinematics import forward_kinematics

People = dict[str, Any]
Frames = dict[int, People]

_BODY = 22
_HANDS = ("left_middle1", "right_middle1")
_TORSO = (1, 2, 16, 17)
_SIZE = (1920, 1080)
_AWAY_M = 3.0
_SAME_FOCAL = 1e-6
_HALF_PX = 256.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RompContent:
    """What is written, and what it means.

    Attributes:
        frames: A dictionary of arrays per frame with somebody, by frame.
        people: The same in the scene of ROMP's camera (Y up), to compare with.
        notes: Sentences a person should know.
    """

    frames: Frames
    people: tuple[PersonRows, ...]
    notes: tuple[str, ...]


def romp_content(motion: MotionFile, path: Path) -> RompContent:
    """People as ROMP would have told of them.

    Args:
        motion: What is to be written.
        path: Where to, for messages.

    Raises:
        StudioError: If a skeleton is none of SMPL's or nobody is before a camera.
    """
    for run in motion.people:
        check_is_smpl(run, path)
    picture = picture_of_size(motion.size_px or _SIZE)
    notes: list[str] = []
    if motion.size_px is None:
        notes.append("The picture is taken as 1920 x 1080 px, as no clip tells")
    motion = _with_camera(motion, picture, notes)
    if any(not run.body for run in motion.people):
        notes.append(FOREIGN_BETAS)
    names = dict.fromkeys(run.person_id for run in motion.people)
    rows = [
        _joined(
            [
                _rows(run, motion, picture, number, notes)
                for run in motion.people
                if run.person_id == name
            ]
        )
        for number, name in enumerate(names)
    ]
    if not any(len(one.frames) for one in rows):
        raise StudioError("shows nobody before the camera", path=path, fix="use AMASS")
    frames: dict[int, list[People]] = {}
    for one in rows:
        for frame, person in _told(one, picture):
            frames.setdefault(frame, []).append(person)
    return RompContent(
        frames={frame: _stacked(frames[frame]) for frame in sorted(frames)},
        people=tuple(rows),
        notes=tuple(dict.fromkeys(notes)),
    )


def write_frames(frames: Frames, folder: Path) -> None:
    """A file per frame with somebody, named as ROMP names them; all or none.

    Raises:
        StudioError: If the folder cannot be written.
    """
    beside = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir()
        for frame, people in frames.items():
            data = npz_bytes({"results": people})
            (beside / f"{frame:08d}.npz").write_bytes(data)
        beside.replace(folder)
    except OSError as error:
        raise StudioError(
            f"cannot be written ({error.strerror})",
            path=folder,
            fix="choose a folder that is not there yet",
        ) from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_video(frames: Frames, path: Path) -> None:
    """Frames by picture name and tracks, as `save_video_results` collects them."""
    tracks: dict[Any, dict[str, list[Any]]] = {}
    for frame, people in frames.items():
        for row, track_id in enumerate(people["track_ids"]):
            track = tracks.setdefault(track_id, {"frame_id": []})
            track["frame_id"].append(frame)
            for key, values in people.items():
                track.setdefault(key, []).append(values[row])
    named = {f"{frame:08d}.png": people for frame, people in frames.items()}
    write_replacing(path, npz_bytes({"results": named, "sequence_results": tracks}))


def _with_camera(motion: MotionFile, picture: Picture, notes: list[str]) -> MotionFile:
    """The motion with a camera: where none is known, one before the people."""
    if motion.cameras:
        return motion
    notes.append("No camera is known; one was placed before the people")
    places = np.concatenate([run.root_scene_m for run in motion.people])
    places = places[np.isfinite(places).all(axis=1)]
    middle = places.mean(axis=0) if len(places) else np.zeros(3)
    nearest = places[:, 2].max() if len(places) else 0.0
    at = np.array([middle[0], middle[1], nearest + _AWAY_M])
    pose = np.column_stack([FLIP_YZ, -FLIP_YZ @ at])
    camera = replace(picture.camera(), camera_from_scene=pose)
    ranges = motion.shots or ((0, motion.frame_count),)
    return replace(motion, cameras=dict.fromkeys(range(len(ranges)), camera))


def _rows(
    run: PersonMotion,
    motion: MotionFile,
    picture: Picture,
    number: int,
    notes: list[str],
) -> PersonRows:
    """A run in the scene of ROMP's camera, on the frames on which it is before it."""
    values = np.concatenate(
        [run.root_scene_m, run.joints_rad.reshape(len(run.joints_rad), -1)], axis=1
    )
    known = np.asarray(np.isfinite(values).all(axis=1))
    frames = run.start + np.flatnonzero(known)
    turns, places = _seen(frames, run.root_scene_m[known], motion, picture, notes)
    pose, rest = _of_smpl(run, known)
    before = np.isfinite(places).all(axis=1) & (places[:, 2] > 0)
    if not before.all():
        notes.append(f"{int((~before).sum())} poses behind the camera were left out")
    pose = turned(turned(pose, turns), FLIP_YZ)
    return PersonRows(
        name=run.name,
        person_id=str(number),
        frames=frames[before],
        joints_rad=pose[before],
        root_scene_m=places[before] @ FLIP_YZ.T,
        rest_joints_m=rest,
        betas=smpl_betas(run, 10),
        body="smpl",
    )


def _joined(runs: list[PersonRows]) -> PersonRows:
    """All runs of one person."""
    return replace(
        runs[0],
        frames=np.concatenate([run.frames for run in runs]),
        joints_rad=np.concatenate([run.joints_rad for run in runs]),
        root_scene_m=np.concatenate([run.root_scene_m for run in runs]),
    )


def _seen(
    frames: IntArray,
    root_scene_m: FloatArray,
    motion: MotionFile,
    picture: Picture,
    notes: list[str],
) -> tuple[FloatArray, FloatArray]:
    """Per frame the turn into the camera's axes, and the pelvis before ROMP's camera.

    Returns:
        Shapes (rows, 3, 3) and (rows, 3).
    """
    goal = picture.camera()
    turns, places = np.zeros((len(frames), 3, 3)), np.full((len(frames), 3), np.nan)
    ranges = motion.shots or ((0, motion.frame_count),)
    for number, (start, stop) in enumerate(ranges):
        camera = motion.cameras.get(number, next(iter(motion.cameras.values())))
        for row in np.flatnonzero((frames >= start) & (frames < stop)).tolist():
            pose = camera.pose(int(frames[row]) - start)
            turns[row] = pose[:, :3]
            places[row] = _through(
                goal, camera, pose[:, :3] @ root_scene_m[row] + pose[:, 3], notes
            )
    return turns, places


def _through(
    goal: Camera, camera: Camera, place_m: FloatArray, notes: list[str]
) -> FloatArray:
    """A place that falls on the same pixel through another camera."""
    k, own = goal.intrinsics, camera.intrinsics
    if np.abs(own / k[0, 0] - k / k[0, 0]).max() < _SAME_FOCAL and not np.any(
        camera.distortion
    ):
        return place_m
    notes.append(
        f"People were moved along their rays for ROMP's camera ({k[0, 0]:.1f} px "
        f"instead of {own[1, 1]:.1f})"
    )
    pixel = camera.project_camera(place_m)
    depth = place_m[2] * k[0, 0] / own[1, 1]
    ray = np.linalg.solve(k, np.append(pixel, 1.0))
    return ray * depth


def _of_smpl(run: PersonMotion, known: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Rotations and rest joints of SMPL's 24; of other bodies hands are at rest."""
    pose, rest = run.joints_rad[known], run.rest_joints_m
    if run.skeleton.joint_count == 24:
        return np.array(pose), rest
    hands = [run.skeleton.index(name) for name in _HANDS]
    still = np.zeros((len(pose), 2, 3))
    return (
        np.concatenate([pose[:, :_BODY], still], axis=1),
        np.concatenate([rest[:_BODY], rest[hands]]),
    )


def _told(rows: PersonRows, picture: Picture) -> Iterator[tuple[int, People]]:
    """One person's values frame by frame, by ROMP's names."""
    pose = turned(rows.joints_rad, FLIP_YZ)
    origin = rows.root_scene_m @ FLIP_YZ.T - rows.rest_joints_m[0]
    roots = np.broadcast_to(rows.rest_joints_m[0], origin.shape)
    parents = skeleton("smpl24").parents
    joints, _ = forward_kinematics(parents, rows.rest_joints_m, pose, roots)
    points = picture.camera().project_camera(joints + origin[:, None])
    scale = FOCAL_PX / _HALF_PX / origin[:, 2]
    middle = points[:, _TORSO].mean(axis=1) - np.subtract(
        picture.centre_px, picture.side_px / 2
    )
    centres = np.nan_to_num(middle * 2 * _HALF_PX / picture.side_px)
    flat = pose.reshape(-1, 72).astype(np.float32)
    for row, frame in enumerate(rows.frames.tolist()):
        cam = scale[row] * np.array([1.0, origin[row, 0], origin[row, 1]])
        yield (
            frame,
            {
                "cam": cam.astype(np.float32),
                "global_orient": flat[row, :3],
                "body_pose": flat[row, 3:],
                "smpl_betas": rows.betas.astype(np.float32),
                "smpl_thetas": flat[row],
                "center_preds": centres[row].astype(np.int64),
                "center_confs": np.ones(1, np.float32),
                "cam_trans": origin[row].astype(np.float32),
                "joints": joints[row].astype(np.float32),
                "pj2d_org": points[row].astype(np.float32),
                "track_ids": np.int32(int(rows.person_id)),
            },
        )


def _stacked(people: list[People]) -> People:
    return {key: np.stack([person[key] for person in people]) for key in people[0]}
