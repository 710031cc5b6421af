"""The compiled loop of `skinning`; imported on use, because numba takes its time."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

LANES = 64
"""Coordinates per row of a piece; a power of two, so that they become vectors."""

# Sums may be reordered (that is what makes them fast); NaN keeps its meaning.
_FAST = {"contract", "reassoc", "nsz", "arcp"}


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def skin_blocks(
    first: Any,
    stop: Any,
    transforms: Any,
    features: Any,
    correctives: Any,
    steps: Any,
    vertices: Any,
    start: Any,
    joint: Any,
    weight: Any,
    out: Any,
) -> None:
    """Fill the vertices of the blocks [first, stop) on all frames in place.

    A block's correctives stay in the cache while one frame after another uses them.

    Args:
        first: First block.
        stop: One past the last block.
        transforms: Rest to posed, shape (frames, joints, 12), rows of (3, 4).
        features: R - I, shape (frames, joints - 1, 9).
        correctives: int16, shape (blocks, joints - 1, pieces, 9, LANES), read in the
            order of memory; a block has pieces * LANES / 3 vertices; 0 blocks: none.
        steps: Size of one unit of `correctives`, shape (blocks, joints - 1, 9).
        vertices: At rest, shape (vertices, 3).
        start: As in `SkinWeights`.
        joint: As in `SkinWeights`.
        weight: As in `SkinWeights`.
        out: Shape (frames, vertices, 3).
    """
    width = correctives.shape[2] * LANES
    size = width // 3
    count = vertices.shape[0]
    bent = np.empty(width, np.float32)
    for block in range(first, stop):
        low = block * size
        number = min(size, count - low)
        for frame in range(out.shape[0]):
            for i in range(number):
                for axis in range(3):
                    bent[3 * i + axis] = vertices[low + i, axis]
            if correctives.shape[0] > 0:
                _bend(features[frame], correctives[block], steps[block], bent)
            _blend(
                low, number, bent, transforms[frame], start, joint, weight, out[frame]
            )


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _bend(features: Any, correctives: Any, steps: Any, bent: Any) -> None:
    """Add the pose correctives; joints at rest cost nothing."""
    f = np.empty(9, np.float32)
    for j in range(features.shape[0]):
        size = np.float32(0)
        for k in range(9):
            f[k] = features[j, k] * steps[j, k]
            size += abs(features[j, k])
        if size == 0:
            continue
        f0, f1, f2, f3, f4 = f[0], f[1], f[2], f[3], f[4]
        f5, f6, f7, f8 = f[5], f[6], f[7], f[8]
        for piece in range(correctives.shape[1]):
            rows = correctives[j, piece]
            low = piece * LANES
            for i in range(LANES):
                bent[low + i] += (
                    f0 * np.float32(rows[0, i])
                    + f1 * np.float32(rows[1, i])
                    + f2 * np.float32(rows[2, i])
                    + f3 * np.float32(rows[3, i])
                    + f4 * np.float32(rows[4, i])
                    + f5 * np.float32(rows[5, i])
                    + f6 * np.float32(rows[6, i])
                    + f7 * np.float32(rows[7, i])
                    + f8 * np.float32(rows[8, i])
                )


@numba.njit(cache=True, nogil=True, error_model="numpy", fastmath=_FAST)
def _blend(
    low: Any,
    number: Any,
    bent: Any,
    transforms: Any,
    start: Any,
    joint: Any,
    weight: Any,
    out: Any,
) -> None:
    """Linear blend skinning of the vertices [low, low + number)."""
    for i in range(number):
        x, y, z = bent[3 * i], bent[3 * i + 1], bent[3 * i + 2]
        a = np.float32(0)
        b = np.float32(0)
        c = np.float32(0)
        for entry in range(start[low + i], start[low + i + 1]):
            w = weight[entry]
            t = transforms[joint[entry]]
            a += w * (t[0] * x + t[1] * y + t[2] * z + t[3])
            b += w * (t[4] * x + t[5] * y + t[6] * z + t[7])
            c += w * (t[8] * x + t[9] * y + t[10] * z + t[11])
        out[low + i, 0], out[low + i, 1], out[low + i, 2] = a, b, c
