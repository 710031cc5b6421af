"""Fit again on a range, with what was corrected by hand taken for seen.

Where keys move landmarks, the points that were seen move by as much in the picture and
in 3D, so that the fit has to reproduce the correction; points that nobody saw stay
where the motion has them now. Frames on both sides take part without being written, so
that the range goes on from its neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import AnyArray, BoolArray, FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.person import Person
from hpe_studio.core.track import Estimate, Track
from hpe_studio.edits.rebase import rows_within
from hpe_studio.edits.retake import write_base
from hpe_studio.edits.stretch import dissolving
from hpe_studio.motion.filters import smooth
from hpe_studio.motion.fitting import landmarks_camera
from hpe_studio.motion.fitting_problem import BodyShape, turn_from_axis
from hpe_studio.motion.fitting_root import MEDIAPIPE33
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.fit_people import FittedPerson, fit_people

if TYPE_CHECKING:
    from hpe_studio.body import Body

_BESIDE_FRAMES = 8
_SEEN = 0.3
_UNSEEN_TRUST = 0.5
_CORRECTED_PX, _CORRECTED_M = 0.5, 0.002
_HIPS = (23, 24)
_NEEDED = frozenset({"points_px", "confidence", "points_m"})


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class RefitPlan:
    """What a refit needs of the document, taken when it was asked for.

    Attributes:
        track_id: The track.
        start, stop: Half-open range of clip frames that is written.
        seen: The corrected observations of the range and some frames beside it.
        landmark_set: Their landmarks.
        shape: The person's body.
        camera, clip, body: What it is fitted with.
    """

    track_id: int
    start: int
    stop: int
    seen: Tracklet
    landmark_set: str
    shape: BodyShape
    camera: Camera
    clip: Clip
    body: Body


def plan_refit(
    document: Document,
    body: Body,
    track: Track,
    *,
    start: int,
    stop: int,
    before: BodyShape | None = None,
) -> RefitPlan:
    """Gather the corrected points of a range.

    Args:
        document: Where the track lives.
        body: The body model.
        track: The track.
        start: First clip frame of the range.
        stop: The frame after the last.
        before: The shape that corrections were made with; the person's when None.

    Raises:
        StudioError: If the track or its person is locked, the range lies beside it,
            or nothing was seen there.
    """
    person = document.persons[track.person_id]
    if track.locked_by or person.locked:
        raise StudioError(f"{person.name} is locked", fix="unlock the person")
    rows = rows_within(track, start, stop)
    estimate = _seen_estimate(document, track, body)
    first = max(0, rows.start - _BESIDE_FRAMES)
    end = min(track.frame_count, rows.stop + _BESIDE_FRAMES)
    frames = np.arange(track.start + first, track.start + end)
    camera = document.camera_at(track.start)
    shape = shape_of(person) if before is None else before
    seen = _corrected(document, track, estimate, camera, body, frames, shape)
    if not np.isfinite(seen.boxes_px[:, 0]).any():
        raise StudioError(
            "nothing was seen on these frames", fix="fill them, or run again from a box"
        )
    return RefitPlan(
        track_id=track.id,
        start=track.start + rows.start,
        stop=track.start + rows.stop,
        seen=seen,
        landmark_set=estimate.landmark_set,
        shape=shape_of(person),
        camera=camera,
        clip=document.clip,
        body=body,
    )


def refit_job(plan: RefitPlan) -> Job[FittedPerson]:
    """Fit pose and place again; the body stays what it is."""
    fitted = yield from fit_people(
        [(plan.seen, plan.camera)],
        plan.body.joint_model,
        landmark_name=plan.landmark_set,
        clip=plan.clip,
        threads=1,
        shapes={0: plan.shape},
    )
    return fitted[0]


def apply_refit(document: Document, plan: RefitPlan, fitted: FittedPerson) -> int:
    """Write the fit under the keys as one step; they keep their poses.

    Returns:
        How many frames were written.

    Raises:
        StudioError: If the track is gone, shorter or locked meanwhile.
    """
    with document.edit("Refit") as edit:
        return write_refit(edit, document, plan, fitted)


def write_refit(
    edit: Edit, document: Document, plan: RefitPlan, fitted: FittedPerson
) -> int:
    """Write the fit under the keys within an edit; they keep their poses.

    Returns:
        How many frames were written.

    Raises:
        StudioError: If the track is gone, shorter or locked meanwhile.
    """
    track = document.tracks.get(plan.track_id)
    if track is None or not track.start <= plan.start < plan.stop <= track.stop:
        raise StudioError("the track was changed meanwhile", fix="refit once more")
    frames = np.arange(track.start, track.stop)
    seen = fitted.tracklet
    joints_rad, root_m = smooth(
        fitted.joints_rad,
        fitted.root_scene_m,
        times_s=plan.clip.times_s[seen.start : seen.stop],
    )
    at = np.clip(frames - seen.start, 0, len(root_m) - 1)
    told: BoolArray = (frames >= plan.start) & (frames < plan.stop)
    told &= np.isfinite(root_m[at, 0]) & np.isfinite(track.base_root_m[:, 0])
    told &= ~dissolving(document, track)
    if not told.any():
        raise StudioError("the fit found no pose there", fix="choose other frames")
    write_base(edit, document, track, told, joints_rad[at], root_m[at])
    return int(told.sum())


def _seen_estimate(document: Document, track: Track, body: Body) -> Estimate:
    estimate = document.estimates.get(track.estimate_id or -1)
    if estimate is None or not set(estimate.arrays) >= _NEEDED:
        raise StudioError(
            "nothing was seen of this track in the picture",
            fix="run an estimate, or again from a box",
        )
    if estimate.landmark_set != MEDIAPIPE33:
        raise StudioError(
            "these landmarks cannot be fitted again", fix="run again from a box"
        )
    if track.skeleton != body.skeleton.name:
        raise StudioError("the track is of another body", fix="choose its body model")
    return estimate


def shape_of(person: Person) -> BodyShape:
    """A person's shape as the fit takes it."""
    return BodyShape(betas=np.asarray(person.betas, float), scale=person.scale)


