"""The shape of HPE Studio's JSON; docs/formats/json.md says what it means."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

VERSION = 1

Count = Annotated[int, msgspec.Meta(ge=0, le=100_000_000)]
Number = float | None
Vector = list[Number]


class About(msgspec.Struct, frozen=True):
    """Enough to tell the format and its version."""

    format: Annotated[str, msgspec.Meta(pattern="^hpe-studio-motion$")]
    version: int


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """An exact frame rate."""

    num: int
    den: int


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """The footage."""

    name: str
    fps: Rate
    frames: Count
    size_px: Annotated[list[int], msgspec.Meta(min_length=2, max_length=2)] | None
    times_s: Vector | None


class Range(msgspec.Struct, frozen=True, kw_only=True):
    """Frames start to stop, stop not included."""

    start: Count
    stop: Count


class Camera(msgspec.Struct, frozen=True, kw_only=True):
    """The camera of one shot."""

    shot: int
    intrinsics: list[list[float]]
    distortion: list[float]
    camera_from_scene: list[Any]
    source: str


class Skeleton(msgspec.Struct, frozen=True, kw_only=True):
    """Joints and the index of each one's parent."""

    joints: list[str]
    parents: list[int]


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """An identity."""

    id: str
    name: str
    colour: str
    betas: list[float]
    scale: float
    body: str = ""


class Observations(msgspec.Struct, frozen=True, kw_only=True):
    """Landmarks as seen, per frame."""

    landmark_set: str
    points_px: list[list[Vector]]
    confidence: list[Vector] | None
    outside: list[list[int]] | None
    points_m: list[list[Vector]] | None
    reprojection_px: list[Vector] | None


class Track(msgspec.Struct, frozen=True, kw_only=True):
    """One person's motion over a run of frames."""

    person: str
    skeleton: str
    start: Count
    frames: Count
    rest_joints_m: list[Vector]
    joints_rad: list[list[Vector]]
    root_scene_m: list[Vector]
    joints_scene_m: list[list[Vector]] | None = None
    joints_px: list[list[Vector]] | None = None
    source: list[list[int]] | None = None
    observations: Observations | None = None
    expression: list[Vector] | None = None


class PointSet(msgspec.Struct, frozen=True, kw_only=True):
    """Points of one convention and the lines between them."""

    names: list[str]
    edges: list[list[int]]
    parents: list[int] | None = None


class Points(msgspec.Struct, frozen=True, kw_only=True):
    """Points without rotations, of one person over a run of frames."""

    person: str | None
    name: str
    point_set: str
    start: Count
    frames: Count
    points_scene_m: list[list[Vector]] | None = None
    points_px: list[list[Vector]] | None = None
    confidence: list[Vector] | None = None


class View(msgspec.Struct, frozen=True, kw_only=True):
    """One of several calibrated cameras."""

    name: str
    intrinsics: list[list[float]]
    distortion: list[float]
    camera_from_scene: list[Any]
    source: str


class File(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    format: str
    version: int
    clip: Clip
    shots: list[Range] | None
    cameras: list[Camera]
    skeletons: dict[str, Skeleton]
    landmark_sets: dict[str, list[str]]
    source_codes: dict[str, int]
    persons: list[Person]
    tracks: list[Track]
    provenance: dict[str, Any]
    points: list[Points] | None = None
    point_sets: dict[str, PointSet] | None = None
    views: list[View] | None = None
    assumed: list[str] | None = None
