"""From yes or no per frame to ranges worth telling."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import BoolArray

BRIDGED_FRAMES = 3
"""Findings closer together than this are one (spec 5.12)."""


def ranges_of(
    is_so: BoolArray, *, bridge: int = BRIDGED_FRAMES, at_least: int = 1
) -> list[tuple[int, int]]:
    """Half-open ranges of rows where something is so.

    Args:
        is_so: Shape (frames,).
        bridge: Gaps of fewer frames than this are closed.
        at_least: Ranges of fewer frames (that are so) are left out.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_so.view(np.int8), [0]])))
    merged: list[list[int]] = []
    for start, stop in edges.reshape(-1, 2).tolist():
        if merged and start - merged[-1][1] < bridge:
            merged[-1][1] = stop
        else:
            merged.append([start, stop])
    return [(a, b) for a, b in merged if int(is_so[a:b].sum()) >= at_least]


def frames_text(count: int) -> str:
    """How many frames, for people: "1 frame", "76 frames"."""
    return "1 frame" if count == 1 else f"{count} frames"