def _corrected(
    document: Document,
    track: Track,
    estimate: Estimate,
    camera: Camera,
    body: Body,
    frames: AnyArray,
    shape: BodyShape,
) -> Tracklet:
    """Observations on some frames, moved as keys moved the landmarks."""
    rows = frames - track.start
    now = resolve(track, document.keys_of(track.id), frames)
    base = resolve(track, (), frames)

    def landmarks_m(motion_rad: FloatArray, root_scene_m: FloatArray) -> FloatArray:
        turned = np.array(motion_rad, dtype=np.float64)
        root = FLIP_YZ @ matrix_from_rotvec(turned[:, 0])
        turned[:, 0] = rotvec_from_matrix(root)
        return landmarks_camera(
            body.joint_model,
            turned,
            camera.to_camera(np.asarray(root_scene_m, dtype=np.float64)),
            shape=shape,
            landmark_name=estimate.landmark_set,
        )

    moved_m = landmarks_m(now.joints_rad, now.root_scene_m)
    lay_m = landmarks_m(base.joints_rad, base.root_scene_m)
    present = np.isfinite(track.base_root_m[rows, 0])
    present &= ~dissolving(document, track)[rows]
    return _moved(estimate, camera, frames, present, moved_m, lay_m)


def _moved(
    estimate: Estimate,
    camera: Camera,
    frames: AnyArray,
    present: BoolArray,
    moved_m: FloatArray,
    lay_m: FloatArray,
) -> Tracklet:
    """The estimate's points with the corrections added to them.

    Args:
        estimate: What was seen.
        camera: The shot's.
        frames: Clip frames, consecutive, shape (frames,).
        present: Where the track has a pose, shape (frames,).
        moved_m: Landmarks of the motion, camera space, (frames, landmarks, 3).
        lay_m: Landmarks of the base.
    """
    points_px = _rows(estimate, "points_px", frames)
    confidence = np.nan_to_num(_rows(estimate, "confidence", frames))
    now_px, base_px = camera.project_camera(moved_m), camera.project_camera(lay_m)
    shift_m = _from_hips(moved_m) - _from_hips(lay_m)
    shift_px = now_px - base_px
    is_corrected = np.linalg.norm(shift_px, axis=2) > _CORRECTED_PX
    is_corrected |= np.linalg.norm(shift_m, axis=2) > _CORRECTED_M
    on_body = np.isfinite(now_px).all(axis=2)
    is_seen = (confidence >= _SEEN) & np.isfinite(points_px).all(axis=2)
    points_px = np.where(is_corrected[..., None], now_px, points_px)
    points_px = np.where((is_seen | is_corrected)[..., None], points_px, now_px)
    confidence = np.where(is_seen, confidence, _UNSEEN_TRUST)
    confidence = np.where(is_corrected, 1.0, confidence)
    confidence = np.where(on_body & present[:, None], confidence, 0.0)
    points_m = _rows(estimate, "points_m", frames)
    turn = turn_from_axis(_rays(lay_m))
    points_m = points_m + np.einsum("fji,flj->fli", turn, np.nan_to_num(shift_m))
    return Tracklet(
        start=int(frames[0]),
        points_px=points_px,
        confidence=confidence,
        outside=np.zeros(confidence.shape, np.uint8),  # what is beyond it counts too
        points_m=np.where(present[:, None, None], points_m, np.nan),
        boxes_px=_boxes(points_px, confidence),
        scores=np.where(present, 1.0, 0.0),
        appearance=np.zeros(0),
    )


def _from_hips(landmarks_m: FloatArray) -> FloatArray:
    return landmarks_m - landmarks_m[:, list(_HIPS)].mean(axis=1, keepdims=True)


def _rays(landmarks_m: FloatArray) -> FloatArray:
    """Unit rays to the hips, shape (frames, 3); the optical axis where missing."""
    hips = landmarks_m[:, list(_HIPS)].mean(axis=1)
    hips = np.where(np.isfinite(hips).all(axis=1, keepdims=True), hips, (0.0, 0.0, 1.0))
    return hips / np.linalg.norm(hips, axis=1, keepdims=True)


def _boxes(points_px: FloatArray, confidence: FloatArray) -> FloatArray:
    """Boxes of the points that count, shape (frames, 4); NaN without any."""
    used = np.where((confidence >= _SEEN)[..., None], points_px, np.nan)
    boxes = np.full((len(used), 4), np.nan)
    some = np.isfinite(used).any(axis=(1, 2))
    boxes[some, :2] = np.nanmin(used[some], axis=1)
    boxes[some, 2:] = np.nanmax(used[some], axis=1)
    return boxes


def _rows(estimate: Estimate, name: str, frames: AnyArray) -> FloatArray:
    """An array on some frames, NaN where the estimate says nothing."""
    array = estimate.arrays[name]
    rows = np.full((len(frames), *array.shape[1:]), np.nan)
    told = (frames >= estimate.start) & (frames < estimate.stop)
    rows[told] = array[frames[told] - estimate.start]
    return rows
