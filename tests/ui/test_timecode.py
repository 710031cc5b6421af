"""How times and frames are written."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from hpe_studio.core.clip import clip_without_footage
from hpe_studio.ui import timecode as tc


def test_timecode_counts_nominal_frames_at_a_constant_rate() -> None:
    clip = clip_without_footage(frame_count=4500, fps=Fraction(30000, 1001))
    assert tc.timecode(clip, 153) == "00:00:05:03"
    assert tc.timecode(clip, 1800) == "00:01:00:00"


def test_timecode_follows_the_clock_where_frames_last_differently() -> None:
    clip = clip_without_footage(frame_count=6, fps=Fraction(25))
    clip = replace(clip, times_s=np.array([0.0, 0.5, 0.9, 1.0, 1.4, 2.5]))
    assert [tc.timecode(clip, f)[6:] for f in range(6)] == [
        "00:00", "00:01", "00:02", "01:00", "01:01", "02:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "text"), [(48, "0:48"), (725, "12:05"), (3727, "1:02:07"), (-1, "0:00")]
)
def test_durations(seconds: float, text: str) -> None:
    assert tc.duration_text(seconds) == text


def test_ranges_are_shown_inclusive_and_padded() -> None:
    assert tc.range_text(118, 246, 4500) == "0118–0245"
    assert tc.frame_text(7, 123456) == "000007"
    assert tc.fps_text(Fraction(30000, 1001)) == "29.97"
    assert tc.fps_text(Fraction(25)) == "25"
