"""From footage to people, shot by shot: find, follow, fit.

The job touches no document, so it can run in a thread beside the window; what it found
is applied as one edit per shot or for all, followed by the recorded step "Smooth".
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar, cast

import numpy as np

import hpe_studio
from hpe_studio.catalogue import estimator
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.jobs import Job, Progress, scaled
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.person import Person
from hpe_studio.motion.fitting import warm_up
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.level import level_from_people
from hpe_studio.tracking.shots import ShotLinker
from hpe_studio.workflow.find_people import (
    RunPlan,
    find_in_shot,
    found_before,
    plan_run,
    shots_within,
)
from hpe_studio.workflow.fit_people import FittedPerson, fit_people
from hpe_studio.workflow.run_options import EstimateOptions
from hpe_studio.workflow.shots import shots_of
from hpe_studio.workflow.take_bodies import take_bodies

if TYPE_CHECKING:
    from hpe_studio.body import Body
    from hpe_studio.core.specs import BodyEstimator
    from hpe_studio.media.footage import Footage

Result = TypeVar("Result")

_CUTS_SHARE, _SEEN_SHARE = 0.05, 0.82

__all__ = [
    "EstimateOptions",
    "EstimateResult",
    "FinishedShots",
    "ShotFound",
    "estimate_job",
]

FinishedShots = Mapping[tuple[int, int], Sequence[Person | None]]
"""Shots that a run finished before it was stopped, with the person that each tracklet
became, in order; None for somebody who is gone."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class EstimateResult:
    """What a run found.

    Attributes:
        options: What was asked.
        shots: Half-open ranges of the clip's shots.
        cameras: Camera per shot.
        levels: Per shot the transform to a levelled floor, or None where nobody stands.
        people: One entry per person and shot.
        landmark_set: Landmarks of the observations.
        skeleton: Skeleton of the fitted bodies.
        name: Name of the take ("BlazePose heavy").
        versions: Versions that made it.
        warnings: Sentences a person should know.
        created: ISO 8601 time.
        dissolves: Lengths of dissolves by first frame of their shots.
    """

    options: EstimateOptions
    shots: tuple[tuple[int, int], ...]
    cameras: tuple[Camera, ...]
    levels: tuple[FloatArray | None, ...]
    people: tuple[FittedPerson, ...]
    landmark_set: str
    skeleton: str
    name: str
    versions: Mapping[str, str]
    warnings: tuple[str, ...]
    created: str
    dissolves: Mapping[int, int] = field(default_factory=dict[int, int])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class ShotFound:
    """A shot of a run that is finished; the others go on.

    Attributes:
        number, count: Which shot of how many, from 1.
        frames: The part of the shot that was looked at.
        run: The same for the same footage and choices.
        result: The run with the people of this shot only.
        persons: Ids of persons of finished shots by identity.
    """

    number: int
    count: int
    frames: tuple[int, int]
    run: str
    result: EstimateResult
    persons: Mapping[int, int]


def estimate_job(
    footage: Footage,
    options: EstimateOptions,
    *,
    body: Body,
    shots: Sequence[Shot] | None = None,
    finished: FinishedShots | None = None,
) -> Job[EstimateResult]:
    """Find the people of a clip and fit bodies to them, one shot after the other.

    Each finished shot is told as a `ShotFound` in `Progress.partial`. A run that was
    stopped goes on where it was: what was found so far is kept in the data folder
    until the run is complete.

    Args:
        footage: The clip.
        options: What to do.
        body: Body to fit.
        shots: Shots where they are known; found first otherwise.
        finished: Shots to leave out.

    Raises:
        StudioError: If model files are missing or workers fail.
    """
    if shots is None:
        found = yield from scaled(shots_of(footage), start=0.0, share=_CUTS_SHARE)
        ranges, dissolves = found.ranges, found.dissolves
    else:
        ranges = tuple((shot.start, shot.stop) for shot in shots)
        dissolves = {shot.start: shot.dissolve for shot in shots if shot.dissolve}
    plan = plan_run(options, footage.clip)
    if not plan.has_bodies:  # compiled while the first frames are looked at
        warm = threading.Thread(
            target=warm_up, args=(body.joint_model,), name="warm up"
        )
        warm.start()
    run = _Run(
        footage, options, body, ranges, plan, finished or {}, dissolves=dissolves
    )
    is_done = False
    try:
        yield from scaled(run.all_shots(), start=_CUTS_SHARE, share=1.0 - _CUTS_SHARE)
        is_done = True
    finally:
        plan.store.close(discard=is_done)
    return run.result(run.people, told=True)


