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
        occluded: Hidden points within it, shape (points,).
    """

    person: OverlayPerson
    points: FloatArray
    edges: IntArray
    kinds: IntArray
    outside: BoolArray
    occluded: BoolArray


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
    )


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
    """Bones on a casing, hatched and dashed limbs, joints."""
    person = skeleton.person
    colour = Ink(colour=person.colour)
    width = _BONE_SELECTED if person.selected else _BONE
    bones = skeleton.points[skeleton.edges]
    shapes: list[Shape] = []
    outside = bones[skeleton.kinds == OUTSIDE]
    if len(outside):
        fill = Ink(colour=person.colour, alpha=_LIMB_FILL)
        shapes.append(
            Capsules(ends=outside, radius=_LIMB_RADIUS, fill=fill, hatch=colour)
        )
    seen, hidden = bones[skeleton.kinds == SEEN], bones[skeleton.kinds == OCCLUDED]
    if len(seen):
        shapes.append(Lines(ends=seen, width=width + _CASING, ink=casing_ink()))
    if len(hidden):
        faint = Ink(colour=person.colour, alpha=_OCCLUDED_ALPHA)
        dash = _OCCLUDED_DASH
        shapes.append(
            Lines(
                ends=hidden,
                width=width + _CASING,
                ink=Ink(colour=casing_ink().colour, alpha=0.62 * _OCCLUDED_ALPHA),
            )
        )
        shapes.append(Lines(ends=hidden, width=width, ink=faint, dash=dash))
    if len(seen):
        shapes.append(Lines(ends=seen, width=width, ink=colour))
    return shapes + _joints(skeleton) + _handles(skeleton)


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
    inside = skeleton.points[known & used & ~skeleton.outside]
    beyond = skeleton.points[known & used & skeleton.outside]
    dark = Ink(colour=theme("dark").colour("video.tag"))
    shapes: list[Shape] = []
    if person.selected:
        ring = {"radius": _RING, "stroke": colour, "stroke_width": _RING_WIDTH}
        shapes.append(Discs(centres=inside, fill=Ink(colour=_WHITE), **ring))
        shapes.append(Discs(centres=beyond, fill=dark, **ring))
    else:
        dot = {"radius": _JOINT, "fill": colour, "stroke": casing_ink()}
        shapes.append(Discs(centres=inside, stroke_width=1.0, **dot))
        shapes.append(
            Discs(
                centres=beyond,
                radius=_JOINT,
                fill=dark,
                stroke=colour,
                stroke_width=1.2,
            )
        )
    return [s for s in shapes if not isinstance(s, Discs) or len(s.centres)]


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
