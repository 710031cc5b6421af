"""Who of one shot is who in another: asked for, never done by tracking itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.assignment import gated_pairs
from hpe_studio.tracking.likeness import colour_distance

# Hellinger distance of mean colours above which two tracklets are never one person,
# and the share of the distance to the nearest rival of the same shot that is allowed.
_FARTHEST, _RIVAL_SHARE = 0.45, 0.8


class ShotLinker:
    """Joins tracklets of one shot after the other into people by their colours.

    Place and motion mean nothing across a cut, so only colours speak, and only when
    they are closer than those of people seen in the same shot. Tracklets without
    colours stay alone. Who was told once stays who it is, whatever comes later.
    """

    def __init__(self) -> None:
        self._looks: list[list[FloatArray]] = []
        self._nearest_rivals = np.inf

    def add(self, tracklets: Sequence[Tracklet]) -> list[int]:
        """Who each tracklet of the next shot is: 0, 1, ... in order of appearance."""
        rivals = _nearest_rivals(tracklets)
        self._nearest_rivals = min(self._nearest_rivals, rivals)
        cost = np.full((len(self._looks), len(tracklets)), np.nan)
        for i, looks in enumerate(self._looks):
            for k, tracklet in enumerate(tracklets):
                cost[i, k] = _distance(looks, tracklet.appearance)
        farthest = min(_FARTHEST, _RIVAL_SHARE * self._nearest_rivals)
        rows, columns = gated_pairs(cost, unmatched_cost=farthest)
        places = dict(zip(columns.tolist(), rows.tolist(), strict=True))
        who: list[int] = []
        for k, tracklet in enumerate(tracklets):
            if k not in places:
                self._looks.append([])
            who.append(places.get(k, len(self._looks) - 1))
            self._looks[who[-1]].append(tracklet.appearance)
        return who


def _distance(looks: Sequence[FloatArray], look: FloatArray) -> float:
    same_kind = [known for known in looks if len(known) == len(look) > 0]
    if not same_kind:
        return np.nan
    mean = np.mean(same_kind, axis=0)
    return float(colour_distance(mean[None], look[None])[0, 0])


def _nearest_rivals(tracklets: Sequence[Tracklet]) -> float:
    """Smallest colour distance between two people seen at the same time."""
    apart = [
        _distance([a.appearance], b.appearance)
        for i, a in enumerate(tracklets)
        for b in tracklets[i + 1 :]
        if max(a.start, b.start) < min(a.stop, b.stop)
    ]
    known = [value for value in apart if np.isfinite(value)]
    return min(known, default=np.inf)
