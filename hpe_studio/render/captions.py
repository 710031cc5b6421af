"""Names beside the selected joint and the one under the pointer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.render.drawlist import Caption
from hpe_studio.render.tags import TextWidth, inside, shared_area

if TYPE_CHECKING:
    from hpe_studio.render.skeleton2d import ViewSkeleton

HEIGHT, PADDING, GAP = 20.0, 8.0, 12.0
JOINT = 9.0
"""Radius of a marked joint."""

_AWAY, _BELOW = 11.0, 18.0
_LEAST_LEADER = 5.0
Rect = tuple[float, float, float, float]
Place = tuple[float, float]


def place_captions(
    skeletons: Sequence[ViewSkeleton],
    taken: Sequence[Rect],
    view_px: Place,
    *,
    text_width: TextWidth,
    clear_px: float = JOINT,
) -> tuple[Caption, ...]:
    """A caption for each joint that has one, off tags and marked joints if it can be.

    Args:
        skeletons: Whose joints.
        taken: Where tags and other things lie.
        view_px: Width and height of the view.
        text_width: Pixels of a text.
        clear_px: How far captions keep off joints, for handles around them.
    """
    wanted: list[tuple[Place, tuple[str, str]]] = []
    for skeleton in skeletons:
        person = skeleton.person
        asked = [(person.selected_joint, person.selected_caption)]
        if person.hovered_joint != person.selected_joint:
            asked.append((person.hovered_joint, person.hovered_caption))
        for joint, words in asked:
            if joint is None or words is None:
                continue
            x, y = skeleton.points[joint]
            if (
                np.isfinite((x, y)).all()
                and 0 <= x <= view_px[0]
                and 0 <= y <= view_px[1]
            ):
                wanted.append(((float(x), float(y)), words))
    kept_off = [
        *taken,
        *(
            (x - clear_px, y - clear_px, x + clear_px, y + clear_px)
            for (x, y), _ in wanted
        ),
    ]
    captions: list[Caption] = []
    for at, (text, detail) in wanted:
        gap = GAP + text_width(detail) if detail else 0.0
        size = 2 * PADDING + text_width(text) + gap, HEIGHT
        rect = _free_place(at, size, view_px, kept_off, clear_px)
        kept_off.append(rect)
        captions.append(
            Caption(rect=rect, text=text, detail=detail, leader=_leader(at, rect))
        )
    return tuple(captions)


def _free_place(
    at: Place, size: Place, view_px: Place, taken: Sequence[Rect], clear_px: float
) -> Rect:
    """Right below, else left, above or farther off, whichever covers least."""
    (x, y), (width, height) = at, size
    away = clear_px + _AWAY
    right, left = x + away, x - away - width
    rows = (y + _BELOW - height / 2, y - _BELOW - height / 2, y + 2.5 * _BELOW)
    tries = [(column, row) for row in rows for column in (right, left)]
    off = clear_px + _BELOW + height / 2
    tries += [(x - width / 2, y + sign * off - height / 2) for sign in (1, -1)]
    places = [inside(corner, size, view_px) for corner in tries]
    return min(places, key=lambda rect: shared_area(rect, taken))


def _leader(at: Place, rect: Rect) -> tuple[Place, Place] | None:
    """From the joint's ring to the nearest point of the box."""
    near = np.clip(at, rect[:2], rect[2:])
    away = np.hypot(*(near - at))
    if away < JOINT + _LEAST_LEADER:
        return None
    start = at + (near - at) * (JOINT / away)
    return (float(start[0]), float(start[1])), (float(near[0]), float(near[1]))
