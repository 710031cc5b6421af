"""An import put into a document: one take, people, shots and camera, as one edit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

import hpe_studio
from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.core.person import Person
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.motion.fitting_problem import ideal_pixels
from hpe_studio.motion.fitting_root import refine_root, solve_root
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.shape import refit_shape
from hpe_studio.workflow.bodies import body_of, kind_of_body
from hpe_studio.workflow.import_camera import on_frames
from hpe_studio.workflow.import_level import put_levels
from hpe_studio.workflow.importing import Imported
from hpe_studio.workflow.mapping import between_cuts
from hpe_studio.workflow.shots import new_shots

if TYPE_CHECKING:
    from hpe_studio.core.jointmodel import JointModel

_SAME_FOCAL = 0.002


def apply_import(
    document: Document, imported: Imported, *, name: str, digest: str = ""
) -> tuple[Person, ...]:
    """Add what was prepared as a new take with its people.

    Args:
        document: The one it was prepared for.
        imported: People with bodies on the clip's frames.
        name: Name of the take (the file's).
        digest: SHA-256 by which the file is known again, or "".

    Returns:
        The new persons, in the order of the file.
    """
    model = body_of(document)[0].joint_model
    kind = kind_of_body(document)
    added: dict[str, Person] = {}
    with document.edit(f"Import {name}") as edit:
        take = _take(document, imported, name, digest)
        edit.put(take)
        _put_shots(edit, document, imported)
        cameras = _put_cameras(edit, document, imported)
        empty = _empty_shots(document)
        new: dict[int, list[PersonMotion]] = {}
        for run in imported.runs:
            if run.person_id not in added:
                added[run.person_id] = _put_person(edit, document, run, model, kind)
            for part in between_cuts(run, document):
                shot = document.shot_at(part.start)
                camera = cameras.get(shot.id)
                kept = part if camera is None else _under(part, document, camera, model)
                _put_run(edit, document, take, added[run.person_id], kept)
                if shot.id in empty:
                    new.setdefault(shot.id, []).append(kept)
        if _is_seen(imported):
            put_levels(edit, document, new)
    return tuple(added.values())


def _is_seen(imported: Imported) -> bool:
    """True where people are known as a camera sees them, not in a world."""
    in_pictures = any(run.points_scene_m is None for run in imported.motion.points)
    return in_pictures or bool(imported.filmed)


def _empty_shots(document: Document) -> frozenset[int]:
    """Shots nobody is in."""
    taken = [document.shot_at(t.start).id for t in document.tracks.values()]
    return frozenset(s.id for s in document.shots or () if s.id not in taken)


def _take(document: Document, imported: Imported, name: str, digest: str) -> Take:
    """Where the people come from, to be read and repeated later."""
    motion, options = imported.motion, imported.options
    timing = options.timing
    said: dict[str, Any] = {
        "fps": str(timing.fps or motion.fps),
        "sha256": digest,
        "offset": timing.offset,
        "step": "" if timing.step is None else str(timing.step),
        "settings": dict(options.settings),
        "people": list(options.people),
        "camera": options.camera or next((f.name for f in imported.filmed), ""),
        "assumed": list(motion.assumed),
        "notes": list(imported.notes),
        "size": list(motion.size_px or ()),
    }
    told = motion.provenance.get("format", options.format)
    return Take(
        id=document.new_id(),
        name=name,
        origin=str(told if told != "auto" else "file"),
        options={
            key: value for key, value in said.items() if value not in ("", [], {})
        },
        versions={"hpe-studio": hpe_studio.__version__},
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _put_shots(edit: Edit, document: Document, imported: Imported) -> None:
    """The clip's cuts as found, else the file's, where the document has none."""
    count = document.clip.frame_count
    if document.shots is not None:
        return
    found = imported.shots
    ranges: Sequence[tuple[int, int]] = found.ranges if found else imported.motion.shots
    if not ranges and document.clip.kind == "none":
        ranges = ((0, count),)
    if [a for a, _ in ranges] != [0, *(b for _, b in ranges)][:-1]:
        return  # gaps or overlaps
    if not ranges or ranges[-1][1] != count:
        return  # of other footage; its cuts will be found
    for shot in new_shots(document, ranges, found.dissolves if found else {}):
        edit.put(shot)


def _put_cameras(
    edit: Edit, document: Document, imported: Imported
) -> dict[int, Camera]:
    """The file's cameras for shots nobody is in yet.

    Returns:
        By shot the file's camera where the shot keeps another one.
    """
    kept: dict[int, Camera] = {}
    for shot in document.shots or ():
        camera = _camera_of(imported, document, shot)
        if camera is None:
            continue
        is_taken = any(
            t.start < shot.stop and shot.start < t.stop
            for t in document.tracks.values()
        )
        if not is_taken:
            edit.put(ShotCamera(shot_id=shot.id, camera=camera))
        elif not _is_same(camera, document.camera_at(shot.start)):
            kept[shot.id] = camera
    return kept


def _camera_of(imported: Imported, document: Document, shot: Shot) -> Camera | None:
    """The file's camera over a shot of the document."""
    motion, timing = imported.motion, imported.options.timing
    ranges = imported.filmed
    if not ranges:
        return None
    is_same = document.clip.frame_count == motion.frame_count and timing.step == 1
    chosen = next(
        (
            f
            for f in ranges
            if is_same and f.start == shot.start and f.stop == shot.stop
        ),
        ranges[0] if len(ranges) == 1 else None,
    )
    if chosen is None:
        return None
    frames = np.arange(shot.start, shot.stop)
    return on_frames(chosen, motion, document.clip, timing, frames)


def _is_same(one: Camera, other: Camera) -> bool:
    """True where people lie at the same pixels under both, as near as matters."""
    scale = float(other.intrinsics[1, 1])
    return (
        bool(np.abs(one.intrinsics - other.intrinsics).max() < _SAME_FOCAL * scale)
        and one.camera_from_scene.shape == other.camera_from_scene.shape
        and np.allclose(one.camera_from_scene, other.camera_from_scene, atol=1e-4)
        and np.allclose(one.distortion, other.distortion, atol=1e-4)
    )


def _under(
    run: PersonMotion, document: Document, camera: Camera, model: JointModel
) -> PersonMotion:
    """A run placed anew so that it lies at the same pixels under the shot's camera.

    People of two takes share one scene, so the camera of the first one stays.

    Args:
        run: Within one shot.
        document: Gives the shot's camera.
        camera: The file's.
        model: Gives bones for the pixels.
    """
    mine = document.camera_at(run.start)
    if mine.camera_from_scene.ndim == 3 or camera.camera_from_scene.ndim == 3:
        return run
    rest_m = model.rest_joints_m(run.betas, scale=run.scale)
    if run.joints_rad.shape[1] != len(rest_m):
        rest_m = run.rest_joints_m
    places, _ = forward_kinematics(
        run.skeleton.parents, rest_m, run.joints_rad, run.root_scene_m
    )
    seen_px = camera.project(places)
    turn = mine.camera_from_scene[:, :3]
    around = (places - places[:, :1]) @ turn.T
    ideal_px, focal_px = ideal_pixels(seen_px, mine)
    known = np.isfinite(ideal_px).all(-1) & np.isfinite(around).all(-1)
    weights = np.where(known, 1.0, 0.0)
    around, ideal_px = np.nan_to_num(around), np.nan_to_num(ideal_px)
    root = solve_root(around, ideal_px, weights, focal_px)
    root = refine_root(root, around, ideal_px, weights, focal_px)
    return replace(run, root_scene_m=mine.to_scene(root))


def _put_person(
    edit: Edit, document: Document, run: PersonMotion, model: JointModel, kind: str
) -> Person:
    """A person of the run's name and colour, in its shape.

    Betas count only on the body they were made for; elsewhere bones keep their lengths.
    """
    person = people.add_person(edit, document)
    betas, scale = run.betas, run.scale
    if not len(betas) or run.body != kind:
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
    seen: dict[str, AnyArray | None] = {
        "points_px": run.points_px,
        "confidence": run.confidence,
        "outside": run.outside,
        "points_m": run.points_m,
        "reprojection_px": run.reprojection_px,
    }
    arrays = {name: array for name, array in seen.items() if array is not None}
    arrays |= {"joints_rad": run.joints_rad, "root_scene_m": run.root_scene_m}
    edit.add_estimate(estimate, arrays)
    base: dict[str, AnyArray] = {
        "base_rad": run.joints_rad,
        "base_root_m": run.root_scene_m,
        "base_source": _source_of(run),
    }
    if run.expression is not None:
        base["expression"] = run.expression
    edit.add_track(
        Track(
            id=document.new_id(),
            person_id=person.id,
            start=run.start,
            stop=stop,
            skeleton=run.skeleton.name,
            estimate_id=estimate.id,
        ),
        base,
    )


def _source_of(run: PersonMotion) -> AnyArray:
    if run.source is not None:
        return run.source
    present = np.isfinite(run.root_scene_m[:, :1])
    source = np.where(present, Source.IMPORTED, Source.MISSING).astype(np.uint8)
    return np.repeat(source, run.joints_rad.shape[1], axis=1)
