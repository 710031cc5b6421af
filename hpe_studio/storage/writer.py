"""The storage thread: transactions in order, small ones waited for."""

from __future__ import annotations

import errno
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from hpe_studio.core.errors import StudioError
from hpe_studio.storage.plan import Plan

WAIT_BELOW_BYTES = 8 * 1024 * 1024
"""Commits up to this size are on disk before the edit returns."""

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_WAY_OUT = "make room and try again, or save a copy; the edit is still in the window"


@dataclass(kw_only=True, slots=True)
class _Task:
    plan: Plan
    is_retry: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None


class Writer:
    """Owns the writing connection; every plan is one durable transaction.

    When a plan that nobody waits for fails, all later ones are held back or refused:
    they build on it, and the file is to stay what it was at one moment. `retry` writes
    what was held back.

    Args:
        path: The project file.
        on_failed: Called from the storage thread when a large commit that nobody
            waits for could not be written.
    """

    def __init__(self, path: Path, on_failed: Callable[[StudioError], None]) -> None:
        self._path = path
        self._on_failed = on_failed
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._idle = threading.Event()
        self._idle.set()
        self._pending = 0
        self._lost: StudioError | None = None
        self._held: list[Plan] = []
        self._mutex = threading.Lock()
        self._connection = open_for_writing(path)
        self._thread = threading.Thread(target=self._run, name="storage")
        self._thread.start()

    @property
    def is_idle(self) -> bool:
        """True when everything given so far is on disk."""
        return self._idle.is_set()

    @property
    def has_held(self) -> bool:
        """True where edits are in the document that could not be written."""
        return self._lost is not None

    def retry(self) -> None:
        """Write what could not be written before.

        Raises:
            StudioError: If it still cannot; it is held back as before.
        """
        task = _Task(plan=Plan(), is_retry=True)
        self._give(task)
        task.done.wait()
        if task.error is not None:
            raise self._explained(task.error)

    def write(self, plan: Plan) -> None:
        """Write a plan; returns when it is on disk, or at once where it is large.

        Raises:
            StudioError: If it could not be written.
        """
        task = _Task(plan=plan)
        self._give(task)
        if plan.byte_count <= WAIT_BELOW_BYTES:
            task.done.wait()
            if task.error is not None:
                raise self._explained(task.error)

    def _give(self, task: _Task) -> None:
        with self._mutex:
            self._pending += 1
            self._idle.clear()
        self._tasks.put(task)

    def flush(self) -> None:
        """Wait until everything given so far is on disk."""
        self._idle.wait()

    def close(self) -> None:
        """Write what is left, fold the log into the one file and end the thread."""
        self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                if task.is_retry:
                    self._write_held()
                elif self._lost is not None:
                    raise self._lost
                else:
                    self._transact(task.plan)
            except (sqlite3.Error, StudioError) as error:
                task.error = error
                if task.plan.byte_count > WAIT_BELOW_BYTES:
                    self._hold(task.plan, error)
            finally:
                with self._mutex:
                    self._pending -= 1
                    if self._pending == 0:
                        self._idle.set()
                task.done.set()
        close_cleanly(self._connection)

    def _hold(self, plan: Plan, error: sqlite3.Error | StudioError) -> None:
        """Keep a plan whose edit is in the document although it was not written."""
        self._held.append(plan)
        if self._lost is None:
            told = self._explained(error)
            self._lost = StudioError(told.what, path=self._path, fix=_WAY_OUT)
            self._on_failed(self._lost)

    def _write_held(self) -> None:
        while self._held:
            try:
                self._transact(self._held[0])
            except sqlite3.Error as error:
                told = self._explained(error)
                raise StudioError(told.what, path=self._path, fix=_WAY_OUT) from None
            del self._held[0]
        self._lost = None

    def _transact(self, plan: Plan) -> None:
        connection = self._connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for sql, values in plan.statements:
                connection.execute(sql, values)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _explained(self, error: BaseException) -> StudioError:
        if isinstance(error, StudioError):
            return error
        return explain_write_error(error, self._path)


def explain_write_error(
    error: BaseException,
    path: Path,
    *,
    fix: str = "make room and repeat the edit, which was taken back",
) -> StudioError:
    """One sentence for what SQLite or the system says when it cannot write.

    Args:
        error: What it said.
        path: What was to be written.
        fix: The way out where the disk is full.
    """
    text = str(error)
    is_full = isinstance(error, OSError) and error.errno in _FULL
    if is_full or "full" in text or "disk I/O" in text:
        what = "could not be saved because the disk is full"
        return StudioError(what, path=path, fix=fix)
    if "readonly" in text:
        return StudioError(
            "could not be saved because it is read-only", path=path, fix="save a copy"
        )
    return StudioError(f"could not be saved ({text})", path=path, fix="save a copy")


def open_for_writing(path: Path) -> sqlite3.Connection:
    """A connection whose transactions survive power loss (WAL, synchronous FULL)."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def close_cleanly(connection: sqlite3.Connection) -> None:
    """Fold the write-ahead log into the file so that one file is the project."""
    try:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error:  # a reader or a full disk keeps the log; nothing is lost
        pass
    finally:
        connection.close()
