"""Smoothing a base without lag; keys keep the pose they held."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.feet import keep_standing, standing
from hpe_studio.edits.rebase import anchor, rewrite_base
from hpe_studio.edits.stretch import (
    Stretch,
    accented,
    dissolving,
    mixed,
    seam_weights,
    seen,
)
from hpe_studio.motion.filters import smooth
from hpe_studio.motion.smoothing import METHODS, Method, Smoothing, smoothed
from hpe_studio.posing.posed import Poser
from hpe_studio.posing.resolve import resolve

SPEC = EditSpec(
    id="smooth",
    label="Smooth",
    options=(
        Option(
            name="method",
            kind="choice",
            default="gaussian",
            choices=METHODS,
            help="How to smooth; none of them shifts motion in time",
        ),
        Option(
            name="strength",
            kind="float",
            default=1.0,
            minimum=0.0,
            maximum=10.0,
            help="How much to smooth; 1 takes the tremble out",
        ),
        Option(
            name="cutoff_hz",
            kind="float",
            default=6.0,
            minimum=0.5,
            maximum=30.0,
            unit="Hz",
            help="What Butterworth lets through at strength 1",
        ),
        Option(
            name="protect",
            kind="bool",
            default=True,
            help="Protect clean motion",
        ),
    ),
)
_STANDS_M = 0.01
_LEAST_MEASURED = 24


def smooth_stretch(
    edit: Edit,
    document: Document,
    poser: Poser,
    stretch: Stretch,
    *,
    method: Method = "gaussian",
    strength: float = 1.0,
    cutoff_hz: float = 6.0,
    protect: bool = True,
) -> None:
    """Smooth some joints on a range; what lies about it goes over without a step.

    What was not seen is left as it is and has no say; so are accents. Keys keep the
    poses they hold, and feet that stood still in a marked contact stand still after.

    Args:
        edit: The open edit.
        document: Where the track lives.
        poser: Knows the body.
        stretch: Range and joints.
        method: One of `motion.smoothing.METHODS`.
        strength: 1 is gentle, 0 changes nothing.
        cutoff_hz: Of the Butterworth filter at strength 1.
        protect: Move nothing farther than the tremble that is measured.

    Raises:
        StudioError: If the track or its person is locked.
    """
    track = stretch.track
    edit.check_unlocked(track.id)
    known, accents = seen(document, track), accented(document, track)
    before = track.base_rad.astype(np.float64)
    root = track.base_root_m.astype(np.float64)
    root[dissolving(document, track)] = np.nan
    how = Smoothing(
        method=method, strength=strength, cutoff_hz=cutoff_hz, is_limited=protect
    )
    calm, still = smoothed(
        np.where(known[..., None], before, np.nan),
        root,
        times_s=document.clip.times_s[track.start : track.stop],
        how=how,
        measured=_about(stretch.rows),
    )
    stood = standing(document, poser, track, within_m=_STANDS_M)
    weight = seam_weights(stretch, known & ~accents)
    write_mixed(edit, document, stretch, calm, still, weight)
    if stood:
        keep_standing(edit, document, poser, stretch.renewed(document), stood)


def _about(rows: slice) -> slice:
    """Where tremble is measured: the stretch, with its surroundings where short."""
    lacking = max(0, _LEAST_MEASURED - (rows.stop - rows.start))
    return slice(max(0, rows.start - (lacking + 1) // 2), rows.stop + lacking // 2)


def write_mixed(
    edit: Edit,
    document: Document,
    stretch: Stretch,
    joints_rad: FloatArray,
    root_m: FloatArray,
    weight: FloatArray,
) -> None:
    """Write filtered rotations and places as far as weights go.

    Args:
        edit: The open edit.
        document: Where the track lives.
        stretch: Range and joints.
        joints_rad: Of the whole track, shape (frames, joints, 3).
        root_m: Of the whole track, shape (frames, 3).
        weight: Shape (rows, joints of the stretch), of `seam_weights`.
    """
    track, rows, index = stretch.track, stretch.rows, stretch.index
    old = track.base_rad[rows].astype(np.float64)[:, index]
    source = track.base_source[rows][:, index].copy()
    changed = (weight > 0) & np.isin(source, (Source.ESTIMATED, Source.IMPORTED))
    source[changed] = Source.FILTERED
    place = None
    if stretch.has_root:
        now = track.base_root_m[rows].astype(np.float64)
        place = now + weight[:, :1] * np.nan_to_num(root_m[rows] - now)
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=stretch.joints,
        joints_rad=mixed(old, joints_rad[rows][:, index], weight),
        root_m=place,
        source=source,
    )


def smooth_track(
    edit: Edit, document: Document, track: Track, *, strength: float = 1.0
) -> None:
    """Smooth a track's base in time and mark it as filtered.

    Missing frames stay missing and separate what lies on their sides; a dissolve stays
    as it is. The motion on the frames of keys stays: their offsets are taken anew from
    the smoothed base.

    Raises:
        StudioError: If the track or its person is locked.
    """
    keys = tuple(document.keys_of(track.id))
    frames = np.array([key.frame for key in keys], dtype=int)
    held = resolve(track, keys, frames) if keys else None
    rows = np.flatnonzero(~dissolving(document, track))
    if not len(rows):
        return
    joints_rad, root_m = smooth(
        track.base_rad[rows].astype(np.float64),
        track.base_root_m[rows].astype(np.float64),
        times_s=document.clip.times_s[track.start + rows],
        strength=strength,
    )
    source = track.base_source[rows]
    source[source == Source.ESTIMATED] = Source.FILTERED
    source[source == Source.IMPORTED] = Source.FILTERED
    edit.write(track, "base_rad", rows, joints_rad)
    edit.write(track, "base_root_m", rows, root_m)
    edit.write(track, "base_source", rows, source)
    if held is not None:
        anchor(edit, document.tracks[track.id], keys, held)
