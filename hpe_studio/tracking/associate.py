"""From frame to frame: detections become short chains that are certain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.motion.assignment import gated_pairs
from hpe_studio.tracking.likeness import (
    box_overlap,
    colour_distance,
    landmark_distance,
    pose_distance,
)
from hpe_studio.tracking.table import Chain, DetectionTable

# Landmarks take the larger part of what place tells.
_PLACE, _OVERLAP, _POSE, _COLOUR = 0.4, 0.2, 0.2, 0.2
# A chain of one has no motion yet and must match better, as must one found again.
_GATE, _YOUNG_GATE = 0.42, 0.3
_HINT_FACTOR = 0.85
# Place counts in units of this share of the body size; beyond the reach, no match.
_PLACE_UNIT = 0.5
_REACH, _REACH_PER_S = 0.45, 2.5
_BRIDGE_S = 0.12
_VELOCITY_MEMORY_S = 0.1


@dataclass(slots=True)
class _Open:
    """A chain that still grows, with an alpha-beta estimate of its velocity."""

    rows: list[int]
    velocity_px: FloatArray = field(default_factory=lambda: np.zeros(2))

    def extend(self, row: int, table: DetectionTable) -> None:
        last = self.rows[-1]
        step_s = max(float(table.times_s[row] - table.times_s[last]), 1e-6)
        seen = (table.centres_px[row] - table.centres_px[last]) / step_s
        blend = 1.0 - np.exp(-step_s / _VELOCITY_MEMORY_S)
        self.velocity_px = self.velocity_px + blend * (seen - self.velocity_px)
        self.rows.append(row)


def chain_detections(table: DetectionTable) -> Iterator[tuple[int, list[Chain]]]:
    """Link detections of following frames where the match is good.

    Yields:
        Frames done so far, and the chains finished with this frame. Gaps inside a
        chain are at most 0.12 s or two frames; every row is in exactly one chain.
    """
    growing: list[_Open] = []
    moments = np.unique(table.frames)
    for done, frame in enumerate(moments):
        rows = table.rows_at(frame)
        now_s = float(table.times_s[rows[0]])
        finished = [t for t in growing if not _is_fresh(t, table, frame, now_s)]
        growing = [t for t in growing if _is_fresh(t, table, frame, now_s)]
        taken, new = gated_pairs(_cost(table, growing, rows, now_s), gate=_GATE)
        for track, row in zip(taken, rows[new], strict=True):
            growing[track].extend(int(row), table)
        growing += [_Open([int(row)]) for row in np.delete(rows, new)]
        yield done + 1, [np.array(t.rows, dtype=np.intp) for t in finished]
    yield len(moments), [np.array(t.rows, dtype=np.intp) for t in growing]


def _is_fresh(track: _Open, table: DetectionTable, frame: int, now_s: float) -> bool:
    last = track.rows[-1]
    few_frames = frame - table.frames[last] <= 2
    return bool(few_frames or now_s - table.times_s[last] <= _BRIDGE_S)


def _cost(
    table: DetectionTable, growing: list[_Open], rows: IntArray, now_s: float
) -> FloatArray:
    """Cost of continuing each open chain with each row; NaN where out of reach."""
    if not growing:
        return np.zeros((0, len(rows)))
    last = np.array([t.rows[-1] for t in growing], dtype=np.intp)
    ahead_s = now_s - table.times_s[last]
    shift_px = np.array([t.velocity_px for t in growing]) * ahead_s[:, None]
    place = landmark_distance(table, last, rows, shift_px)
    size_px = np.maximum(table.sizes_px[last][:, None], table.sizes_px[rows][None])
    moved_px = table.centres_px[last] + shift_px
    apart = np.linalg.norm(moved_px[:, None] - table.centres_px[rows][None], axis=2)
    place = np.where(np.isnan(place), apart / size_px, place)
    boxes_px = table.boxes_px[last] + np.tile(shift_px, 2)
    parts = [
        (_PLACE, np.minimum(place / _PLACE_UNIT, 1.0)),
        (_OVERLAP, 1.0 - box_overlap(boxes_px, table.boxes_px[rows])),
        (_POSE, np.minimum(pose_distance(table, last, rows), 1.0)),
    ]
    if table.bins:
        colours = colour_distance(table.appearance[last], table.appearance[rows])
        parts.append((_COLOUR, colours))
    cost = _weighted(parts)
    same = (table.hints[last][:, None] == table.hints[rows]) & (table.hints[rows] >= 0)
    cost = np.where(same, cost * _HINT_FACTOR, cost)
    reach = _REACH + _REACH_PER_S * ahead_s[:, None]
    young = np.array([len(t.rows) == 1 for t in growing])
    young |= table.frames[rows[0]] - table.frames[last] > 1
    allowed = (apart / size_px < reach) & ~(young[:, None] & (cost > _YOUNG_GATE))
    return np.where(allowed, cost, np.nan)


def _weighted(parts: list[tuple[float, FloatArray]]) -> FloatArray:
    """Weighted mean over the parts that are known."""
    weights = np.array([weight for weight, _ in parts])
    values = np.stack([value for _, value in parts])
    known = np.isfinite(values)
    used = weights[:, None, None] * known
    return (used * np.nan_to_num(values)).sum(axis=0) / np.maximum(
        used.sum(axis=0), 1e-9
    )
