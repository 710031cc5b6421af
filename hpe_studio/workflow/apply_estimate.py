"""A run put into a document, whole or shot by shot; then the recorded step "Smooth"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.person import Person
from hpe_studio.core.tables import Setting, ShotCamera
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people, smooth
from hpe_studio.workflow.estimate import EstimateResult, FinishedShots, ShotFound
from hpe_studio.workflow.fit_people import FittedPerson
from hpe_studio.workflow.shots import new_shots


def apply_estimate(document: Document, result: EstimateResult) -> tuple[Person, ...]:
    """Add what a run found as a new take with its people.

    Returns:
        The new persons, in order of appearance.
    """
    tracks: list[Track] = []
    persons: dict[int, int] = {}
    with document.edit("Estimate people") as edit:
        take = put_take(edit, document, result)
        _put_shots(edit, document, result)
        tracks = _put_people(edit, document, take, result, persons)
    _smooth(document, tracks, result, "Smooth")
    return tuple(document.persons[who] for who in persons.values())


class ShotApplier:
    """Puts a run's shots into a document as they are finished.

    One step per shot, and one more for "Smooth". Only what is new is written: whatever
    was done to people of earlier shots meanwhile stays. Which shots are in is noted in
    the same step, so that a stopped run leaves them out, and does one anew whose step
    was undone.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._persons: dict[int, int] = {}
        self.shots = 0
        self.found: dict[int, None] = {}

    def apply(self, found: ShotFound) -> None:
        """Add a finished shot.

        Raises:
            StudioError: If it could not be made durable; nothing is added then.
        """
        document = self._document
        where = f", shot {found.number} of {found.count}" if found.count > 1 else ""
        persons = {**found.persons, **self._persons}
        persons = {i: who for i, who in persons.items() if who in document.persons}
        with document.edit(f"Estimate people{where}") as edit:
            noted = document.setting(_note_name(found.run), {})
            take = document.takes.get(noted.get("take", -1))
            if take is None:
                take = put_take(edit, document, found.result)
            _put_shots(edit, document, found.result, looked_at=found.frames)
            tracks = _put_people(edit, document, take, found.result, persons)
            if found.count > 1:
                _note(edit, document, found, take, persons)
        self._persons = persons
        self.shots += 1
        self.found.update(
            dict.fromkeys(document.tracks[t.id].person_id for t in tracks)
        )
        _smooth(document, tracks, found.result, f"Smooth{where}")


def finished_shots(document: Document, run: str) -> FinishedShots:
    """Shots of a run that are in a document already, with the people they gave."""
    noted = document.setting(_note_name(run), {})
    if noted.get("take") not in document.takes:
        return {}
    return {
        (start, stop): [document.persons.get(who) for who in people]
        for start, stop, people in noted["shots"]
    }


def _note_name(run: str) -> str:
    return f"run {run}"


def _note(
    edit: Edit,
    document: Document,
    found: ShotFound,
    take: Take,
    persons: Mapping[int, int],
) -> None:
    """Note that a shot is in; the note goes with the last one."""
    name = _note_name(found.run)
    noted = document.setting(name, {})
    shots = noted.get("shots", []) if noted.get("take") == take.id else []
    mine = [persons[person.identity] for person in found.result.people]
    shots = [*shots, [*found.frames, mine]]
    if len(shots) < found.count:
        edit.put(Setting(name=name, value={"take": take.id, "shots": shots}))
    elif noted:
        edit.remove(Setting(name=name, value=noted))


def put_take(edit: Edit, document: Document, result: EstimateResult) -> Take:
    """Add a run as a take, without its people."""
    take = Take(
        id=document.new_id(),
        name=result.name,
        origin=result.options.estimator,
        options=dict(result.options.settings),
        versions=result.versions,
        created=result.created,
    )
    edit.put(take)
    return take


def _put_people(
    edit: Edit,
    document: Document,
    take: Take,
    result: EstimateResult,
    persons: dict[int, int],
) -> list[Track]:
    """Add a track per person and shot, and the persons who are not in `persons` yet.

    Args:
        edit: Written into.
        document: Its document.
        take: Whose estimates they are.
        result: What was found.
        persons: Ids by identity; the new ones are added to it.
    """
    tracks: list[Track] = []
    for fitted in sorted(result.people, key=_appearance):
        who = fitted.identity
        if who not in persons:
            person = people.add_person(edit, document)
            people.set_shape(edit, person, betas=fitted.betas, scale=fitted.scale)
            persons[who] = person.id
        person = document.persons[persons[who]]
        tracks.append(put_track(edit, document, take, person, fitted, result))
    return tracks


def _smooth(
    document: Document, tracks: list[Track], result: EstimateResult, label: str
) -> None:
    if result.options.smooth and tracks:
        with document.edit(label) as edit:
            for track in tracks:
                if document.persons[track.person_id].locked:
                    continue
                smooth.smooth_track(edit, document, document.tracks[track.id])


def _appearance(fitted: FittedPerson) -> tuple[int, float]:
    """Order of persons: first frame, then the larger in the picture first."""
    boxes = fitted.tracklet.boxes_px
    height = float(np.nanmedian(boxes[:, 3] - boxes[:, 1]))
    return fitted.tracklet.start, -height


def _put_shots(
    edit: Edit,
    document: Document,
    result: EstimateResult,
    looked_at: tuple[int, int] | None = None,
) -> None:
    """Shots where they were unknown; camera and level of each that was looked at."""
    if document.shots is None:
        for shot in new_shots(document, result.shots, result.dissolves):
            edit.put(shot)
    cameras = dict(zip(result.shots, result.cameras, strict=True))
    levels = dict(zip(result.shots, result.levels, strict=True))
    for shot in document.shots or ():
        if looked_at is not None and looked_at[0] not in shot:
            continue
        camera = cameras.get((shot.start, shot.stop))
        if camera is not None:
            edit.put(ShotCamera(shot_id=shot.id, camera=camera))
        level = levels.get((shot.start, shot.stop))
        if level is not None and not shot.is_levelled:
            edit.put(replace(shot, level_from_scene=level))


def put_track(
    edit: Edit,
    document: Document,
    take: Take,
    person: Person,
    fitted: FittedPerson,
    result: EstimateResult,
) -> Track:
    """Add a track of a person with the estimate it starts from."""
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
    edit.add_estimate(estimate, estimate_arrays(fitted))
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


def estimate_arrays(fitted: FittedPerson) -> dict[str, AnyArray]:
    """All that was seen and fitted, as an estimate's arrays."""
    seen = fitted.tracklet
    return {
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
