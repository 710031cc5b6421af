"""Finding cuts and putting them into a document."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

import hpe_studio
from hpe_studio.core.clip import Shot
from hpe_studio.core.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hpe_studio.core.document import Document
    from hpe_studio.media.footage import Footage
    from hpe_studio.media.shots import ShotsFound

Result = TypeVar("Result")

_REST_S = 0.02


def shots_of(footage: Footage) -> Job[ShotsFound]:
    """The clip's shots, in order, covering every frame, and their dissolves.

    A search that was stopped goes on where it was.
    """
    from hpe_studio.assets import data_folder
    from hpe_studio.media.shots import find_shots
    from hpe_studio.media.shotstore import SignalStore
    from hpe_studio.storage.run_store import run_store_name

    name = run_store_name("cuts", hpe_studio.__version__, footage.clip.fingerprint)
    store = SignalStore((data_folder() / "runs" / name).with_suffix(".cuts"))
    found = yield from find_shots(footage, store)
    return found


def giving_way(job: Job[Result], is_busy: Callable[[], bool]) -> Job[Result]:
    """A job that rests while something more urgent is going on.

    Args:
        job: The job.
        is_busy: Asked between its steps; it can be cancelled while it rests.
    """
    try:
        while True:
            progress = next(job)
            yield progress
            while is_busy():
                time.sleep(_REST_S)
                yield progress
    except StopIteration as stop:
        return stop.value
    finally:
        job.close()


def apply_shots(document: Document, found: ShotsFound) -> None:
    """Put found cuts into a document that has none yet, as one edit."""
    with document.edit("Find cuts") as edit:
        for shot in document.shots or ():
            edit.remove(shot)
        for shot in new_shots(document, found.ranges, found.dissolves):
            edit.put(shot)


def new_shots(
    document: Document,
    ranges: Sequence[tuple[int, int]],
    dissolves: Mapping[int, int],
) -> Iterator[Shot]:
    """Shots to put into a document that has none.

    Args:
        document: Gives ids.
        ranges: Half-open frame ranges.
        dissolves: Length of the dissolve by first frame; none elsewhere.
    """
    for start, stop in ranges:
        length = dissolves.get(start, 0)
        yield Shot(id=document.new_id(), start=start, stop=stop, dissolve=length)
