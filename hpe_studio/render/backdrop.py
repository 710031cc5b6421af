"""What lies behind the scene: a soft dome, or the clip's own picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.render.viewtransform import ViewTransform
from hpe_studio.render.vtktools import TexturedQuad, plain_actor, triangle_data

_COLUMNS, _ROWS = 24, 64
_REACH_UP, _REACH_DOWN = 0.42, 0.35
_FAR_SHARE = 0.9
_SHRINK_BELOW = 0.6


class Dome:
    """A sphere around the eye, coloured from zenith over the horizon to nadir."""

    def __init__(self) -> None:
        vertices, faces = _sphere()
        self._vertices = vertices
        self._colours = np.zeros((len(vertices), 3), np.uint8)
        self._data = triangle_data(vertices, faces)
        self._data.GetPointData().SetScalars(numpy_to_vtk(self._colours, deep=0))
        self.actor = plain_actor(self._data)
        self.actor.GetMapper().ScalarVisibilityOn()
        # Parallel views also see what lies behind the eye; not so the dome's near half.
        self.actor.GetProperty().FrontfaceCullingOn()

    def set_look(self, look: Theme) -> None:
        """Takes the theme's three colours."""
        self._colours[:] = dome_colours(self._vertices[:, 1], look)
        self._data.GetPointData().GetScalars().Modified()
        self._data.Modified()

    def follow(self, view: ViewCamera) -> None:
        """Keeps the eye in the middle and everything else inside."""
        self.actor.SetPosition(*view.position_m())
        self.actor.SetScale(_FAR_SHARE * view.near_far_m[1])


def dome_colours(elevation: FloatArray, look: Theme) -> ByteArray:
    """Colours, shape (n, 3), of directions whose Y components are given, (n,)."""
    zenith, horizon, nadir = (
        np.array(look.rgb(f"viewport.{name}"))
        for name in ("zenith", "horizon", "nadir")
    )
    up = _smooth((elevation + 0.02) / _REACH_UP)[:, None]
    down = _smooth(-elevation / _REACH_DOWN)[:, None]
    above = horizon * (1 - up) + zenith * up
    below = horizon * (1 - down) + nadir * down
    mixed = np.where(elevation[:, None] >= 0, above, below)
    return np.round(255 * mixed).astype(np.uint8)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PictureBehind:
    """A clip's picture to be seen behind the scene, exactly under it.

    Attributes:
        rgb: Shape (height, width, 3), uint8, without distortion.
        rect: Left, top, right, bottom in the view.
        strength: 1 shows it as it is, less dims it so that bodies stand out.
    """

    rgb: ByteArray
    rect: tuple[float, float, float, float]
    strength: float = 1.0


def picture_behind(
    rgb: ByteArray,
    camera: Camera,
    picture: ViewTransform,
    *,
    ratio: float = 1.0,
    strength: float = 1.0,
) -> PictureBehind:
    """The picture ready for `Scene3D.set_backdrop`, straightened if the lens bends.

    Args:
        rgb: Shape (height, width, 3), as decoded.
        camera: Whose lens it was.
        picture: Where it lies in the view.
        ratio: Device pixels per view pixel; a much larger picture is made smaller, for
            textures shimmer otherwise and cost more.
        strength: See `PictureBehind`.
    """
    if np.any(camera.distortion):
        rgb = straighten(rgb, camera, picture.size_px)
    rect = picture.picture_rect()
    size = (round((rect[2] - rect[0]) * ratio), round((rect[3] - rect[1]) * ratio))
    return PictureBehind(rgb=shrunk(rgb, size), rect=rect, strength=strength)


def shrunk(rgb: ByteArray, size: tuple[int, int]) -> ByteArray:
    """A picture made smaller where it is much larger than it is shown.

    Args:
        rgb: Shape (height, width, 3).
        size: Width and height in which it is shown.
    """
    import cv2

    height, width = rgb.shape[:2]
    share = max(size[0] / width, size[1] / height)
    if share > _SHRINK_BELOW:
        return rgb
    small = (max(round(width * share), 1), max(round(height * share), 1))
    return cv2.resize(rgb, small, interpolation=cv2.INTER_AREA).astype(np.uint8)


def straighten(
    rgb: ByteArray, camera: Camera, size_px: tuple[int, int] | None = None
) -> ByteArray:
    """The picture as a lens without distortion and with the same K would show it.

    Args:
        rgb: Shape (height, width, 3).
        camera: Whose lens it was.
        size_px: Stored width and height, where the picture was made smaller since.
    """
    import cv2

    size = (rgb.shape[1], rgb.shape[0])
    k = np.array(camera.intrinsics, np.float64)
    if size_px is not None and size_px != size:
        share = np.array([size[0] / size_px[0], size[1] / size_px[1]])
        k[:2] *= share[:, None]
        k[:2, 2] += share / 2 - 0.5
    along_x, along_y = cv2.initUndistortRectifyMap(
        k, np.asarray(camera.distortion, np.float64), None, k, size, cv2.CV_16SC2
    )
    return cv2.remap(rgb, along_x, along_y, cv2.INTER_LINEAR).astype(np.uint8)


class BehindQuad(TexturedQuad):
    """The far plane that carries the clip's picture."""

    _shown: ByteArray | None = None

    def show(self, behind: PictureBehind, view: ViewCamera) -> None:
        """Stands the picture far away where it fills its place in the view."""
        left, top, right, bottom = behind.rect
        depth = _FAR_SHARE * view.near_far_m[1]
        ahead = -view.eye_from_scene[2, :3]
        corners = []
        for x, y in ((left, bottom), (right, bottom), (right, top), (left, top)):
            origin, direction = view.ray(x, y)
            start = float(view.depth_m(origin))
            step = (depth - start) / float(direction @ ahead)
            corners.append(origin + step * direction)
        self.place(np.array(corners))
        self.actor.GetProperty().SetColor(*(behind.strength,) * 3)
        if self._shown is not behind.rgb:
            self._shown = behind.rgb
            self.paint(behind.rgb)


def _smooth(value: FloatArray) -> FloatArray:
    clipped = np.clip(value, 0, 1)
    return clipped * clipped * (3 - 2 * clipped)


def _sphere() -> tuple[FloatArray, np.ndarray]:
    # Rows stand closest at the horizon, where the colour changes.
    bend = np.linspace(-1, 1, _ROWS)
    elevation = np.pi / 2 * np.sign(bend) * np.abs(bend) ** 1.8
    turn = np.linspace(0, 2 * np.pi, _COLUMNS, endpoint=False)
    up, around = np.meshgrid(elevation, turn, indexing="ij")
    vertices = np.stack(
        [np.cos(up) * np.sin(around), np.sin(up), np.cos(up) * np.cos(around)], axis=-1
    )
    row, column = np.meshgrid(np.arange(_ROWS - 1), np.arange(_COLUMNS), indexing="ij")
    here = row * _COLUMNS + column
    side = row * _COLUMNS + (column + 1) % _COLUMNS
    faces = np.concatenate(
        [
            np.stack([here, side, side + _COLUMNS], -1).reshape(-1, 3),
            np.stack([here, side + _COLUMNS, here + _COLUMNS], -1).reshape(-1, 3),
        ]
    )
    return np.ascontiguousarray(vertices.reshape(-1, 3), np.float32), faces
