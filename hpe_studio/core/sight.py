"""What was in sight while frames were edited: nothing of the truth, or the truth.

A number that got better by edits means something else where whoever edited saw how
far off they were. So each step of the history says it, and keeps saying it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from hpe_studio.core.changes import ChangeSet
from hpe_studio.core.touched import touched

if TYPE_CHECKING:
    from hpe_studio.core.document import Document

Sight = Literal["blind", "truth in sight"]
"""How frames were edited."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """Frames of a track that an edit reached.

    Attributes:
        track_id: The track, which may be gone since.
        start, stop: Half-open range of clip frames.
    """

    track_id: int
    start: int
    stop: int


def reach_of(document: Document, change: ChangeSet) -> tuple[Reach, ...]:
    """The frames that an edit reached."""
    return tuple(
        Reach(
            track_id=track.id,
            start=track.start if frames is None else max(frames[0], track.start),
            stop=track.stop if frames is None else min(frames[1], track.stop),
        )
        for track, frames in touched(document, change)
    )


def frames_in_sight(
    document: Document, person_id: int, frames: Collection[int]
) -> frozenset[int]:
    """Which of a person's frames an edit reached with the truth in sight.

    An edit whose track is gone counts for everybody: rather too many than too few.

    Args:
        document: Whose history.
        person_id: The person.
        frames: Clip frames that were edited.
    """
    mine = {track.id for track in document.tracks_of(person_id)}
    found: set[int] = set()
    for reaches in document.history.done_in_sight().values():
        for reach in reaches:
            if reach.track_id in mine or reach.track_id not in document.tracks:
                found |= {f for f in frames if reach.start <= f < reach.stop}
    return frozenset(found)
