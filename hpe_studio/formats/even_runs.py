"""One person without gaps at an even rate, for formats that know nothing else."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.specs import Option
from hpe_studio.motion.interpolation import resample

FPS_WRITTEN = Option(
    name="fps",
    kind="text",
    default="",
    label="Frame rate",
    empty="As the clip",
    help="Frame rate such as 30 or 24000/1001; the clip's when empty",
)

_STANDARD_RATES = tuple(
    rate
    for n in (12, 15, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)
    for rate in (Fraction(n), Fraction(n * 1000, 1001))
)


def rate_of(frame_time_s: float) -> Fraction:
    """The exact rate behind a rounded frame time.

    0.0416667 means 24, 0.0333667 means 30000/1001.
    """
    rate = 1.0 / frame_time_s
    best = min(_STANDARD_RATES, key=lambda r: abs(float(r) - rate))
    if abs(float(best) / rate - 1) < 5e-5:
        return best
    return Fraction(rate).limit_denominator(1000)


def given_rate(text: str) -> Fraction:
    """The exact rate that a person typed; 23.976 means 24000/1001.

    Raises:
        StudioError: If it is none.
    """
    try:
        rate = Fraction(text)
    except (ValueError, ZeroDivisionError):
        rate = Fraction(0)
    if not 0 < rate <= 1000:
        raise StudioError(
            f"{text!r} is no frame rate", fix="write 30 or 24000/1001 or 23.976"
        )
    for standard in _STANDARD_RATES:
        if abs(float(standard - rate)) < 6e-4:  # 23.976 means 24000/1001
            return standard
    return rate


def even_run(motion: MotionFile, rate: Fraction) -> tuple[PersonMotion, int, list[str]]:
    """One gapless run at an even rate, frames that are held, and what was done.

    Args:
        motion: Runs of one person.
        rate: Frames per second of the run.
    """
    notes: list[str] = []
    runs = sorted(motion.people, key=lambda p: p.start)
    start = runs[0].start
    stop = max(run.start + len(run.joints_rad) for run in runs)
    joints = np.full((stop - start, runs[0].skeleton.joint_count, 3), np.nan)
    root = np.full((stop - start, 3), np.nan)
    for run in runs:
        rows = slice(run.start - start, run.start - start + len(run.joints_rad))
        joints[rows], root[rows] = run.joints_rad, run.root_scene_m
    held = _hold_missing(joints, root)
    if held:
        notes.append(f"{held} missing frames hold the pose before them")
    if start:
        notes.append(f"Frame 0 of the file is frame {start} of the clip")
    if motion.times_s is not None or rate != motion.fps:
        times_s = motion.times_s
        if times_s is None:
            times_s = np.arange(stop) / float(motion.fps)
        mine = times_s[start:stop]
        wanted = np.arange(mine[0], mine[-1] + 1e-9, float(1 / rate))
        joints, root = resample(joints, root, from_times_s=mine, to_times_s=wanted)
        why = "variable frame rate" if motion.times_s is not None else str(motion.fps)
        notes.append(f"Resampled from {why} to {rate} fps")
    return replace(runs[0], joints_rad=joints, root_scene_m=root), held, notes


def _hold_missing(joints: FloatArray, root: FloatArray) -> int:
    """Fill missing rows in place with the row before (or the first after)."""
    present = np.isfinite(root[:, 0]) & np.isfinite(joints).all(axis=(1, 2))
    if not present.any():
        joints[:], root[:] = 0.0, 0.0
        return len(root)
    last = np.maximum.accumulate(np.where(present, np.arange(len(root)), -1))
    last = np.where(last < 0, np.flatnonzero(present)[0], last)
    joints[:], root[:] = joints[last], root[last]
    return int((~present).sum())
