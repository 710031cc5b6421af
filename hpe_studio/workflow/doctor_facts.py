"""What results hold, in a person's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray, IntArray
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.workflow.timing import frame_total, is_rate_assumed

_NAMED = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One thing that was found.

    Attributes:
        name: For machines ("people").
        label: For people ("People").
        value: What was found, in words.
    """

    name: str
    label: str
    value: str


def facts_of(motion: MotionFile, format_label: str) -> tuple[Fact, ...]:
    """What a file holds, most important first."""
    found = [
        ("format", "Format", _format(motion, format_label)),
        ("people", "People", _people(motion)),
        ("frames", "Frames", _frames(motion)),
        ("rate", "Rate", _rate(motion)),
        ("joints", "Joints", _joints(motion)),
        ("body", "Body", _body(motion)),
        ("picture", "Picture", _picture(motion)),
        ("camera", "Camera", _camera(motion)),
        ("axes", "Axes and unit", _axes(motion)),
        ("missing", "Missing", _missing(motion)),
    ]
    return tuple(
        Fact(name=name, label=label, value=value)
        for name, label, value in found
        if value
    )


def frames_with_people(motion: MotionFile) -> IntArray:
    """Frames of the file on which somebody is, increasing, shape (frames,)."""
    frames = [
        run.start + np.flatnonzero(rows)
        for run in (*motion.people, *motion.points)
        if len(rows := _known_rows(run))
    ]
    return np.unique(np.concatenate(frames)) if frames else np.zeros(0, np.int64)


def _known_rows(run: PersonMotion | PersonPoints) -> BoolArray:
    if isinstance(run, PersonMotion):
        return np.asarray(np.isfinite(run.root_scene_m[:, 0]), np.bool_)
    points = run.points_px if run.points_scene_m is None else run.points_scene_m
    if points is None:
        return np.zeros(0, np.bool_)
    return np.asarray(np.isfinite(points).any(axis=(1, 2)), np.bool_)


def _format(motion: MotionFile, label: str) -> str:
    maker = motion.provenance.get("producer") or motion.provenance.get("generator")
    return f"{label}, made by {maker}" if maker else label


def _people(motion: MotionFile) -> str:
    runs = (*motion.people, *motion.points)
    names = [n for n in dict.fromkeys(run.name for run in runs) if n]
    count = len(dict.fromkeys((run.person_id, run.name) for run in runs))
    shown = ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
    return f"{count} ({shown})" if shown else str(count)


def _frames(motion: MotionFile) -> str:
    present, total = frames_with_people(motion), frame_total(motion)
    if not len(present):
        return f"{total}, nobody on any of them"
    first, last = int(present[0]), int(present[-1])
    empty = last + 1 - first - len(present)
    gaps = f", {empty} of them without anybody" if empty else ""
    return f"{total} ({first:04d}–{last:04d}{gaps})"


def _rate(motion: MotionFile) -> str:
    if is_rate_assumed(motion):
        return f"not said; {float(motion.fps):.6g} fps assumed"
    varies = ", varying" if motion.times_s is not None else ""
    seconds = frame_total(motion) / float(motion.fps)
    return f"{float(motion.fps):.6g} fps{varies}, {seconds:.2f} s"


def _joints(motion: MotionFile) -> str:
    rotations = dict.fromkeys(
        f"{run.skeleton.name}, {run.skeleton.joint_count} joints with rotations"
        for run in motion.people
    )
    points = dict.fromkeys(
        f"{run.point_set.name}, {len(run.point_set.names)} points {_where(run)}"
        for run in motion.points
    )
    return "; ".join((*rotations, *points))


def _where(run: PersonPoints) -> str:
    if run.points_scene_m is None:
        return "in the picture"
    return "in space" if run.points_px is None else "in space and in the picture"


def _body(motion: MotionFile) -> str:
    names = {"smpl": "SMPL", "smplh": "SMPL-H", "smplx": "SMPL-X"}
    told = dict.fromkeys(
        f"{names.get(run.body, run.body) or 'open body'}, {len(run.betas)} betas"
        for run in motion.people
        if len(run.betas)
    )
    faces = max((_width(run.expression) for run in motion.people), default=0)
    face = (f"{faces} coefficients of the face",) if faces else ()
    return "; ".join((*told, *face))


def _width(values: FloatArray | None) -> int:
    return 0 if values is None else int(values.shape[1])


def _picture(motion: MotionFile) -> str:
    if motion.size_px is None:
        return ""
    size = f"{motion.size_px[0]} × {motion.size_px[1]}"
    return f"{size}, {motion.clip_name}" if motion.clip_name else size


def _camera(motion: MotionFile) -> str:
    if motion.views:
        return f"{len(motion.views)} views: {_some(sorted(motion.views))}"
    if not motion.cameras:
        return ""
    camera = next(iter(motion.cameras.values()))
    moving = "moving" if camera.camera_from_scene.ndim == 3 else "still"
    focal = float(camera.intrinsics[1, 1])
    if motion.size_px is None:
        return f"{moving}, focal length {focal:.0f} px"
    across = math.degrees(2 * math.atan(max(motion.size_px) / 2 / focal))
    return f"{moving}, focal length {focal:.0f} px ({across:.0f}°)"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")


def _axes(motion: MotionFile) -> str:
    axes, unit = motion.provenance.get("axes"), motion.provenance.get("unit")
    if axes or unit:
        return ", ".join(str(part) for part in (axes, unit) if part)
    if motion.people or any(p.points_scene_m is not None for p in motion.points):
        return "read as Y up, metres"
    return "pixels"


def _missing(motion: MotionFile) -> str:
    runs = (*motion.people, *motion.points)
    lacking: list[str] = []
    if len(runs) > 1 and not any(run.person_id for run in runs):
        lacking.append("who is who")
    if not motion.cameras and not motion.views:
        lacking.append("camera")
    if motion.people and not any(len(run.betas) for run in motion.people):
        lacking.append("shape")
    if motion.points and not motion.people:
        lacking.append("rotations")
    if motion.size_px is None:
        lacking.append("size of the picture")
    if motion.points and all(run.confidence is None for run in motion.points):
        lacking.append("confidence")
    return ", ".join(lacking)
