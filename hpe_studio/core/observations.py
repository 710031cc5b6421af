"""What estimators yield: people as seen in one frame, with no identity yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray, IntArray


class FrameSource(Protocol):
    """Frames by number; made by `media.open_footage`, given to estimators."""

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        ...

    @property
    def size_px(self) -> tuple[int, int]:
        """Stored width and height."""
        ...

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """(frame, picture) in order; picture shape (height, width, 3), RGB.

        Frames that are missing or damaged are left out. Each call decodes by itself,
        so that several threads can iterate over different ranges.
        """
        ...


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class SeenBody:
    """A whole body as an estimator gave it, so that none needs to be fitted.

    One body, or many along a first axis (rows of a table, frames of a tracklet; NaN
    where missing).

    Attributes:
        joints_rad: Rotations in the parent's axes, the root's in camera axes, shape
            (..., joints, 3).
        pelvis_camera_m: Root joint in camera axes, shape (..., 3), metres.
        betas: Shape coefficients of the estimator's body, shape (..., betas).
        rest_joints_m: Its rest joints with that shape, shape (..., joints, 3), metres.
    """

    joints_rad: FloatArray
    pelvis_camera_m: FloatArray
    betas: FloatArray
    rest_joints_m: FloatArray

    @classmethod
    def stacked(cls, bodies: Sequence[SeenBody]) -> Self:
        """Single bodies as rows."""
        return cls(
            joints_rad=np.stack([b.joints_rad for b in bodies]),
            pelvis_camera_m=np.stack([b.pelvis_camera_m for b in bodies]),
            betas=np.stack([b.betas for b in bodies]),
            rest_joints_m=np.stack([b.rest_joints_m for b in bodies]),
        )

    def rows(self, chosen: IntArray) -> SeenBody:
        """Some of the rows."""
        return SeenBody(
            joints_rad=self.joints_rad[chosen],
            pelvis_camera_m=self.pelvis_camera_m[chosen],
            betas=self.betas[chosen],
            rest_joints_m=self.rest_joints_m[chosen],
        )

    def spread(self, at: IntArray, count: int) -> SeenBody:
        """The rows at some of `count` places, NaN in between."""

        def place(values: FloatArray) -> FloatArray:
            whole = np.full((count, *values.shape[1:]), np.nan, dtype=values.dtype)
            whole[at] = values
            return whole

        return SeenBody(
            joints_rad=place(self.joints_rad),
            pelvis_camera_m=place(self.pelvis_camera_m),
            betas=place(self.betas),
            rest_joints_m=place(self.rest_joints_m),
        )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Detection:
    """One person in one frame.

    Attributes:
        score: Trust in the person as a whole, 0 to 1.
        points_px: Landmarks, shape (landmarks, 2), stored pixels, float32.
        confidence: Trust per landmark, shape (landmarks,), 0 to 1; 0 outside.
        points_m: Landmarks from the mid hip in camera axes, shape (landmarks, 3),
            metres; NaN where the estimator has none.
        box_px: x0, y0, x1, y1 of the visible points, shape (4,).
        appearance: Colour histogram, shape (bins,), sums to 1; may be empty.
        hint_id: The estimator's own guess who it is, or None.
        body: The whole body where the estimator gives one (`EstimatorSpec.has_bodies`).
    """

    score: float
    points_px: FloatArray
    confidence: FloatArray
    points_m: FloatArray
    box_px: FloatArray
    appearance: FloatArray
    hint_id: int | None = None
    body: SeenBody | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameDetections:
    """All people found in one frame."""

    frame: int
    detections: tuple[Detection, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Tracklet:
    """One person's observations over a run of frames of one shot.

    Attributes:
        start: First frame; row i belongs to frame start + i.
        points_px: Shape (frames, landmarks, 2), stored pixels; NaN where missing.
        confidence: Shape (frames, landmarks); 0 where missing.
        outside: Shape (frames, landmarks), uint8; 1 where outside the picture.
        points_m: Shape (frames, landmarks, 3), metres from the mid hip; NaN missing.
        boxes_px: Shape (frames, 4); NaN where missing.
        scores: Shape (frames,); 0 where missing.
        appearance: Mean colour histogram, shape (bins,).
        bodies: Whole bodies, one row per frame, where the estimator gives them.
    """

    start: int
    points_px: FloatArray
    confidence: FloatArray
    outside: ByteArray
    points_m: FloatArray
    boxes_px: FloatArray
    scores: FloatArray
    appearance: FloatArray
    bodies: SeenBody | None = None

    @property
    def stop(self) -> int:
        """One past the last frame."""
        return self.start + len(self.scores)
