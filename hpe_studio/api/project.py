"""Projects and people as a script sees them; `import hpe_studio as hs` leads here."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from hpe_studio.body.model import Body
from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.core.jobs import run_job
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.specs import WriteReport
from hpe_studio.core.track import Source
from hpe_studio.posing.posed import Poser
from hpe_studio.quality.check import Judged
from hpe_studio.workflow import checking, exporting, outgoing
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.estimate import EstimateOptions
from hpe_studio.workflow.estimating import ProgressCallback, estimate_into
from hpe_studio.workflow.find_people import checked_settings
from hpe_studio.workflow.opening import Opened, open_clip, open_path
from hpe_studio.workflow.sequences import completed

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

AnyPath = str | PathLike[str]


class Motion:
    """A person's motion over the whole clip; NaN where the person is missing.

    Attributes:
        skeleton: Joints and parents.
        joints_rad: Parent-space rotation vectors, shape (frames, joints, 3).
        root_scene_m: Pelvis joint, shape (frames, 3), metres, Y up.
        joints_scene_m: Joint places, shape (frames, joints, 3), metres.
        source: `core.track.Source` codes, shape (frames, joints).
        betas, scale: Body shape and size.
        body: The body model they are of.
    """

    def __init__(self, document: Document, poser: Poser, person_id: int) -> None:
        person = document.persons[person_id]
        self.name = person.name
        self.body: Body = poser.body
        self.betas: FloatArray = np.asarray(person.betas, dtype=np.float64)
        self.scale = float(person.scale)
        tracks = document.tracks_of(person_id)
        name = tracks[0].skeleton if tracks else poser.body.skeleton.name
        frames, joints = document.clip.frame_count, skeleton(name).joint_count
        self.skeleton: Skeleton = skeleton(name)
        self.joints_rad: FloatArray = np.full((frames, joints, 3), np.nan)
        self.root_scene_m: FloatArray = np.full((frames, 3), np.nan)
        self.joints_scene_m: FloatArray = np.full((frames, joints, 3), np.nan)
        self.source: ByteArray = np.full((frames, joints), Source.MISSING, np.uint8)
        for track in tracks:
            rows = slice(track.start, track.stop)
            resolved = poser.motion(track.id)
            self.joints_rad[rows] = resolved.joints_rad
            self.root_scene_m[rows] = resolved.root_scene_m
            self.joints_scene_m[rows] = poser.joints_of(track.id)
            self.source[rows] = resolved.source


class Person:
    """One person of a project."""

    def __init__(self, document: Document, poser: Poser, person_id: int) -> None:
        self._document = document
        self._poser = poser
        self.id = person_id

    def __repr__(self) -> str:
        return f"<Person {self.name!r}>"

    @property
    def document(self) -> Document:
        """The project's document."""
        return self._document

    @property
    def poser(self) -> Poser:
        """Poses the project's people."""
        return self._poser

    @property
    def name(self) -> str:
        """The person's name."""
        return self._document.persons[self.id].name

    @property
    def betas(self) -> FloatArray:
        """Body shape coefficients, shape (betas,)."""
        return np.asarray(self._document.persons[self.id].betas)

    @property
    def frames(self) -> IntArray:
        """Clip frames on which the person is present, increasing."""
        present = [
            track.start + np.flatnonzero(np.isfinite(track.base_root_m[:, 0]))
            for track in self._document.tracks_of(self.id)
        ]
        return np.concatenate(present) if present else np.zeros(0, dtype=int)

    @property
    def motion(self) -> Motion:
        """Base and keys resolved over the whole clip."""
        return Motion(self._document, self._poser, self.id)


