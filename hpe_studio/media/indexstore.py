"""Indices of movies on disk, so that a long one is read through only once.

A file that is damaged, cut off or not ours is as good as none: the movie is read again.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from pathlib import Path

import msgspec
import numpy as np

from hpe_studio.core.arrays import AnyArray
from hpe_studio.core.clip import Fingerprint
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.media.frameindex import FrameIndex

_MAGIC = b"HPESIDX1"
_KEPT_FROM_FRAMES = 2000
"""Shorter movies are read faster than their index is found."""
_KEPT_FILES = 64
_MAX_PACKETS = 1 << 26
_DIGEST_BYTES = 32
_REMEMBERED = 4

_remembered: OrderedDict[str, FrameIndex] = OrderedDict()
"""Indices read lately by this program, by name; they do not change."""


class _Head(msgspec.Struct, frozen=True):
    frames: int
    packets: int
    runs: int


class IndexStore:
    """A folder of indices.

    Args:
        folder: Made with the first index.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, movie: Path, fingerprint: Fingerprint) -> FrameIndex | None:
        """The index of a movie, or None where it is not known."""
        try:
            path = self._path(movie, fingerprint)
            if path.name in _remembered:
                return _remembered[path.name]
            data = path.read_bytes()
            path.touch()
        except OSError:
            return None
        try:
            return _decoded(data)
        except (ValueError, msgspec.MsgspecError):
            return None

    def save(self, movie: Path, fingerprint: Fingerprint, index: FrameIndex) -> None:
        """Keep the index of a long movie, where there is room and permission for it."""
        try:
            path = self._path(movie, fingerprint)
            _remembered[path.name] = index
            while len(_remembered) > _REMEMBERED:
                _remembered.popitem(last=False)
            if index.frame_count < _KEPT_FROM_FRAMES:
                return
            self._folder.mkdir(parents=True, exist_ok=True)
            write_replacing(path, _encoded(index))
            self._forget_oldest()
        except (OSError, StudioError):
            return  # the movie is read again next time; nothing else depends on it

    def _path(self, movie: Path, fingerprint: Fingerprint) -> Path:
        import av

        # Another reader may number packets otherwise; another date, another movie.
        facts = [
            fingerprint.size_bytes,
            fingerprint.sha256,
            movie.stat().st_mtime_ns,
            av.__version__,
            sorted(av.library_versions.items()),
        ]
        name = hashlib.sha256(repr(facts).encode()).hexdigest()[:32]
        return self._folder / f"{name}.index"

    def _forget_oldest(self) -> None:
        files = sorted(self._folder.glob("*.index"), key=lambda p: p.stat().st_mtime)
        for old in files[:-_KEPT_FILES]:
            old.unlink(missing_ok=True)


def _encoded(index: FrameIndex) -> bytes:
    head = msgspec.msgpack.encode(
        _Head(frames=index.frame_count, packets=len(index.keys), runs=len(index.runs))
    )
    arrays = (index.times_s, index.keys, index.frames, index.orders, index.runs)
    body = b"".join(
        np.ascontiguousarray(array, dtype=dtype).tobytes()
        for array, dtype in zip(arrays, _DTYPES, strict=True)
    )
    payload = len(head).to_bytes(2, "little") + head + body
    return _MAGIC + hashlib.sha256(payload).digest() + payload


_DTYPES = ("<f8", "<i8", "<i4", "<i4", "<i8")


def _decoded(data: bytes) -> FrameIndex:
    """The index that `_encoded` wrote.

    Raises:
        ValueError: If it is damaged or makes no sense.
    """
    start = len(_MAGIC) + _DIGEST_BYTES
    digest, payload = data[len(_MAGIC) : start], memoryview(data)[start:]
    if data[: len(_MAGIC)] != _MAGIC or hashlib.sha256(payload).digest() != digest:
        raise ValueError("not an index")
    head_size = int.from_bytes(payload[:2], "little")
    head = msgspec.msgpack.decode(payload[2 : 2 + head_size], type=_Head)
    if not 0 < head.frames <= head.packets <= _MAX_PACKETS or head.runs < 1:
        raise ValueError("sizes make no sense")
    counts = (head.frames, head.packets, head.packets, head.packets, 4 * head.runs)
    arrays: list[AnyArray] = []
    at = 2 + head_size
    for count, dtype in zip(counts, _DTYPES, strict=True):
        arrays.append(np.frombuffer(payload, dtype=dtype, count=count, offset=at))
        at += arrays[-1].nbytes
    if at != len(payload):
        raise ValueError("longer than it says")
    times_s, keys, frames, orders, runs = arrays
    index = FrameIndex(
        times_s=times_s,
        keys=keys,
        frames=frames,
        orders=orders,
        runs=runs.reshape(-1, 4),
    )
    _check(index)
    return index


def _check(index: FrameIndex) -> None:
    """Refuse what no movie can have.

    Raises:
        ValueError: If numbers lie outside their ranges.
    """
    shown = index.frames[index.frames >= 0]
    is_sound = (
        bool(np.isfinite(index.times_s).all())
        and bool((np.diff(index.times_s) >= 0).all())
        and bool((np.diff(index.keys) > 0).all())
        and np.array_equal(np.sort(shown), np.arange(index.frame_count))
        and bool((np.diff(index.runs[:, :2], axis=0) > 0).all())
        and index.runs[0, 0] == 0
        and bool((index.runs[:, 0] < index.frame_count).all())
    )
    if not is_sound:
        raise ValueError("numbers make no sense")
