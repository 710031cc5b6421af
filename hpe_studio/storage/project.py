"""A project: a document and the .hpes file that keeps every committed edit."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from hpe_studio.core.changes import ArrayTable, Record, Table
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import replacing
from hpe_studio.core.history import Step
from hpe_studio.core.tables import TABLE_OF
from hpe_studio.storage.codec import encode, encode_key
from hpe_studio.storage.lock import ProjectLock, is_writable_folder
from hpe_studio.storage.plan import (
    Plan,
    plan_arrays,
    plan_drop,
    plan_meta,
    plan_sight,
    plan_step,
    plan_version,
)
from hpe_studio.storage.reader import Reader, open_reader
from hpe_studio.storage.schema import check_version, create_schema
from hpe_studio.storage.writer import Writer, explain_write_error, open_for_writing

HISTORY_LIMIT_BYTES = 2 * 1024**3
"""Older steps beyond this leave the project file."""

_OTHER_FOLDER = "make room or choose another folder"


class Project:
    """An open project; use `create_project` or `open_project`.

    Attributes:
        path: The .hpes file.
        document: What it holds.
        why_read_only: Why edits are refused, for people, or "".
        saved_at: When the last edit reached the disk.
    """

    def __init__(
        self,
        path: Path,
        document: Document,
        reader: Reader,
        *,
        lock: ProjectLock | None,
        why_read_only: str = "",
    ) -> None:
        self.path = path
        self.document = document
        self.why_read_only = why_read_only
        self.saved_at = datetime.now(UTC)
        self.on_failed: Callable[[StudioError], None] | None = None
        self._untold: StudioError | None = None
        self._reader = reader
        self._lock = lock
        self._writer: Writer | None = None
        if lock is not None:
            self._writer = Writer(path, self._report_failure)
        document.journal = self

    @property
    def is_read_only(self) -> bool:
        """True where edits are refused."""
        return self._writer is None

    @property
    def is_saved(self) -> bool:
        """True when every committed edit is on disk."""
        return self._writer is None or self._writer.is_idle

    @property
    def has_unwritten(self) -> bool:
        """True where a large edit could not be written; `write_again` tries again."""
        return self._writer is not None and self._writer.has_held

    def write_again(self) -> None:
        """Write the edits that could not be written before.

        Raises:
            StudioError: If they still cannot.
        """
        if self._writer is not None:
            self._writer.retry()
            self._untold = None
            self.saved_at = datetime.now(UTC)

    def write_commit(self, step: Step, dropped: Sequence[Step]) -> None:
        """Make an edit durable (see `core.history.Journal`)."""
        kept = self.document.history.position
        plan = plan_step(self.document, step, position=kept + 1)
        for old in dropped:
            plan_drop(plan, old)
        self._forget_oldest(plan, step, kept)
        self._write(plan)

    def write_move(self, step: Step, position: int) -> None:
        """Make an undo or redo durable (see `core.history.Journal`)."""
        self._write(plan_step(self.document, step, position=position))

    def load_records(self, step_id: int) -> tuple[Record, ...]:
        """Records of a step that memory no longer holds."""
        if self._writer is not None:
            self._writer.flush()
        return self._reader.records(step_id)

    def replace_clip(self, clip: Clip) -> None:
        """Point the project to footage that moved; not an undoable edit.

        Raises:
            StudioError: If it could not be written.
        """
        plan = Plan()
        plan_meta(plan, clip=clip)
        self._write(plan)
        self.document.clip = clip

    def keep_notes(self, notes: Mapping[str, bytes]) -> None:
        """Keep what can be worked out again beside the document; no undoable edit.

        Nothing is kept where the file cannot be written.

        Args:
            notes: By name ("problems/3"); they take the place of those of that name.
        """
        if self._writer is None:
            return
        plan = Plan()
        plan_meta(plan, **dict(notes))
        self._writer.write(plan)

    def notes(self, prefix: str) -> dict[str, bytes]:
        """The kept notes whose names begin so."""
        if self._writer is not None:
            self._writer.flush()
        return self._reader.notes(prefix)

    def flush(self) -> None:
        """Wait until every committed edit is on disk.

        Raises:
            StudioError: If one could not be written and nobody was told.
        """
        if self._writer is not None:
            self._writer.flush()
        self._tell()

    def close(self) -> None:
        """Write what is left and let the file go.

        Raises:
            StudioError: If an edit could not be written and nobody was told.
        """
        self.document.journal = None
        self._reader.close()
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
        self._tell()

    def save_copy(self, path: Path) -> None:
        """Write a complete copy to another path, replacing what is there at the end.

        Where edits could not be written here, the copy has them, but no undo.

        Raises:
            StudioError: If it could not be written; nothing existing is harmed.
        """
        if self.has_unwritten:
            write_document(path, self.document)
            return
        self.flush()
        try:
            with replacing(path) as temporary:
                target = sqlite3.connect(temporary)
                try:
                    self._reader.copy_into(target)
                    target.execute("PRAGMA journal_mode = DELETE")
                finally:
                    target.close()
        except (sqlite3.Error, OSError) as error:
            raise explain_write_error(error, path, fix=_OTHER_FOLDER) from None

    def _report_failure(self, error: StudioError) -> None:
        if self.on_failed is not None:  # the window sets it after opening
            self.on_failed(error)
        else:
            self._untold = error

    def _tell(self) -> None:
        untold, self._untold = self._untold, None
        if untold is not None:
            raise untold

    def _write(self, plan: Plan) -> None:
        if self._writer is None:
            raise StudioError(
                f"is open for reading only: {self.why_read_only or 'it was closed'}",
                path=self.path,
                fix="save a copy, or open it for editing once that has changed",
            )
        self._writer.write(plan)
        self.saved_at = datetime.now(UTC)

    def _forget_oldest(self, plan: Plan, step: Step, kept: int) -> None:
        """Keep the history below its limit, as whole steps, oldest first."""
        history = self.document.history
        held = step.byte_count + sum(s.byte_count for s in history.steps[:kept])
        while held > HISTORY_LIMIT_BYTES and kept > 0:
            oldest = history.steps.pop(0)
            history.forget(oldest)
            held -= oldest.byte_count
            kept -= 1
            history.position -= 1
            plan.add("DELETE FROM steps WHERE id = ?", oldest.id)
            plan_meta(plan, position=kept + 1)


def create_project(path: Path, clip: Clip, *, overwrite: bool = False) -> Project:
    """Make an empty project for a clip and open it.

    Raises:
        StudioError: If it exists already or cannot be written.
    """
    if path.exists() and not overwrite:
        raise StudioError(
            "exists already", path=path, fix="open it or choose another name"
        )
    if not is_writable_folder(path.parent):
        raise StudioError(
            "cannot be made because its folder cannot be written",
            path=path,
            fix="choose another folder with -o",
        )
    write_document(path, Document(_with_absolute_path(clip)))
    return open_project(path)


def write_document(path: Path, document: Document) -> None:
    """Write a whole document as a new project file, replacing at the end.

    Raises:
        StudioError: If it cannot be written; nothing existing is harmed.
    """
    try:
        with replacing(path) as temporary:
            connection = sqlite3.connect(temporary, isolation_level=None)
            try:
                connection.execute("PRAGMA synchronous = FULL")
                create_schema(connection)
                connection.execute("BEGIN")
                for sql, values in _whole_plan(document).statements:
                    connection.execute(sql, values)
                connection.execute("COMMIT")
            finally:
                connection.close()
    except (sqlite3.Error, OSError) as error:
        raise explain_write_error(error, path, fix=_OTHER_FOLDER) from None


def open_project(path: Path, *, read_only: bool = False) -> Project:
    """Open a project; a second window of the same one opens for reading only.

    Raises:
        StudioError: If the file is missing, no project, newer or damaged.
    """
    if not path.is_file():
        raise StudioError(
            "does not exist", path=path, fix="check the name or open the movie again"
        )
    lock, why = (None, "it was asked for") if read_only else _lock_or_why(path)
    try:
        try:
            reader, document = _read(path, is_writer=lock is not None)
        except _CannotWrite as error:  # on a full disk it can still be read
            assert lock is not None
            lock.release()
            lock, why = None, str(error)
            reader, document = _read(path, is_writer=False)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    return Project(path, document, reader, lock=lock, why_read_only=why)


class _CannotWrite(Exception):
    """Why a file that may be written cannot be, for people."""


def _read(path: Path, *, is_writer: bool) -> tuple[Reader, Document]:
    """A reader and the whole document; a damaged file is left as it is."""
    check_version(path)
    has_log = _has_log(path)
    if is_writer and has_log:
        _check_writable(path)  # takes in what a killed program left
    reader = open_reader(path, is_writer=is_writer, has_log=has_log)
    try:
        document = reader.document()
        if is_writer:
            _check_writable(path)
    except BaseException:
        reader.close()
        raise
    return reader, document


def _check_writable(path: Path) -> None:
    try:
        open_for_writing(path).close()
    except sqlite3.OperationalError as error:
        text = str(error)
        is_full = "full" in text or "disk I/O" in text
        raise _CannotWrite("the disk is full" if is_full else text) from None
    except sqlite3.Error as error:
        raise explain_write_error(error, path) from None


def why_not_writable(path: Path) -> str:
    """Why a project would open for reading only, for people, or ""."""
    lock, why = _lock_or_why(path)
    if lock is not None:
        lock.release()
    return why


def _lock_or_why(path: Path) -> tuple[ProjectLock | None, str]:
    """The right to write, or why there is none."""
    if not is_writable_folder(path.parent):
        return None, "its folder cannot be written"
    if not os.access(path, os.W_OK):
        return None, "the file cannot be written"
    lock = ProjectLock(path)
    try:
        if lock.acquire():
            return lock, ""
    except OSError as error:
        return None, f"its folder cannot be written ({error.strerror})"
    return None, "another window has it"


def _has_log(path: Path) -> bool:
    return path.with_name(path.name + "-wal").exists()


def _whole_plan(document: Document) -> Plan:
    plan = Plan()
    plan_meta(plan, clip=document.clip, next_id=document.next_id, position=0)
    for step_id, reach in document.history.done_in_sight().items():
        plan_sight(plan, step_id, reach)
    for kind in TABLE_OF.values():
        _plan_table(plan, document, kind)
    return plan


def _plan_table(plan: Plan, document: Document, kind: Table) -> None:
    values = document.table(kind)
    if values:
        plan_version(plan, kind)
    for key, value in values.items():
        plan.add(
            "INSERT INTO items VALUES (?, ?, ?)", kind, encode_key(key), encode(value)
        )
        if kind in get_args(ArrayTable):
            plan_arrays(plan, kind, value.id, value.arrays)


def _with_absolute_path(clip: Clip) -> Clip:
    return clip if clip.path is None else replace(clip, path=clip.path.absolute())
