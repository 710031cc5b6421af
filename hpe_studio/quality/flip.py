"""Left taken for right, front for back, over a few frames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.specs import Option
from hpe_studio.motion.rotations import geodesic_rad
from hpe_studio.quality.evidence import ShotEvidence, TrackEvidence
from hpe_studio.quality.finding import DetectorSpec, Finding
from hpe_studio.quality.ranges import frames_text

SPEC = DetectorSpec(
    id="flip",
    label="Left and right flipped",
    icon="flip-horizontal-2",
    options=(
        Option(
            name="turn_deg",
            kind="float",
            default=90.0,
            minimum=30.0,
            maximum=180.0,
            help="How far the pelvis turns from one frame to the next",
            unit="deg",
        ),
        Option(
            name="at_most",
            kind="int",
            default=45,
            minimum=1,
            help="Longer turns are taken for real",
            unit="frames",
        ),
    ),
)
_WORTH = 0.95
_LONGEST_GAP_FRAMES = 2


def detect(shot: ShotEvidence, options: Mapping[str, Any]) -> Iterator[Finding]:
    """Ranges between two sudden turns of the pelvis that undo each other.

    A turn at once by more than 90 degrees (spec 5.12), at which the joints with the
    names of the other side fit the frame before better. Ranges between such turns are
    flipped by turns; the colouring with fewer flipped frames is taken.
    """
    for one in shot.tracks:
        rows = np.flatnonzero(one.is_present)
        if len(rows) < 2:
            continue
        turns = _sudden_turns(one, rows, np.radians(options["turn_deg"]))
        yield from _between(one, turns, int(options["at_most"]))


def _sudden_turns(
    one: TrackEvidence, rows: np.ndarray, at_least_rad: float
) -> list[int]:
    """Rows before which left and right change places."""
    root = one.motion.joints_rad[rows, 0]
    is_next = np.diff(rows) <= _LONGEST_GAP_FRAMES
    turned = geodesic_rad(root[1:], root[:-1]) > at_least_rad
    is_better = _fits_better_swapped(one, one.joints_m[rows])
    return rows[1:][turned & is_better & is_next].tolist()


def _fits_better_swapped(one: TrackEvidence, joints_m: FloatArray) -> BoolArray:
    """Between neighbouring rows: whether swapped names are nearer, (rows - 1,)."""
    centred = joints_m - joints_m[:, :1]
    other = list(one.skeleton.mirror_permutation())
    before, after = centred[:-1], centred[1:]
    plain = np.linalg.norm(after - before, axis=-1).mean(-1)
    swapped = np.linalg.norm(after[:, other] - before, axis=-1).mean(-1)
    return swapped < _WORTH * plain


def _between(one: TrackEvidence, turns: list[int], at_most: int) -> Iterator[Finding]:
    """Every other stretch between turns, begun anew behind a stretch that is long."""
    edges = [0, *turns, one.track.frame_count]
    group: list[tuple[int, int]] = []
    for start, stop in pairwise(edges):
        group.append((start, stop))
        if stop - start > at_most:
            yield from (_finding(one, *r) for r in _flipped(group, last_is_long=True))
            group = [(start, stop)]
    yield from (_finding(one, *r) for r in _flipped(group, last_is_long=False))


def _flipped(
    group: list[tuple[int, int]], *, last_is_long: bool
) -> list[tuple[int, int]]:
    """The flipped stretches of a group whose long ends, if any, are not."""
    odd, even = group[1::2], group[::2]
    if last_is_long and len(group) % 2 == 0:
        # Both ends cannot be right with an even number: one turn was missed, or real.
        odd = odd[:-1]
    frames = [sum(stop - start for start, stop in part) for part in (odd, even)]
    return odd if frames[0] <= frames[1] else even


def _finding(one: TrackEvidence, start: int, stop: int) -> Finding:
    return Finding(
        kind=SPEC.id,
        person_id=one.person.id,
        track_id=one.track.id,
        start=one.track.start + start,
        stop=one.track.start + stop,
        severity=0.8,
        title="Left and right flipped",
        cause=f"{frames_text(stop - start)} face the other way",
    )
