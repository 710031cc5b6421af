"""What a detector says: who, when, which joints, how bad, in words people use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hpe_studio.core.specs import Option

if TYPE_CHECKING:
    from hpe_studio.quality.evidence import ShotEvidence

Level = Literal["high", "medium", "low"]
Scope = Literal["person", "pair"]

_HIGH, _MEDIUM = 0.66, 0.33


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One problem.

    Attributes:
        kind: The detector ("truncated").
        person_id: Whom it is about.
        track_id: On which of the person's tracks.
        start, stop: Half-open range of clip frames.
        joints: Joints concerned, increasing; () for the whole body.
        severity: 0 (hardly worth a look) to 1 (ruins the shot).
        title: A few words ("Legs outside the frame").
        cause: A few more ("76 frames, filled from neighbours").
        other_person_id: The other one of two, or None.
    """

    kind: str
    person_id: int
    track_id: int
    start: int
    stop: int
    joints: tuple[int, ...] = field(default=())
    severity: float = 0.5
    title: str = ""
    cause: str = ""
    other_person_id: int | None = None

    @property
    def level(self) -> Level:
        """The severity in three steps."""
        if self.severity >= _HIGH:
            return "high"
        return "medium" if self.severity >= _MEDIUM else "low"

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return self.stop - self.start

    @property
    def person_ids(self) -> tuple[int, ...]:
        """Whom it is about: one, or two."""
        other = self.other_person_id
        return (self.person_id,) if other is None else (self.person_id, other)

    @property
    def key(self) -> tuple[str, int, int, tuple[int, ...]]:
        """What tells it from others of one check."""
        return (self.kind, self.person_id, self.start, self.joints)

    def overlap(self, start: int, stop: int) -> int:
        """Number of frames it shares with a range."""
        return max(0, min(self.stop, stop) - max(self.start, start))


@dataclass(frozen=True, kw_only=True, slots=True)
class DetectorSpec:
    """A kind of problem (see `Detector`).

    Attributes:
        id: Name in decisions and scripts ("truncated").
        label: What the filter in the window calls it ("Outside the frame").
        icon: Name of a line icon.
        options: Thresholds; `Option.unit` says in what.
        scope: "person" where it looks at each person alone, "pair" at each two; it
            says what has to be checked again after an edit.
        reach: How many frames beside an edited one it may judge otherwise; None where
            it compares with the whole track.
    """

    id: str
    label: str
    icon: str
    options: tuple[Option, ...] = ()
    scope: Scope = "person"
    reach: int | None = None


class Detector(Protocol):
    """What a module in `quality/` offers that stands in the catalogue."""

    SPEC: DetectorSpec

    def detect(
        self, shot: ShotEvidence, options: Mapping[str, Any]
    ) -> Iterable[Finding]:
        """Everything of its kind in one shot.

        Args:
            shot: The people of the shot.
            options: A value for each of the SPEC's options.
        """
        ...
