"""A made scene: people of the open body who move as real motion does, and cameras."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import open_body
from hpe_studio.body.skinning import skin
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.formats.calibration import CalibratedCamera
from hpe_studio.motion.interpolation import resample
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.workflow.mapping import on_body
from hpe_studio.workflow.reading import read_motion

_APART_M = 0.85
_GOLDEN_RAD = math.radians(137.5)
_RING_M, _NEAR_M = 4.0, 1.9
_HEIGHTS_M = (1.5, 1.1, 2.2, 1.8)
_AIM_M, _NEAR_AIM_M = 0.95, 1.5
_SHAPE_SPREAD = 0.6
_FLOOR_SAMPLES = 12


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Actor:
    """Someone in a made scene.

    Attributes:
        joints_rad: Parent-space rotation vectors on the open body, shape
            (frames, joints, 3).
        root_scene_m: Pelvis joint, shape (frames, 3), metres; the floor is y = 0.
        betas, scale: Body shape.
    """

    joints_rad: FloatArray
    root_scene_m: FloatArray
    betas: FloatArray
    scale: float


def actors_of(
    motions: Sequence[Path], *, people: int, fps: Fraction, seed: int
) -> tuple[Actor, ...]:
    """People who share a floor, each with a shape, place and heading of their own.

    Args:
        motions: Motion files, taken in turn.
        people: How many.
        fps: Frame rate of the scene; motion is resampled by time.
        seed: Of the shapes.

    Raises:
        StudioError: If a motion cannot be read or holds nobody.
    """
    rng = np.random.default_rng(seed)
    read = [_motion_of(path, fps) for path in motions]
    frames = min(len(run.joints_rad) for run in read)
    count = open_body().beta_count
    actors: list[Actor] = []
    for number in range(people):
        run = read[number % len(read)]
        betas = _SHAPE_SPREAD * rng.normal(size=count)
        actor = Actor(
            joints_rad=run.joints_rad[:frames],
            root_scene_m=run.root_scene_m[:frames],
            betas=betas,
            scale=run.scale,
        )
        actors.append(_placed(actor, number, people))
    return tuple(actors)


def cameras_of(
    count: int, size_px: tuple[int, int], *, truncated: bool
) -> tuple[CalibratedCamera, ...]:
    """Cameras on a ring that look at the middle, named as Panoptic's HD cameras.

    Args:
        count: How many.
        size_px: Width and height of their pictures.
        truncated: Every second one, the first included, stands so near that people are
            cut off.
    """
    cameras: list[CalibratedCamera] = []
    for number in range(count):
        turn = math.tau * number / count + math.radians(35)
        is_near = truncated and number % 2 == 0
        reach = _NEAR_M if is_near else _RING_M
        eye = np.array(
            [
                reach * math.sin(turn),
                _HEIGHTS_M[number % len(_HEIGHTS_M)],
                reach * math.cos(turn),
            ]
        )
        aim = np.array([0.0, _NEAR_AIM_M if is_near else _AIM_M, 0.0])
        cameras.append(
            CalibratedCamera(
                name=f"00_{number:02d}",
                kind="hd",
                size_px=size_px,
                camera=_looking(eye, aim, size_px),
            )
        )
    return tuple(cameras)


def _motion_of(path: Path, fps: Fraction) -> PersonMotion:
    """A file's first person on the open body, at the scene's rate, without gaps."""
    motion = read_motion(path, {})
    if not motion.people:
        raise StudioError("holds no motion of bones", path=path, fix="choose another")
    run = on_body(motion.people[0], open_body().joint_model)
    known = np.flatnonzero(np.isfinite(run.root_scene_m).all(axis=1))
    if not len(known):
        raise StudioError("holds nobody", path=path, fix="choose another")
    times_s = known / float(motion.fps)
    wanted = np.arange(times_s[0], times_s[-1] + 1e-9, float(1 / fps))
    joints_rad, root_m = resample(
        run.joints_rad[known],
        run.root_scene_m[known],
        from_times_s=times_s,
        to_times_s=wanted,
    )
    return replace(run, joints_rad=joints_rad, root_scene_m=root_m)


def _placed(actor: Actor, number: int, people: int) -> Actor:
    """Someone at a place of their own, turned, with the lowest step on the floor."""
    turn = np.array([0.0, number * _GOLDEN_RAD, 0.0])
    rotation = matrix_from_rotvec(turn)
    joints_rad = actor.joints_rad.copy()
    joints_rad[:, 0] = rotvec_from_matrix(
        rotation @ matrix_from_rotvec(joints_rad[:, 0])
    )
    root_m = actor.root_scene_m @ rotation.T
    root_m = root_m - root_m.mean(axis=0) * [1, 0, 1]
    around = math.tau * number / max(people, 1)
    away = _APART_M if people > 1 else 0.0
    root_m += away * np.array([math.sin(around), 0.0, math.cos(around)])
    placed = replace(actor, joints_rad=joints_rad, root_scene_m=root_m)
    root_m[:, 1] -= _lowest_m(placed)
    return placed


def _lowest_m(actor: Actor) -> float:
    """Height of the lowest skin over some frames, metres."""
    frames = np.linspace(0, len(actor.joints_rad) - 1, _FLOOR_SAMPLES).astype(int)
    frames = np.unique(frames)
    posed = skin(
        open_body(),
        actor.joints_rad[frames],
        root_m=actor.root_scene_m[frames],
        betas=actor.betas,
        scale=actor.scale,
    )
    return float(posed.vertices_m[..., 1].min())


def _looking(eye_m: FloatArray, aim_m: FloatArray, size_px: tuple[int, int]) -> Camera:
    """A camera at a place that looks at another, upright."""
    ahead = (aim_m - eye_m) / np.linalg.norm(aim_m - eye_m)
    right = np.cross(ahead, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    rotation = np.stack([right, np.cross(ahead, right), ahead])
    return replace(
        default_camera(size_px, source="calibration"),
        camera_from_scene=np.hstack([rotation, (-rotation @ eye_m)[:, None]]),
    )
