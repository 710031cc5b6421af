"""What can be compared: people of a project, a results file or a folder of truth.

Everybody's joints come out as the points of `POINT_SET`, in the recording's own scene
(Y up, metres), one row per frame from `first_frame` on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from hpe_studio.body import Body, open_body
from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion, PersonPoints
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.pointsets import convert_confidence, convert_points
from hpe_studio.core.skeleton import Skeleton, landmark_set, skeleton
from hpe_studio.core.track import Track
from hpe_studio.core.truth import Truth
from hpe_studio.metrics.comparison import TimeFit
from hpe_studio.metrics.people import People
from hpe_studio.motion.kinematics import (
    forward_kinematics,
    landmarks_m,
    remapped_joints_rad,
)
from hpe_studio.motion.shape import refit_shape
from hpe_studio.posing.posed import rest_joints_on
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.kinds import kind_of
from hpe_studio.workflow.mapping import on_body
from hpe_studio.workflow.opening import open_saved
from hpe_studio.workflow.point_groups import PARTS
from hpe_studio.workflow.reading import read_motion
from hpe_studio.workflow.timing import is_rate_assumed

POINT_SET = "coco19"
"""Points that are compared."""

_MOST_VALUES = 400_000_000


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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Recording:
    """One side of a comparison.

    Attributes:
        name: What people call it.
        people: Everybody; row i is frame ``first_frame + i``.
        first_frame: Frame of row 0.
        fps: Frames per second.
        is_rate_assumed: True where the file says no rate.
        cameras: The camera that filmed it, run by run; empty where unknown.
        views: Calibrated cameras by name.
        size_px: Size of the pictures, or None.
        path: File or folder it comes from, or None.
        clip_path: The footage, or None.
        notes: Sentences a reader must know.
        camera: Name of the camera through which it was placed in the scene, or "".
        time: How its frames were moved already, or None.
    """

    name: str
    people: People
    first_frame: int
    fps: Fraction
    is_rate_assumed: bool = False
    cameras: Sequence[CameraRun] = ()
    views: Mapping[str, Camera] = field(default_factory=dict[str, Camera])
    size_px: tuple[int, int] | None = None
    path: Path | None = None
    clip_path: Path | None = None
    notes: Sequence[str] = ()
    camera: str = ""
    time: TimeFit | None = None

    @property
    def stop(self) -> int:
        """First frame after it."""
        return self.first_frame + self.people.frame_count


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Run:
    """A person over some frames: points (frames, 19, 3) and how sure they are."""

    identity: str
    name: str
    start: int
    points_m: FloatArray
    confidence: FloatArray | None = None


def read_recording(path: Path, *, before: bool = False) -> Recording:
    """Everybody in a project, a results file, or a folder of results or truth.

    Args:
        path: What to read.
        before: Of a project the estimates, as they were before any edit.

    Raises:
        StudioError: If it cannot be read or has no places of joints in it.
    """
    if path.exists() and not path.is_dir() and kind_of(path) == "project":
        opened = open_saved(path, read_only=True)
        try:
            document = opened.project.document
            return recording_of_document(
                document, body_of(document)[0], before=before, path=path
            )
        finally:
            opened.close()
    return recording_of_motion(read_motion(path), name=path.name, path=path)


def recording_of_motion(
    motion: MotionFile, *, name: str, path: Path | None = None
) -> Recording:
    """Everybody in a motion file.

    Raises:
        StudioError: If it has no places of joints in it.
    """
    model = open_body().joint_model
    runs = [_of_motion(run, model, i) for i, run in enumerate(motion.people)]
    runs += [
        made
        for i, run in enumerate(motion.points)
        if (made := _of_points(run, len(runs) + i)) is not None
    ]
    if not runs:
        raise StudioError(
            "has nobody with joints in space",
            path=path or Path(name),
            fix="choose 3D results",
        )
    people, first = _gathered(runs, path or Path(name))
    shots = motion.shots or ((first, first + people.frame_count),)
    return Recording(
        name=name,
        people=people,
        first_frame=first,
        fps=motion.fps,
        is_rate_assumed=is_rate_assumed(motion),
        cameras=tuple(
            CameraRun(start=shots[i][0], stop=shots[i][1], camera=camera)
            for i, camera in sorted(motion.cameras.items())
            if i < len(shots)
        ),
        views=motion.views,
        size_px=motion.size_px,
        path=path,
        notes=tuple(f"{name}: {sentence}" for sentence in motion.assumed),
    )


def recording_of_document(
    document: Document,
    body: Body,
    *,
    before: bool = False,
    path: Path | None = None,
) -> Recording:
    """Everybody in a document who is not ignored.

    Args:
        document: The document.
        body: Everybody's body.
        before: The estimates, as they were before any edit.
        path: Its file.

    Raises:
        StudioError: If there is nobody.
    """
    runs: list[_Run] = []
    for person in document.persons.values():
        if person.ignored:
            continue
        for track in document.tracks_of(person.id):
            pose = _pose_of(document, track, before=before)
            if pose is None:
                continue
            points = body_points_m(
                body.joint_model,
                skeleton(track.skeleton),
                *pose,
                betas=np.asarray(person.betas),
                scale=person.scale,
            )
            runs.append(
                _Run(
                    identity=str(person.id),
                    name=person.name,
                    start=track.start,
                    points_m=points,
                )
            )
    name = document.clip.path.name if document.clip.path else "project"
    name = path.stem if path is not None else name
    if not runs:
        raise StudioError(
            "has nobody to compare", path=path or Path(name), fix="find people first"
        )
    people, first = _gathered(runs, path or Path(name))
    shots = document.shots or (document.shot_at(0),)
    return Recording(
        name=name,
        people=people,
        first_frame=first,
        fps=document.clip.fps,
        cameras=tuple(
            CameraRun(
                start=shot.start, stop=shot.stop, camera=document.camera_at(shot.start)
            )
            for shot in shots
        ),
        size_px=document.clip.size_px,
        path=path,
        clip_path=document.clip.path,
    )


def recording_of_truths(truths: Sequence[Truth], fps: Fraction) -> Recording:
    """The truths held beside a document, in its scene and on its frames.

    Args:
        truths: One per person; at least one.
        fps: Frame rate of the document's clip.

    Raises:
        StudioError: If there is none, or none of them falls on the clip.
    """
    runs = [
        _Run(
            identity=str(truth.id),
            name=truth.person,
            start=truth.start,
            points_m=convert_points(truth.points_scene_m, truth.point_set, POINT_SET),
            confidence=convert_confidence(truth.confidence, truth.point_set, POINT_SET),
        )
        for truth in truths
        if truth.stop > truth.start
    ]
    if not runs:
        raise StudioError(
            "there is no truth on these frames", fix="attach truth or move it in time"
        )
    people, first = _gathered(runs, Path(truths[0].name))
    one = truths[0]
    is_moved = abs(one.offset_frames) > 1e-9 or abs(one.rate - 1) > 1e-9
    time = TimeFit(offset_frames=one.offset_frames, rate=one.rate, source="given")
    return Recording(
        name=one.name,
        people=people,
        first_frame=first,
        fps=fps,
        camera=one.camera_name,
        time=time if is_moved else None,
    )


def body_points_m(
    model: JointModel,
    bones: Skeleton,
    joints_rad: FloatArray,
    root_m: FloatArray,
    *,
    betas: FloatArray,
    scale: float,
    rest_m: FloatArray | None = None,
) -> FloatArray:
    """Points of `POINT_SET` on a posed body, (frames, points, 3), metres.

    Args:
        model: The body.
        bones: Skeleton of the rotations.
        joints_rad: Shape (frames, joints, 3).
        root_m: Shape (frames, 3).
        betas: Shape on this body.
        scale: Size on this body.
        rest_m: Rest joints of `bones` where they are another body's, (joints, 3);
            what hangs on the joints (nose, ears) is this body's.
    """
    pose = remapped_joints_rad(joints_rad, bones, model.skeleton)
    rest = model.rest_joints_m(betas, scale=scale)
    if rest_m is not None:
        rest = _with_own_rest(rest, model.skeleton, rest_m, bones)
    places, rotations = forward_kinematics(model.skeleton.parents, rest, pose, root_m)
    return landmarks_m(model, POINT_SET, places, rotations, betas, scale)


def _with_own_rest(
    rest_m: FloatArray, skeleton_: Skeleton, own_m: FloatArray, bones: Skeleton
) -> FloatArray:
    """Rest joints of the model with those of another body where it has them."""
    place = {name: own_m[i] for i, name in enumerate(bones.joint_names)}
    out = rest_m.copy()
    for joint, name in enumerate(skeleton_.joint_names):
        parent = skeleton_.parents[joint]
        if name in place:
            out[joint] = place[name]
        elif parent >= 0:
            out[joint] = out[parent] + rest_m[joint] - rest_m[parent]
    return out


def _of_motion(run: PersonMotion, model: JointModel, number: int) -> _Run:
    mapped = on_body(run, model)
    bones = mapped.skeleton
    own = rest_joints_on(
        model.rest_joints_m(mapped.betas, scale=mapped.scale), model.skeleton, bones
    )
    betas, scale = mapped.betas, mapped.scale
    is_ours = not mapped.body and len(betas)
    if not is_ours or float(np.abs(own - mapped.rest_joints_m).max()) > 1e-3:
        betas, scale = refit_shape(mapped.rest_joints_m, model, source=bones)
    points = body_points_m(
        model,
        bones,
        np.asarray(mapped.joints_rad, dtype=np.float64),
        np.asarray(mapped.root_scene_m, dtype=np.float64),
        betas=betas,
        scale=scale,
        rest_m=mapped.rest_joints_m,
    )
    return _Run(
        identity=run.person_id or f"#{number}",
        name=run.name,
        start=run.start,
        points_m=points,
    )


def _of_points(run: PersonPoints, number: int) -> _Run | None:
    if run.points_scene_m is None or run.point_set.name in PARTS:
        return None  # hands and face go with a body whose own points count
    points = convert_points(
        np.asarray(run.points_scene_m, dtype=np.float64), run.point_set, POINT_SET
    )
    confidence = None
    if run.confidence is not None:
        confidence = convert_confidence(
            np.asarray(run.confidence, dtype=np.float64), run.point_set, POINT_SET
        )
    return _Run(
        identity=run.person_id or f"#{number}",
        name=run.name,
        start=run.start,
        points_m=points,
        confidence=confidence,
    )


def _pose_of(
    document: Document, track: Track, *, before: bool
) -> tuple[FloatArray, FloatArray] | None:
    """Rotations and roots of a track's frames, edited or as estimated."""
    if not before:
        motion = resolve(track, document.keys_of(track.id))
        return motion.joints_rad, motion.root_scene_m
    estimate = document.estimates.get(track.estimate_id or -1)
    if estimate is None or "joints_rad" not in estimate.arrays:
        return None
    frames = range(track.start, track.stop)
    poses = [estimate.at("joints_rad", frame) for frame in frames]
    roots = [estimate.at("root_scene_m", frame) for frame in frames]
    joints = skeleton(track.skeleton).joint_count
    blank, nowhere = np.full((joints, 3), np.nan), np.full(3, np.nan)
    return (
        np.stack([blank if p is None else np.asarray(p, float) for p in poses]),
        np.stack([nowhere if r is None else np.asarray(r, float) for r in roots]),
    )


