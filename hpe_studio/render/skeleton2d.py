"""How one person's skeleton is drawn over the footage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.render.drawlist import Capsules, Discs, Ink, Lines, Polygons, Shape
from hpe_studio.render.geometry import finite_rows
from hpe_studio.render.theme import theme
from hpe_studio.render.viewtransform import ViewTransform

if TYPE_CHECKING:
    from hpe_studio.render.overlay import OverlayPerson

SEEN, OCCLUDED, OUTSIDE, MISSING = 0, 1, 2, -1
"""Kinds of bones."""

_BONE, _BONE_SELECTED, _CASING = 2.5, 3.2, 2.4
_JOINT, _RING, _RING_WIDTH = 2.6, 4.2, 1.8
_PICKED, _PICKED_RING = 4.0, 7.5
_BETWEEN = 1.1
_LIMB_RADIUS, _LIMB_FILL = 5.5, 0.18
_OCCLUDED_ALPHA, _OCCLUDED_DASH = 0.55, (2.0, 3.0)
_WHITE, _YELLOW = "#FFFFFF", "#FFD84A"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ViewSkeleton:
    """A person's points where they are drawn.

    Attributes:
        person: What was asked to be drawn.
        points: View pixels, shape (points, 2); NaN where missing.
        edges: Shape (bones, 2).
        kinds: SEEN, OCCLUDED, OUTSIDE or MISSING, shape (bones,).
        outside: Points beyond the picture, shape (points,).
        picture: Left, top, right, bottom of the picture.
        head_box: Of the whole head where it is known, view pixels.
        occluded: Hidden points within it, shape (points,).
    """

    person: OverlayPerson
    points: FloatArray
    edges: IntArray
    kinds: IntArray
    outside: BoolArray
    occluded: BoolArray
    picture: tuple[float, float, float, float]
    head_box: tuple[float, float, float, float] | None = None


def in_view(person: OverlayPerson, view: ViewTransform) -> ViewSkeleton:
    """The person's points in view pixels, and what kind each bone is."""
    points_px = np.asarray(person.points_px, np.float64).reshape(-1, 2)
    known = finite_rows(points_px)
    points = np.where(known[:, None], view.to_view(points_px), np.nan)
    if person.outside is None:
        outside = beyond_picture(points_px, view.size_px)
    else:
        outside = np.asarray(person.outside, bool) & known
    occluded = np.zeros(len(points), bool)
    if person.occluded is not None:
        occluded = np.asarray(person.occluded, bool) & known & ~outside
    edges = np.asarray(person.edges, np.int64).reshape(-1, 2)
    return ViewSkeleton(
        person=person,
        points=points,
        edges=edges,
        kinds=bone_kinds(edges, known=known, outside=outside, occluded=occluded),
        outside=outside,
        occluded=occluded,
        picture=view.picture_rect(),
        head_box=_box_in_view(person.head_box_px, view),
    )


def _box_in_view(
    box_px: tuple[float, float, float, float] | None, view: ViewTransform
) -> tuple[float, float, float, float] | None:
    if box_px is None:
        return None
    left, top, right, bottom = view.to_view(np.array(box_px).reshape(2, 2)).ravel()
    return float(left), float(top), float(right), float(bottom)


def beyond_picture(points_px: FloatArray, size_px: tuple[int, int]) -> BoolArray:
    """True where a stored pixel lies outside the picture, shape (points,)."""
    x, y = points_px[:, 0], points_px[:, 1]
    width, height = size_px
    return (x < -0.5) | (y < -0.5) | (x > width - 0.5) | (y > height - 0.5)


def bone_kinds(
    edges: IntArray, *, known: BoolArray, outside: BoolArray, occluded: BoolArray
) -> IntArray:
    """What each bone is, shape (bones,): the worse of what its two ends are."""
    kinds = np.full(len(edges), SEEN)
    kinds[occluded[edges].any(axis=1)] = OCCLUDED
    kinds[outside[edges].any(axis=1)] = OUTSIDE
    kinds[~known[edges].all(axis=1)] = MISSING
    return kinds


