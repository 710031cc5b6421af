"""Lists of frames that the owners of a benchmark hand out."""

from __future__ import annotations

import re
from pathlib import Path

from hpe_studio.core.errors import StudioError

_SEQUENCE = re.compile(r"\d{6}_[A-Za-z]+\d*")
_CAMERA = re.compile(r"(?<!\d)(\d\d_\d\d)(?!\d)")
_NUMBER = re.compile(r"\d+")


def frame_list(path: Path, *, sequence: str = "", camera: str = "") -> frozenset[int]:
    """Frames of a list, of one sequence and camera where its lines say which.

    A line is a frame number, or names sequence and camera before it, in any form that
    keeps their names ("160422_haggling1-00_16_00002945.png", "160422_mafia2 00_30
    7423"). Empty lines and what follows a # are skipped.

    Args:
        path: A text file.
        sequence: Only lines of this sequence, or lines that name none.
        camera: Only lines of this camera, or lines that name none.

    Raises:
        StudioError: If it cannot be read, holds no such frame, or those of several
            cameras while none is named.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise StudioError(
            "cannot be read as a list of frames", path=path, fix="give a text file"
        ) from None
    found: set[int] = set()
    cameras: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].strip()
        if not words:
            continue
        frame = _frame(words)
        if frame is None:
            raise StudioError(
                f"has no frame in line {number}", path=path, fix="write one per line"
            )
        named = _SEQUENCE.search(words)
        filmed = _CAMERA.findall(_without_sequence(words))
        is_mine = not (sequence and named) or named.group() == sequence
        if is_mine and (not (camera and filmed) or filmed[0] == camera):
            found.add(frame)
            cameras.update(filmed[:1])
    if not found:
        of = " ".join(word for word in (sequence, camera) if word)
        raise StudioError(
            f"lists no frame of {of}" if of else "lists no frame",
            path=path,
            fix="give the list of this sequence",
        )
    if len(cameras) > 1:
        names = ", ".join(sorted(cameras))
        raise StudioError(
            f"lists frames of several cameras ({names})",
            path=path,
            fix="say which one filmed with --camera",
        )
    return frozenset(found)


def _frame(words: str) -> int | None:
    """The last number that is neither of the sequence nor of the camera."""
    rest = _CAMERA.sub(" ", _without_sequence(words))
    numbers = _NUMBER.findall(rest)
    return int(numbers[-1]) if numbers else None


def _without_sequence(words: str) -> str:
    return _SEQUENCE.sub(" ", words)
