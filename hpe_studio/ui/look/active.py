"""Which theme is worn, and its colours; the only state of the look."""

from __future__ import annotations

import re

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from hpe_studio.core.person import Person
from hpe_studio.render import theme as themes

_TOKEN = re.compile(r"@([a-z]+\.[a-z_]+)")


class Worn(QObject):
    """The theme in use; there is one look per process, as Qt has it.

    `changed` comes after everything was dressed anew: who keeps pixmaps, brushes or
    texts with colours in them throws them away then.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.theme = themes.theme("dark")
        self.text_percent = 100


worn = Worn()


def theme() -> themes.Theme:
    """The active theme."""
    return worn.theme


def theme_over_footage() -> themes.Theme:
    """The theme whose inks are clear over footage, which is dark in every theme."""
    return themes.theme("dark") if worn.theme.name == "light" else worn.theme


def colour(token: str, *, alpha: float | None = None) -> QColor:
    """A colour of the active theme by its name ("bg.panel")."""
    made = QColor.fromRgbF(*worn.theme.rgba(token))
    if alpha is not None:
        made.setAlphaF(alpha)
    return made


def filled(text: str) -> str:
    """A text with every ``@token`` replaced by its colour ("@text.muted")."""
    return _TOKEN.sub(_replaced, text)


def tinted(text: str) -> str:
    """Rich text, muted as the active theme has it, for labels that are set again."""
    return f'<span style="color:{colour("text.muted").name()}">{text}</span>'


def person_colour_names() -> tuple[str, ...]:
    """Names of the colours a person can have."""
    return tuple(entry["name"] for entry in themes.tokens()["person"]["dark"])


def person_colour(person: Person, *, on_video: bool = False) -> QColor:
    """The colour that stands for a person."""
    if person.colour.startswith("#"):
        return QColor(person.colour)
    colour_set = "video" if on_video else worn.theme.name
    entries = themes.tokens()["person"][colour_set]
    for entry in entries:
        if entry["name"] == person.colour:
            return QColor(entry["hex"])
    return QColor(entries[person.id % len(entries)]["hex"])


def body_colour(person: Person) -> QColor:
    """The colour of a person's body in 3D.

    Between the theme's and the video's: shading takes light away, and the dark inks
    that the light theme has for words would leave a black figure.
    """
    ink, paint = person_colour(person), person_colour(person, on_video=True)
    return QColor.fromRgbF(
        (ink.redF() + paint.redF()) / 2,
        (ink.greenF() + paint.greenF()) / 2,
        (ink.blueF() + paint.blueF()) / 2,
    )


def letter_ink() -> QColor:
    """The colour of a letter on a person's swatch."""
    return QColor(worn.theme.letter_ink())


def _replaced(match: re.Match[str]) -> str:
    made = colour(match.group(1))
    parts = (made.red(), made.green(), made.blue(), made.alpha())
    return "rgba({}, {}, {}, {})".format(*parts)
