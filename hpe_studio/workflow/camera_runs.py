"""Cameras over runs of frames: which pose of which camera sees a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CameraRun:
    """A camera over some frames.

    Attributes:
        start, stop: Half-open range of frames.
        camera: The camera; its pose of row i is that of frame ``start + i``.
    """

    start: int
    stop: int
    camera: Camera


def project_everybody(
    points_m: FloatArray, frames: Sequence[int], cameras: Sequence[CameraRun]
) -> FloatArray:
    """Pixels of everybody on frames, (frames, people, joints, 2); NaN without camera.

    Args:
        points_m: Shape (frames, people, joints, 3), scene.
        frames: Frame of each row, increasing.
        cameras: Who filmed when.
    """
    out = np.full((*points_m.shape[:-1], 2), np.nan)
    for rows, camera, at in camera_rows(frames, cameras):
        out[rows] = camera.project(points_m[rows], at)
    return out


def camera_rows(
    frames: Sequence[int], cameras: Sequence[CameraRun]
) -> Iterator[tuple[slice, Camera, int]]:
    """Rows that one pose of a camera sees: rows, camera, frame within its run."""
    at = np.asarray(frames)
    for run in cameras:
        low, high = np.searchsorted(at, [run.start, run.stop])
        if low == high:
            continue
        if run.camera.camera_from_scene.ndim == 2:
            yield slice(int(low), int(high)), run.camera, 0
            continue
        for row in range(int(low), int(high)):
            yield slice(row, row + 1), run.camera, int(at[row]) - run.start
