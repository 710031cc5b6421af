"""The line of steps that undo walks back and redo walks forward, bounded in bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hpe_studio.core.changes import Record
from hpe_studio.core.sight import Reach

MEMORY_LIMIT_BYTES = 256 * 1024 * 1024
"""Steps beyond this are kept in the project file only."""


@dataclass(kw_only=True, slots=True)
class Step:
    """One undoable step.

    Attributes:
        id: Increasing; stays the same when undone and redone.
        label: Name of the edit.
        records: Its changes, or None while they lie in the project file only.
        byte_count: Their size.
        in_sight: What it reached while the truth, or how far off something is, was on
            the screen; None for an edit made blind.
    """

    id: int
    label: str
    records: tuple[Record, ...] | None
    byte_count: int
    in_sight: tuple[Reach, ...] | None = None


class Journal(Protocol):
    """What keeps committed edits safe; `storage` offers one, memory needs none."""

    def write_commit(self, step: Step, dropped: Sequence[Step]) -> None:
        """Make an edit durable; `dropped` steps can no longer be redone.

        Raises:
            StudioError: If it cannot be written; the document takes the edit back.
        """
        ...

    def write_move(self, step: Step, position: int) -> None:
        """Make an undo or redo durable; `step.records` are already swapped.

        Raises:
            StudioError: If it cannot be written; the document moves back.
        """
        ...

    def load_records(self, step_id: int) -> tuple[Record, ...]:
        """Records of a step that memory no longer holds."""
        ...


class History:
    """Steps done so far and steps undone, newest last.

    Args:
        memory_limit_bytes: Records beyond this are dropped from memory, oldest first
            (only where a journal can load them again; without one the oldest steps
            are forgotten).
    """

    def __init__(self, memory_limit_bytes: int = MEMORY_LIMIT_BYTES) -> None:
        self.steps: list[Step] = []
        self.position = 0
        self.forgotten_in_sight: dict[int, tuple[Reach, ...]] = {}
        self._limit_bytes = memory_limit_bytes

    @property
    def undo_label(self) -> str | None:
        """Name of the step that undo would take back."""
        return self.steps[self.position - 1].label if self.position else None

    @property
    def redo_label(self) -> str | None:
        """Name of the step that redo would do again."""
        at_end = self.position >= len(self.steps)
        return None if at_end else self.steps[self.position].label

    def done_in_sight(self) -> dict[int, tuple[Reach, ...]]:
        """What edits that hold reached with the truth in sight, by step."""
        done = self.steps[: self.position]
        held = {s.id: s.in_sight for s in done if s.in_sight is not None}
        return self.forgotten_in_sight | held

    def forget(self, step: Step) -> None:
        """Keep of a step that leaves the history for good what was in sight."""
        if step.in_sight is not None:
            self.forgotten_in_sight[step.id] = step.in_sight

    def undone_tail(self) -> list[Step]:
        """Steps that a new commit would drop."""
        return self.steps[self.position :]

    def push(self, step: Step, *, can_reload: bool) -> None:
        """Add a committed step, dropping what was undone before."""
        del self.steps[self.position :]
        self.steps.append(step)
        self.position = len(self.steps)
        self._stay_within_limit(can_reload=can_reload)

    def _stay_within_limit(self, *, can_reload: bool) -> None:
        held = sum(s.byte_count for s in self.steps if s.records is not None)
        for step in self.steps[:-1]:
            if held <= self._limit_bytes:
                break
            if step.records is not None:
                held -= step.byte_count
                step.records = None
        if not can_reload:
            kept = [s for s in self.steps if s.records is not None]
            for step in self.steps:
                if step.records is None:
                    self.forget(step)
            self.position -= len(self.steps) - len(kept)
            self.steps = kept