def box_of(skeleton: ViewSkeleton) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the known points, or of the person's own box."""
    low = np.nanmin(skeleton.points, axis=0)
    high = np.nanmax(skeleton.points, axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def casing_ink() -> Ink:
    """The dark edge that keeps colours readable on any footage."""
    look = theme("dark")
    return Ink(colour=look.colour("video.casing"), alpha=0.62)


def person_shapes(skeleton: ViewSkeleton) -> list[Shape]:
    """Bones on a casing, hatched and dashed limbs, joints.

    A bone that leaves the picture is a line up to its edge and hatched beyond.
    """
    person = skeleton.person
    colour = Ink(colour=person.colour)
    bones = skeleton.points[skeleton.edges]
    shapes: list[Shape] = []
    outside = skeleton.kinds == OUTSIDE
    flagged = skeleton.outside & ~_beyond(skeleton.points, skeleton.picture)
    within = outside & flagged[skeleton.edges].any(axis=1)
    for chosen, hole in ((outside & ~within, skeleton.picture), (within, None)):
        if chosen.any():
            shapes.append(
                Capsules(
                    ends=bones[chosen],
                    radius=_LIMB_RADIUS,
                    fill=Ink(colour=person.colour, alpha=_LIMB_FILL),
                    hatch=colour,
                    except_rect=hole,
                )
            )
    parts, met = clipped(bones[outside & ~within], skeleton.picture)
    hidden_ends = skeleton.occluded[skeleton.edges[outside & ~within]].any(axis=1)
    faint = met & hidden_ends
    hidden = np.concatenate([bones[skeleton.kinds == OCCLUDED], parts[faint]])
    seen = np.concatenate([bones[skeleton.kinds == SEEN], parts[met & ~faint]])
    shapes += _bone_shapes(person, seen, hidden)
    return shapes + _joints(skeleton) + _handles(skeleton)


def _bone_shapes(
    person: OverlayPerson, seen: FloatArray, hidden: FloatArray
) -> list[Shape]:
    colour = Ink(colour=person.colour)
    width = _BONE_SELECTED if person.selected else _BONE
    shapes: list[Shape] = []
    if len(seen):
        # Flat: joints are drawn over the ends, and wider.
        casing = width + _CASING
        shapes.append(Lines(ends=seen, width=casing, ink=casing_ink(), flat=True))
    if len(hidden):
        faint = Ink(colour=person.colour, alpha=_OCCLUDED_ALPHA)
        under = Ink(colour=casing_ink().colour, alpha=0.62 * _OCCLUDED_ALPHA)
        dash = _OCCLUDED_DASH
        shapes.append(Lines(ends=hidden, width=width + _CASING, ink=under))
        shapes.append(Lines(ends=hidden, width=width, ink=faint, dash=dash))
    if len(seen):
        shapes.append(Lines(ends=seen, width=width, ink=colour, flat=True))
    if len(seen) and person.double:
        middle = Ink(colour=casing_ink().colour)
        shapes.append(Lines(ends=seen, width=_BETWEEN, ink=middle, flat=True))
    return shapes


def clipped(
    ends: FloatArray, rect: tuple[float, float, float, float]
) -> tuple[FloatArray, BoolArray]:
    """The parts of lines within a rectangle, shape (lines, 2, 2), and which have one.

    Source: Liang and Barsky, "A new concept and method for line clipping" (1984).
    """
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    low, high = np.array(rect[:2]), np.array(rect[2:])
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - start) / along, (high - start) / along
    still = along == 0
    apart = still & ((start < low) | (start > high))
    enter = np.where(still, -np.inf, np.minimum(one, other)).max(axis=1, initial=0)
    leave = np.where(still, np.inf, np.maximum(one, other)).min(axis=1, initial=1)
    share = np.stack([enter, leave], axis=1)[..., None]
    met = (enter < leave) & ~apart.any(axis=1)
    return start[:, None] + share * along[:, None], np.asarray(met)


