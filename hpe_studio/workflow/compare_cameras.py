"""Brings truth into the scene of a prediction, through the camera that filmed it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.errors import StudioError
from hpe_studio.metrics.pairing import costs
from hpe_studio.metrics.people import MID_HIP, People
from hpe_studio.workflow.camera_runs import (
    CameraRun,
    camera_rows,
    project_everybody,
)
from hpe_studio.workflow.recordings import Recording

_IN_NAME = re.compile(r"(?<!\d)(\d\d_\d\d)(?!\d)")
_SAMPLES = 24
_AS_GOOD = 0.9
_SAME_PLACE_M = 0.5
_LANDSCAPE = (
    (640, 480), (1280, 720), (1280, 960), (1920, 1080), (2048, 1536), (2704, 1520),
    (3840, 2160),
)  # fmt: skip
_SIZES = (*_LANDSCAPE, *((h, w) for w, h in _LANDSCAPE), (1088, 1920))
_NEAR_SIZE = 0.2
_SHRINKS = np.array([1 / 3, 0.5, 2 / 3, 1, 4 / 3, 1.5, 2, 3])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Placed:
    """Both sides in the prediction's scene, with their places in the picture.

    Attributes:
        prediction, truth: Everybody, frame by frame.
        camera: Name of the truth's camera, or "".
        scene_from_camera: Rotation, shape (3, 3).
        size_px: Size of the picture, or None.
        notes: Sentences a reader must know.
    """

    prediction: People
    truth: People
    camera: str = ""
    scene_from_camera: FloatArray
    size_px: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()


def placed(
    recording: Recording,
    prediction: People,
    truth: People,
    frames: IntArray,
    *,
    views: Mapping[str, Camera],
    camera: str = "",
) -> Placed:
    """Truth in the prediction's scene.

    Args:
        recording: What the prediction comes from: cameras, size.
        prediction: Its people on the frames.
        truth: The truth's people on the same, in the truth's own scene.
        frames: Frames of the prediction, (F,).
        views: The truth's cameras by name.
        camera: The one that filmed; "" to find it where one is needed.

    Raises:
        StudioError: If there is no such camera, or it cannot be told.
    """
    notes: tuple[str, ...] = ()
    check_camera(camera, views)
    is_placed = _is_in_world(recording) or _meets(recording, prediction, truth)
    if not camera and views and not is_placed:
        camera, note = _found(recording, prediction, truth, frames, views)
        notes = (note,)
    if not camera:
        return _as_it_is(recording, prediction, truth, frames)
    told = _named(recording, views)
    if told and camera != told[-1]:
        notes = (f"By the name of the clip camera {told[-1]} filmed, not {camera}.",)
    view = views[camera]
    own = _own_cameras(recording, view, camera, frames)
    size = recording.size_px or size_of(view)
    pixels = view.project(truth.points_m) * _shrunk(view, size)
    moved = np.full(truth.points_m.shape, np.nan)
    for rows, mine, at in camera_rows(frames.tolist(), own):
        moved[rows] = mine.to_scene(view.to_camera(truth.points_m[rows]), at)
    return Placed(
        prediction=replace(
            prediction,
            points_px=project_everybody(prediction.points_m, frames.tolist(), own),
        ),
        truth=replace(truth, points_m=moved, points_px=pixels),
        camera=camera,
        scene_from_camera=own[0].camera.pose()[:, :3].T,
        size_px=size,
        notes=notes,
    )


def check_camera(camera: str, views: Mapping[str, Camera]) -> None:
    """Refuse the name of a camera that the truth does not have.

    Args:
        camera: A name; "" is never refused.
        views: The truth's cameras by name.

    Raises:
        StudioError: If it is unknown; it names those there are.
    """
    if not camera or camera in views:
        return
    if not views:
        raise StudioError(
            f"the truth has no camera {camera}, it has no calibration",
            fix="leave --camera out, or add calibration_SEQUENCE.json to its folder",
        )
    names = sorted(views)
    shown = ", ".join(names[:6]) + (f" … {names[-1]}" if len(names) > 6 else "")
    raise StudioError(f"there is no camera {camera}", fix=f"use one of {shown}")


def size_of(camera: Camera) -> tuple[int, int]:
    """Size of the pictures of a calibrated camera, told from its principal point.

    The known size that has it nearest to its middle; where none is near, twice the
    point itself.
    """
    doubled = 2 * np.array([camera.intrinsics[0, 2], camera.intrinsics[1, 2]])
    apart = [float(np.abs(doubled / known - 1).max()) for known in _SIZES]
    best = int(np.argmin(apart))
    if apart[best] < _NEAR_SIZE:
        return _SIZES[best]
    return round(float(doubled[0])), round(float(doubled[1]))


def _shrunk(camera: Camera, size_px: tuple[int, int]) -> float:
    """By how much footage of that size is another size than its calibration.

    The principal point tells it only roughly, so it is one of the usual steps.
    """
    seen = size_px[0] / (2 * float(camera.intrinsics[0, 2]))
    return float(_SHRINKS[np.abs(np.log(_SHRINKS / seen)).argmin()])


def _is_in_world(recording: Recording) -> bool:
    """Whether a recording stands in the room and not before its camera."""
    is_calibrated = any(run.camera.source == "calibration" for run in recording.cameras)
    return bool(recording.views) or is_calibrated


def _meets(recording: Recording, prediction: People, truth: People) -> bool:
    """Whether people who know no camera stand where the true ones do already."""
    if recording.cameras:
        return False
    rows = np.unique(np.linspace(0, prediction.frame_count - 1, _SAMPLES).astype(int))
    p, g = prediction.on_frames(rows), truth.on_frames(rows)
    return _nearest(costs(p, g, matching="root")) < _SAME_PLACE_M


def _as_it_is(
    recording: Recording, prediction: People, truth: People, frames: IntArray
) -> Placed:
    """Both in one scene already; the prediction's camera sees them where it has one."""
    own = recording.cameras
    turn = own[0].camera.pose()[:, :3].T if own else FLIP_YZ
    if own and all(_covers(own, frame) for frame in (int(frames[0]), int(frames[-1]))):
        at = frames.tolist()
        prediction = replace(
            prediction, points_px=project_everybody(prediction.points_m, at, own)
        )
        truth = replace(truth, points_px=project_everybody(truth.points_m, at, own))
    return Placed(
        prediction=prediction,
        truth=truth,
        scene_from_camera=turn,
        size_px=recording.size_px,
    )


