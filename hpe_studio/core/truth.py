"""Truth: where a person's points really were, to hold a result against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor

import numpy as np

from hpe_studio.core.arrays import AnyArray, FloatArray, read_only
from hpe_studio.core.camera import Camera
from hpe_studio.core.skeleton import LandmarkSet

TRUTH_FIELDS: Mapping[str, type[np.generic]] = {
    "points_file_m": np.float32,
    "confidence_file": np.float32,
}
"""Array fields of a truth and their types."""

_EXACT_FRAMES = 1e-6
"""Nearer than this to a frame of the file, the frame itself is taken."""


@dataclass(frozen=True, kw_only=True, eq=False)  # no slots: places are kept once made
class Truth:
    """Ground truth of one person, as a file says it, and how it lies over the clip.

    The file's own frames and places are kept; where they fall in the clip follows
    from `offset_frames`, `rate` and `scene_from_file`, so that setting these loses
    nothing. Frame of the file = clip frame x rate + offset_frames.

    Attributes:
        id: Unique within the document.
        name: What it was read from, shown to people ("160906_band1").
        path: The file or folder it was read from.
        person: Who it is within the file ("id 0").
        point_set: Names of the points and the lines between them.
        first_frame: Frame of the file that row 0 of the arrays is of.
        offset_frames: Frame of the file shown on clip frame 0; may be a fraction.
        rate: Frames of the file per frame of the clip.
        scene_from_file: Rotation (times a scale) and shift, shape (3, 4), metres.
        camera_name: Name of the file's camera that filmed the clip ("00_16"), or "".
        camera: That camera in the document's scene, or None where the document's own
            holds.
        row_count: How many frames of the file the arrays have.
        arrays: ``points_file_m`` (rows, points, 3), the file's scene turned to Y up,
            metres, NaN where missing; ``confidence_file`` (rows, points), 0 to 1, 0
            where missing.
    """

    id: int
    name: str
    path: str
    person: str
    point_set: LandmarkSet
    first_frame: int = 0
    offset_frames: float = 0.0
    rate: float = 1.0
    scene_from_file: FloatArray = field(default_factory=lambda: np.eye(3, 4))
    camera_name: str = ""
    camera: Camera | None = None
    row_count: int = 0
    arrays: Mapping[str, AnyArray] = field(
        default_factory=dict[str, AnyArray], compare=False
    )

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id

    @property
    def start(self) -> int:
        """First clip frame it speaks of."""
        first = (self.first_frame - self.offset_frames) / self.rate
        return max(ceil(first - _EXACT_FRAMES), 0)

    @property
    def stop(self) -> int:
        """First clip frame after it."""
        last = self.first_frame + self.row_count - 1 - self.offset_frames
        return max(floor(last / self.rate + _EXACT_FRAMES) + 1, self.start)

    @property
    def points_scene_m(self) -> FloatArray:
        """Places in the document's scene, shape (stop - start, points, 3), metres.

        NaN where missing. Between two frames of the file the place on the line
        between them, where both are known.
        """
        return self._on_clip[0]

    @property
    def confidence(self) -> FloatArray:
        """Trust in them, shape (stop - start, points); 0 where missing."""
        return self._on_clip[1]

    def at(self, frame: int) -> FloatArray | None:
        """Places on one clip frame, shape (points, 3), or None outside its range."""
        if not self.start <= frame < self.stop:
            return None
        return self.points_scene_m[frame - self.start]

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop

    @cached_property
    def _on_clip(self) -> tuple[FloatArray, FloatArray]:
        frames = np.arange(self.start, self.stop, dtype=np.float64)
        rows = frames * self.rate + self.offset_frames - self.first_frame
        nearest = np.rint(rows)
        rows = np.where(np.abs(rows - nearest) <= _EXACT_FRAMES, nearest, rows)
        low = np.floor(rows).astype(np.int64)
        high = np.ceil(rows).astype(np.int64)
        share = (rows - low)[:, None]
        places = np.asarray(self.arrays["points_file_m"], dtype=np.float64)
        trust = np.asarray(self.arrays["confidence_file"], dtype=np.float64)
        between = places[low] + share[..., None] * (places[high] - places[low])
        rotation, shift = self.scene_from_file[:, :3], self.scene_from_file[:, 3]
        points = between @ rotation.T + shift
        confidence = np.minimum(trust[low], trust[high])
        confidence = np.where(np.isfinite(points).all(axis=-1), confidence, 0.0)
        return read_only(points), read_only(confidence)
