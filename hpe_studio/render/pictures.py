"""The part of a picture that is on screen, in the screen's own pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.viewtransform import ViewTransform

_PIXELS_SHOW = 4.0
"""From this size on, pixels are shown as the squares they are."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShownPart:
    """What is seen of a picture.

    Attributes:
        rgb: Shape (height, width, 3), uint8, one sample per device pixel, C order.
        corner: Device pixel of its upper left corner in the view.
    """

    rgb: ByteArray
    corner: tuple[int, int]


def shown_part(
    rgb: ByteArray, view: ViewTransform, ratio: float, *, fast: bool
) -> ShownPart | None:
    """The visible part, scaled; None where nothing of the picture is in view.

    Args:
        rgb: Shape (height, width, 3), uint8, of the size the view was made for, or of
            another with the same shape.
        view: Where the picture lies, logical pixels.
        ratio: Device pixels per logical pixel.
        fast: Cheaper when scaled down, for pictures that stand only a moment.
    """
    import cv2

    high, wide = rgb.shape[:2]
    left, top, right, bottom = np.array(view.picture_rect()) * ratio
    step_x, step_y = (right - left) / wide, (bottom - top) / high
    view_wide, view_high = np.array(view.view_px) * ratio
    first_x, last_x = _span(left, step_x, wide, view_wide)
    first_y, last_y = _span(top, step_y, high, view_high)
    if first_x >= last_x or first_y >= last_y:
        return None
    x0, y0 = round(left + first_x * step_x), round(top + first_y * step_y)
    x1, y1 = round(left + last_x * step_x), round(top + last_y * step_y)
    size = max(x1 - x0, 1), max(y1 - y0, 1)
    part = rgb[first_y:last_y, first_x:last_x]
    if step_x < 1 and not fast:
        part = _halved(part, size)
    if step_x >= _PIXELS_SHOW:
        method = cv2.INTER_NEAREST
    elif step_x < 1 and not fast:
        method = cv2.INTER_AREA
    else:
        method = cv2.INTER_LINEAR
    scaled = cv2.resize(part, size, interpolation=method)
    return ShownPart(rgb=np.ascontiguousarray(scaled, np.uint8), corner=(x0, y0))


def _halved(part: ByteArray, size: tuple[int, int]) -> ByteArray:
    """A picture halved while it stays no smaller than a size: the mean of its pixels.

    What is left to do is the costly part of making it smaller, and now little is left.
    """
    import cv2

    while True:
        high, wide = part.shape[:2]
        if high % 2 or wide % 2 or wide < 2 * size[0] or high < 2 * size[1]:
            return part
        half = cv2.resize(part, (wide // 2, high // 2), interpolation=cv2.INTER_AREA)
        part = np.asarray(half, np.uint8)


def _span(start: float, step: float, count: int, room: float) -> tuple[int, int]:
    """Which of the stored rows or columns lie within the view."""
    first = max(int(np.floor(-start / step)), 0)
    last = min(int(np.ceil((room - start) / step)), count)
    return first, last
