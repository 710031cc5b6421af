"""Observations and a body, prepared for the fit's compiled loop."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.motion.fitting_arrays import (
    BodyArrays,
    PriorArrays,
    SeenArrays,
    active_columns,
)
from hpe_studio.motion.hand_prior import prior_for
from hpe_studio.motion.kinematics import landmark_offsets_m


@dataclass(frozen=True, kw_only=True, slots=True)
class FitOptions:
    """What the fit trusts how much; lengths in metres at the person's depth.

    Attributes:
        spread_px_m: Usual 2D error.
        spread_m: Usual 3D error across and along the view ray.
        robust_px_m: 2D errors well beyond this no longer pull.
        robust_m: The same in 3D.
        confidence_min: Points trusted less have no 2D weight.
        prior_weight: Strength of the pose prior.
        shape_weight: Strength of the shape prior, per frame of evidence.
        tie_weight: Strength of the tie to the frame before.
        settle_weight: Strength of the tie to the frames on both sides.
        settle_sweeps: How often all frames are fitted again between their neighbours.
        root_step_m: Usual way of the root within 1/30 s, across and along the ray.
        tolerance: A frame is done when a step gains less than this part of the cost.
    """

    spread_px_m: float = 0.015
    spread_m: tuple[float, float] = (0.05, 0.07)
    robust_px_m: float = 0.10
    robust_m: float = 0.20
    confidence_min: float = 0.3
    prior_weight: float = 0.3
    shape_weight: float = 0.3
    tie_weight: float = 0.3
    settle_weight: float = 1.0
    settle_sweeps: int = 2
    root_step_m: tuple[float, float] = (0.06, 0.06)
    tolerance: float = 1e-3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BodyShape:
    """A person's shape.

    Attributes:
        betas: Shape coefficients, shape (betas,).
        scale: Size of the body; 1 on bodies with betas.
    """

    betas: FloatArray
    scale: float = 1.0


# How well each point can be matched by a body: deep joints well, points on skin and
# hands less, as estimators and bodies place them differently.
_TRUST = {
    "nose": 0.6,
    "eye": 0.4,
    "inner": 0.15,
    "outer": 0.15,
    "ear": 0.5,
    "mouth": 0.25,
    "pinky": 0.25,
    "index": 0.25,
    "thumb": 0.25,
    "heel": 0.6,
    "toe": 0.6,
}


def landmark_trust(name: str) -> FloatArray:
    """Weight of each point of a landmark set, shape (landmarks,), 0 to 1."""
    out: list[float] = []
    for point in landmark_set(name).names:
        words = point.split("_")
        if "foot" in words:
            out.append(0.6)
            continue
        found = [_TRUST[w] for w in words if w in _TRUST]
        out.append(min(found, default=1.0))
    return np.array(out)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """A tracklet in the fit's terms.

    Attributes:
        points_px: Stored pixels that are trusted, shape (frames, landmarks, 2); NaN
            for the others.
        ideal_px: Undistorted, centred pixels, shape (frames, landmarks, 2).
        trust_px: 2D weights, shape (frames, landmarks), 0 to 1.
        points_m: 3D landmarks in camera axes, shape (frames, landmarks, 3).
        trust_m: 3D weights, shape (frames, landmarks), 0 to 1.
        rays: Unit view ray to the person, shape (frames, 3).
        focal_px: Focal length of the ideal pixels.
    """

    points_px: FloatArray
    ideal_px: FloatArray
    trust_px: FloatArray
    points_m: FloatArray
    trust_m: FloatArray
    rays: FloatArray
    focal_px: float

    @property
    def present(self) -> BoolArray:
        """Which frames show enough to be fitted, bool, shape (frames,)."""
        return (self.trust_px > 0).sum(1) >= 4


def ideal_pixels(points_px: FloatArray, camera: Camera) -> tuple[FloatArray, float]:
    """Undistorted pixels about the optical axis, and the focal length they use.

    Args:
        points_px: Stored pixels, shape (..., 2); NaN stays NaN.
        camera: Its intrinsics and distortion are taken out.

    Source: fixed-point inversion of the Brown-Conrady model, as OpenCV does it.
    """
    k = camera.intrinsics
    y0 = (points_px[..., 1] - k[1, 2]) / k[1, 1]
    x0 = (points_px[..., 0] - k[0, 2] - k[0, 1] * y0) / k[0, 0]
    k1, k2, p1, p2, k3 = (float(v) for v in camera.distortion)
    x, y = x0, y0
    for _ in range(10 if np.any(camera.distortion) else 0):
        r2 = np.minimum(x * x + y * y, 4.0)
        radial = np.maximum(1 + r2 * (k1 + r2 * (k2 + r2 * k3)), 0.2)
        dx = 2 * p1 * x * y + p2 * (r2 + 2 * x * x)
        dy = p1 * (r2 + 2 * y * y) + 2 * p2 * x * y
        x, y = (x0 - dx) / radial, (y0 - dy) / radial
    focal_px = float(k[1, 1])
    return np.stack([x, y], axis=-1) * focal_px, focal_px


def prepare(
    tracklet: Tracklet, camera: Camera, *, landmarks: Landmarks, options: FitOptions
) -> Seen:
    """Put a tracklet into the fit's terms.

    BlazePose and its kin look at a crop as if the camera faced it, so their 3D points
    are turned from the optical axis to the view ray of the crop's centre.
    """
    ideal, focal = ideal_pixels(tracklet.points_px.astype(np.float64), camera)
    confidence = np.nan_to_num(tracklet.confidence.astype(np.float64))
    trust = landmark_trust(landmarks.name)[None] * np.clip(confidence, 0.0, 1.0)
    on_body = np.isin(np.arange(landmarks.count), landmarks.index)
    usable = (
        (confidence >= options.confidence_min)
        & (tracklet.outside == 0)
        & np.isfinite(ideal).all(-1)
        & on_body
    )
    points_m = tracklet.points_m.astype(np.float64)
    # A hidden limb is guessed by the network: better than nothing, but not by much.
    trust_m = np.maximum(trust, 0.15 * landmark_trust(landmarks.name))
    trust_m = np.where(np.isfinite(points_m).all(-1) & on_body, trust_m, 0.0)
    seen_at_all = confidence.max(1, keepdims=True) > 0
    rays = _rays(ideal / focal, usable)
    turned = np.einsum("fij,fkj->fki", turn_from_axis(rays), points_m)
    return Seen(
        points_px=np.where(usable[..., None], tracklet.points_px, np.nan),
        ideal_px=np.where(usable[..., None], ideal, 0.0),
        trust_px=np.where(usable, trust, 0.0),
        points_m=np.nan_to_num(turned),
        trust_m=np.where(seen_at_all, trust_m, 0.0),
        rays=rays,
        focal_px=focal,
    )


def _rays(normalised: FloatArray, usable: BoolArray) -> FloatArray:
    """Unit rays to the middle of the points seen, shape (frames, 3)."""
    count = np.maximum(usable.sum(1), 1)[:, None]
    centre = np.where(usable[..., None], normalised, 0.0).sum(1) / count
    rays = np.concatenate([centre, np.ones((len(centre), 1))], axis=1)
    return rays / np.linalg.norm(rays, axis=1, keepdims=True)


def turn_from_axis(rays: FloatArray) -> FloatArray:
    """Shortest rotations from the optical axis to rays, shape (frames, 3, 3)."""
    x, y, z = rays.T
    out = np.empty((len(rays), 3, 3))
    h = 1.0 / (1.0 + z)
    out[:, 0] = np.stack([1 - h * x * x, -h * x * y, x], axis=1)
    out[:, 1] = np.stack([-h * x * y, 1 - h * y * y, y], axis=1)
    out[:, 2] = np.stack([-x, -y, z], axis=1)
    return out


def frame_arrays(
    seen: Seen,
    frame: int,
    *,
    depth_m: float,
    options: FitOptions,
    robust: float = 1.0,
) -> SeenArrays:
    """One frame for the compiled loop; `robust` widens what counts as an outlier."""
    across, along = options.spread_m
    ray2 = seen.rays[frame] ** 2
    variance = across**2 + (along**2 - across**2) * ray2
    return SeenArrays(
        points_px=seen.ideal_px[frame],
        weights_px=seen.trust_px[frame] / options.spread_px_m**2,
        points_m=seen.points_m[frame],
        weights_m=seen.trust_m[frame][:, None] / variance,
        focal_px=seen.focal_px,
        metres_per_px=depth_m / seen.focal_px,
        robust_m=robust * np.array([options.robust_px_m, options.robust_m]),
    )


def body_arrays(
    model: JointModel,
    *,
    landmarks: Landmarks,
    shape: BodyShape,
    free_shape: bool = False,
) -> BodyArrays:
    """A body of one shape for the compiled loop.

    With `free_shape` it carries how joints and landmarks change with each beta, or,
    on a body without betas, with the logarithm of the scale.
    """
    scale = shape.scale
    rest = model.rest_joints_m(shape.betas, scale=scale)
    weight = landmarks.weight.astype(np.float64)
    joint = landmarks.joint.astype(np.int64)
    part = landmark_offsets_m(model, landmarks, shape.betas, scale)
    if not free_shape:
        rest_dirs = np.zeros((len(rest), 3, 0))
        part_dirs = np.zeros((len(part), 3, 0))
    elif model.beta_count:
        rest_dirs = scale * model.joints_shapedirs_m.astype(np.float64)
        part_dirs = scale * landmarks.point_shapedirs_m.astype(np.float64)
        part_dirs = part_dirs - weight[:, None, None] * rest_dirs[joint]
    else:
        rest_dirs, part_dirs = rest[..., None], part[..., None]
    parents = np.array(model.skeleton.parents, dtype=np.int64)
    column, unknowns = active_columns(
        parents, prior_for(model.skeleton, landmarks.name).known, joint, weight
    )
    return BodyArrays(
        parents=parents,
        column=column,
        rest_m=rest,
        rest_dirs_m=np.ascontiguousarray(rest_dirs),
        first_part=np.searchsorted(
            landmarks.index, np.arange(landmarks.count + 1)
        ).astype(np.int64),
        part_joint=joint,
        part_weight=weight,
        part_m=np.ascontiguousarray(part),
        part_dirs_m=np.ascontiguousarray(part_dirs),
        unknowns=unknowns,
    )


def prior_arrays(
    model: JointModel, *, landmark_name: str, weight: float
) -> PriorArrays:
    """The pose prior for the compiled loop; limits are soft over 3 degrees."""
    prior = prior_for(model.skeleton, landmark_name)
    return PriorArrays(
        mean_rad=prior.mean_rad,
        precision=weight / prior.spread_rad**2,
        lower_rad=prior.lower_rad,
        upper_rad=prior.upper_rad,
        limit_precision=1.0 / 0.05**2,
    )
