"""Arrays out of pickles and npz files that nobody vouches for.

A plain unpickler runs whatever the file tells it to. This one knows a handful of names
(containers, numpy arrays, scipy sparse matrices, chumpy variables, arrays of joblib,
tensors of torch), builds each by itself from checked parts, and refuses every other
name. Nothing of numpy, scipy, chumpy, joblib or torch is ever called by the file, and
no array is made that its own bytes do not fill.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import tokenize
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.errors import StudioError
from hpe_studio.core.pickle_joblib import JOBLIB_GLOBALS, decompressed
from hpe_studio.core.pickle_parts import (
    FIX,
    Finisher,
    Globals,
    Unpickler,
    checked_array,
)
from hpe_studio.core.pickle_scan import UnsureError, quickly_built
from hpe_studio.core.pickle_torch import (
    LEGACY_TORCH_HEAD,
    TORCH_GLOBALS,
    is_torch_archive,
    legacy_torch_value,
    torch_archive_value,
)
from hpe_studio.core.zip_members import ZIP_HEAD, zip_members

MAX_FILE_BYTES = 1024**3
"""Larger files, or archives that unpack to more, are refused."""

_DAMAGE = (
    pickle.UnpicklingError, EOFError, IndexError, KeyError, ValueError, TypeError,
    AttributeError, MemoryError, OverflowError, RecursionError, AssertionError,
    struct.error, zipfile.BadZipFile, zlib.error, NotImplementedError, SyntaxError,
    tokenize.TokenError, RuntimeError,
)  # fmt: skip

_GLOBALS: Globals = {**JOBLIB_GLOBALS, **TORCH_GLOBALS}


def read_pickle(path: Path) -> Any:
    """What a pickle holds: containers, numbers, text and numpy arrays.

    Sparse matrices, chumpy variables and tensors come out as plain (dense) arrays.
    Pickles of Python 2 are read as latin-1. Files of joblib (also compressed) and of
    ``torch.save`` are read as well.

    Raises:
        StudioError: If the file is missing, too large, damaged, or asks for anything
            else; the message names what it asked for.
    """
    return unpickle_bytes(_read_bytes(path), path=path)


def unpickle_bytes(
    data: bytes, *, path: Path | None = None, without: frozenset[str] = frozenset()
) -> Any:
    """As `read_pickle`, for the content of a file.

    Args:
        data: The content.
        path: The file, for messages.
        without: Keys of dictionaries that are left out with their values.

    Raises:
        StudioError: As `read_pickle`.
    """
    try:
        return quickly_built(data, without)
    except (UnsureError, *_DAMAGE):
        pass  # what is unusual is read, or refused by name, the slow way
    try:
        if data[:4] == ZIP_HEAD:
            return _torch_archive(data, path)
        if data.startswith(LEGACY_TORCH_HEAD):
            return legacy_torch_value(data, path)
        content = decompressed(data, limit=MAX_FILE_BYTES, path=path)
        unpickler = Unpickler(io.BytesIO(content), path, _GLOBALS)
        return Finisher(without).finish(unpickler.load())
    except _DAMAGE as error:
        raise StudioError("is not a readable pickle", path=path, fix=FIX) from error


def read_npz(path: Path, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The arrays of an npz file by name; object arrays through the same refusals.

    A member that is a pickled single object (as ``np.savez`` makes of a dictionary)
    comes out as that object.

    Args:
        path: The file.
        without: Keys within such dictionaries that are left out with their values.

    Raises:
        StudioError: If the file is missing, too large, damaged or hostile.
    """
    data = _read_bytes(path)
    try:
        members = zip_members(data, limit=MAX_FILE_BYTES, path=path)
        return {
            name[:-4]: _parse_npy(content, path, without)
            for name, content in members.items()
            if name.endswith(".npy")
        }
    except _DAMAGE as error:
        raise StudioError("is not a readable npz file", path=path, fix=FIX) from error


def read_npy(path: Path) -> Any:
    """The array of an npy file, or the single object that was saved as one.

    Raises:
        StudioError: If the file is missing, too large, damaged or hostile.
    """
    data = _read_bytes(path)
    try:
        return _parse_npy(data, path)
    except _DAMAGE as error:
        raise StudioError("is not a readable npy file", path=path, fix=FIX) from error


def _read_bytes(path: Path) -> bytes:
    try:
        with open(path, "rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_size > MAX_FILE_BYTES:
                raise StudioError("is larger than 1 GiB", path=path, fix=FIX)
            return file.readall()
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise StudioError(what, path=path, fix="choose another file") from error


def _torch_archive(data: bytes, path: Path | None) -> Any:
    members = zip_members(data, limit=MAX_FILE_BYTES, path=path)
    if not is_torch_archive(members):
        raise ValueError("an archive of something else")
    return torch_archive_value(members, path)


def _parse_npy(data: bytes, path: Path, without: frozenset[str] = frozenset()) -> Any:
    length, offset = (2, 10) if data[6:7] == b"\x01" else (4, 12)
    start = offset + int.from_bytes(data[8 : 8 + length], "little")
    shape, fortran, dtype = _npy_header(data[:start])
    body = data[start:]
    if not dtype.hasobject:
        return checked_array(body, dtype, shape, "F" if fortran else "C")
    value: Any = unpickle_bytes(body, path=path, without=without)
    return value[()] if np.ndim(value) == 0 else value


@lru_cache(maxsize=256)
def _npy_header(head: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    stream = io.BytesIO(head)
    version = np.lib.format.read_magic(stream)
    reader = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    return reader(stream)
