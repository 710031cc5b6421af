"""The base taken from another estimate of the same person, with blended seams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits.rebase import rewrite_base
from hpe_studio.edits.stretch import Stretch, mixed, seam_weights

SPEC = EditSpec(
    id="take_from",
    label="Take from",
    options=(
        Option(
            name="blend",
            kind="int",
            default=5,
            minimum=0,
            maximum=60,
            unit="frames",
            help="Over how many frames it goes over into what lies about it",
        ),
    ),
)
_SAME_PERSON_M = 1.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Offer:
    """An estimate that may be of the same person.

    Attributes:
        take: The run or import.
        estimate: Its estimate that lies nearest.
        apart_m: How far its pelvis mostly is from the track's.
    """

    take: Take
    estimate: Estimate
    apart_m: float


def offers(document: Document, track: Track) -> tuple[Offer, ...]:
    """Per take the estimate that can be of this track's person, own take first.

    It must share frames and skeleton with the track, and its pelvis lie within a
    metre of the track's in the middle; without a common frame nothing tells.
    """
    best: dict[int, Offer] = {}
    for estimate in document.estimates.values():
        take = document.takes.get(estimate.take_id)
        apart = _apart_m(track, estimate)
        if take is None or apart is None or apart > _SAME_PERSON_M:
            continue
        known = best.get(take.id)
        if known is None or apart < known.apart_m:
            best[take.id] = Offer(take=take, estimate=estimate, apart_m=apart)
    own = track.estimate_id
    return tuple(sorted(best.values(), key=lambda o: (o.estimate.id != own, o.take.id)))


def take_from(
    edit: Edit,
    document: Document,
    stretch: Stretch,
    estimate: Estimate,
    *,
    blend: int = 5,
) -> int:
    """Let a range or a limb start anew from an estimate; keys keep their poses.

    Args:
        edit: The open edit.
        document: Where the track lives.
        stretch: Range and joints; frames the estimate does not know stay.
        estimate: Of the same skeleton, see `offers`.
        blend: Frames within the range over which it goes over into what was there.

    Returns:
        Number of frames taken.

    Raises:
        StudioError: If the estimate has another skeleton or no frame of the range, or
            the track is locked.
    """
    track = stretch.track
    edit.check_unlocked(track.id)
    if estimate.skeleton != track.skeleton or "joints_rad" not in estimate.arrays:
        raise StudioError(
            "this take has other joints", fix="choose a take of the same body"
        )
    turns = _on_track(track, estimate, "joints_rad")
    root = _on_track(track, estimate, "root_scene_m")
    is_told = np.isfinite(root[:, 0]) & np.isfinite(turns).all(axis=(1, 2))
    if not is_told[stretch.rows].any():
        raise StudioError(
            "this take does not know these frames", fix="choose another range"
        )
    free = np.repeat(is_told[:, None], turns.shape[1], axis=1)
    weight = seam_weights(stretch, free, blend)
    old = track.base_rad[stretch.rows].astype(np.float64)[:, stretch.index]
    new = turns[stretch.rows][:, stretch.index]
    weight = np.where(np.isnan(old).any(-1) & (weight > 0), 1.0, weight)
    said = Source.ESTIMATED if _is_estimated(document, estimate) else Source.IMPORTED
    source = track.base_source[stretch.rows][:, stretch.index]
    rewrite_base(
        edit,
        document,
        track,
        rows=stretch.rows,
        joints=stretch.joints,
        joints_rad=mixed(old, new, weight),
        root_m=_root(stretch, root, weight[:, 0]) if stretch.has_root else None,
        source=np.where(weight > 0, int(said), source).astype(np.uint8),
    )
    return int(is_told[stretch.rows].sum())


def _root(stretch: Stretch, root_m: FloatArray, weight: FloatArray) -> FloatArray:
    now = stretch.track.base_root_m[stretch.rows].astype(np.float64)
    new = root_m[stretch.rows]
    lacks = np.isnan(now)
    start = np.where(lacks, new, now)
    return np.where(
        np.isnan(new), now, start + weight[:, None] * (np.nan_to_num(new - start))
    )


def _is_estimated(document: Document, estimate: Estimate) -> bool:
    """True where an estimator looked at pictures, False where a file was read."""
    return "points_px" in estimate.arrays or (
        document.takes[estimate.take_id].origin == "synthetic"
    )


def _on_track(track: Track, estimate: Estimate, name: str) -> FloatArray:
    """An array of the estimate on the track's frames; NaN beside it."""
    array = estimate.arrays[name]
    out = np.full((track.frame_count, *array.shape[1:]), np.nan)
    first, stop = max(track.start, estimate.start), min(track.stop, estimate.stop)
    if first < stop:
        rows = array[first - estimate.start : stop - estimate.start]
        out[first - track.start : stop - track.start] = rows
    return out


def _apart_m(track: Track, estimate: Estimate) -> float | None:
    if estimate.skeleton != track.skeleton or "root_scene_m" not in estimate.arrays:
        return None
    away = _on_track(track, estimate, "root_scene_m") - track.base_root_m
    known = np.linalg.norm(away, axis=1)
    known = known[np.isfinite(known)]
    return float(np.median(known)) if len(known) else None
