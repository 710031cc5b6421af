"""What a pickle may build: stand-ins for arrays, and the unpickler that knows them.

Python's own `pickle._Unpickler` is used, not the one in C: its memo is a dictionary,
so that a tiny file cannot make it reserve gigabytes (`core.pickle_scan` tells when the
one in C is safe). Torch's tensors and joblib's arrays stand in `core.pickle_torch` and
`core.pickle_joblib`.
"""

from __future__ import annotations

import io
import math
import pickle
import re
import struct
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, cast

import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.errors import StudioError

FIX = "use the file as its makers offer it, or convert it to npz with plain arrays"
MAX_DENSE_ELEMENTS = 8 * 1024**2
_MOST_TOLD = 120  # letters of a name that a hostile file made up
"""More numbers than this are never made of fewer bytes."""

Globals = Mapping[tuple[str, str], Any]


class RefusedError(StudioError):
    """A file asks for something to be run."""


_PythonUnpickler = pickle._Unpickler  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def checked_array(
    raw: bytes, dtype: np.dtype[Any], shape: Any, order: str = "C"
) -> AnyArray:
    """An array whose bytes are exactly there."""
    sizes = tuple(map(int, shape))
    if dtype.hasobject or dtype.itemsize == 0 or min(sizes, default=0) < 0:
        raise ValueError("array of a kind that is not read")
    if math.prod(sizes) * dtype.itemsize != len(raw):
        raise ValueError("array and its bytes differ in size")
    flat = np.frombuffer(raw, dtype=dtype)
    fortran = order == "F"
    array = flat.reshape(sizes[::-1]).T if fortran else flat.reshape(sizes)
    if dtype.isnative:
        return array.copy(order="C")
    return array.astype(dtype.newbyteorder("="), order="C")


class Unpickler(_PythonUnpickler):
    """Python's unpickler with a closed list of names."""

    stack: list[Any]
    read: Callable[[int], bytes]
    append: Callable[[Any], None]

    def __init__(
        self, stream: io.BytesIO, path: Path | None, more: Globals | None = None
    ) -> None:
        super().__init__(stream, encoding="latin1")
        self.stream = stream
        self.path = path
        self.more: Globals = {} if more is None else more
        self.storages: Callable[[Any], Any] | None = None

    def find_class(self, module: str, name: str) -> Any:
        """The stand-in for a global name; everything else is refused."""
        if module.partition(".")[0] == "chumpy":
            return _Chumpy
        if module.startswith("scipy.sparse") and name[:3] in ("csc", "csr", "coo"):
            return _SPARSE[name[:3]]
        key = (module.replace("numpy._core", "numpy.core"), name)
        found = GLOBALS.get(key, self.more.get(key))
        if found is None:
            asked = "".join(c if c.isprintable() else " " for c in f"{module}.{name}")
            raise RefusedError(
                f"asks to run {asked[:_MOST_TOLD]}, which no file of arrays needs",
                path=self.path,
                fix="do not trust it; " + FIX,
            )
        return found

    def persistent_load(self, pid: Any) -> Any:
        """A tensor's storage within a file of torch; refused elsewhere."""
        if self.storages is None:
            raise pickle.UnpicklingError(f"outside reference {pid!r}")
        return self.storages(pid)

    def _build(self) -> None:
        """BUILD, which by itself would set attributes on anything."""
        state: Any = self.stack.pop()
        built: Any = self.stack[-1]
        if isinstance(built, Part):
            built.state = state
            built.take_from(self)
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


class Part:
    """Something the pickle builds in steps: made, then given its state."""

    state: Any = None

    def __init__(self, *_: Any) -> None:
        pass

    def __setstate__(self, state: Any) -> None:
        """BUILD of the unpickler in C: nothing but the state can be set."""
        self.state = state

    def take_from(self, unpickler: Unpickler) -> None:
        """Read what follows the part in the stream; most parts have nothing there."""

    def resolved(self, finisher: Finisher) -> Any:
        """What the part stands for."""
        raise pickle.UnpicklingError(f"unfinished {type(self).__name__} {finisher}")


class _Chumpy(Part):
    """A chumpy variable; its value is the array `x` of its state."""

    def resolved(self, finisher: Finisher) -> Any:
        return finisher.finish(self.state["x"])


