"""Who is who within one shot: detections in, one tracklet per person out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.core.observations import FrameDetections, Tracklet
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.tracking.assemble import build_tracklet, chosen_chains
from hpe_studio.tracking.associate import chain_detections
from hpe_studio.tracking.colours import clear_rows, measure_colours
from hpe_studio.tracking.duplicates import distinct_rows, merge_duplicates
from hpe_studio.tracking.flips import repair_flips
from hpe_studio.tracking.linking import Evidence, link_chains
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.slips import split_at_slips
from hpe_studio.tracking.swaps import undo_swaps
from hpe_studio.tracking.table import Chain, DetectionTable, build_table, select_rows

_TEXT = "Telling people apart"
_CHAINED, _LINKED = 0.6, 0.85


def track_shot(
    detections: Sequence[FrameDetections],
    *,
    start: int,
    stop: int,
    size_px: tuple[int, int],
    times_s: FloatArray,
    landmarks: str = "mediapipe33",
    options: TrackingOptions | None = None,
) -> Job[list[Tracklet]]:
    """Follow each person through one shot.

    Knows the whole shot at once: certain short chains first, cut where they slipped
    to somebody else, linked over gaps by place, motion, pose, size and colour, then
    checked for exchanged identities, duplicates, blips and left/right flips. Nothing
    is filled in: frames without a detection stay missing.

    Args:
        detections: Per frame, in any order; frames outside the shot are ignored.
        start: First frame of the shot.
        stop: One past its last frame; nothing is followed beyond.
        size_px: Stored width and height of the picture.
        times_s: Presentation time of every frame of the clip, shape (at least stop,).
        landmarks: Name of the landmark set of the detections.
        options: Settings; None means the defaults.

    Yields:
        Progress.

    Returns:
        One tracklet per person, in the order of their first frames.

    Raises:
        ValueError: If there is no time for each frame of the shot.
    """
    options = options or TrackingOptions()
    names = landmark_set(landmarks)
    if len(times_s) < stop:
        raise ValueError(f"{len(times_s)} times are too few for frame {stop - 1}")
    yield Progress(done=0.0, total=1.0, text=_TEXT)
    table = build_table(
        detections,
        start=start,
        stop=stop,
        size_px=size_px,
        times_s=times_s,
        landmarks=names,
        min_score=options.min_score,
    )
    if len(table.frames) == 0:
        return []
    table = select_rows(table, distinct_rows(table))
    clear = clear_rows(table)
    chains = yield from _chained(table)
    chains = yield from _identities(table, chains, clear, options)
    people = chosen_chains(table, chains, times_s=times_s[start:stop], options=options)
    tracklets: list[Tracklet] = []
    for done, chain in enumerate(people):
        share = done / len(people)
        yield Progress(done=_LINKED + (1 - _LINKED) * share, total=1.0, text=_TEXT)
        tracklet = build_tracklet(table, chain, clear)
        if options.repair_flips:
            tracklet, _ = repair_flips(tracklet, times_s=times_s, landmarks=names)
        tracklets.append(tracklet)
    return tracklets


def _chained(table: DetectionTable) -> Job[list[Chain]]:
    chains: list[Chain] = []
    count = len(np.unique(table.frames))
    for done, finished in chain_detections(table):
        chains += finished
        if done % 16 == 0:
            yield Progress(done=_CHAINED * done / count, total=1.0, text=_TEXT)
    return chains


def _identities(
    table: DetectionTable,
    chains: list[Chain],
    clear: BoolArray,
    options: TrackingOptions,
) -> Job[list[Chain]]:
    """One chain per person out of the short certain ones."""
    chains = merge_duplicates(table, chains)
    scale = measure_colours(table, chains, clear)
    evidence = Evidence(table=table, scale=scale, clear=clear)
    pieces = split_at_slips(table, chains, scale)
    yield Progress(done=_CHAINED, total=1.0, text=_TEXT)
    linked = link_chains(evidence, pieces, max_gap_s=options.max_gap_s)
    yield Progress(done=_LINKED, total=1.0, text=_TEXT)
    return merge_duplicates(table, undo_swaps(evidence, linked))
