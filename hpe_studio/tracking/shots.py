"""Who of one shot is who in another: asked for, never done by tracking itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.assignment import gated_pairs
from hpe_studio.tracking.likeness import colour_distance

# Hellinger distance of mean colours above which two tracklets are never one person,
# and the share of the distance to the nearest rival of the same shot that is allowed.
_FARTHEST, _RIVAL_SHARE = 0.45, 0.8


@dataclass(slots=True)
class _Group:
    members: list[tuple[int, int]]
    looks: list[FloatArray] = field(default_factory=list)


def link_across_shots(
    shots: Sequence[Sequence[Tracklet]],
) -> list[list[tuple[int, int]]]:
    """Group tracklets of several shots into people by their colours.

    Place and motion mean nothing across a cut, so only colours speak, and only when
    they are closer than those of people seen in the same shot. Tracklets without
    colours stay alone.

    Args:
        shots: The tracklets of each shot.

    Returns:
        Groups of (shot, index in that shot); every tracklet is in exactly one group
        and a group has at most one of each shot.
    """
    farthest = min(_FARTHEST, _RIVAL_SHARE * _nearest_rivals(shots))
    groups: list[_Group] = []
    for number, tracklets in enumerate(shots):
        cost = np.full((len(groups), len(tracklets)), np.nan)
        for i, group in enumerate(groups):
            for k, tracklet in enumerate(tracklets):
                cost[i, k] = _distance(group.looks, tracklet.appearance)
        rows, columns = gated_pairs(cost, unmatched_cost=farthest)
        places = dict(zip(columns.tolist(), rows.tolist(), strict=True))
        fresh: list[_Group] = []
        for k, tracklet in enumerate(tracklets):
            if k not in places:
                fresh.append(_Group([]))
            group = groups[places[k]] if k in places else fresh[-1]
            group.members.append((number, k))
            group.looks.append(tracklet.appearance)
        groups += fresh
    return [group.members for group in groups]


def _distance(looks: Sequence[FloatArray], look: FloatArray) -> float:
    same_kind = [known for known in looks if len(known) == len(look) > 0]
    if not same_kind:
        return np.nan
    mean = np.mean(same_kind, axis=0)
    return float(colour_distance(mean[None], look[None])[0, 0])


def _nearest_rivals(shots: Sequence[Sequence[Tracklet]]) -> float:
    """Smallest colour distance between two people seen at the same time."""
    apart = [
        _distance([a.appearance], b.appearance)
        for tracklets in shots
        for i, a in enumerate(tracklets)
        for b in tracklets[i + 1 :]
        if max(a.start, b.start) < min(a.stop, b.stop)
    ]
    known = [value for value in apart if np.isfinite(value)]
    return min(known, default=np.inf)