def _gathered(runs: Sequence[_Run], path: Path) -> tuple[People, int]:
    """All runs as one array from the first frame to the last."""
    first = min(run.start for run in runs)
    stop = max(run.start + len(run.points_m) for run in runs)
    names = _names(runs)
    joints = landmark_set(POINT_SET).names
    if (stop - first) * len(names) * len(joints) * 3 > _MOST_VALUES:
        raise StudioError(
            f"has {len(names)} people over {stop - first} frames, too many at once",
            path=path,
            fix="join people who are the same, or compare fewer frames",
        )
    points = np.full((stop - first, len(names), len(joints), 3), np.nan)
    sure = np.ones(points.shape[:-1])
    says = any(run.confidence is not None for run in runs)
    order = {identity: i for i, identity in enumerate(names)}
    for run in runs:
        rows = slice(run.start - first, run.start - first + len(run.points_m))
        known = np.isfinite(run.points_m).all(-1)
        place = points[rows, order[run.identity]]
        place[known] = run.points_m[known]
        if run.confidence is not None:
            sure[rows, order[run.identity]][known] = run.confidence[known]
    people = People(
        names=tuple(names.values()),
        joints=joints,
        points_m=points,
        confidence=np.where(np.isfinite(points).all(-1), sure, 0.0) if says else None,
    )
    return people, first


def _names(runs: Sequence[_Run]) -> dict[str, str]:
    names: dict[str, str] = {}
    for run in runs:
        names.setdefault(run.identity, run.name or f"person {len(names) + 1}")
    return names


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
