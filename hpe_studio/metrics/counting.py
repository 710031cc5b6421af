"""Who counts by a protocol, and which of their joints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.metrics.comparison import TimeFit
from hpe_studio.metrics.people import People, has_any, is_known
from hpe_studio.metrics.protocol import Protocol


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Setting:
    """What surrounds two sets of people that are compared.

    Attributes:
        frames: Frames of the prediction that the rows are, (F,), increasing.
        truth_frames: The same in frames of the truth, (F,).
        fps: Frames of the prediction per second.
        prediction, truth: What people call the two.
        size_px: Width and height of the picture, or None.
        scene_from_camera: Rotation of camera axes into the prediction's scene, (3, 3).
        time: How frames were brought together.
        camera: Its name, or "".
        official_frames: Whether the frames come from an official list.
        beyond: Person-frames of the truth that the prediction has no frame for.
        notes: Sentences a reader must know.
        versions: Of program and libraries.
    """

    frames: IntArray
    truth_frames: FloatArray
    fps: float
    prediction: str = "prediction"
    truth: str = "truth"
    size_px: tuple[int, int] | None = None
    scene_from_camera: FloatArray = field(
        default_factory=lambda: np.diag([1.0, -1.0, -1.0])
    )
    time: TimeFit = field(default_factory=TimeFit)
    camera: str = ""
    official_frames: bool = False
    beyond: int = 0
    notes: Sequence[str] = ()
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


def with_pixels_of_places(people: People) -> People:
    """People without pixels of joints that have no place."""
    if people.points_px is None:
        return people
    known = is_known(people.points_m)[..., None]
    return replace(people, points_px=np.where(known, people.points_px, np.nan))


def counting(
    truth: People, protocol: Protocol, setting: Setting
) -> tuple[People, BoolArray, BoolArray]:
    """The truth with what does not count as NaN; who counts; who is left out."""
    points_m = truth.points_m
    known = is_known(points_m)
    if truth.confidence is not None:
        known &= truth.confidence > protocol.confidence
    inside = _inside(truth, setting.size_px)
    everywhere = np.where(known[..., None], points_m, np.nan)
    in_picture = is_known(points_m) if protocol.matching == "greedy" else known
    cleaned = replace(
        truth,
        points_m=everywhere,
        points_px=None
        if truth.points_px is None
        else np.where(in_picture[..., None], truth.points_px, np.nan),
    )
    cleaned = _shifted(cleaned, protocol, setting)
    if protocol.visibility == "inside" and inside is not None:
        seen = np.where(inside[..., None], cleaned.points_m, np.nan)
        cleaned = replace(cleaned, points_m=seen)
    counting = cleaned.of_joints(protocol.joints)
    is_there = known.any(-1)
    counts = has_any(counting.points_m)
    if protocol.align in ("root", "scale"):
        counts &= is_known(cleaned.point_m(protocol.root))
    if protocol.least_inside and inside is not None:
        counts &= _count_inside(truth, inside, protocol) >= protocol.least_inside
    return cleaned, counts, is_there & ~counts


def _count_inside(truth: People, inside: BoolArray, protocol: Protocol) -> IntArray:
    marked = replace(
        truth, points_m=np.where(inside[..., None], truth.points_m, np.nan)
    )
    return is_known(marked.of_joints(protocol.joints).points_m).sum(-1)


def _inside(truth: People, size_px: tuple[int, int] | None) -> BoolArray | None:
    if truth.points_px is None or size_px is None:
        return None
    x, y = truth.points_px[..., 0], truth.points_px[..., 1]
    return (x >= 0) & (x < size_px[0]) & (y >= 0) & (y < size_px[1])


def _shifted(truth: People, protocol: Protocol, setting: Setting) -> People:
    if not protocol.offsets_camera_m:
        return truth
    points = truth.of_joints([*dict.fromkeys([*truth.joints, *protocol.joints])])
    moved = points.points_m.copy()
    for joint, shift in protocol.offsets_camera_m:
        if joint in points.joints:
            turned = setting.scene_from_camera @ np.asarray(shift)
            moved[..., points.joints.index(joint), :] += turned
    return replace(points, points_m=moved)
