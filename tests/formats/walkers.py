"""People who walk: places of any joint set with exact truth, in scene axes."""

from __future__ import annotations

import numpy as np

from hpe_studio.body.open_body import open_body
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m


def walkers_m(name: str, *, people: int = 1, frames: int = 20) -> np.ndarray:
    """Landmarks of walking bodies, shape (people, frames, points, 3), metres, Y up.

    Points that the open body lacks are NaN.
    """
    body = open_body(55).joint_model
    at = body.skeleton.index
    out = []
    for person in range(people):
        betas = np.full(10, 0.3 * person)
        phase = np.linspace(0, 2 * np.pi, frames) + person
        pose = np.zeros((frames, 55, 3))
        pose[:, 0, 1] = 0.4 + person  # turned
        for side, sign in (("left", 1.0), ("right", -1.0)):
            pose[:, at(f"{side}_hip"), 0] = -0.4 * sign * np.sin(phase)
            pose[:, at(f"{side}_knee"), 0] = 0.35 + 0.3 * sign * np.sin(phase)
            pose[:, at(f"{side}_shoulder"), 2] = -sign * 1.2
            pose[:, at(f"{side}_elbow"), 1] = -sign * (0.4 + 0.2 * np.sin(phase))
        root = np.stack(
            [2.0 * person + 0 * phase, 0.95 + 0 * phase, 0.03 * np.arange(frames)], 1
        )
        places, turns = forward_kinematics(
            body.skeleton.parents, body.rest_joints_m(betas), pose, root
        )
        out.append(landmarks_m(body, name, places, turns, betas))
    return np.stack(out)
