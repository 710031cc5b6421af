"""The footage as the document knows it: where it lies, its frames and their times."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np

from hpe_studio.core.arrays import FloatArray


@dataclass(frozen=True, kw_only=True, slots=True)
class Fingerprint:
    """Recognises footage again after it moved.

    Attributes:
        size_bytes: File size (of a folder: the sum over its images).
        sha256: Hash over the first and the last 8 MiB (of a folder: over the names
            and sizes of its images).
    """

    size_bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Clip:
    """A movie, a folder of numbered images, or nothing but a length.

    Attributes:
        path: The movie or folder; None for results without footage.
        kind: "movie", "images" or "none".
        size_px: Stored width and height after rotation metadata.
        fps: Nominal frame rate, exact (24000/1001); times come from `times_s`.
        times_s: Presentation time of each frame, shape (frames,), increasing,
            first 0; seconds.
        pixel_aspect: Width of a stored pixel over its height.
        rotation_deg: Rotation metadata, already applied to `size_px`.
        missing_frames: Frames that the numbering lacks (folders with gaps).
        focal_px: Focal length the file's metadata tells, or None.
        warnings: Sentences a person should know ("HDR is shown as 8 bit").
        fingerprint: Recognises the footage; None without footage.
    """

    path: Path | None
    kind: Literal["movie", "images", "none"]
    size_px: tuple[int, int]
    fps: Fraction
    times_s: FloatArray
    pixel_aspect: float = 1.0
    rotation_deg: int = 0
    missing_frames: tuple[int, ...] = ()
    focal_px: float | None = None
    warnings: tuple[str, ...] = ()
    fingerprint: Fingerprint | None = None

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.times_s)

    @property
    def is_variable_rate(self) -> bool:
        """True where frames last differently long (more than 2 ms off)."""
        return _is_variable(self)

    def frame_at(self, time_s: float) -> int:
        """The frame that is shown at a time, clamped to the clip."""
        index = int(np.searchsorted(self.times_s, time_s + 1e-9, side="right")) - 1
        return min(max(index, 0), self.frame_count - 1)


@lru_cache(maxsize=8)
def _is_variable(clip: Clip) -> bool:
    if clip.frame_count < 3:
        return False
    steps = np.diff(clip.times_s)
    return bool(np.abs(steps - np.median(steps)).max() > 0.002)


def clip_without_footage(
    *, frame_count: int, fps: Fraction, size_px: tuple[int, int] = (1280, 720)
) -> Clip:
    """A clip of only length and rate, for results whose footage is not at hand."""
    return Clip(
        path=None,
        kind="none",
        size_px=size_px,
        fps=fps,
        times_s=np.arange(frame_count) * float(1 / fps),
    )


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Shot:
    """A range of frames between two cuts: [start, stop).

    Attributes:
        id: Stays the same while its borders move.
        start, stop: Half-open frame range.
        level_from_scene: Rigid transform to a levelled floor, shape (3, 4), metres;
            applied in viewport and export, never to stored arrays.
        dissolve: Over how many of its first frames the picture comes out of the shot
            before it; 0 for a hard cut.
    """

    id: int
    start: int
    stop: int
    level_from_scene: FloatArray = field(
        default_factory=lambda: np.hstack([np.eye(3), np.zeros((3, 1))])
    )
    dissolve: int = 0

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id

    @property
    def is_levelled(self) -> bool:
        """True where the level is not the scene itself."""
        return not np.array_equal(self.level_from_scene, np.eye(3, 4))

    @property
    def clear_start(self) -> int:
        """Its first frame that shows nothing of the shot before it."""
        return self.start + self.dissolve

    def to_level(self, points_scene_m: FloatArray) -> FloatArray:
        """Scene points, shape (..., 3), on the levelled floor, metres."""
        level = self.level_from_scene
        return points_scene_m @ level[:, :3].T + level[:, 3]

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop
