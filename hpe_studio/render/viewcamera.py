"""The mathematics of one 3D view: scene metres to view pixels, and rays back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.render.viewtransform import ViewTransform

_NEAR_FAR_M = (0.05, 100.0)
"""Clipping planes of a view through a clip's camera, which know no scene."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ViewCamera:
    """What the viewport looks through, as two matrices.

    Attributes:
        eye_from_scene: Rigid, shape (4, 4); eye space looks along -Z, Y up (OpenGL).
        clip_from_eye: Projection, shape (4, 4), depth -1 to 1.
        size: Width and height of the view, in the pixels the caller counts in.
        orthographic: True if rays are parallel.
        near_far_m: Distances of the clipping planes, metres.
    """

    eye_from_scene: FloatArray
    clip_from_eye: FloatArray
    size: tuple[float, float]
    orthographic: bool
    near_far_m: tuple[float, float]

    def project(self, points_scene_m: FloatArray) -> FloatArray:
        """View pixels of scene points, shape (..., 2); NaN behind the eye.

        Pixels are continuous, (0, 0) being the view's upper left corner.
        """
        points = np.asarray(points_scene_m, np.float64)
        matrix = self.clip_from_eye @ self.eye_from_scene
        clip = points @ matrix[:, :3].T + matrix[:, 3]
        depth = clip[..., 3:]
        device = clip[..., :2] / np.where(depth > 1e-6, depth, np.nan)
        width, height = self.size
        return (device * (1.0, -1.0) + 1.0) * (width / 2, height / 2)

    def depth_m(self, points_scene_m: FloatArray) -> FloatArray:
        """Distance along the line of sight, shape (...), positive in front."""
        row = self.eye_from_scene[2]
        return -(np.asarray(points_scene_m, np.float64) @ row[:3] + row[3])

    def ray(self, x: float, y: float) -> tuple[FloatArray, FloatArray]:
        """Origin (3,) and unit direction (3,) of what is seen at a view pixel."""
        width, height = self.size
        device = np.array([2 * x / width - 1, 1 - 2 * y / height])
        scene_from_clip = np.linalg.inv(self.clip_from_eye @ self.eye_from_scene)
        ends = [scene_from_clip @ np.array([*device, z, 1.0]) for z in (-1.0, 1.0)]
        near, far = (end[:3] / end[3] for end in ends)
        direction = far - near
        return near, direction / np.linalg.norm(direction)

    def position_m(self) -> FloatArray:
        """Where the eye is, shape (3,)."""
        rotation, shift = self.eye_from_scene[:3, :3], self.eye_from_scene[:3, 3]
        return -rotation.T @ shift

    def toward_eye(self, point_scene_m: FloatArray) -> FloatArray:
        """Unit vector, shape (3,), from a scene point to the eye."""
        if self.orthographic:
            return self.eye_from_scene[2, :3].copy()
        offset = self.position_m() - point_scene_m
        return offset / max(float(np.linalg.norm(offset)), 1e-9)

    def metres_per_pixel(self, point_scene_m: FloatArray) -> Any:
        """Height of one view pixel at scene points' depths, metres, shape (...)."""
        depth_m = self.depth_m(point_scene_m)
        if self.orthographic:
            depth_m = np.ones_like(depth_m)
        high = abs(float(self.clip_from_eye[1, 1])) * self.size[1]
        return 2 * np.maximum(depth_m, 1e-6) / high


def through_camera(
    camera: Camera,
    picture: ViewTransform,
    *,
    frame_in_shot: int = 0,
) -> ViewCamera:
    """A view in which the scene lies exactly over the picture.

    The lens is taken as free of distortion: a distorted picture is straightened before
    it is drawn behind the scene (`render.backdrop.straighten`).

    Args:
        camera: The clip's camera.
        picture: Where the picture lies in the view.
        frame_in_shot: Frame, for cameras that move.
    """
    eye_from_scene = np.eye(4)
    eye_from_scene[:3] = FLIP_YZ @ camera.pose(frame_in_shot)
    k = np.asarray(camera.intrinsics, np.float64)
    width, height = picture.view_px
    origin = picture.to_view(np.zeros(2))
    across = picture.to_view(np.array([1.0, 1.0])) - origin
    scale_x, scale_y = 2 / width * across[0], 2 / height * across[1]
    middle_x = 2 / width * (origin[0] + across[0] * k[0, 2]) - 1
    middle_y = 2 / height * (origin[1] + across[1] * k[1, 2]) - 1
    near, far = _NEAR_FAR_M
    clip_from_eye = np.array(
        [
            [scale_x * k[0, 0], -scale_x * k[0, 1], -middle_x, 0],
            [0, scale_y * k[1, 1], middle_y, 0],
            [0, 0, -(far + near) / (far - near), -2 * far * near / (far - near)],
            [0, 0, -1, 0],
        ]
    )
    return ViewCamera(
        eye_from_scene=eye_from_scene,
        clip_from_eye=clip_from_eye,
        size=picture.view_px,
        orthographic=False,
        near_far_m=_NEAR_FAR_M,
    )
