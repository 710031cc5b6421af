"""What the mathematics needs to know of a body: joints and landmarks, no mesh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.skeleton import Skeleton


@dataclass(frozen=True, kw_only=True, slots=True)
class Landmarks:
    """Landmarks skinned to joints, as a sparse list of (landmark, joint) parts.

    Landmark k of a posed body is ``sum over its parts of weight * T_joint + R_joint @
    (point - weight * rest_joint)`` where T, R are the posed joint's place and world
    rotation and ``point = point_m + point_shapedirs_m @ betas``. This is linear blend
    skinning of any weighted sum of vertices, without pose correctives.

    Attributes:
        name: Landmark set ("mediapipe33").
        index: Landmark of each part, shape (parts,), not decreasing.
        joint: Joint of each part, shape (parts,).
        weight: Share of each part, shape (parts,); sums to 1 per landmark.
        point_m: Weighted rest position, shape (parts, 3), metres.
        point_shapedirs_m: Its change per beta, shape (parts, 3, betas), metres.
        count: Number of landmarks; those without parts are not on this body.
    """

    name: str
    index: IntArray
    joint: IntArray
    weight: FloatArray
    point_m: FloatArray
    point_shapedirs_m: FloatArray
    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JointModel:
    """A body reduced to joints that depend on its shape.

    Rest pose as in SMPL: Y up, facing +Z, the person's left at +X.

    Attributes:
        skeleton: The joints and their parents.
        joints_m: Rest joints at betas = 0, shape (joints, 3), metres.
        joints_shapedirs_m: Change per beta, shape (joints, 3, betas), metres.
        landmarks: Landmark sets that are known on this body, by name.
    """

    skeleton: Skeleton
    joints_m: FloatArray
    joints_shapedirs_m: FloatArray
    landmarks: Mapping[str, Landmarks] = field(default_factory=dict[str, Landmarks])

    @property
    def beta_count(self) -> int:
        """Number of shape coefficients."""
        return self.joints_shapedirs_m.shape[2]

    def rest_joints_m(self, betas: FloatArray, *, scale: float = 1.0) -> FloatArray:
        """Rest joints of a shape, shape (joints, 3), metres, float64.

        Shorter `betas` count as padded with zeros, longer ones are cut.
        """
        b = fit_length(betas, self.beta_count)
        return scale * (self.joints_m + self.joints_shapedirs_m @ b)


def fit_length(values: FloatArray, length: int) -> FloatArray:
    """The first `length` values, padded with zeros, as float64."""
    out = np.zeros(length)
    n = min(length, len(values))
    out[:n] = values[:n]
    return out
