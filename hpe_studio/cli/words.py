"""What people write behind a command, read into values or refused as wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import Option


class WrongUsage(StudioError):
    """The words of a command do not make sense, whatever the files hold."""


def known_estimator(name: str) -> str:
    """The name of an estimator of the catalogue.

    Raises:
        WrongUsage: If there is none of that name.
    """
    from hpe_studio.catalogue import ESTIMATORS

    if name not in ESTIMATORS:
        known = ", ".join(sorted(ESTIMATORS))
        raise WrongUsage(f"there is no estimator {name!r}", fix=f"use {known}")
    return name


def known_written_format(name: str | None) -> str | None:
    """The name of a format of the catalogue that can be written; None stays None.

    Raises:
        WrongUsage: If there is none of that name.
    """
    from hpe_studio.catalogue import written_formats

    known = written_formats()
    if name is not None and name not in known:
        raise WrongUsage(
            f"there is no format {name!r} to write", fix=f"use {', '.join(known)}"
        )
    return name


def frame_range(text: str | None) -> tuple[int, int] | None:
    """A half-open range written as "A:B", or None.

    Raises:
        WrongUsage: If it is no range.
    """
    if text is None:
        return None
    start, colon, stop = text.partition(":")
    try:
        frames = (int(start or 0), int(stop or sys.maxsize))
    except ValueError:
        colon = ""
        frames = (0, 0)
    if not colon or frames[0] < 0 or frames[1] <= frames[0]:
        raise WrongUsage(f"{text!r} is no range of frames", fix="write it as 0:100")
    return frames


def check_range(frames: tuple[int, int] | None, count: int, clip: Path) -> None:
    """Refuse a range that begins beyond the clip.

    Raises:
        StudioError: Naming the clip and its length.
    """
    if frames is not None and frames[0] >= count:
        raise StudioError(
            f"has only {count} frames", path=clip, fix=f"choose some within 0:{count}"
        )


def frame_rate(text: str | None) -> Any:
    """An exact rate written as "25" or "24000/1001", or None.

    Raises:
        WrongUsage: If it is no rate.
    """
    if text is None:
        return None
    try:
        fps = Fraction(text)
    except (ValueError, ZeroDivisionError):
        fps = Fraction(0)
    if not 0 < fps <= 1000:
        raise WrongUsage(
            f"{text!r} is no frame rate", fix="write 25 or 24000/1001 or 23.976"
        )
    return fps


def window_size(text: str) -> tuple[int, int]:
    """A window size written as "1440x900".

    Raises:
        WrongUsage: If it is none.
    """
    width, _, height = text.lower().partition("x")
    try:
        size = (int(width), int(height))
    except ValueError:
        size = (0, 0)
    if not (320 <= size[0] <= 7680 and 240 <= size[1] <= 4320):
        raise WrongUsage(f"{text!r} is no window size", fix="write it as 1440x900")
    return size


def plain_settings(**values: str | None) -> list[str]:
    """Options with flags of their own as "name=value", those that were given."""
    return [f"{name}={value}" for name, value in values.items() if value is not None]


def named_settings(words: Sequence[str], options: Sequence[Option]) -> dict[str, Any]:
    """Settings of a plug-in written as "name=value".

    Args:
        words: As written.
        options: What the plug-in's SPEC offers.

    Raises:
        WrongUsage: If a name is none of them or a value does not fit its kind.
    """
    known = {option.name: option for option in options}
    settings: dict[str, Any] = {}
    for word in words:
        name, sign, text = word.partition("=")
        if not sign or name not in known:
            names = ", ".join(sorted(known))
            way_out = f"write NAME=VALUE of {names}" if known else "leave it out"
            raise WrongUsage(f"{word!r} sets nothing", fix=way_out)
        settings[name] = _value(text, known[name])
    return settings


def written_settings(
    words: Sequence[str],
    goal: Path,
    format_name: str | None,
    flags: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """Settings of the format that is written, by "name=value" and by their own flags.

    Args:
        words: What stands behind `--write`.
        goal: File to write; its ending tells the format where nobody names one.
        format_name: Format, if it is named.
        flags: Settings with a flag of their own, None where it was not given.

    Raises:
        WrongUsage: If a setting is none of the format, or is said twice.
        StudioError: If the ending tells no format.
    """
    said = {name: value for name, value in (flags or {}).items() if value is not None}
    if not words:
        return dict(said)
    from hpe_studio.catalogue import motion_format
    from hpe_studio.workflow.exporting import format_for

    name = known_written_format(format_name) or format_for(goal)
    named = named_settings(words, motion_format(name).SPEC.write_options)
    twice = [option for option in named if option in said]
    if twice:
        raise WrongUsage(
            f"{twice[0]} is said twice", fix=f"leave --{twice[0]} or --write out"
        )
    return {**said, **named}


def _value(text: str, option: Option) -> Any:
    try:
        if option.kind == "bool":
            return {"yes": True, "true": True, "no": False, "false": False}[
                text.lower()
            ]
        if option.choices and text not in option.choices:
            raise WrongUsage(
                f"{option.name} is not {text!r}",
                fix=f"use {', '.join(option.choices)}",
            )
        return {"int": int, "float": float}.get(option.kind, str)(text)
    except (KeyError, ValueError):
        raise WrongUsage(
            f"{text!r} is no {option.kind} for {option.name}", fix=option.help.lower()
        ) from None
