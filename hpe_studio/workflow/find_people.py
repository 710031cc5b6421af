"""People found and followed in a shot; a stopped run goes on where it was."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hpe_studio.assets import asset, choose_blazepose, data_folder, path_of
from hpe_studio.assets.own import own_file, own_path, own_sha256
from hpe_studio.catalogue import estimator
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, core_count, scaled
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.core.specs import validated_options
from hpe_studio.storage.run_store import RunStore, open_run_store, run_store_name
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.track import track_shot
from hpe_studio.workflow.run_options import EstimateOptions

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

_FOUND_SHARE = 0.97
_STORE_EVERY = 16
_FINDING = "Finding people"
_BODIES = TrackingOptions(min_score=0.0, min_mean_score=0.0, repair_flips=False)
"""Whole bodies have passed their estimator's own threshold, and have one left side."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RunPlan:
    """A run's choices, made before any work.

    Attributes:
        estimator, name: Id and title.
        landmark_set: What is found.
        has_bodies: Whether whole bodies are found, so that none are fitted.
        settings: The estimator's options, complete.
        assets: Its model files.
        made_by: What they are, and the packages that run them.
        warnings: Sentences a person should know.
        workers: Processes.
        max_people: Keep at most so many at a time.
        store: What was found so far.
        run: The same for the same footage and choices.
    """

    estimator: str
    name: str
    landmark_set: str
    has_bodies: bool
    settings: dict[str, Any]
    assets: Mapping[str, Path]
    made_by: Mapping[str, str]
    warnings: tuple[str, ...]
    workers: int
    max_people: int | None
    store: RunStore
    run: str


def plan_run(options: EstimateOptions, clip: Clip) -> RunPlan:
    """Check what was asked and look for the model files, before any work.

    Raises:
        StudioError: If a setting does not fit or a model file is missing.
    """
    _bounded(options.frames, clip)
    settings, name, warnings = _choices(options)
    spec = estimator(options.estimator).SPEC
    assets, made_by = _makers(options.estimator, settings)
    key = _store_name(options, clip, settings, made_by)
    return RunPlan(
        estimator=options.estimator,
        name=name,
        landmark_set=spec.landmark_set,
        has_bodies=spec.has_bodies,
        settings=settings,
        assets=assets,
        made_by=made_by,
        warnings=warnings,
        workers=options.workers or core_count(),
        max_people=options.max_people,
        store=open_run_store(data_folder() / "runs", key),
        run=run_store_name(key, options.frames, options.link_shots),
    )


def run_of(options: EstimateOptions, clip: Clip) -> str:
    """The name of a run: the same for the same footage and choices.

    Raises:
        StudioError: If a setting does not fit or a model file is missing.
    """
    settings, _, _ = _choices(options)
    _, made_by = _makers(options.estimator, settings)
    key = _store_name(options, clip, settings, made_by)
    return run_store_name(key, options.frames, options.link_shots)


def _store_name(
    options: EstimateOptions,
    clip: Clip,
    settings: Mapping[str, Any],
    made_by: Mapping[str, str],
) -> str:
    what = (options.estimator, sorted(settings.items()), sorted(made_by.items()))
    return run_store_name(clip.fingerprint, *what)


def _makers(
    name: str, settings: Mapping[str, Any]
) -> tuple[dict[str, Path], dict[str, str]]:
    """The model files of a run; their names and checksums, and versions of packages.

    Raises:
        StudioError: If one is missing.
    """
    assets: dict[str, Path] = {}
    made_by = dict(estimator(name).versions(settings))
    for wanted in estimator(name).wanted_assets(settings):
        own = own_file(wanted)
        assets[wanted] = path_of(wanted) if own is None else own_path(own)
        known = asset(wanted).sha256 if own is None else own_sha256(assets[wanted])
        made_by[wanted] = f"{assets[wanted].name} sha256 {known}"
    return assets, made_by


def _choices(options: EstimateOptions) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """The complete settings, what the run is called and what should be known."""
    spec = estimator(options.estimator).SPEC
    settings = checked_settings(options)
    if spec.id != "blazepose":
        return settings, spec.label, ()
    chosen = choose_blazepose(str(settings["model"]))
    settings["model"] = chosen.model
    warnings = (chosen.note,) if chosen.note else ()
    return settings, f"{spec.label} {chosen.model}", warnings


