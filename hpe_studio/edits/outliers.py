"""Frames that went astray, made anew from the frames about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import IntArray
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.fill import fill_limb, smooth_root
from hpe_studio.edits.rebase import rewrite_base, rows_within
from hpe_studio.edits.stretch import dissolving
from hpe_studio.motion.infill import smooth_way

SPEC = EditSpec(id="make_anew", label="Make anew")


def replace_frames(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    start: int,
    stop: int,
    joints: Sequence[int] = (),
) -> None:
    """Make some joints, or the whole body with its place, anew on a range.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range.
        stop: The frame after the last.
        joints: The joints, usually a limb's; () for everything.

    Raises:
        StudioError: If the track is locked, or nothing is known on one side.
    """
    if joints:
        fill_limb(edit, document, track, start=start, stop=stop, joints=joints)
        return
    rows = rows_within(track, start, stop)
    is_there = np.asarray(np.isfinite(track.base_root_m[:, 0]))
    is_there[rows] = False
    is_there &= ~dissolving(document, track)
    if not is_there[: rows.start].any() or not is_there[rows.stop :].any():
        raise StudioError(
            "the person is not there on both sides of these frames",
            fix="choose a range within the track",
        )
    base = track.base_rad.astype(np.float64)
    gap: IntArray = np.arange(int(rows.start), int(rows.stop))
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=range(base.shape[1]),
        joints_rad=smooth_way(base, is_there, gap),
        root_m=smooth_root(track.base_root_m.astype(np.float64), is_there, gap),
        source=Source.FILLED,
    )
