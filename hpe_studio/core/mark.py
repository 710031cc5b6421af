"""What a person says about a range of a track, beside its motion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MarkKind = Literal["outside", "occluded", "contact", "accent"]

Verdict = Literal["fixed", "ignored", "left out", "repaired"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Joints of a track over a range of frames are so.

    Attributes:
        id: Unique within the document.
        track_id: The track.
        kind: "outside" (beyond the picture), "occluded" (hidden behind something),
            "contact" (the foot stands: ankle for the heel, foot for the toes),
            "accent" (a fast movement that smoothing leaves alone).
        joints: Joint indices, increasing.
        start, stop: Half-open range of clip frames.
    """

    id: int
    track_id: int
    kind: MarkKind
    joints: tuple[int, ...]
    start: int
    stop: int

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a person decided about a problem that was found.

    It speaks of every finding of that kind about that person whose range it covers by
    half or more, so that it still holds when the finding is computed again.

    Attributes:
        id: Unique within the document.
        kind: The detector ("truncated").
        person_id: Whom it is about.
        joints: The joints it is about; () for any.
        start, stop: Half-open range of clip frames.
        verdict: "fixed" or "ignored", "left out" (of metrics and export), or
            "repaired": a repair was made, and holds as far as the problem is gone.
    """

    id: int
    kind: str
    person_id: int
    joints: tuple[int, ...] = ()
    start: int = 0
    stop: int = 0
    verdict: Verdict = "ignored"

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id
