"""Chains of detections as the tracklets that the rest of the program knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, ByteArray, FloatArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.tracking.colours import mean_colours
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.table import Chain, DetectionTable


def outside_flags(points_px: FloatArray, size_px: tuple[int, int]) -> ByteArray:
    """1 for each point outside the picture, 0 inside or unknown, shape without xy.

    Pixel centres count from (0, 0), so the picture reaches from -0.5 to width - 0.5.
    """
    high = np.array(size_px, float) - 0.5
    beyond = (points_px < -0.5) | (points_px > high)
    return np.asarray(beyond.any(axis=-1), dtype=np.uint8)


def chosen_chains(
    table: DetectionTable,
    chains: Sequence[Chain],
    *,
    times_s: FloatArray,
    options: TrackingOptions,
) -> list[Chain]:
    """The chains that are people: seen long enough, trusted enough, not too many.

    Args:
        table: The detections.
        chains: One per person.
        times_s: Times of the shot's frames, shape (frames,).
        options: The limits.
    """
    frame_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 0.0
    long = max(options.min_frames, _frames_in(options.min_duration_s, frame_s))
    needed = max(1, min(long, int(np.ceil(0.5 * len(times_s)))))
    typical = options.brief_score_share * float(np.median(table.scores))

    def is_person(chain: Chain) -> bool:
        brief = len(chain) * frame_s < options.brief_s
        least = max(options.min_mean_score, typical if brief else 0.0)
        return len(chain) >= needed and bool(table.scores[chain].mean() >= least)

    people = [chain for chain in chains if is_person(chain)]
    if options.max_people is not None:
        people.sort(key=lambda c: -float(table.scores[c].sum()))
        people = people[: options.max_people]
    return sorted(people, key=lambda c: (int(table.frames[c[0]]), int(c[0])))


def build_tracklet(table: DetectionTable, chain: Chain, clear: BoolArray) -> Tracklet:
    """The dense arrays of one person; frames between without detection are missing."""
    frames = table.frames[chain]
    start, count = int(frames[0]), int(frames[-1] - frames[0]) + 1
    at = frames - start

    def spread(values: FloatArray, empty: float) -> FloatArray:
        whole = np.full((count, *values.shape[1:]), empty, dtype=np.float32)
        whole[at] = values
        return whole

    points_px = spread(table.points_px[chain], np.nan)
    outside = outside_flags(points_px, table.size_px)
    confidence = spread(table.confidence[chain], 0.0)
    bodies = None if table.bodies is None else table.bodies.rows(chain)
    return Tracklet(
        start=start,
        points_px=points_px,
        confidence=np.where(outside == 1, np.float32(0), confidence),
        outside=outside,
        points_m=spread(table.points_m[chain], np.nan),
        boxes_px=spread(table.boxes_px[chain], np.nan),
        scores=spread(table.scores[chain], 0.0),
        appearance=mean_colours(table, chain, clear).astype(np.float32),
        bodies=None if bodies is None else bodies.spread(at, count),
    )


def _frames_in(duration_s: float, frame_s: float) -> int:
    return int(np.ceil(duration_s / frame_s - 1e-6)) if frame_s > 0 else 1
