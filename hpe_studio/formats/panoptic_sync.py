"""HD and VGA frames on one time line: `univTime`, milliseconds.

Each clock counts frames by itself. A frame's time stands in its body file; where there
is none, the sync tables say it, whose HD times are to be read one further than the
frame (0-based; the toolbox calls it an offset of the tables, spec 2.7).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.formats.panoptic_folder import Clock
from hpe_studio.formats.panoptic_frames import HD_FPS, VGA_FPS

TABLE_SHIFT: Mapping[Clock, int] = {"hd": 1, "vga": 0}
_MAX_BYTES = 64 * 2**20
_RATES: Mapping[Clock, float] = {"hd": float(HD_FPS), "vga": float(VGA_FPS)}


class _Times(msgspec.Struct, frozen=True):
    univ_time: list[float]


class _Tables(msgspec.Struct, frozen=True):
    hd: _Times | None = None
    vga: _Times | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameClock:
    """When the frames of one clock were taken: zero + frame * step, milliseconds."""

    zero_ms: float
    step_ms: float

    def frame_at(self, time_ms: float) -> float:
        """The frame of a time, with its fraction."""
        return (time_ms - self.zero_ms) / self.step_ms

    def time_ms(self, frame: float) -> float:
        """The time of a frame."""
        return self.zero_ms + frame * self.step_ms


def clock_of(times_ms: Mapping[int, float], clock: Clock) -> FrameClock | None:
    """The steady clock behind frames and their times; None without any.

    The step is the clock's own; the times say only when it began, by their median.
    """
    if not times_ms:
        return None
    step_ms = 1000.0 / _RATES[clock]
    frames: FloatArray = np.array(list(times_ms), dtype=np.float64)
    times: FloatArray = np.array(list(times_ms.values()), dtype=np.float64)
    zero_ms = float(np.median(times - frames * step_ms))
    return FrameClock(zero_ms=zero_ms, step_ms=step_ms)


def table_times(path: Path) -> dict[Clock, dict[int, float]]:
    """Times of the frames of both clocks out of `synctables_*.json`.

    Frames the tables have no time for (0 or less) are left out.

    Raises:
        StudioError: If the file is damaged.
    """
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise StudioError("is too large for sync tables", path=path)
        tables = msgspec.json.decode(path.read_bytes(), type=_Tables)
    except (OSError, ValueError, msgspec.MsgspecError, RecursionError) as error:
        raise StudioError(
            f"holds no sync tables: {error}", path=path, fix="fetch it again"
        ) from None
    found: dict[Clock, dict[int, float]] = {}
    clocks: tuple[tuple[Clock, _Times | None], ...] = (
        ("hd", tables.hd),
        ("vga", tables.vga),
    )
    for clock, times in clocks:
        if times is not None:
            shift = TABLE_SHIFT[clock]
            known = times.univ_time[shift:]
            found[clock] = {frame: t for frame, t in enumerate(known) if t > 0}
    return found


def frames_between(
    times_ms: Mapping[Clock, Mapping[int, float]], frames_of: Clock, on: Clock
) -> tuple[float, float] | None:
    """How frames of one clock lie on another: (offset, step), in its frames.

    Frame n of `frames_of` is frame ``offset + n * step`` of `on`.

    Returns:
        None where one of them has no times.
    """
    if frames_of == on:
        return 0.0, 1.0
    own = clock_of(times_ms.get(frames_of, {}), frames_of)
    other = clock_of(times_ms.get(on, {}), on)
    if own is None or other is None:
        return None
    return other.frame_at(own.zero_ms), own.step_ms / other.step_ms
