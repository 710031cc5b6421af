"""Identities that were exchanged when two people met."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import IntArray
from hpe_studio.tracking.likeness import box_overlap
from hpe_studio.tracking.linking import Evidence
from hpe_studio.tracking.table import Chain, DetectionTable

_MEETING_OVERLAP = 0.1
_SAME_MEETING_S = 0.25
_MIN_ROWS = 3
_NEEDED = 2.0


def undo_swaps(evidence: Evidence, chains: Sequence[Chain]) -> list[Chain]:
    """Chains with their tails exchanged where that explains a meeting better.

    Each meeting of two chains is judged from what they were before and after it:
    colours, size and the way both moved.
    """
    current = [np.asarray(chain) for chain in chains]
    for i in range(len(current)):
        for k in range(i + 1, len(current)):
            for begin, end in _meetings(evidence.table, current[i], current[k]):
                swapped = _swapped(evidence, current[i], current[k], begin, end)
                if swapped is not None:
                    current[i], current[k] = swapped
    return current


def _meetings(
    table: DetectionTable, first: Chain, second: Chain
) -> list[tuple[int, int]]:
    """First and last frame of each stretch in which the boxes overlap."""
    frames, mine, theirs = np.intersect1d(
        table.frames[first], table.frames[second], return_indices=True
    )
    if len(frames) == 0:
        return []
    overlap = np.array(
        [
            box_overlap(table.boxes_px[[a]], table.boxes_px[[b]])[0, 0]
            for a, b in zip(first[mine], second[theirs], strict=True)
        ]
    )
    close: IntArray = frames[overlap > _MEETING_OVERLAP]
    if len(close) == 0:
        return []
    times_s = table.times_s[first[mine]][overlap > _MEETING_OVERLAP]
    parts = np.split(close, np.flatnonzero(np.diff(times_s) > _SAME_MEETING_S) + 1)
    return [(int(part[0]), int(part[-1])) for part in parts]


def _swapped(
    evidence: Evidence, first: Chain, second: Chain, begin: int, end: int
) -> tuple[Chain, Chain] | None:
    table = evidence.table
    pieces = [
        (c[table.frames[c] < begin], c[table.frames[c] > end]) for c in (first, second)
    ]
    if min(len(piece) for pair in pieces for piece in pair) < _MIN_ROWS:
        return None
    (a_early, a_late), (b_early, b_late) = pieces
    kept = evidence.link_odds(a_early, a_late) + evidence.link_odds(b_early, b_late)
    changed = evidence.link_odds(a_early, b_late) + evidence.link_odds(b_early, a_late)
    if not np.isfinite(changed) or changed < kept + _NEEDED:
        return None
    middle = (begin + end + 1) // 2
    early = [c[table.frames[c] < middle] for c in (first, second)]
    late = [c[table.frames[c] >= middle] for c in (first, second)]
    return (
        np.concatenate([early[0], late[1]]),
        np.concatenate([early[1], late[0]]),
    )
