"""What a commit or a move has to write, gathered before the document changes again."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.changes import ArrayChange, ArraysChange, Record
from hpe_studio.core.document import Document
from hpe_studio.core.history import Step
from hpe_studio.core.sight import Reach
from hpe_studio.storage.codec import encode, encode_key, encode_records
from hpe_studio.storage.schema import CHUNK_FRAMES, SIGHT, version_statement

Statement = tuple[str, tuple[Any, ...]]


@dataclass(kw_only=True, slots=True)
class Plan:
    """Statements of one transaction and their weight."""

    statements: list[Statement] = field(default_factory=list[Statement])
    byte_count: int = 0

    def add(self, sql: str, *values: Any) -> None:
        """Append a statement."""
        self.statements.append((sql, values))
        self.byte_count += sum(len(v) for v in values if isinstance(v, bytes))


def plan_step(document: Document, step: Step, *, position: int) -> Plan:
    """Everything that makes a committed, undone or redone step durable."""
    plan = Plan()
    records = step.records or ()
    for record in records:
        plan_record(plan, document, record)
    plan.add(
        "INSERT OR REPLACE INTO steps VALUES (?, ?, ?, ?)",
        step.id,
        step.label,
        step.byte_count,
        encode_records(records),
    )
    if step.in_sight is not None:
        plan_sight(plan, step.id, step.in_sight)
    plan_meta(plan, position=position, next_id=document.next_id)
    return plan


def plan_sight(plan: Plan, step_id: int, reach: tuple[Reach, ...]) -> None:
    """Write what a step reached while the truth was in sight."""
    plan_meta(plan, **{f"{SIGHT}{step_id}": reach})


def plan_drop(plan: Plan, step: Step) -> None:
    """Take away a step that was undone, as if it had never been."""
    plan.add("DELETE FROM steps WHERE id = ?", step.id)
    if step.in_sight is not None:
        plan.add("DELETE FROM meta WHERE name = ?", f"{SIGHT}{step.id}")


def plan_meta(plan: Plan, **values: Any) -> None:
    """Write named facts about the project."""
    for name, value in values.items():
        plan.add("INSERT OR REPLACE INTO meta VALUES (?, ?)", name, encode(value))


def plan_record(plan: Plan, document: Document, record: Record) -> None:
    """Bring what a record touched to the document's present state."""
    if isinstance(record, ArrayChange):
        array = document.tracks[record.track_id].arrays[record.field]
        stop = record.row + record.before.shape[0]
        first, last = record.row // CHUNK_FRAMES, (stop - 1) // CHUNK_FRAMES
        owner = ("tracks", record.track_id, record.field)
        for number, data in _chunks(array, first, last):
            _plan_chunk(plan, owner, number, data)
    elif isinstance(record, ArraysChange):
        plan_arrays(plan, record.table, record.key, _arrays_now(document, record))
    else:
        plan_version(plan, record.table)
        key = encode_key(record.key)
        value = document.table(record.table).get(record.key)
        if value is None:
            plan.add("DELETE FROM items WHERE kind = ? AND key = ?", record.table, key)
        else:
            plan.add(
                "INSERT OR REPLACE INTO items VALUES (?, ?, ?)",
                record.table,
                key,
                encode(value),
            )


def plan_version(plan: Plan, table: str) -> None:
    """Let programs that do not know a table refuse the file in plain words."""
    statement = version_statement(table)
    if statement is not None:
        plan.add(statement)


def plan_arrays(
    plan: Plan, kind: str, owner: int, arrays: Mapping[str, AnyArray] | None
) -> None:
    """Replace all arrays of a track, an estimate or a truth."""
    for table in ("chunks", "arrays"):
        plan.add(f"DELETE FROM {table} WHERE kind = ? AND owner = ?", kind, owner)  # noqa: S608
    for name, array in (arrays or {}).items():
        shape = json.dumps(array.shape)
        plan.add(
            "INSERT INTO arrays VALUES (?, ?, ?, ?, ?)",
            kind,
            owner,
            name,
            array.dtype.str,
            shape,
        )
        last = (len(array) - 1) // CHUNK_FRAMES
        for number, data in _chunks(array, 0, last):
            _plan_chunk(plan, (kind, owner, name), number, data)


def _arrays_now(
    document: Document, record: ArraysChange
) -> Mapping[str, AnyArray] | None:
    value = document.table(record.table).get(record.key)
    return None if value is None else value.arrays


def _chunks(array: AnyArray, first: int, last: int) -> Iterator[tuple[int, bytes]]:
    for number in range(first, last + 1):
        part = array[number * CHUNK_FRAMES : (number + 1) * CHUNK_FRAMES]
        yield number, np.ascontiguousarray(part).tobytes()


def _plan_chunk(
    plan: Plan, owner: tuple[str, int, str], number: int, data: bytes
) -> None:
    plan.add(
        "INSERT OR REPLACE INTO chunks VALUES (?, ?, ?, ?, ?)", *owner, number, data
    )
