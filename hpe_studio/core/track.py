"""Tracks (dense motion of one person over one range), keys over them, estimates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, ByteArray, FloatArray

DEFAULT_BLEND_FRAMES = 5
"""Blend length of a new key on either side, in frames (spec 5.1)."""


class Source(IntEnum):
    """Where a joint's rotation on a frame comes from; stored as uint8."""

    MISSING = 0
    ESTIMATED = 1
    IMPORTED = 2
    FILTERED = 3
    FILLED = 4
    KEYED = 5


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Track:
    """One person's motion over one range within one shot.

    Its arrays are read-only views; only an open edit writes them. Frame
    ``start + i`` of the clip is row i.

    Attributes:
        id: Unique within the document.
        person_id: Whose track it is.
        start, stop: Half-open range of clip frames.
        skeleton: Name of the skeleton ("smpl24", "smplh52", "smplx55").
        estimate_id: The estimate the base started from, or None.
        locked_by: Name of the job that will write the track, or "".
        arrays: By field name:
            ``base_rad`` (frames, joints, 3) float32, parent-space rotation vectors,
            ``base_root_m`` (frames, 3) float32, pelvis joint in the scene, metres,
            ``base_source`` (frames, joints) uint8, `Source` of the base,
            ``expression`` (frames, coefficients) float32, only where there is a face.
            NaN (and source MISSING) where the person is missing.
    """

    id: int
    person_id: int
    start: int
    stop: int
    skeleton: str
    estimate_id: int | None = None
    locked_by: str = ""
    arrays: Mapping[str, AnyArray] = field(
        default_factory=dict[str, AnyArray], compare=False
    )

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return self.stop - self.start

    @property
    def base_rad(self) -> FloatArray:
        """Base rotations, shape (frames, joints, 3), radians."""
        return self.arrays["base_rad"]

    @property
    def base_root_m(self) -> FloatArray:
        """Base pelvis place in the scene, shape (frames, 3), metres."""
        return self.arrays["base_root_m"]

    @property
    def base_source(self) -> ByteArray:
        """`Source` of the base, shape (frames, joints)."""
        return self.arrays["base_source"]

    def __contains__(self, frame: int) -> bool:
        return self.start <= frame < self.stop


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A sparse correction on one frame: an offset from the base for some joints.

    Attributes:
        track_id: The track it lies over.
        frame: Clip frame.
        joints: Joint indices it corrects, increasing.
        offsets_rad: Per joint a parent-space left delta as rotation vector:
            ``R_motion = exp(offset) @ R_base``.
        root_offset_m: Scene offset of the pelvis, or None where it is not corrected.
        blend_in, blend_out: Frames over which the offset comes and goes.
        muted: Whether it is left out for now, as if it were not there.
    """

    track_id: int
    frame: int
    joints: tuple[int, ...] = ()
    offsets_rad: tuple[tuple[float, float, float], ...] = ()
    root_offset_m: tuple[float, float, float] | None = None
    blend_in: int = DEFAULT_BLEND_FRAMES
    blend_out: int = DEFAULT_BLEND_FRAMES
    muted: bool = False

    def __post_init__(self) -> None:
        if len(self.joints) != len(self.offsets_rad):
            raise ValueError("a key needs one offset per joint")
        if self.blend_in < 0 or self.blend_out < 0:
            raise ValueError("blend lengths are not negative")

    @property
    def key(self) -> tuple[int, int]:
        """Key in the document's table."""
        return (self.track_id, self.frame)

    def offset_of(self, joint: int) -> tuple[float, float, float] | None:
        """Offset of one joint, or None where the key leaves it alone."""
        if joint in self.joints:
            return self.offsets_rad[self.joints.index(joint)]
        return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Take:
    """All estimates of one run or one import over the clip.

    Attributes:
        id: Unique within the document.
        name: Shown to people ("BlazePose heavy").
        origin: Id of the estimator or format.
        options: Settings of the run.
        versions: Versions of program, models, libraries.
        created: ISO 8601 time with zone.
    """

    id: int
    name: str
    origin: str
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])
    created: str = ""

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Estimate:
    """What an estimator or a file said of one person over a range; read-only for ever.

    Attributes:
        id: Unique within the document.
        take_id: The run it belongs to.
        start, stop: Half-open range of clip frames.
        skeleton: Name of the skeleton.
        landmark_set: Name of the set of the observations, or "".
        betas, scale: Body shape that goes with it.
        arrays: By field name; all but the first two only where known:
            ``joints_rad`` (frames, joints, 3), ``root_scene_m`` (frames, 3),
            ``points_px`` (frames, landmarks, 2), ``confidence`` (frames, landmarks),
            ``outside`` (frames, landmarks) uint8, ``points_m`` (frames, landmarks, 3),
            ``boxes_px`` (frames, 4), ``scores`` (frames,),
            ``reprojection_px`` (frames, landmarks).
    """

    id: int
    take_id: int
    start: int
    stop: int
    skeleton: str
    landmark_set: str = ""
    betas: tuple[float, ...] = ()
    scale: float = 1.0
    arrays: Mapping[str, AnyArray] = field(
        default_factory=dict[str, AnyArray], compare=False
    )

    @property
    def key(self) -> int:
        """Key in the document's table."""
        return self.id

    def at(self, name: str, frame: int) -> AnyArray | None:
        """Row of one clip frame, or None where the array or the frame is absent."""
        array = self.arrays.get(name)
        if array is None or not self.start <= frame < self.stop:
            return None
        return array[frame - self.start]


TRACK_FIELDS: Mapping[str, type[np.generic]] = {
    "base_rad": np.float32,
    "base_root_m": np.float32,
    "base_source": np.uint8,
    "expression": np.float32,
}
"""Array fields of a track and their types."""

ESTIMATE_FIELDS: Mapping[str, type[np.generic]] = {
    "joints_rad": np.float32,
    "root_scene_m": np.float32,
    "points_px": np.float32,
    "confidence": np.float32,
    "outside": np.uint8,
    "points_m": np.float32,
    "boxes_px": np.float32,
    "scores": np.float32,
    "reprojection_px": np.float32,
}
"""Array fields of an estimate and their types."""
