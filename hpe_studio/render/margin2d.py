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
    if name:
        limbs = np.concatenate([s.points[s.outside, 0] for s in skeletons])
        shapes += _edge_name(name, rect, view.view_px, crossed, limbs)
    return shapes


def _edge_name(
    name: str,
    rect: Rect,
    view_px: tuple[float, float],
    crossed: BoolArray,
    limbs_x: FloatArray,
) -> list[Shape]:
    """The edge's name just beyond it, where there is room and no limb."""
    left, top, right, bottom = rect
    x_first, x_last = max(left, 0.0), min(right, view_px[0])
    x = _free_side(limbs_x, x_first, x_last, guessed_width(name))
    if not (crossed[0] or crossed[2]):  # a side: at its lower end
        x = right - guessed_width(name) - 10 if crossed[1] else left + 10
    is_above = crossed[0] and not crossed[2]
    y = top - 14 if is_above else bottom + 14
    if not 10 < y < view_px[1] - 40:  # the zoom's chip stands there
        return []
    ink = Ink(colour=theme("dark").colour("video.tag_text"), alpha=0.85)
    return [Label(text=name, x=x, y=y, ink=ink)]


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
