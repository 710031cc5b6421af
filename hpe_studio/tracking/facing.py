"""Whether a body seen in 3D is a possible one: nose and toes on its front side."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.skeleton import LandmarkSet

_FULL_M = 0.08
_TRUNK = ("left_shoulder", "right_shoulder", "left_hip", "right_hip")


def natural_facing(points_m: FloatArray, landmarks: LandmarkSet) -> FloatArray:
    """How clearly nose and toes point where the sides say the front is.

    The front is (left − right) × up of hips and shoulders in camera axes (x right,
    y down, z away), which an exchange of the sides turns round and an exchange with
    reversed depth does not.

    Args:
        points_m: Shape (frames, landmarks, 3); NaN unknown.
        landmarks: Names of the points.

    Returns:
        Shape (frames,): 1 natural, -1 impossible, 0 cannot tell.
    """
    place = {name: i for i, name in enumerate(landmarks.names)}
    if not all(name in place for name in _TRUNK):
        return np.zeros(len(points_m))
    shoulders, other_shoulders, hips, other_hips = (
        points_m[:, place[name]] for name in _TRUNK
    )
    across = (shoulders - other_shoulders) + (hips - other_hips)
    up = (shoulders + other_shoulders) - (hips + other_hips)
    front = np.cross(across, up)
    front /= np.maximum(np.linalg.norm(front, axis=1, keepdims=True), 1e-9)
    along = [(front * arrow).sum(axis=1) for arrow in _arrows(points_m, place)]
    if not along:
        return np.zeros(len(points_m))
    mean_m = np.stack(along).mean(axis=0)
    return np.nan_to_num(np.clip(mean_m / _FULL_M, -1.0, 1.0))


def _arrows(points_m: FloatArray, place: dict[str, int]) -> list[FloatArray]:
    """Vectors that point forward on any human: ears to nose, heels to toes."""
    arrows: list[FloatArray] = []
    for tails, tip in ((("left_ear", "right_ear"), "nose"),):
        if tip in place and all(tail in place for tail in tails):
            middle = 0.5 * sum(points_m[:, place[tail]] for tail in tails)
            arrows.append(points_m[:, place[tip]] - middle)
    for side in ("left", "right"):
        heel = place.get(f"{side}_heel")
        toe = place.get(f"{side}_foot_index", place.get(f"{side}_big_toe"))
        if heel is not None and toe is not None:
            arrows.append(points_m[:, toe] - points_m[:, heel])
    return arrows


def untwisted(points_m: FloatArray, landmarks: LandmarkSet) -> FloatArray:
    """Cosine of the angle between shoulders and hips about the trunk.

    Args:
        points_m: Shape (frames, landmarks, 3); NaN unknown.
        landmarks: Names of the points.

    Returns:
        Shape (frames,): 1 facing alike, below 0 twisted as nobody can; 0 unknown.
    """
    place = {name: i for i, name in enumerate(landmarks.names)}
    if not all(name in place for name in _TRUNK):
        return np.zeros(len(points_m))
    trunk_m = points_m[:, [place[name] for name in _TRUNK]]
    up = trunk_m[:, :2].mean(axis=1) - trunk_m[:, 2:].mean(axis=1)
    up /= np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    shoulders, hips = (trunk_m[:, i] - trunk_m[:, i + 1] for i in (0, 2))
    flat = [v - (v * up).sum(axis=1, keepdims=True) * up for v in (shoulders, hips)]
    lengths = np.linalg.norm(flat[0], axis=1) * np.linalg.norm(flat[1], axis=1)
    cosine = (flat[0] * flat[1]).sum(axis=1) / np.maximum(lengths, 1e-9)
    return np.nan_to_num(cosine)
