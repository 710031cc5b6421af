"""A range of frames worked through by several worker processes at once.

Each process has a thread here that decodes the pictures of its part of the range into
shared memory ahead of the work, so that the process never waits for a picture. When a
part is done, half of the largest part left is taken over.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hpe_studio.core.arrays import AnyArray, ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.observations import FrameSource
from hpe_studio.workers.host import SharedPicture, Worker, WorkerDied, WorkerFailed

AHEAD = 3
"""Pictures under way per process: one at work, one waiting, one being decoded."""
WARM_UP = 3
"""Frames worked through before a part, so that it starts like its neighbour ended."""
WORTH_SHARING = 24
"""Parts with fewer frames left are not divided further."""
FAILURES_IN_A_ROW = 5
"""After so many frames in a row without a result the whole work is given up."""

_PATIENCE_S = 0.2
"""After so long without an answer the asker gets a chance to stop."""

_log = logging.getLogger(__name__)

MakeWorker = Callable[[int], Worker]
"""Makes a worker with that many bytes of shared memory."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FrameAnswer:
    """What a worker said about one frame.

    Attributes:
        frame: Its number.
        message, arrays: The script's reply; empty when there is none.
        problem: Why there is no reply, or "".
    """

    frame: int
    message: dict[str, Any] = field(default_factory=dict)
    arrays: list[AnyArray] = field(default_factory=list)
    problem: str = ""


