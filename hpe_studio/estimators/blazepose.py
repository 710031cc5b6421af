"""The embedded estimator: MoveNet finds people, BlazePose reads each in 2D and 3D."""

from __future__ import annotations

import itertools
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, BoolArray, FloatArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Progress
from hpe_studio.core.observations import Detection, FrameDetections, FrameSource
from hpe_studio.core.specs import EstimatorSpec, Option, validated_options
from hpe_studio.estimators.telling import told
from hpe_studio.estimators.versions import versions_in
from hpe_studio.workers.frames import FrameAnswer, work_through
from hpe_studio.workers.host import Worker

SPEC = EstimatorSpec(
    id="blazepose",
    label="BlazePose",
    landmark_set="mediapipe33",
    assets=("movenet_multipose", "blazepose_heavy", "blazepose_full"),
    options=(
        Option(
            name="model",
            kind="choice",
            default="heavy",
            choices=("heavy", "full"),
            help="Heavy is the most accurate, full is three times as fast",
        ),
        Option(
            name="max_people",
            kind="int",
            default=12,
            minimum=1,
            maximum=64,
            help="At most so many people at once, the largest first",
        ),
        Option(
            name="detector_interval",
            kind="int",
            default=5,
            minimum=1,
            maximum=60,
            unit="frames",
            help="Look for new people every so many frames",
        ),
        Option(
            name="detector_size",
            kind="int",
            default=512,
            minimum=128,
            maximum=1280,
            unit="px",
            help="Size of the picture in which people are looked for",
        ),
        Option(
            name="tiles",
            kind="choice",
            default="auto",
            choices=("auto", "on", "off"),
            help="Look for small people in overlapping parts of the picture",
        ),
        Option(
            name="min_score",
            kind="float",
            default=0.5,
            minimum=0.05,
            maximum=0.99,
            help="Trust in a person below which it is dropped",
        ),
    ),
)

_SCRIPT = Path(__file__).with_name("blazepose_net") / "serve.py"
_SEEN = 0.3
_HINTS_PER_PROCESS = 1_000_000


def wanted_assets(settings: Mapping[str, Any]) -> tuple[str, ...]:
    """The files that a run with these settings needs."""
    return "movenet_multipose", f"blazepose_{settings['model']}"


def versions(settings: Mapping[str, Any]) -> Mapping[str, str]:  # noqa: ARG001
    """What a run is made by."""
    return versions_in(None, ("ai-edge-litert", "numpy"))


def detect(
    frames: FrameSource,
    *,
    start: int,
    stop: int,
    assets: Mapping[str, Path],
    options: Mapping[str, Any],
    workers: int,
) -> Generator[FrameDetections | Progress]:
    """The people of the frames [start, stop) (see `core.specs.Estimator`).

    A person's `hint_id` is the same from frame to frame as long as it could be
    followed; it means nothing beyond one call.

    Args:
        frames: The clip.
        start: First frame.
        stop: One past the last frame.
        assets: Paths of the model files by asset name.
        options: Settings of `SPEC`.
        workers: Processes to run, each with its own copy of the networks.

    Yields:
        Each decodable frame once, in any order, and progress in between.

    Raises:
        StudioError: If a model file is missing or the networks cannot run.
    """
    values = validated_options(SPEC.options, options)
    model, notice = _model(assets, values["model"])
    if notice:
        yield Progress(done=0, total=stop - start, text=notice)

    def people(answer: FrameAnswer) -> FrameDetections:
        return detections_of(answer, frames.size_px)

    work = replies(
        frames,
        start=start,
        stop=stop,
        movenet=model_asset(assets, "movenet_multipose"),
        blazepose=model,
        values=values,
        workers=workers,
    )
    yield from told(work, people, total=stop - start)


def replies(
    frames: FrameSource,
    *,
    start: int,
    stop: int,
    movenet: Path,
    blazepose: Path,
    values: Mapping[str, Any],
    workers: int,
) -> Generator[FrameAnswer | None]:
    """What the worker processes say, with the networks they ran (for measuring).

    Each reply's message holds `hints`, `calls` (("movenet", height, width) or
    ("blazepose",) per run) and `process`, a number per process; its arrays are those
    of `blazepose_net.serve.packed`.
    """
    settings = {key: value for key, value in values.items() if key != "model"} | {
        "movenet": str(movenet),
        "blazepose": str(blazepose),
        "pixel_aspect": pixel_aspect(frames),
    }
    processes = itertools.count()

    def make_worker(shared_size: int) -> Worker:
        first_hint = next(processes) * _HINTS_PER_PROCESS
        return Worker(
            _SCRIPT,
            settings | {"first_hint": first_hint},
            shared_size=shared_size,
            name="The pose estimator",
        )

    return work_through(frames, make_worker, start=start, stop=stop, workers=workers)


def pixel_aspect(frames: FrameSource) -> float:
    """Width of a stored pixel over its height; 1 where the source does not say."""
    clip = getattr(frames, "clip", None)
    return clip.pixel_aspect if isinstance(clip, Clip) else 1.0


def _model(assets: Mapping[str, Path], wanted: str) -> tuple[Path, str]:
    """The model file, and a sentence when it is not the wanted one."""
    path = assets.get(f"blazepose_{wanted}")
    if path is not None and path.is_file():
        return path, ""
    if wanted == "heavy" and "blazepose_full" in assets:
        notice = "The heavy model is not here; using the full one, which is less exact"
        return model_asset(assets, "blazepose_full"), notice
    return model_asset(assets, f"blazepose_{wanted}"), ""


def model_asset(assets: Mapping[str, Path], name: str) -> Path:
    """The path of a model file.

    Raises:
        StudioError: If it is not there.
    """
    path = assets.get(name)
    if path is None or not path.is_file():
        raise StudioError(
            f"the model file {name} is missing",
            path=path,
            fix=f"fetch it with: hpe-studio assets fetch {name}",
        )
    return path


def detections_of(answer: FrameAnswer, size_px: tuple[int, int]) -> FrameDetections:
    """The people a worker's reply tells of."""
    scores, points_px, confidence, points_m, colours = answer.arrays
    hints: list[int] = answer.message["hints"]
    return FrameDetections(
        frame=answer.frame,
        detections=tuple(
            Detection(
                score=float(scores[i]),
                points_px=points_px[i],
                confidence=confidence[i],
                points_m=points_m[i],
                box_px=_box(points_px[i], confidence[i], size_px),
                appearance=colours[i],
                hint_id=hints[i],
            )
            for i in range(len(hints))
        ),
    )


def _box(
    points_px: AnyArray, confidence: AnyArray, size_px: tuple[int, int]
) -> FloatArray:
    """Box of the points that are seen, within the picture."""
    seen: BoolArray = confidence > _SEEN
    chosen = points_px[seen] if seen.any() else points_px[confidence > 0]
    corners = np.stack([chosen.min(axis=0), chosen.max(axis=0)])
    return np.clip(corners, 0, np.array(size_px) - 1).reshape(4).astype(np.float32)
