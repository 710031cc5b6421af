"""People found and followed, shot by shot; a stopped run goes on where it was."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hpe_studio.assets import asset, choose_blazepose, data_folder, path_of
from hpe_studio.catalogue import estimator
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, Progress, core_count, scaled
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.core.specs import validated_options
from hpe_studio.storage.run_store import RunStore, open_run_store, run_store_name
from hpe_studio.tracking.shots import link_across_shots
from hpe_studio.tracking.track import track_shot
from hpe_studio.workflow.run_options import EstimateOptions

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

_FOUND_SHARE = 0.97
_STORE_EVERY = 16
_FINDING = "Finding people"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RunPlan:
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


def plan_run(options: EstimateOptions, clip: Clip) -> RunPlan:
    """Check what was asked and look for the model files, before any work.

    Raises:
        StudioError: If a setting does not fit or a model file is missing.
    """
    spec = estimator(options.estimator).SPEC
    settings = checked_settings(options)
    _bounded(options.frames, clip)
    name, warnings = spec.label, ()
    if "model" in settings:
        chosen = choose_blazepose(str(settings["model"]))
        settings["model"] = chosen.model
        name = f"{spec.label} {chosen.model}"
        warnings = (chosen.note,) if chosen.note else ()
    wanted = [a for a in spec.assets if _is_wanted(a, options.estimator, settings)]
    key = run_store_name(clip.fingerprint, options.estimator, sorted(settings.items()))
    return RunPlan(
        estimator=options.estimator,
        name=name,
        landmark_set=spec.landmark_set,
        settings=settings,
        assets={name: path_of(name) for name in wanted},
        models={name: f"sha256 {asset(name).sha256}" for name in wanted},
        warnings=warnings,
        workers=options.workers or core_count(),
        max_people=options.max_people,
        store=open_run_store(data_folder() / "runs", key),
    )


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


def _is_wanted(name: str, estimator_id: str, settings: Mapping[str, Any]) -> bool:
    """True unless the asset is one of the estimator's other models."""
    is_model = "model" in settings and name.startswith(estimator_id)
    return not is_model or name.endswith(str(settings["model"]))


def find_people(
    footage: Footage,
    plan: RunPlan,
    ranges: Sequence[tuple[int, int]],
    frames: tuple[int, int] | None,
) -> Job[tuple[list[list[Tracklet]], tuple[str, ...]]]:
    """Everybody seen in the frames asked for, shot by shot, and what was said."""
    start, stop = _bounded(frames, footage.clip)
    inside = [
        (max(a, start), min(b, stop)) for a, b in ranges if a < stop and b > start
    ]
    found, said = yield from scaled(
        _detect(footage, plan, inside),
        start=0.0,
        share=_FOUND_SHARE,
    )
    per_shot = yield from scaled(
        _track(found, inside, footage.clip, plan),
        start=_FOUND_SHARE,
        share=1.0 - _FOUND_SHARE,
    )
    return per_shot, said


def _detect(
    footage: Footage, plan: RunPlan, ranges: Sequence[tuple[int, int]]
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
    footage: Footage, plan: RunPlan, start: int, stop: int
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
    plan: RunPlan,
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


def linked(per_shot: Sequence[Sequence[Tracklet]]) -> list[int]:
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
