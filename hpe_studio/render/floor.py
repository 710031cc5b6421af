"""The floor: a grid that fades out, and the soft shadow under people."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.render.theme import Theme, parse_colour
from hpe_studio.render.vtktools import TexturedQuad

HALF_M = 4.6
_TEXELS = 2048
_MINOR_M, _MAJOR_M = 0.25, 1.0
_LOOKS = {
    # grid colour, alpha of minor and major lines, darkest shadow
    "dark": ("#9AA3B2", 0.13, 0.34, 0.55),
    "light": ("#5A6372", 0.14, 0.40, 0.30),
    "contrast": ("#FFFFFF", 0.16, 0.50, 0.60),
}
_AXIS_ALPHA = 0.75
# Metres per texel and most texels along a side: following playback, and still.
_SHADOW_QUICK, _SHADOW_FINE = (0.025, 192), (0.01, 512)
_SHADOW_LEAST_TEXELS, _BLUR_GRAIN = 48, 4.0
_SHADOW_FALL_M, _SHADOW_MARGIN_M = 0.33, 0.45
_SHADOW_BLURS_M = (0.04, 0.13)


@cache
def _kernels() -> Any:
    from hpe_studio.render import meshkernels

    return meshkernels


def grid_picture(look: Theme, *, centre_m: tuple[float, float]) -> ByteArray:
    """The floor's picture, shape (2048, 2048, 4): X runs right, Z runs down.

    Args:
        look: The theme.
        centre_m: X and Z of the middle; the X and Z axes stay where they are.
    """
    colour, minor, major, _ = _LOOKS[look.name]
    texel = 2 * HALF_M / _TEXELS
    place = (np.arange(_TEXELS, dtype=np.float32) + 0.5) * texel - HALF_M
    across = [place + np.float32(middle) for middle in centre_m]
    lines = [
        np.maximum(
            _lines(x, _MINOR_M, 0.9 * texel) * minor,
            _lines(x, _MAJOR_M, 1.35 * texel) * major,
        )
        for x in across
    ]
    axis_z, axis_x = (
        np.clip(1.5 - np.abs(x) / (1.6 * texel), 0, 1) * _AXIS_ALPHA for x in across
    )
    picture = np.empty((_TEXELS, _TEXELS, 4), np.uint8)
    picture.view(np.uint32)[...] = np.array([*_bytes(colour), 0], np.uint8).view(
        np.uint32
    )
    picture[:, axis_z > 0.02, :3] = _bytes(look.colour("axis.z"))
    picture[axis_x > 0.02, :, :3] = _bytes(look.colour("axis.x"))
    columns, rows = np.maximum(lines[0], axis_z), np.maximum(lines[1], axis_x)
    alpha = np.maximum(columns[None, :], rows[:, None])
    alpha *= _fade()
    np.rint(alpha, out=alpha)
    picture[..., 3] = alpha
    return picture


@cache
def _fade() -> FloatArray:
    """How much of the floor is left far from its middle, 255 for all of it.

    Soft as it is, it is worked out coarsely; kept, for it takes most of the time.
    """
    import cv2

    coarse = _TEXELS // 4
    place = (np.arange(coarse, dtype=np.float32) + 0.5) / coarse * 2 - 1
    radius = np.hypot(place[None, :], place[:, None]) / 0.96
    left = np.clip(1.5 * np.clip(1 - radius, 0, 1) ** 1.15, 0, 1)
    whole = cv2.resize(255 * left, (_TEXELS, _TEXELS), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


def shadow_picture(
    vertices_m: FloatArray,
    areas_m2: FloatArray,
    *,
    box_m: tuple[float, float, float, float],
    floor_m: float,
    darkest: float,
    texels: tuple[int, int],
) -> ByteArray:
    """How much people darken the floor, shape (rows, columns, 4), black with alpha.

    Each vertex drops its area straight down, weighted ``exp(-height / 0.33 m)``; the
    sum is blurred narrowly (contact) and widely (softness).

    Args:
        vertices_m: Shape (n, 3).
        areas_m2: Surface that each vertex stands for, shape (n,).
        box_m: Smallest x, smallest z, largest x, largest z of the picture.
        floor_m: Height of the floor.
        darkest: Largest alpha.
        texels: Columns (along x) and rows (along z) of the picture.
    """
    columns, rows = texels
    left, near, right, far = box_m
    wide, deep = (right - left) / columns, (far - near) / rows
    fallen = np.zeros((rows, columns))
    _kernels().drop_areas(
        vertices_m,
        areas_m2,
        (left, near),
        (wide, deep),
        floor_m,
        _SHADOW_FALL_M,
        fallen,
    )
    covered = (fallen / (wide * deep)).astype(np.float32)
    contact, soft = (_blurred(covered, blur, wide, deep) for blur in _SHADOW_BLURS_M)
    alpha = darkest * (1 - np.exp(-(0.55 * contact + 0.95 * soft)))
    picture = np.zeros((rows, columns, 4), np.uint8)
    picture[..., 3] = np.round(255 * alpha)
    return picture


def _blurred(
    covered: FloatArray, blur_m: float, wide_m: float, deep_m: float
) -> FloatArray:
    """Blurred by a distance; wide blurs at a coarser grain, which nobody can tell."""
    import cv2

    rows, columns = covered.shape
    coarser = max(1, int(blur_m / max(wide_m, deep_m) / _BLUR_GRAIN))
    small = covered
    if coarser > 1:
        size = (max(1, columns // coarser), max(1, rows // coarser))
        small = cv2.resize(covered, size, interpolation=cv2.INTER_AREA)
    share_x, share_y = small.shape[1] / columns, small.shape[0] / rows
    soft = cv2.GaussianBlur(
        small,
        (0, 0),
        sigmaX=blur_m / wide_m * share_x,
        sigmaY=blur_m / deep_m * share_y,
    )
    if coarser > 1:
        soft = cv2.resize(soft, (columns, rows), interpolation=cv2.INTER_LINEAR)
    return np.asarray(soft, np.float32)


class Floor:
    """The floor's two quads in the scene."""

    def __init__(self) -> None:
        self.grid = TexturedQuad(mipmaps=True)
        self.shadow = TexturedQuad()
        self.shadow.actor.VisibilityOff()
        for quad in (self.grid, self.shadow):
            quad.actor.ForceTranslucentOn()
        self._height_m = 0.0
        self._darkest = 0.55
        self._painted: tuple[Theme, tuple[float, float]] | None = None

    def set_look(
        self, look: Theme, *, centre_m: tuple[float, float], height_m: float
    ) -> None:
        """Paints the grid around a place on the floor."""
        self._height_m, self._darkest = height_m, _LOOKS[look.name][3]
        if self._painted is None or self._painted != (look, centre_m):
            self.grid.paint(grid_picture(look, centre_m=centre_m))
            self._painted = look, centre_m
        x, z = centre_m
        self.grid.place(
            _corners((x - HALF_M, z - HALF_M, x + HALF_M, z + HALF_M), height_m)
        )

    def set_visible(self, *, visible: bool) -> None:
        """Shows or hides the grid."""
        self.grid.actor.SetVisibility(visible)

    def set_anisotropy(self, samples: int) -> None:
        """Filters lines that run away from the eye well (16) or fast (1)."""
        self.grid.set_anisotropy(samples)

    def cast(self, vertices_m: FloatArray, areas_m2: FloatArray, *, fine: bool) -> None:
        """Lays the shadow of these vertices, shapes (n, 3) and (n,).

        Args:
            vertices_m: Everyone's surface.
            areas_m2: What each vertex stands for.
            fine: For a still picture; else coarse enough to follow playback.
        """
        self.shadow.actor.SetVisibility(len(vertices_m) > 0)
        if len(vertices_m) == 0:
            return
        low, high = np.empty(3), np.empty(3)
        _kernels().bounds_into(vertices_m, low, high)
        low, high = low - _SHADOW_MARGIN_M, high + _SHADOW_MARGIN_M
        box = (float(low[0]), float(low[2]), float(high[0]), float(high[2]))
        grain_m, most = _SHADOW_FINE if fine else _SHADOW_QUICK
        wide, deep = (
            min(most, max(_SHADOW_LEAST_TEXELS, round((end - start) / grain_m)))
            for start, end in ((box[0], box[2]), (box[1], box[3]))
        )
        self.shadow.paint(
            shadow_picture(
                vertices_m,
                areas_m2,
                box_m=box,
                floor_m=self._height_m,
                darkest=self._darkest,
                texels=(wide, deep),
            )
        )
        self.shadow.place(_corners(box, self._height_m))


def _lines(place_m: FloatArray, step_m: float, width_m: float) -> FloatArray:
    off = np.abs(place_m - np.round(place_m / step_m) * step_m)
    return np.clip(1.5 - off / width_m, 0, 1)


def _bytes(colour: str) -> list[int]:
    return [round(255 * v) for v in parse_colour(colour)[:3]]


def _corners(box_m: tuple[float, float, float, float], height_m: float) -> FloatArray:
    left, near, right, far = box_m
    return np.array(
        [
            [left, height_m, far],
            [right, height_m, far],
            [right, height_m, near],
            [left, height_m, near],
        ]
    )
