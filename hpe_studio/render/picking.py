"""What lies under the pointer in the 3D view."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.render.mesh import ray_distance_m
from hpe_studio.render.viewcamera import ViewCamera

JOINT_REACH_PX = 14.0


@dataclass(frozen=True, kw_only=True, slots=True)
class JointHit:
    """A joint near the pointer: whose, which, and how many view pixels away."""

    person: Hashable
    joint: int
    distance_px: float


def pick_joint(
    view: ViewCamera,
    joints_m: Mapping[Hashable, FloatArray],
    x: float,
    y: float,
) -> JointHit | None:
    """The joint nearest to a view pixel, within `JOINT_REACH_PX` of it.

    Args:
        view: The view.
        joints_m: For each person the joints, shape (joints, 3); NaN where missing.
        x: View pixel from the left.
        y: View pixel from the top.
    """
    best: JointHit | None = None
    for person, joints in joints_m.items():
        if len(joints) == 0:
            continue
        away = np.linalg.norm(view.project(joints) - (x, y), axis=-1)
        away = np.where(np.isfinite(away), away, np.inf)
        joint = int(away.argmin())
        distance = float(away[joint])
        if distance <= (best.distance_px if best else JOINT_REACH_PX):
            best = JointHit(person=person, joint=joint, distance_px=distance)
    return best


def pick_person(
    view: ViewCamera,
    meshes: Mapping[Hashable, tuple[FloatArray, IntArray]],
    x: float,
    y: float,
) -> Hashable | None:
    """Whose mesh is seen at a view pixel; None where nobody is.

    Args:
        view: The view.
        meshes: For each person vertices, shape (vertices, 3), and faces, (faces, 3).
        x: View pixel from the left.
        y: View pixel from the top.
    """
    origin, direction = view.ray(x, y)
    best: tuple[float, Hashable] = (np.inf, None)
    for person, (vertices, faces) in meshes.items():
        if not _ray_meets_box(origin, direction, vertices):
            continue
        distance = ray_distance_m(origin, direction, vertices, faces)
        if distance < best[0]:
            best = (distance, person)
    return best[1]


def _ray_meets_box(
    origin: FloatArray, direction: FloatArray, vertices_m: FloatArray
) -> bool:
    safe = np.where(np.abs(direction) < 1e-12, 1e-12, direction)
    one = (vertices_m.min(axis=0) - origin) / safe
    other = (vertices_m.max(axis=0) - origin) / safe
    enters = float(np.minimum(one, other).max())
    leaves = float(np.maximum(one, other).min())
    return leaves >= max(enters, 0.0)
