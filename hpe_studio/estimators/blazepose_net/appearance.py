"""What a person wears, as a colour histogram of the upper and of the lower body."""

from __future__ import annotations

import cv2
import numpy as np

from .landmarks import ANKLES, HIPS, SHOULDERS

STEP = 4
"""Every fourth pixel of the crop is enough."""
_LIGHT = np.array([85, 170])
_TINT = np.array([118, 128, 138])
PART_BINS = (len(_LIGHT) + 1) * (len(_TINT) + 1) ** 2
BINS = 2 * PART_BINS


def histogram(crop, mask_logits, points):
    """Colours of the person in an upright crop.

    Args:
        crop: RGB, shape (256, 256, 3), uint8.
        mask_logits: The network's person mask, shape (256, 256).
        points: Landmarks in crop pixels, shape (>= 33, 2).

    Returns:
        Shape (96,), sums to 1: 48 Lab bins above the hips, then 48 below. All equal
        when nothing of the person can be seen.
    """
    small = np.ascontiguousarray(crop[::STEP, ::STEP])
    person = mask_logits[::STEP, ::STEP] > 0
    rows = (np.arange(small.shape[0]) * STEP)[:, None]
    neck, hips, feet = (points[list(p), 1].mean() for p in (SHOULDERS, HIPS, ANKLES))
    upper = person & (rows >= neck) & (rows < hips)
    lower = person & (rows >= hips) & (rows < feet)
    lab = cv2.cvtColor(small, cv2.COLOR_RGB2LAB)
    tints = len(_TINT) + 1
    bins = np.digitize(lab[..., 0], _LIGHT) * tints**2
    bins += np.digitize(lab[..., 1], _TINT) * tints + np.digitize(lab[..., 2], _TINT)
    counts = np.concatenate(
        [np.bincount(bins[part], minlength=PART_BINS) for part in (upper, lower)]
    ).astype(np.float32)
    total = counts.sum()
    if total == 0:
        return np.full(BINS, 1.0 / BINS, np.float32)
    return counts / total
