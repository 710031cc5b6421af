"""Name tags that stay in the view and keep off faces, joints and each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Tag
from hpe_studio.render.geometry import finite_rows
from hpe_studio.render.theme import letter_ink

if TYPE_CHECKING:
    from hpe_studio.render.skeleton2d import ViewSkeleton

TextWidth = Callable[[str], float]
HEIGHT, DISC = 18.0, 13.0
_ABOVE, _BORDER, _FACE = 24.0, 4.0, 10.0
_PADDING, _GAP = 2.5, 4.0
_RINGS = 8
Rect = tuple[float, float, float, float]


def guessed_width(text: str) -> float:
    """About how wide 11 px Inter Medium sets a text; the window measures instead."""
    return 6.3 * len(text)


def tag_size(name: str, *, short: bool, text_width: TextWidth) -> tuple[float, float]:
    """Width and height of a tag."""
    if short or not name:
        return HEIGHT, HEIGHT
    return 2 * _PADDING + DISC + 2 * _GAP + text_width(name), HEIGHT


def place_tags(
    skeletons: Sequence[ViewSkeleton],
    view_px: tuple[float, float],
    *,
    short: bool,
    text_width: TextWidth,
    covered: Sequence[Rect] = (),
) -> tuple[Tag, ...]:
    """A tag for each person who is in or near the view.

    Tags never lie on each other, on a selected person's face or on the selected joint;
    where there is no room for a name the letter stands alone, and in the worst press
    those who matter least have no tag.

    Args:
        skeletons: Who gets a tag, the most important last.
        view_px: Width and height of the view.
        short: Letters alone.
        text_width: Pixels of a name.
        covered: Where other things lie over the view.
    """
    faces = [(s.person.selected, face) for s in skeletons if (face := _face(s))]
    handles = [point for s in skeletons if (point := _handle(s)) is not None]
    kept_free = [face for selected, face in faces if selected] + handles + list(covered)
    others = [face for selected, face in faces if not selected]
    tags: list[Tag] = []
    for skeleton in reversed(skeletons):
        anchor = _anchor(skeleton, view_px)
        if anchor is None:
            continue
        person = skeleton.person
        for text in dict.fromkeys(["" if short else person.name, ""]):
            size = tag_size(text, short=not text, text_width=text_width)
            rect = place_rect(anchor, size, view_px, others, kept_free)
            if rect is not None:
                break
        else:
            continue
        kept_free.append(rect)
        tags.append(
            Tag(
                person=person.id,
                rect=rect,
                letter=person.letter,
                text=text,
                disc=person.colour,
                letter_ink=letter_ink("video"),
            )
        )
    return tuple(reversed(tags))


def place_rect(
    anchor: tuple[float, float],
    size: tuple[float, float],
    view_px: tuple[float, float],
    obstacles: Sequence[Rect],
    kept_free: Sequence[Rect] = (),
) -> Rect | None:
    """Where a tag of some size stands for a head at `anchor`, inside the view.

    Tries above the head, then beside it and higher, then farther off, and takes the
    place that covers least of the obstacles; None where every place would touch what is
    to be kept free.
    """
    best, least = None, np.inf
    for cx, cy in _tries(anchor, size):
        rect = inside((cx - size[0] / 2, cy - size[1] / 2), size, view_px)
        if shared_area(rect, kept_free) > 0:
            continue
        covered = shared_area(rect, obstacles)
        if covered < least - 1e-6:
            best, least = rect, covered
        if covered == 0:
            break
    return best


def _tries(
    anchor: tuple[float, float], size: tuple[float, float]
) -> Iterator[tuple[float, float]]:
    """Middles of the places to try, the best first."""
    x, y = anchor
    width, height = size
    side = width / 2 + _FACE + 6
    yield x, y - _ABOVE
    for dx in (-side / 2, side / 2):
        yield x + dx, y - _ABOVE
    yield x, y - _ABOVE - height - 3
    for dy in (0.0, height + 3):
        yield x - side, y + dy
        yield x + side, y + dy
    yield x, y - _ABOVE - 2 * (height + 3)
    yield x, y + 3 * height
    for ring in range(1, _RINGS + 1):
        for across in range(-ring, ring + 1):
            up = ring - abs(across)
            for dy in dict.fromkeys((-up, up)):
                yield x + across * side / 2, y - _ABOVE + dy * (height + 3)


def inside(
    corner: tuple[float, float], size: tuple[float, float], view_px: tuple[float, float]
) -> Rect:
    """A rectangle moved as little as needed to lie in the view."""
    left = max(min(corner[0], view_px[0] - _BORDER - size[0]), _BORDER)
    top = max(min(corner[1], view_px[1] - _BORDER - size[1]), _BORDER)
    return left, top, left + size[0], top + size[1]


def _anchor(
    skeleton: ViewSkeleton, view_px: tuple[float, float]
) -> tuple[float, float] | None:
    points = skeleton.points[finite_rows(skeleton.points)]
    if len(points) == 0:
        return None
    low, high = points.min(axis=0), points.max(axis=0)
    if (high < 0).any() or (low > view_px).any():
        return None
    if skeleton.head_box is not None:
        left, top, right, _ = skeleton.head_box
        return (left + right) / 2, top
    head = _head(skeleton)
    return float(head[:, 0].mean()), float(head[:, 1].min())


def _head(skeleton: ViewSkeleton) -> FloatArray:
    points = skeleton.points
    if len(skeleton.person.head):
        head = points[list(skeleton.person.head)]
        head = head[finite_rows(head)]
        if len(head):
            return head
    return points[[int(np.nanargmin(points[:, 1]))]]


def _face(skeleton: ViewSkeleton) -> Rect | None:
    if not finite_rows(skeleton.points).any():
        return None
    if skeleton.head_box is not None:
        return skeleton.head_box
    head = _head(skeleton)
    low, high = head.min(axis=0) - _FACE, head.max(axis=0) + _FACE
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _handle(skeleton: ViewSkeleton) -> Rect | None:
    joint = skeleton.person.selected_joint
    if joint is None or not np.isfinite(skeleton.points[joint]).all():
        return None
    x, y = skeleton.points[joint]
    return float(x) - 9, float(y) - 9, float(x) + 9, float(y) + 9


def shared_area(one: Rect, others: Sequence[Rect]) -> float:
    """The area that a rectangle shares with others, counted for each."""
    left, top, right, bottom = one
    shared = 0.0
    for other_left, other_top, other_right, other_bottom in others:
        # One condition for most: tags are tried at many places, far from nearly all.
        if other_left < right and left < other_right:
            high = min(bottom, other_bottom) - max(top, other_top)
            if high > 0:
                shared += high * (min(right, other_right) - max(left, other_left))
    return shared


def overlap(one: Rect, other: Rect) -> float:
    """The area two rectangles share."""
    return shared_area(one, (other,))
