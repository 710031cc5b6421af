"""Where a file's people lie in the picture, frame by frame of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.workflow.import_camera import FilmedBy, scaled_points, size_scale
from hpe_studio.workflow.mapping import on_body
from hpe_studio.workflow.timing import frame_total

LIMBS = tuple(
    f"{side}_{joint}"
    for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
    for side in ("left", "right")
)
"""Joints that every body and every set of points has by the same name."""

_SURE = 0.1


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Overlay:
    """A file's people in the picture.

    Attributes:
        places_px: Limb joints, shape (frames of the file, people, limbs, 2), stored
            pixels of the clip; NaN where missing.
    """

    places_px: FloatArray

    def at(self, positions: FloatArray) -> FloatArray:
        """Places at positions between frames, shape (positions, people, limbs, 2).

        NaN beyond the ends, and beside a frame on which somebody is missing.
        """
        last = len(self.places_px) - 1
        inside = (positions >= -1e-6) & (positions <= last + 1e-6)
        at = np.clip(positions, 0, last)
        low = np.clip(np.floor(at + 1e-9).astype(np.int64), 0, last)
        high = np.minimum(low + 1, last)
        share = (at - low)[:, None, None, None]
        first, second = self.places_px[low], self.places_px[high]
        out = np.where(share < 1e-6, first, first + share * (second - first))
        out[~inside] = np.nan
        return out

    @property
    def present(self) -> FloatArray:
        """How many people there are on each frame, shape (frames,)."""
        return np.isfinite(self.places_px).any(axis=(2, 3)).sum(axis=1)


def overlay_of(
    motion: MotionFile,
    filmed: Sequence[FilmedBy],
    clip_px: tuple[int, int],
    model: JointModel,
) -> Overlay | None:
    """The people of a file in the clip's picture.

    None where the file has neither pixels nor a camera, or shows nobody.

    Args:
        motion: The file, points linked to people.
        filmed: Its cameras at the clip's size.
        clip_px: Size of the clip.
        model: A body for foreign skeletons.
    """
    count = frame_total(motion)
    rows: dict[str, FloatArray] = {}
    for number, run in enumerate((*motion.people, *motion.points)):
        seen = _in_picture(run, motion, filmed, clip_px, model)
        if seen is None:
            continue
        who = run.person_id or f"#{number}"
        empty = np.full((count, len(LIMBS), 2), np.nan)
        rows.setdefault(who, empty)[run.start : run.start + len(seen)] = seen
    if not rows:
        return None
    return Overlay(places_px=np.stack(list(rows.values()), axis=1))


def _in_picture(
    run: PersonMotion | PersonPoints,
    motion: MotionFile,
    filmed: Sequence[FilmedBy],
    clip_px: tuple[int, int],
    model: JointModel,
) -> FloatArray | None:
    if isinstance(run, PersonPoints) and run.points_px is not None:
        scale = size_scale(motion.size_px, clip_px) or 1.0
        points = scaled_points(np.asarray(run.points_px, np.float64), scale)
        if run.confidence is not None:
            points = np.where((run.confidence > _SURE)[..., None], points, np.nan)
        return _limbs(points, run.point_set.names)
    if not filmed:
        return None
    if isinstance(run, PersonPoints):
        assert run.points_scene_m is not None
        scene = _limbs(np.asarray(run.points_scene_m, np.float64), run.point_set.names)
    else:
        placed = _joints(run, model)
        if placed is None:
            return None
        scene = placed
    return _projected(scene, run.start, filmed)


def _joints(run: PersonMotion, model: JointModel) -> FloatArray | None:
    try:
        body = on_body(run, model)
    except StudioError:
        return None
    places, _ = forward_kinematics(
        body.skeleton.parents, body.rest_joints_m, body.joints_rad, body.root_scene_m
    )
    return _limbs(places, body.skeleton.joint_names)


def _projected(
    scene_m: FloatArray, start: int, filmed: Sequence[FilmedBy]
) -> FloatArray:
    """Pixels of places, shape (frames, limbs, 2), by the camera of each frame."""
    out = np.full((*scene_m.shape[:-1], 2), np.nan)
    for one in filmed:
        first, last = max(one.start, start), min(one.stop, start + len(scene_m))
        if one is filmed[-1]:
            last = start + len(scene_m)
        if one.camera.camera_from_scene.ndim == 2:
            rows = slice(first - start, max(first, last) - start)
            out[rows] = one.camera.project(scene_m[rows])
            continue
        for frame in range(first, last):
            row = frame - start
            out[row] = _project(one.camera, scene_m[row], frame - one.start)
    return out


def _project(camera: Camera, scene_m: FloatArray, row: int) -> FloatArray:
    """Pixels under a camera that moves; it stands still beyond its ends."""
    last = len(camera.camera_from_scene) - 1
    return camera.project(scene_m, min(max(row, 0), last))


def _limbs(points: FloatArray, names: Sequence[str]) -> FloatArray:
    """The limb joints of a set, shape (frames, limbs, 2 or 3); NaN where lacking."""
    out = np.full((len(points), len(LIMBS), points.shape[-1]), np.nan)
    for place, name in enumerate(LIMBS):
        if name in names:
            out[:, place] = points[:, list(names).index(name)]
    return out
