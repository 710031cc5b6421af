"""The open edit: the only writer of a document."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from hpe_studio.core.arrays import AnyArray, IntArray, read_only
from hpe_studio.core.changes import (
    ArrayChange,
    ArraysChange,
    ArrayTable,
    ChangeSet,
    Record,
    Table,
    ValueChange,
    same_value,
    tight_box,
)
from hpe_studio.core.errors import StudioError
from hpe_studio.core.tables import TABLE_OF, Value
from hpe_studio.core.track import ESTIMATE_FIELDS, TRACK_FIELDS, Estimate, Key, Track
from hpe_studio.core.truth import TRUTH_FIELDS, Truth

if TYPE_CHECKING:
    from hpe_studio.core.document import Document

Rows = slice | IntArray | int


class Edit:
    """Records what it overwrites, so that features contain no undo code.

    Made by `Document.edit` and `Document.begin_edit`.
    """

    def __init__(self, document: Document, label: str) -> None:
        self.label = label
        self._document = document
        self._values: dict[tuple[Table, Hashable], ValueChange] = {}
        self._arrays: dict[tuple[str, int], ArraysChange] = {}
        self._snapshots: dict[tuple[int, str], AnyArray] = {}
        self._order: list[ValueChange | ArraysChange] = []
        self._is_open = True

    def put(self, value: Value) -> None:
        """Add or replace a value; its table and key follow from it.

        The arrays of tracks, estimates and truths are left as they are; add those
        with `add_track`, `add_estimate` and `add_truth`.

        Raises:
            StudioError: If it is a key over a locked track.
        """
        if isinstance(value, Key):
            self.check_unlocked(value.track_id)
        self._put(TABLE_OF[type(value)], value.key, value)

    def remove(self, value: Value) -> None:
        """Take a value away; with a track, an estimate or a truth go its arrays.

        Raises:
            StudioError: If it is a key over a locked track.
        """
        if isinstance(value, Key):
            self.check_unlocked(value.track_id)

        table = TABLE_OF[type(value)]
        if isinstance(value, Track | Estimate | Truth):
            self._replace_arrays(cast("ArrayTable", table), value.id, None)
        self._put(table, value.key, None)

    def add_track(self, track: Track, arrays: Mapping[str, AnyArray]) -> None:
        """Add a track with its arrays (copied into the stored types).

        Raises:
            ValueError: If an array has the wrong length or name.
        """
        stored = _stored(arrays, TRACK_FIELDS, track.frame_count)
        self._replace_arrays("tracks", track.id, stored)
        self._put("tracks", track.id, track)

    def add_estimate(self, estimate: Estimate, arrays: Mapping[str, AnyArray]) -> None:
        """Add an estimate with its arrays (copied into the stored types).

        Raises:
            ValueError: If an array has the wrong length or name.
        """
        stored = _stored(arrays, ESTIMATE_FIELDS, estimate.stop - estimate.start)
        shown = {name: read_only(array) for name, array in stored.items()}
        self._replace_arrays("estimates", estimate.id, MappingProxyType(shown))
        self._put("estimates", estimate.id, estimate)

    def add_truth(self, truth: Truth, arrays: Mapping[str, AnyArray]) -> None:
        """Add a truth with its arrays (copied into the stored types).

        Raises:
            ValueError: If an array has the wrong length or name.
        """
        stored = _stored(arrays, TRUTH_FIELDS, truth.row_count)
        shown = {name: read_only(array) for name, array in stored.items()}
        self._replace_arrays("truths", truth.id, MappingProxyType(shown))
        self._put("truths", truth.id, truth)

    def write(
        self,
        track: Track | int,
        field: str,
        rows: Rows,
        values: AnyArray | float,
        *,
        joints: slice | IntArray | int | None = None,
    ) -> None:
        """Write a part of a track's array.

        Args:
            track: The track or its id.
            field: "base_rad", "base_root_m", "base_source" or "expression".
            rows: Rows of the track (clip frame minus ``track.start``).
            values: What to write, broadcast to the part.
            joints: Joints of the part; all when None. Index arrays for both rows
                and joints mean their outer product.

        Raises:
            StudioError: If the track is locked by a job or its person is locked.
        """
        self._check_open()
        track_id = track if isinstance(track, int) else track.id
        self.check_unlocked(track_id)
        array = self._document.buffer(track_id, field)
        if (track_id, field) not in self._snapshots:
            self._snapshots[track_id, field] = array.copy()
        if joints is None:
            array[rows] = values
        elif isinstance(rows, np.ndarray) and isinstance(joints, np.ndarray):
            array[np.ix_(rows, joints)] = values
        else:
            array[rows, joints] = values

    def check_unlocked(self, track_id: int) -> None:
        """Refuse to touch what is locked.

        Raises:
            StudioError: If the track is locked by a job or its person is locked.
        """
        track = self._document.tracks[track_id]
        person = self._document.persons.get(track.person_id)
        if track.locked_by:
            raise StudioError(
                f"the track is being written by {track.locked_by}",
                fix="wait until the job ends or cancel it",
            )
        if person is not None and person.locked:
            raise StudioError(f"{person.name} is locked", fix="unlock the person")

    def preview(self) -> None:
        """Tell the views what the edit changed so far, without ending it."""
        self._check_open()
        records = self._records(tight=False)
        if records:
            self._document.changed.emit(
                ChangeSet(label=self.label, records=records, cause="preview")
            )

    def commit(self) -> None:
        """End the edit as one step; an edit that changed nothing makes none.

        Raises:
            StudioError: If it could not be made durable; everything is put back.
        """
        self._check_open()
        self._is_open = False
        try:
            self._document.close_edit(self, self._records(tight=True))
        except BaseException:
            self._document.cancel_edit(self, self._records(tight=False))
            raise

    def abort(self) -> None:
        """End the edit and put everything back."""
        if self._is_open:
            self._is_open = False
            self._document.cancel_edit(self, self._records(tight=False))

    def _check_open(self) -> None:
        if not self._is_open:
            raise RuntimeError(f"the edit {self.label!r} has ended")

    def _put(self, table: Table, key: Hashable, value: Any) -> None:
        self._check_open()
        before = self._document.replace_value(table, key, value)
        if (table, key) not in self._values:
            record = ValueChange(table=table, key=key, before=before)
            self._values[table, key] = record
            self._order.append(record)

    def _replace_arrays(
        self,
        table: ArrayTable,
        key: int,
        arrays: Mapping[str, AnyArray] | None,
    ) -> None:
        self._check_open()
        self._restore_snapshots(table, key)
        before = self._document.replace_arrays(table, key, arrays)
        if (table, key) not in self._arrays:
            record = ArraysChange(table=table, key=key, before=before)
            self._arrays[table, key] = record
            self._order.append(record)

    def _restore_snapshots(self, table: str, key: int) -> None:
        """Let a record of whole arrays hold what stood before this edit wrote."""
        if table == "tracks":
            for written in [w for w in self._snapshots if w[0] == key]:
                buffer = self._document.buffer(*written)
                buffer[...] = self._snapshots.pop(written)

    def _records(self, *, tight: bool) -> tuple[Record, ...]:
        """Records so far; `tight` leaves out what ended up as it was."""
        records: list[Record] = []
        for record in self._order:
            if tight and isinstance(record, ValueChange):
                current = self._document.table(record.table).get(record.key)
                if same_value(record.before, current):
                    continue
            records.append(record)
        for (track_id, field), before in self._snapshots.items():
            if ("tracks", track_id) in self._arrays:
                continue  # came or went as a whole within this edit
            change = self._array_change(track_id, field, before)
            if change is not None:
                records.append(change)
        return tuple(records)

    def _array_change(
        self, track_id: int, field: str, before: AnyArray
    ) -> ArrayChange | None:
        after = self._document.tracks[track_id].arrays[field]
        box = tight_box(before, after)
        if box is None:
            return None
        rows, columns = box
        content = before[rows] if before.ndim == 1 else before[rows, columns]
        return ArrayChange(
            track_id=track_id,
            field=field,
            row=rows.start,
            column=columns.start,
            before=content.copy(),
        )


def _stored(
    arrays: Mapping[str, AnyArray],
    known: Mapping[str, type[np.generic]],
    rows: int,
) -> dict[str, AnyArray]:
    unknown = sorted(set(arrays) - set(known))
    if unknown:
        raise ValueError(f"unknown array {unknown[0]!r}")
    for name, array in arrays.items():
        if len(array) != rows:
            raise ValueError(f"{name} has {len(array)} rows instead of {rows}")
    return {
        name: np.array(array, dtype=known[name], order="C")
        for name, array in arrays.items()
    }
