"""Feet that stand and slide all the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.ndimage import gaussian_filter1d

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text, ranges_of

SPEC = DetectorSpec(
    id="foot_slide",
    label="Foot slides",
    icon="footprints",
    options=(
        Option(
            name="slide_m",
            kind="float",
            default=0.115,
            minimum=0.01,
            help="How far a standing foot moves within 0.8 s",
            unit="m",
        ),
        Option(
            name="height_m",
            kind="float",
            default=0.05,
            minimum=0.0,
            help="Height over where the toes stand, below which a foot is down",
            unit="m",
        ),
        Option(
            name="speed_m_s",
            kind="float",
            default=1.4,
            minimum=0.1,
            help="A foot that is faster is not standing",
            unit="m/s",
        ),
    ),
)
_LIFT_M_S = 0.3
_CALM_S = 0.08
_WINDOW_S = 0.8
_EDGE_S = 0.07
_LEAST_S = 0.2


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ranges in which a foot is down, does not lift, and moves over the floor.

    Measured on the toes' path averaged over 0.08 s, so that noise is no slide; the
    first and last 0.07 s on the floor, landing and pushing off, do not count.
    """
    for one in shot.tracks:
        for side in ("left", "right"):
            name = f"{side}_foot"
            if name in one.skeleton.joint_names:
                toe = one.skeleton.index(name)
                for start, stop in ranges_of(one.is_present, bridge=1, at_least=5):
                    yield from _of_foot(one, side, toe, slice(start, stop), options)


def _of_foot(
    one: TrackEvidence, side: str, toe: int, run: slice, options: Mapping[str, Any]
) -> Iterator[Finding]:
    at = gaussian_filter1d(
        one.level_m[run, toe], _CALM_S * one.fps, axis=0, mode="nearest"
    )
    is_down = _is_down(at, one.fps, options) & ~one.is_unseen[run, toe]
    is_down |= one.marked("contact")[run, toe]
    slid = _slid_m(at[:, [0, 2]], is_down, one.fps)
    joints = tuple(sorted((one.skeleton.index(f"{side}_ankle"), toe)))
    for start, stop in ranges_of(slid > options["slide_m"], at_least=3):
        way_m = float(slid[start:stop].max())
        yield Finding(
            kind=SPEC.id,
            person_id=one.person.id,
            track_id=one.track.id,
            start=one.track.start + run.start + start,
            stop=one.track.start + run.start + stop,
            joints=joints,
            severity=min(1.0, 0.2 + 2.0 * way_m),
            title=f"{side.capitalize()} foot slides {way_m * 100:.1f} cm",
            cause=f"{frames_text(stop - start)} on the floor",
        )


def _is_down(at_m: FloatArray, fps: float, options: Mapping[str, Any]) -> BoolArray:
    """Where the toes are low, do not rise or fall, and are no faster than a slide."""
    floor = np.quantile(at_m[:, 1], 0.1)
    speed = np.gradient(at_m, axis=0) * fps
    across = np.linalg.norm(speed[:, [0, 2]], axis=1)
    low = at_m[:, 1] - floor < options["height_m"]
    return low & (np.abs(speed[:, 1]) < _LIFT_M_S) & (across < options["speed_m_s"])


def _slid_m(across_m: FloatArray, is_down: BoolArray, fps: float) -> FloatArray:
    """How far the foot gets within 0.8 s about each frame on the floor, (frames,)."""
    slid = np.zeros(len(across_m))
    half, edge = round(_WINDOW_S * fps / 2), round(_EDGE_S * fps)
    least = max(round(_LEAST_S * fps), 3)
    for start, stop in ranges_of(is_down, bridge=2, at_least=least):
        first, last = start + edge, stop - edge - 1
        rows = np.arange(first, last + 1)
        if len(rows) >= least // 2 + 2:
            before = np.maximum(rows - half, first)
            after = np.minimum(rows + half, last)
            slid[rows] = np.linalg.norm(across_m[after] - across_m[before], axis=1)
    return slid
