"""The closed set of records that edits leave.

The same record serves undo, redo, notification and saving. Only before-values are
kept; the document holds the after-values. Applying a record swaps the two.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, cast

import numpy as np

from hpe_studio.core.arrays import AnyArray

Table = Literal[
    "persons",
    "tracks",
    "keys",
    "takes",
    "estimates",
    "shots",
    "cameras",
    "settings",
    "marks",
    "decisions",
    "views",
    "truths",
]

ArrayTable = Literal["tracks", "estimates", "truths"]
"""Tables whose values have arrays."""


@dataclass(kw_only=True, slots=True)
class ValueChange:
    """A small frozen value was added, replaced or removed.

    Attributes:
        table: Where.
        key: Which.
        before: The other side of the swap; None where there was nothing.
    """

    table: Table
    key: Hashable
    before: Any

    @property
    def byte_count(self) -> int:
        """Rough size in memory."""
        return 512


@dataclass(kw_only=True, slots=True)
class ArrayChange:
    """A box of one track array was written.

    Attributes:
        track_id: Which track.
        field: Which array ("base_rad").
        row: First row of the box.
        column: First joint of the box; 0 for arrays without joints.
        before: The box's other content, shape (rows, columns, ...) or (rows, ...).
    """

    track_id: int
    field: str
    row: int
    column: int
    before: AnyArray

    @property
    def byte_count(self) -> int:
        """Size in memory."""
        return self.before.nbytes + 128


@dataclass(kw_only=True, slots=True)
class ArraysChange:
    """All arrays of a track, an estimate or a truth came or went with it.

    Attributes:
        table: Where.
        key: Which.
        before: The arrays' other state; None where there were none.
    """

    table: ArrayTable
    key: int
    before: Mapping[str, AnyArray] | None

    @property
    def byte_count(self) -> int:
        """Size in memory."""
        return sum(a.nbytes for a in (self.before or {}).values()) + 128


Record = ValueChange | ArrayChange | ArraysChange


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSet:
    """What changed, told to everyone who shows it.

    Attributes:
        label: Name of the edit ("Rotate left elbow").
        records: What was touched; read their table, key, track and rows.
        cause: "commit", "undo", "redo", "preview" (an open edit goes on) or "abort".
    """

    label: str
    records: tuple[Record, ...]
    cause: Literal["commit", "undo", "redo", "preview", "abort"]

    def touches(self, table: Table) -> bool:
        """True where a value or array of that table changed."""
        return any(
            table == ("tracks" if isinstance(r, ArrayChange) else r.table)
            for r in self.records
        )

    def track_ids(self) -> frozenset[int]:
        """Tracks whose arrays, keys or header changed."""
        found: set[int] = set()
        for record in self.records:
            if isinstance(record, ArrayChange):
                found.add(record.track_id)
            elif record.table == "tracks":
                found.add(cast("int", record.key))
            elif record.table == "keys":
                found.add(cast("tuple[int, int]", record.key)[0])
        return frozenset(found)


def same_value(a: Any, b: Any) -> bool:
    """True where two table values are equal, arrays compared to the bit."""
    if a is b:
        return True
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray):
        return same_bits(cast("AnyArray", a), b)
    if hasattr(a, "__dataclass_fields__"):
        return all(
            same_value(getattr(a, f.name), getattr(b, f.name))
            for f in fields(a)
            if f.compare
        )
    return bool(a == b)


def same_bits(a: AnyArray, b: AnyArray) -> bool:
    """True where two arrays are alike to the bit (NaN equals itself)."""
    same_kind = a.shape == b.shape and a.dtype == b.dtype
    return same_kind and a.tobytes() == b.tobytes()


def tight_box(before: AnyArray, after: AnyArray) -> tuple[slice, slice] | None:
    """Rows and columns that hold every difference, or None where there is none.

    Compares bytes, so that NaN equals itself and -0.0 differs from 0.0.
    """
    rows = before.shape[0]
    if rows == 0 or before.size == 0:
        return None
    unit = np.uint32 if before.dtype.itemsize == 4 else np.uint8
    differs = np.ascontiguousarray(before).view(unit) != np.ascontiguousarray(
        after
    ).view(unit)
    per_row = differs.reshape(rows, -1).any(axis=1)
    if not per_row.any():
        return None
    hit_rows = np.flatnonzero(per_row)
    row_box = slice(int(hit_rows[0]), int(hit_rows[-1]) + 1)
    if before.ndim == 1:
        return row_box, slice(0, 0)
    columns = before.shape[1]
    per_column = differs.reshape(rows, columns, -1).any(axis=(0, 2))
    hit_columns = np.flatnonzero(per_column)
    return row_box, slice(int(hit_columns[0]), int(hit_columns[-1]) + 1)
