"""What a plug-in says of itself: read this first, then `catalogue.py`.

Every plug-in is one module with a `SPEC` and the functions its kind asks for; one line
in `catalogue.py` makes it known. Dialogs, command-line options, help and the
conformance tests are made from the SPEC, so a plug-in contains no interface code.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from hpe_studio.core.camera import Camera
    from hpe_studio.core.clip import Clip
    from hpe_studio.core.interchange import MotionFile
    from hpe_studio.core.jobs import Progress
    from hpe_studio.core.observations import FrameDetections, FrameSource


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One setting a person can choose, from which a field and a flag are made.

    Attributes:
        name: Keyword of the plug-in's function ("model").
        kind: Type of the value.
        default: Value when nothing is said.
        help: One line, sentence case, no final period.
        choices: Allowed values of a choice.
        label: What it is called in windows ("Rotation order"); its name when empty.
        choice_labels: What the choices are called there, one each; the values when
            empty.
        minimum, maximum: Allowed range of a number, both ends included.
        unit: Unit shown behind a number ("px", "deg").
        empty: What a text field that is left empty means ("As the clip").
    """

    name: str
    kind: Literal["bool", "int", "float", "text", "choice"]
    default: object
    help: str
    choices: tuple[str, ...] = ()
    label: str = ""
    choice_labels: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    empty: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimatorSpec:
    """An estimator of people in pictures (see `Estimator`).

    Attributes:
        id: Name on the command line and in files ("blazepose").
        label: Name shown to people.
        landmark_set: Name of the landmark set its detections use ("mediapipe33").
        assets: Names of the model files it may need (see `assets.table`).
        options: Settings; `model` picks the asset where there are several.
        has_bodies: True when its detections carry whole bodies, which are taken as
            they are instead of a fit (see `BodyEstimator`).
    """

    id: str
    label: str
    landmark_set: str
    assets: tuple[str, ...]
    options: tuple[Option, ...] = ()
    has_bodies: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FormatSpec:
    """A file format of motion (see `Format`).

    Attributes:
        id: Name on the command line and in files ("bvh").
        label: Name shown to people ("BVH").
        summary: What it is in two or three words ("Skeleton animation").
        icon: Name of its icon.
        extensions: Lower-case endings with the dot; the first one is written.
        reads, writes: What the module can do.
        one_file_per_person: True when a file holds a single skeleton by custom.
        reads_folders: True when a result may be a folder; `sniff` then gets the folder
            and an empty head.
        writes_points: True when it also holds people of whom only points are known.
        read_options, write_options: Settings of `read` and `write`.
    """

    id: str
    label: str
    extensions: tuple[str, ...]
    reads: bool
    writes: bool
    summary: str = ""
    icon: str = "file-output"
    one_file_per_person: bool = False
    reads_folders: bool = False
    writes_points: bool = False
    read_options: tuple[Option, ...] = ()
    write_options: tuple[Option, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class EditSpec:
    """An edit that a script or a menu can call by name (see `edits/`).

    Attributes:
        id: Name for scripts ("smooth").
        label: Name in the undo menu ("Smooth").
        options: Settings.
    """

    id: str
    label: str
    options: tuple[Option, ...] = ()


class Estimator(Protocol):
    """What a module in `estimators/` offers."""

    SPEC: EstimatorSpec

    def detect(
        self,
        frames: FrameSource,
        *,
        start: int,
        stop: int,
        assets: Mapping[str, Path],
        options: Mapping[str, Any],
        workers: int,
    ) -> Generator[FrameDetections | Progress]:
        """Yield the people of the frames [start, stop), each frame once.

        Frames may come out of order; `Progress` items may be mixed in. Closing it
        stops the work and ends its processes before it returns.
        """
        ...

    def wanted_assets(self, settings: Mapping[str, Any]) -> tuple[str, ...]:
        """Which of the SPEC's assets a run with these settings needs."""
        ...

    def versions(self, settings: Mapping[str, Any]) -> Mapping[str, str]:
        """Versions of the packages that a run with these settings is made by."""
        ...


class BodyEstimator(Estimator, Protocol):
    """What a module offers besides where its SPEC says `has_bodies`."""

    def camera(self, clip: Clip) -> Camera:
        """The camera that its bodies are meant to be seen through."""
        ...


class Format(Protocol):
    """What a module in `formats/` offers (only `sniff` and what its SPEC says)."""

    SPEC: FormatSpec

    def sniff(self, path: Path, head: bytes) -> float:
        """How sure the module is that it can read the file, 0 (not) to 1 (certain)."""
        ...

    def read(self, path: Path, **options: Any) -> MotionFile:
        """Everything the file says.

        Raises:
            StudioError: If the file is not what it claims to be.
        """
        ...

    def write(self, motion: MotionFile, path: Path, **options: Any) -> WriteReport:
        """Write beside the goal, sync, then replace: never half a file."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundTrip:
    """How one person came back when a written file was read again.

    Attributes:
        name: The person's name.
        max_joint_error_m: Largest distance of a joint from where it was meant to be.
        worst_joint: That joint's name, or "" where none is off or nobody was there.
        frames: Frames the file has of the person.
        held: Frames on which the person was missing and the file holds another pose.
    """

    name: str
    max_joint_error_m: float
    worst_joint: str
    frames: int
    held: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class WriteReport:
    """What an export did, re-read from the written file.

    Attributes:
        paths: The files written.
        max_joint_error_m: Largest distance of a joint between what was meant and what
            the written file says when it is read back; NaN where it has no meaning.
        notes: Sentences a person should know ("Resampled from variable frame rate").
        people: How each person came back; empty where that has no meaning.
    """

    paths: tuple[Path, ...]
    max_joint_error_m: float
    notes: tuple[str, ...] = field(default=())
    people: tuple[RoundTrip, ...] = ()

    @property
    def error_text(self) -> str:
        """The largest joint error for people: nobody wants to read 0.0000 mm."""
        error_mm = self.max_joint_error_m * 1000
        return "below 0.001 mm" if error_mm < 0.001 else f"{error_mm:.3f} mm"


def validated_options(
    options: tuple[Option, ...], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The given settings with defaults filled in.

    Raises:
        ValueError: If a name is unknown or a value does not fit its option.
    """
    known = {option.name: option for option in options}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r}; known: {sorted(known)}")
    values: dict[str, Any] = {}
    for option in options:
        value = given.get(option.name, option.default)
        if option.choices and value not in option.choices:
            raise ValueError(f"{option.name} is one of {', '.join(option.choices)}")
        if option.kind in ("int", "float") and value is not None:
            if not isinstance(value, int | float) or isnan(value):
                raise ValueError(f"{option.name} is a number")
            low, high = option.minimum, option.maximum
            if (low is not None and value < low) or (high is not None and value > high):
                raise ValueError(f"{option.name} lies between {low} and {high}")
        values[option.name] = value
    return values
