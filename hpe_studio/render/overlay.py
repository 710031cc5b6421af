"""The drawing over the footage: people's skeletons in, a list of shapes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.render import skeleton2d
from hpe_studio.render.drawlist import (
    Box,
    Dots,
    Ink,
    Label,
    Lines,
    Polygons,
    Shape,
    Tag,
)
from hpe_studio.render.geometry import finite_rows
from hpe_studio.render.tags import TextWidth, guessed_width, place_tags
from hpe_studio.render.theme import theme
from hpe_studio.render.viewtransform import ViewTransform

Rect = tuple[float, float, float, float]
_EDGE_DASH, _EDGE_ALPHA = (6.0, 4.0), 0.55
_DOT_STEP = 14.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class OverlayPerson:
    """One person of the frame, as the overlay draws them.

    Attributes:
        id: Whose skeleton it is.
        points_px: Stored pixels, shape (points, 2); NaN where missing.
        edges: Pairs of points joined by a bone.
        colour: "#rrggbb", of the video set.
        name: For the tag; "" for none.
        letter: For the tag's disc.
        outside: True where a point lies outside the picture, shape (points,); None
            means: where its pixel does.
        occluded: True where a point is hidden, shape (points,).
        head: Points of the face, which tags keep off; empty: the topmost point.
        selected: Drawn wider, with joint rings.
        selected_joint, hovered_joint: Indices of points.
        box_px: Left, top, right, bottom in stored pixels, drawn when given.
        outlines_px: The projected body's outline, each shape (corners, 2).
        outline_fill: Opacity of its filling.
        style: The person, the ghost of the estimate, or the truth.
    """

    id: str
    points_px: FloatArray
    edges: Sequence[tuple[int, int]]
    colour: str
    name: str = ""
    letter: str = ""
    outside: BoolArray | None = None
    occluded: BoolArray | None = None
    head: Sequence[int] = ()
    selected: bool = False
    selected_joint: int | None = None
    hovered_joint: int | None = None
    box_px: Rect | None = None
    outlines_px: tuple[FloatArray, ...] = ()
    outline_fill: float = 0.25
    style: Literal["person", "ghost", "truth"] = "person"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Targets:
    """What the pointer can hit, in view pixels; one row per joint, bone and box.

    Attributes:
        people: Ids, in the order drawn.
        joints: Shape (joints, 2), finite, with owner (index into `people`) and point.
        joint_owner, joint_index: Shape (joints,).
        bones: Shape (bones, 2, 2), with owner and the point at its lower end.
        bone_owner, bone_joint: Shape (bones,).
        boxes: Shape (boxes, 4), with owner.
        box_owner: Shape (boxes,).
    """

    people: tuple[str, ...]
    joints: FloatArray
    joint_owner: IntArray
    joint_index: IntArray
    bones: FloatArray
    bone_owner: IntArray
    bone_joint: IntArray
    boxes: FloatArray
    box_owner: IntArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Overlay:
    """Shapes in the order they are painted, and what of them can be hit."""

    shapes: tuple[Shape, ...]
    tags: tuple[Tag, ...]
    targets: Targets


def draw_overlay(
    people: Sequence[OverlayPerson],
    view: ViewTransform,
    *,
    frame_edge: str = "",
    short_tags: bool = False,
    text_width: TextWidth = guessed_width,
) -> Overlay:
    """Everything drawn over one frame of footage.

    Selected people come last, so that they lie on top; ghosts and truth never answer
    the pointer.

    Args:
        people: Who is in the frame, with ghosts and truth.
        view: Where the picture lies.
        frame_edge: Name written at the picture's edge where limbs lie beyond it.
        short_tags: Tags show the letter alone, as while editing.
        text_width: Pixels of a name in the tag's font.
    """
    ordered = sorted(people, key=_layer)
    skeletons = [skeleton2d.in_view(person, view) for person in ordered]
    shapes: list[Shape] = []
    for skeleton in skeletons:
        shapes += _person_shapes(skeleton, view)
    tags = place_tags(
        [s for s in skeletons if s.person.style == "person" and s.person.letter],
        view.view_px,
        short=short_tags,
        text_width=text_width,
    )
    margin = _margin_shapes(skeletons, view, frame_edge)
    return Overlay(
        shapes=(*margin, *shapes, *tags), tags=tags, targets=_targets(skeletons)
    )


def bounds_px(people: Sequence[OverlayPerson]) -> Rect | None:
    """Left, top, right, bottom of the selected people's points, for `fit(reach_px=)`.

    None where nobody is selected or none of their points lies outside the picture.
    """
    selected = [p for p in people if p.selected and p.style == "person"]
    outside = [p for p in selected if p.outside is not None and p.outside.any()]
    if not outside:
        return None
    points = np.concatenate([np.asarray(p.points_px, float) for p in outside])
    points = points[finite_rows(points)]
    if len(points) == 0:
        return None
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _layer(person: OverlayPerson) -> int:
    order = {"ghost": 0, "person": 1, "truth": 3}[person.style]
    return 2 if person.selected and order == 1 else order


def _person_shapes(
    skeleton: skeleton2d.ViewSkeleton, view: ViewTransform
) -> list[Shape]:
    person = skeleton.person
    if person.style == "ghost":
        return skeleton2d.ghost_shapes(skeleton)
    if person.style == "truth":
        return skeleton2d.truth_shapes(skeleton)
    shapes: list[Shape] = []
    if person.outlines_px:
        outlines = tuple(view.to_view(outline) for outline in person.outlines_px)
        fill = Ink(colour=person.colour, alpha=person.outline_fill)
        edge = Ink(colour=person.colour, alpha=0.9)
        shapes.append(
            Polygons(outlines=outlines, fill=fill, stroke=edge, stroke_width=1.5)
        )
    if person.box_px is not None:
        left, top = view.to_view(np.array(person.box_px[:2]))
        right, bottom = view.to_view(np.array(person.box_px[2:]))
        edge = Ink(colour=person.colour, alpha=1.0 if person.selected else 0.7)
        frame = Box(
            rect=(left, top, right, bottom), radius=2, stroke=edge, stroke_width=1.5
        )
        casing = replace(frame, stroke=skeleton2d.casing_ink(), stroke_width=3.1)
        shapes += [casing, frame]
    return shapes + skeleton2d.person_shapes(skeleton)


def _margin_shapes(
    skeletons: Sequence[skeleton2d.ViewSkeleton], view: ViewTransform, name: str
) -> list[Shape]:
    """The dotted ground beyond the picture, and its edge where limbs cross it."""
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


def _crossed_sides(
    skeletons: Sequence[skeleton2d.ViewSkeleton], rect: Rect
) -> BoolArray:
    """Which of top, right, bottom and left have points of limbs beyond them."""
    points = np.concatenate([s.points[s.outside] for s in skeletons])
    left, top, right, bottom = rect
    x, y = points[:, 0], points[:, 1]
    sides = [y < top, x > right, y > bottom, x < left]
    return np.array([side.any() for side in sides])


def _targets(skeletons: Sequence[skeleton2d.ViewSkeleton]) -> Targets:
    drawn = [s for s in skeletons if s.person.style == "person"]
    joint_rows = [np.flatnonzero(finite_rows(s.points)) for s in drawn]
    bone_rows = [np.flatnonzero(s.kinds >= 0) for s in drawn]
    boxes = [
        (i, skeleton2d.box_of(s)) for i, s in enumerate(drawn) if len(joint_rows[i])
    ]
    return Targets(
        people=tuple(s.person.id for s in drawn),
        joints=_stack([s.points[r] for s, r in zip(drawn, joint_rows, strict=True)], 2),
        joint_owner=np.repeat(np.arange(len(drawn)), [len(r) for r in joint_rows]),
        joint_index=_stack(joint_rows, 0).astype(np.int64),
        bones=_stack(
            [s.points[s.edges[r]] for s, r in zip(drawn, bone_rows, strict=True)], 4
        ),
        bone_owner=np.repeat(np.arange(len(drawn)), [len(r) for r in bone_rows]),
        bone_joint=_stack(
            [s.edges[r, 1] for s, r in zip(drawn, bone_rows, strict=True)], 0
        ).astype(np.int64),
        boxes=np.array([box for _, box in boxes]).reshape(-1, 4),
        box_owner=np.array([i for i, _ in boxes], np.int64),
    )


def _stack(parts: Sequence[np.ndarray], width: int) -> np.ndarray:
    empty = {0: (0,), 2: (0, 2), 4: (0, 2, 2)}[width]
    return np.concatenate([np.zeros(empty), *parts])
