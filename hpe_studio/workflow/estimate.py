"""From footage to people: find, follow, fit; then put the result into a document.

The job touches no document, so it can run in a thread beside the window; its result is
applied as one edit, followed by the recorded step "Smooth".
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

import hpe_studio
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.jobs import Job, scaled
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.motion.fitting import warm_up
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.level import level_from_people
from hpe_studio.workflow.find_people import find_people, linked, plan_run
from hpe_studio.workflow.fit_people import FittedPerson, fit_people
from hpe_studio.workflow.run_options import EstimateOptions
from hpe_studio.workflow.shots import shot_ranges

if TYPE_CHECKING:
    from hpe_studio.body import Body
    from hpe_studio.media.footage import Footage

_CUTS_SHARE, _SEEN_SHARE = 0.05, 0.82

__all__ = ["EstimateOptions", "EstimateResult", "estimate_job"]


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


def estimate_job(
    footage: Footage,
    options: EstimateOptions,
    *,
    body: Body,
    shots: Sequence[Shot] | None = None,
) -> Job[EstimateResult]:
    """Find the people of a clip and fit bodies to them.

    A run that was stopped goes on where it was: what was found so far is kept in the
    data folder until the run is complete.

    Args:
        footage: The clip.
        options: What to do.
        body: Body to fit.
        shots: Shots where they are known; found first otherwise.

    Raises:
        StudioError: If model files are missing or workers fail.
    """
    clip = footage.clip
    if shots is None:
        ranges = yield from scaled(shot_ranges(footage), start=0.0, share=_CUTS_SHARE)
    else:
        ranges = tuple((shot.start, shot.stop) for shot in shots)
    plan = plan_run(options, clip)
    # compiled while the first frames are looked at
    threading.Thread(target=warm_up, args=(body.joint_model,), name="warm up").start()
    is_done = False
    try:
        per_shot, said = yield from scaled(
            find_people(footage, plan, ranges, options.frames),
            start=_CUTS_SHARE,
            share=_SEEN_SHARE - _CUTS_SHARE,
        )
        camera = _camera(options, clip)
        people = yield from scaled(
            fit_people(
                [(t, camera) for shot in per_shot for t in shot],
                body.joint_model,
                landmark_name=plan.landmark_set,
                clip=clip,
                threads=plan.workers,
                identities=linked(per_shot) if options.link_shots else None,
            ),
            start=_SEEN_SHARE,
            share=1.0 - _SEEN_SHARE,
        )
        is_done = True
    finally:
        plan.store.close(discard=is_done)
    return EstimateResult(
        options=options,
        shots=ranges,
        cameras=(camera,) * len(ranges),
        levels=_levels(people, ranges, body.joint_model),
        people=people,
        landmark_set=plan.landmark_set,
        skeleton=body.skeleton.name,
        name=plan.name,
        versions={"hpe-studio": hpe_studio.__version__, **plan.models},
        warnings=(*clip.warnings, *plan.warnings, *said, *_nobody(people)),
        created=datetime.now().astimezone().isoformat(timespec="seconds"),
    )


def _camera(options: EstimateOptions, clip: Clip) -> Camera:
    """The camera as it was given, as the file tells it, or assumed."""
    is_given = bool(options.focal_px or options.fov_deg)
    focal_px = options.focal_px if is_given else clip.focal_px
    assumed = "assumed" if focal_px is None else "metadata"
    return default_camera(
        clip.size_px,
        focal_px=focal_px,
        fov_deg=options.fov_deg,
        pixel_aspect=clip.pixel_aspect,
        source="given" if is_given else assumed,
    )


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


def _nobody(people: Sequence[FittedPerson]) -> tuple[str, ...]:
    return () if people else ("Nobody was found in this clip",)
