"""Results onto a clip: linked, fitted, mapped to its frames; then added as a take.

The job touches no document, so it can run in a thread beside the window; what it made
is applied as one edit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.jobs import Job, Progress, run_job, scaled
from hpe_studio.workflow.bodies import body_of, kind_of_body
from hpe_studio.workflow.import_camera import (
    FilmedBy,
    cameras_of,
    scaled_points,
    size_scale,
)
from hpe_studio.workflow.import_linking import linked
from hpe_studio.workflow.import_points import clip_of_file, fit_points_of_file
from hpe_studio.workflow.mapping import on_body, on_clip_frames
from hpe_studio.workflow.reading import AUTO, read_motion
from hpe_studio.workflow.shots import shots_of
from hpe_studio.workflow.timing import Timing, clip_positions, settled_timing

if TYPE_CHECKING:
    from hpe_studio.core.document import Document
    from hpe_studio.core.jointmodel import JointModel
    from hpe_studio.core.person import Person
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.shots import ShotsFound

__all__ = [
    "ImportOptions",
    "Imported",
    "Onto",
    "import_job",
    "import_motion",
    "onto",
    "read_motion",
]

_CUTS_SHARE = 0.3
_READY = "Laying people on the clip"


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """What a person can choose for an import.

    Attributes:
        format: Name in the catalogue, or "auto".
        settings: The format's own settings (axes, unit, joint set, ...).
        timing: How the file's frames lie on the clip's.
        people: Names of those who are taken; everybody when empty.
        camera: Which of the file's views filmed the clip; told by names when "".
    """

    format: str = AUTO
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    timing: Timing = field(default_factory=Timing)
    people: tuple[str, ...] = ()
    camera: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Onto:
    """What results are laid on: facts of a document that a job may keep.

    Attributes:
        clip: The clip.
        model: Joints of the document's body.
        body: Whose shapes those are, as in `PersonMotion.body`.
        camera_at: Camera of a frame of the clip.
        knows_shots: False while cuts are not known.
    """

    clip: Clip
    model: JointModel
    body: str
    camera_at: Callable[[int], Camera]
    knows_shots: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Imported:
    """People of a file with bodies, on the clip's frames; not in a document yet.

    Attributes:
        motion: The file as it was read, pixels at the clip's size.
        runs: Everybody who falls on the clip.
        filmed: The cameras the file knows of.
        shots: The clip's shots where they had to be found, or None.
        options: As chosen, the timing settled.
        notes: Sentences a person should know.
    """

    motion: MotionFile
    runs: tuple[PersonMotion, ...]
    filmed: tuple[FilmedBy, ...]
    shots: ShotsFound | None
    options: ImportOptions
    notes: tuple[str, ...] = ()


def onto(document: Document) -> Onto:
    """What a job needs to know of a document."""
    body, _ = body_of(document)
    cameras = [
        (shot.start, document.camera_at(shot.start)) for shot in document.shots or ()
    ] or [(0, document.camera_at(0))]

    def camera_at(frame: int) -> Camera:
        before = [camera for start, camera in cameras if start <= frame]
        return before[-1] if before else cameras[0][1]

    return Onto(
        clip=document.clip,
        model=body.joint_model,
        body=kind_of_body(document),
        camera_at=camera_at,
        knows_shots=document.shots is not None,
    )


def import_job(
    motion: MotionFile,
    goal: Onto,
    options: ImportOptions | None = None,
    *,
    footage: Footage | None = None,
) -> Job[Imported]:
    """Prepare a file's people for a document.

    Args:
        motion: What a format read.
        goal: What they are laid on.
        options: What was chosen.
        footage: Of the clip; its cuts are found where they are not known yet.

    Raises:
        StudioError: If nothing falls on the clip, or a skeleton is not recognised.
    """
    chosen = options or ImportOptions()
    timing = settled_timing(motion, goal.clip, chosen.timing)
    shots, start = None, 0.0
    if footage is not None and not goal.knows_shots:
        shots = yield from scaled(shots_of(footage), start=0.0, share=_CUTS_SHARE)
        start = _CUTS_SHARE
    motion, notes = _at_clip_size(_only(motion, chosen.people), goal.clip)
    filmed = cameras_of(motion, goal.clip, wanted=chosen.camera)
    people = yield from scaled(
        _with_bodies(motion, goal, timing, filmed), start=start, share=0.95 - start
    )
    yield Progress(done=0.95, total=1.0, text=_READY)
    runs = _on_clip(people.runs, motion, goal, timing)
    if people.runs and not runs:
        raise _nobody_left(people.runs)
    return Imported(
        motion=motion,
        runs=runs,
        filmed=filmed,
        shots=shots,
        options=replace(chosen, timing=timing),
        notes=(*notes, *people.notes),
    )


def import_motion(
    document: Document,
    motion: MotionFile,
    *,
    name: str,
    options: ImportOptions | None = None,
) -> tuple[Person, ...]:
    """Add a file's people to a document as a take, as one edit, in this thread.

    Motion is mapped to the clip's frames, and what lies beyond the clip is left out;
    runs end at cuts; a foreign skeleton is carried over to the body's by joint names;
    bodies are fitted to points.

    Args:
        document: Where to.
        motion: What a format read.
        name: Name of the take (the file's).
        options: What was chosen.

    Raises:
        StudioError: If a skeleton cannot be recognised, or nothing falls on the clip.
    """
    from hpe_studio.workflow.apply_import import apply_import

    try:
        imported = run_job(import_job(motion, onto(document), options))
    except StudioError as error:
        what = error.what.replace("no frame of it", f"no frame of {name}")
        raise StudioError(what, path=error.path, fix=error.fix) from None
    return apply_import(document, imported, name=name)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _People:
    runs: tuple[PersonMotion, ...]
    notes: tuple[str, ...]


def _nobody_left(runs: tuple[PersonMotion, ...]) -> StudioError:
    """Why none of a file's people is on the clip: where they are, or when."""
    if any(np.isfinite(run.root_scene_m).any() for run in runs):
        return StudioError(
            "no frame of it falls on the clip",
            fix="choose a longer clip, or another offset or step",
        )
    return StudioError(
        "all its people lie beyond the clip's picture",
        fix="choose the clip it was made for, or set the size of its pictures",
    )


def _only(motion: MotionFile, names: tuple[str, ...]) -> MotionFile:
    """The file with some of its people.

    Raises:
        StudioError: If there is nobody of a name.
    """
    if not names:
        return motion
    known = dict.fromkeys(run.name for run in (*motion.people, *motion.points))
    unknown = [name for name in names if name not in known]
    if unknown:
        raise StudioError(
            f"there is nobody called {unknown[0]!r}", fix=f"use {', '.join(known)}"
        )
    return replace(
        motion,
        people=tuple(run for run in motion.people if run.name in names),
        points=tuple(run for run in motion.points if run.name in names),
    )


def _at_clip_size(motion: MotionFile, clip: Clip) -> tuple[MotionFile, tuple[str, ...]]:
    """Points in the clip's pixels, where the file was made at another size."""
    scale = size_scale(motion.size_px, clip.size_px)
    if scale is None or scale == 1.0 or clip.kind == "none":
        return motion, ()
    points = tuple(
        run
        if run.points_px is None
        else replace(run, points_px=scaled_points(run.points_px, scale))
        for run in motion.points
    )
    people = tuple(
        run
        if run.points_px is None
        else replace(run, points_px=scaled_points(run.points_px, scale))
        for run in motion.people
    )
    note = f"Pixels were made {scale:.4g} times as large, to the clip's size"
    return replace(motion, points=points, people=people), (note,)


def _with_bodies(
    motion: MotionFile, goal: Onto, timing: Timing, filmed: tuple[FilmedBy, ...]
) -> Job[_People]:
    """Everybody with rotations: those of the file, and bodies fitted to points."""
    if not motion.points:
        return _People(runs=motion.people, notes=())
    at = clip_positions(motion, goal.clip, timing)
    frames = clip_of_file(goal.clip, at, timing.step)

    def camera_at(frame: int) -> Camera:
        for one in filmed:
            if one.start <= frame < one.stop:
                return one.camera
        return goal.camera_at(int(at[frame]))

    points: tuple[PersonPoints, ...] = yield from linked(
        motion.points, size_px=goal.clip.size_px, times_s=frames.times_s
    )
    fitted = yield from fit_points_of_file(
        points, goal.model, camera_at=camera_at, clip=frames, body=goal.body
    )
    return _People(runs=(*motion.people, *fitted.people), notes=fitted.notes)


def _on_clip(
    runs: tuple[PersonMotion, ...], motion: MotionFile, goal: Onto, timing: Timing
) -> tuple[PersonMotion, ...]:
    """The runs on the clip's frames and on a skeleton of the SMPL family."""
    out: list[PersonMotion] = []
    for number, run in enumerate(runs):
        mapped = on_clip_frames(run, motion, goal.clip, timing)
        if mapped is None or not np.isfinite(mapped.root_scene_m).any():
            continue
        named = replace(mapped, person_id=mapped.person_id or f"#{number}")
        out.append(on_body(named, goal.model))
    return tuple(out)
