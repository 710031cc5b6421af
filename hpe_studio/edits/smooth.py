"""Smoothing a base without lag; keys keep the pose they held."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.specs import EditSpec, Option
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.rebase import anchor
from hpe_studio.motion.filters import smooth
from hpe_studio.posing.resolve import resolve

SPEC = EditSpec(
    id="smooth",
    label="Smooth",
    options=(
        Option(
            name="strength",
            kind="float",
            default=1.0,
            minimum=0.0,
            maximum=10.0,
            help="How much to smooth; 1 takes the tremble out",
        ),
    ),
)


def smooth_track(
    edit: Edit, document: Document, track: Track, *, strength: float = 1.0
) -> None:
    """Smooth a track's base in time and mark it as filtered.

    Missing frames stay missing and separate what lies on their sides. The motion on
    the frames of keys stays: their offsets are taken anew from the smoothed base.

    Raises:
        StudioError: If the track or its person is locked.
    """
    keys = tuple(document.keys_of(track.id))
    frames = np.array([key.frame for key in keys], dtype=int)
    held = resolve(track, keys, frames) if keys else None
    joints_rad, root_m = smooth(
        track.base_rad.astype(np.float64),
        track.base_root_m.astype(np.float64),
        times_s=document.clip.times_s[track.start : track.stop],
        strength=strength,
    )
    source = track.base_source.copy()
    source[source == Source.ESTIMATED] = Source.FILTERED
    source[source == Source.IMPORTED] = Source.FILTERED
    edit.write(track, "base_rad", slice(None), joints_rad)
    edit.write(track, "base_root_m", slice(None), root_m)
    edit.write(track, "base_source", slice(None), source)
    if held is not None:
        anchor(edit, document.tracks[track.id], keys, held)
