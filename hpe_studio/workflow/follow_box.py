"""A person the estimator missed, or lost, run from a box: find, follow, fit, add.

The job touches no document, so that it can run beside the window; what it found is
applied as one edit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, scaled
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.core.person import Person
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.edits.retake import retake
from hpe_studio.estimators.blazepose import SPEC
from hpe_studio.estimators.blazepose_follow import follow
from hpe_studio.motion.filters import smooth
from hpe_studio.tracking.assemble import build_tracklet
from hpe_studio.tracking.flips import repair_flips
from hpe_studio.tracking.table import build_table
from hpe_studio.workflow.apply_estimate import base_arrays, estimate_arrays
from hpe_studio.workflow.fit_people import FittedPerson, fit_people
from hpe_studio.workflow.follow_plan import FollowPlan

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

_SEEN_SHARE = 0.8
_LEAST_FRAMES = 2


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Followed:
    """Somebody followed from a box, with the body fitted."""

    plan: FollowPlan
    fitted: FittedPerson
    created: str


def follow_job(footage: Footage, plan: FollowPlan) -> Job[Followed]:
    """Follow the person in the box forward and back, then fit the body.

    Raises:
        StudioError: If nobody is in the box or the networks cannot run.
    """
    found = yield from scaled(_detect(footage, plan), start=0.0, share=_SEEN_SHARE)
    asked = plan.pointed.stop - plan.pointed.start
    if len(found) < min(_LEAST_FRAMES, asked):
        if _is_known(plan):
            raise StudioError(
                "the person in the box is known already",
                fix="select that person and run again, or draw a box around another",
            )
        raise StudioError(
            "nobody was recognised in the box",
            fix="draw it close around the whole person, or on another frame",
        )
    fitted = yield from scaled(
        fit_people(
            [(_tracklet(found, plan), plan.camera)],
            plan.body.joint_model,
            landmark_name=SPEC.landmark_set,
            clip=plan.clip,
            threads=1,
            shapes=None if plan.shape is None else {0: plan.shape},
        ),
        start=_SEEN_SHARE,
        share=1.0 - _SEEN_SHARE,
    )
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    return Followed(plan=plan, fitted=fitted[0], created=now)


def _is_known(plan: FollowPlan) -> bool:
    """True where the trunk of somebody known lies within the box."""
    trunks_px = plan.pointed.others_px.get(plan.pointed.frame)
    if trunks_px is None:
        return False
    low, high = np.array(plan.pointed.box_px).reshape(2, 2)
    inside = (trunks_px > low) & (trunks_px < high)
    return bool(inside.all(axis=(1, 2)).any())


def apply_followed(document: Document, followed: Followed, *, label: str) -> Person:
    """Add what was followed as one step: to the person, or as somebody new.

    Frames on which the person has a track are taken anew, and keys keep their poses;
    others get a track of their own.

    Raises:
        StudioError: If the person is gone or locked meanwhile.
    """
    plan, fitted = followed.plan, followed.fitted
    with document.edit(label) as edit:
        person = _person_of(edit, document, followed)
        take = Take(
            id=document.new_id(),
            name=plan.name,
            origin=SPEC.id,
            options={**plan.settings, "box_px": list(plan.pointed.box_px)},
            versions=plan.versions,
            created=followed.created,
        )
        edit.put(take)
        taken = np.zeros(len(fitted.root_scene_m), bool)
        start = fitted.tracklet.start
        for track in document.tracks_of(person.id):
            first = max(track.start, start)
            stop = min(track.stop, fitted.tracklet.stop)
            rows = slice(first - start, stop - start)
            if first < stop and np.isfinite(fitted.root_scene_m[rows, 0]).any():
                taken[rows] = True
                _retake(edit, document, track, take, followed)
        _add_tracks(edit, document, person, take, followed, ~taken)
    return document.persons[person.id]


def _detect(footage: Footage, plan: FollowPlan) -> Job[list[FrameDetections]]:
    found: list[FrameDetections] = []
    stream = follow(footage, plan.pointed, assets=plan.assets, options=plan.settings)
    try:
        for item in stream:
            if isinstance(item, Progress):
                yield item
            else:
                found.append(item)
                yield Progress(
                    done=len(found),
                    total=plan.pointed.stop - plan.pointed.start,
                    text="Following the person",
                    partial=item,
                )
    finally:
        stream.close()  # ends the process
    return found


def _tracklet(found: list[FrameDetections], plan: FollowPlan) -> Tracklet:
    clip, names = plan.clip, landmark_set(SPEC.landmark_set)
    table = build_table(
        found,
        start=plan.pointed.start,
        stop=plan.pointed.stop,
        size_px=clip.size_px,
        times_s=clip.times_s,
        landmarks=names,
        min_score=0.0,
    )
    rows = np.arange(len(table.frames))
    tracklet = build_tracklet(table, rows, np.ones(len(rows), dtype=bool))
    tracklet, _ = repair_flips(tracklet, times_s=clip.times_s, landmarks=names)
    return tracklet


def _person_of(edit: Edit, document: Document, followed: Followed) -> Person:
    known = followed.plan.person_id
    if known is None:
        person = people.add_person(edit, document)
    elif known in document.persons:
        person = document.persons[known]
        people.check_unlocked(person)
    else:
        raise StudioError("the person was deleted meanwhile", fix="run it once more")
    if not document.tracks_of(person.id):
        fitted = followed.fitted
        people.set_shape(edit, person, betas=fitted.betas, scale=fitted.scale)
    return document.persons[person.id]


def _estimate(document: Document, take: Take, followed: Followed) -> Estimate:
    """What was seen, with its arrays, not in the document yet."""
    fitted = followed.fitted
    return Estimate(
        id=document.new_id(),
        take_id=take.id,
        start=fitted.tracklet.start,
        stop=fitted.tracklet.stop,
        skeleton=followed.plan.body.skeleton.name,
        landmark_set=SPEC.landmark_set,
        betas=fitted.betas,
        scale=fitted.scale,
        arrays=estimate_arrays(fitted),
    )


def _smoothed(followed: Followed) -> tuple[FloatArray, FloatArray]:
    fitted = followed.fitted
    times_s = followed.plan.clip.times_s
    return smooth(
        fitted.joints_rad,
        fitted.root_scene_m,
        times_s=times_s[fitted.tracklet.start : fitted.tracklet.stop],
    )


def _retake(
    edit: Edit, document: Document, track: Track, take: Take, followed: Followed
) -> None:
    joints_rad, root_m = _smoothed(followed)
    new = _estimate(document, take, followed)
    retake(edit, document, track, new, joints_rad=joints_rad, root_m=root_m)


def _add_tracks(
    edit: Edit,
    document: Document,
    person: Person,
    take: Take,
    followed: Followed,
    free: BoolArray,
) -> None:
    """A track per run of frames on which the person had none."""
    edges = np.flatnonzero(np.diff(np.r_[0, free.astype(int), 0]))
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        rows = slice(int(first), int(end))
        seen = np.flatnonzero(np.isfinite(followed.fitted.root_scene_m[rows, 0]))
        if len(seen) == 0:
            continue
        rows = slice(int(first + seen[0]), int(first + seen[-1] + 1))
        _add_track(edit, document, person, take, followed, rows)


def _add_track(
    edit: Edit,
    document: Document,
    person: Person,
    take: Take,
    followed: Followed,
    rows: slice,
) -> None:
    whole = _estimate(document, take, followed)
    start, stop = whole.start + rows.start, whole.start + rows.stop
    estimate = replace(whole, start=start, stop=stop, arrays={})
    part = {name: array[rows] for name, array in whole.arrays.items()}
    edit.add_estimate(estimate, part)
    track = Track(
        id=document.new_id(),
        person_id=person.id,
        start=start,
        stop=stop,
        skeleton=whole.skeleton,
        estimate_id=estimate.id,
    )
    joints_rad, root_m = _smoothed(followed)
    smoothed = replace(followed.fitted, joints_rad=joints_rad, root_scene_m=root_m)
    base = base_arrays(smoothed, Source.FILTERED)
    edit.add_track(track, {name: array[rows] for name, array in base.items()})
