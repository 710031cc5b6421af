"""What edits changed: two comparisons of the same people, before and after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.metrics.comparison import Comparison
from hpe_studio.metrics.pairing import NOBODY

_MOVED_M = 1e-6


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Effect:
    """Error before and after, on edited frames and overall.

    Attributes:
        edited: Frames on which a person was edited, (F, G).
        in_sight: Of them those that were edited with the truth in sight, (F, G).
        edited_frames: Frames on which anybody was edited.
        before, after: Error on edited frames that both measure, in `unit`; NaN for
            none.
        overall_before, overall_after: The protocol's number over everything.
        found, lost: Person-frames that only one of the two has.
        unit: Of the errors.
    """

    edited: BoolArray
    in_sight: BoolArray
    edited_frames: int
    before: float
    after: float
    overall_before: float
    overall_after: float
    found: int
    lost: int
    unit: str

    @property
    def sight(self) -> str:
        """Whether the truth was on screen, as people read it."""
        seen, every = int(self.in_sight.sum()), int(self.edited.sum())
        if not every:
            return "nothing edited"
        if not seen:
            return "edited blind"
        if seen == every:
            return "edited with truth in sight"
        frames = int(self.in_sight.any(1).sum())
        return f"edited with truth in sight on {frames} of {self.edited_frames} frames"

    @property
    def sentence(self) -> str:
        """The whole of it in a line."""
        if not self.edited_frames:
            return "nothing edited"
        frames = "frame" if self.edited_frames == 1 else "frames"
        parts = [
            f"{_number(self.before)} → {_number(self.after)} {self.unit} on "
            f"{self.edited_frames} edited {frames}",
            f"{_number(self.overall_before)} → {_number(self.overall_after)} "
            f"{self.unit} overall",
            self.sight,
        ]
        if self.found:
            parts.insert(2, f"{self.found} more found")
        if self.lost:
            parts.insert(2, f"{self.lost} lost")
        return ", ".join(parts)


def effect(
    before: Comparison,
    after: Comparison,
    in_sight: BoolArray | None = None,
    edited: BoolArray | None = None,
) -> Effect:
    """What edits changed.

    Args:
        before: The result before the edits.
        after: The same people after them, on the same frames, by the same protocol.
        in_sight: Frames edited with the truth on screen, by predicted person, (F, P)
            of `after`; None means: never.
        edited: Frames a person edited, (F, P) of `after`; None counts everything that
            lies elsewhere than before.

    Raises:
        ValueError: If the two do not compare the same people on the same frames.
    """
    same_frames = np.array_equal(before.frames, after.frames)
    same_people = (before.people, before.joints) == (after.people, after.joints)
    if not (same_frames and same_people):
        raise ValueError("before and after are not of the same people and frames")
    moved = _moved(before, after)
    if edited is not None:
        moved &= edited
    edited = _by_truth(moved, after) | _by_truth_of(moved, before, after)
    seen = np.zeros_like(moved) if in_sight is None else in_sight & moved
    both = (
        edited & np.isfinite(before.frame_errors_m) & np.isfinite(after.frame_errors_m)
    )
    per_m = after.protocol.per_m
    return Effect(
        edited=edited,
        in_sight=_by_truth(seen, after) & edited,
        edited_frames=int(moved.any(1).sum()),
        before=_mean(before.frame_errors_m[both]) * per_m,
        after=_mean(after.frame_errors_m[both]) * per_m,
        overall_before=before.error.value,
        overall_after=after.error.value,
        found=int((before.missed & (after.matches != NOBODY)).sum()),
        lost=int((after.missed & (before.matches != NOBODY)).sum()),
        unit=after.protocol.unit,
    )


def _moved(before: Comparison, after: Comparison) -> BoolArray:
    """Predicted people who are elsewhere than before, (F, P) of `after`."""
    place = {name: i for i, name in enumerate(before.predicted)}
    out = np.zeros((len(after.frames), len(after.predicted)), dtype=np.bool_)
    for i, name in enumerate(after.predicted):
        now = after.predicted_m.along(i)
        was = before.predicted_m.along(place[name]) if name in place else np.nan * now
        known = np.isfinite(now), np.isfinite(was)
        apart = np.abs(now - was) > _MOVED_M
        out[:, i] = (apart | (known[0] != known[1])).any((-1, -2))
    return out


def _by_truth(values: BoolArray, comparison: Comparison) -> BoolArray:
    """Flags of predictions as flags of the true people they are, (F, G)."""
    rows = np.arange(len(values))[:, None]
    found = values[rows, np.maximum(comparison.matches, 0)]
    return found & (comparison.matches != NOBODY)


def _by_truth_of(moved: BoolArray, before: Comparison, after: Comparison) -> BoolArray:
    """Who was moved by those who were them before, where people have the same order."""
    if before.predicted != after.predicted:
        return np.zeros_like(after.present)
    return _by_truth(moved, before)


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _number(value: float) -> str:
    if not np.isfinite(value):
        return "–"
    return f"{value:.0f}" if abs(value) >= 10 else f"{value:.1f}"
