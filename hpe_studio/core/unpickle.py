"""Arrays out of pickles and npz files that nobody vouches for.

A plain unpickler runs whatever the file tells it to. This one knows a handful of names
(containers, numpy arrays, scipy sparse matrices, chumpy variables), builds each by
itself from checked parts, and refuses every other name. Nothing of numpy, scipy or
chumpy is ever called by the file, and no array is made that its own bytes do not fill.

Python's own `pickle._Unpickler` is used, not the one in C: its memo is a dictionary,
so that a tiny file cannot make it reserve gigabytes.
"""

from __future__ import annotations

import io
import math
import pickle
import re
import struct
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.errors import StudioError

MAX_FILE_BYTES = 1024**3
"""Larger files, or archives that unpack to more, are refused."""

_MAX_DENSE_ELEMENTS = 8 * 1024**2
_FIX = "use the file as its makers offer it, or convert it to npz with plain arrays"
_DAMAGE = (
    pickle.UnpicklingError, EOFError, IndexError, KeyError, ValueError, TypeError,
    AttributeError, MemoryError, OverflowError, RecursionError, AssertionError,
    struct.error, zipfile.BadZipFile, zlib.error, NotImplementedError, SyntaxError,
)  # fmt: skip

_PythonUnpickler = pickle._Unpickler  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def read_pickle(path: Path) -> Any:
    """What a pickle holds: containers, numbers, text and numpy arrays.

    Sparse matrices and chumpy variables come out as plain (dense) arrays. Pickles of
    Python 2 are read as latin-1.

    Raises:
        StudioError: If the file is missing, too large, damaged, or asks for anything
            else; the message names what it asked for.
    """
    return unpickle_bytes(_read_bytes(path), path=path)


def unpickle_bytes(data: bytes, *, path: Path | None = None) -> Any:
    """As `read_pickle`, for the content of a file.

    Raises:
        StudioError: As `read_pickle`.
    """
    try:
        return _Finisher().finish(_Unpickler(io.BytesIO(data), path).load())
    except _DAMAGE as error:
        raise StudioError("is not a readable pickle", path=path, fix=_FIX) from error


def read_npz(path: Path) -> dict[str, Any]:
    """The arrays of an npz file by name; object arrays through the same refusals.

    A member that is a pickled single object (as ``np.savez`` makes of a dictionary)
    comes out as that object.

    Raises:
        StudioError: If the file is missing, too large, damaged or hostile.
    """
    data = _read_bytes(path)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [m for m in archive.infolist() if m.filename.endswith(".npy")]
            if sum(m.file_size for m in members) > MAX_FILE_BYTES:
                raise StudioError("unpacks to more than 1 GiB", path=path, fix=_FIX)
            return {
                m.filename[:-4]: _parse_npy(_read_member(archive, m), path)
                for m in members
            }
    except _DAMAGE as error:
        raise StudioError("is not a readable npz file", path=path, fix=_FIX) from error


def _read_bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise StudioError("is larger than 1 GiB", path=path, fix=_FIX)
        return path.read_bytes()
    except OSError as error:
        what = f"cannot be read ({error.strerror or error})"
        raise StudioError(what, path=path, fix="choose another file") from error


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as stream:
        data = stream.read(member.file_size + 1)
    if len(data) != member.file_size:
        raise ValueError("the archive lies about a size")
    return data


def _parse_npy(data: bytes, path: Path) -> Any:
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    reader = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, fortran, dtype = reader(stream)
    body = data[stream.tell() :]
    if not dtype.hasobject:
        return _array(body, dtype, shape, "F" if fortran else "C")
    value: Any = unpickle_bytes(body, path=path)
    return value[()] if np.ndim(value) == 0 else value


def _array(raw: bytes, dtype: np.dtype[Any], shape: Any, order: str = "C") -> AnyArray:
    """An array whose bytes are exactly there."""
    sizes = tuple(int(n) for n in shape)
    if dtype.hasobject or dtype.itemsize == 0 or min(sizes, default=0) < 0:
        raise ValueError("array of a kind that is not read")
    if math.prod(sizes) * dtype.itemsize != len(raw):
        raise ValueError("array and its bytes differ in size")
    flat = np.frombuffer(raw, dtype=dtype)
    fortran = order == "F"
    array = flat.reshape(sizes[::-1]).T if fortran else flat.reshape(sizes)
    return array.astype(dtype.newbyteorder("="), order="C")


