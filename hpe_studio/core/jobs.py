"""Long work as generators: a job yields `Progress`, and cancel is checked between."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

from hpe_studio.core.errors import CancelledByUser

Result = TypeVar("Result")


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a job is.

    Attributes:
        done: Units finished so far.
        total: Units in all; 0 when not known yet.
        text: What is being done, in a person's words ("Finding people").
        partial: A piece of the result that can be shown already, or None.
    """

    done: float
    total: float
    text: str = ""
    partial: object | None = None

    @property
    def fraction(self) -> float | None:
        """Share finished, 0 to 1, or None when the total is not known."""
        return min(1.0, self.done / self.total) if self.total > 0 else None


Job = Generator[Progress, None, Result]
"""A generator that yields `Progress` and returns its result."""


def run_job(
    job: Job[Result],
    *,
    on_progress: Callable[[Progress], None] | None = None,
    is_cancelled: Callable[[], bool] | None = None,
) -> Result:
    """Run a job to its end in this thread and return its result.

    Raises:
        CancelledByUser: If `is_cancelled` became true; the generator is closed first,
            so its `finally` blocks have run.
    """
    try:
        while True:
            progress = next(job)
            if on_progress is not None:
                on_progress(progress)
            if is_cancelled is not None and is_cancelled():
                raise CancelledByUser
    except StopIteration as stop:
        return stop.value
    finally:
        job.close()


def scaled(
    job: Job[Result], *, start: float, share: float, text: str = ""
) -> Job[Result]:
    """Pass a sub-job's progress on as a part [start, start + share] of a whole of 1."""
    try:
        while True:
            progress = next(job)
            yield Progress(
                done=start + share * (progress.fraction or 0.0),
                total=1.0,
                text=text or progress.text,
                partial=progress.partial,
            )
    except StopIteration as stop:
        return stop.value
    finally:
        job.close()


class TimeLeft:
    """Estimates the seconds a job still needs from how it went so far."""

    def __init__(self) -> None:
        self._start_s = time.monotonic()

    def seconds(self, fraction: float | None) -> float | None:
        """Seconds left, or None before one percent is done."""
        if fraction is None or fraction < 0.01:
            return None
        elapsed_s = time.monotonic() - self._start_s
        return elapsed_s * (1.0 - fraction) / fraction


def core_count() -> int:
    """Processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return max(1, os.cpu_count() or 1)
