"""Motion out of a document into a file, and how far the file is off when re-read."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import hpe_studio
from hpe_studio.catalogue import FORMATS, motion_format
from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import WriteReport, validated_options
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.left_out import left_out
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.posed import Poser
from hpe_studio.posing.resolve import Motion
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.kinds import PROJECT_SUFFIX, kind_of
from hpe_studio.workflow.opening import Opened
from hpe_studio.workflow.opening_results import motion_as_project

ALL = "all"


def export(
    document: Document,
    poser: Poser,
    path: Path,
    *,
    format_name: str | None = None,
    person: str = ALL,
    options: Mapping[str, Any] | None = None,
) -> WriteReport:
    """Write motion to a file in a format of the catalogue.

    Args:
        document: What to export.
        poser: Resolves base and keys.
        path: The file; a format with one skeleton per file makes one per person,
            named after them, when several are asked for.
        format_name: Name in the catalogue; told from the ending when None.
        person: A person's name, or "all".
        options: Settings of the format.

    Raises:
        StudioError: If there is nobody of that name, or the file cannot be written.
    """
    name = format_name or format_for(path)
    _check_goal(path, document)
    module = motion_format(name)
    try:
        settings = validated_options(module.SPEC.write_options, options or {})
    except ValueError as error:
        raise StudioError(str(error), fix="see --help for what it can be") from None
    motion = motion_of(document, poser, person=person)
    if not motion.people:
        raise StudioError("there is nobody to export", fix="estimate people first")
    if not module.SPEC.one_file_per_person:
        return module.write(motion, path, **settings)
    groups = _by_person(motion)
    if len(groups) == 1:
        return module.write(motion, path, **settings)
    names = _file_names([people[0].name for people in groups])
    reports = [
        module.write(
            replace(motion, people=people),
            path.with_name(f"{path.stem}_{own}{path.suffix}"),
            **settings,
        )
        for own, people in zip(names, groups, strict=True)
    ]
    return WriteReport(
        paths=tuple(p for report in reports for p in report.paths),
        max_joint_error_m=max(r.max_joint_error_m for r in reports),
        notes=tuple(dict.fromkeys(n for report in reports for n in report.notes)),
    )


def export_path(
    source: Path,
    path: Path,
    *,
    format_name: str | None = None,
    person: str = ALL,
    options: Mapping[str, Any] | None = None,
) -> WriteReport:
    """Write the motion of a project, or convert a motion file.

    Args:
        source: The project or motion file; nothing is written beside it.
        path: As for `export`.
        format_name: As for `export`.
        person: As for `export`.
        options: As for `export`.

    Raises:
        StudioError: If the source holds no motion or the file cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="hpe-studio-") as folder:
        opened = _with_motion(source, path, Path(folder))
        document = opened.project.document
        poser = Poser(document, body_of(document)[0])
        try:
            return export(
                document,
                poser,
                path,
                format_name=format_name,
                person=person,
                options=options,
            )
        finally:
            poser.close()
            opened.close()


def _with_motion(source: Path, path: Path, folder: Path) -> Opened:
    kind = kind_of(source)
    if kind == "clip":
        raise StudioError(
            "is footage without people",
            path=source,
            fix=f"find them first with hpe-studio estimate {source}",
        )
    if path.resolve() == source.resolve():
        raise StudioError("is the file to read", path=path, fix="choose another -o")
    if kind == "motion":
        return motion_as_project(source, folder)
    return Opened(project=open_project(source, read_only=True), footage=None)


def format_for(path: Path) -> str:
    """The format that writes a file of that ending.

    Raises:
        StudioError: If none does.
    """
    for name in FORMATS:
        spec = motion_format(name).SPEC
        if spec.writes and path.suffix.lower() in spec.extensions:
            return name
    known = ", ".join(sorted(FORMATS))
    raise StudioError(
        "has an ending that no format writes", path=path, fix=f"use --format {known}"
    )


def motion_of(document: Document, poser: Poser, *, person: str = ALL) -> MotionFile:
    """Everything of a document that a motion file can say.

    Ignored people are left out unless one is asked for by name.

    Raises:
        StudioError: If there is nobody of that name.
    """
    clip = document.clip
    shots = document.shots or ()
    persons = _chosen(document, person)
    return MotionFile(
        fps=clip.fps,
        frame_count=clip.frame_count,
        people=tuple(
            _person_motion(document, poser, one, track)
            for one in persons
            for track in document.tracks_of(one.id)
        ),
        times_s=clip.times_s if clip.is_variable_rate else None,
        size_px=clip.size_px,
        shots=tuple((shot.start, shot.stop) for shot in shots),
        cameras={
            number: _levelled_camera(document.camera_at(shot.start), shot)
            for number, shot in enumerate(shots or (document.shot_at(0),))
        }
        if clip.kind != "none" or document.table("cameras")
        else {},
        clip_name=clip.path.name if clip.path is not None else "",
        provenance={
            "program": f"HPE Studio {hpe_studio.__version__}",
            "takes": [
                {"name": t.name, "origin": t.origin, "versions": dict(t.versions)}
                for t in document.takes.values()
            ],
        },
    )


