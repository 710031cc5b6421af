"""The document: everything undoable, read freely, written only inside an edit."""

from __future__ import annotations

from collections.abc import Generator, Hashable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Literal, cast

from psygnal import Signal

from hpe_studio.core.arrays import AnyArray, read_only
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.changes import (
    ArrayChange,
    ArraysChange,
    ArrayTable,
    ChangeSet,
    Record,
    Table,
    ValueChange,
)
from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.edit import Edit
from hpe_studio.core.history import History, Journal, Step
from hpe_studio.core.mark import Decision, Mark, MarkKind
from hpe_studio.core.person import Person
from hpe_studio.core.sight import Reach, reach_of
from hpe_studio.core.tables import TABLE_OF, Setting, ShotCamera
from hpe_studio.core.track import Estimate, Key, Take, Track
from hpe_studio.core.truth import Truth
from hpe_studio.core.view import View

_WITH_ARRAYS = (Track, Estimate, Truth)


class Document:
    """Everything undoable about one clip.

    Read through the properties; write with ``with document.edit("Label") as edit``.
    Not thread-safe: it belongs to the thread that made it.

    Attributes:
        is_truth_in_sight: True while whoever edits sees the truth, or how far off
            something is; each step records it. The window sets it.
    """

    changed = Signal(ChangeSet)

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.history = History()
        self.journal: Journal | None = None
        self.is_truth_in_sight = False
        self._tables: dict[Table, dict[Hashable, Any]] = {
            table: {} for table in TABLE_OF.values()
        }
        self._buffers: dict[tuple[str, int], Mapping[str, AnyArray]] = {}
        self._keys_by_track: dict[int, list[Key]] = {}
        self._open_edit: Edit | None = None
        self._next_id = 1

    # Reading ---------------------------------------------------------------

    @property
    def persons(self) -> Mapping[int, Person]:
        """All persons by id, in the order they were added (also after undo)."""
        persons = cast("dict[int, Person]", self._tables["persons"])
        return MappingProxyType(dict(sorted(persons.items())))

    @property
    def tracks(self) -> Mapping[int, Track]:
        """All tracks by id."""
        return MappingProxyType(cast("dict[int, Track]", self._tables["tracks"]))

    @property
    def takes(self) -> Mapping[int, Take]:
        """All takes by id."""
        return MappingProxyType(cast("dict[int, Take]", self._tables["takes"]))

    @property
    def estimates(self) -> Mapping[int, Estimate]:
        """All estimates by id."""
        return MappingProxyType(cast("dict[int, Estimate]", self._tables["estimates"]))

    @property
    def shots(self) -> tuple[Shot, ...] | None:
        """Shots in order, or None while cuts are not known yet."""
        shots = cast("dict[int, Shot]", self._tables["shots"])
        return tuple(sorted(shots.values(), key=lambda s: s.start)) or None

    def shot_at(self, frame: int) -> Shot:
        """The shot a frame lies in; the whole clip while cuts are not known."""
        for shot in self.shots or ():
            if frame in shot:
                return shot
        return Shot(id=0, start=0, stop=self.clip.frame_count)

    def camera_at(self, frame: int, view: int = 0) -> Camera:
        """The camera of a frame's shot, or the assumed one (60 degrees)."""
        cameras = self._tables["cameras"]
        # One given before the cuts were known holds over every shot.
        stored = cameras.get((self.shot_at(frame).id, view)) or cameras.get((0, view))
        if stored is not None:
            return cast("ShotCamera", stored).camera
        clip = self.view_clip(view)
        return default_camera(
            clip.size_px,
            focal_px=clip.focal_px,
            pixel_aspect=clip.pixel_aspect,
            source="assumed" if clip.focal_px is None else "metadata",
        )

    @property
    def truths(self) -> Mapping[int, Truth]:
        """Ground truth of people by id."""
        return MappingProxyType(cast("dict[int, Truth]", self._tables["truths"]))

    @property
    def views(self) -> Mapping[int, View]:
        """Views beside the clip (view 0) by number, in order."""
        views = cast("dict[int, View]", self._tables["views"])
        return MappingProxyType(dict(sorted(views.items())))

    def view_clip(self, view: int) -> Clip:
        """Footage of a view; 0 is the clip.

        Raises:
            KeyError: If there is no such view.
        """
        return self.clip if view == 0 else self.views[view].clip

    def view_name(self, view: int) -> str:
        """What people call a view's camera; 0 is the clip.

        Raises:
            KeyError: If there is no such view.
        """
        if view:
            return self.views[view].name
        path = self.clip.path
        return self.setting("clip_view_name") or ("" if path is None else path.stem)

    def setting(self, name: str, default: Any = None) -> Any:
        """Value of a document setting."""
        stored = self._tables["settings"].get(name)
        return default if stored is None else cast("Setting", stored).value

    def tracks_of(self, person_id: int) -> tuple[Track, ...]:
        """A person's tracks in order of time."""
        mine = [t for t in self.tracks.values() if t.person_id == person_id]
        return tuple(sorted(mine, key=lambda t: t.start))

    def track_at(self, person_id: int, frame: int) -> Track | None:
        """The person's track that covers a frame."""
        for track in self.tracks.values():
            if track.person_id == person_id and frame in track:
                return track
        return None

    def keys_of(self, track_id: int) -> Sequence[Key]:
        """A track's keys in order of frames."""
        keys = self._keys_by_track.get(track_id)
        if keys is None:
            table = cast("dict[tuple[int, int], Key]", self._tables["keys"])
            mine = (k for k in table.values() if k.track_id == track_id)
            keys = self._keys_by_track[track_id] = sorted(mine, key=lambda k: k.frame)
        return keys

    def key_at(self, track_id: int, frame: int) -> Key | None:
        """The key on exactly one frame."""
        return cast("Key | None", self._tables["keys"].get((track_id, frame)))

    @property
    def decisions(self) -> Mapping[int, Decision]:
        """What was decided about problems, by id."""
        return MappingProxyType(cast("dict[int, Decision]", self._tables["decisions"]))

    def marks_of(self, track_id: int, kind: MarkKind) -> tuple[Mark, ...]:
        """A track's marks of one kind in order of time."""
        return tuple(m for m in self.every_mark_of(track_id) if m.kind == kind)

    def every_mark_of(self, track_id: int) -> tuple[Mark, ...]:
        """A track's marks of all kinds in order of time."""
        marks = cast("dict[int, Mark]", self._tables["marks"]).values()
        mine = [m for m in marks if m.track_id == track_id]
        return tuple(sorted(mine, key=lambda m: (m.start, m.id)))

    def table(self, table: Table) -> Mapping[Hashable, Any]:
        """A whole table, for storage and generic tools."""
        return MappingProxyType(self._tables[table])

    # Writing ---------------------------------------------------------------

    def new_id(self) -> int:
        """An id no value of this document has had."""
        self._next_id += 1
        return self._next_id - 1

    @property
    def next_id(self) -> int:
        """The id that would be given next; storage keeps it."""
        return self._next_id

    def reserve_ids(self, next_id: int) -> None:
        """Never give out ids below `next_id` (after loading)."""
        self._next_id = max(self._next_id, next_id)

    def begin_edit(self, label: str) -> Edit:
        """Open an edit for a gesture; end it with `commit()` or `abort()`.

        Raises:
            RuntimeError: If another edit is open.
        """
        if self._open_edit is not None:
            raise RuntimeError(f"the edit {self._open_edit.label!r} is still open")
        self._open_edit = Edit(self, label)
        return self._open_edit

    @contextmanager
    def edit(self, label: str) -> Generator[Edit]:
        """Open an edit; it commits at the end and is taken back by an exception."""
        edit = self.begin_edit(label)
        try:
            yield edit
        except BaseException:
            edit.abort()
            raise
        edit.commit()

    @property
    def is_editing(self) -> bool:
        """True while an edit is open."""
        return self._open_edit is not None

    def undo(self) -> str | None:
        """Take the last step back; its name, or None where there is none."""
        return self._move(-1)

    def redo(self) -> str | None:
        """Do the last undone step again; its name, or None where there is none."""
        return self._move(+1)

    # What edits, history and storage use -------------------------------------

    def close_edit(self, edit: Edit, records: tuple[Record, ...]) -> None:
        """End the open edit and make its records a step (called by `Edit.commit`)."""
        if edit is not self._open_edit:
            raise RuntimeError("the edit is not open")
        if records:
            step = Step(
                id=self.new_id(),
                label=edit.label,
                records=records,
                byte_count=sum(r.byte_count for r in records),
                in_sight=self._reached(edit, records),
            )
            if self.journal is not None:
                self.journal.write_commit(step, self.history.undone_tail())
            self.history.push(step, can_reload=self.journal is not None)
        self._open_edit = None
        if records:
            self.changed.emit(
                ChangeSet(label=edit.label, records=records, cause="commit")
            )

    def cancel_edit(self, edit: Edit, records: tuple[Record, ...]) -> None:
        """End the open edit and put everything back (called by `Edit.abort`)."""
        for record in reversed(records):
            self.swap(record)
        self._open_edit = None
        if records:
            self.changed.emit(
                ChangeSet(label=edit.label, records=records, cause="abort")
            )

    def swap(self, record: Record) -> None:
        """Exchange a record's content with the document's."""
        if isinstance(record, ValueChange):
            record.before = self.replace_value(record.table, record.key, record.before)
        elif isinstance(record, ArraysChange):
            record.before = self.replace_arrays(record.table, record.key, record.before)
        else:
            box = self._box(record)
            other = box.copy()
            box[...] = record.before
            record.before = other

    def replace_value(self, table: Table, key: Hashable, value: Any) -> Any:
        """Put a value (None removes it) and give back what was there."""
        entries = self._tables[table]
        before = entries.get(key)
        if table == "keys":
            self._keys_by_track.pop(cast("tuple[int, int]", key)[0], None)
        if value is None:
            entries.pop(key, None)
        else:
            entries[key] = self._with_arrays(table, value)
        return (
            replace(before, arrays={}) if isinstance(before, _WITH_ARRAYS) else before
        )

    def replace_arrays(
        self,
        table: ArrayTable,
        key: int,
        arrays: Mapping[str, AnyArray] | None,
    ) -> Mapping[str, AnyArray] | None:
        """Put the arrays of a track, estimate or truth; give back what was there."""
        before = self._buffers.pop((table, key), None)
        if arrays is not None:
            self._buffers[table, key] = arrays
        if key in self._tables[table]:
            self._tables[table][key] = self._with_arrays(
                table, self._tables[table][key]
            )
        return before

    def buffer(self, track_id: int, field: str) -> AnyArray:
        """The writeable array of a track, for edits only.

        Raises:
            RuntimeError: If no edit is open.
        """
        if self._open_edit is None:
            raise RuntimeError("tracks are written only inside document.edit()")
        return self._buffers["tracks", track_id][field]

    def _box(self, change: ArrayChange) -> AnyArray:
        array = self._buffers["tracks", change.track_id][change.field]
        rows = slice(change.row, change.row + change.before.shape[0])
        if array.ndim == 1:
            return array[rows]
        columns = slice(change.column, change.column + change.before.shape[1])
        return array[rows, columns]

    def _with_arrays(self, table: str, value: Any) -> Any:
        if not isinstance(value, _WITH_ARRAYS):
            return value
        arrays = self._buffers.get((table, value.id), {})
        if table != "tracks":  # read-only for ever, perhaps loaded on first use
            return replace(value, arrays=arrays)
        views = {name: read_only(array) for name, array in arrays.items()}
        return replace(value, arrays=MappingProxyType(views))

    def _reached(
        self, edit: Edit, records: tuple[Record, ...]
    ) -> tuple[Reach, ...] | None:
        if not self.is_truth_in_sight:
            return None
        change = ChangeSet(label=edit.label, records=records, cause="commit")
        return reach_of(self, change)

    def _move(self, direction: Literal[-1, 1]) -> str | None:
        if self._open_edit is not None:
            raise RuntimeError(f"the edit {self._open_edit.label!r} is still open")
        history = self.history
        index = history.position - 1 if direction < 0 else history.position
        if not 0 <= index < len(history.steps):
            return None
        step = history.steps[index]
        if step.records is None:
            assert self.journal is not None, "only a journal lets records go"
            step.records = self.journal.load_records(step.id)
        self._apply(step.records, direction)
        try:
            if self.journal is not None:
                self.journal.write_move(step, history.position + direction)
        except BaseException:
            self._apply(step.records, -direction)
            raise
        history.position += direction
        cause: Literal["undo", "redo"] = "undo" if direction < 0 else "redo"
        self.changed.emit(
            ChangeSet(label=step.label, records=step.records, cause=cause)
        )
        return step.label

    def _apply(self, records: tuple[Record, ...], direction: int) -> None:
        for record in records if direction > 0 else reversed(records):
            self.swap(record)
