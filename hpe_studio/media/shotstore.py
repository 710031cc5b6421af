"""What was measured on the way to a clip's cuts, kept for a search that goes on."""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec

from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.media.shotsignals import Blend, Signals

_MAX_BYTES = 256 << 20


class SignalStore:
    """One file of signals; a damaged one is as good as none.

    Args:
        path: The file; its name tells clips apart.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Signals:
        """What was kept, or nothing."""
        try:
            if self._path.stat().st_size > _MAX_BYTES:
                return Signals()
            kept = msgspec.msgpack.decode(self._path.read_bytes(), type=Signals)
        except (OSError, msgspec.MsgspecError):
            return Signals()
        return kept if _is_sound(kept) else Signals()

    def save(self, signals: Signals) -> None:
        """Keep what is known, where there is room and permission for it."""
        with contextlib.suppress(OSError, StudioError):  # else it is measured again
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_replacing(self._path, msgspec.msgpack.encode(signals))

    def discard(self) -> None:
        """The search is complete."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)


def _is_sound(signals: Signals) -> bool:
    count = len(signals.frames)
    lists = (signals.colour, signals.structure, signals.kept)
    rises = all(a < b for a, b in zip(signals.frames, signals.frames[1:], strict=False))
    inside = all(0 <= start < stop <= count for start, stop in signals.returns)
    blends: list[Blend] = signals.blends
    is_placed = all(b.start <= b.frame < b.stop for b in blends)
    has_all = all(len(values) == count for values in lists)
    return has_all and rises and inside and is_placed and signals.frames[:1] >= [0]
