"""Frames for a window without making it wait: latest request wins, read-ahead.

One thread decodes. A request is answered through a callback; frames around the
playhead are kept as the decoder left them and turned into RGB only when shown. Backward
play through a long GOP: its last stretch that fits the memory is decoded once; while
that is shown, the decoder stands at the stretch before and fills it in, frame by frame,
into the places that are given up behind the playhead.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import ByteArray, read_only
from hpe_studio.core.errors import StudioError
from hpe_studio.media.footage import Footage, FrameReader, Native
from hpe_studio.media.framecache import KEPT_BEHIND, FrameCache

_log = logging.getLogger(__name__)

CACHE_BYTES = 384 << 20
_AHEAD_IN_PLAY = 48
_AHEAD_AT_REST = 6
_BUSY_S = 0.3
_READY_IN_PLAY = 2
"""Pictures made ready before they fall due."""
_BEHIND_IN_PLAY = KEPT_BEHIND
_BEHIND_AT_REST = 24


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Picture:
    """One frame ready to be shown.

    Attributes:
        frame: Index in the clip.
        rgb: Shape (height, width, 3), read-only.
        missing: True where the frame is lacking or damaged; `rgb` is then the last
            good one, or black.
        message: Why it is missing, for people, or "".
    """

    frame: int
    rgb: ByteArray
    missing: bool = False
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Request:
    generation: int
    frame: int
    direction: int


class FrameLoader:
    """Answers requests for frames in the background.

    Args:
        footage: Opened clip; stays open when the loader is closed.
        on_ready: Told each picture that is still wanted, in the loader's thread (in
            the caller's after `run_synchronously`).
        cache_bytes: Most memory that decoded frames may hold.
    """

    def __init__(
        self,
        footage: Footage,
        on_ready: Callable[[Picture], None],
        *,
        cache_bytes: int = CACHE_BYTES,
    ) -> None:
        self._footage = footage
        self._on_ready = on_ready
        width, height = footage.size_px
        self._cache = FrameCache(cache_bytes, frame_bytes=width * height * 3 // 2)
        self._reader: FrameReader = footage.open_reader()
        self._changed = threading.Condition()
        self._request = _Request(0, 0, 0)
        self._answered = 0
        self._asked_s = 0.0
        self._last: tuple[Native | None, Picture | None] = (None, None)
        self._ready: dict[int, Picture] = {}
        self._max_size_px: tuple[int, int] | None = None
        self._step = 0  # which way frames follow each other, in play or by hand
        self._is_closed = False
        self._is_synchronous = False
        self._ahead_failed = False
        self._thread: threading.Thread | None = None

    def request(self, frame: int, direction: int = 0) -> None:
        """Ask for a frame; an earlier request that is still open is forgotten.

        Args:
            frame: Index, clamped to the clip.
            direction: Which way play goes (-1, 0, 1), for reading ahead.
        """
        frame = min(max(frame, 0), self._footage.frame_count - 1)
        with self._changed:
            if self._is_closed:
                return
            generation = self._request.generation + 1
            by = frame - self._request.frame
            self._step = direction or (by if abs(by) == 1 else 0)
            self._request = _Request(generation, frame, direction)
            self._asked_s = time.monotonic()
            self._cache.aim(frame, direction)
            if not self._is_synchronous:
                self._start_thread()
                self._changed.notify_all()
                return
        self._answer(self._request)

    def fit_into(self, size_px: tuple[int, int] | None) -> bool:
        """Give pictures shrunk into a width and height from now on; None for whole.

        Returns:
            True where that differs from before: who wants the frame shown in the new
            size asks for it again.
        """
        with self._changed:
            if size_px == self._max_size_px:
                return False
            self._max_size_px = size_px
            self._last = (None, None)
            self._ready.clear()
            return True

    def keep_within(self, cache_bytes: int) -> None:
        """Hold decoded frames in so much memory from now on."""
        with self._changed:
            self._cache.limit(cache_bytes)

    @property
    def is_busy(self) -> bool:
        """True in play, while a picture is waited for and shortly after one came."""
        request = self._request
        is_waited_for = request.generation != self._answered
        is_recent = time.monotonic() - self._asked_s < _BUSY_S
        return bool(request.direction) or is_waited_for or is_recent

    def cached(self, frame: int) -> Picture | None:
        """The picture if it needs no decoding, else None; costs one colour change."""
        with self._changed:
            native = self._cache.get(frame)
        return None if native is None else self._picture(native)

    def ready(self, frame: int) -> Picture | None:
        """The picture if it is there as RGB already: in play it mostly is, in time."""
        with self._changed:
            return self._ready.get(frame)

    def run_synchronously(self) -> None:
        """From now on answer in the caller's thread and do not read ahead."""
        self._stop_thread()
        with self._changed:
            self._is_synchronous = True
            self._is_closed = False

    def close(self) -> None:
        """Stop the thread and wait for its end; later requests are ignored."""
        self._stop_thread()
        with self._changed:
            self._cache.clear()
            self._ready.clear()
            self._last = (None, None)
        self._reader.close()

    # The loader's thread.

    def _start_thread(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(
                target=self._run, name="frame loader", daemon=True
            )
            self._thread.start()

    def _stop_thread(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._is_closed:
                    return
                request = self._request
                is_open = request.generation != self._answered
                has_work = self._due_next() is not None or self._wants_more()
                if not is_open and not has_work:
                    self._changed.wait()
                    continue
            if is_open:
                self._answer(request)
            elif not self._make_ready(request):
                self._read_ahead(request)

    def _answer(self, request: _Request) -> None:
        """Decode and hand out a frame unless a later request came in between."""
        try:
            picture = self.ready(request.frame)
            if picture is None:
                native = self._decoded(request)
                picture = None if native is None else self._picture(native)
        except Exception as error:  # noqa: BLE001  whatever fails, the window goes on
            picture = self._failed(request.frame, error)
        with self._changed:
            is_wanted = request == self._request and not self._is_closed
            if picture is None or not is_wanted:
                return
            self._answered = request.generation
            self._ahead_failed = False
        self._on_ready(picture)

    def _due_next(self) -> Native | None:
        """A frame that is decoded, falls due soon and is not ready yet."""
        head, step = self._request.frame, self._step
        if not step or self._is_synchronous:
            return None
        count = _READY_IN_PLAY if self._request.direction else 1
        for number in range(1, count + 1):
            frame = head + step * number
            native = self._cache.get(frame)
            if native is not None and frame not in self._ready:
                return native
        return None

    def _make_ready(self, request: _Request) -> bool:
        """Turn the next frame into RGB; False where there is none to turn."""
        with self._changed:
            native, size_px = self._due_next(), self._max_size_px
            due = {request.frame + self._step * n for n in range(4)}
            for frame in [f for f in self._ready if f not in due]:
                del self._ready[frame]
        if native is None:
            return False
        try:
            picture = self._picture(native)
        except Exception as error:  # noqa: BLE001  shown once the frame is asked for
            picture = self._failed(native.frame, error)
        with self._changed:
            if size_px == self._max_size_px:
                self._ready[native.frame] = picture
        return True

    def _decoded(self, request: _Request) -> Native | None:
        """The frame asked for; None as soon as a later request came."""
        with self._changed:
            native = self._cache.get(request.frame)
        if native is not None:
            return native
        keep_from = request.frame - self._reach_back(request.direction)
        self._reader.approach(request.frame, keep_from=keep_from)
        while request == self._request and not self._is_closed:
            native = self._reader.next_frame()
            if native is None:
                raise StudioError("has no such frame", path=self._footage.clip.path)
            if native.frame >= keep_from:
                with self._changed:
                    self._cache.offer(native)
            if native.frame == request.frame:
                return native
        return None

    def _read_ahead(self, request: _Request) -> None:
        """Decode one more frame that will be wanted."""
        try:
            goal = self._goal()
            if goal is None or request != self._request:
                return
            self._reader.approach(goal[1], keep_from=goal[0])
            native = self._reader.next_frame()
            if native is not None and native.frame >= goal[0]:
                with self._changed:
                    self._cache.offer(native)
        except Exception as error:  # noqa: BLE001  shown once the frame is asked for
            self._failed(request.frame, error)
            self._ahead_failed = True

    def _wants_more(self) -> bool:
        """True where reading ahead has something to do and somewhere to put it."""
        if self._is_synchronous or self._ahead_failed or self._answered == 0:
            return False
        goal = self._goal()
        if goal is None:
            return False
        first, last = goal
        position = self._reader.position
        is_on_the_way = self._footage.run_start(last) <= position <= last
        if is_on_the_way and position < first:
            return True
        return self._cache.has_room_for(position if is_on_the_way else first)

    def _goal(self) -> tuple[int, int] | None:
        """Frames (first, last) that should be in the cache next, both included."""
        head, direction = self._request.frame, self._request.direction
        if direction < 0:
            return self._goal_behind(head, self._reach_back(direction))
        capacity = self._cache.capacity
        reach = _AHEAD_IN_PLAY if direction > 0 else _AHEAD_AT_REST
        stop = min(head + min(reach, capacity // 2), self._footage.frame_count - 1)
        for frame in range(head + 1, stop + 1):
            if frame not in self._cache:
                return frame, frame
        return None

    def _reach_back(self, direction: int) -> int:
        """How many frames before the playhead are worth keeping."""
        room = self._cache.capacity - KEPT_BEHIND - 2
        if direction < 0:
            return room
        return min(room, _BEHIND_IN_PLAY if direction > 0 else _BEHIND_AT_REST)

    def _goal_behind(self, head: int, room: int) -> tuple[int, int] | None:
        last = head - 1
        while last >= 0 and last in self._cache:
            last -= 1
        if last < 0 or room < 1:
            return None
        first = max(self._footage.run_start(last), last - room + 1, 0)
        return first, last

    def _picture(self, native: Native) -> Picture:
        """The frame as RGB; the last one is kept, as it is often asked for twice."""
        with self._changed:
            (last_native, last_picture), size_px = self._last, self._max_size_px
        if native is last_native and last_picture is not None:
            return last_picture
        picture = Picture(
            frame=native.frame,
            rgb=read_only(self._footage.to_rgb(native, size_px)),
            missing=native.missing,
            message=native.message,
        )
        with self._changed:
            if size_px == self._max_size_px:
                self._last = native, picture
        return picture

    def _failed(self, frame: int, error: Exception) -> Picture:
        """A black picture that tells what went wrong; the decoder starts afresh."""
        if not isinstance(error, StudioError):
            _log.warning("decoding frame %d failed", frame, exc_info=error)
        self._reader.close()
        self._reader = self._footage.open_reader()
        width, height = self._footage.size_px
        return Picture(
            frame=frame,
            rgb=read_only(np.zeros((height, width, 3), np.uint8)),
            missing=True,
            message=f"This frame cannot be read: {error}",
        )