class Project:
    """An open project; close it or use it in a ``with`` statement."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._poser = Poser(
            opened.project.document, body_of(opened.project.document)[0]
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Project {str(self.path)!r}, {len(self.people)} people>"

    @property
    def path(self) -> Path:
        """The .hpes file."""
        return self._opened.project.path

    @property
    def document(self) -> Document:
        """Everything undoable; write with ``with project.document.edit("...")``."""
        return self._opened.project.document

    @property
    def warnings(self) -> tuple[str, ...]:
        """Sentences about what was found on opening."""
        return self._opened.warnings

    @property
    def people(self) -> tuple[Person, ...]:
        """All people in order of appearance."""
        return tuple(
            Person(self.document, self._poser, i) for i in self.document.persons
        )

    @property
    def poser(self) -> Poser:
        """Poses people on frames: joints, vertices."""
        return self._poser

    def read_rgb(self, frame: int) -> ByteArray:
        """A picture of the clip, shape (height, width, 3).

        Raises:
            StudioError: If the footage is not at hand.
        """
        return self.footage.read_rgb(frame)

    @property
    def footage(self) -> Footage:
        """The clip's footage, for edits that look into pictures.

        Raises:
            StudioError: If it is not at hand.
        """
        footage = self._opened.footage
        if footage is None:
            raise StudioError("the footage is not at hand", path=self.path)
        return footage

    def save_copy(self, path: AnyPath) -> None:
        """Write a complete copy, with its undo history."""
        self._opened.project.save_copy(Path(path))

    def close(self) -> None:
        """Write what is left and let the files go."""
        self._poser.close()
        self._opened.close()


def open_anything(path: AnyPath, *, fps: Fraction | None = None) -> Project:
    """Open a project, a clip, a motion file or a Panoptic sequence.

    Raises:
        StudioError: If it cannot be opened.
    """
    return Project(completed(open_path(Path(path), fps=fps)))


def estimate(
    clip: AnyPath,
    output: AnyPath | None = None,
    *,
    overwrite: bool = False,
    on_progress: ProgressCallback | None = None,
    **options: Any,
) -> Project:
    """Find the people of a clip and fit bodies to them.

    Args:
        clip: Movie or folder of images.
        output: Where the project goes; beside the clip when None.
        overwrite: Start anew where that project has people already.
        on_progress: Called with `core.jobs.Progress` now and then.
        **options: Fields of `workflow.estimate.EstimateOptions` (`frames`,
            `max_people`, `focal_px`, `fov_deg`), or the estimator's own ("model").

    Raises:
        StudioError: If something is missing or in the way.
    """
    chosen = split_options(options)
    checked_settings(chosen)
    opened = open_clip(
        Path(clip),
        project_path=None if output is None else Path(output),
        overwrite=overwrite,
    )
    try:
        estimate_into(opened, chosen, on_progress=on_progress)
    except BaseException:
        opened.close()
        if opened.is_new:
            opened.project.path.unlink(missing_ok=True)
        raise
    return Project(opened)


def export(
    project: Project,
    path: AnyPath,
    *,
    person: str = outgoing.ALL,
    frames: tuple[int, int] | None = None,
    format: str | None = None,  # noqa: A002
    **options: Any,
) -> WriteReport:
    """Write motion to a file; the format follows from the ending.

    Args:
        project: What to export.
        path: Where to (".bvh", ".json", ".npz").
        person: A person's name, or "all".
        frames: Only these, half open; the file's frame 0 is the first of them.
        format: "bvh", "json", "amass", "romp" or "panoptic"; where None the ending
            tells it.
        **options: The format's settings (`axes`, `order`, `fps`, `files`, ...).

    Raises:
        StudioError: If it cannot be written.
    """
    return exporting.export(
        project.document,
        project.poser,
        Path(path),
        format_name=format,
        person=person,
        frames=frames,
        options=options,
    )


def check(project: Project) -> tuple[Judged, ...]:
    """Problems of a project with what was decided about them, worst first.

    Each has a `finding` (kind, person_id, start, stop, joints, severity, title, cause)
    and `is_open`.
    """
    queue = run_job(checking.check(project.document, project.poser.body))
    return queue.everything


def read(path: AnyPath, **options: Any) -> MotionFile:
    """Everything a motion file says.

    Raises:
        StudioError: If no format can read it.
    """
    from hpe_studio.workflow.reading import read_motion

    return read_motion(Path(path), options)


def split_options(options: Mapping[str, Any]) -> EstimateOptions:
    """Options of the run and of the estimator, told apart by name."""
    own = {"estimator", "frames", "max_people", "focal_px", "fov_deg", "workers"}
    own |= {"link_shots", "smooth"}
    run = {name: value for name, value in options.items() if name in own}
    settings = {name: value for name, value in options.items() if name not in own}
    return EstimateOptions(settings=settings, **run)


__all__ = [
    "Motion",
    "Person",
    "Project",
    "check",
    "estimate",
    "export",
    "open_anything",
    "read",
]
