"""Tables of a project file and how its version is told."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from hpe_studio.core.errors import StudioError

APPLICATION_ID = 0x48504553
"""SQLite's application id: "HPES"."""

SCHEMA_VERSION = 2
"""The newest version read; a file is written as the lowest that has room for it."""

VERSION_OF_TABLE: Mapping[str, int] = MappingProxyType({"views": 2, "truths": 2})
"""Tables of the document that came later than version 1."""

SIGHT = "sight/"
"""Beginning of the names of facts about steps made with the truth in sight."""

CHUNK_FRAMES = 256
"""Rows of an array per stored blob."""

SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE items (
    kind TEXT NOT NULL, key BLOB NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE arrays (
    kind TEXT NOT NULL, owner INTEGER NOT NULL, field TEXT NOT NULL,
    dtype TEXT NOT NULL, shape TEXT NOT NULL,
    PRIMARY KEY (kind, owner, field)) WITHOUT ROWID;
CREATE TABLE chunks (
    kind TEXT NOT NULL, owner INTEGER NOT NULL, field TEXT NOT NULL,
    number INTEGER NOT NULL, data BLOB NOT NULL,
    PRIMARY KEY (kind, owner, field, number));
CREATE TABLE steps (
    id INTEGER PRIMARY KEY, label TEXT NOT NULL, bytes INTEGER NOT NULL,
    records BLOB NOT NULL);
"""


def create_schema(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty project file."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute("PRAGMA user_version = 1")
    connection.executescript(SCHEMA)


def version_statement(table: str) -> str | None:
    """What marks a file as one with this table, or None where any version has it."""
    version = VERSION_OF_TABLE.get(table)
    return None if version is None else f"PRAGMA user_version = {version}"


def check_version(path: Path) -> None:
    """Refuse what is not a project file of this or an older version.

    Reads the file's header itself, so that nothing is opened for writing before.
    Source: SQLite's database file format, bytes 60 (user version) and 68
    (application id).

    Raises:
        StudioError: Saying which it is and what to do.
    """
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except OSError as error:
        raise StudioError(
            f"cannot be read ({error.strerror})",
            path=path,
            fix="check that you may read it",
        ) from None
    application = int.from_bytes(header[68:72], "big")
    if not header.startswith(b"SQLite format 3\0") or application != APPLICATION_ID:
        raise not_a_project(path, None)
    version = int.from_bytes(header[60:64], "big")
    if version > SCHEMA_VERSION:
        raise StudioError(
            f"was written by a newer HPE Studio (file version {version}, this one "
            f"reads up to {SCHEMA_VERSION})",
            path=path,
            fix="update HPE Studio to open it",
        )


def not_a_project(path: Path, error: sqlite3.DatabaseError | None) -> StudioError:
    """The error for a file that is no project or a damaged one."""
    damaged = error is not None and "malformed" in str(error)
    if damaged:
        return StudioError(
            "is damaged", path=path, fix="open a copy of it from your backup"
        )
    return StudioError(
        "is not an HPE Studio project", path=path, fix="open a .hpes file or a movie"
    )