class Parts:
    """The range [start, stop), divided among `count` takers."""

    def __init__(self, start: int, stop: int, count: int) -> None:
        self._lock = threading.Lock()
        edges = [start + (stop - start) * i // count for i in range(count + 1)]
        self._waiting = [Part(a, b) for a, b in pairwise(edges) if a < b]
        self._taken: list[Part] = []

    def take(self) -> Part | None:
        """The next part, or half of what somebody else has left, or None."""
        with self._lock:
            if self._waiting:
                part = self._waiting.pop(0)
            else:
                donor = max(self._taken, key=lambda p: p.stop - p.next, default=None)
                if donor is None or donor.stop - donor.next < WORTH_SHARING:
                    return None
                middle = (donor.next + AHEAD + donor.stop) // 2
                part = Part(middle, donor.stop)
                donor.stop = middle
            self._taken.append(part)
            return part

    def claim(self, part: Part, frame: int) -> bool:
        """Whether `frame` still belongs to the part; it then cannot be given away."""
        with self._lock:
            if frame >= part.stop:
                return False
            part.next = max(part.next, frame + 1)
            return True


@dataclass(slots=True, eq=False)
class Part:
    """Frames [start, stop) of one taker; `next` is the first one not begun."""

    start: int
    stop: int
    next: int = field(init=False)

    def __post_init__(self) -> None:
        self.next = self.start


@dataclass(slots=True, eq=False)
class _Pending:
    frame: int
    picture: ByteArray
    restart: bool
    is_wanted: bool
    attempts: int = 0


def work_through(
    frames: FrameSource,
    make_worker: MakeWorker,
    *,
    start: int,
    stop: int,
    workers: int,
) -> Generator[FrameAnswer | None]:
    """Answers for the frames [start, stop), each frame once, in any order.

    The script gets ``{"frame": n, "restart": bool}`` and the picture; `restart` says
    that the picture does not follow the last one. Frames that cannot be decoded are
    left out. A worker that dies is replaced and the frame tried once more.

    While there is no answer yet None comes every now and then, so that whoever waits
    can stop. Closing the iterator kills the processes, whatever they are at, and
    returns when they are gone.

    Raises:
        StudioError: If a worker cannot start or too many frames fail in a row.
    """
    count = max(1, min(workers, (stop - start) // WORTH_SHARING or 1))
    answers: queue.Queue[FrameAnswer | Exception | None] = queue.Queue()
    stopped = threading.Event()
    parts = Parts(start, stop, count)
    takers = [
        _Taker(frames, make_worker, parts, answers, stopped, origin=start)
        for _ in range(count)
    ]
    try:
        for taker in takers:
            taker.start()
        running = count
        while running:
            try:
                item = answers.get(timeout=_PATIENCE_S)
            except queue.Empty:
                yield None
                continue
            if isinstance(item, Exception):
                raise item
            if item is None:
                running -= 1
            else:
                yield item
    finally:
        stopped.set()
        for taker in takers:
            taker.stop_worker()
        for taker in takers:
            taker.join(timeout=5.0)


class _Taker(threading.Thread):
    """Feeds one worker with the frames of the parts it takes."""

    def __init__(
        self,
        frames: FrameSource,
        make_worker: MakeWorker,
        parts: Parts,
        answers: queue.Queue[FrameAnswer | Exception | None],
        stopped: threading.Event,
        *,
        origin: int,
    ) -> None:
        super().__init__(daemon=True, name="frames")
        self._frames = frames
        self._make_worker = make_worker
        self._parts = parts
        self._answers = answers
        self._stopped = stopped
        self._origin = origin
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._pending: deque[_Pending] = deque()
        self._sent = 0
        self._slot_size = 0
        self._failures = 0

    def run(self) -> None:
        """Take parts until there is nothing left."""
        try:
            while not self._stopped.is_set() and (part := self._parts.take()):
                self._run_part(part)
            self._answers.put(None)
        except Exception as error:  # noqa: BLE001 - raised by whoever asked for the work
            self._answers.put(error)
        finally:
            self.stop_worker()

    def stop_worker(self) -> None:
        """End the process; called from any thread."""
        with self._lock:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    def _run_part(self, part: Part) -> None:
        first = max(self._origin, part.start - WARM_UP)
        restart = True
        for frame, picture in self._frames.iterate_rgb(first, part.stop):
            if self._stopped.is_set():
                return
            if not self._parts.claim(part, frame):
                break
            wanted = frame >= part.start
            self._give(_Pending(frame, picture, restart, wanted))
            restart = False
        while self._pending:
            self._collect()

    def _give(self, item: _Pending) -> None:
        while len(self._pending) >= AHEAD:
            self._collect()
        self._pending.append(item)
        self._send(item)

    def _send(self, item: _Pending) -> None:
        try:
            worker = self._ready_worker(item.picture.nbytes)
            shared = self._share(worker, item.picture)
            worker.send({"frame": item.frame, "restart": item.restart}, [shared])
        except WorkerDied:
            if self._stopped.is_set():
                raise
            # the reader of its answer finds it dead and replaces it

    def _share(self, worker: Worker, picture: ByteArray) -> SharedPicture:
        shared = worker.picture(
            self._sent % AHEAD * self._slot_size,
            picture.shape,
        )
        shared.array[:] = picture
        self._sent += 1
        return shared

    def _ready_worker(self, picture_size: int) -> Worker:
        if self._worker is not None and picture_size > self._slot_size:
            self._drain_for_larger_pictures()
        with self._lock:
            if self._stopped.is_set():
                raise WorkerDied("The work was stopped")
            if self._worker is None:
                self._slot_size = max(self._slot_size, picture_size)
                self._worker = self._make_worker(AHEAD * self._slot_size)
            worker = self._worker
        worker.wait_until_ready()
        return worker

    def _drain_for_larger_pictures(self) -> None:
        newest = self._pending.pop()
        while self._pending:
            self._collect()
        self._pending.append(newest)
        newest.restart = True
        self.stop_worker()

    def _collect(self) -> None:
        """Take the oldest answer, or replace the worker that cannot give it."""
        item = self._pending[0]
        try:
            message, arrays = self._answer()
        except WorkerFailed as error:
            self._give_up(item, error)
        except WorkerDied as error:
            if self._stopped.is_set():
                raise
            self._replace_worker(item, error)
        else:
            self._pending.popleft()
            self._failures = 0
            if item.is_wanted:
                self._answers.put(
                    FrameAnswer(frame=item.frame, message=message, arrays=arrays)
                )

    def _answer(self) -> tuple[dict[str, Any], list[AnyArray]]:
        worker = self._worker
        if worker is None:
            raise WorkerDied("The worker was stopped")
        return worker.receive()

    def _give_up(self, item: _Pending, error: StudioError) -> None:
        self._pending.popleft()
        self._failures += 1
        if self._failures >= FAILURES_IN_A_ROW:
            raise error
        _log.warning("frame %d was left out: %s", item.frame, error)
        if item.is_wanted:
            self._answers.put(FrameAnswer(frame=item.frame, problem=str(error)))

    def _replace_worker(self, item: _Pending, error: StudioError) -> None:
        self.stop_worker()
        item.attempts += 1
        if item.attempts > 1:
            self._give_up(item, error)
        for number, waiting in enumerate(self._pending):
            waiting.restart = waiting.restart or number == 0
            self._send(waiting)
