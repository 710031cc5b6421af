"""Which frame of a clip a frame of a file shows: by time, or by counting."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.interchange import MotionFile

_SAME_TIME_S = 1e-4
_RATE_WORDS = re.compile(r"\bfps\b|frames per second|frame rate", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Timing:
    """How the frames of a file lie on those of a clip.

    Attributes:
        offset: Frame of the clip that the file's frame 0 shows.
        step: Frames of the clip from one frame of the file to the next; None where
            the two rates say it.
        fps: Rate of the file in place of what it says itself, or None.
    """

    offset: int = 0
    step: Fraction | None = None
    fps: Fraction | None = None

    def __post_init__(self) -> None:
        if self.step is not None and self.step <= 0:
            raise ValueError("a step is positive")


def is_rate_assumed(motion: MotionFile) -> bool:
    """True where the file says no rate and its reader took one for granted."""
    return any(_RATE_WORDS.search(sentence) for sentence in motion.assumed)


def settled_timing(motion: MotionFile, clip: Clip, timing: Timing) -> Timing:
    """A timing without open questions.

    A file that says no rate was made frame by frame; so was one whose frames lie at
    the clip's times. Everything else is met by time.
    """
    if timing.step is not None:
        return timing
    if timing.fps is None and clip.kind != "none" and is_rate_assumed(motion):
        return replace(timing, step=Fraction(1))
    times_s = file_times_s(motion, timing)
    shared = min(len(times_s), clip.frame_count)
    same = np.allclose(
        times_s[:shared], clip.times_s[:shared], rtol=0, atol=_SAME_TIME_S
    )
    return replace(timing, step=Fraction(1)) if same else timing


def frame_total(motion: MotionFile) -> int:
    """Frames of the file, counting every run of people and of points."""
    ends = [p.start + len(p.joints_rad) for p in motion.people]
    for run in motion.points:
        places = run.points_scene_m if run.points_px is None else run.points_px
        ends.append(run.start + (0 if places is None else len(places)))
    return max([motion.frame_count, *ends])


def file_times_s(motion: MotionFile, timing: Timing | None = None) -> FloatArray:
    """Time of each frame of the file, shape (frames,), seconds."""
    count = frame_total(motion)
    is_told = timing is None or timing.fps is None
    if is_told and motion.times_s is not None and len(motion.times_s) >= count:
        return np.asarray(motion.times_s, dtype=np.float64)
    fps = motion.fps if timing is None or timing.fps is None else timing.fps
    return np.arange(count) * float(1 / fps)


def clip_positions(motion: MotionFile, clip: Clip, timing: Timing) -> FloatArray:
    """Where in the clip each frame of the file lies, in frames, shape (frames,).

    Args:
        motion: The file.
        clip: The clip.
        timing: As it is wished; it is settled here.
    """
    settled = settled_timing(motion, clip, timing)
    if settled.step is not None:
        step = float(settled.step)
        return settled.offset + step * np.arange(frame_total(motion))
    times_s = file_times_s(motion, settled)
    frames = np.arange(clip.frame_count, dtype=np.float64)
    inside = np.interp(times_s, clip.times_s, frames)
    before = times_s < clip.times_s[0] - 1e-9
    after = times_s > clip.times_s[-1] + 1e-9
    fps = float(clip.fps)
    inside[before] = (times_s[before] - clip.times_s[0]) * fps
    inside[after] = frames[-1] + (times_s[after] - clip.times_s[-1]) * fps
    near = np.abs(inside - np.round(inside)) < 1e-6
    return np.where(near, np.round(inside), inside) + settled.offset


def step_text(step: Fraction | None) -> str:
    """A step as people read it: "every frame", "every 2nd frame"."""
    if step is None:
        return "by time"
    if step == 1:
        return "every frame"
    if step.denominator == 1:
        return f"every {_ordinal(step.numerator)} frame"
    if step.numerator == 1:
        return f"{step.denominator} per frame"
    return f"every {float(step):.4g} frames"


def _ordinal(number: int) -> str:
    tail = number % 100
    if 10 <= tail <= 20:
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def whole(position: float) -> bool:
    """True where a position is a frame and not between two."""
    return math.isclose(position, round(position), abs_tol=1e-6)
