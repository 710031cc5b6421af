"""The processes that a test has started, as Linux tells of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_S = 90.0


def workers() -> set[int]:
    """Children of this process that run a worker's script; those that ended do not."""
    found: set[int] = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rpartition(")")[2].split()
            line = (status.parent / "cmdline").read_bytes()
        except OSError:  # it ended this very moment
            continue
        if int(words[1]) == os.getpid() and b"guest.py" in line and words[0] != "Z":
            found.add(int(status.parent.name))
    return found


def is_running(pid: int) -> bool:
    """Whether a process is there and not only waiting to be asked how it ended."""
    try:
        os.kill(pid, 0)
        status = Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no Linux, or ended in between
        return not Path("/proc/self/stat").exists()
    return status.rpartition(")")[2].split()[0] != "Z"


def wait_until(condition: Callable[[], object], what: str) -> None:
    """Wait patiently; how long it takes is no matter of a test."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline_s, f"waited in vain for {what}"
        time.sleep(0.005)
