"""Limbs or whole people that leap for a frame or two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from scipy.ndimage import median_filter, percentile_filter

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.quality.bodyparts import part_joints, parts_text
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import ranges_of

SPEC = DetectorSpec(
    id="jump",
    label="Jump",
    icon="activity",
    reach=60,
    options=(
        Option(
            name="limb_m",
            kind="float",
            default=0.13,
            minimum=0.02,
            help="How far a joint leaps off its path about the pelvis",
            unit="m",
        ),
        Option(
            name="root_m",
            kind="float",
            default=0.2,
            minimum=0.02,
            help="How far the whole body leaps off its path",
            unit="m",
        ),
        Option(
            name="times_usual",
            kind="float",
            default=5.0,
            minimum=1.0,
            help="And how many times further than usual about that time",
        ),
    ),
)
_PATH_FRAMES = 7
_AROUND_FRAMES = 41


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Frames off the path that the frames about them describe.

    The path is the running median over 7 frames, which a leap of up to three frames
    does not touch; fast but steady motion stays on it.
    """
    for one in shot.tracks:
        if one.track.frame_count < _PATH_FRAMES:
            continue
        yield from _of_root(one, options)
        yield from _of_limbs(one, options)


def _of_root(one: TrackEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    root = one.joints_m[:, 0]
    off = _off_path_m(root[:, None])[:, 0]
    is_off = (off > options["root_m"]) & (off > options["times_usual"] * _usual(off))
    for start, stop in ranges_of(is_off):
        far = float(np.nanmax(off[start:stop]))
        yield _finding(one, start, stop, (), far, "Whole body")


def _of_limbs(one: TrackEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    joints = one.joints_m - one.joints_m[:, :1]
    off = _off_path_m(joints)
    usual = np.stack([_usual(o) for o in off.T], axis=1)
    is_off = (off > options["limb_m"]) & (off > options["times_usual"] * usual)
    is_off &= ~one.is_unseen
    is_off[:, 0] = False
    for start, stop in ranges_of(is_off.any(1)):
        hit = is_off[start:stop].any(0)
        parts = [
            part
            for part, members in part_joints(one.skeleton).items()
            if hit[list(members)].any()
        ]
        far = float(np.nanmax(np.where(is_off, off, 0.0)[start:stop]))
        text = parts_text(parts)
        yield _finding(one, start, stop, tuple(np.flatnonzero(hit).tolist()), far, text)


def _off_path_m(points_m: FloatArray) -> FloatArray:
    """Distance of each frame from the path, (frames, joints, 3) to (frames, joints).

    Each run of present frames has a path of its own: behind a gap people may be
    anywhere.
    """
    off = np.zeros(points_m.shape[:2])
    known = np.asarray(np.isfinite(points_m).all(axis=(1, 2)))
    for start, stop in ranges_of(known, bridge=1, at_least=_PATH_FRAMES):
        run = points_m[start:stop]
        # Beyond its ends a run goes on as it came.
        reach = _PATH_FRAMES // 2
        around = ((reach, reach), (0, 0), (0, 0))
        longer = np.pad(run, around, mode="reflect", reflect_type="odd")
        path = median_filter(longer, size=(_PATH_FRAMES, 1, 1))[reach:-reach]
        off[start:stop] = np.linalg.norm(run - path, axis=-1)
    return off


def _usual(off_m: FloatArray) -> FloatArray:
    """What is usual about each frame: the upper quartile within 41 frames."""
    return percentile_filter(off_m, 80, size=_AROUND_FRAMES, mode="nearest")


def _finding(
    one: TrackEvidence,
    start: int,
    stop: int,
    joints: tuple[int, ...],
    far_m: float,
    who: str,
) -> Finding:
    return Finding(
        kind=SPEC.id,
        person_id=one.person.id,
        track_id=one.track.id,
        start=one.track.start + start,
        stop=one.track.start + stop,
        joints=joints,
        severity=min(1.0, 0.35 + far_m),
        title=f"{who[:1].upper()}{who[1:]} {_verb(who)} {far_m * 100:.0f} cm",
        cause="Away from where the frames before and after put it",
    )


def _verb(who: str) -> str:
    return "jump" if who.endswith("s") or " and " in who else "jumps"