class _Run:
    """A run on its way from shot to shot."""

    def __init__(
        self,
        footage: Footage,
        options: EstimateOptions,
        body: Body,
        ranges: tuple[tuple[int, int], ...],
        plan: RunPlan,
        finished: FinishedShots,
        *,
        dissolves: Mapping[int, int],
    ) -> None:
        self._footage = footage
        self._dissolves = dissolves
        self._options = options
        self._body = body
        self._ranges = ranges
        self._plan = plan
        self._finished = finished
        self._camera = _camera(options, footage.clip)
        self._created = datetime.now().astimezone().isoformat(timespec="seconds")
        self._linker = ShotLinker()
        self._strangers = 0
        self._shapes: dict[int, BodyShape] = {}
        self._persons: dict[int, int] = {}
        self._said: dict[str, None] = {}
        self.people: list[FittedPerson] = []

    def all_shots(self) -> Job[None]:
        """Look at one shot after the other."""
        inside = shots_within(self._options.frames, self._ranges, self._footage.clip)
        total = sum(stop - start for start, stop in inside)
        done = 0
        for number, shot in enumerate(inside, start=1):
            share = (shot[1] - shot[0]) / total
            people: tuple[FittedPerson, ...] = ()
            if shot in self._finished:
                yield from self._remember(shot, self._finished[shot])
            else:
                where = f", shot {number} of {len(inside)}" if len(inside) > 1 else ""
                job = _told_where(self._one_shot(shot), where)
                people = yield from scaled(job, start=done / total, share=share)
            done += shot[1] - shot[0]
            if shot not in self._finished:
                found = ShotFound(
                    number=number,
                    count=len(inside),
                    frames=shot,
                    run=self._plan.run,
                    result=self.result(people),
                    persons=dict(self._persons),
                )
                yield Progress(done=done, total=total, partial=found)

    def _one_shot(self, shot: tuple[int, int]) -> Job[tuple[FittedPerson, ...]]:
        plan = self._plan
        begin = max((a for a, _ in self._ranges if a <= shot[0]), default=shot[0])
        clear = max(shot[0], begin + self._dissolves.get(begin, 0)), shot[1]
        if clear[0] >= clear[1]:
            return ()
        tracklets, said = yield from scaled(
            find_in_shot(self._footage, plan, clear), start=0.0, share=_SEEN_SHARE
        )
        self._said.update(dict.fromkeys(said))
        people = yield from scaled(
            self._bodies(tracklets), start=_SEEN_SHARE, share=1.0 - _SEEN_SHARE
        )
        self._shapes.update({person.identity: person.shape for person in people})
        self.people += people
        return people

    def _bodies(self, tracklets: Sequence[Tracklet]) -> Job[tuple[FittedPerson, ...]]:
        """Bodies fitted to what was seen, or those that the estimator brought."""
        plan, model = self._plan, self._body.joint_model
        views = [(tracklet, self._camera) for tracklet in tracklets]
        identities = self._identities(tracklets)
        meant = _meant_camera(self._options, self._footage.clip)
        if meant is not None:
            return take_bodies(
                views,
                model,
                meant_for=meant,
                landmark_name=plan.landmark_set,
                identities=identities,
                shapes=self._shapes,
            )
        return fit_people(
            views,
            model,
            landmark_name=plan.landmark_set,
            clip=self._footage.clip,
            threads=plan.workers,
            identities=identities,
            shapes=self._shapes,
        )

    def _remember(
        self, shot: tuple[int, int], persons: Sequence[Person | None]
    ) -> Job[None]:
        """Learn who the people of a finished shot are, to know them again."""
        if not self._options.link_shots:
            return
        tracklets = yield from found_before(self._footage, self._plan, shot)
        for who, person in zip(self._identities(tracklets), persons, strict=False):
            if person is not None:
                betas = np.asarray(person.betas, np.float64)
                self._shapes[who] = BodyShape(betas=betas, scale=person.scale)
                self._persons[who] = person.id

    def _identities(self, tracklets: Sequence[Tracklet]) -> list[int]:
        """Who is who; everybody is new in each shot unless shots are linked."""
        if self._options.link_shots:
            return self._linker.add(tracklets)
        first = self._strangers
        self._strangers += len(tracklets)
        return list(range(first, self._strangers))

    def result(
        self, people: Sequence[FittedPerson], *, told: bool = False
    ) -> EstimateResult:
        """The run with some of its people; `told` adds what there is to say."""
        plan, clip = self._plan, self._footage.clip
        warnings = (*clip.warnings, *plan.warnings, *self._said)
        return EstimateResult(
            options=replace(self._options, settings=plan.settings),
            shots=self._ranges,
            dissolves=self._dissolves,
            cameras=(self._camera,) * len(self._ranges),
            levels=_levels(people, self._ranges, self._body.joint_model),
            people=tuple(people),
            landmark_set=plan.landmark_set,
            skeleton=self._body.skeleton.name,
            name=plan.name,
            versions={"hpe-studio": hpe_studio.__version__, **plan.made_by},
            warnings=(*warnings, *self._nobody()) if told else (),
            created=self._created,
        )

    def _nobody(self) -> tuple[str, ...]:
        before = any(any(who) for who in self._finished.values())
        is_empty = not self.people and not before
        return ("Nobody was found in this clip",) if is_empty else ()


