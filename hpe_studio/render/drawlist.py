"""What a 2D layer draws, as data; the window paints it, tests read it.

All places are view pixels (logical), so widths do not zoom. Shapes are batches of equal
style: one paints quickly, and ten people are a few hundred shapes, not thousands.
"""

from __future__ import annotations

from dataclasses import dataclass

from hpe_studio.core.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Ink:
    """A colour "#rrggbb" and its opacity, 0 to 1."""

    colour: str
    alpha: float = 1.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Lines:
    """Straight lines with round caps.

    Attributes:
        ends: Shape (lines, 2, 2).
        width: Thickness.
        ink: Colour.
        dash: Lengths of stroke and gap in pixels, empty for solid lines.
        flat: No caps, where something covers the ends: painted in a third of the time.
    """

    ends: FloatArray
    width: float
    ink: Ink
    dash: tuple[float, ...] = ()
    flat: bool = False


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Path:
    """One open or closed chain of points, shape (points, 2), stroked."""

    points: FloatArray
    width: float
    ink: Ink
    dash: tuple[float, ...] = ()
    closed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Discs:
    """Circles.

    Attributes:
        centres: Shape (circles, 2).
        radius: Of the fill; the stroke lies around its edge.
        fill: None for hollow ones.
        stroke: None for none.
        stroke_width: Its thickness.
    """

    centres: FloatArray
    radius: float
    fill: Ink | None = None
    stroke: Ink | None = None
    stroke_width: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Capsules:
    """Hatched limbs: stadiums filled, ruled at 45 degrees, with a dashed outline.

    Attributes:
        ends: Shape (limbs, 2, 2).
        radius: Half their width.
        fill: Laid under the hatch.
        hatch: Colour of ruling and outline.
        hatch_step, hatch_width: Of the ruling.
        outline_width, outline_dash: Of the outline.
        except_rect: Left, top, right, bottom of where they are not drawn.
    """

    ends: FloatArray
    radius: float
    fill: Ink
    hatch: Ink
    except_rect: tuple[float, float, float, float] | None = None
    hatch_step: float = 6.0
    hatch_width: float = 1.9
    outline_width: float = 1.2
    outline_dash: tuple[float, ...] = (3.0, 2.5)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Polygons:
    """Closed outlines of equal style, each of shape (corners, 2).

    Holes run the other way round than what they are in.
    """

    outlines: tuple[FloatArray, ...]
    fill: Ink | None = None
    stroke: Ink | None = None
    stroke_width: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """A rectangle with rounded corners: left, top, right, bottom."""

    rect: tuple[float, float, float, float]
    radius: float = 0.0
    fill: Ink | None = None
    stroke: Ink | None = None
    stroke_width: float = 0.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Brackets:
    """The four rounded corners of a box.

    Attributes:
        rect: Left, top, right, bottom.
        arm: Length of a corner's sides.
        radius: Of their bend.
        width: Thickness.
        ink: Colour.
    """

    rect: tuple[float, float, float, float]
    arm: float
    radius: float
    width: float
    ink: Ink


@dataclass(frozen=True, kw_only=True, slots=True)
class Dots:
    """Small dots on a square raster over a rectangle, except over another."""

    rect: tuple[float, float, float, float]
    except_rect: tuple[float, float, float, float]
    step: float
    background: Ink
    ink: Ink


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A pill with a letter on a disc and, if `text` is not empty, a name after it.

    Attributes:
        person: Whose tag it is.
        rect: Left, top, right, bottom.
        letter: One letter.
        text: Name, or "" where there is no room for it.
        disc: Colour of the disc.
        letter_ink: Colour of the letter.
    """

    person: str
    rect: tuple[float, float, float, float]
    letter: str
    text: str
    disc: str
    letter_ink: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Caption:
    """A box with a name and a muted word, joined by a line to what it speaks of.

    Attributes:
        rect: Left, top, right, bottom.
        text: Name.
        detail: Word after it, or "".
        leader: From where to where the line goes; None where they touch.
    """

    rect: tuple[float, float, float, float]
    text: str
    detail: str = ""
    leader: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """Small text with its left end, vertically centred, at a place.

    Attributes:
        text: One line.
        x, y: The place.
        ink: Colour.
        size: Height of the font in pixels.
        weight: 400, 500, 600 or 700.
        centred: Its middle is at the place instead of its left end.
    """

    text: str
    x: float
    y: float
    ink: Ink
    size: float = 11.0
    weight: int = 400
    centred: bool = False


Shape = (
    Lines
    | Path
    | Discs
    | Capsules
    | Polygons
    | Box
    | Brackets
    | Dots
    | Tag
    | Caption
    | Label
)
