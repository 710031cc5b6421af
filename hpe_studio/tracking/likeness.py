"""How alike two detections are: place, pose, colour (each 0 = same)."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.tracking.table import DetectionTable


def box_overlap(first_px: FloatArray, second_px: FloatArray) -> FloatArray:
    """Intersection over union of boxes (n, 4) and (m, 4), shape (n, m)."""
    low = np.maximum(first_px[:, None, :2], second_px[None, :, :2])
    high = np.minimum(first_px[:, None, 2:], second_px[None, :, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=2)
    areas = [(b[:, 2:] - b[:, :2]).prod(axis=1) for b in (first_px, second_px)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return shared / np.maximum(union, 1e-9)


def covered_share(boxes_px: FloatArray, others_px: FloatArray) -> FloatArray:
    """Share of each box (n, 4) inside each other box (m, 4), shape (n, m)."""
    low = np.maximum(boxes_px[:, None, :2], others_px[None, :, :2])
    high = np.minimum(boxes_px[:, None, 2:], others_px[None, :, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=2)
    area = (boxes_px[:, 2:] - boxes_px[:, :2]).prod(axis=1)
    return shared / np.maximum(area, 1e-9)[:, None]


def colour_distance(first: FloatArray, second: FloatArray) -> FloatArray:
    """Hellinger distance (0 to 1) of histograms (n, bins), (m, bins), shape (n, m)."""
    likeness = np.sqrt(first) @ np.sqrt(second).T
    return np.sqrt(np.clip(1.0 - likeness, 0.0, 1.0))


def landmark_distance(
    table: DetectionTable,
    first: IntArray,
    second: IntArray,
    shift_px: FloatArray | None = None,
) -> FloatArray:
    """Weighted mean landmark distance in body sizes, left and right not told apart.

    Args:
        table: The detections.
        first: Rows, shape (n,).
        second: Rows, shape (m,).
        shift_px: How far the first rows have moved meanwhile, shape (n, 2).

    Returns:
        Shape (n, m); each landmark counts at most 1; NaN without common landmarks.
    """
    start_px = table.points_px[first]
    if shift_px is not None:
        start_px = start_px + shift_px[:, None, :]
    size_px = np.maximum(
        table.sizes_px[first][:, None], table.sizes_px[second][None, :]
    )
    plain = _mean_distance(table, start_px, first, second, size_px, mirrored=False)
    other = _mean_distance(table, start_px, first, second, size_px, mirrored=True)
    return np.minimum(plain, other)


def _mean_distance(
    table: DetectionTable,
    start_px: FloatArray,
    first: IntArray,
    second: IntArray,
    size_px: FloatArray,
    *,
    mirrored: bool,
) -> FloatArray:
    order = table.mirror if mirrored else np.arange(len(table.mirror))
    end_px = table.points_px[second][:, order]
    both = np.sqrt(
        table.confidence[first][:, None] * table.confidence[second][:, order][None]
    )
    weight = both * table.trust
    apart = np.linalg.norm(start_px[:, None] - end_px[None], axis=3)
    apart = np.minimum(apart / size_px[:, :, None], 1.0)
    total = weight.sum(axis=2)
    mean = np.where(weight > 0, weight * apart, 0.0).sum(axis=2)
    return np.where(total > 0.2, mean / np.maximum(total, 1e-9), np.nan)


def pose_distance(
    table: DetectionTable, first: IntArray, second: IntArray
) -> FloatArray:
    """Weighted mean 3D distance from the mid hip in metres, shape (n, m); NaN unknown.

    Left and right are not told apart, because a flipped frame is still the same body.
    """
    start_m, weight = table.points_m[first], table.trust
    distances = []
    for order in (np.arange(len(table.mirror)), table.mirror):
        end_m = table.points_m[second][:, order]
        apart = np.linalg.norm(start_m[:, None] - end_m[None], axis=3)
        distances.append((apart * weight).sum(axis=2) / weight.sum())
    return np.minimum(*distances)
