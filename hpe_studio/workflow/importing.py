"""Motion files in: read, mapped once to clip frames, added as a take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import hpe_studio
from hpe_studio.body import open_body
from hpe_studio.catalogue import motion_format
from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.clip import Clip, Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.person import Person
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.motion.shape import refit_shape
from hpe_studio.storage.project import create_project, open_project
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, format_of
from hpe_studio.workflow.mapping import between_cuts, on_body, on_clip_frames
from hpe_studio.workflow.opening import Opened
from hpe_studio.workflow.project_files import project_folder

if TYPE_CHECKING:
    from hpe_studio.core.jointmodel import JointModel


def read_motion(path: Path, options: Mapping[str, Any]) -> MotionFile:
    """Everything a motion file says.

    Raises:
        StudioError: If no format can read it.
    """
    if not path.exists():
        raise StudioError("does not exist", path=path, fix="check the name")
    name = format_of(path)
    if name is None:
        raise StudioError(
            "is no motion file of a known format",
            path=path,
            fix="open a .bvh file or a .json file written by HPE Studio",
        )
    return motion_format(name).read(path, **options)


def open_motion(path: Path) -> Opened:
    """Open a motion file as a project of its own, made beside it.

    Opening it again finds that project; a file that has changed gets a new one.

    Raises:
        StudioError: If it cannot be read or the project cannot be made.
    """
    from hpe_studio.media.footage import file_fingerprint

    motion = read_motion(path, {})
    digest = file_fingerprint(path).sha256
    goal = _project_for(path, digest)
    if goal.exists():
        return Opened(
            project=open_project(goal), footage=None, warnings=motion.warnings
        )
    return _made_into(goal, path.name, motion, digest)


def motion_as_project(path: Path, folder: Path) -> Opened:
    """A motion file as a new project in a folder, for work that leaves no trace.

    Raises:
        StudioError: If it cannot be read or the project cannot be made.
    """
    motion = read_motion(path, {})
    return _made_into(folder / f"motion{PROJECT_SUFFIX}", path.name, motion, "")


def _made_into(goal: Path, name: str, motion: MotionFile, digest: str) -> Opened:
    project = create_project(goal, _clip_of(motion))
    try:
        import_motion(project.document, motion, name=name, digest=digest)
        project.flush()
    except BaseException as error:
        project.close()
        goal.unlink(missing_ok=True)
        if isinstance(error, StudioError) and error.path is None:
            raise StudioError(error.what, path=Path(name), fix=error.fix) from None
        raise
    return Opened(project=project, footage=None, warnings=motion.warnings, is_new=True)


def _project_for(path: Path, digest: str) -> Path:
    folder = project_folder(path)
    for number in range(1, 1000):
        name = path.name if number == 1 else f"{path.name} ({number})"
        goal = folder / f"{name}{PROJECT_SUFFIX}"
        if not goal.exists() or _is_of(goal, digest):
            return goal
    raise StudioError("has too many projects", path=path, fix="delete some")


def _is_of(project_path: Path, digest: str) -> bool:
    try:
        project = open_project(project_path, read_only=True)
    except StudioError:
        return False
    try:
        takes = project.document.takes.values()
        return any(take.options.get("sha256") == digest for take in takes)
    finally:
        project.close()


def import_motion(
    document: Document, motion: MotionFile, *, name: str, digest: str = ""
) -> tuple[Person, ...]:
    """Add a file's people to a document as a take, as one edit.

    Motion is mapped to the clip's frames by time, and what lies beyond the clip is left
    out; runs end at cuts; a foreign skeleton is carried over to the body's by joint
    names.

    Args:
        document: Where to.
        motion: What a format read.
        name: Name of the take (the file's).
        digest: SHA-256 by which the file is known again, or "".

    Raises:
        StudioError: If a skeleton cannot be recognised, or nothing falls on the clip.
    """
    added: dict[str, Person] = {}
    model = open_body().joint_model
    with document.edit(f"Import {name}") as edit:
        take = Take(
            id=document.new_id(),
            name=name,
            origin=str(motion.provenance.get("format", "file")),
            options={"fps": str(motion.fps)} | ({"sha256": digest} if digest else {}),
            versions={"hpe-studio": hpe_studio.__version__},
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
        )
        edit.put(take)
        _put_shots(edit, document, motion)
        for number, run in enumerate(motion.people):
            on_clip = on_clip_frames(run, motion, document.clip)
            if on_clip is None:
                continue
            mapped = on_body(on_clip, model)
            identity = run.person_id or f"#{number}"
            if identity not in added:
                added[identity] = _put_person(edit, document, mapped, model)
            for part in between_cuts(mapped, document):
                _put_run(edit, document, take, added[identity], part)
        if motion.people and not added:
            raise StudioError(
                f"no frame of {name} falls on the clip", fix="choose a longer clip"
            )
    return tuple(added.values())


def _clip_of(motion: MotionFile) -> Clip:
    last = max((p.start + len(p.joints_rad) for p in motion.people), default=0)
    clip = clip_without_footage(
        frame_count=max(1, motion.frame_count, last),
        fps=motion.fps,
        size_px=motion.size_px or (1280, 720),
    )
    if motion.times_s is not None and len(motion.times_s) == clip.frame_count:
        clip = replace(clip, times_s=motion.times_s)
    return clip


def _put_shots(edit: Edit, document: Document, motion: MotionFile) -> None:
    """The file's shots and cameras, where the clip has none and they cover it."""
    count = document.clip.frame_count
    if document.shots is not None:
        return
    ranges = motion.shots
    if not ranges and document.clip.kind == "none":
        ranges = ((0, count),)
    if [a for a, _ in ranges] != [0, *(b for _, b in ranges)][:-1]:
        return  # gaps or overlaps
    if not ranges or ranges[-1][1] != count:
        return  # of other footage; its cuts will be found
    for number, (start, stop) in enumerate(ranges):
        shot = Shot(id=document.new_id(), start=start, stop=stop)
        edit.put(shot)
        if number in motion.cameras:
            camera = motion.cameras[number]
            edit.put(ShotCamera(shot_id=shot.id, camera=camera))


def _put_person(
    edit: Edit, document: Document, run: PersonMotion, model: JointModel
) -> Person:
    person = people.add_person(edit, document)
    betas, scale = run.betas, run.scale
    if not len(betas):
        betas, scale = refit_shape(run.rest_joints_m, model, source=run.skeleton)
    people.set_shape(edit, person, betas=tuple(betas), scale=scale)
    person = document.persons[person.id]
    if run.name:
        people.rename_person(edit, person, run.name)
    if run.colour:
        people.recolour_person(edit, document.persons[person.id], run.colour)
    return document.persons[person.id]


def _put_run(
    edit: Edit, document: Document, take: Take, person: Person, run: PersonMotion
) -> None:
    stop = run.start + len(run.joints_rad)
    estimate = Estimate(
        id=document.new_id(),
        take_id=take.id,
        start=run.start,
        stop=stop,
        skeleton=run.skeleton.name,
        landmark_set=run.landmark_set,
        betas=person.betas,
        scale=person.scale,
    )
    seen: dict[str, FloatArray | AnyArray | None] = {
        "points_px": run.points_px,
        "confidence": run.confidence,
        "outside": run.outside,
        "points_m": run.points_m,
        "reprojection_px": run.reprojection_px,
    }
    arrays = {name: array for name, array in seen.items() if array is not None}
    arrays |= {"joints_rad": run.joints_rad, "root_scene_m": run.root_scene_m}
    edit.add_estimate(estimate, arrays)
    present = np.isfinite(run.root_scene_m[:, :1])
    source = run.source
    if source is None:
        source = np.where(present, Source.IMPORTED, Source.MISSING).astype(np.uint8)
        source = np.repeat(source, run.joints_rad.shape[1], axis=1)
    edit.add_track(
        Track(
            id=document.new_id(),
            person_id=person.id,
            start=run.start,
            stop=stop,
            skeleton=run.skeleton.name,
            estimate_id=estimate.id,
        ),
        {
            "base_rad": run.joints_rad,
            "base_root_m": run.root_scene_m,
            "base_source": source,
        },
    )
