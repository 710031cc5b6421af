"""Crops around a person and the way back from a crop to the picture and to metres.

A region is an array (centre x, centre y, side, angle): a square, in continuous image
pixels, turned so that the person stands upright in it. The rules (side twice the
distance of the auxiliary points times 1.25, upright by their direction) are those the
networks were trained with: MediaPipe, pose_landmarks_to_roi.pbtxt.
"""

from __future__ import annotations

import math

import numpy as np

from .landmarks import CENTRE, COCO_HIPS, COCO_SHOULDERS, COUNT, MIRROR, RIM

MARGIN = 1.25
CROP = 256
"""Side of the crop the landmark network reads."""
CELLS = 64
"""Side of its heatmaps."""
WINDOW = 7
REFINE_FROM = 0.5
"""Heatmaps whose best cell is below this leave the point where it is (MediaPipe)."""


def sigmoid(x):
    """Logistic function, without overflow."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -60.0, 60.0)))


def region(centre, rim):
    """Square around `centre` that reaches past `rim`, with `rim` straight above."""
    up = np.asarray(rim, float) - centre
    side = 2.0 * MARGIN * math.hypot(*up)
    return np.array([*centre, side, math.pi / 2 - math.atan2(-up[1], up[0])])


def region_of_landmarks(points):
    """Where to look for the same person in the next frame; points (39, 2)."""
    return region(points[CENTRE], points[RIM])


def region_of_keypoints(keypoints, box):
    """Where to look for a person proposed by COCO keypoints (17, 3: x, y, score).

    The rim is the farthest trusted keypoint, with room for head top, hands and feet,
    but at least 1.9 trunk lengths away for people cut off at the waist. Of somebody
    whose hips cannot be seen only the middle of the shoulders is believed.
    """
    hips = keypoints[COCO_HIPS, :]
    neck = _middle(keypoints[COCO_SHOULDERS, :])
    if hips[:, 2].max() > 0.2:
        centre = _middle(hips)
    else:
        centre = neck + np.array([0.0, _trunk_of_half_a_person(keypoints, box)])
    up = neck - centre
    trunk = max(math.hypot(*up), 1.0)
    if math.hypot(*up) < 1e-3:
        up = np.array([0.0, -1.0])
    trusted = keypoints[keypoints[:, 2] > 0.15, :2]
    reach = np.linalg.norm(trusted - centre, axis=1).max() if len(trusted) else 0.0
    radius = max(1.1 * reach, 1.9 * trunk, 4.0)
    return region(centre, centre + up / math.hypot(*up) * radius)


def _middle(pair):
    return np.average(pair[:, :2], axis=0, weights=pair[:, 2] + 1e-6)


def _trunk_of_half_a_person(keypoints, box):
    """Trunk length from shoulder width and head height, the usual proportions."""
    width = np.linalg.norm(keypoints[5, :2] - keypoints[6, :2])
    head = np.linalg.norm(keypoints[0, :2] - _middle(keypoints[COCO_SHOULDERS, :]))
    return max(1.3 * width, 2.0 * head, 0.2 * length_of(box))


def image_from_crop(where):
    """Matrix (2, 3) from crop to image, both continuous pixels."""
    x, y, side, angle = where
    scale = side / CROP
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    half = CROP / 2
    return np.array([[c, -s, x - (c - s) * half], [s, c, y - (s + c) * half]])


def pixel_centres(matrix):
    """The same matrix between coordinates whose first pixel centre is (0, 0)."""
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    return shifted


def refined(points, heatmaps):
    """Crop positions (n, 2) moved to the centre of their heatmaps' nearby mass.

    Args:
        points: Crop pixels, shape (n, 2).
        heatmaps: Logits, shape (64, 64, n).
    """
    stride = CROP / CELLS
    cell = np.floor(points / stride).astype(int)
    reach = np.arange(WINDOW) - WINDOW // 2
    columns = cell[:, :1] + reach
    rows = cell[:, 1:] + reach
    inside_c = (columns >= 0) & (columns < CELLS)
    inside_r = (rows >= 0) & (rows < CELLS)
    window = heatmaps[
        np.clip(rows, 0, CELLS - 1)[:, :, None],
        np.clip(columns, 0, CELLS - 1)[:, None, :],
        np.arange(len(points))[:, None, None],
    ]
    weights = sigmoid(window) * (inside_r[:, :, None] & inside_c[:, None, :])
    total = weights.sum(axis=(1, 2))
    good = weights.max(axis=(1, 2)) >= REFINE_FROM
    good &= ((cell >= 0) & (cell < CELLS)).all(axis=1)
    safe = np.where(total > 0, total, 1.0)
    x = (weights.sum(axis=1) * columns).sum(axis=1) / safe * stride
    y = (weights.sum(axis=2) * rows).sum(axis=1) / safe * stride
    return np.where(good[:, None], np.stack([x, y], axis=1), points)


def upright_to_camera(points_m, angle):
    """World landmarks of an upright crop turned back to the camera's axes."""
    c, s = math.cos(angle), math.sin(angle)
    turned = points_m.copy()
    turned[:, 0] = c * points_m[:, 0] - s * points_m[:, 1]
    turned[:, 1] = s * points_m[:, 0] + c * points_m[:, 1]
    return turned


def mirrored(points, confidence, points_m):
    """The other reading of a silhouette: sides exchanged, front for back.

    Seen from far away a body and its mirror image in depth cast the same silhouette,
    so a network that mistook front for back is put right by exchanging the sides and
    turning the sign of the depth.
    """
    order = np.concatenate([MIRROR, np.arange(COUNT, len(points))])
    back = points_m[MIRROR] * (1.0, 1.0, -1.0)
    return points[order], confidence[MIRROR], back


def box_of(points, trusted):
    """x0, y0, x1, y1 of the trusted points, or of all when fewer than three are."""
    chosen = points[trusted] if trusted.sum() >= 3 else points
    return np.concatenate([chosen.min(axis=0), chosen.max(axis=0)])


def length_of(box):
    """The longer side of a box, at least one pixel."""
    return max(box[2] - box[0], box[3] - box[1], 1.0)


def overlap(a, b):
    """Intersection over union of two boxes."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    areas = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1])
    return both / (areas - both)
