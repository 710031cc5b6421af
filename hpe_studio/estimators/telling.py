"""What the worker processes answer, as a stream that can be stopped at any time."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing

from hpe_studio.core.jobs import Progress
from hpe_studio.core.observations import FrameDetections
from hpe_studio.workers.frames import FrameAnswer

FINDING = "Finding people"
_PROGRESS_S = 0.2


def told(
    work: Generator[FrameAnswer | None],
    detections_of: Callable[[FrameAnswer], FrameDetections],
    *,
    total: int,
) -> Generator[FrameDetections | Progress]:
    """The people of each answer, and progress in between, also while nothing comes.

    Args:
        work: From `workers.frames.work_through`; it is closed, and its processes end,
            before this ends.
        detections_of: Makes people of an answer without a problem.
        total: Number of frames.
    """
    said_s, done = -_PROGRESS_S, 0
    with closing(work) as answers:
        for answer in answers:
            text = FINDING
            if answer is not None:
                done += 1
                if answer.problem:
                    text = f"Frame {answer.frame} was left out: {answer.problem}"
                else:
                    yield detections_of(answer)
            if text != FINDING or time.monotonic() - said_s > _PROGRESS_S:
                said_s = time.monotonic()
                yield Progress(done=done, total=total, text=text)
