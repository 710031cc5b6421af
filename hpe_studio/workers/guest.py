"""What runs in a worker process: a message loop around one script.

Started by `host.py` in our Python or in the user's own (3.8 or newer), so it needs
only the standard library and numpy and imports nothing of hpe_studio. A script offers
``start(options) -> handler`` and ``handler(message, arrays) -> (reply, arrays)``.

A message on the pipe is: length of the header (4 bytes, little endian), header (JSON,
UTF-8), then the bytes of each array in the order of ``header["arrays"]``. An array
whose entry has an ``offset`` lies in the shared block instead. The guest ends at once
when its input is closed, so it never outlives its host.
"""

from __future__ import annotations

import importlib
import json
import mmap
import os
import queue
import signal
import struct
import sys
import threading
import traceback
import types

import numpy as np

HEARTBEAT_S = 1.0
LENGTH = struct.Struct("<I")


class _Channel:
    """Messages over two binary streams; writing is safe from several threads."""

    def __init__(self, incoming, outgoing):
        self._incoming = incoming
        self._outgoing = outgoing
        self._lock = threading.Lock()
        self._shared = None

    def map_shared(self, path, size):
        """Make arrays with an offset readable (the host then removes the file)."""
        with open(path, "rb") as file:
            self._shared = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)

    def send(self, header, arrays=()):
        """Write one message."""
        arrays = [np.ascontiguousarray(array) for array in arrays]
        header["arrays"] = [
            {"dtype": array.dtype.str, "shape": list(array.shape)} for array in arrays
        ]
        head = json.dumps(header).encode("utf-8")
        with self._lock:
            self._outgoing.write(LENGTH.pack(len(head)))
            self._outgoing.write(head)
            for array in arrays:
                self._outgoing.write(array.tobytes())
            self._outgoing.flush()

    def receive(self):
        """The next message as (header, arrays).

        Raises:
            EOFError: If the host closed the pipe.
        """
        header = json.loads(self._exactly(LENGTH.unpack(self._exactly(4))[0]))
        return header, [self._array(entry) for entry in header.pop("arrays")]

    def _array(self, entry):
        dtype, shape = np.dtype(entry["dtype"]), entry["shape"]
        count = int(np.prod(shape, dtype=np.int64))
        if "offset" in entry and self._shared is not None:
            flat = np.frombuffer(self._shared, dtype, count, entry["offset"])
        else:
            flat = np.frombuffer(self._exactly(count * dtype.itemsize), dtype)
        return flat.reshape(shape)

    def _exactly(self, size):
        data = self._incoming.read(size)
        if len(data) < size:
            raise EOFError
        return data


def _read_forever(channel, inbox):
    """Pass messages on; end the process when the host is gone."""
    try:
        while True:
            inbox.put(channel.receive())
    except (EOFError, OSError):
        os._exit(0)  # at once, even in the middle of a network


def _beat_forever(channel):
    pause = threading.Event()
    try:
        while not pause.wait(HEARTBEAT_S):
            channel.send({"kind": "alive"})
    except OSError:
        os._exit(0)


def _load(path):
    """The script as a module; it may import the files beside it, relatively."""
    folder, name = os.path.split(os.path.abspath(path))
    if not os.path.isfile(path):
        raise FileNotFoundError("no such script: %s" % path)  # noqa: UP031
    package = types.ModuleType("worker_package")
    package.__path__ = [folder]
    sys.modules[package.__name__] = package
    return importlib.import_module("worker_package." + os.path.splitext(name)[0])


def _open_channel():
    """The channel on the process's own pipes; prints go to the error stream instead."""
    incoming = os.fdopen(os.dup(0), "rb", buffering=1 << 20)
    outgoing = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return _Channel(incoming, outgoing)


def main():
    """Serve messages until the host closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the host's business
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != here]
    channel = _open_channel()
    first, _ = channel.receive()
    if first["shared_path"]:
        channel.map_shared(first["shared_path"], first["shared_size"])
    channel.send({"kind": "mapped"})
    inbox = queue.Queue()
    for target, args in (
        (_read_forever, (channel, inbox)),
        (_beat_forever, (channel,)),
    ):
        threading.Thread(target=target, args=args, daemon=True).start()
    try:
        handler = _load(first["script"]).start(first["options"])
    except Exception as error:  # noqa: BLE001 - told to the host, which raises it
        _report(channel, error)
        return
    channel.send({"kind": "ready"})
    while True:
        header, arrays = inbox.get()
        try:
            reply, answer = handler(header["message"], arrays)
        except Exception as error:  # noqa: BLE001 - told to the host, which raises it
            _report(channel, error)
        else:
            channel.send({"kind": "reply", "message": reply}, answer)


def _report(channel, error):
    what = "%s: %s" % (type(error).__name__, error)  # noqa: UP031 - old Pythons too
    channel.send({"kind": "error", "what": what, "trace": traceback.format_exc()})


if __name__ == "__main__":
    main()
