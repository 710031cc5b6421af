"""Reads a project file into a document; estimates are read on first use."""

from __future__ import annotations

import json
import math
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar, cast

import numpy as np

from hpe_studio.core.arrays import AnyArray, read_only
from hpe_studio.core.changes import Record
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.history import Step
from hpe_studio.core.sight import Reach
from hpe_studio.core.track import ESTIMATE_FIELDS, TRACK_FIELDS
from hpe_studio.core.truth import TRUTH_FIELDS
from hpe_studio.storage.codec import TYPE_OF, decode, decode_key, decode_records
from hpe_studio.storage.schema import (
    CHUNK_FRAMES,
    SIGHT,
    check_version,
    not_a_project,
)

Result = TypeVar("Result")

_MAX_ARRAY_BYTES = 8 * 1024**3

_FIELDS = {
    "tracks": TRACK_FIELDS,
    "estimates": ESTIMATE_FIELDS,
    "truths": TRUTH_FIELDS,
}


class Reader:
    """A reading connection of a project file, usable from any one thread at a time.

    Args:
        path: The project file.
        is_immutable: True where nobody writes it and nothing lies beside it.
        scratch: A folder with a copy to read in its place; it goes with the reader.

    Raises:
        StudioError: If it cannot be opened.
    """

    def __init__(
        self,
        path: Path,
        *,
        is_immutable: bool = False,
        scratch: TemporaryDirectory[str] | None = None,
    ) -> None:
        self._path = path
        self._scratch = scratch
        self._mutex = threading.Lock()
        mode = "mode=ro&immutable=1" if is_immutable else "mode=ro"
        file = path.resolve()
        if scratch is not None:
            file, mode = Path(scratch.name) / path.name, "mode=rw"
        try:
            self._connection = sqlite3.connect(
                f"{file.as_uri()}?{mode}", uri=True, check_same_thread=False
            )
        except sqlite3.OperationalError as error:
            raise StudioError(
                f"cannot be opened ({error})",
                path=path,
                fix="check that you may read it",
            ) from None

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        if self._scratch is not None:
            self._scratch.cleanup()

    @property
    def is_readable(self) -> bool:
        """False where SQLite cannot even begin to read here."""
        try:
            self._rows("SELECT name FROM meta")
        except sqlite3.OperationalError:
            return False
        except sqlite3.DatabaseError:
            return True  # damaged: whoever reads it is told
        return True

    def copy_into(self, target: sqlite3.Connection) -> None:
        """Copy the whole file as it is now into another one.

        Raises:
            sqlite3.Error: If that could not be written.
        """
        with self._mutex:
            self._connection.backup(target)

    def document(self) -> Document:
        """The whole document; arrays of estimates follow on first use.

        Raises:
            StudioError: If the file is damaged.
        """
        return self._guarded(self._document)

    def meta(self, name: str, kind: type[Result]) -> Result:
        """A named fact about the project.

        Raises:
            StudioError: If it is missing or damaged.
        """

        def read() -> Result:
            rows = self._rows("SELECT value FROM meta WHERE name = ?", name)
            if not rows:
                raise ValueError(f"no {name}")
            return decode(rows[0][0], kind)

        return self._guarded(read)

    def notes(self, prefix: str) -> dict[str, bytes]:
        """Facts whose names begin so, as they were given to be kept.

        Raises:
            StudioError: If one is damaged.
        """

        def read() -> dict[str, bytes]:
            rows = self._rows("SELECT name, value FROM meta")
            mine = [(name, value) for name, value in rows if name.startswith(prefix)]
            return {name: decode(value, bytes) for name, value in mine}

        return self._guarded(read)

    def records(self, step_id: int) -> tuple[Record, ...]:
        """The records of a step.

        Raises:
            StudioError: If it is missing or damaged.
        """

        def read() -> tuple[Record, ...]:
            rows = self._rows("SELECT records FROM steps WHERE id = ?", step_id)
            if not rows:
                raise ValueError(f"step {step_id} is missing")
            return decode_records(rows[0][0])

        return self._guarded(read)

    def array(self, kind: str, owner: int, name: str) -> AnyArray:
        """One array, put together from its chunks.

        Raises:
            StudioError: If it is missing or damaged.
        """
        return self._guarded(lambda: self._array(kind, owner, name))

    def _guarded(self, read: Callable[[], Result]) -> Result:
        try:
            with self._mutex:
                return read()
        except sqlite3.DatabaseError as error:
            raise not_a_project(self._path, error) from None
        except (ValueError, KeyError, TypeError) as error:
            raise StudioError(
                f"is damaged ({error})",
                path=self._path,
                fix="open a copy of it from your backup",
            ) from None

    def _rows(self, sql: str, *values: Any) -> list[Any]:
        return self._connection.execute(sql, values).fetchall()

    def _document(self) -> Document:
        rows = dict(self._rows("SELECT name, value FROM meta"))
        document = Document(decode(rows["clip"], Clip))
        document.reserve_ids(decode(rows["next_id"], int))
        for kind, key, data in self._rows("SELECT kind, key, data FROM items"):
            if kind not in TYPE_OF:
                raise ValueError(f"unknown table {kind!r}")
            value = decode(data, TYPE_OF[kind])
            document.replace_value(kind, decode_key(key), value)
        for track_id in document.tracks:
            names = self._names("tracks", track_id, TRACK_FIELDS)
            arrays = {name: self._array("tracks", track_id, name) for name in names}
            document.replace_arrays("tracks", track_id, arrays)
        for table in ("estimates", "truths"):
            for key in cast("tuple[int, ...]", tuple(document.table(table))):
                names = self._names(table, key, _FIELDS[table])
                lazy = LazyArrays(self, table, key, names)
                document.replace_arrays(table, key, lazy)
        self._load_history(document, decode(rows["position"], int))
        return document

    def _load_history(self, document: Document, position: int) -> None:
        history = document.history
        sql = "SELECT id, label, bytes FROM steps ORDER BY id"
        history.steps = [
            Step(id=int(i), label=str(label), records=None, byte_count=int(count))
            for i, label, count in self._rows(sql)
        ]
        self._load_sights(document)
        if not 0 <= position <= len(history.steps):
            raise ValueError("the history does not fit its position")
        history.position = position

    def _load_sights(self, document: Document) -> None:
        """Which steps were made with the truth in sight, also of forgotten ones."""
        history = document.history
        steps = {step.id: step for step in history.steps}
        for name, value in self._rows("SELECT name, value FROM meta"):
            if not name.startswith(SIGHT):
                continue
            reach = decode(value, tuple[Reach, ...])
            step = steps.get(int(name.removeprefix(SIGHT)))
            if step is not None:
                step.in_sight = reach
            else:
                history.forgotten_in_sight[int(name.removeprefix(SIGHT))] = reach

    def _names(
        self, kind: str, owner: int, known: Mapping[str, object]
    ) -> tuple[str, ...]:
        sql = "SELECT field FROM arrays WHERE kind = ? AND owner = ? ORDER BY field"
        names = tuple(str(row[0]) for row in self._rows(sql, kind, owner))
        return tuple(name for name in names if name in known)

    def _array(self, kind: str, owner: int, name: str) -> AnyArray:
        where = "WHERE kind = ? AND owner = ? AND field = ?"
        rows = self._rows(
            f"SELECT dtype, shape FROM arrays {where}",  # noqa: S608
            kind,
            owner,
            name,
        )
        if not rows:
            raise ValueError(f"array {name} is missing")
        dtype = np.dtype(_FIELDS[kind][name])
        shape = tuple(int(n) for n in json.loads(rows[0][1]))
        if rows[0][0] != dtype.str or min(shape, default=0) < 0:
            raise ValueError(f"array {name} has an unexpected form")
        if math.prod(shape) * dtype.itemsize > _MAX_ARRAY_BYTES:
            raise ValueError(f"array {name} is too large")
        chunks = self._rows(
            f"SELECT number, data FROM chunks {where} ORDER BY number",  # noqa: S608
            kind,
            owner,
            name,
        )
        content = b"".join(data for _, data in chunks)
        if len(content) != math.prod(shape) * dtype.itemsize:
            raise ValueError(f"array {name} is incomplete")
        if len(chunks) != math.ceil(shape[0] / CHUNK_FRAMES):
            raise ValueError(f"array {name} has chunks too many or too few")
        return np.frombuffer(content, dtype=dtype).reshape(shape).copy()


