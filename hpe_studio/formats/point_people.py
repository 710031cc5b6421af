"""What readers of points have in common: frames of people in, runs of points out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.skeleton import LandmarkSet
from hpe_studio.core.specs import Option
from hpe_studio.formats.linking import gathered, link_frames, place_of

MAX_FRAMES = 10_000_000
MAX_BYTES = 1024**3
_MAX_NUMBERS = 200_000_000

FPS_OPTION = Option(
    name="fps",
    kind="text",
    default="",
    help="Frame rate such as 25 or 24000/1001; 30 when empty",
)
SIZE_OPTION = Option(
    name="size",
    kind="text",
    default="",
    help="Picture size such as 1920x1080, where the file has shares of it",
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Seen:
    """One person on one frame.

    Attributes:
        points: Shape (points, 2 or 3), NaN where missing.
        confidence: Shape (points,), 0 to 1, 0 where missing.
        identity: The same over all frames, or "" where the file does not say.
    """

    points: FloatArray
    confidence: FloatArray
    identity: str = ""


def runs_of(
    frames: Mapping[int, Sequence[Seen]], point_set: LandmarkSet, *, is_scene: bool
) -> tuple[PersonPoints, ...]:
    """Everybody as one run from first to last frame, named "Person 1", ...

    People without identities are joined by the nearest place and keep `person_id` "".

    Args:
        frames: People by frame number, all with the points of one set.
        point_set: The set.
        is_scene: The points are places in the scene (metres), not pixels.

    Raises:
        StudioError: If the frames reach further than a clip can be long.
    """
    count = check_frames(frames)
    dense = [list(frames.get(frame, ())) for frame in range(count)]
    identities = list(dict.fromkeys(s.identity for row in dense for s in row))
    known = bool(identities) and "" not in identities
    links: list[IntArray] = (
        [_rows_of(dense, identity) for identity in identities]
        if known
        else link_frames([[place_of(s.points) for s in row] for row in dense])
    )
    _check_numbers(len(links) * count * len(point_set.names))
    runs: list[PersonPoints] = []
    for number, rows in enumerate(links):
        start, points = gathered([[s.points for s in row] for row in dense], rows)
        _, confidence = gathered([[s.confidence for s in row] for row in dense], rows)
        runs.append(
            PersonPoints(
                name=f"Person {number + 1}",
                point_set=point_set,
                start=start,
                points_scene_m=points if is_scene else None,
                points_px=None if is_scene else points,
                confidence=np.nan_to_num(confidence),
                person_id=identities[number] if known else "",
            )
        )
    return tuple(runs)


def motion_of(
    runs: Sequence[PersonPoints],
    *,
    path: Path,
    format_name: str,
    fps: str,
    size_px: tuple[int, int] | None = None,
    assumed: Sequence[str] = (),
    warnings: Sequence[str] = (),
    provenance: Mapping[str, Any] | None = None,
) -> MotionFile:
    """A motion file of points; the rate is assumed where nobody said it."""
    rate, guesses = rate_of(fps)
    last = max((r.start + _length(r) for r in runs), default=0)
    about = {"format": format_name, "file": path.name, **(provenance or {})}
    return MotionFile(
        fps=rate,
        frame_count=last,
        people=(),
        points=tuple(runs),
        size_px=size_px,
        provenance=about,
        assumed=(*guesses, *assumed),
        warnings=tuple(warnings),
    )


def rate_of(fps: str) -> tuple[Fraction, tuple[str, ...]]:
    """A rate that a person wrote, or 30 and the sentence that says so.

    Raises:
        StudioError: If it is no rate.
    """
    if not fps:
        return Fraction(30), ("30 frames per second",)
    try:
        rate = Fraction(str(fps))
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= 10_000:
        raise StudioError(
            f"{fps!r} is no frame rate", fix="write it as 25 or 30000/1001"
        )
    return rate, ()


def size_of(text: str) -> tuple[int, int] | None:
    """A picture size that a person wrote, or None where nobody did.

    Raises:
        StudioError: If it is no size.
    """
    if not text:
        return None
    match = re.fullmatch(r"\s*(\d{1,5})\s*[x×, ]\s*(\d{1,5})\s*", text)
    if match is None or "0" in (match[1], match[2]):
        raise StudioError(f"{text!r} is no picture size", fix="write it as 1920x1080")
    return int(match[1]), int(match[2])


def check_frames(numbers: Iterable[int]) -> int:
    """How many frames there are from 0 to the last.

    Raises:
        StudioError: If no clip can be that long.
    """
    count = max(numbers, default=-1) + 1
    if count > MAX_FRAMES:
        raise StudioError(
            f"{count} frames are more than a clip can have", fix="renumber the files"
        )
    return count


def read_json(path: Path) -> Any:
    """What a JSON file holds, as plain lists, dictionaries, numbers and text.

    Raises:
        StudioError: If it cannot be read, is too large or no JSON.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise StudioError("is larger than 1 GiB", path=path, fix="split it")
        data = path.read_bytes()
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        raise StudioError(
            "is no readable JSON", path=path, fix="look whether it was cut off"
        ) from None