class _Unpickler(_PythonUnpickler):
    """Python's unpickler with a closed list of names."""

    stack: list[Any]
    read: Callable[[int], bytes]
    append: Callable[[Any], None]

    def __init__(self, stream: io.BytesIO, path: Path | None) -> None:
        super().__init__(stream, encoding="latin1")
        self._path = path

    def find_class(self, module: str, name: str) -> Any:
        """The stand-in for a global name; everything else is refused."""
        if module.partition(".")[0] == "chumpy":
            return _Chumpy
        if module.startswith("scipy.sparse") and name[:3] in ("csc", "csr", "coo"):
            return _SPARSE[name[:3]]
        found = _GLOBALS.get((module.replace("numpy._core", "numpy.core"), name))
        if found is None:
            raise StudioError(
                f"asks to run {module}.{name}, which no file of arrays needs",
                path=self._path,
                fix="do not trust it; " + _FIX,
            )
        return found

    def persistent_load(self, pid: Any) -> Any:
        """Refused: arrays have no outside references."""
        raise pickle.UnpicklingError(f"outside reference {pid!r}")

    def _build(self) -> None:
        """BUILD, which by itself would set attributes on anything."""
        state: Any = self.stack.pop()
        built: Any = self.stack[-1]
        if isinstance(built, _Part):
            built.state = state
        elif state:
            raise pickle.UnpicklingError("state for a kind that has none")

    def _bytearray(self) -> None:
        """BYTEARRAY8, which by itself would reserve the length it claims."""
        (length,) = struct.unpack("<Q", self.read(8))
        self.append(self.read(length))

    dispatch: ClassVar[dict[int, Callable[..., None]]] = {
        **_PythonUnpickler.dispatch,
        pickle.BUILD[0]: _build,
        pickle.BYTEARRAY8[0]: _bytearray,
    }


class _Part:
    """Something the pickle builds in steps: made, then given its state."""

    state: Any = None

    def __init__(self, *_: Any) -> None:
        pass

    def resolved(self, finisher: _Finisher) -> Any:
        """What the part stands for."""
        raise pickle.UnpicklingError(f"unfinished {type(self).__name__} {finisher}")


class _Chumpy(_Part):
    """A chumpy variable; its value is the array `x` of its state."""

    def resolved(self, finisher: _Finisher) -> Any:
        return finisher.finish(self.state["x"])


class _DType(_Part):
    """A numpy dtype of plain numbers or text; its state tells the byte order."""

    def __init__(self, code: Any = "", *_: Any) -> None:
        text = str(code)
        if not re.fullmatch(r"[<>|=]?(?:[biufcSUO?]\d{0,6}|bool)", text):
            raise ValueError(f"dtype {text!r}")
        self._dtype = np.dtype(text)

    def resolved(self, finisher: _Finisher) -> np.dtype[Any]:
        """The dtype in the byte order of the file."""
        state = finisher.finish(self.state)
        return self._dtype.newbyteorder(state[1] if state else "|")


class _NdArray(_Part):
    """A numpy array; its state is (version, shape, dtype, is Fortran, bytes)."""

    def resolved(self, finisher: _Finisher) -> AnyArray:
        shape, dtype, fortran, raw = self.state[-4:]
        kind = dtype.resolved(finisher)
        if kind.hasobject:
            return _object_array(finisher.finish(raw), shape, "F" if fortran else "C")
        return _array(_bytes(raw), kind, shape, "F" if fortran else "C")


class _FromBuffer(_Part):
    """A numpy array as protocol 5 writes it: (buffer, dtype, shape, order)."""

    def __init__(self, raw: Any, dtype: Any, shape: Any, order: str = "C") -> None:
        self.state = (shape, dtype, order == "F", raw)

    resolved = _NdArray.resolved


class _Scalar(_Part):
    """A numpy number: (dtype, bytes)."""

    def __init__(self, dtype: Any, raw: Any = b"") -> None:
        self.state = ((), dtype, False, raw)

    def resolved(self, finisher: _Finisher) -> Any:
        """The number."""
        return _NdArray.resolved(self, finisher)[()]  # type: ignore[arg-type]


