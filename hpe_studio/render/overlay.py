"""The drawing over the footage: people's skeletons in, a list of shapes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.render import skeleton2d
from hpe_studio.render.captions import JOINT, place_captions
from hpe_studio.render.drawlist import Brackets, Caption, Ink, Polygons, Shape, Tag
from hpe_studio.render.margin2d import margin_shapes
from hpe_studio.render.skeletonmemory import SkeletonMemory
from hpe_studio.render.tags import HEIGHT, TextWidth, guessed_width, place_tags
from hpe_studio.render.targets import Targets, targets_of
from hpe_studio.render.theme import letter_ink
from hpe_studio.render.viewtransform import ViewTransform

Rect = tuple[float, float, float, float]
_OUTLINE, _OUTLINE_SELECTED = 1.5, 2.0
_BOX, _BOX_SELECTED, _ARM, _BEND = 1.8, 2.4, 16.0, 5.0


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
        head_box_px: Left, top, right, bottom of the whole head where it is known.
        selected: Drawn wider, with joint rings.
        selected_joint, hovered_joint: Indices of points.
        selected_caption, hovered_caption: Their names and a word on each, shown beside
            them; None for no caption.
        double: Bones are double lines, where more people than colours are told apart.
        box_px: Left, top, right, bottom in stored pixels, drawn when given.
        box_letter: Shown in the box's corner, "" for none.
        outlines_px: The projected body's outline, each shape (corners, 2); holes run
            the other way round.
        outline_fill, outline_alpha: Opacity of its filling and of its line; 0 for none.
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
    head_box_px: Rect | None = None
    selected: bool = False
    selected_joint: int | None = None
    hovered_joint: int | None = None
    selected_caption: tuple[str, str] | None = None
    hovered_caption: tuple[str, str] | None = None
    double: bool = False
    box_px: Rect | None = None
    box_letter: str = ""
    outlines_px: tuple[FloatArray, ...] = ()
    outline_fill: float = 0.25
    outline_alpha: float = 0.9
    style: Literal["person", "ghost", "truth"] = "person"


@dataclass(frozen=True, kw_only=True, eq=False)
class Overlay:
    """Shapes in the order they are painted, and what of them can be hit.

    Attributes:
        shapes: All of them, tags and captions among them.
        tags: Of the people's names.
        captions: Beside the selected joint and the one under the pointer.
        skeletons: Of everyone, in that order.
        reaches_beyond: True where someone's limbs lie outside the picture.
    """

    shapes: tuple[Shape, ...]
    tags: tuple[Tag, ...]
    captions: tuple[Caption, ...]
    skeletons: tuple[skeleton2d.ViewSkeleton, ...]
    reaches_beyond: bool

    @cached_property
    def targets(self) -> Targets:
        """What answers the pointer; worked out when it is asked for."""
        return targets_of(self.skeletons)


def draw_overlay(
    people: Sequence[OverlayPerson],
    view: ViewTransform,
    *,
    frame_edge: str = "",
    short_tags: bool = False,
    text_width: TextWidth = guessed_width,
    clear_px: float = JOINT,
    covered: Sequence[Rect] = (),
    memory: SkeletonMemory | None = None,
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
        clear_px: How far captions keep off joints, for a tool's handles.
        covered: Where other things lie over the view; tags and captions keep off.
        memory: Of the last drawing, so that who is as before keeps their shapes.
    """
    ordered = sorted(people, key=_layer)
    everyone = (memory or SkeletonMemory()).drawn(ordered, view)
    skeletons = [one.skeleton for one in everyone]
    shapes: list[Shape] = list(margin_shapes(skeletons, view, frame_edge))
    for part in (_body_shapes, _box_shapes):
        for person in ordered:
            shapes += part(person, view)
    for one in everyone:
        shapes += one.shapes
    drawn = [s for s in skeletons if s.person.style == "person"]
    tags = place_tags(
        [s for s in drawn if s.person.letter],
        view.view_px,
        short=short_tags,
        text_width=text_width,
        covered=covered,
    )
    captions = place_captions(
        drawn,
        [*covered, *(tag.rect for tag in tags)],
        view.view_px,
        text_width=text_width,
        clear_px=clear_px,
    )
    return Overlay(
        shapes=(*shapes, *tags, *captions),
        tags=tags,
        captions=captions,
        skeletons=tuple(skeletons),
        reaches_beyond=any(s.outside.any() for s in drawn),
    )


def _layer(person: OverlayPerson) -> int:
    order = {"ghost": 0, "person": 1, "truth": 3}[person.style]
    return 2 if person.selected and order == 1 else order


def _body_shapes(person: OverlayPerson, view: ViewTransform) -> list[Shape]:
    """The projected body: its filling, its outline."""
    if not person.outlines_px:
        return []
    fill, edge = (
        Ink(colour=person.colour, alpha=alpha) if alpha else None
        for alpha in (person.outline_fill, person.outline_alpha)
    )
    outlines = tuple(view.to_view(outline) for outline in person.outlines_px)
    width = _OUTLINE_SELECTED if person.selected else _OUTLINE
    return [Polygons(outlines=outlines, fill=fill, stroke=edge, stroke_width=width)]


def _box_shapes(person: OverlayPerson, view: ViewTransform) -> list[Shape]:
    """The corners of the person's box on a casing, and a letter in it."""
    if person.box_px is None:
        return []
    low, high = np.array(person.box_px[:2]), np.array(person.box_px[2:])
    (left, top), (right, bottom) = view.to_view(low), view.to_view(high)
    rect = (float(left), float(top), float(right), float(bottom))
    arm = max(min((right - left) / 3, (bottom - top) / 3, _ARM), 0.0)
    width = _BOX_SELECTED if person.selected else _BOX
    frame = Brackets(
        rect=rect,
        arm=arm,
        radius=min(_BEND, arm),
        width=width,
        ink=Ink(colour=person.colour),
    )
    casing = replace(frame, ink=skeleton2d.casing_ink(), width=width + 2.4)
    shapes: list[Shape] = [casing, frame]
    if person.box_letter:
        shapes.append(
            Tag(
                person=person.id,
                rect=(left + 4, top + 4, left + 4 + HEIGHT, top + 4 + HEIGHT),
                letter=person.box_letter,
                text="",
                disc=person.colour,
                letter_ink=letter_ink("video"),
            )
        )
    return shapes
