"""What a person wears: a colour histogram of trunk and legs, by where joints are."""

from __future__ import annotations

import cv2
import numpy as np

_LIGHT = np.array([85, 170])
_TINT = np.array([118, 128, 138])
_PART_BINS = (len(_LIGHT) + 1) * (len(_TINT) + 1) ** 2
BINS = 2 * _PART_BINS

# Joints of SMPL around the trunk and down both legs.
_TRUNK = (16, 17, 2, 1)
_LEGS = ((1, 4, 7), (2, 5, 8))
_SIDE_PX = 96


def histogram(picture, joints_px):
    """Colours of a person.

    Args:
        picture: RGB, shape (height, width, 3), uint8.
        joints_px: SMPL's joints, shape (>= 24, 2).

    Returns:
        Shape (96,), sums to 1: 48 Lab bins of the trunk, then 48 of the legs. All equal
        when nothing of the person is in the picture.
    """
    even = np.full(BINS, 1.0 / BINS, np.float32)
    body = joints_px[:24]
    height, width = picture.shape[:2]
    low = np.maximum(np.floor(body.min(axis=0)), 0)
    high = np.minimum(np.ceil(body.max(axis=0)) + 1, (width, height))
    if not np.isfinite(body).all() or (high - low < 2).any():
        return even
    step = max(1, int((high - low).max() // _SIDE_PX))
    x0, y0, x1, y1 = (int(v) for v in (*low, *high))
    crop = np.ascontiguousarray(picture[y0:y1:step, x0:x1:step])
    at = ((body - low) / step).astype(np.int32)
    lab = cv2.cvtColor(crop, cv2.COLOR_RGB2LAB)
    tints = len(_TINT) + 1
    bins = np.digitize(lab[..., 0], _LIGHT) * tints**2
    bins += np.digitize(lab[..., 1], _TINT) * tints + np.digitize(lab[..., 2], _TINT)
    parts = _masks(at, crop.shape[:2])
    counts = np.concatenate(
        [np.bincount(bins[part > 0], minlength=_PART_BINS) for part in parts]
    ).astype(np.float32)
    total = counts.sum()
    return even if total == 0 else counts / total


def _masks(at, shape):
    """Where trunk and legs are, shape of the crop, 0 or 1."""
    trunk, legs = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(trunk, cv2.convexHull(at[list(_TRUNK)]), 1)
    thick = max(1, int(np.abs(at[1] - at[4]).max() // 4))
    for leg in _LEGS:
        cv2.polylines(legs, [at[list(leg)]], False, 1, thick)
    return trunk, legs
