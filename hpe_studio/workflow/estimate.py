"""From footage to people: find, follow, fit; then put the result into a document.

The job touches no document, so it can run in a thread beside the window; its result is
applied as one edit, followed by the recorded step "Smooth".
"""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import hpe_studio
from hpe_studio.assets import choose_blazepose, data_folder, path_of
from hpe_studio.catalogue import estimator
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, core_count, scaled
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.core.specs import validated_options
from hpe_studio.motion.fitting import warm_up
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.level import level_from_people
from hpe_studio.storage.run_store import RunStore, run_store_name
from hpe_studio.tracking.shots import link_across_shots
from hpe_studio.tracking.track import track_shot
from hpe_studio.workflow.fit_people import FittedPerson, fit_people
from hpe_studio.workflow.shots import shot_ranges

if TYPE_CHECKING:
    from hpe_studio.body import Body
    from hpe_studio.media.footage import Footage

_CUTS_SHARE, _FOUND_SHARE, _SEEN_SHARE = 0.05, 0.80, 0.82
_STORE_EVERY = 16
_FINDING = "Finding people"


@dataclass(frozen=True, kw_only=True, slots=True)
class EstimateOptions:
    """What a person can choose for a run.

    Attributes:
        estimator: Name in the catalogue.
        settings: The estimator's own options ("model").
        frames: Half-open range, or None for the whole clip.
        max_people: Keep at most so many people at a time.
        focal_px: Focal length in displayed pixels, or None.
        fov_deg: Field of view of the longer side, used without a focal length.
        workers: Processes; 0 means one per core.
        link_shots: Join people across cuts by their looks; otherwise everybody is
            somebody new in each shot.
        smooth: Apply the step "Smooth" afterwards.
    """

    estimator: str = "blazepose"
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    frames: tuple[int, int] | None = None
    max_people: int | None = None
    focal_px: float | None = None
    fov_deg: float | None = None
    workers: int = 0
    link_shots: bool = False
    smooth: bool = True


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
    plan = _plan(options, clip)
    # compiled while the first frames are looked at
    threading.Thread(target=warm_up, args=(body.joint_model,), name="warm up").start()
    is_done = False
    try:
        per_shot, said = yield from _tracklets(footage, plan, ranges, options.frames)
        camera = _camera(options, clip)
        people = yield from scaled(
            fit_people(
                [(t, camera) for shot in per_shot for t in shot],
                body.joint_model,
                landmark_name=plan.landmark_set,
                clip=clip,
                threads=plan.workers,
                identities=_linked(per_shot) if options.link_shots else None,
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


def _tracklets(
    footage: Footage,
    plan: _Plan,
    ranges: Sequence[tuple[int, int]],
    frames: tuple[int, int] | None,
) -> Job[tuple[list[list[Tracklet]], tuple[str, ...]]]:
    """Everybody seen in the frames asked for, shot by shot, and what was said."""
    start, stop = _bounded(frames, footage.clip.frame_count)
    inside = [
        (max(a, start), min(b, stop)) for a, b in ranges if a < stop and b > start
    ]
    found, said = yield from scaled(
        _detect(footage, plan, inside),
        start=_CUTS_SHARE,
        share=_FOUND_SHARE - _CUTS_SHARE,
    )
    per_shot = yield from scaled(
        _track(found, ranges, footage.clip, plan),
        start=_FOUND_SHARE,
        share=_SEEN_SHARE - _FOUND_SHARE,
    )
    return per_shot, said


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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Plan:
    """A run's choices, made before any work."""

    estimator: str
    name: str
    landmark_set: str
    settings: dict[str, Any]
    assets: Mapping[str, Path]
    models: Mapping[str, str]
    warnings: tuple[str, ...]
    workers: int
    max_people: int | None
    store: RunStore


def _plan(options: EstimateOptions, clip: Clip) -> _Plan:
    spec = estimator(options.estimator).SPEC
    given = dict(options.settings)
    warnings: tuple[str, ...] = ()
    name = spec.label
    assets: dict[str, Path] = {}
    if any(option.name == "model" for option in spec.options):
        chosen = choose_blazepose(str(given.get("model", "heavy")))
        given["model"] = chosen.model
        name = f"{spec.label} {chosen.model}"
        warnings = (chosen.note,) if chosen.note else ()
    if options.max_people is not None:
        given["max_people"] = options.max_people
    try:
        settings = validated_options(spec.options, given)
    except ValueError as error:
        raise StudioError(str(error), fix="see hpe-studio estimate --help") from None
    for asset in spec.assets:
        is_other_model = "model" in settings and asset.startswith(options.estimator)
        if not is_other_model or asset.endswith(str(settings["model"])):
            assets[asset] = path_of(asset)
    key = run_store_name(clip.fingerprint, options.estimator, sorted(settings.items()))
    return _Plan(
        estimator=options.estimator,
        name=name,
        landmark_set=spec.landmark_set,
        settings=settings,
        assets=assets,
        models={name: path.name for name, path in assets.items()},
        warnings=warnings,
        workers=options.workers or core_count(),
        max_people=options.max_people,
        store=RunStore(data_folder() / "runs" / key),
    )


def _detect(
    footage: Footage, plan: _Plan, ranges: Sequence[tuple[int, int]]
) -> Job[tuple[list[FrameDetections], tuple[str, ...]]]:
    """Detections of all shots in order, and what the estimator had to say.

    Frames of an earlier run are not redone; nothing is followed across a cut.
    """
    kept = {d.frame: d for d in plan.store.load()}
    found = {f: d for f, d in kept.items() if any(a <= f < b for a, b in ranges)}
    total = sum(b - a for a, b in ranges)
    said: dict[str, None] = {}
    for start, stop in ranges:
        for low, high in _missing_runs(found, start, stop):
            for item in _kept(plan.store, _detections(footage, plan, low, high)):
                if isinstance(item, Progress):
                    if item.text not in ("", _FINDING):
                        said[item.text] = None
                    continue
                found[item.frame] = item
                yield Progress(
                    done=len(found), total=total, text=_FINDING, partial=item
                )
    return [found[frame] for frame in sorted(found)], tuple(said)


def _detections(
    footage: Footage, plan: _Plan, start: int, stop: int
) -> Iterator[FrameDetections | Progress]:
    return estimator(plan.estimator).detect(
        footage,
        start=start,
        stop=stop,
        assets=plan.assets,
        options=plan.settings,
        workers=plan.workers,
    )


def _kept(
    store: RunStore, stream: Iterator[FrameDetections | Progress]
) -> Generator[FrameDetections | Progress]:
    """Pass a stream on and keep its detections, also when it is closed early."""
    waiting: list[FrameDetections] = []
    try:
        for item in stream:
            if isinstance(item, FrameDetections):
                waiting.append(item)
            if len(waiting) >= _STORE_EVERY:
                store.add(waiting)
                waiting = []
            yield item
    finally:
        store.add(waiting)
        close = getattr(stream, "close", None)
        if close is not None:
            close()


def _track(
    found: list[FrameDetections],
    ranges: Sequence[tuple[int, int]],
    clip: Clip,
    plan: _Plan,
) -> Job[list[list[Tracklet]]]:
    per_shot: list[list[Tracklet]] = []
    for number, (start, stop) in enumerate(ranges):
        yield Progress(done=number, total=len(ranges), text="Telling people apart")
        inside = [d for d in found if start <= d.frame < stop]
        if inside:
            mine = yield from scaled(
                track_shot(
                    inside,
                    start=start,
                    stop=stop,
                    size_px=clip.size_px,
                    times_s=clip.times_s,
                    landmarks=plan.landmark_set,
                ),
                start=number / len(ranges),
                share=1 / len(ranges),
            )
            per_shot.append(_most_present(mine, plan.max_people))
    return per_shot


def _linked(per_shot: Sequence[Sequence[Tracklet]]) -> list[int]:
    """Who each tracklet is, in order, joined across cuts by looks."""
    groups = link_across_shots(per_shot)
    who = {place: i for i, group in enumerate(groups) for place in group}
    return [
        who[number, index]
        for number, shot in enumerate(per_shot)
        for index in range(len(shot))
    ]


def _most_present(tracklets: list[Tracklet], limit: int | None) -> list[Tracklet]:
    if limit is None or len(tracklets) <= limit:
        return tracklets
    ranked = sorted(tracklets, key=lambda t: -float(t.scores.sum()))[:limit]
    return sorted(ranked, key=lambda t: t.start)


def _missing_runs(
    found: Mapping[int, FrameDetections], start: int, stop: int
) -> list[tuple[int, int]]:
    """Half-open runs of frames that are not found yet."""
    flags = np.array([frame not in found for frame in range(start, stop)], dtype=int)
    edges = np.flatnonzero(np.diff(np.r_[0, flags, 0]))
    return [
        (start + int(a), start + int(b))
        for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def _bounded(frames: tuple[int, int] | None, count: int) -> tuple[int, int]:
    start, stop = (0, count) if frames is None else frames
    return max(0, start), min(count, stop)


def _nobody(people: Sequence[FittedPerson]) -> tuple[str, ...]:
    return () if people else ("Nobody was found in this clip",)
