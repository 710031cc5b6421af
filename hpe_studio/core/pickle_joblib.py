"""Arrays and compression as joblib writes them.

joblib pickles a note about each array (shape, dtype, order) and writes the bytes of the
array behind it into the same stream; the whole may be compressed.

Source: joblib 1.6 `numpy_pickle.py`, `compressor.py` (BSD-3).
"""

from __future__ import annotations

import bz2
import lzma
import math
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hpe_studio.core.errors import StudioError
from hpe_studio.core.pickle_parts import Finisher, Globals, Part, Unpickler
from hpe_studio.core.pickle_parts import checked_array as array_of_bytes


class _JoblibArray(Part):
    """An array whose bytes follow in the stream."""

    value: Any = None

    def take_from(self, unpickler: Unpickler) -> None:
        """Read the bytes, or the pickle of an array of objects."""
        kind = self.state["dtype"].resolved(Finisher())
        if kind.hasobject:
            inner = Unpickler(unpickler.stream, unpickler.path, unpickler.more)
            self.value = inner.load()
            return
        stream = unpickler.stream
        if self.state.get("numpy_array_alignment_bytes") is not None:
            stream.read(stream.read(1)[0])
        shape = tuple(int(n) for n in self.state["shape"])
        size = math.prod(shape) * kind.itemsize
        if not 0 <= size <= len(stream.getbuffer()) - stream.tell():
            raise ValueError("an array that is not there")
        self.value = array_of_bytes(
            stream.read(size), kind, shape, str(self.state["order"])
        )

    def resolved(self, finisher: Finisher) -> Any:
        """The array."""
        return finisher.finish(self.value)


JOBLIB_GLOBALS: Globals = {
    ("joblib.numpy_pickle", "NumpyArrayWrapper"): _JoblibArray,
}


def decompressed(data: bytes, *, limit: int, path: Path | None = None) -> bytes:
    """The pickle in a file of joblib: the data as they are where not compressed.

    Raises:
        StudioError: If it unpacks to more than `limit` bytes, or is packed by lz4.
        ValueError: If it is damaged.
    """
    if data.startswith(b"\x04\x22\x4d\x18"):
        raise StudioError(
            "is compressed by lz4, which is not read",
            path=path,
            fix="save it with joblib.dump(…, compress=3)",
        )
    unpack = _unpacker(data)
    if unpack is None:
        return data
    try:
        content = unpack(data, limit + 1)
    except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
        raise ValueError("damaged compression") from error
    if len(content) > limit:
        size = f"{limit / 1024**3:.0f} GiB"
        raise StudioError(f"unpacks to more than {size}", path=path, fix="split it")
    return content


def head_of(data: bytes, count: int) -> bytes:
    """At least the first bytes of what the beginning of a file unpacks to."""
    unpack = _unpacker(data)
    try:
        return data[:count] if unpack is None else unpack(data, count)
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        return b""


def _unpacker(data: bytes) -> Callable[[bytes, int], bytes] | None:
    if data[:1] == b"\x78" and int.from_bytes(data[:2], "big") % 31 == 0:
        return lambda packed, most: zlib.decompressobj().decompress(packed, most)
    if data[:2] == b"\x1f\x8b":
        return lambda packed, most: zlib.decompressobj(31).decompress(packed, most)
    if data[:3] == b"BZh":
        return lambda packed, most: bz2.BZ2Decompressor().decompress(packed, most)
    if data[:6] == b"\xfd7zXZ\x00" or data[:3] == b"\x5d\x00\x00":
        return lambda packed, most: lzma.LZMADecompressor().decompress(packed, most)
    return None
