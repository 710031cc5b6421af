"""How the fit's loops are compiled: kept on disk where there is a place for it."""
# pyright: reportMissingTypeStubs=false

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Loop = TypeVar("Loop", bound=Callable[..., Any])


def compiled(loop: Loop) -> Loop:
    """Compile a loop that frees Python's lock; exact IEEE arithmetic."""
    return _compiled(loop, fastmath=False)


def compiled_fast(loop: Loop) -> Loop:
    """Compile a loop whose sums may be reordered, for wide registers."""
    return _compiled(loop, fastmath=True)


def _compiled(loop: Loop, *, fastmath: bool) -> Loop:
    build: Any = njit
    try:
        return cast("Loop", build(cache=True, nogil=True, fastmath=fastmath)(loop))
    except RuntimeError:  # nowhere to keep the result: compile on every start
        return cast("Loop", build(nogil=True, fastmath=fastmath)(loop))
