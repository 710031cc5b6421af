"""The floor: a grid that fades out, and the soft shadow under people."""

from __future__ import annotations

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
_SHADOW_TEXELS = 128
_SHADOW_FALL_M, _SHADOW_MARGIN_M = 0.33, 0.45
_SHADOW_BLURS_M = (0.04, 0.13)


def grid_picture(look: Theme, *, centre_m: tuple[float, float]) -> ByteArray:
    """The floor's picture, shape (2048, 2048, 4): X runs right, Z runs down.

    Args:
        look: The theme.
        centre_m: X and Z of the middle; the X and Z axes stay where they are.
    """
    colour, minor, major, _ = _LOOKS[look.name]
    texel = 2 * HALF_M / _TEXELS
    place = (np.arange(_TEXELS, dtype=np.float32) + 0.5) * texel - HALF_M
    x, z = place + np.float32(centre_m[0]), place + np.float32(centre_m[1])
    lines_x = np.maximum(
        _lines(x, _MINOR_M, 0.9 * texel) * minor,
        _lines(x, _MAJOR_M, 1.35 * texel) * major,
    )
    lines_z = np.maximum(
        _lines(z, _MINOR_M, 0.9 * texel) * minor,
        _lines(z, _MAJOR_M, 1.35 * texel) * major,
    )
    alpha = np.maximum(lines_x[None, :], lines_z[:, None])
    picture = np.empty((_TEXELS, _TEXELS, 4), np.uint8)
    picture[..., :3] = _bytes(colour)
    axis_z = np.clip(1.6 - np.abs(x) / (1.8 * texel), 0, 1) * _AXIS_ALPHA
    axis_x = np.clip(1.6 - np.abs(z) / (1.8 * texel), 0, 1) * _AXIS_ALPHA
    picture[:, axis_z > 0.02, :3] = _bytes(look.colour("axis.z"))
    picture[axis_x > 0.02, :, :3] = _bytes(look.colour("axis.x"))
    alpha = np.maximum(alpha, np.maximum(axis_z[None, :], axis_x[:, None]))
    radius = np.hypot(place[None, :], place[:, None]) / (0.96 * HALF_M)
    alpha *= np.clip(1.5 * np.clip(1 - radius, 0, 1) ** 1.15, 0, 1)
    picture[..., 3] = np.round(255 * alpha)
    return picture


def shadow_picture(
    vertices_m: FloatArray,
    areas_m2: FloatArray,
    *,
    box_m: tuple[float, float, float, float],
    floor_m: float,
    darkest: float,
    texels: int = _SHADOW_TEXELS,
) -> ByteArray:
    """How much people darken the floor, shape (texels, texels, 4), black with alpha.

    Each vertex drops its area straight down, weighted ``exp(-height / 0.33 m)``; the
    sum is blurred narrowly (contact) and widely (softness).

    Args:
        vertices_m: Shape (n, 3).
        areas_m2: Surface that each vertex stands for, shape (n,).
        box_m: Smallest x, smallest z, largest x, largest z of the picture.
        floor_m: Height of the floor.
        darkest: Largest alpha.
        texels: Width and height of the picture.
    """
    import cv2

    left, near, right, far = box_m
    wide, deep = (right - left) / texels, (far - near) / texels
    column = ((vertices_m[:, 0] - left) / wide).astype(np.int32)
    row = ((vertices_m[:, 2] - near) / deep).astype(np.int32)
    inside = (column >= 0) & (column < texels) & (row >= 0) & (row < texels)
    height = np.maximum(vertices_m[inside, 1] - floor_m, 0)
    weight = areas_m2[inside] * np.exp(-height / _SHADOW_FALL_M)
    fallen = np.bincount(
        row[inside] * texels + column[inside], weight, minlength=texels * texels
    )
    covered = (fallen / (wide * deep)).astype(np.float32).reshape(texels, texels)
    contact, soft = (
        cv2.GaussianBlur(covered, (0, 0), sigmaX=blur / wide, sigmaY=blur / deep)
        for blur in _SHADOW_BLURS_M
    )
    alpha = darkest * (1 - np.exp(-(0.55 * contact + 0.95 * soft)))
    picture = np.zeros((texels, texels, 4), np.uint8)
    picture[..., 3] = np.round(255 * alpha)
    return picture


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

    def set_look(
        self, look: Theme, *, centre_m: tuple[float, float], height_m: float
    ) -> None:
        """Paints the grid around a place on the floor."""
        self._height_m, self._darkest = height_m, _LOOKS[look.name][3]
        self.grid.paint(grid_picture(look, centre_m=centre_m))
        x, z = centre_m
        self.grid.place(
            _corners((x - HALF_M, z - HALF_M, x + HALF_M, z + HALF_M), height_m)
        )

    def set_visible(self, *, visible: bool) -> None:
        """Shows or hides the grid."""
        self.grid.actor.SetVisibility(visible)

    def set_sharpness(self, *, sharp: bool) -> None:
        """Filters lines that run away from the eye well, or fast."""
        self.grid.texture.SetMaximumAnisotropicFiltering(16.0 if sharp else 1.0)

    def cast(self, vertices_m: FloatArray, areas_m2: FloatArray) -> None:
        """Lays the shadow of these vertices, shapes (n, 3) and (n,)."""
        self.shadow.actor.SetVisibility(len(vertices_m) > 0)
        if len(vertices_m) == 0:
            return
        low = vertices_m.min(axis=0) - _SHADOW_MARGIN_M
        high = vertices_m.max(axis=0) + _SHADOW_MARGIN_M
        box = (float(low[0]), float(low[2]), float(high[0]), float(high[2]))
        self.shadow.paint(
            shadow_picture(
                vertices_m,
                areas_m2,
                box_m=box,
                floor_m=self._height_m,
                darkest=self._darkest,
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
