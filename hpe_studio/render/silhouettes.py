"""Outlines of bodies as a camera sees them, the nearer in front of the farther."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray
from hpe_studio.core.camera import Camera
from hpe_studio.render.viewtransform import ViewTransform

_RIM = 3
_MOST_BORDERS, _FEWEST_POINTS = 256, 8
_MOST_BODIES = 255
_UNSEEN_PX = 0.2


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class BodyMesh:
    """A body to be seen.

    Attributes:
        id: Whose; key of the result.
        vertices_m: Scene metres, shape (vertices, 3).
        faces: Triangles, shape (faces, 3).
    """

    id: Hashable
    vertices_m: FloatArray
    faces: IntArray


@cache
def _kernels() -> Any:
    from hpe_studio.render import silhouettekernels

    return silhouettekernels


def silhouettes(
    bodies: Sequence[BodyMesh],
    camera: Camera,
    view: ViewTransform,
    *,
    frame_in_shot: int = 0,
    grain: float = 1.0,
) -> Mapping[Hashable, tuple[FloatArray, ...]]:
    """What is seen of each body: closed outlines in stored pixels.

    Where one body hides another, the hidden one's outline ends. Holes run the other way
    round. What lies outside the view is cut off just beyond its edge.

    Args:
        bodies: At most 255.
        camera: What the bodies are seen through, with its lens.
        view: Where the picture lies.
        frame_in_shot: The camera's own row.
        grain: Samples per view pixel.

    Returns:
        By id; a body that is hidden or out of view has no outlines.
    """
    seen = [
        _projected(body, camera, view, frame_in_shot) for body in bodies[:_MOST_BODIES]
    ]
    window = _window([places for places, _ in seen], view.view_px)
    if window is None:
        return {body.id: () for body in bodies}
    left, top, right, bottom = window
    wide = int(np.ceil((right - left) * grain)) + 2 * _RIM
    high = int(np.ceil((bottom - top) * grain)) + 2 * _RIM
    depth, labels = np.zeros((high, wide), np.float32), np.zeros((high, wide), np.uint8)
    for number, (places, nearness) in enumerate(seen):
        at = (places - (left, top)) * grain + _RIM
        faces = bodies[number].faces
        _kernels().draw_mesh(at, nearness, faces, number + 1, depth, labels)
    labels[0], labels[-1], labels[:, 0], labels[:, -1] = 0, 0, 0, 0
    found: dict[Hashable, tuple[FloatArray, ...]] = {body.id: () for body in bodies}
    for number, (places, _) in enumerate(seen):
        at = (places - (left, top)) * grain + _RIM
        borders = _borders(labels, number + 1, at)
        outlines = tuple(
            view.to_picture((b - _RIM) / grain + (left, top)) for b in borders
        )
        found[bodies[number].id] = outlines
    return found


def _projected(
    body: BodyMesh, camera: Camera, view: ViewTransform, frame_in_shot: int
) -> tuple[FloatArray, FloatArray]:
    """View pixels, shape (vertices, 2), and one over the distance, (vertices,)."""
    in_camera = camera.to_camera(np.asarray(body.vertices_m, float), frame_in_shot)
    places = view.to_view(camera.project_camera(in_camera))
    depth_m = in_camera[:, 2]
    nearness = np.where(depth_m > 1e-6, 1 / np.maximum(depth_m, 1e-6), 0.0)
    return places, nearness


def _window(
    places: Sequence[FloatArray], view_px: tuple[float, float]
) -> tuple[int, int, int, int] | None:
    """The part of the view that bodies cover, with a border so that cuts lie outside.

    In whole pixels, so that a body's outline does not tremble as others move.
    """
    known = [p[np.isfinite(p).all(axis=1)] for p in places]
    known = [p for p in known if len(p)]
    if not known:
        return None
    low = np.min([p.min(axis=0) for p in known], axis=0)
    high = np.max([p.max(axis=0) for p in known], axis=0)
    low = np.floor(np.maximum(low, -_RIM)).astype(int)
    high = np.ceil(np.minimum(high, np.array(view_px) + _RIM)).astype(int)
    if (high <= low).any():
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _borders(labels: ByteArray, label: int, places: FloatArray) -> list[FloatArray]:
    """Borders of one label, which is nowhere but among its body's places."""
    high, wide = labels.shape
    if not np.isfinite(places).any():
        return []
    left, top = np.clip(np.nanmin(places, axis=0) - 2, 0, (wide, high)).astype(int)
    right, bottom = np.clip(np.nanmax(places, axis=0) + 3, 0, (wide, high)).astype(int)
    part = labels[top:bottom, left:right]
    if min(part.shape) < _RIM:
        return []
    points = np.empty((16 * sum(part.shape) + part.size // 4, 2), np.float64)
    stops = np.zeros(_MOST_BORDERS, np.int64)
    seen = np.zeros(part.shape, np.bool_)
    count = _kernels().trace_borders(part, label, seen, points, stops)
    corner = np.array([left, top])
    rims = [(stops[i - 1] if i else 0, stops[i]) for i in range(count)]
    return [
        _simplified(_kernels().smoothed_every_other(points[start:stop])) + corner
        for start, stop in rims
        if stop - start >= _FEWEST_POINTS
    ]


def _simplified(points: FloatArray) -> FloatArray:
    """A closed chain with fewer points that nobody could tell from it."""
    import cv2

    chain = points.astype(np.float32)[:, None]
    return cv2.approxPolyDP(chain, _UNSEEN_PX, True)[:, 0].astype(np.float64)
