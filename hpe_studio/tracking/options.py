"""What can be set about tracking, with defaults that suit ordinary clips."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class TrackingOptions:
    """Settings of `track_shot`.

    Attributes:
        min_score: Detections below are not looked at.
        min_duration_s: A person seen for less than this is dropped, except in shots
            that are hardly longer themselves (half of such a shot is enough).
        min_frames: A person seen in fewer frames is dropped, same exception.
        min_mean_score: A person whose mean score stays below is dropped.
        brief_s: Whoever is seen for less than this must be trusted like the others:
        brief_score_share: with at least this share of the shot's median score.
        max_gap_s: Longest gap over which a person is recognised again.
        max_people: Keep only that many people, the ones seen longest; None = all.
        repair_flips: Put right frames in which left and right are exchanged.
    """

    min_score: float = 0.1
    min_duration_s: float = 0.2
    min_frames: int = 4
    min_mean_score: float = 0.35
    brief_s: float = 1.0
    brief_score_share: float = 0.85
    max_gap_s: float = 3.0
    max_people: int | None = None
    repair_flips: bool = True
