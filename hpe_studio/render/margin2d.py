"""The dotted ground beyond the picture, and the picture's edge."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.render.drawlist import Dots, Ink, Label, Lines, Shape
from hpe_studio.render.skeleton2d import ViewSkeleton
from hpe_studio.render.tags import guessed_width
from hpe_studio.render.theme import theme
from hpe_studio.render.viewtransform import ViewTransform

Rect = tuple[float, float, float, float]
_EDGE_DASH, _EDGE_ALPHA = (6.0, 4.0), 0.55
_DOT_STEP = 14.0


def margin_shapes(
    skeletons: Sequence[ViewSkeleton], view: ViewTransform, name: str
) -> list[Shape]:
    """The dotted ground beyond the picture, and its edge where limbs cross it.

    Args:
        skeletons: Whose limbs may lie beyond; nothing is drawn where none does.
        view: Where the picture lies.
        name: Written at the lower edge, or "".
    """
    if not any(s.outside.any() for s in skeletons):
        return []
    look = theme("dark")
    left, top, right, bottom = rect = view.picture_rect()
    wide, high = view.view_px
    ground = Dots(
        rect=(0.0, 0.0, wide, high),
        except_rect=rect,
        step=_DOT_STEP,
        background=Ink(colour=look.colour("video.backdrop")),
        ink=Ink(colour=look.colour("video.dots")),
    )
    white = Ink(colour="#FFFFFF", alpha=_EDGE_ALPHA)
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    crossed = _crossed_sides(skeletons, rect)
    ends = np.stack([corners, np.roll(corners, -1, axis=0)], axis=1)[crossed]
    edges = Lines(ends=ends, width=1, ink=white, dash=_EDGE_DASH)
    shapes: list[Shape] = [ground, edges]
    if name and crossed[2] and bottom + 16 < high:
        limbs = np.concatenate([s.points[s.outside, 0] for s in skeletons])
        x = _free_side(limbs, max(left, 0.0), min(right, wide), guessed_width(name))
        ink = Ink(colour=look.colour("video.tag_text"))
        shapes.append(Label(text=name, x=x, y=bottom + 14, ink=ink))
    return shapes


def _free_side(limbs_x: FloatArray, left: float, right: float, text_px: float) -> float:
    """Where a label starts at the left, or at the right if limbs cross the left."""
    crowded = (limbs_x < left + text_px + 20) & (limbs_x > left - 10)
    return right - text_px - 10 if crowded.any() else left + 10


def _crossed_sides(skeletons: Sequence[ViewSkeleton], rect: Rect) -> BoolArray:
    """Which of top, right, bottom and left have points of limbs beyond them."""
    points = np.concatenate([s.points[s.outside] for s in skeletons])
    left, top, right, bottom = rect
    x, y = points[:, 0], points[:, 1]
    sides = [y < top, x > right, y > bottom, x < left]
    return np.array([side.any() for side in sides])
