"""Pinhole cameras with OpenCV's lens model."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray

FLIP_YZ = np.diag([1.0, -1.0, -1.0])
"""Turns camera axes (y down, z forward) to scene axes (y up) and back."""

DEFAULT_FOV_DEG = 60.0
"""Field of view of the longer image side when nothing is known, as ROMP assumes
(443.4 px on a 512 px square: 256 / tan 30 deg)."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Camera:
    """One view's camera over one shot.

    Attributes:
        intrinsics: K, shape (3, 3), stored pixels; fx differs from fy where pixels are
            not square.
        distortion: k1, k2, p1, p2, k3, shape (5,), OpenCV's order.
        camera_from_scene: Rigid transform, shape (3, 4), or (frames, 3, 4) where the
            camera moves; metres.
        source: Where the focal length comes from ("assumed", "metadata", "given",
            "calibration", "romp").
    """

    intrinsics: FloatArray
    distortion: FloatArray
    camera_from_scene: FloatArray
    source: str = "assumed"

    def pose(self, frame_in_shot: int = 0) -> FloatArray:
        """`camera_from_scene` of one frame, shape (3, 4)."""
        extrinsics = self.camera_from_scene
        return extrinsics if extrinsics.ndim == 2 else extrinsics[frame_in_shot]

    def to_camera(
        self, points_scene_m: FloatArray, frame_in_shot: int = 0
    ) -> FloatArray:
        """Scene points, shape (..., 3), in the camera's axes, metres."""
        pose = self.pose(frame_in_shot)
        return points_scene_m @ pose[:, :3].T + pose[:, 3]

    def to_scene(
        self, points_camera_m: FloatArray, frame_in_shot: int = 0
    ) -> FloatArray:
        """Camera points, shape (..., 3), in the scene, metres."""
        pose = self.pose(frame_in_shot)
        return (points_camera_m - pose[:, 3]) @ pose[:, :3]

    def project(self, points_scene_m: FloatArray, frame_in_shot: int = 0) -> FloatArray:
        """Pixels of scene points, shape (..., 2); NaN behind the camera."""
        return self.project_camera(self.to_camera(points_scene_m, frame_in_shot))

    def project_each(
        self, points_scene_m: FloatArray, frames_in_shot: IntArray
    ) -> FloatArray:
        """Pixels of one scene point per frame, shape (frames, 2); NaN behind it.

        Args:
            points_scene_m: Shape (frames, 3), metres.
            frames_in_shot: When each is looked at, shape (frames,).
        """
        if self.camera_from_scene.ndim == 2:
            return self.project(points_scene_m)
        poses = self.camera_from_scene[frames_in_shot]
        turned = np.einsum("fij,fj->fi", poses[:, :, :3], points_scene_m)
        return self.project_camera(turned + poses[:, :, 3])

    def project_camera(self, points_camera_m: FloatArray) -> FloatArray:
        """Pixels of camera-space points, shape (..., 2); NaN behind the camera.

        Source: OpenCV calib3d documentation (Brown-Conrady, five coefficients).
        """
        z = points_camera_m[..., 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            x = np.where(z > 1e-6, points_camera_m[..., 0] / z, np.nan)
            y = np.where(z > 1e-6, points_camera_m[..., 1] / z, np.nan)
        k1, k2, p1, p2, k3 = (float(v) for v in self.distortion)
        r2 = x * x + y * y
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        xd = x * radial + 2 * p1 * x * y + p2 * (r2 + 2 * x * x)
        yd = y * radial + p1 * (r2 + 2 * y * y) + 2 * p2 * x * y
        k = self.intrinsics
        u = k[0, 0] * xd + k[0, 1] * yd + k[0, 2]
        v = k[1, 1] * yd + k[1, 2]
        return np.stack([u, v], axis=-1)


def default_camera(
    size_px: tuple[int, int],
    *,
    focal_px: float | None = None,
    fov_deg: float | None = None,
    pixel_aspect: float = 1.0,
    source: str | None = None,
) -> Camera:
    """A camera at the scene's origin looking along its -Z axis.

    Args:
        size_px: Stored width and height.
        focal_px: Focal length in displayed (square) pixels of stored height.
        fov_deg: Field of view of the longer displayed side, used without `focal_px`.
        pixel_aspect: Width of a stored pixel over its height.
        source: Says where the focal length comes from; guessed when None.
    """
    width, height = size_px
    longer = max(width * pixel_aspect, height)
    if focal_px is None:
        angle = math.radians(DEFAULT_FOV_DEG if fov_deg is None else fov_deg)
        focal = longer / 2 / math.tan(angle / 2)
        guessed = "assumed" if fov_deg is None else "given"
    else:
        focal, guessed = focal_px, "given"
    intrinsics = np.array(
        [
            [focal / pixel_aspect, 0.0, (width - 1) / 2],
            [0.0, focal, (height - 1) / 2],
            [0.0, 0.0, 1.0],
        ]
    )
    return Camera(
        intrinsics=intrinsics,
        distortion=np.zeros(5),
        camera_from_scene=np.hstack([FLIP_YZ, np.zeros((3, 1))]),
        source=guessed if source is None else source,
    )
