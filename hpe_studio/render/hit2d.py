"""What of the overlay lies under the pointer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.overlay import Overlay

JOINT_REACH_PX, BONE_REACH_PX, BOX_MARGIN_PX = 14.0, 6.0, 4.0
JOINT_RADIUS_PX = 7.5
"""A pointer this near is on the joint itself, also where a tag lies over it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """What was hit.

    Attributes:
        person: Whose.
        joint: Index of the point; for a bone its lower end; None for tag or box.
        distance: View pixels from the pointer; 0 within a tag or box.
        kind: "joint", "bone", "tag" or "box".
    """

    person: str
    joint: int | None
    distance: float
    kind: str


def hit_test(overlay: Overlay, x: float, y: float) -> Hit | None:
    """What lies under a view pixel: a tag, else the nearest joint, bone, then box.

    A tag never takes a click that is right on a joint.

    Of joints equally near, the one painted last wins, as it lies on top.
    """
    joint = _joint(overlay, x, y)
    if joint is not None and joint.distance <= JOINT_RADIUS_PX:
        return joint
    for tag in reversed(overlay.tags):
        left, top, right, bottom = tag.rect
        if left <= x <= right and top <= y <= bottom:
            return Hit(person=tag.person, joint=None, distance=0.0, kind="tag")
    return joint or _bone(overlay, x, y) or _box(overlay, x, y)


def _joint(overlay: Overlay, x: float, y: float) -> Hit | None:
    targets = overlay.targets
    away = np.hypot(targets.joints[:, 0] - x, targets.joints[:, 1] - y)
    row = _last_nearest(away, JOINT_REACH_PX)
    if row is None:
        return None
    return Hit(
        person=targets.people[targets.joint_owner[row]],
        joint=int(targets.joint_index[row]),
        distance=float(away[row]),
        kind="joint",
    )


def _bone(overlay: Overlay, x: float, y: float) -> Hit | None:
    targets = overlay.targets
    away = segment_distances(targets.bones, x, y)
    row = _last_nearest(away, BONE_REACH_PX)
    if row is None:
        return None
    return Hit(
        person=targets.people[targets.bone_owner[row]],
        joint=int(targets.bone_joint[row]),
        distance=float(away[row]),
        kind="bone",
    )


def _box(overlay: Overlay, x: float, y: float) -> Hit | None:
    targets = overlay.targets
    low, high = targets.boxes[:, :2] - BOX_MARGIN_PX, targets.boxes[:, 2:]
    high = high + BOX_MARGIN_PX
    holds = ((low <= (x, y)) & (high >= (x, y))).all(axis=1)
    rows = np.flatnonzero(holds)
    if len(rows) == 0:
        return None
    # Of boxes within each other the smallest is meant.
    row = rows[np.prod(high[rows] - low[rows], axis=1).argmin()]
    person = targets.people[targets.box_owner[row]]
    return Hit(person=person, joint=None, distance=0.0, kind="box")


def segment_distances(ends: FloatArray, x: float, y: float) -> FloatArray:
    """Distances, shape (lines,), of a point from lines given by their two ends."""
    start, along = ends[:, 0], ends[:, 1] - ends[:, 0]
    offset = np.array([x, y]) - start
    length2 = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip((offset * along).sum(axis=1) / length2, 0, 1)
    nearest = offset - share[:, None] * along
    return np.hypot(nearest[:, 0], nearest[:, 1])


def _last_nearest(away: FloatArray, reach: float) -> int | None:
    if len(away) == 0:
        return None
    row = len(away) - 1 - int(away[::-1].argmin())
    return row if away[row] <= reach else None
