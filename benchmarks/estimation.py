"""Estimation against the same network calls alone, on the same cores, in one run.

Footage is decoded, two people are found and read by the heavy model in two processes.
Between the first answer of the slower process and the last answer of the faster one,
all calls of the networks are counted; then two bare processes repeat exactly these
calls. The ratio says how much of the time the networks themselves account for. The
second ratio adds telling people apart and fitting their bodies, which a run does after
the networks, on the same cores.
"""

from __future__ import annotations

import statistics
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hpe_studio import assets
from hpe_studio.body import open_body
from hpe_studio.core.camera import default_camera
from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.specs import validated_options
from hpe_studio.estimators import blazepose
from hpe_studio.media.footage import Footage, open_footage
from hpe_studio.motion.fitting import warm_up
from hpe_studio.tracking.track import track_shot
from hpe_studio.workers.host import Worker
from hpe_studio.workflow.fit_people import fit_people

_FRAMES = (45, 121)
"""Of the sample clip; two people are visible throughout."""
_PROCESSES = 2
_ROUNDS = 3
_REPLAY = Path(__file__).with_name("_replay_networks.py")

Calls = list[list[Any]]


def run() -> dict[str, dict[str, Any]]:
    """Ratios of replayed to whole time: 1 would be no cost beside the networks."""
    warm_up(open_body().joint_model)
    models = {
        "movenet": str(assets.path_of("movenet_multipose")),
        "blazepose": str(assets.path_of("blazepose_heavy")),
    }
    footage = open_footage(assets.path_of("sample_clip"))
    replayers = [Worker(_REPLAY, models) for _ in range(_PROCESSES)]
    try:
        rounds = [_round(footage, models, replayers) for _ in range(_ROUNDS)]
    finally:
        footage.close()
        for worker in replayers:
            worker.close()
    people = statistics.mean(r.people for r in rounds)
    detect = ", ".join(f"{r.alone_s:.1f}/{r.whole_s:.1f} s" for r in rounds)
    fitted = ", ".join(f"{r.fit_s:.2f} s" for r in rounds)
    return {
        "estimation_detect": {
            "ratio": statistics.median(r.alone_s / r.whole_s for r in rounds),
            "limit": 0.85,
            "better": "higher",
            "unit": "x",
            "detail": (
                f"heavy, {people:.1f} people per frame, {_PROCESSES} processes, "
                f"networks alone / whole: {detect}"
            ),
        },
        "estimation_with_fit": {
            "ratio": statistics.median(
                r.alone_s / (r.whole_s + r.fit_s) for r in rounds
            ),
            "limit": 0.75,
            "better": "higher",
            "unit": "x",
            "detail": f"the same, and tracking and fitting: {fitted}",
        },
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Round:
    """Seconds of the whole, its network calls alone, and the fit; people a frame."""

    whole_s: float
    alone_s: float
    fit_s: float
    people: float


def _round(footage: Footage, models: dict[str, str], replayers: list[Worker]) -> _Round:
    found: list[FrameDetections] = []
    whole_s, calls, people, share = _whole(footage, models, found)
    return _Round(
        whole_s=whole_s,
        alone_s=_alone(calls, replayers),
        fit_s=_fit_s(footage, found) * share,
        people=people,
    )


def _fit_s(footage: Footage, found: list[FrameDetections]) -> float:
    """Seconds for tracking and fitting everybody found."""
    clip = footage.clip
    begin_s = time.perf_counter()
    tracklets = run_job(
        track_shot(
            found,
            start=_FRAMES[0],
            stop=_FRAMES[1],
            size_px=clip.size_px,
            times_s=clip.times_s,
        )
    )
    camera = default_camera(clip.size_px)
    run_job(
        fit_people(
            [(t, camera) for t in tracklets],
            open_body().joint_model,
            landmark_name="mediapipe33",
            clip=clip,
            threads=_PROCESSES,
        )
    )
    return time.perf_counter() - begin_s


def _whole(
    footage: Footage, models: dict[str, str], found: list[FrameDetections]
) -> tuple[float, Calls, float, float]:
    """Seconds, calls and people within the window, and its share of all frames."""
    heard: list[tuple[float, dict[str, Any]]] = []
    for answer in blazepose.replies(
        footage,
        start=_FRAMES[0],
        stop=_FRAMES[1],
        movenet=Path(models["movenet"]),
        blazepose=Path(models["blazepose"]),
        values=validated_options(blazepose.SPEC.options, {}),
        workers=_PROCESSES,
    ):
        if answer is None:
            continue
        found.append(blazepose.detections_of(answer, footage.size_px))
        heard.append((time.perf_counter(), answer.message))
    processes = {message["process"] for _, message in heard}
    times = {p: [t for t, m in heard if m["process"] == p] for p in processes}
    begin_s = max(ts[0] for ts in times.values())
    end_s = min(ts[-1] for ts in times.values())
    window = [m for t, m in heard if begin_s < t <= end_s]
    calls = sorted((call for m in window for call in m["calls"]), key=str)
    people = statistics.mean(len(m["hints"]) for m in window)
    return end_s - begin_s, calls, people, len(window) / len(heard)


def _alone(calls: Calls, replayers: list[Worker]) -> float:
    """Seconds for the calls, dealt out evenly to processes that do nothing else."""
    seconds: list[float] = []

    def replay(worker: Worker, share: Calls) -> None:
        reply, _ = worker.request({"calls": share}, timeout_s=600.0)
        seconds.append(reply["seconds"])

    threads = [
        threading.Thread(target=replay, args=(worker, calls[i :: len(replayers)]))
        for i, worker in enumerate(replayers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return max(seconds)
