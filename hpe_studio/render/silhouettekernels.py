"""The compiled loops of `render.silhouettes`; imported on first use."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

_FAST = {"contract", "arcp", "nsz"}  # NaN and infinity keep their meaning
_STEP_X = (1, 0, -1, 0)
_STEP_Y = (0, 1, 0, -1)


@njit(cache=True, fastmath=_FAST, nogil=True)
def draw_mesh(
    places: Any, nearness: Any, faces: Any, label: int, depth: Any, labels: Any
) -> None:
    """Triangles drawn into a picture of labels where nothing nearer stands.

    Args:
        places: Corners in pixels of the picture, shape (vertices, 2), NaN where unseen.
        nearness: One over the distance, shape (vertices,); linear on the screen.
        faces: Shape (faces, 3), counter-clockwise seen from outside.
        label: Written where the mesh is seen.
        depth: Nearness of what is drawn so far, shape (height, width).
        labels: Whose that is, shape (height, width).
    """
    high, wide = labels.shape
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay = places[a, 0], places[a, 1]
        bx, by = places[b, 0], places[b, 1]
        cx, cy = places[c, 0], places[c, 1]
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if not area < -1e-9:  # turned away, or a corner is unseen
            continue
        left = max(math.ceil(min(ax, bx, cx) - 0.5), 0)
        right = min(math.floor(max(ax, bx, cx) - 0.5), wide - 1)
        top = max(math.ceil(min(ay, by, cy) - 0.5), 0)
        bottom = min(math.floor(max(ay, by, cy) - 0.5), high - 1)
        if left > right or top > bottom:
            continue
        # Shares of the three corners, and the nearness, change evenly over the screen.
        sb_x, sb_y = (cy - ay) / area, (ax - cx) / area
        sc_x, sc_y = (ay - by) / area, (bx - ax) / area
        nb, nc = nearness[b] - nearness[a], nearness[c] - nearness[a]
        for y in range(top, bottom + 1):
            dx, dy = left + 0.5 - ax, y + 0.5 - ay
            sb = sb_x * dx + sb_y * dy
            sc = sc_x * dx + sc_y * dy
            for x in range(left, right + 1):
                if sb >= 0 and sc >= 0 and sb + sc <= 1:
                    near = nearness[a] + sb * nb + sc * nc
                    if near > depth[y, x]:
                        depth[y, x] = near
                        labels[y, x] = label
                sb += sb_x
                sc += sc_x


@njit(cache=True, nogil=True)
def trace_borders(labels: Any, label: int, seen: Any, out: Any, stops: Any) -> int:
    """Borders of one label's regions, around each with the region at the right hand.

    Holes are followed too. The borders run along the edges between pixels and are given
    by the middles of those edges.

    Args:
        labels: Shape (height, width); its outermost pixels have no label.
        label: Whose.
        seen: Scratch, shape (height, width), False.
        out: Points (x, y) of all borders, one after the other, shape (room, 2).
        stops: Where each border ends in `out`, shape (borders at most,).

    Returns:
        The number of borders; those for which there is no room are left out.
    """
    high, wide = labels.shape
    count, filled = 0, 0
    for y0 in range(1, high - 1):
        for x0 in range(1, wide - 1):
            is_edge = labels[y0, x0] == label and labels[y0 - 1, x0] != label
            if not is_edge or seen[y0, x0] or count == len(stops):
                continue
            x, y, way = x0, y0, 0  # the corner stood on, and the way ahead
            begun = filled
            while filled < len(out):
                if way == 0:
                    if seen[y, x]:
                        break
                    seen[y, x] = True
                out[filled, 0] = x + 0.5 * _STEP_X[way]
                out[filled, 1] = y + 0.5 * _STEP_Y[way]
                filled += 1
                x += _STEP_X[way]
                y += _STEP_Y[way]
                way = _turned(labels, label, x, y, way)
            if filled == len(out):
                return count
            if filled > begun:
                stops[count] = filled
                count += 1
    return count


@njit(cache=True, nogil=True)
def _turned(labels: Any, label: int, x: int, y: int, way: int) -> int:
    """Where the border goes on from a corner: the region stays at the right hand."""
    if way == 0:
        ahead_left, ahead_right = labels[y - 1, x], labels[y, x]
    elif way == 1:
        ahead_left, ahead_right = labels[y, x], labels[y, x - 1]
    elif way == 2:
        ahead_left, ahead_right = labels[y, x - 1], labels[y - 1, x - 1]
    else:
        ahead_left, ahead_right = labels[y - 1, x - 1], labels[y - 1, x]
    if ahead_right != label:
        return (way + 1) % 4
    if ahead_left == label:
        return (way + 3) % 4
    return way


@njit(cache=True, nogil=True)
def smoothed_every_other(points: Any) -> Any:
    """A closed chain without its stairs, every other point: weights 1 4 6 4 1."""
    count = len(points)
    out = np.empty(((count + 1) // 2, 2), np.float64)
    for i in range(len(out)):
        at = 2 * i
        for k in range(2):
            out[i, k] = (
                points[(at - 2) % count, k]
                + 4 * points[(at - 1) % count, k]
                + 6 * points[at, k]
                + 4 * points[(at + 1) % count, k]
                + points[(at + 2) % count, k]
            ) / 16
    return out
