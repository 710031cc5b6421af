"""Where the picture lies in the video pane: stored pixels to view pixels and back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray

MIN_SCALE, MAX_SCALE = 0.02, 40.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ViewTransform:
    """How stored pixels of a picture land in a view of logical pixels.

    Stored pixel centres are whole numbers, (0, 0) being the first pixel's; in the view
    the first pixel covers ``offset .. offset + scale``. Hence the half added here.

    Attributes:
        size_px: Stored width and height of the picture.
        view_px: Width and height of the view, logical pixels.
        scale: View pixels per displayed (square) pixel.
        offset: View pixel of the picture's upper left corner.
        pixel_aspect: Width of a stored pixel over its height.
    """

    size_px: tuple[int, int]
    view_px: tuple[float, float]
    scale: float
    offset: tuple[float, float]
    pixel_aspect: float = 1.0

    def to_view(self, points_px: FloatArray) -> FloatArray:
        """View pixels of stored pixels, shape (..., 2)."""
        return (np.asarray(points_px) + 0.5) * self._stretch() + self.offset

    def to_picture(self, points_view: FloatArray) -> FloatArray:
        """Stored pixels of view pixels, shape (..., 2)."""
        return (np.asarray(points_view) - self.offset) / self._stretch() - 0.5

    def picture_rect(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the picture in the view."""
        stretch = self._stretch()
        left, top = self.offset
        width, height = self.size_px
        return left, top, left + width * stretch[0], top + height * stretch[1]

    def zoomed(self, factor: float, x: float, y: float) -> ViewTransform:
        """The picture `factor` times larger, the point under (x, y) staying there."""
        scale = float(np.clip(self.scale * factor, MIN_SCALE, MAX_SCALE))
        ratio = scale / self.scale
        left = x + (self.offset[0] - x) * ratio
        top = y + (self.offset[1] - y) * ratio
        return replace(self, scale=scale, offset=(left, top))

    def panned(self, dx: float, dy: float) -> ViewTransform:
        """The picture moved by some view pixels."""
        return replace(self, offset=(self.offset[0] + dx, self.offset[1] + dy))

    def towards(self, other: ViewTransform, share: float) -> ViewTransform:
        """On the straight way to another place of the same picture, share 0 to 1."""
        mixed = (1 - share) * np.array(self.offset) + share * np.array(other.offset)
        scale = (1 - share) * self.scale + share * other.scale
        offset = (float(mixed[0]), float(mixed[1]))
        return replace(other, scale=scale, offset=offset)

    def _stretch(self) -> FloatArray:
        return np.array([self.scale * self.pixel_aspect, self.scale])


def fit(
    size_px: tuple[int, int],
    view_px: tuple[float, float],
    *,
    pixel_aspect: float = 1.0,
    reach_px: tuple[float, float, float, float] | None = None,
) -> ViewTransform:
    """The picture as large as fits, in the middle of the view.

    Args:
        size_px: Stored width and height of the picture.
        view_px: Width and height of the view.
        pixel_aspect: Width of a stored pixel over its height.
        reach_px: Left, top, right and bottom in stored pixels that must be seen too,
            for limbs outside the picture.
    """
    width, height = size_px
    left, top, right, bottom = -0.5, -0.5, width - 0.5, height - 0.5
    if reach_px is not None:
        left, top = min(left, reach_px[0]), min(top, reach_px[1])
        right, bottom = max(right, reach_px[2]), max(bottom, reach_px[3])
    wide, high = (right - left) * pixel_aspect, bottom - top
    scale = max(min(view_px[0] / wide, view_px[1] / high), 1e-6)
    offset_x = (view_px[0] - wide * scale) / 2 - (left + 0.5) * pixel_aspect * scale
    offset_y = (view_px[1] - high * scale) / 2 - (top + 0.5) * scale
    return ViewTransform(
        size_px=size_px,
        view_px=view_px,
        scale=scale,
        offset=(offset_x, offset_y),
        pixel_aspect=pixel_aspect,
    )
