"""Estimation against the same network calls alone, on the same cores, in one run.

Footage is decoded, two people are found and read by the heavy model in two processes.
Between the first answer of the slower process and the last answer of the faster one,
all calls of the networks are counted; then two bare processes repeat exactly these
calls. The ratio says how much of the time the networks themselves account for.
"""

from __future__ import annotations

import statistics
import threading
import time
from pathlib import Path
from typing import Any

from hpe_studio import assets
from hpe_studio.core.specs import validated_options
from hpe_studio.estimators import blazepose
from hpe_studio.media.footage import Footage, open_footage
from hpe_studio.workers.host import Worker

_FRAMES = (45, 121)
"""Of the sample clip; two people are visible throughout."""
_PROCESSES = 2
_ROUNDS = 3
_REPLAY = Path(__file__).with_name("_replay_networks.py")

Calls = list[list[Any]]


def run() -> dict[str, dict[str, Any]]:
    """The ratio of replayed to whole time: 1 would be no cost beside the networks."""
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
    ratio = statistics.median(alone / whole for whole, alone, _ in rounds)
    people = statistics.mean(seen for _, _, seen in rounds)
    spread = ", ".join(f"{alone:.1f}/{whole:.1f} s" for whole, alone, _ in rounds)
    return {
        "estimation_detect": {
            "ratio": ratio,
            "limit": 0.85,
            "better": "higher",
            "unit": "x",
            "detail": (
                f"heavy, {people:.1f} people per frame, {_PROCESSES} processes, "
                f"networks alone / whole: {spread}"
            ),
        }
    }


def _round(
    footage: Footage, models: dict[str, str], replayers: list[Worker]
) -> tuple[float, float, float]:
    """Seconds of the whole, seconds of its network calls alone, people per frame."""
    whole_s, calls, people = _whole(footage, models)
    return whole_s, _alone(calls, replayers), people


def _whole(footage: Footage, models: dict[str, str]) -> tuple[float, Calls, float]:
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
        blazepose.detections_of(answer, footage.size_px)
        heard.append((time.perf_counter(), answer.message))
    processes = {message["process"] for _, message in heard}
    times = {p: [t for t, m in heard if m["process"] == p] for p in processes}
    begin_s = max(ts[0] for ts in times.values())
    end_s = min(ts[-1] for ts in times.values())
    window = [m for t, m in heard if begin_s < t <= end_s]
    calls = sorted((call for m in window for call in m["calls"]), key=str)
    people = statistics.mean(len(m["hints"]) for m in window)
    return end_s - begin_s, calls, people


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