def as_dict(value: Any) -> dict[str, Any]:
    """A JSON object as such; empty for anything else."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def as_list(value: Any) -> list[Any]:
    """A JSON list as such; empty for anything else."""
    return cast("list[Any]", value) if isinstance(value, list) else []


def numbered_files(folder: Path, suffix: str) -> dict[int, Path]:
    """Files of a folder by the last number in their names, in order.

    Files without a number are left out.

    Raises:
        StudioError: If the folder cannot be read, or two files have one number.
    """
    try:
        names = sorted(p for p in folder.iterdir() if p.suffix.lower() == suffix)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=folder, fix="check it"
        ) from None
    found: dict[int, Path] = {}
    for path in names:
        numbers = re.findall(r"\d{1,12}", path.stem)
        if not numbers:
            continue
        number = int(numbers[-1])
        if number in found:
            raise StudioError(
                f"has two files of frame {number} ({found[number].name}, {path.name})",
                path=folder,
                fix="keep those of one camera",
            )
        found[number] = path
    return dict(sorted(found.items()))


def first_head(folder: Path, suffix: str, size: int = 4096) -> bytes:
    """The beginning of the first file of that ending in a folder; b"" without any."""
    try:
        path = min(p for p in folder.iterdir() if p.suffix.lower() == suffix)
        with path.open("rb") as file:
            return file.read(size)
    except (OSError, ValueError):
        return b""


def points_array(values: Any, width: int, *, path: Path) -> FloatArray:
    """A flat or nested list of numbers as rows, shape (points, width); null is NaN.

    Raises:
        StudioError: If it is no list of that kind.
    """
    try:
        array = np.array(values, dtype=np.float64)
        rows: FloatArray = array.reshape(-1, width)
    except (ValueError, TypeError, OverflowError):
        raise StudioError(
            f"has points that are not rows of {width} numbers",
            path=path,
            fix="look whether it is damaged",
        ) from None
    return rows


def split_confidence(rows: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Rows of x, y(, z) and confidence as points and confidence.

    Missing are points without confidence, at the very origin or without numbers. A
    confidence above 1 counts as 1.
    """
    points, confidence = rows[:, :-1].copy(), rows[:, -1].copy()
    is_known = np.isfinite(rows).all(axis=1) & (confidence > 0)
    is_known &= (points != 0).any(axis=1)
    points[~is_known] = np.nan
    return points, np.where(is_known, np.clip(confidence, 0, 1), 0.0)


def _length(run: PersonPoints) -> int:
    shown = run.points_px if run.points_scene_m is None else run.points_scene_m
    return 0 if shown is None else len(shown)


def _rows_of(dense: Sequence[Sequence[Seen]], identity: str) -> IntArray:
    rows = np.full(len(dense), -1)
    for frame, people in enumerate(dense):
        for row, seen in enumerate(people):
            if seen.identity == identity:
                rows[frame] = row
    return rows


def _check_numbers(count: int) -> None:
    if count > _MAX_NUMBERS:
        raise StudioError(
            "has more people and frames than memory holds", fix="split it into shots"
        )
