"""How much work a call is, told in a number that is the same on every machine."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable


def calls_of(work: Callable[[], object]) -> int:
    """How many functions, Python's and C's, run in this thread while it works."""
    count = 0

    def note(_frame: object, event: str, _what: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    before, collects = sys.getprofile(), gc.isenabled()
    gc.disable()  # what dies elsewhere is no work of this one
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return count
