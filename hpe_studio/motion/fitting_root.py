"""Where a posed body stands: roots from pixels, landmarks in the camera, distances."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.fitting_problem import (
    BodyShape,
    FitOptions,
    prepare,
)
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m

MEDIAPIPE33 = "mediapipe33"
_NEAREST_M, _FARTHEST_M = 0.3, 500.0
_ROBUST_M = 0.15
_POLISH_ROUNDS = 4


def solve_root(
    points_m: FloatArray,
    ideal_px: FloatArray,
    weights: FloatArray,
    focal_px: float,
) -> FloatArray:
    """Root places that put points on their pixels: f (X + tx) / (Z + tz) = u.

    Linear least squares over all frames at once, twice reweighted against outliers.

    Args:
        points_m: Points relative to the root, camera axes, shape (frames, points, 3).
        ideal_px: Their pixels about the optical axis, shape (frames, points, 2).
        weights: Trust, shape (frames, points); 0 = not used.
        focal_px: Focal length of the pixels.

    Returns:
        Roots, shape (frames, 3), metres; NaN where fewer than two points are seen.
    """
    used = weights > 0
    x = np.where(used[..., None], points_m, 0.0)
    uv = np.where(used[..., None], ideal_px, 0.0) / focal_px
    w = np.where(used, weights, 0.0)
    root = np.full((len(x), 3), np.nan)
    solvable = used.sum(1) >= 2
    for _ in range(3):
        root[solvable] = _linear_root(x[solvable], uv[solvable], w[solvable])
        placed = x + root[:, None]
        depth = np.maximum(placed[..., 2:], 0.1)
        miss_m = np.linalg.norm(placed[..., :2] - uv * depth, axis=-1)
        w = np.where(used, weights / (1.0 + (miss_m / _ROBUST_M) ** 2) ** 2, 0.0)
        w = np.nan_to_num(w)
    return root


def _linear_root(x: FloatArray, uv: FloatArray, w: FloatArray) -> FloatArray:
    u, v = uv[..., 0], uv[..., 1]
    right_u, right_v = u * x[..., 2] - x[..., 0], v * x[..., 2] - x[..., 1]
    total = w.sum(1)
    a = np.zeros((len(x), 3, 3))
    a[:, 0, 0] = a[:, 1, 1] = total
    a[:, 0, 2] = a[:, 2, 0] = -(w * u).sum(1)
    a[:, 1, 2] = a[:, 2, 1] = -(w * v).sum(1)
    a[:, 2, 2] = (w * (u * u + v * v)).sum(1)
    b = np.stack(
        [
            (w * right_u).sum(1),
            (w * right_v).sum(1),
            -(w * (u * right_u + v * right_v)).sum(1),
        ],
        axis=1,
    )
    a += 1e-9 * total[:, None, None] * np.eye(3)
    root = _solve(a, b)
    root[:, 2] = np.clip(root[:, 2], _NEAREST_M, _FARTHEST_M)
    return root


def _solve(a: FloatArray, b: FloatArray) -> FloatArray:
    """Solutions of many small systems, (n, 3, 3) and (n, 3) to (n, 3)."""
    return np.linalg.solve(a, b[..., None])[..., 0]


def refine_root(
    root_m: FloatArray,
    points_m: FloatArray,
    ideal_px: FloatArray,
    weights: FloatArray,
    focal_px: float,
) -> FloatArray:
    """Polish roots on the true pixel distances, as robustly as the fit itself.

    Arguments and result as in `solve_root`, from whose result it starts.
    """
    ok = np.isfinite(root_m).all(-1)
    root = root_m.copy()
    used = weights[ok] > 0
    x = np.where(used[..., None], points_m[ok], 0.0)
    uv = np.where(used[..., None], ideal_px[ok], 0.0) / focal_px
    place: FloatArray = root_m[ok]
    for _ in range(_POLISH_ROUNDS):
        at = x + place[:, None]
        depth = np.maximum(at[..., 2], 0.1)
        scale = place[:, 2:] / depth
        p = at[..., :2] / depth[..., None]
        miss = place[:, 2:, None] * (uv - p)
        square = (miss**2).sum(-1) / _ROBUST_M**2
        w = np.where(used, weights[ok], 0.0) / (1.0 + square) ** 2
        jacobian = np.zeros((*w.shape, 2, 3))
        jacobian[..., 0, 0] = jacobian[..., 1, 1] = scale
        jacobian[..., 2] = -scale[..., None] * p
        a = np.einsum("fk,fkri,fkrj->fij", w, jacobian, jacobian)
        b = np.einsum("fk,fkri,fkr->fi", w, jacobian, miss)
        a += 1e-9 * np.eye(3)
        place += _solve(a, b)
        place[:, 2] = np.clip(place[:, 2], _NEAREST_M, _FARTHEST_M)
    root[ok] = place
    return root


def landmarks_camera(
    model: JointModel,
    joints_rad: FloatArray,
    root_camera_m: FloatArray,
    *,
    shape: BodyShape,
    landmark_name: str = MEDIAPIPE33,
) -> FloatArray:
    """Landmarks of a motion in camera space, shape (frames, landmarks, 3), metres.

    NaN in frames without a pose and for landmarks that this body does not have.
    """
    joints_m, rotations = forward_kinematics(
        model.skeleton.parents,
        model.rest_joints_m(shape.betas, scale=shape.scale),
        joints_rad,
        root_camera_m,
    )
    return landmarks_m(
        model, landmark_name, joints_m, rotations, shape.betas, shape.scale
    )


def reprojection(
    model: JointModel,
    joints_rad: FloatArray,
    root_camera_m: FloatArray,
    tracklet: Tracklet,
    camera: Camera,
    *,
    shape: BodyShape,
    landmark_name: str = MEDIAPIPE33,
) -> tuple[FloatArray, FloatArray]:
    """How far a motion's landmarks lie from the points seen.

    Args:
        model: The body.
        joints_rad: Local rotations, shape (frames, joints, 3).
        root_camera_m: Pelvis joint in camera space, shape (frames, 3).
        tracklet: What was seen, of as many frames.
        camera: The shot's camera.
        shape: The body's shape.
        landmark_name: Landmark set of the tracklet.

    Returns:
        Projected landmarks, shape (frames, landmarks, 2), and their distances in
        pixels, shape (frames, landmarks), NaN where nothing trustworthy was seen.
    """
    placed = landmarks_camera(
        model, joints_rad, root_camera_m, shape=shape, landmark_name=landmark_name
    )
    seen = prepare(
        tracklet,
        camera,
        landmarks=model.landmarks[landmark_name],
        options=FitOptions(),
    )
    landmarks_px = camera.project_camera(placed)
    return landmarks_px, np.linalg.norm(landmarks_px - seen.points_px, axis=-1)


def refit_root(
    model: JointModel,
    joints_rad: FloatArray,
    tracklet: Tracklet,
    camera: Camera,
    *,
    shape: BodyShape,
    landmark_name: str = MEDIAPIPE33,
) -> FloatArray:
    """Place a known motion anew, as after a change of the focal length.

    Args:
        model: The body.
        joints_rad: Local rotations, shape (frames, joints, 3).
        tracklet: What was seen, of as many frames.
        camera: The camera as it is now.
        shape: The body's shape.
        landmark_name: Landmark set of the tracklet.

    Returns:
        Pelvis joint in camera space, shape (frames, 3); NaN where there is no pose or
        fewer than two points were seen.
    """
    around_root = landmarks_camera(
        model,
        joints_rad,
        np.zeros((len(joints_rad), 3)),
        shape=shape,
        landmark_name=landmark_name,
    )
    seen = prepare(
        tracklet,
        camera,
        landmarks=model.landmarks[landmark_name],
        options=FitOptions(),
    )
    weights = np.where(np.isfinite(around_root).all(-1), seen.trust_px, 0.0)
    root_m = solve_root(around_root, seen.ideal_px, weights, seen.focal_px)
    return refine_root(root_m, around_root, seen.ideal_px, weights, seen.focal_px)
