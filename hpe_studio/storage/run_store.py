"""Detections of a running estimate on disk, so that a stopped run goes on."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from hpe_studio.core.observations import Detection, FrameDetections
from hpe_studio.storage.codec import decode, encode
from hpe_studio.storage.lock import ProjectLock
from hpe_studio.storage.writer import explain_write_error

_KEPT_S = 30 * 24 * 3600.0
_WAY_OUT = "make room and run again: what was found so far is kept"


class RunStore:
    """What was found so far, frame by frame; made anew where it is damaged.

    Args:
        path: The file; its name tells footage and settings apart.
        lock: Held until the store is closed.

    Raises:
        StudioError: If it cannot be written.
    """

    def __init__(self, path: Path, lock: ProjectLock | None = None) -> None:
        self._path = path
        self._lock = lock
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._opened()
        except (sqlite3.Error, OSError) as error:
            raise explain_write_error(error, path, fix=_WAY_OUT) from None

    def add(self, found: Iterable[FrameDetections]) -> None:
        """Keep some frames.

        Raises:
            StudioError: If they could not be written.
        """
        rows = [
            (item.frame, msgspec.msgpack.encode([encode(d) for d in item.detections]))
            for item in found
        ]
        try:
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO found VALUES (?, ?)", rows
                )
        except sqlite3.Error as error:
            raise explain_write_error(error, self._path, fix=_WAY_OUT) from None

    def load(self, start: int, stop: int) -> list[FrameDetections]:
        """What is kept of the frames [start, stop), in their order."""
        rows: list[tuple[int, bytes]] = self._connection.execute(
            "SELECT frame, data FROM found WHERE frame >= ? AND frame < ? "
            "ORDER BY frame",
            (start, stop),
        ).fetchall()
        return [
            FrameDetections(
                frame=frame,
                detections=tuple(
                    decode(item, Detection)
                    for item in msgspec.msgpack.decode(data, type=list[bytes])
                ),
            )
            for frame, data in rows
        ]

    def close(self, *, discard: bool) -> None:
        """Let the file go; `discard` it when the run is finished."""
        self._connection.close()
        if discard:
            self._path.unlink(missing_ok=True)
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connect(self._path)
        except sqlite3.DatabaseError:  # damaged: what it held is found again
            self._path.unlink(missing_ok=True)
            return _connect(self._path)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS found (frame INTEGER PRIMARY KEY, data BLOB)"
        )
        checked: list[Any] = connection.execute("PRAGMA quick_check(1)").fetchall()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    if checked != [("ok",)]:
        connection.close()
        raise sqlite3.DatabaseError("damaged")
    return connection


def run_store_name(*parts: Any) -> str:
    """A file name that is the same for the same footage and settings."""
    text = msgspec.json.encode([str(part) for part in parts])
    return f"{hashlib.sha256(text).hexdigest()[:24]}.run"


def open_run_store(folder: Path, name: str) -> RunStore:
    """The store of a run; a private one while another program runs the same.

    Stores of runs that nobody went on with for a month are removed.

    Raises:
        StudioError: If the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = ProjectLock(folder / name)
        if not lock.acquire():
            lock, name = None, f"{os.getpid()}-{name}"
        oldest_s = time.time() - _KEPT_S
        for old in folder.glob("*.run"):
            if old.name != name and old.stat().st_mtime < oldest_s:
                old.unlink(missing_ok=True)
    except OSError as error:
        raise explain_write_error(error, folder, fix=_WAY_OUT) from None
    return RunStore(folder / name, lock)
