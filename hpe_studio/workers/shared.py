"""A block of memory that the host writes pictures into and one guest reads."""

from __future__ import annotations

import contextlib
import mmap
import os
import tempfile
from pathlib import Path

import numpy as np

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError

_MEMORY_FOLDER = Path("/dev/shm")  # noqa: S108 - the system's own memory file system


class SharedBlock:
    """A memory-mapped file, removed from disk as soon as the guest has mapped it.

    A file (rather than `multiprocessing.shared_memory`) needs no tracker process, can
    be opened by any Python by its path, and leaves nothing behind when the host is
    killed, because the name is gone while both sides still hold the memory.

    Args:
        size: Number of bytes.

    Raises:
        StudioError: If neither memory nor the temporary folder has the room.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.path, descriptor = _create(size)
        try:
            self._map = mmap.mmap(descriptor, size)
        finally:
            os.close(descriptor)
        self._bytes = np.frombuffer(self._map, np.uint8)

    def view(self, offset: int, size: int) -> ByteArray:
        """Writable bytes of the block."""
        return self._bytes[offset : offset + size]

    def forget_name(self) -> None:
        """Remove the file; the memory lives until both sides let go of it.

        On Windows an open file cannot be removed, so there it happens in `close`.
        """
        with contextlib.suppress(OSError):
            self.path.unlink()

    def close(self) -> None:
        """Let go of the memory and of the file, if it still has a name."""
        self._bytes = np.empty(0, np.uint8)
        with contextlib.suppress(BufferError):  # a view is alive: freed with it
            self._map.close()
        self.forget_name()


def _create(size: int) -> tuple[Path, int]:
    folders = [_MEMORY_FOLDER] if _MEMORY_FOLDER.is_dir() else []
    folders.append(Path(tempfile.gettempdir()))
    prefix = f"hpe-studio-{os.getpid()}-"
    for folder in folders:
        try:
            descriptor, name = tempfile.mkstemp(prefix=prefix, dir=folder)
        except OSError:
            continue
        try:
            _reserve(descriptor, size)
        except OSError:
            os.close(descriptor)
            Path(name).unlink()
            continue
        return Path(name), descriptor
    raise StudioError(
        f"has no room for {size / 2**20:.0f} MiB of pictures",
        path=folders[-1],
        fix="free some space or set TMPDIR to another folder",
    )


def _reserve(descriptor: int, size: int) -> None:
    """Really take the room, so that writing later cannot fail half-way."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
    else:
        os.truncate(descriptor, size)
