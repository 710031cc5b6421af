"""Where a fit begins when there is no frame before it: root, facing, usual pose."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.motion.fitting_arrays import State
from hpe_studio.motion.fitting_root import solve_root
from hpe_studio.motion.rotations import matrix_from_rotvec

_TORSO = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
_TURNS_RAD = (0.0, np.pi)
_TURNS_WITHOUT_3D_RAD = (0.0, np.pi, np.pi / 2, -np.pi / 2)


def kabsch(from_m: FloatArray, to_m: FloatArray, weights: FloatArray) -> FloatArray:
    """Rotation, shape (3, 3), that best turns one set of points into another.

    Source: Kabsch 1976; reflections are not allowed.
    """
    w = weights[:, None] / weights.sum()
    a, b = from_m - (w * from_m).sum(0), to_m - (w * to_m).sum(0)
    u, _, vt = np.linalg.svd((w * a).T @ b)
    sign = np.sign(np.linalg.det(vt.T @ u.T))
    return vt.T @ np.diag([1.0, 1.0, sign]) @ u.T


def start_states(
    *,
    usual_rad: FloatArray,
    landmark_name: str,
    rest_landmarks_m: FloatArray,
    points_m: FloatArray,
    trust_m: FloatArray,
    ideal_px: FloatArray,
    trust_px: FloatArray,
    focal_px: float,
) -> list[State]:
    """The usual pose, facing as the 3D landmarks say and facing the other way.

    Args:
        usual_rad: The usual pose, shape (joints, 3), root at rest.
        landmark_name: Landmark set of the points.
        rest_landmarks_m: Landmarks of the usual pose, shape (landmarks, 3).
        points_m: 3D landmarks seen, camera axes, shape (landmarks, 3).
        trust_m: Their weights, shape (landmarks,).
        ideal_px: 2D landmarks about the axis, shape (landmarks, 2).
        trust_px: Their weights, shape (landmarks,).
        focal_px: Focal length of the ideal pixels.

    Returns:
        Two states, or four (each quarter turn) where there is no 3D torso.
    """
    usual = matrix_from_rotvec(usual_rad)
    names = landmark_set(landmark_name).names
    torso = np.array([names.index(n) for n in _TORSO if n in names])
    torso = torso[np.isfinite(rest_landmarks_m[torso]).all(-1)]
    seen = torso[trust_m[torso] > 0]
    has_3d = len(seen) >= 3
    if has_3d:
        facing = kabsch(rest_landmarks_m[seen], points_m[seen], trust_m[seen])
    else:
        facing = FLIP_YZ
    states: list[State] = []
    for turn in _TURNS_RAD if has_3d else _TURNS_WITHOUT_3D_RAD:
        rotations = usual.copy()
        rotations[0] = facing @ matrix_from_rotvec(np.array([0.0, turn, 0.0]))
        placed = rest_landmarks_m @ rotations[0].T
        finite = np.isfinite(placed).all(-1)
        # The 3D landmarks know the limbs already, so they place the root best.
        hips = torso[-2:] if len(torso) == len(_TORSO) else torso
        guess = points_m + placed[hips].mean(0) if has_3d else placed
        known = (trust_m > 0) if has_3d else finite
        weights = np.where(known & finite, trust_px, 0.0)
        root = solve_root(guess[None], ideal_px[None], weights[None], focal_px)[0]
        if np.isnan(root).any():
            root = np.array([0.0, 0.0, 4.0])
        states.append(State(rotations, root, placed[hips].mean(0)))
    return states