class _Sparse(_Part):
    """A scipy sparse matrix; read as a dense array."""

    def resolved(self, finisher: _Finisher) -> AnyArray:
        state = finisher.finish(self.state)
        rows, columns = (int(n) for n in state.get("_shape", state.get("shape")))
        if min(rows, columns) < 0 or rows * columns > _MAX_DENSE_ELEMENTS:
            raise ValueError("sparse matrix too large")
        dense = np.zeros((rows, columns), np.asarray(state["data"]).dtype)
        row, column = self.places(state)
        np.add.at(
            dense, (_indices(row, rows), _indices(column, columns)), state["data"]
        )
        return dense

    def places(self, state: dict[str, Any]) -> tuple[AnyArray, AnyArray]:
        """Row and column of each stored value."""
        if "coords" in state:
            return state["coords"]
        return state["row"], state["col"]


class _Compressed(_Sparse):
    def places(self, state: dict[str, Any]) -> tuple[AnyArray, AnyArray]:
        counts = np.diff(state["indptr"].astype(np.int64))
        if counts.min(initial=0) < 0 or counts.sum() != len(state["indices"]):
            raise ValueError("sparse matrix with broken rows")
        major = np.repeat(np.arange(len(counts)), counts)
        return self.ordered(major, state["indices"])

    def ordered(self, major: AnyArray, minor: AnyArray) -> tuple[AnyArray, AnyArray]:
        """Row and column, whichever of the two is compressed."""
        return major, minor


class _CompressedColumns(_Compressed):
    def ordered(self, major: AnyArray, minor: AnyArray) -> tuple[AnyArray, AnyArray]:
        return minor, major


_SPARSE = {"csr": _Compressed, "csc": _CompressedColumns, "coo": _Sparse}


class _Finisher:
    """Turns the parts a pickle built into what they stand for, each one once."""

    def __init__(self) -> None:
        self._done: dict[int, Any] = {}
        self._kept: list[Any] = []

    def finish(self, value: Any) -> Any:
        if isinstance(value, str | bytes | int | float | complex | type(None)):
            return value
        if id(value) not in self._done:
            self._kept.append(value)  # an id is only unique while the object lives
            self._done[id(value)] = self._finished(value)
        return self._done[id(value)]

    def _finished(self, value: Any) -> Any:
        if isinstance(value, _Part):
            return value.resolved(self)
        if isinstance(value, dict):
            items = cast("dict[Any, Any]", value).items()
            return {self.finish(k): self.finish(v) for k, v in items}
        if isinstance(value, list | tuple | set | frozenset):
            members = cast("list[Any]", value)
            return type(members)([self.finish(v) for v in members])
        return value


def _object_array(items: Any, shape: Any, order: str) -> AnyArray:
    sizes = tuple(int(n) for n in shape)
    if math.prod(sizes) != len(items):
        raise ValueError("object array and its items differ in number")
    array = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    return array.reshape(sizes, order="F" if order == "F" else "C")


def _indices(values: AnyArray, limit: int) -> AnyArray:
    out = np.asarray(values).astype(np.int64)
    if out.size and (out.min() < 0 or out.max() >= limit):
        raise ValueError("sparse matrix index out of range")
    return out


def _bytes(raw: Any) -> bytes:
    """Bytes as they are; Python 2 wrote them as text."""
    return raw.encode("latin1") if isinstance(raw, str) else bytes(memoryview(raw))


def _encode(text: str, _encoding: str = "latin1") -> bytes:
    """What `_codecs.encode` is used for by pickles: bytes as latin-1 text."""
    return text.encode("latin1")


def _reconstructor(kind: Any, _base: Any = None, _state: Any = None) -> Any:
    """What `copyreg._reconstructor` is used for: an instance without arguments."""
    if not (isinstance(kind, type) and issubclass(kind, _Part)):
        raise pickle.UnpicklingError("instance of a kind that is not read")
    return kind()


def _reconstruct(*_: Any) -> _NdArray:
    """What numpy's `_reconstruct` is used for: an array still without its state."""
    return _NdArray()


_GLOBALS: dict[tuple[str, str], type | Callable[..., Any]] = {
    ("numpy", "ndarray"): _NdArray,
    ("numpy", "dtype"): _DType,
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy.core.multiarray", "scalar"): _Scalar,
    ("numpy.core.numeric", "_frombuffer"): _FromBuffer,
    ("collections", "OrderedDict"): OrderedDict,
    ("builtins", "set"): set,
    ("builtins", "frozenset"): frozenset,
    ("builtins", "object"): object,
    ("__builtin__", "set"): set,
    ("__builtin__", "frozenset"): frozenset,
    ("__builtin__", "object"): object,
    ("copy_reg", "_reconstructor"): _reconstructor,
    ("copyreg", "_reconstructor"): _reconstructor,
    ("_codecs", "encode"): _encode,
}
