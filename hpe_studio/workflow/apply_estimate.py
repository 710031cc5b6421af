"""A run's result put into a document: one edit, then the recorded step "Smooth"."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.clip import Shot
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.person import Person
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people, smooth
from hpe_studio.workflow.estimate import EstimateResult
from hpe_studio.workflow.fit_people import FittedPerson


def apply_estimate(document: Document, result: EstimateResult) -> tuple[Person, ...]:
    """Add what a run found as a new take with its people.

    Returns:
        The new persons, in order of appearance.
    """
    added: dict[int, Person] = {}
    tracks: list[Track] = []
    with document.edit("Estimate people") as edit:
        take = Take(
            id=document.new_id(),
            name=result.name,
            origin=result.options.estimator,
            options=dict(result.options.settings),
            versions=result.versions,
            created=result.created,
        )
        edit.put(take)
        _put_shots(edit, document, result)
        for fitted in sorted(result.people, key=_appearance):
            who = fitted.identity
            if who not in added:
                person = people.add_person(edit, document)
                people.set_shape(edit, person, betas=fitted.betas, scale=fitted.scale)
                added[who] = document.persons[person.id]
            tracks.append(_put_track(edit, document, take, added[who], fitted, result))
    if result.options.smooth and tracks:
        with document.edit("Smooth") as edit:
            for track in tracks:
                smooth.smooth_track(edit, document, document.tracks[track.id])
    return tuple(added.values())


def _appearance(fitted: FittedPerson) -> tuple[int, float]:
    """Order of persons: first frame, then the larger in the picture first."""
    boxes = fitted.tracklet.boxes_px
    height = float(np.nanmedian(boxes[:, 3] - boxes[:, 1]))
    return fitted.tracklet.start, -height


def _put_shots(edit: Edit, document: Document, result: EstimateResult) -> None:
    """Shots where they were unknown, each shot's camera and level."""
    if document.shots is None:
        for start, stop in result.shots:
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
    cameras = dict(zip(result.shots, result.cameras, strict=True))
    levels = dict(zip(result.shots, result.levels, strict=True))
    for shot in document.shots or ():
        camera = cameras.get((shot.start, shot.stop))
        if camera is not None:
            edit.put(ShotCamera(shot_id=shot.id, camera=camera))
        level = levels.get((shot.start, shot.stop))
        if level is not None and not shot.is_levelled:
            edit.put(replace(shot, level_from_scene=level))


def _put_track(
    edit: Edit,
    document: Document,
    take: Take,
    person: Person,
    fitted: FittedPerson,
    result: EstimateResult,
) -> Track:
    seen = fitted.tracklet
    estimate = Estimate(
        id=document.new_id(),
        take_id=take.id,
        start=seen.start,
        stop=seen.stop,
        skeleton=result.skeleton,
        landmark_set=result.landmark_set,
        betas=fitted.betas,
        scale=fitted.scale,
    )
    arrays: dict[str, AnyArray] = {
        "joints_rad": fitted.joints_rad,
        "root_scene_m": fitted.root_scene_m,
        "points_px": seen.points_px,
        "confidence": seen.confidence,
        "outside": seen.outside,
        "points_m": seen.points_m,
        "boxes_px": seen.boxes_px,
        "scores": seen.scores,
        "reprojection_px": fitted.reprojection_px,
    }
    edit.add_estimate(estimate, arrays)
    track = Track(
        id=document.new_id(),
        person_id=person.id,
        start=seen.start,
        stop=seen.stop,
        skeleton=result.skeleton,
        estimate_id=estimate.id,
    )
    edit.add_track(track, base_arrays(fitted, Source.ESTIMATED))
    return track


def base_arrays(fitted: FittedPerson, source: Source) -> dict[str, AnyArray]:
    """A track's base as an exact copy of the estimate."""
    present = np.isfinite(fitted.root_scene_m[:, 0])
    codes = np.where(present[:, None], source, Source.MISSING).astype(np.uint8)
    joints = fitted.joints_rad.shape[1]
    return {
        "base_rad": fitted.joints_rad,
        "base_root_m": fitted.root_scene_m,
        "base_source": np.repeat(codes, joints, axis=1),
    }
