"""The host's side of a worker process: start, talk, watch, kill.

One `Worker` is one process running one script (see `guest.py` for the protocol).
Several messages may be under way, so that the guest never waits for the host; replies
come in the order of the messages. A worker that dies, hangs or fails raises a
`StudioError` that says what happened, with the last line it printed.
"""

from __future__ import annotations

import contextlib
import json
import logging
import math
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

import numpy as np

from hpe_studio.core.arrays import AnyArray, ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.workers.guest import LENGTH
from hpe_studio.workers.shared import SharedBlock

_log = logging.getLogger(__name__)
_GUEST = Path(__file__).with_name("guest.py")
_MAX_HEADER = 16 << 20
_MAX_ARRAY = 1 << 30
_POLL_S = 0.1
_LINES_KEPT = 12
_ENVIRONMENT = {"TF_CPP_MIN_LOG_LEVEL": "2", "OMP_WAIT_POLICY": "PASSIVE"}
"""Unless it is set otherwise. Threads of a network that wait for each other sleep:
spinning takes the time from the others as soon as anything else runs."""


class WorkerDied(StudioError):
    """The process ended, hung and was killed, or spoke nonsense; start another one."""


class WorkerFailed(StudioError):
    """The script raised an error on one message; the process lives on."""


@dataclass(frozen=True, slots=True, eq=False)
class SharedPicture:
    """A place in the shared block that holds one array for the guest.

    Attributes:
        offset: First byte within the block.
        array: Writable view, any shape, uint8.
    """

    offset: int
    array: ByteArray