def _told_where(job: Job[Result], where: str) -> Job[Result]:
    """A job whose texts say which shot is looked at."""
    try:
        while True:
            progress = next(job)
            yield replace(progress, text=progress.text + where)
    except StopIteration as stop:
        return stop.value
    finally:
        job.close()


def _camera(options: EstimateOptions, clip: Clip) -> Camera:
    """The camera as it was given, as the file tells it, or assumed.

    An estimator that brings bodies brings the camera that they are meant for; only a
    focal length that a person gave takes the place of its own.
    """
    is_given = bool(options.focal_px or options.fov_deg)
    focal_px = options.focal_px if is_given else clip.focal_px
    assumed = "assumed" if focal_px is None else "metadata"
    camera = default_camera(
        clip.size_px,
        focal_px=focal_px,
        fov_deg=options.fov_deg,
        pixel_aspect=clip.pixel_aspect,
        source="given" if is_given else assumed,
    )
    meant = _meant_camera(options, clip)
    if meant is None or not is_given:
        return meant or camera
    intrinsics = meant.intrinsics.copy()
    intrinsics[[0, 1], [0, 1]] = camera.intrinsics[[0, 1], [0, 1]]
    return replace(camera, intrinsics=intrinsics)


def _meant_camera(options: EstimateOptions, clip: Clip) -> Camera | None:
    """The camera that an estimator's own bodies are meant for, if it brings any."""
    module = estimator(options.estimator)
    if not module.SPEC.has_bodies:
        return None
    return cast("BodyEstimator", module).camera(clip)


def _levels(
    people: Sequence[FittedPerson],
    ranges: Sequence[tuple[int, int]],
    model: JointModel,
) -> tuple[FloatArray | None, ...]:
    """Per shot what makes its people stand upright on the floor."""
    bodies: dict[tuple[int, int], list[FloatArray]] = {shot: [] for shot in ranges}
    for person in people:
        rest_m = model.rest_joints_m(np.asarray(person.betas), scale=person.scale)
        places, _ = forward_kinematics(
            model.skeleton.parents, rest_m, person.joints_rad, person.root_scene_m
        )
        start = person.tracklet.start
        shot = next(shot for shot in ranges if shot[0] <= start < shot[1])
        bodies[shot].append(places)
    return tuple(level_from_people(bodies[shot], model.skeleton) for shot in ranges)
