"""Skeletons of unknown make: a pickle, npz, npy or JSON of plain arrays.

Points of (frames, joints, 2 to 4), of several people, per frame or per person;
rotations of SMPL's joints as vectors, matrices, quaternions or six numbers. What the
file does not say (joint set, axes, unit, frame rate, order of a rotation's numbers) is
guessed from the numbers, told in `assumed`, and can be set by options. `describe` lists
what is in a file and what was guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.specs import FormatSpec, Option
from hpe_studio.core.unpickle import read_npy, read_npz, read_pickle
from hpe_studio.formats.generic_kinds import Kind, kind_of
from hpe_studio.formats.generic_plain import listing, only, plain
from hpe_studio.formats.generic_points import Choices, Guess, Read, read_points
from hpe_studio.formats.generic_rotations import can_rotate, read_rotations
from hpe_studio.formats.generic_tree import Track, best_key, tracks_in
from hpe_studio.formats.guessing import AXES, UNITS_M
from hpe_studio.formats.point_people import (
    FPS_OPTION,
    SIZE_OPTION,
    rate_of,
    read_json,
    size_of,
)
from hpe_studio.formats.rotation_orders import FOUR, SIX
from hpe_studio.formats.smpl_options import NOBODY_FIX, known_rate

_PICKLES = (".pkl", ".pickle", ".p", ".pk", ".joblib", ".pt", ".pth")
_RATES = (
    "fps",
    "frame_rate",
    "framerate",
    "mocap_framerate",
    "mocap_frame_rate",
    "rate",
)
_MOST_LISTED = 12
_CHOSEN = ("set", "axes", "unit", "order")

SPEC = FormatSpec(
    id="generic",
    label="Arrays of unknown make",
    extensions=(".pkl", ".npz", ".npy", ".json", ".pickle", ".p", ".pt", ".pth"),
    reads=True,
    writes=False,
    read_options=(
        Option(
            name="key",
            kind="text",
            default="",
            help="Name of the array to read where there are several",
        ),
        Option(
            name="set",
            kind="text",
            default="auto",
            help="Joint set such as h36m17 or smpl24; auto guesses it",
        ),
        Option(
            name="axes",
            kind="choice",
            default="auto",
            choices=("auto", *AXES),
            help="Which of the file's axes is up; auto looks how people stand",
        ),
        Option(
            name="unit",
            kind="choice",
            default="auto",
            choices=("auto", *UNITS_M, "person"),
            help="Unit of lengths; person makes people of usual size",
        ),
        Option(
            name="order",
            kind="choice",
            default="auto",
            choices=("auto", *SIX, *FOUR),
            help="How the six or four numbers of a rotation stand",
        ),
        FPS_OPTION,
        SIZE_OPTION,
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArrayFound:
    """An array of a file.

    Attributes:
        key: Its name; * stands for frames or people that are alike.
        shape: Its shape.
        text: What it looks like ("points of 17"), or "".
    """

    key: str
    shape: tuple[int, ...]
    text: str

    @property
    def line(self) -> str:
        """For people: "joints3d (120, 17, 3): points of 17"."""
        shown = f"{self.key or 'the array'} {self.shape}"
        return f"{shown}: {self.text}" if self.text else shown


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What is in a file, and what was guessed about it.

    Attributes:
        arrays: Every array.
        key: The one that is read.
        text: What it is ("points of 17").
        people, frames: How many.
        guesses: What the file does not say, with alternatives.
        warnings: Sentences a person should know.
    """

    arrays: tuple[ArrayFound, ...]
    key: str
    text: str
    people: int
    frames: int
    guesses: tuple[Guess, ...]
    warnings: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The arrays for people, the one that is read marked, not too many."""
        shown = [
            f"{found.line}{' (read)' if found.key == self.key else ''}"
            for found in sorted(self.arrays, key=lambda found: found.key != self.key)
        ]
        more = len(shown) - _MOST_LISTED
        return (*shown[:_MOST_LISTED], *([f"and {more} more"] if more > 0 else []))


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Bodies:
    """Those of a file that are read."""

    content: Any
    tracks: list[Track]
    key: str
    kind: Kind
    guesses: tuple[Guess, ...] = ()


def sniff(path: Path, head: bytes) -> float:
    """Hardly ever sure: whoever knows the producer goes first."""
    suffix = path.suffix.lower()
    if suffix == ".npy" and head.startswith(b"\x93NUMPY"):
        return 0.1
    if suffix == ".npz" and head.startswith(b"PK"):
        return 0.1
    if suffix == ".json":
        return 0.0 if b'"hpe-studio-motion"' in head else 0.12
    return 0.1 if suffix in _PICKLES else 0.0


def read(
    path: Path,
    *,
    key: str = "",
    set: str = "auto",  # noqa: A002
    axes: str = "auto",
    unit: str = "auto",
    order: str = "auto",
    fps: str = "",
    size: str = "",
) -> MotionFile:
    """Everybody in a file of plain arrays.

    Args:
        path: Pickle, npz, npy or JSON.
        key: Name of the array, where there are several.
        set: Joint set of points.
        axes: Which of the file's axes is up.
        unit: Unit of lengths.
        order: How the six or four numbers of a rotation stand (`rotation_orders`).
        fps: Frame rate, where the file does not say it.
        size: Picture size, for points that are shares of it.

    Raises:
        StudioError: If the file is hostile, damaged, holds no bodies, or several that
            could be meant; it then lists keys and shapes.
    """
    choices = Choices(set=set, axes=axes, unit=unit, order=order, size_px=size_of(size))
    bodies = _bodies(path, key)
    people, points = _people(path, bodies, choices)
    rate, told = _rate(bodies.content, fps)
    guesses = (*bodies.guesses, *points.guesses)
    ends = [run.start + len(run.joints_rad) for run in people]
    ends += [int(track.frames[-1]) + 1 for track in bodies.tracks if len(track.frames)]
    return MotionFile(
        fps=rate,
        frame_count=max(ends, default=0),
        people=people,
        points=points.points,
        size_px=choices.size_px,
        provenance={"format": SPEC.id, "file": path.name, "key": bodies.key},
        warnings=points.warnings,
        assumed=(*told, *(guess.sentence for guess in guesses)),
    )


def describe(path: Path, **options: str) -> Description:
    """What is in a file and what is guessed about it, with alternatives.

    Args:
        path: Pickle, npz, npy or JSON.
        **options: As `read`.

    Raises:
        StudioError: As `read`.
    """
    chosen = {k: v for k, v in options.items() if k in _CHOSEN}
    choices = Choices(**chosen, size_px=size_of(options.get("size", "")))
    bodies = _bodies(path, options.get("key", ""))
    people, points = _people(path, bodies, choices)
    rate, told = _rate(bodies.content, options.get("fps", ""))
    guesses = (*bodies.guesses, *points.guesses)
    if told:
        fps = Guess(option="fps", value=str(rate), others=(), sentence=told[0])
        guesses = (fps, *guesses)
    return Description(
        arrays=_arrays(bodies.content),
        key=bodies.key,
        text=bodies.kind.text,
        people=len(people) or len(points.points),
        frames=max((int(t.frames[-1]) + 1 for t in bodies.tracks), default=0),
        guesses=guesses,
        warnings=points.warnings,
    )


def _people(
    path: Path, bodies: _Bodies, choices: Choices
) -> tuple[tuple[PersonMotion, ...], Read]:
    try:
        if bodies.kind.is_rotation:
            people, guesses = read_rotations(
                bodies.tracks, bodies.key, bodies.kind, choices
            )
            return people, Read(points=(), guesses=guesses)
        return (), read_points(bodies.tracks, bodies.key, bodies.kind, choices)
    except StudioError as error:
        raise StudioError(error.what, path=path, fix=error.fix) from None
    except ValueError as error:
        raise StudioError(
            f"has rows of {_last(bodies.key)} that do not fit each other ({error})",
            path=path,
            fix="choose another key",
        ) from None


def _loaded(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            head = file.read(6)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})", path=path, fix="check it"
        ) from None
    if path.suffix.lower() == ".json":
        return read_json(path)
    if head == b"\x93NUMPY":
        return read_npy(path)
    if head.startswith(b"PK") and path.suffix.lower() == ".npz":
        return read_npz(path)
    return read_pickle(path)


def _bodies(path: Path, key: str) -> _Bodies:
    content = plain(_loaded(path))
    found = tracks_in(only(content, key) if key else content)
    tracks = [track for track in found if len(track.frames)]
    chosen = best_key(tracks[0].arrays) if tracks else None
    if chosen is None or (key and chosen.rsplit("/", 1)[-1] != _last(key)):
        raise _nothing(path, content, key)
    kind = kind_of(chosen, tracks[0].arrays[chosen])
    assert kind is not None
    if kind.is_rotation and not can_rotate(tracks[0], chosen, kind):
        raise StudioError(
            f"has rotations without a root ({_listed(content)})",
            path=path,
            fix="give the points instead with key=NAME",
        )
    rivals = _rivals(tracks[0], chosen, kind)
    same = [r for r, k in rivals.items() if k.count == kind.count]
    if same and not key:
        raise StudioError(
            f"has several arrays that could be meant ({_listed(content)})",
            path=path,
            fix=f"choose one with key={_last(chosen)} or key={_last(same[0])}",
        )
    kept = [t for t in tracks if chosen in t.arrays]
    guesses: tuple[Guess, ...] = ()
    if rivals and not key:
        others = tuple(_last(r) for r in rivals)
        sentence = f"{_last(chosen)} is read, not {', '.join(others)}"
        guesses = (
            Guess(option="key", value=_last(chosen), others=others, sentence=sentence),
        )
    return _Bodies(content=content, tracks=kept, key=chosen, kind=kind, guesses=guesses)


def _rivals(track: Track, chosen: str, kind: Kind) -> dict[str, Kind]:
    """Other arrays that say the same kind of thing."""
    found: dict[str, Kind] = {}
    for name, array in track.arrays.items():
        other = kind_of(name, array)
        if name != chosen and other is not None and other.what == kind.what:
            found[name] = other
    return found


def _last(key: str) -> str:
    return key.strip("/").rsplit("/", 1)[-1]


def _arrays(content: Any) -> tuple[ArrayFound, ...]:
    return tuple(
        ArrayFound(key=key, shape=array.shape, text=_text(key, array))
        for key, array in listing(content)
    )


def _text(key: str, array: FloatArray) -> str:
    kind = kind_of(key, array)
    return "" if kind is None else kind.text


def _listed(content: Any) -> str:
    lines = [found.line for found in _arrays(content)]
    more = len(lines) - _MOST_LISTED
    return "; ".join(lines[:_MOST_LISTED]) + (f"; and {more} more" if more > 0 else "")


def _nothing(path: Path, content: Any, key: str) -> StudioError:
    listed = _listed(content)
    if not listed:
        return StudioError("holds no arrays", path=path, fix="choose another file")
    empty = _without_numbers(content, key)
    if empty:
        return StudioError(
            f"holds nobody: every number of {empty} is missing",
            path=path,
            fix=NOBODY_FIX,
        )
    if key:
        return StudioError(
            f"has no body in {key!r} (it has {listed})",
            path=path,
            fix="choose another key",
        )
    return StudioError(
        f"holds no body that can be told (it has {listed})",
        path=path,
        fix="choose one with key=NAME, or convert it to points of (frames, joints, 3)",
    )


def _without_numbers(content: Any, key: str) -> str:
    """The first array that could be people but is NaN throughout, or ""."""
    for name, array in listing(content):
        is_meant = array.ndim >= 2 if not key else _last(name) == _last(key)
        if is_meant and array.size and not np.isfinite(array).any():
            return f"{_last(name) or 'the array'} {array.shape}"
    return ""


def _rate(content: Any, fps: str) -> tuple[Any, tuple[str, ...]]:
    """The rate that was given, the file's, or 30 with the sentence that says so."""
    if not fps:
        for key, array in listing(content):
            if _last(key).lower() in _RATES and array.size == 1:
                rate = known_rate(array)
                if rate is not None:
                    return rate, ()
    return rate_of(fps)