def _beyond(points: FloatArray, rect: tuple[float, float, float, float]) -> BoolArray:
    low, high = np.array(rect[:2]), np.array(rect[2:])
    return np.asarray(((points < low) | (points > high)).any(axis=1))


def ghost_shapes(skeleton: ViewSkeleton) -> list[Shape]:
    """The estimate's ghost: dotted, hollow, white."""
    white = Ink(colour=_WHITE, alpha=0.42)
    bones = skeleton.points[skeleton.edges[skeleton.kinds != MISSING]]
    known = skeleton.points[finite_rows(skeleton.points)]
    return [
        Lines(ends=bones, width=2.0, ink=white, dash=(1.5, 4.0)),
        Discs(centres=known, radius=3.0, stroke=white, stroke_width=1.2),
    ]


def truth_shapes(skeleton: ViewSkeleton) -> list[Shape]:
    """Ground truth: white, dashed, with diamonds for joints."""
    white = Ink(colour=theme("dark").colour("data.truth"))
    bones = skeleton.points[skeleton.edges[skeleton.kinds != MISSING]]
    known = skeleton.points[finite_rows(skeleton.points)]
    corners = 2.5 * np.array([(0, -1), (1, 0), (0, 1), (-1, 0)], float)
    return [
        Lines(ends=bones, width=1.9 + _CASING, ink=casing_ink()),
        Lines(ends=bones, width=1.9, ink=white, dash=(5.0, 3.2)),
        Polygons(
            outlines=tuple(corners + point for point in known),
            fill=white,
            stroke=casing_ink(),
            stroke_width=1.0,
        ),
    ]


def _joints(skeleton: ViewSkeleton) -> list[Shape]:
    person = skeleton.person
    colour = Ink(colour=person.colour)
    known = finite_rows(skeleton.points)
    used = np.zeros(len(known), bool)
    used[skeleton.edges.ravel()] = True
    clear = known & used & ~skeleton.outside
    inside = skeleton.points[clear & ~skeleton.occluded]
    hidden = skeleton.points[clear & skeleton.occluded]
    beyond = skeleton.points[known & used & skeleton.outside]
    dark = Ink(colour=theme("dark").colour("video.tag"))
    faint = Ink(colour=person.colour, alpha=_OCCLUDED_ALPHA)
    white = Ink(colour=_WHITE)
    faint_white = Ink(colour=_WHITE, alpha=_OCCLUDED_ALPHA)
    if person.selected:
        rows = [
            (inside, white, colour, _RING_WIDTH),
            (beyond, dark, colour, _RING_WIDTH),
            (hidden, faint_white, faint, _RING_WIDTH),
        ]
    else:
        rows = [
            (inside, colour, casing_ink(), 1.0),
            (beyond, dark, colour, 1.2),
            (hidden, faint, None, 0.0),
        ]
    radius = _RING if person.selected else _JOINT
    return [
        Discs(centres=at, radius=radius, fill=fill, stroke=stroke, stroke_width=width)
        for at, fill, stroke, width in rows
        if len(at)
    ]


def _handles(skeleton: ViewSkeleton) -> list[Shape]:
    person, shapes = skeleton.person, []
    for joint, picked in ((person.hovered_joint, False), (person.selected_joint, True)):
        if joint is None or not np.isfinite(skeleton.points[joint]).all():
            continue
        at = skeleton.points[joint][None]
        ring = Ink(colour=_WHITE, alpha=1.0 if picked else 0.7)
        shapes.append(
            Discs(
                centres=at, radius=_PICKED_RING, stroke=casing_ink(), stroke_width=4.0
            )
        )
        shapes.append(
            Discs(centres=at, radius=_PICKED_RING, stroke=ring, stroke_width=2.0)
        )
        if picked:
            shapes.append(Discs(centres=at, radius=_PICKED, fill=Ink(colour=_YELLOW)))
    return shapes