class Worker:
    """One process that answers messages.

    Making one starts the process and returns at once; the first message waits until
    the script is ready (as does `with`), and raises what went wrong on the way.

    Args:
        script: File offering ``start(options) -> handler`` (see `guest.py`).
        options: Passed to `start`; JSON values only.
        python: Interpreter to run in; ours when None.
        shared_size: Bytes of memory shared for pictures (see `picture`).
        name: What to call it in error messages ("The pose estimator").
        start_timeout_s: Longest wait for `start` to return.
        silence_timeout_s: Longest time without a heartbeat before it is killed, once
            the script is ready: loading large libraries may stop everything else.

    Raises:
        StudioError: If the interpreter cannot be started.
    """

    def __init__(
        self,
        script: Path,
        options: Mapping[str, Any],
        *,
        python: str | None = None,
        shared_size: int = 0,
        name: str = "The worker",
        start_timeout_s: float = 120.0,
        silence_timeout_s: float = 20.0,
    ) -> None:
        self._name = name
        self._silence_timeout_s = silence_timeout_s
        self._block = SharedBlock(shared_size) if shared_size else None
        self._inbox: queue.Queue[tuple[dict[str, Any], list[AnyArray]] | None] = (
            queue.Queue()
        )
        self._printed: deque[str] = deque(maxlen=_LINES_KEPT)
        self._heard_s = time.monotonic()
        self._closed = False
        self._last_words = ""
        self._spoke_nonsense = False
        self._write_lock = threading.Lock()
        try:
            self._process = _spawn(python or sys.executable)
        except OSError as error:
            self._release_block()
            raise StudioError(
                f"cannot be started ({error.strerror})",
                path=python or sys.executable,
                fix="choose a Python interpreter that runs",
            ) from error
        self._threads = [
            threading.Thread(target=self._read_replies, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self._start_timeout_s = start_timeout_s
        self._is_ready = False
        self._ready_lock = threading.Lock()
        with contextlib.suppress(WorkerDied):  # told by `wait_until_ready`
            self._send_start(script, options)

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Return when the script has started.

        Raises:
            WorkerDied: If the process ended or took too long.
            WorkerFailed: If the script's `start` raised an error.
        """
        with self._ready_lock:
            if self._is_ready:
                return
            self._await(self._start_timeout_s, silence_s=math.inf)  # "mapped"
            if self._block is not None:
                self._block.forget_name()
            header, _ = self._await(self._start_timeout_s, silence_s=math.inf)
            if header["kind"] == "error":
                self.close()
                raise WorkerFailed(f"{self._name} could not start: {header['what']}")
            self._is_ready = True

    def picture(self, offset: int, shape: tuple[int, ...]) -> SharedPicture:
        """A place in the shared block for an array that is not copied over the pipe.

        The caller must not write into it while a message that names it is under way.

        Raises:
            ValueError: If it does not lie within the shared block.
            WorkerDied: If the process is gone, and the block with it.
        """
        size = int(np.prod(shape, dtype=np.int64))
        if self._block is None or offset < 0 or offset + size > self._block.size:
            raise ValueError("the picture does not fit the shared block")
        array = self._block.view(offset, size)
        if len(array) < size:  # let go of, perhaps this very moment
            raise self._death()
        return SharedPicture(offset=offset, array=array.reshape(shape))

    def send(
        self,
        message: Mapping[str, Any],
        arrays: Sequence[AnyArray | SharedPicture] = (),
    ) -> None:
        """Queue one message; its reply is fetched with `receive`.

        Args:
            message: JSON values only.
            arrays: Plain arrays travel through the pipe, shared pictures stay put.

        Raises:
            WorkerDied: If the process is gone.
            WorkerFailed: If the script could not start.
        """
        self.wait_until_ready()
        self._send({"kind": "message", "message": dict(message)}, arrays)

    def receive(
        self, *, timeout_s: float = 60.0
    ) -> tuple[dict[str, Any], list[AnyArray]]:
        """The reply to the oldest message not answered yet.

        Raises:
            WorkerDied: If the process ended, or hung and was killed.
            WorkerFailed: If the script raised an error on that message.
        """
        header, arrays = self._await(timeout_s, silence_s=self._silence_timeout_s)
        if header["kind"] == "error":
            _log.debug("%s", header["trace"])
            raise WorkerFailed(f"{self._name} failed: {header['what']}")
        return header["message"], arrays

    def request(
        self,
        message: Mapping[str, Any],
        arrays: Sequence[AnyArray | SharedPicture] = (),
        *,
        timeout_s: float = 60.0,
    ) -> tuple[dict[str, Any], list[AnyArray]]:
        """Send one message and wait for its reply (see `send` and `receive`)."""
        self.send(message, arrays)
        return self.receive(timeout_s=timeout_s)

    def close(self) -> None:
        """End the process at once and free everything; may be called repeatedly.

        A thread that waits in `receive` gets `WorkerDied`.
        """
        self._closed = True
        with contextlib.suppress(OSError):
            self._process.kill()
        self._process.wait()
        self._inbox.put(None)
        with contextlib.suppress(OSError, ValueError):
            _pipe(self._process.stdin).close()
        for thread in self._threads:
            thread.join(timeout=1.0)
        self._release_block()

    def __enter__(self) -> Self:
        try:
            self.wait_until_ready()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _release_block(self) -> None:
        if self._block is not None:
            self._block.close()

    def _send_start(self, script: Path, options: Mapping[str, Any]) -> None:
        block = self._block
        self._send(
            {
                "kind": "start",
                "script": str(script),
                "options": dict(options),
                "shared_path": str(block.path) if block else "",
                "shared_size": block.size if block else 0,
            }
        )

    def _send(
        self, header: dict[str, Any], arrays: Sequence[AnyArray | SharedPicture] = ()
    ) -> None:
        entries: list[dict[str, Any]] = []
        payload: list[AnyArray] = []
        for item in arrays:
            if isinstance(item, SharedPicture):
                entries.append(_entry(item.array) | {"offset": item.offset})
            else:
                payload.append(np.ascontiguousarray(item))
                entries.append(_entry(item))
        head = json.dumps(header | {"arrays": entries}).encode()
        stream = _pipe(self._process.stdin)
        try:
            with self._write_lock:
                stream.write(LENGTH.pack(len(head)) + head)
                for array in payload:
                    stream.write(array.tobytes())
                stream.flush()
        except (OSError, ValueError) as error:
            raise self._death() from error

    def _await(
        self, timeout_s: float, *, silence_s: float
    ) -> tuple[dict[str, Any], list[AnyArray]]:
        deadline_s = time.monotonic() + timeout_s
        while True:
            with contextlib.suppress(queue.Empty):
                item = self._inbox.get(timeout=_POLL_S)
                if item is None:
                    self._inbox.put(None)  # whoever asks again hears it again
                    raise self._death()
                return item
            now_s = time.monotonic()
            silent = now_s - self._heard_s > silence_s
            if silent or now_s > deadline_s:
                why = "no longer answered" if silent else f"took over {timeout_s:g} s"
                self.close()
                raise WorkerDied(f"{self._name} {why} and was stopped{self._last()}")

    def _death(self) -> WorkerDied:
        if self._closed:
            return WorkerDied(self._last_words or f"{self._name} was stopped")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1.0)
        self._threads[1].join(timeout=1.0)  # the last words
        how = "stopped answering"
        if self._spoke_nonsense:
            how = "sent something that is no message"
        elif (code := self._process.poll()) is not None:
            how = f"ended unexpectedly ({_code(code)})"
        self.close()
        self._last_words = f"{self._name} {how}{self._last()}"
        return WorkerDied(self._last_words)

    def _last(self) -> str:
        lines = [line for line in self._printed if line.strip()]
        return f": {lines[-1].strip()}" if lines else ""

    def _read_replies(self) -> None:
        stream = _pipe(self._process.stdout)
        try:
            while True:
                header, arrays = _read_message(stream)
                self._heard_s = time.monotonic()
                if header["kind"] != "alive":
                    self._inbox.put((header, arrays))
        except (OSError, EOFError):
            pass  # the process ended: `_death` tells why
        except (ValueError, KeyError, TypeError):
            self._spoke_nonsense = True
        finally:
            self._inbox.put(None)
            stream.close()

    def _read_errors(self) -> None:
        with _pipe(self._process.stderr) as stream:
            for line in stream:
                self._printed.append(line.decode("utf-8", "replace")[:500])


def _spawn(python: str) -> subprocess.Popen[bytes]:
    hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    return subprocess.Popen(
        [python, str(_GUEST)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        creationflags=hidden,
        env=_ENVIRONMENT | os.environ | {"PYTHONUNBUFFERED": "1"},
    )


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None
    return stream


def _entry(array: AnyArray) -> dict[str, Any]:
    return {"dtype": array.dtype.str, "shape": list(array.shape)}


def _code(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def _read_message(stream: IO[bytes]) -> tuple[dict[str, Any], list[AnyArray]]:
    header = json.loads(_exactly(stream, LENGTH.unpack(_exactly(stream, 4))[0]))
    return header, [_read_array(stream, entry) for entry in header.pop("arrays")]


def _read_array(stream: IO[bytes], entry: dict[str, Any]) -> AnyArray:
    dtype, shape = np.dtype(entry["dtype"]), [int(n) for n in entry["shape"]]
    if dtype.hasobject or min(shape, default=0) < 0:
        raise ValueError("not a plain array")
    count = int(np.prod(shape, dtype=np.int64))
    data = _exactly(stream, count * dtype.itemsize, limit=_MAX_ARRAY)
    return np.frombuffer(data, dtype).reshape(shape)


def _exactly(stream: IO[bytes], size: int, *, limit: int = _MAX_HEADER) -> bytes:
    if not 0 <= size <= limit:
        raise ValueError("a message is larger than allowed")
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data
