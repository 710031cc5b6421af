"""Which point is which in the two networks' outputs.

Sources: MediaPipe's "pose_landmark" model card (33 landmarks and two auxiliary points
that span the next crop) and MoveNet's model card (17 COCO keypoints).
"""

from __future__ import annotations

import numpy as np

COUNT = 33
"""Landmarks that are handed on."""

CENTRE, RIM = 33, 34
"""Auxiliary points: the crop's centre and a point on its rim."""

MIRROR = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9]
    + [i + 1 if i % 2 else i - 1 for i in range(11, COUNT)]
)
"""For each landmark the one on the other side."""

FROM_COCO = np.array([0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28])
"""For each COCO keypoint the landmark that means the same."""

SHOULDERS, HIPS, ANKLES = (11, 12), (23, 24), (27, 28)

TRUNK = np.array([11, 12, 23, 24, 25, 26])
"""Points that hardly differ between two readings of the same person."""

LIMBS = np.arange(11, 17).tolist() + np.arange(23, 29).tolist()
"""Shoulders to wrists and hips to ankles."""

COCO_SHOULDERS, COCO_HIPS = (5, 6), (11, 12)
COCO_LIMBS = np.arange(5, 17)
"""COCO keypoints that exist twice, without the face."""
