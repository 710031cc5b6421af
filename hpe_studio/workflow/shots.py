"""Finding cuts and putting them into a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hpe_studio.core.clip import Shot
from hpe_studio.core.jobs import Job

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hpe_studio.core.document import Document
    from hpe_studio.media.footage import Footage


def shot_ranges(footage: Footage) -> Job[tuple[tuple[int, int], ...]]:
    """Half-open ranges of the clip's shots, in order, covering every frame."""
    from hpe_studio.media.shots import find_shots

    found = yield from find_shots(footage)
    return found


def apply_shots(document: Document, ranges: Sequence[tuple[int, int]]) -> None:
    """Put found cuts into a document that has none yet, as one edit."""
    with document.edit("Find cuts") as edit:
        for shot in document.shots or ():
            edit.remove(shot)
        for start, stop in ranges:
            edit.put(Shot(id=document.new_id(), start=start, stop=stop))
