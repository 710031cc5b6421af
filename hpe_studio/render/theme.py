"""Colours by name, from `resources/themes/tokens.json`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from hpe_studio.core.resources import resource_path

THEME_NAMES = ("dark", "light", "contrast")
Rgb = tuple[float, float, float]
Rgba = tuple[float, float, float, float]
PersonSet = Literal["dark", "light", "contrast", "video"]

_SHARED_GROUPS = ("axis", "video")
_RGBA = re.compile(r"rgba\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*([\d.]+)\s*\)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Theme:
    """One of the three looks of the window.

    Attributes:
        name: "dark", "light" or "contrast".
        colours: Token name to "#rrggbb" or "rgba(r,g,b,a)".
    """

    name: PersonSet
    colours: dict[str, str]

    def colour(self, token: str) -> str:
        """A colour as "#rrggbb", for example of "source.filled".

        Tokens that are half transparent lose their alpha; see `rgba`.

        Raises:
            KeyError: If there is no such token.
        """
        return to_hex(self.rgba(token)[:3])

    def rgb(self, token: str) -> Rgb:
        """A colour as three floats between 0 and 1 (sRGB).

        Raises:
            KeyError: If there is no such token.
        """
        return self.rgba(token)[:3]

    def rgba(self, token: str) -> Rgba:
        """A colour with its alpha as four floats between 0 and 1 (sRGB).

        Raises:
            KeyError: If there is no such token.
        """
        return parse_colour(self.colours[token])

    def person(self, index: int) -> str:
        """The colour of the person with that index in lists and in 3D."""
        return person_colour(index, self.name)

    def letter_ink(self) -> str:
        """The colour of a letter on a person's swatch."""
        return letter_ink(self.name)


@cache
def tokens() -> dict[str, Any]:
    """All tokens as they stand in the file."""
    path = resource_path("themes/tokens.json")
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def theme(name: str) -> Theme:
    """The theme "dark", "light" or "contrast".

    Raises:
        KeyError: If there is no such theme.
    """
    colours = dict(tokens()["colour"][name])
    for group in _SHARED_GROUPS:
        for key, value in tokens()[group].items():
            colours[f"{group}.{key}"] = value
    if name == "light":
        colours["axis.active"] = colours["axis.active_light"]
    return Theme(name=name, colours=colours)  # type: ignore[arg-type]


def person_colour(index: int, colour_set: PersonSet = "video") -> str:
    """Colour of the person with that index (they repeat after the tenth).

    On footage always the set "video", whatever the theme.
    """
    entries = tokens()["person"][colour_set]
    return entries[index % len(entries)]["hex"]


def person_letter(index: int) -> str:
    """The letter that stands beside a person's colour: A, B, ..., Z, A, ..."""
    return chr(ord("A") + index % 26)


def letter_ink(colour_set: PersonSet = "video") -> str:
    """The colour of a letter on a swatch of that set."""
    return tokens()["person"]["letter"][colour_set]


@lru_cache(maxsize=1024)
def parse_colour(text: str) -> Rgba:
    """Four floats of "#rrggbb" or "rgba(r, g, b, a)".

    Raises:
        ValueError: If the text is neither.
    """
    match = _RGBA.fullmatch(text)
    if match:
        red, green, blue = (int(v) / 255 for v in match.groups()[:3])
        return red, green, blue, float(match.group(4))
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"not a colour: {text!r}")
    red, green, blue = (int(text[i : i + 2], 16) / 255 for i in (1, 3, 5))
    return red, green, blue, 1.0


def to_hex(rgb: tuple[float, ...]) -> str:
    """Hex form, "#RRGGBB", of three floats between 0 and 1."""
    return "#" + "".join(f"{round(255 * min(max(v, 0.0), 1.0)):02X}" for v in rgb)
