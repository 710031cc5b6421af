"""Which names a file of results holds, to tell producers apart by content."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

from hpe_studio.core.pickle_joblib import head_of

_MOST_BYTES = 16 * 1024**2  # of a pickle: the keys of the first person or frame
_LENGTH = re.compile(rb"(?:[\x8cU]([\x03-\x28])|X([\x03-\x28])\0\0\0)", re.DOTALL)
_NAME = re.compile(rb"[A-Za-z0-9_][\w.]*")
_HEADS = (
    b"PK\x03\x04",
    b"\x80",
    b"\x78",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ",
    b"\x5d\0\0",
)
_NPY_HEAD = b"\x93NUMPY"
_DAMAGE = (
    OSError, EOFError, ValueError, RuntimeError, struct.error, zlib.error,
    zipfile.BadZipFile,
)  # fmt: skip


def names_in(path: Path, head: bytes) -> frozenset[str]:
    """Names of arrays and keys near the beginning of an archive or pickle.

    Args:
        path: The file.
        head: Its first bytes.

    Returns:
        Members of an npz file without ".npy", keys of dictionaries as pickled; nothing
        for other kinds of files. Now and then bytes of an array look like a name.
    """
    if not head.startswith((*_HEADS, _NPY_HEAD)):
        return frozenset()
    try:
        about = path.stat()
        return _names(path, about.st_mtime_ns, about.st_size)
    except _DAMAGE:
        return frozenset()


@lru_cache(maxsize=256)
def _names(path: Path, _changed: int, _size: int) -> frozenset[str]:
    if zipfile.is_zipfile(path):
        return _names_in_archive(path)
    with path.open("rb") as file:
        return _keys(head_of(file.read(_MOST_BYTES), _MOST_BYTES))


def _names_in_archive(path: Path) -> frozenset[str]:
    names: set[str] = set()
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            names.add(member.filename.removesuffix(".npy"))
            if member.filename.endswith((".npy", "data.pkl")):
                with archive.open(member) as stream:
                    start = stream.read(4096)
                    if start.startswith(_NPY_HEAD) and b"'|O'" not in start[:256]:
                        continue
                    names |= _keys(start + stream.read(_MOST_BYTES))
    return frozenset(names)


def _keys(data: bytes) -> frozenset[str]:
    found: set[str] = set()
    for length in _LENGTH.finditer(data):
        start = length.end()
        name = data[start : start + (length[1] or length[2])[0]]
        if _NAME.fullmatch(name):
            found.add(name.decode("latin1"))
    return frozenset(found)
