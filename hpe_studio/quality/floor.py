"""People who sink into the floor or hang above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.ndimage import maximum_filter1d, median_filter

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="floor",
    label="Through or above the floor",
    icon="arrow-down-to-line",
    options=(
        Option(
            name="below_m",
            kind="float",
            default=0.08,
            minimum=0.0,
            help="How far a foot may be below where this person stands",
            unit="m",
        ),
        Option(
            name="above_m",
            kind="float",
            default=0.2,
            minimum=0.0,
            help="How high both feet may be without a jump",
            unit="m",
        ),
        Option(
            name="at_least",
            kind="int",
            default=4,
            minimum=1,
            help="Shorter ranges are left out",
            unit="frames",
        ),
    ),
)
_TOES = ("left_foot", "right_foot")
_SMOOTH_FRAMES = 5
_GRAVITY_M_S2 = 9.81
_FALLS = 0.4


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ranges in which toes are below, or both above, where the person stands.

    Measured from the height at which each person's lower foot mostly is: floors of
    uncalibrated shots are known no better. Flight is no problem: there the pelvis
    falls as gravity has it.
    """
    for one in shot.tracks:
        present = {n for n in _TOES if n in one.skeleton.joint_names}
        if len(present) < 2:
            continue
        low, low_joint = _lower_toe(one)
        is_known = np.isfinite(low)
        if is_known.sum() < _SMOOTH_FRAMES:
            continue
        height = low - float(np.quantile(low[is_known], 0.25))
        height = median_filter(np.nan_to_num(height), size=_SMOOTH_FRAMES)
        below = is_known & (height < -options["below_m"])
        above = is_known & (height > options["above_m"]) & ~_flies(one)
        for word, is_off in (("below", below), ("above", above)):
            for start, stop in ranges_of(is_off, at_least=options["at_least"]):
                far = float(np.abs(height[start:stop]).max())
                yield _finding(one, start, stop, int(low_joint[start]), word, far)


def _lower_toe(one: TrackEvidence) -> tuple[FloatArray, np.ndarray]:
    """Height of the lower toe that is seen, and which joint it is, (frames,)."""
    toes = np.array([one.skeleton.index(n) for n in _TOES])
    heights = np.where(one.is_unseen[:, toes], np.nan, one.level_m[:, toes, 1])
    filled = np.where(np.isfinite(heights), heights, np.inf)
    which = filled.argmin(1)
    low = filled[np.arange(len(filled)), which]
    return np.where(np.isfinite(low), low, np.nan), toes[which]


def _flies(one: TrackEvidence) -> BoolArray:
    """Where the pelvis falls with a good part of gravity, shape (frames,)."""
    height = np.nan_to_num(one.level_m[:, 0, 1])
    fall = np.gradient(np.gradient(height)) * one.fps**2
    falling = median_filter(fall, size=_SMOOTH_FRAMES) < -_FALLS * _GRAVITY_M_S2
    around = maximum_filter1d(falling.astype(np.uint8), 2 * _SMOOTH_FRAMES + 1)
    return np.asarray(around > 0)


def _finding(
    one: TrackEvidence, start: int, stop: int, joint: int, word: str, far_m: float
) -> Finding:
    who = "Foot" if word == "below" else "Hangs"
    return Finding(
        kind=SPEC.id,
        person_id=one.person.id,
        track_id=one.track.id,
        start=one.track.start + start,
        stop=one.track.start + stop,
        joints=(joint,),
        severity=min(1.0, 0.2 + 2.0 * far_m),
        title=f"{who} {far_m * 100:.0f} cm {word} the floor",
        cause=f"{frames_text(stop - start)} off where this person stands",
    )