def checked_settings(options: EstimateOptions) -> dict[str, Any]:
    """The estimator's settings with defaults, as asked.

    Raises:
        StudioError: If a name or a value is none of the estimator's.
    """
    given = dict(options.settings)
    if options.max_people is not None:
        given["max_people"] = options.max_people
    try:
        return validated_options(estimator(options.estimator).SPEC.options, given)
    except ValueError as error:
        raise StudioError(str(error), fix="see hpe-studio estimate --help") from None


def find_in_shot(
    footage: Footage, plan: RunPlan, shot: tuple[int, int]
) -> Job[tuple[list[Tracklet], tuple[str, ...]]]:
    """Everybody seen in a shot, followed through it, and what was said on the way."""
    found, said = yield from scaled(
        detect_in_shot(footage, plan, shot), start=0.0, share=_FOUND_SHARE
    )
    tracklets = yield from scaled(
        _track(found, shot, footage.clip, plan),
        start=_FOUND_SHARE,
        share=1.0 - _FOUND_SHARE,
    )
    return tracklets, said


def found_before(
    footage: Footage, plan: RunPlan, shot: tuple[int, int]
) -> Job[list[Tracklet]]:
    """Who was seen in a shot that an earlier run finished, in the same order."""
    found = yield from _track(plan.store.load(*shot), shot, footage.clip, plan)
    return found


def shots_within(
    frames: tuple[int, int] | None, ranges: Sequence[tuple[int, int]], clip: Clip
) -> list[tuple[int, int]]:
    """The parts of the shots that lie in the frames asked for.

    Raises:
        StudioError: If no frame of the clip is asked for.
    """
    start, stop = _bounded(frames, clip)
    return [(max(a, start), min(b, stop)) for a, b in ranges if a < stop and b > start]


def detect_in_shot(
    footage: Footage, plan: RunPlan, shot: tuple[int, int]
) -> Job[tuple[list[FrameDetections], tuple[str, ...]]]:
    """Detections of a shot in order, and what the estimator had to say.

    Frames of an earlier run are not redone; nothing is followed across a cut.
    """
    start, stop = shot
    found = {d.frame: d for d in plan.store.load(start, stop)}
    said: dict[str, None] = {}
    for low, high in _missing_runs(found, start, stop):
        for item in _kept(plan.store, _detections(footage, plan, low, high)):
            if isinstance(item, Progress):
                if item.text not in ("", _FINDING):
                    said[item.text] = None
                yield Progress(done=len(found), total=stop - start, text=_FINDING)
                continue
            found[item.frame] = item
            yield Progress(
                done=len(found), total=stop - start, text=_FINDING, partial=item
            )
    return [found[frame] for frame in sorted(found)], tuple(said)


def _detections(
    footage: Footage, plan: RunPlan, start: int, stop: int
) -> Generator[FrameDetections | Progress]:
    return estimator(plan.estimator).detect(
        footage,
        start=start,
        stop=stop,
        assets=plan.assets,
        options=plan.settings,
        workers=plan.workers,
    )


def _kept(
    store: RunStore, stream: Generator[FrameDetections | Progress]
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
        stream.close()
        store.add(waiting)


def _track(
    found: list[FrameDetections], shot: tuple[int, int], clip: Clip, plan: RunPlan
) -> Job[list[Tracklet]]:
    yield Progress(done=0, total=1, text="Telling people apart")
    if not found:
        return []
    tracklets = yield from track_shot(
        found,
        start=shot[0],
        stop=shot[1],
        size_px=clip.size_px,
        times_s=clip.times_s,
        landmarks=plan.landmark_set,
        options=_BODIES if plan.has_bodies else None,
    )
    return _most_present(tracklets, plan.max_people)


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


def _bounded(frames: tuple[int, int] | None, clip: Clip) -> tuple[int, int]:
    """The range asked for within the clip.

    Raises:
        StudioError: If no frame of the clip lies in it.
    """
    count = clip.frame_count
    start, stop = (0, count) if frames is None else frames
    start, stop = max(0, start), min(count, stop)
    if start >= stop:
        raise StudioError(
            f"the clip has only {count} frames", fix=f"choose some within 0:{count}"
        )
    return start, stop
