"""A stick figure that moves in front of a camera, with exact truth."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from hpe_studio.core.camera import FLIP_YZ, Camera, default_camera
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import Skeleton, landmark_set, skeleton
from hpe_studio.motion.fitting import BodyShape, landmarks_camera
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.prior import pose_prior
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

# Offsets from the parent, metres: a synthetic skeleton, no SMPL data.
_OFFSETS_M = """0 0 0 .06 -.09 0 -.06 -.09 0 0 .11 -.02 .04 -.38 0 -.04 -.38 0 0 .13 0
-.01 -.40 -.03 .01 -.40 -.03 0 .05 .02 .04 -.06 .12 -.04 -.06 .12 0 .21 -.03
.08 .12 -.02 -.08 .12 -.02 0 .09 .05 .09 .03 -.01 -.09 .03 -.01 .26 -.01 -.02
-.26 -.01 -.02 .25 .01 0 -.25 .01 0 .08 -.01 -.01 -.08 -.01 -.01"""
_LEGS = ("knee", "ankle")
_SKIN_M = {
    "nose": ("head", (0.0, 0.06, 0.10)),
    "eye": ("head", (0.035, 0.10, 0.08)),
    "ear": ("head", (0.075, 0.08, 0.0)),
    "mouth": ("head", (0.025, 0.02, 0.09)),
    "pinky": ("wrist", (0.09, 0.0, -0.03)),
    "index": ("wrist", (0.10, 0.0, 0.03)),
    "thumb": ("wrist", (0.05, -0.01, 0.05)),
    "heel": ("ankle", (0.0, -0.05, -0.06)),
    "toe": ("foot", (0.0, 0.0, 0.05)),
}
SIZE_PX = (1280, 720)


def stick_model(skeleton_name: str = "smpl24") -> JointModel:
    """The stick figure with two betas: size, and length of the legs."""
    tree = skeleton(skeleton_name)
    stick = np.array(_OFFSETS_M.split(), dtype=float).reshape(24, 3)
    small = skeleton("smpl24").joint_names
    rest = np.zeros((tree.joint_count, 3))
    longer = np.zeros((tree.joint_count, 3))
    for j, name in enumerate(tree.joint_names):
        side = -1.0 if name.startswith("right_") else 1.0
        own = np.array([0.03 * side, 0.0, 0.0])
        offset = stick[small.index(name)] if name in small else own
        leg = offset if name.split("_")[-1] in _LEGS else np.zeros(3)
        parent = tree.parents[j]
        rest[j] = offset + (rest[parent] if parent >= 0 else 0)
        longer[j] = leg + (longer[parent] if parent >= 0 else 0)
    dirs = np.stack([0.05 * rest, 0.08 * longer], axis=-1)
    return JointModel(
        skeleton=tree,
        joints_m=rest,
        joints_shapedirs_m=dirs,
        landmarks={"mediapipe33": _landmarks(tree, rest, dirs)},
    )


def _landmarks(tree: Skeleton, rest: np.ndarray, dirs: np.ndarray) -> Landmarks:
    joints, points = [], []
    for name in landmark_set("mediapipe33").names:
        side = "right_" if name.startswith("right_") else "left_"
        part = "toe" if name.endswith("foot_index") else name.split("_")[-1]
        part = "eye" if part in ("inner", "outer") else part
        if part in _SKIN_M:
            on, offset = _SKIN_M[part]
            joint = tree.index(on if on == "head" else side + on)
            mirror = [-1 if side == "right_" else 1, 1, 1]
            points.append(rest[joint] + np.array(offset) * mirror)
        else:
            joint = tree.index(side + part)
            points.append(rest[joint])
        joints.append(joint)
    count = len(joints)
    return Landmarks(
        name="mediapipe33",
        index=np.arange(count),
        joint=np.array(joints),
        weight=np.ones(count),
        point_m=np.array(points),
        point_shapedirs_m=dirs[joints],
        count=count,
    )


@dataclass(frozen=True, kw_only=True)
class Scene:
    """What is true, and what was seen of it."""

    model: JointModel
    shape: BodyShape
    camera: Camera
    joints_rad: np.ndarray
    root_m: np.ndarray
    tracklet: Tracklet

    def error_mm(self, joints_rad: np.ndarray, root_m: np.ndarray) -> float:
        """Mean root-relative distance of the joints (MPJPE), millimetres."""
        return float(np.nanmean(self.distances_mm(joints_rad, root_m)[:, 1:22]))

    def distances_mm(self, joints_rad: np.ndarray, root_m: np.ndarray) -> np.ndarray:
        """Root-relative distances of the joints, shape (frames, joints)."""
        ours = self._joints(joints_rad, root_m, self.shape)
        true = self._joints(self.joints_rad, self.root_m, self.shape)
        away = (ours - ours[:, :1]) - (true - true[:, :1])
        return 1000 * np.linalg.norm(away, axis=-1)

    def _joints(
        self, joints_rad: np.ndarray, root_m: np.ndarray, shape: BodyShape
    ) -> np.ndarray:
        rest = self.model.rest_joints_m(shape.betas, scale=shape.scale)
        return forward_kinematics(
            self.model.skeleton.parents, rest, joints_rad, root_m
        )[0]

    def seeing(self, **changes: np.ndarray) -> Scene:
        """The same truth, other observations."""
        return replace(self, tracklet=replace(self.tracklet, **changes))


def moving_scene(
    *,
    seed: int = 0,
    frames: int = 60,
    noise_px: float = 0.0,
    noise_m: float = 0.0,
    betas: tuple[float, float] = (0.0, 0.0),
    yaw_rad: float = 0.3,
    camera: Camera | None = None,
    skeleton_name: str = "smpl24",
) -> Scene:
    """A person who moves smoothly within the ranges of the prior, 4 m away."""
    rng = np.random.default_rng(seed)
    model = stick_model(skeleton_name)
    camera = camera or default_camera(SIZE_PX)
    shape = BodyShape(betas=np.array(betas))
    joints_rad = _smooth_poses(rng, model, frames)
    turn = yaw_rad + 0.3 * np.sin(np.linspace(0, 3, frames))
    facing = np.stack([np.zeros(frames), turn, np.zeros(frames)], axis=1)
    joints_rad[:, 0] = rotvec_from_matrix(FLIP_YZ @ matrix_from_rotvec(facing))
    along = np.linspace(-0.3, 0.3, frames)
    root_m = np.stack([along, np.full(frames, -0.1), 4.0 + along], axis=1)
    tracklet = _observed(
        rng, model, shape, camera, joints_rad, root_m, (noise_px, noise_m)
    )
    return Scene(
        model=model,
        shape=shape,
        camera=camera,
        joints_rad=joints_rad,
        root_m=root_m,
        tracklet=tracklet,
    )


def _smooth_poses(
    rng: np.random.Generator, model: JointModel, frames: int
) -> np.ndarray:
    prior = pose_prior(model.skeleton)
    noise = rng.normal(size=(600, model.skeleton.joint_count, 3))
    slow = gaussian_filter1d(noise, 12, axis=0)
    slow = (slow / slow.std(axis=0))[100 : 100 + frames]
    poses = prior.mean_rad + 0.5 * prior.spread_rad * slow
    poses = np.clip(poses, prior.lower_rad + 0.05, prior.upper_rad)
    poses[:, ~prior.known] = 0.0
    return poses


def _observed(
    rng: np.random.Generator,
    model: JointModel,
    shape: BodyShape,
    camera: Camera,
    joints_rad: np.ndarray,
    root_m: np.ndarray,
    noise: tuple[float, float],
) -> Tracklet:
    points = landmarks_camera(model, joints_rad, root_m, shape=shape)
    px = camera.project_camera(points)
    px = px + noise[0] * rng.normal(size=px.shape)
    around_hips = points - points[:, 23:25].mean(1, keepdims=True)
    # Estimators look at a crop as if the camera faced it.
    ray = points.mean(1) / np.linalg.norm(points.mean(1), axis=1, keepdims=True)
    axis = np.cross([0.0, 0.0, 1.0], ray)
    sine = np.linalg.norm(axis, axis=1, keepdims=True)
    turn = matrix_from_rotvec(axis / sine * np.arcsin(sine))
    around_hips = around_hips @ turn
    around_hips = around_hips + noise[1] * rng.normal(size=points.shape)
    frames, count = px.shape[:2]
    return Tracklet(
        start=0,
        points_px=px.astype(np.float32),
        confidence=np.full((frames, count), 0.95, dtype=np.float32),
        outside=np.zeros((frames, count), dtype=np.uint8),
        points_m=around_hips.astype(np.float32),
        boxes_px=np.concatenate([px.min(1), px.max(1)], axis=1).astype(np.float32),
        scores=np.ones(frames, dtype=np.float32),
        appearance=np.zeros(0, dtype=np.float32),
    )
