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
from hpe_studio.core.document import Document, ShotCamera
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.motion.adopt import adopt
from hpe_studio.motion.interpolation import resample
from hpe_studio.motion.shape import refit_shape
from hpe_studio.storage.lock import is_writable_folder
from hpe_studio.storage.project import create_project
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, format_of
from hpe_studio.workflow.opening import Opened

if TYPE_CHECKING:
    from hpe_studio.core.jointmodel import JointModel

_SMPL_FAMILY = ("smpl24", "smplh52", "smplx55")


def read_motion(path: Path, options: Mapping[str, Any]) -> MotionFile:
    """Everything a motion file says.

    Raises:
        StudioError: If no format can read it.
    """
    if not path.is_file():
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

    Raises:
        StudioError: If it cannot be read or the project cannot be made.
    """
    from hpe_studio.assets import data_folder
    from hpe_studio.storage.project import open_project

    motion = read_motion(path, {})
    folder = path.absolute().parent
    if not is_writable_folder(folder):
        folder = data_folder() / "projects"
        folder.mkdir(parents=True, exist_ok=True)
    goal = folder / f"{path.name}{PROJECT_SUFFIX}"
    if goal.exists():
        return Opened(project=open_project(goal), footage=None)
    project = create_project(goal, _clip_of(motion))
    try:
        import_motion(project.document, motion, name=path.name)
    except BaseException:
        project.close()
        goal.unlink(missing_ok=True)
        raise
    return Opened(project=project, footage=None, warnings=motion.warnings)


def import_motion(
    document: Document, motion: MotionFile, *, name: str
) -> tuple[Person, ...]:
    """Add a file's people to a document as a take, as one edit.

    Motion is mapped to the clip's frames by time; a foreign skeleton is carried over
    to the body's by joint names.

    Args:
        document: Where to.
        motion: What a format read.
        name: Name of the take (the file's).

    Raises:
        StudioError: If a skeleton cannot be recognised.
    """
    added: dict[str, Person] = {}
    model = open_body().joint_model
    with document.edit(f"Import {name}") as edit:
        take = Take(
            id=document.new_id(),
            name=name,
            origin=str(motion.provenance.get("format", "file")),
            options={"fps": str(motion.fps)},
            versions={"hpe-studio": hpe_studio.__version__},
            created=datetime.now().astimezone().isoformat(timespec="seconds"),
        )
        edit.put(take)
        _put_shots(edit, document, motion)
        for number, run in enumerate(motion.people):
            mapped = _on_body(_on_clip_frames(run, motion, document.clip), model)
            identity = run.person_id or f"#{number}"
            if identity not in added:
                added[identity] = _put_person(edit, document, mapped, model)
            _put_run(edit, document, take, added[identity], mapped)
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
    if document.shots is not None:
        return
    ranges = motion.shots or ((0, document.clip.frame_count),)
    for number, (start, stop) in enumerate(ranges):
        shot = Shot(id=document.new_id(), start=start, stop=stop)
        edit.put(shot)
        if number in motion.cameras:
            camera = motion.cameras[number]
            edit.put(ShotCamera(shot_id=shot.id, camera=camera))


def _on_clip_frames(run: PersonMotion, motion: MotionFile, clip: Clip) -> PersonMotion:
    """The run at the clip's frame times; as it is where rates agree."""
    if motion.fps == clip.fps and motion.times_s is None:
        return run
    times_s = motion.times_s
    if times_s is None:
        count = run.start + len(run.joints_rad)
        times_s = np.arange(count) * float(1 / motion.fps)
    mine = times_s[run.start : run.start + len(run.joints_rad)]
    if len(times_s) == clip.frame_count and np.allclose(times_s, clip.times_s):
        return run
    inside = (clip.times_s >= mine[0] - 1e-6) & (clip.times_s <= mine[-1] + 1e-6)
    frames = np.flatnonzero(inside)
    if not len(frames):
        frames = np.array([clip.frame_at(float(mine[0]))])
    joints_rad, root_m = resample(
        run.joints_rad,
        run.root_scene_m,
        from_times_s=mine,
        to_times_s=clip.times_s[frames],
    )
    return replace(
        run,
        start=int(frames[0]),
        joints_rad=joints_rad,
        root_scene_m=root_m,
        source=None,
        landmark_set="",
        points_px=None,
        confidence=None,
        outside=None,
        points_m=None,
        reprojection_px=None,
    )


def _on_body(run: PersonMotion, model: JointModel) -> PersonMotion:
    """The run on a skeleton of the SMPL family."""
    for name in _SMPL_FAMILY:
        bones = skeleton(name)
        if run.skeleton.joint_names == bones.joint_names:
            return replace(run, skeleton=bones)
    try:
        adopted = adopt(
            run.skeleton,
            run.rest_joints_m,
            run.joints_rad,
            run.root_scene_m,
            model,
        )
    except ValueError as error:
        raise StudioError(
            f"the skeleton of {run.name} is not recognised ({error})",
            fix="rename its joints to Mixamo, CMU or SMPL names",
        ) from None
    return replace(
        run,
        skeleton=model.skeleton,
        rest_joints_m=model.rest_joints_m(adopted.betas, scale=adopted.scale),
        joints_rad=adopted.joints_rad,
        root_scene_m=adopted.root_m,
        betas=adopted.betas,
        scale=adopted.scale,
        source=None,
    )


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
