"""One writer per project: an advisory lock that dies with its process."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO


class ProjectLock:
    """Held while a project is open for writing.

    The lock file lies beside the project; its lock, not its existence, counts, so that
    a killed program leaves nothing to clean up.
    """

    def __init__(self, project_path: Path) -> None:
        self._path = project_path.with_name(project_path.name + "-lock")
        self._file: IO[bytes] | None = None

    def acquire(self) -> bool:
        """Try to become the writer.

        Raises:
            OSError: If the folder cannot be written.
        """
        while True:
            file = self._path.open("ab")
            try:
                _lock(file)
            except OSError:
                file.close()
                return False
            if self._is_still(file):
                self._file = file
                return True
            file.close()  # the one before let go of it meanwhile: it is not there now

    def release(self) -> None:
        """Let others write; removes the lock file."""
        if self._file is not None:
            self._path.unlink(missing_ok=True)
            self._file.close()
            self._file = None

    def _is_still(self, file: IO[bytes]) -> bool:
        """True where the opened file is the one that lies beside the project."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), self._path.stat())
        except FileNotFoundError:
            return False


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_writable_folder(folder: Path) -> bool:
    """True where new files can be made."""
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
