"""Motion on its way in from or out to a file: what every format reads and writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.skeleton import LandmarkSet, Skeleton


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PersonMotion:
    """One person's motion over a run of frames, in scene axes (Y up), metres.

    Attributes:
        name: The person's name.
        skeleton: Joints and parents.
        rest_joints_m: Rest joints of this person's shape, shape (joints, 3); the
            rest pose has identity rotations.
        start: Frame of row 0 in the clip.
        joints_rad: Parent-space rotation vectors, shape (frames, joints, 3); NaN
            where the person is missing.
        root_scene_m: Root joint's place, shape (frames, 3); NaN where missing.
        betas: Shape coefficients, or empty.
        scale: Size of the body over its model.
        colour: "#rrggbb", or "" when the file says none.
        source: `core.track.Source` codes, shape (frames, joints), or None.
        landmark_set: Name of the set of the following, or "".
        points_px, confidence, outside: As in `core.observations.Tracklet`, or None.
        points_m: As in `core.observations.Tracklet`, or None.
        reprojection_px: Distance of the fitted landmarks from `points_px`, shape
            (frames, landmarks), or None.
        person_id: The same for all runs of one person within a file; "" if unknown.
        body: Whose shapes `betas` are: "smpl", "smplh", "smplx", or "" for the open
            body and where it is unknown.
        expression: Face coefficients, shape (frames, coefficients), or None.
    """

    name: str
    skeleton: Skeleton
    rest_joints_m: FloatArray
    start: int
    joints_rad: FloatArray
    root_scene_m: FloatArray
    betas: FloatArray
    scale: float = 1.0
    colour: str = ""
    source: ByteArray | None = None
    landmark_set: str = ""
    points_px: FloatArray | None = None
    confidence: FloatArray | None = None
    outside: ByteArray | None = None
    points_m: FloatArray | None = None
    reprojection_px: FloatArray | None = None
    person_id: str = ""
    body: str = ""
    expression: FloatArray | None = None


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PersonPoints:
    """One person's points over a run of frames: places without rotations.

    What keypoint files, triangulation and ground truth say. A body is fitted to them
    where they are to drive one (`motion.point_fitting`).

    Attributes:
        name: The person's name.
        point_set: Names of the points and the lines between them.
        start: Frame of row 0 in the clip.
        points_scene_m: Shape (frames, points, 3), scene axes (Y up), metres; NaN where
            missing. None where the file has only pixels.
        points_px: Shape (frames, points, 2), stored pixels; NaN where missing. None
            where the file has only places.
        confidence: Shape (frames, points), 0 to 1, 0 where missing; None if unknown.
        person_id: The same for all runs of one person within a file; "" if unknown.
    """

    name: str
    point_set: LandmarkSet
    start: int
    points_scene_m: FloatArray | None = None
    points_px: FloatArray | None = None
    confidence: FloatArray | None = None
    person_id: str = ""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MotionFile:
    """Everything a motion file says, or everything an export is to say.

    Attributes:
        fps: Frame rate, exact.
        frame_count: Length of the clip in frames.
        people: One entry per person and run of frames.
        points: People of whom only points are known, one entry per run of frames.
        times_s: Time of each frame where the rate varies, else None.
        size_px: Picture size, or None.
        shots: [start, stop) ranges; empty when unknown.
        cameras: Camera per shot index; empty when unknown.
        views: Calibrated cameras by name ("00_16"), where several filmed at once.
        clip_name: File name of the footage, or "".
        provenance: How the motion was made; unknown keys survive a round trip.
        warnings: Sentences a person should know after reading.
        assumed: What the file does not say and the reader took for granted ("30 fps"),
            one sentence each; an import doctor asks about these.
    """

    fps: Fraction
    frame_count: int
    people: tuple[PersonMotion, ...]
    points: tuple[PersonPoints, ...] = ()
    times_s: FloatArray | None = None
    size_px: tuple[int, int] | None = None
    shots: tuple[tuple[int, int], ...] = ()
    cameras: Mapping[int, Camera] = field(default_factory=dict[int, Camera])
    views: Mapping[str, Camera] = field(default_factory=dict[str, Camera])
    clip_name: str = ""
    provenance: Mapping[str, Any] = field(default_factory=dict[str, Any])
    warnings: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
