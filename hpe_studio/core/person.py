"""A person: an identity for the whole clip, with one body shape."""

from __future__ import annotations

from dataclasses import dataclass

PERSON_COLOURS = (
    "azure",
    "pink",
    "lime",
    "lilac",
    "mint",
    "plum",
    "ice",
    "olive",
    "slate",
    "fern",
)
"""Names of the person colours of the themes, in the order they are given out."""

BodyShape = tuple[tuple[float, ...], float]
"""Shape coefficients and size of a person's body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """An identity for the whole clip.

    Attributes:
        id: Unique within the document.
        name: Shown to people; "Person A" until someone renames it.
        colour: A name of `PERSON_COLOURS` or "#rrggbb".
        betas: Shape coefficients of the body model; empty means the mean shape.
        scale: Size over the model's.
        locked: True where edits of this person are refused.
        ignored: True for a mirror image, a poster, somebody of the crowd: kept, but
            left out of problems, metrics and export, and not drawn.
    """

    id: int
    name: str
    colour: str
    betas: tuple[float, ...] = ()
    scale: float = 1.0
    locked: bool = False
    ignored: bool = False

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id

    @property
    def body_shape(self) -> BodyShape:
        """What makes the body: coefficients and size."""
        return self.betas, self.scale


def letter(position: int) -> str:
    """A, B, ... Z, AA, AB, ... for the n-th person (from 0)."""
    text = ""
    position += 1
    while position > 0:
        position, rest = divmod(position - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