def open_reader(path: Path, *, is_writer: bool, has_log: bool) -> Reader:
    """A reader, also where a killed program left a log that cannot be taken in.

    SQLite needs to write beside a file to read its log; in a folder that cannot be
    written both are copied and the copy is read.

    Raises:
        StudioError: If it cannot be opened.
    """
    if not has_log:
        return Reader(path, is_immutable=not is_writer)
    reader = Reader(path)
    if reader.is_readable:
        return reader
    reader.close()
    scratch = TemporaryDirectory(prefix="hpe-studio-")
    try:
        for file in (path, path.with_name(f"{path.name}-wal")):
            shutil.copyfile(file, Path(scratch.name) / file.name)
    except OSError as error:
        scratch.cleanup()
        raise StudioError(
            f"cannot be read ({error.strerror})",
            path=path,
            fix="make room in the folder for temporary files",
        ) from None
    return Reader(path, scratch=scratch)


def clip_of(path: Path) -> Clip:
    """The clip a project is about, without reading the rest.

    Raises:
        StudioError: If it is no project or damaged.
    """
    check_version(path)
    has_log = path.with_name(f"{path.name}-wal").exists()
    reader = open_reader(path, is_writer=False, has_log=has_log)
    try:
        return reader.meta("clip", Clip)
    finally:
        reader.close()


class LazyArrays(Mapping[str, AnyArray]):
    """Arrays of an estimate or a truth, read from the project file on first use."""

    def __init__(
        self, reader: Reader, kind: str, owner: int, names: tuple[str, ...]
    ) -> None:
        self._reader = reader
        self._kind = kind
        self._owner = owner
        self._names = names
        self._loaded: dict[str, AnyArray] = {}

    def __getitem__(self, name: str) -> AnyArray:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._loaded:
            array = self._reader.array(self._kind, self._owner, name)
            self._loaded[name] = read_only(array)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
