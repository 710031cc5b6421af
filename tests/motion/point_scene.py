"""The shipped body in motion, and where its points are: exact truth for fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from hpe_studio.body import open_body
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.motion.hand_prior import with_hands
from hpe_studio.motion.point_fitting import fitted_points_m
from hpe_studio.motion.prior import pose_prior


@dataclass(frozen=True, kw_only=True)
class PointScene:
    """A motion and the points that it gives."""

    model: JointModel
    landmarks: Landmarks
    betas: np.ndarray
    scale: float
    joints_rad: np.ndarray
    root_m: np.ndarray
    points_m: np.ndarray

    def places_m(self, joints_rad, root_m, betas, scale) -> np.ndarray:
        """A set's points of another motion, shape (frames, points, 3)."""
        return fitted_points_m(
            self.model, self.landmarks, joints_rad, root_m, betas=betas, scale=scale
        )


def moving_points(
    *,
    seed: int = 0,
    frames: int = 60,
    landmarks: Landmarks | None = None,
    joint_count: int = 24,
    betas: tuple[float, ...] = (),
    scale: float = 1.0,
    noise_m: float = 0.0,
) -> PointScene:
    """A person who moves within the ranges of the prior, turning on the spot."""
    rng = np.random.default_rng(seed)
    model = open_body(joint_count).joint_model
    marks = landmarks or model.landmarks["coco19"]
    prior = with_hands(pose_prior(model.skeleton), model.skeleton)
    slow = gaussian_filter1d(rng.normal(size=(600, *prior.mean_rad.shape)), 12, axis=0)
    slow = (slow / slow.std(axis=0))[100 : 100 + frames]
    poses = prior.mean_rad + 0.5 * prior.spread_rad * slow
    poses = np.clip(poses, prior.lower_rad + 0.05, prior.upper_rad)
    poses[:, ~prior.known] = 0.0
    poses[:, 0] = np.linspace((0.05, 2.0, 0.0), (0.05, 3.5, 0.0), frames)
    root_m = np.linspace((0.4, 0.95, -1.0), (1.1, 0.9, -0.6), frames)
    shape = np.zeros(model.beta_count)
    shape[: len(betas)] = betas
    points = fitted_points_m(model, marks, poses, root_m, betas=shape, scale=scale)
    return PointScene(
        model=model,
        landmarks=marks,
        betas=shape,
        scale=scale,
        joints_rad=poses,
        root_m=root_m,
        points_m=points + noise_m * rng.normal(size=points.shape),
    )
