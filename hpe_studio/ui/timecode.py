"""How frames, times and lengths are written for people."""

from __future__ import annotations

import math
from fractions import Fraction

from hpe_studio.core.clip import Clip


def frame_text(frame: int, frame_count: int) -> str:
    """A frame's number with leading zeros, at least four digits ("0153")."""
    digits = max(4, len(str(max(frame_count - 1, 0))))
    return f"{frame:0{digits}d}"


def timecode(clip: Clip, frame: int) -> str:
    """HH:MM:SS:FF of a frame.

    At a constant rate the last part counts nominal frames (non-drop, as SMPTE 12M
    writes it with colons); where frames last differently long it counts the frames
    since the full second.
    """
    if clip.frame_count == 0:
        return "00:00:00:00"
    if clip.is_variable_rate:
        second = math.floor(float(clip.times_s[frame]) + 1e-6)
        first = next(
            i for i in range(frame, -1, -1) if i == 0 or clip.times_s[i - 1] < second
        )
        rest = frame - first
    else:
        nominal = max(1, math.ceil(clip.fps))
        second, rest = divmod(frame, nominal)
    minutes, seconds = divmod(second, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}:{rest:02d}"


def fps_text(fps: Fraction) -> str:
    """A rate with at most two decimals ("29.97", "25")."""
    return f"{float(fps):.2f}".rstrip("0").rstrip(".")


def range_text(start: int, stop: int, frame_count: int) -> str:
    """A half-open range as people read it, both ends included ("0118–0245")."""
    first = frame_text(start, frame_count)
    return f"{first}–{frame_text(max(stop - 1, start), frame_count)}"


def duration_text(seconds: float) -> str:
    """Minutes and seconds ("0:48", "12:05", "1:02:07")."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
