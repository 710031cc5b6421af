"""Writing files so that the good is only ever replaced by the complete."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Generator
from pathlib import Path

from hpe_studio.core.errors import StudioError


@contextlib.contextmanager
def replacing(path: Path) -> Generator[Path]:
    """A path beside the goal to write to; it replaces the goal when all went well.

    What is written is synced to disk before; after an exception the goal is as it was
    and nothing is left beside it.

    Raises:
        OSError: If the folder cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        yield temporary
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def write_replacing(path: Path, data: bytes) -> None:
    """Write a whole file, replacing what is there at the end.

    Raises:
        StudioError: If it cannot be written; what was there is as it was.
    """
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(data)
    except OSError as error:
        raise StudioError(
            f"cannot be written ({error.strerror})",
            path=path,
            fix="make room or choose another folder",
        ) from None
