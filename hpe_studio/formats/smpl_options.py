"""Options that readers of SMPL results share, and what people may type into them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import Option

NOBODY_FIX = "look at what made it; it found nobody or was stopped"
"""The way out of results without people."""

FPS_OPTION = Option(
    name="fps",
    kind="text",
    default="",
    help="Frame rate such as 30 or 24000/1001; the file's, or 30, when empty",
)
SIZE_OPTION = Option(
    name="size",
    kind="text",
    default="",
    help="Size of the picture such as 1920x1080; from the file when empty",
)
SPACE_OPTION = Option(
    name="space",
    kind="choice",
    default="camera",
    choices=("camera", "world"),
    help="People as the camera sees them, or in the world with a moving camera",
)
BODY_OPTION = Option(
    name="body",
    kind="text",
    default="",
    help="Your file of the body model, from which joints follow exactly",
)


def body_path_of(text: str) -> Path | None:
    """The user's body file from the option, None where it is empty."""
    return Path(text).expanduser() if text else None


def rate_of(text: str, *, default: Fraction | None = None) -> tuple[Fraction, bool]:
    """The frame rate of the option, else the file's, else 30; True where assumed.

    Raises:
        StudioError: If the option is no rate.
    """
    if not text:
        return (Fraction(30), True) if default is None else (default, False)
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= 10_000:
        raise StudioError(f"{text!r} is no frame rate", fix="give 30 or 24000/1001")
    return rate, False


def known_rate(value: Any) -> Fraction | None:
    """A frame rate that a file tells as a number, exact where it is a usual one."""
    number = float(np.asarray(value).reshape(-1)[0]) if np.size(value) else 0.0
    if not 0 < number <= 10_000:
        return None
    ntsc = Fraction(round(number * 1.001) * 1000, 1001)
    if abs(float(ntsc) - number) < 0.005 and abs(number - round(number)) > 0.005:
        return ntsc
    return Fraction(number).limit_denominator(1001)


def size_of(text: str) -> tuple[int, int] | None:
    """The picture's size of the option, None where it is empty.

    Raises:
        StudioError: If the option is no size.
    """
    if not text:
        return None
    width, _, height = text.lower().partition("x")
    sizes = [int(v) if v.strip().isdecimal() else 0 for v in (width, height)]
    if not all(0 < v < 100_000 for v in sizes):
        raise StudioError(f"{text!r} is no size", fix="give it as 1920x1080")
    return sizes[0], sizes[1]
