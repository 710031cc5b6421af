"""Small pictures of a clip, made in the background from its nearest keyframes."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from hpe_studio.core.arrays import ByteArray, read_only
from hpe_studio.core.errors import StudioError
from hpe_studio.media.footage import Footage, FrameReader

_log = logging.getLogger(__name__)

THUMBNAIL_BYTES = 24 << 20
"""Memory that small pictures of one clip may hold."""


class Thumbnails:
    """Makes the pictures that are wanted, nearest first, and keeps the latest used.

    One thread with a decoder of its own works while something is wanted; every new
    wish replaces the one before, so that scrubbing waits for one small picture at most.

    Args:
        footage: Opened clip; stays open.
        on_ready: Told in the thread that a picture came.
        size_px: Width and height that pictures are shrunk into.
        cache_bytes: Most memory they may hold.
    """

    def __init__(
        self,
        footage: Footage,
        on_ready: Callable[[], None],
        *,
        size_px: tuple[int, int],
        cache_bytes: int = THUMBNAIL_BYTES,
    ) -> None:
        self._footage, self._on_ready = footage, on_ready
        self._size_px, self._cache_bytes = size_px, cache_bytes
        self._kept: OrderedDict[int, ByteArray | None] = OrderedDict()
        self._held_bytes = 0
        self._wanted: list[int] = []
        self._changed = threading.Condition()
        self._is_busy = self._is_closed = False
        self._thread: threading.Thread | None = None

    @property
    def is_idle(self) -> bool:
        """True while nothing is wanted or being made."""
        with self._changed:
            return not self._wanted and not self._is_busy

    @property
    def held_bytes(self) -> int:
        """Memory that the pictures hold now."""
        return self._held_bytes

    def get(self, frame: int) -> ByteArray | None:
        """The picture that stands for a frame if it is there, else None."""
        key = self._footage.run_start(frame)
        with self._changed:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def want(self, frames: Sequence[int]) -> None:
        """Make the pictures of these frames, in this order; forget earlier wishes."""
        keys = dict.fromkeys(self._footage.run_start(frame) for frame in frames)
        with self._changed:
            if self._is_closed:
                return
            self._wanted = [key for key in keys if key not in self._kept]
            if not self._wanted:
                return
            if self._thread is None:
                name = "thumbnails"
                self._thread = threading.Thread(
                    target=self._run, name=name, daemon=True
                )
                self._thread.start()
            self._changed.notify_all()

    def rest(self) -> None:
        """Stop after the picture that is being made, until something is wanted."""
        with self._changed:
            self._wanted = []

    def close(self) -> None:
        """Stop the thread and wait for its end; later wishes are ignored."""
        with self._changed:
            self._is_closed = True
            self._wanted = []
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._kept.clear()
        self._held_bytes = 0

    # The thread.

    def _run(self) -> None:
        reader = self._footage.open_reader()
        try:
            while (key := self._next()) is not None:
                picture = self._made(reader, key)
                with self._changed:
                    self._keep(key, picture)
                    self._is_busy = False
                    is_over = self._is_closed
                if not is_over:
                    self._on_ready()
        finally:
            reader.close()

    def _next(self) -> int | None:
        """The next keyframe to make, waiting for one; None at the end."""
        with self._changed:
            while not self._wanted and not self._is_closed:
                self._changed.wait()
            if self._is_closed:
                return None
            self._is_busy = True
            return self._wanted.pop(0)

    def _made(self, reader: FrameReader, key: int) -> ByteArray | None:
        try:
            return _read(self._footage, reader, key, self._size_px)
        except Exception as error:  # noqa: BLE001  a picture less; the window goes on
            if not isinstance(error, StudioError):
                _log.warning("no small picture of frame %d", key, exc_info=error)
            return None

    def _keep(self, key: int, picture: ByteArray | None) -> None:
        self._kept[key] = picture
        self._held_bytes += 0 if picture is None else picture.nbytes
        while self._held_bytes > self._cache_bytes and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._held_bytes -= 0 if oldest is None else oldest.nbytes


def _read(
    footage: Footage, reader: FrameReader, key: int, size_px: tuple[int, int]
) -> ByteArray | None:
    reader.approach(key)
    native = reader.next_frame()
    while native is not None and native.frame < key:
        native = reader.next_frame()
    if native is None or native.planes is None:
        return None
    return read_only(np.ascontiguousarray(footage.to_rgb(native, size_px)))
