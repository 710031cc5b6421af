"""Edits made on a copy, away from the window's thread, and brought over as one step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from hpe_studio.core.changes import ArrayChange, ChangeSet, Record, Table, ValueChange
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.mark import Decision, Mark
from hpe_studio.core.tables import Value

_WITHOUT_ARRAYS: tuple[Table, ...] = (
    "persons",
    "shots",
    "cameras",
    "settings",
    "takes",
    "marks",
    "decisions",
)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Apart:
    """A copy of a document, without estimates, and what became of it.

    Attributes:
        document: The copy; it belongs to the thread that works on it.
        records: What its edits changed, in order.
    """

    document: Document
    records: list[Record]


def set_apart(document: Document, track_ids: Iterable[int]) -> Apart:
    """Copy what clean-up tools read: some tracks with all that is said of them."""
    wanted = set(track_ids)
    copy = Document(document.clip)
    with copy.edit("Copy") as edit:
        for table in _WITHOUT_ARRAYS:
            for value in document.table(table).values():
                edit.put(cast("Value", value))
        for track_id in sorted(wanted):
            track = document.tracks[track_id]
            edit.add_track(replace(track, arrays={}), track.arrays)
            for key in document.keys_of(track_id):
                edit.put(key)
    copy.reserve_ids(document.next_id)
    records: list[Record] = []

    def note(changes: ChangeSet) -> None:
        if changes.cause == "commit":
            records.extend(changes.records)

    copy.changed.connect(note)
    return Apart(document=copy, records=records)


def bring_over(edit: Edit, document: Document, apart: Apart) -> None:
    """Write into an open edit what was done to a copy.

    Raises:
        StudioError: If a track or its person was locked meanwhile.
    """
    for record in apart.records:
        if isinstance(record, ArrayChange):
            _bring_box(edit, apart.document, record)
        elif isinstance(record, ValueChange):
            _bring_value(edit, document, apart.document, record)


def _bring_box(edit: Edit, copy: Document, record: ArrayChange) -> None:
    count = len(record.before)
    rows = slice(record.row, record.row + count)
    array = copy.tracks[record.track_id].arrays[record.field]
    if record.before.ndim == 1:
        edit.write(record.track_id, record.field, rows, array[rows])
        return
    joints = slice(record.column, record.column + record.before.shape[1])
    edit.write(record.track_id, record.field, rows, array[rows, joints], joints=joints)


def _bring_value(
    edit: Edit, document: Document, copy: Document, record: ValueChange
) -> None:
    value = copy.table(record.table).get(record.key)
    known = document.table(record.table).get(record.key)
    if value is None:
        if known is not None:
            edit.remove(known)
        return
    if isinstance(value, Mark | Decision) and known is None:
        value = replace(value, id=document.new_id())
    edit.put(value)