class DType(Part):
    """A numpy dtype of plain numbers or text; its state tells the byte order."""

    def __init__(self, code: Any = "", *_: Any) -> None:
        self._text = str(code)

    def resolved(self, finisher: Finisher) -> np.dtype[Any]:
        """The dtype in the byte order of the file; `finisher` has nothing to do."""
        del finisher
        order = self.state[1] if self.state else "|"
        return _dtype(self._text, order if isinstance(order, str) else "|")


@lru_cache(maxsize=256)
def _dtype(text: str, order: str) -> np.dtype[Any]:
    if not re.fullmatch(r"[<>|=]?(?:[biufcSUO?]\d{0,6}|bool)", text):
        raise ValueError(f"dtype {text!r}")
    return np.dtype(text).newbyteorder(cast("Any", order))


class NdArray(Part):
    """A numpy array; its state is (version, shape, dtype, is Fortran, bytes)."""

    def resolved(self, finisher: Finisher) -> AnyArray:
        """The array, of numbers or of objects."""
        shape, dtype, fortran, raw = self.state[-4:]
        kind = dtype.resolved(finisher)
        if kind.hasobject:
            return _object_array(finisher.finish(raw), shape, "F" if fortran else "C")
        return checked_array(_bytes(raw), kind, shape, "F" if fortran else "C")


class FromBuffer(Part):
    """A numpy array as protocol 5 writes it: (buffer, dtype, shape, order)."""

    def __init__(self, raw: Any, dtype: Any, shape: Any, order: str = "C") -> None:
        self.state = (shape, dtype, order == "F", raw)

    resolved = NdArray.resolved


class Scalar(Part):
    """A numpy number: (dtype, bytes)."""

    def __init__(self, dtype: Any, raw: Any = b"") -> None:
        self.state = ((), dtype, False, raw)

    def resolved(self, finisher: Finisher) -> Any:
        """The number."""
        return NdArray.resolved(self, finisher)[()]  # type: ignore[arg-type]


class _Sparse(Part):
    """A scipy sparse matrix; read as a dense array."""

    def resolved(self, finisher: Finisher) -> AnyArray:
        state = finisher.finish(self.state)
        rows, columns = (int(n) for n in state.get("_shape", state.get("shape")))
        if min(rows, columns) < 0 or rows * columns > MAX_DENSE_ELEMENTS:
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


_PLAIN = frozenset({str, bytes, int, float, complex, bool})


class Finisher:
    """Turns the parts a pickle built into what they stand for, each one once.

    Args:
        without: Keys of dictionaries that are left out with their values.
    """

    def __init__(self, without: frozenset[str] = frozenset()) -> None:
        self._without = without
        self._done: dict[int, Any] = {}
        self._kept: list[Any] = []

    def finish(self, value: Any) -> Any:
        """What a value stands for, containers and all.

        Raises:
            ValueError: If a part is not what it claims to be.
        """
        if value is None or type(value) in _PLAIN:
            return value
        if id(value) not in self._done:
            self._kept.append(value)  # an id is only unique while the object lives
            self._done[id(value)] = self._finished(value)
        return self._done[id(value)]

    def _finished(self, value: Any) -> Any:
        if isinstance(value, Part):
            return value.resolved(self)
        if isinstance(value, dict):
            items = cast("dict[Any, Any]", value).items()
            left_out = self._without
            return {
                self.finish(k): self.finish(v)
                for k, v in items
                if not left_out or type(k) is not str or k not in left_out
            }
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
    if isinstance(raw, bytes):
        return raw
    return raw.encode("latin1") if isinstance(raw, str) else bytes(memoryview(raw))


def _encode(text: str, _encoding: str = "latin1") -> bytes:
    """What `_codecs.encode` is used for by pickles: bytes as latin-1 text."""
    return text.encode("latin1")


def _reconstructor(kind: Any, _base: Any = None, _state: Any = None) -> Any:
    """What `copyreg._reconstructor` is used for: an instance without arguments."""
    if not (isinstance(kind, type) and issubclass(kind, Part)):
        raise pickle.UnpicklingError("instance of a kind that is not read")
    return kind()


def _reconstruct(*_: Any) -> NdArray:
    """What numpy's `_reconstruct` is used for: an array still without its state."""
    return NdArray()


GLOBALS: dict[tuple[str, str], type | Callable[..., Any]] = {
    ("numpy", "ndarray"): NdArray,
    ("numpy", "dtype"): DType,
    ("numpy.core.multiarray", "_reconstruct"): _reconstruct,
    ("numpy.core.multiarray", "scalar"): Scalar,
    ("numpy.core.numeric", "_frombuffer"): FromBuffer,
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