def _covers(cameras: Sequence[CameraRun], frame: int) -> bool:
    return any(run.start <= frame < run.stop for run in cameras)


def _own_cameras(
    recording: Recording, view: Camera, name: str, frames: IntArray
) -> Sequence[CameraRun]:
    """The prediction's cameras; one at its scene's origin where it knows none."""
    if name in recording.views:
        everything = CameraRun(
            start=int(frames[0]), stop=int(frames[-1]) + 1, camera=recording.views[name]
        )
        return (everything,)
    if recording.cameras:
        return recording.cameras
    origin = replace(view, camera_from_scene=np.hstack([FLIP_YZ, np.zeros((3, 1))]))
    return (CameraRun(start=int(frames[0]), stop=int(frames[-1]) + 1, camera=origin),)


def _found(
    recording: Recording,
    prediction: People,
    truth: People,
    frames: IntArray,
    views: Mapping[str, Camera],
) -> tuple[str, str]:
    """The camera that filmed: by name of the footage, else the one that fits best."""
    named = _named(recording, views)
    if named:
        return named[-1], f"Camera {named[-1]} was told from the name of the clip."
    rows = np.unique(np.linspace(0, len(frames) - 1, _SAMPLES).astype(int))
    p, g = prediction.on_frames(rows), truth.on_frames(rows)
    candidates = [name for name in views if name.startswith("00_")] or list(views)
    cost = {
        name: _misfit(recording, p, g, frames[rows], views[name], name)
        for name in candidates
    }
    known = {name: value for name, value in cost.items() if np.isfinite(value)}
    order = sorted(known, key=lambda name: known[name])
    if not order or (len(order) > 1 and known[order[0]] > _AS_GOOD * known[order[1]]):
        likely = f" ({' and '.join(order[:2])} fit alike)" if order else ""
        raise StudioError(
            f"the camera that filmed cannot be told{likely}", fix="say it with --camera"
        )
    return order[0], f"Camera {order[0]} was found: it fits best."


def _named(recording: Recording, views: Mapping[str, Camera]) -> list[str]:
    """Cameras whose names stand in the path of the result or its clip, in order."""
    return [
        match
        for path in (recording.clip_path, recording.path)
        if path is not None
        for match in _IN_NAME.findall(str(path))
        if match in views
    ]


def _misfit(
    recording: Recording,
    prediction: People,
    truth: People,
    frames: IntArray,
    view: Camera,
    name: str,
) -> float:
    """How badly people seen by a camera fit: poses, and places in the picture."""
    own = _own_cameras(recording, view, name, frames)
    size = recording.size_px or size_of(view)
    pixels = view.project(truth.points_m) * _shrunk(view, size)
    seen = view.to_camera(truth.points_m) @ FLIP_YZ.T
    at = frames.tolist()
    mine = np.full(prediction.points_m.shape, np.nan)
    for rows, camera, frame in camera_rows(at, own):
        mine[rows] = camera.to_camera(prediction.points_m[rows], frame) @ FLIP_YZ.T
    p = replace(
        prediction,
        points_m=mine - _root(prediction, mine),
        points_px=project_everybody(prediction.points_m, at, own),
    )
    g = replace(truth, points_m=seen - _root(truth, seen), points_px=pixels)
    pose = _nearest(costs(p, g, matching="joints"))
    picture = _nearest(costs(p, g, matching="picture"))
    return pose * (1 + picture) if np.isfinite(picture) else float("inf")


def _root(people: People, points_m: FloatArray) -> FloatArray:
    return replace(people, points_m=points_m).point_m(MID_HIP)[:, :, None]


def _nearest(cost: FloatArray) -> float:
    """Mean cost of the best match over frames and people, of the side with fewer.

    A result of one person is measured by that person, however many the truth has.
    """
    known = np.isfinite(cost)
    full = np.where(known, cost, np.inf)
    is_few = known.any(2).sum(1) < known.any(1).sum(1)
    of_predicted = full[is_few].min(2, initial=np.inf)
    of_true = full[~is_few].min(1, initial=np.inf)
    best = np.concatenate([of_predicted.ravel(), of_true.ravel()])
    known = best[np.isfinite(best)]
    return float(known.mean()) if len(known) else float("inf")
