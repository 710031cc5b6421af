"""What is painted over the 3D picture: axis ball, ground line, name tags, notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.drawlist import Box, Discs, Ink, Label, Lines, Shape, Tag
from hpe_studio.render.tags import (
    Rect,
    TextWidth,
    guessed_width,
    inside,
    place_rect,
    shared_area,
    tag_size,
)
from hpe_studio.render.theme import Theme
from hpe_studio.render.viewcamera import ViewCamera

BALL_PX, _BALL_BORDER = 58.0, 38.0
_DISC, _SMALL_DISC = 7.5, 4.0
_PRESETS = {
    "x": "side",
    "y": "top",
    "z": "front",
    "-x": "far side",
    "-y": "bottom",
    "-z": "back",
}
_EDGE_ON = 0.03
_CROWN_M, _FACE_M, _FACE_UP_M = 0.14, 0.13, 0.05
_NOTE_PX, _NOTE_PADDING, _NOTE_GAP = 20.0, 8.0, 10.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class NamedHead:
    """Someone who gets a tag in the 3D view.

    Attributes:
        id: Whose tag.
        name: Written on it.
        letter: On its disc.
        colour: "#rrggbb" of the disc.
        head_m: The head joint, shape (3,), scene metres; NaN for no tag.
        body_m: Joints, shape (joints, 3); the tag stays while any of them is in view.
            None: while the head is.
        letter_ink: Colour of the letter.
    """

    id: str
    name: str
    letter: str
    colour: str
    head_m: FloatArray
    body_m: FloatArray | None = None
    letter_ink: str = "#FFFFFF"


def axis_ball(view: ViewCamera, look: Theme, *, hovered: bool = False) -> list[Shape]:
    """The three axes as seen, in the lower right corner, nearest last.

    The ends that point away are small and hollow; all six can be clicked. Under the
    pointer the ball shows its edge: it can be dragged.
    """
    centre, ends = _ball(view)
    shapes: list[Shape] = []
    if hovered:
        ground = Ink(colour=look.colour("text.primary"), alpha=0.10)
        shapes.append(Discs(centres=centre[None], radius=BALL_PX / 2 + 6, fill=ground))
    for axis, end in sorted(ends, key=lambda named: float(named[1][2])):
        at = np.array([end[:2]])
        ink = Ink(colour=look.colour(f"axis.{axis[-1]}"))
        if axis[0] == "-":
            faint = Ink(colour=ink.colour, alpha=0.25)
            shapes.append(
                Discs(
                    centres=at,
                    radius=_SMALL_DISC,
                    fill=faint,
                    stroke=Ink(colour=ink.colour, alpha=0.7),
                    stroke_width=1.2,
                )
            )
            continue
        shapes.append(Lines(ends=np.array([[centre, end[:2]]]), width=2.0, ink=ink))
        shapes.append(Discs(centres=at, radius=_DISC, fill=ink))
        shapes.append(
            Label(
                text=axis.upper(),
                x=float(end[0]),
                y=float(end[1]),
                ink=Ink(colour="#0D0F13"),
                size=10,
                weight=700,
                centred=True,
            )
        )
    return shapes


def hit_axis_ball(view: ViewCamera, x: float, y: float) -> str | None:
    """The `orbit.preset` of the axis end that is under a view pixel, or None."""
    _, ends = _ball(view)
    hits = [
        (float(end[2]), axis)
        for axis, end in ends
        if np.hypot(end[0] - x, end[1] - y)
        <= (_DISC if axis[0] != "-" else _SMALL_DISC) + 2
    ]
    return _PRESETS[max(hits)[1]] if hits else None


def on_axis_ball(view: ViewCamera, x: float, y: float) -> bool:
    """True where a drag turns the ball."""
    centre, _ = _ball(view)
    return bool(np.hypot(centre[0] - x, centre[1] - y) <= BALL_PX / 2 + 6)


def axis_ball_rect(view: ViewCamera) -> Rect:
    """Where the ball is: left, top, right, bottom."""
    centre, _ = _ball(view)
    reach = BALL_PX / 2 + 4
    x, y = (float(v) for v in centre)
    return x - reach, y - reach, x + reach, y + reach


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
    *,
    short: bool = False,
    text_width: TextWidth = guessed_width,
    obstacles: Sequence[Rect] = (),
) -> tuple[Tag, ...]:
    """A tag above each head; they evade faces, each other and what else is given.

    Who stands nearest is placed first and painted last. Tags of heads beyond the edge
    stay inside the view.

    Args:
        view: The view.
        people: Who gets one.
        short: Letters alone, as while editing.
        text_width: Pixels of a name in the tag's font.
        obstacles: What must not be covered: the selected joint, rings, buttons.
    """
    seen = _seen(view, people)
    if not seen:
        return ()
    heads_m = np.stack([person.head_m for person in seen])
    taken = [*obstacles, *face_rects(view, heads_m)]
    depths_m = view.depth_m(heads_m)
    crowns = view.project(heads_m + np.array([0.0, _CROWN_M, 0.0])).tolist()
    tags: list[Tag] = []
    for place in np.argsort(depths_m, kind="stable").tolist():
        person, (x, y) = seen[place], crowns[place]
        size = tag_size(person.name, short=short, text_width=text_width)
        rect = place_rect((x, y + 4), size, view.size, taken)
        if rect is None:
            continue
        taken.append(rect)
        tags.append(
            Tag(
                person=person.id,
                rect=rect,
                letter=person.letter,
                text="" if short else person.name,
                disc=person.colour,
                letter_ink=person.letter_ink,
            )
        )
    return tuple(reversed(tags))


def face_rects(view: ViewCamera, heads_m: FloatArray) -> list[Rect]:
    """About where faces are in the view, from head joints of shape (people, 3)."""
    middles = heads_m + np.array([0.0, _FACE_UP_M, 0.0])
    at, reach = view.project(middles), _FACE_M / view.metres_per_pixel(middles)
    edges = np.concatenate([at - reach[:, None], at + reach[:, None]], axis=1)
    return [(left, top, right, bottom) for left, top, right, bottom in edges.tolist()]


def joint_note(
    at: tuple[float, float],
    words: tuple[str, str],
    look: Theme,
    *,
    view_px: tuple[float, float],
    clear_px: float,
    text_width: TextWidth = guessed_width,
    covered: Sequence[Rect] = (),
) -> tuple[Rect, list[Shape]]:
    """What the selected joint is called and where its rotation comes from.

    Args:
        at: The joint, view pixels.
        words: Its name and its source.
        look: The theme.
        view_px: Width and height of the view.
        clear_px: How far from the joint the note keeps, so as to leave handles free.
        text_width: Pixels of a text in the note's font.
        covered: Where other things lie over the view.

    Returns:
        The note's rectangle and its shapes; to the right of the joint and below it, to
        the left or further down where there is no room.
    """
    name, source = words
    # A name is set a little bolder than it was measured.
    name_px = 1.04 * text_width(name) + 1
    wide = 2 * _NOTE_PADDING + name_px + _NOTE_GAP + text_width(source)
    rect = _note_rect(at, wide, view_px, clear_px, covered)
    middle = rect[1] + _NOTE_PX / 2
    ground = Ink(colour=look.colour("video.tag"), alpha=0.88)
    text = look.colour("video.tag_text")
    start = rect[0] + _NOTE_PADDING
    return rect, [
        Box(
            rect=rect,
            radius=4,
            fill=ground,
            stroke=Ink(colour=text, alpha=0.22),
            stroke_width=1,
        ),
        Label(text=name, x=start, y=middle, ink=Ink(colour=text), weight=600),
        Label(
            text=source,
            x=start + name_px + _NOTE_GAP,
            y=middle,
            ink=Ink(colour=text, alpha=0.72),
        ),
    ]


def _note_rect(
    at: tuple[float, float],
    wide: float,
    view_px: tuple[float, float],
    clear_px: float,
    covered: Sequence[Rect],
) -> Rect:
    beside = at[1] + min(clear_px, 16.0) - _NOTE_PX / 2
    right, left = at[0] + clear_px, at[0] - clear_px - wide
    sides = (right, left) if right + wide <= view_px[0] - 4 else (left, right)
    middle, below = at[0] - wide / 2, at[1] + clear_px + 4
    tries = [(x, beside) for x in sides] + [(middle, below)]
    rects = [inside(corner, (wide, _NOTE_PX), view_px) for corner in tries]
    handles = (at[0] - clear_px, at[1] - clear_px, at[0] + clear_px, at[1] + clear_px)
    kept_free = (*covered, handles)
    free = (rect for rect in rects if shared_area(rect, kept_free) == 0)
    return next(free, rects[0])


def picture_edges(rect: Rect, view_px: tuple[float, float]) -> list[Shape]:
    """What lies beside the clip's picture, dimmed, and the picture's edge."""
    left, top, right, bottom = rect
    width, height = view_px
    dark = Ink(colour="#000000", alpha=0.42)
    beside = (
        (0.0, 0.0, width, top),
        (0.0, bottom, width, height),
        (0.0, top, left, bottom),
        (right, top, width, bottom),
    )
    shapes: list[Shape] = [
        Box(rect=strip, fill=dark)
        for strip in beside
        if strip[2] - strip[0] > 0.5 and strip[3] - strip[1] > 0.5
    ]
    edge = Ink(colour="#FFFFFF", alpha=0.45)
    frame = (left - 0.5, top - 0.5, right + 0.5, bottom + 0.5)
    return [*shapes, Box(rect=frame, stroke=edge, stroke_width=1, dash=(6, 4))]


def _seen(view: ViewCamera, people: Sequence[NamedHead]) -> list[NamedHead]:
    """Whose head is before the eye and any of whose joints is in the view."""
    bodies = [p.head_m[None] if p.body_m is None else p.body_m for p in people]
    if not bodies:
        return []
    places = view.project(np.concatenate([*bodies, [p.head_m for p in people]]))
    within = (places >= 0) & (places <= view.size)
    is_inside = within[:, 0] & within[:, 1]
    first = np.cumsum([0, *(len(body) for body in bodies)])
    is_before = np.isfinite(places[first[-1] :].sum(axis=-1))
    return [
        person
        for i, person in enumerate(people)
        if is_before[i] and is_inside[first[i] : first[i + 1]].any()
    ]


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
