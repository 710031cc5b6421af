"""What is painted over the 3D picture: the axis ball, the ground line, name tags."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Discs, Ink, Label, Lines, Shape, Tag
from hpe_studio.render.tags import (
    TextWidth,
    guessed_width,
    place_rect,
    tag_size,
)
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera

BALL_PX, _BALL_BORDER = 58.0, 36.0
_DISC, _SMALL_DISC = 7.5, 4.0
_PRESETS = {"x": "side", "y": "top", "z": "front"}
_EDGE_ON = 0.03


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NamedHead:
    """Someone who gets a tag in the 3D view.

    Attributes:
        id: Whose tag.
        name: Written on it.
        letter: On its disc.
        colour: "#rrggbb" of the disc.
        head_m: The head joint, shape (3,), scene metres; NaN for no tag.
    """

    id: str
    name: str
    letter: str
    colour: str
    head_m: FloatArray


def axis_ball(view: ViewCamera, look: Theme) -> list[Shape]:
    """The three axes as seen, in the lower right corner, nearest last."""
    centre, ends = _ball(view)
    shapes: list[Shape] = []
    order = np.argsort([end[2] for _, end in ends])
    for index in order:
        axis, end = ends[index]
        at = np.array([end[:2]])
        ink = Ink(colour=look.colour(f"axis.{axis[-1]}"))
        if axis[0] == "-":
            faint = Ink(colour=ink.colour, alpha=0.35)
            shapes.append(
                Discs(
                    centres=at,
                    radius=_SMALL_DISC,
                    fill=faint,
                    stroke=ink,
                    stroke_width=1.2,
                )
            )
            continue
        shapes.append(Lines(ends=np.array([[centre, end[:2]]]), width=2.0, ink=ink))
        shapes.append(Discs(centres=at, radius=_DISC, fill=ink))
        letter = Ink(colour="#0D0F13")
        x, y = float(end[0]) - 3.2, float(end[1])
        shapes.append(Label(text=axis.upper(), x=x, y=y, ink=letter, size=10))
    return shapes


def hit_axis_ball(view: ViewCamera, x: float, y: float) -> str | None:
    """The `orbit.preset` of the axis whose disc is under a view pixel, or None."""
    _, ends = _ball(view)
    hits = [
        (float(end[2]), axis)
        for axis, end in ends
        if axis[0] != "-" and np.hypot(end[0] - x, end[1] - y) <= _DISC + 2
    ]
    return _PRESETS[max(hits)[1]] if hits else None


def ground_line(view: ViewCamera, look: Theme, *, height_m: float = 0.0) -> list[Shape]:
    """The floor as a line, for parallel views that see its plane edge on."""
    if not view.orthographic or abs(view.eye_from_scene[2, 1]) > _EDGE_ON:
        return []
    y = float(view.project(np.array([0.0, height_m, 0.0]))[1])
    ends = np.array([[[0.0, y], [view.size[0], y]]])
    # The axis that runs across: red for X in front views, blue for Z in side views.
    across = "x" if abs(view.eye_from_scene[0, 0]) > 0.7 else "z"
    ink = Ink(colour=look.colour(f"axis.{across}"), alpha=0.75)
    return [Lines(ends=ends, width=1.2, ink=ink)]


def name_tags(
    view: ViewCamera,
    people: Sequence[NamedHead],
    look: Theme,
    *,
    short: bool = False,
    text_width: TextWidth = guessed_width,
) -> tuple[Tag, ...]:
    """A tag above each head that is in the view; they evade each other, nearest first.

    Args:
        view: The view.
        people: Who gets one.
        look: The theme.
        short: Letters alone, as while editing.
        text_width: Pixels of a name in the tag's font.
    """
    tags: list[Tag] = []
    taken: list[tuple[float, float, float, float]] = []
    seen = [p for p in people if np.isfinite(p.head_m).all()]
    for person in sorted(seen, key=lambda p: float(view.depth_m(p.head_m))):
        # The crown is some 15 cm above the head joint.
        x, y = view.project(person.head_m + np.array([0.0, 0.15, 0.0]))
        if not (0 <= x <= view.size[0] and 0 <= y <= view.size[1]):
            continue
        size = tag_size(person.name, short=short, text_width=text_width)
        rect = place_rect((float(x), float(y) + 6), size, view.size, taken)
        taken.append(rect)
        tags.append(
            Tag(
                person=person.id,
                rect=rect,
                letter=person.letter,
                text="" if short else person.name,
                disc=person.colour,
                letter_ink=look.letter_ink(),
            )
        )
    return tuple(reversed(tags))


def _ball(view: ViewCamera) -> tuple[FloatArray, list[tuple[str, FloatArray]]]:
    """Centre, and for each end of an axis its view pixel and depth toward the eye."""
    centre = np.array(view.size) - _BALL_BORDER
    arm = BALL_PX / 2 - _DISC
    rotation = view.eye_from_scene[:3, :3]
    ends = []
    for i, axis in enumerate("xyz"):
        right, up, back = rotation[:, i] * arm
        ends.append((axis, np.array([centre[0] + right, centre[1] - up, back])))
        ends.append((f"-{axis}", np.array([centre[0] - right, centre[1] + up, -back])))
    return centre, ends
