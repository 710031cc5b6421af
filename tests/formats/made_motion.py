"""Known motion in a camera's own axes, from which producers' files are made."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.body.open_body import open_body
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.skeleton import skeleton_for
from hpe_studio.motion.kinematics import forward_kinematics

from .scenes import rest_joints_m


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A person in the axes of a file: pose, pelvis and all joints, exactly."""

    frames: np.ndarray
    joints_rad: np.ndarray
    root_m: np.ndarray
    rest_m: np.ndarray
    places_m: np.ndarray

    @property
    def transl_m(self) -> np.ndarray:
        """SMPL's own translation."""
        return self.root_m - self.rest_m[0]

    @property
    def scene_m(self) -> np.ndarray:
        """Joints in the scene, for files in the camera's axes."""
        return self.places_m @ FLIP_YZ.T


def made(
    *, frames: object = 12, joints: int = 24, seed: int = 0, stick: bool = True,
    at: tuple[float, float, float] = (0.3, 0.2, 5.0), upright: bool = True,
) -> Made:  # fmt: skip
    """A person who moves; rest joints of the stick figure or of the open body."""
    rng = np.random.default_rng(seed)
    numbers = np.arange(frames) if isinstance(frames, int) else np.asarray(frames)
    count = len(numbers)
    steps = np.cumsum(rng.normal(0, 0.05, (count, joints, 3)), axis=0)
    pose = rng.normal(0, 0.3, (joints, 3)) + steps
    if joints == 24:
        pose[:, 22:] = 0
    if upright:  # of a person seen by a camera whose y points down
        pose[:, 0] = [np.pi - 0.2, 0.1, 0.05] + steps[:, 0]
    root = np.array(at) + np.cumsum(rng.normal(0, 0.02, (count, 3)), axis=0)
    bones = skeleton_for(joints)
    if stick:
        rest = rest_joints_m(bones.name) + np.array([0.0, -0.24, 0.03])
    else:
        rest = open_body(joints).joint_model.joints_m.astype(np.float64)
    places, _ = forward_kinematics(bones.parents, rest, pose, root)
    return Made(
        frames=numbers, joints_rad=pose, root_m=root, rest_m=rest, places_m=places
    )


def scene_places(run: object) -> np.ndarray:
    """Joints of a run that was read, in the scene."""
    return forward_kinematics(
        run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
    )[0]


def assert_same_motion(run: object, places_scene_m: np.ndarray, *, atol=1e-5) -> None:
    """The run's joints are at the places on the frames where it has any."""
    present = np.isfinite(run.root_scene_m[:, 0])
    np.testing.assert_allclose(
        scene_places(run)[present], places_scene_m, rtol=0, atol=atol
    )