def _person_motion(
    document: Document, poser: Poser, person: Person, track: Track
) -> PersonMotion:
    motion = poser.motion(track.id)
    motion = _without_left_out(motion, left_out(document, track))
    joints_rad, root_m = _levelled(motion, document.shot_at(track.start))
    estimate = document.estimates.get(track.estimate_id or -1)
    seen: Mapping[str, Any] = {} if estimate is None else estimate.arrays
    covers = estimate is not None and (estimate.start, estimate.stop) == (
        track.start,
        track.stop,
    )
    seen = seen if covers else {}
    return PersonMotion(
        name=person.name,
        skeleton=skeleton(track.skeleton),
        rest_joints_m=poser.rest_joints_m(person, track.skeleton),
        start=track.start,
        joints_rad=joints_rad,
        root_scene_m=root_m,
        betas=np.asarray(person.betas),
        scale=person.scale,
        colour=person.colour,
        source=motion.source,
        landmark_set=estimate.landmark_set if estimate and "points_px" in seen else "",
        points_px=seen.get("points_px"),
        confidence=seen.get("confidence"),
        outside=seen.get("outside"),
        points_m=seen.get("points_m"),
        reprojection_px=seen.get("reprojection_px"),
        person_id=str(person.id),
    )


def _without_left_out(motion: Motion, is_out: BoolArray) -> Motion:
    """The motion with joints at rest, and called missing, where they are left out."""
    if not is_out.any():
        return motion
    is_present = np.isfinite(motion.root_scene_m[:, 0])
    is_out = is_out & is_present[:, None]
    is_out[:, 0] &= is_out.all(axis=1)  # where the whole body is left out
    source = np.where(is_out, int(Source.MISSING), motion.source).astype(np.uint8)
    joints_rad = np.where(is_out[..., None], 0.0, motion.joints_rad)
    root_m = motion.root_scene_m.copy()
    joints_rad[is_out[:, 0]], root_m[is_out[:, 0]] = np.nan, np.nan
    return replace(motion, joints_rad=joints_rad, root_scene_m=root_m, source=source)


def _levelled(motion: Motion, shot: Shot) -> tuple[FloatArray, FloatArray]:
    """Rotations and roots on the shot's levelled floor: files have no tilted scene."""
    joints_rad, root_m = motion.joints_rad, motion.root_scene_m
    if shot.is_levelled:
        turn = shot.level_from_scene[:, :3]
        joints_rad = joints_rad.copy()
        upright = turn @ matrix_from_rotvec(joints_rad[:, 0])
        joints_rad[:, 0] = rotvec_from_matrix(upright)
        root_m = shot.to_level(root_m)
    return joints_rad, root_m


def _levelled_camera(camera: Camera, shot: Shot) -> Camera:
    """The camera as it stands over the levelled floor."""
    if not shot.is_levelled:
        return camera
    turn, move = shot.level_from_scene[:, :3], shot.level_from_scene[:, 3]
    back = np.hstack([turn.T, (-turn.T @ move)[:, None]])  # scene_from_level
    pose = camera.camera_from_scene
    rotation = pose[..., :3] @ back[:, :3]
    place = pose[..., :3] @ back[:, 3] + pose[..., 3]
    return replace(
        camera,
        camera_from_scene=np.concatenate([rotation, place[..., None]], axis=-1),
    )


def _chosen(document: Document, name: str) -> Sequence[Person]:
    everyone = tuple(document.persons.values())
    if name == ALL:
        return tuple(person for person in everyone if not person.ignored)
    found = [p for p in everyone if p.name.casefold() == name.casefold()]
    if not found:
        names = ", ".join(p.name for p in everyone) or "nobody"
        raise StudioError(f"there is no {name!r} here", fix=f"choose among {names}")
    return found


def _by_person(motion: MotionFile) -> list[tuple[PersonMotion, ...]]:
    ids = dict.fromkeys(p.person_id for p in motion.people)
    return [tuple(p for p in motion.people if p.person_id == i) for i in ids]


def _file_names(names: Sequence[str]) -> list[str]:
    """Names that every file system takes, all different."""
    out: list[str] = []
    for name in names:
        kept = "".join(c if c.isalnum() or c in "-_" else "_" for c in name)
        plain = kept.strip("_") or "person"
        number, own = 1, plain
        while own.casefold() in (o.casefold() for o in out):
            number += 1
            own = f"{plain}_{number}"
        out.append(own)
    return out


def _check_goal(path: Path, document: Document) -> None:
    """Refuse to write over what is read, and where nothing can be written."""
    footage = document.clip.path
    is_footage = footage is not None and path.resolve() == footage.resolve()
    if is_footage or path.suffix.lower() == PROJECT_SUFFIX:
        what = "the footage" if is_footage else "a project"
        raise StudioError(f"is the name of {what}", path=path, fix="choose another -o")
    if path.is_dir():
        raise StudioError("is a folder", path=path, fix="name a file in it")
    if not path.absolute().parent.is_dir():
        raise StudioError("is no folder", path=path.parent, fix="make it first")
