"""Places where a chain slipped from one person to another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.tracking.colours import ColourScale
from hpe_studio.tracking.likeness import box_overlap, colour_distance
from hpe_studio.tracking.table import Chain, DetectionTable

_WINDOW_S = 0.4
_MIN_ROWS = 3
_TOUCHING = 0.1
# Log odds for another person before and after (colour), needed to cut a chain:
# after a meeting, and without anybody near.
_MET, _ALONE = 0.5, 1.5
_JUMP_SIZES = 0.45


def split_at_slips(
    table: DetectionTable, chains: Sequence[Chain], scale: ColourScale
) -> list[Chain]:
    """Cut chains where colours change for good, or where the body jumps.

    Cutting is cheap: pieces of one person are linked again, as nothing fits better.
    """
    return [
        piece
        for chain in chains
        for piece in np.split(chain, _cuts(table, chain, chains, scale))
    ]


def _cuts(
    table: DetectionTable,
    chain: Chain,
    chains: Sequence[Chain],
    scale: ColourScale,
) -> list[int]:
    if len(chain) < 2 * _MIN_ROWS:
        return []
    met = _meetings(table, chain, chains)
    strength = np.array(
        [_slip_strength(table, chain, at, scale) for at in range(len(chain))]
    )
    needed = np.where(met, _MET, _ALONE)
    jumps = _jumps(table, chain)
    wanted = (strength > needed) | (jumps & (strength > -1.0))
    return _strongest(strength + 10.0 * jumps, wanted, table.times_s[chain])


def _slip_strength(
    table: DetectionTable, chain: Chain, at: int, scale: ColourScale
) -> float:
    """Log odds that rows just before and from `at` on show different people."""
    times_s = table.times_s[chain]
    now_s = times_s[at]
    low, high = np.searchsorted(times_s, [now_s - _WINDOW_S, now_s + _WINDOW_S])
    before, after = chain[low:at], chain[at:high]
    if not table.bins or min(len(before), len(after)) < _MIN_ROWS:
        return -np.inf if not table.bins else -0.5
    looks = [table.appearance[rows].mean(axis=0)[None] for rows in (before, after)]
    return -float(scale.evidence(colour_distance(looks[0], looks[1]))[0, 0])


def _meetings(
    table: DetectionTable, chain: Chain, chains: Sequence[Chain]
) -> BoolArray:
    """Whether somebody else's box touched this one around each row."""
    touched = np.zeros(len(chain), dtype=bool)
    for row_number, row in enumerate(chain):
        at_once = table.rows_at(int(table.frames[row]))
        others = at_once[at_once != row]
        overlap = box_overlap(table.boxes_px[[row]], table.boxes_px[others])
        touched[row_number] = bool((overlap > _TOUCHING).any())
    times_s = table.times_s[chain]
    for other in chains:
        if other is chain:
            continue
        # Whoever was lost here may be hidden, or be the one this chain goes on with.
        end_s = table.times_s[other[-1]]
        low, high = np.searchsorted(times_s, [end_s - _WINDOW_S, end_s + _WINDOW_S])
        near = table.boxes_px[chain[low:high]]
        overlap = box_overlap(near, table.boxes_px[other[-1:]])[:, 0]
        touched[low:high] |= overlap > _TOUCHING
    counts = np.concatenate([[0], np.cumsum(touched)])
    low = np.searchsorted(times_s, times_s - _WINDOW_S, side="left")
    high = np.searchsorted(times_s, times_s + _WINDOW_S, side="right")
    return counts[high] > counts[low]


def _jumps(table: DetectionTable, chain: Chain) -> BoolArray:
    """Rows whose trunk is far from where the rows before and after would have it."""
    centres_px, size_px = table.centres_px[chain], np.median(table.sizes_px[chain])
    step = np.zeros(len(chain))
    step[1:] = np.linalg.norm(np.diff(centres_px, axis=0), axis=1) / size_px
    usual = _local_median(step)
    gap_s = np.diff(table.times_s[chain], prepend=table.times_s[chain[0]])
    usual_gap_s = max(float(np.median(gap_s[1:])), 1e-6)
    return step > (_JUMP_SIZES + usual) * np.maximum(gap_s / usual_gap_s, 1.0)


def _local_median(values: FloatArray) -> FloatArray:
    padded = np.pad(values, 3, mode="edge")
    return np.median(np.lib.stride_tricks.sliding_window_view(padded, 7), axis=1)


def _strongest(
    strength: FloatArray, wanted: BoolArray, times_s: FloatArray
) -> list[int]:
    """The strongest place of each neighbourhood of wanted ones, in order."""
    cuts: list[int] = []
    candidates: IntArray = np.flatnonzero(wanted)
    for at in candidates[np.argsort(-strength[candidates], kind="stable")]:
        apart = [abs(times_s[at] - times_s[cut]) for cut in cuts]
        if at > 0 and all(gap_s > _WINDOW_S for gap_s in apart):
            cuts.append(int(at))
    return sorted(cuts)
