"""Joints brought back to what joints can do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.specs import EditSpec
from hpe_studio.core.track import Source, Track
from hpe_studio.edits.rebase import rewrite_base, rows_within
from hpe_studio.motion.prior import pose_prior

SPEC = EditSpec(id="keep_to_limits", label="Keep to limits")


def clamp_joints(
    edit: Edit,
    document: Document,
    track: Track,
    *,
    start: int,
    stop: int,
    joints: Sequence[int],
) -> float:
    """Bring joints that bend too far back to their limits on a range.

    A joint within its limits stays as it is, so there is no seam at the ends.

    Args:
        edit: The open edit.
        document: Where the track lives.
        track: The track.
        start: First clip frame of the range.
        stop: The frame after the last.
        joints: The joints.

    Returns:
        How far the farthest was beyond its limits, radians.

    Raises:
        StudioError: If the track is locked or the range lies beside it.
    """
    rows = rows_within(track, start, stop)
    wanted = sorted(joints)
    prior = pose_prior(skeleton(track.skeleton))
    base = track.base_rad[rows].astype(np.float64)[:, wanted]
    within = np.clip(base, prior.lower_rad[wanted], prior.upper_rad[wanted])
    beyond = float(np.nanmax(np.linalg.norm(base - within, axis=-1), initial=0.0))
    rewrite_base(
        edit,
        document,
        track,
        rows=rows,
        joints=wanted,
        joints_rad=within,
        source=Source.FILTERED,
    )
    return beyond
