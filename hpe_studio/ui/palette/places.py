"""Frames as people type them: numbers, steps, timecodes."""

from __future__ import annotations

import math
import re

from hpe_studio.core.clip import Clip

_STEP = re.compile(r"([+-])\s*(\d+)")
_SECONDS = re.compile(r"(\d+(?:[.,]\d+)?)\s*s(?:ec(?:onds?)?)?")


def frame_of(text: str, clip: Clip, present: int) -> int | None:
    """The frame a text means, within the clip; None where it means none.

    Args:
        text: "153", "+10", "-10", "12.5 s", "5:03" (seconds and frames) or
            "00:00:05:03".
        clip: Whose frames.
        present: The frame shown, where steps start.
    """
    told = text.strip().lower()
    step, seconds = _STEP.fullmatch(told), _SECONDS.fullmatch(told)
    frame: int | None = None
    if told.isdecimal():
        frame = int(told[:12])
    elif step is not None:
        frame = present + int(step.group(1) + step.group(2)[:12])
    elif seconds is not None:
        frame = clip.frame_at(float(seconds.group(1).replace(",", ".")))
    elif ":" in told:
        frame = _of_timecode(told, clip)
    if frame is None or clip.frame_count == 0:
        return None
    return min(max(frame, 0), clip.frame_count - 1)


def _of_timecode(told: str, clip: Clip) -> int | None:
    parts = re.split(r"[:;]", told)
    if not 2 <= len(parts) <= 4 or not all(p.isdecimal() and len(p) < 5 for p in parts):
        return None
    numbers = [0] * (4 - len(parts)) + [int(part) for part in parts]
    second = 3600 * numbers[0] + 60 * numbers[1] + numbers[2]
    if clip.is_variable_rate:
        return clip.frame_at(float(second)) + numbers[3]
    return second * max(1, math.ceil(clip.fps)) + numbers[3]
