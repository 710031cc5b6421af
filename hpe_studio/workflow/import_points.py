"""Bodies for people of whom a file knows only points: in pictures, or in the scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.core.camera import Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import PersonMotion, PersonPoints
from hpe_studio.core.jobs import Job, core_count, scaled
from hpe_studio.core.jointmodel import JointModel, Landmarks
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.skeleton import LandmarkSet, landmark_set
from hpe_studio.core.track import Source
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.motion.hand_prior import HANDS
from hpe_studio.tracking.assemble import outside_flags
from hpe_studio.workflow.fit_people import FittedPerson, fit_people
from hpe_studio.workflow.import_linking import box_px, confidence_of, known_rows
from hpe_studio.workflow.point_groups import point_groups

_LEAST_SHARED = 6
_TEXT = "Fitting bodies"

CameraAt = Callable[[int], Camera]
"""The camera of a frame of the file."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FittedPoints:
    """People whose bodies were fitted to points.

    Attributes:
        people: As a file with rotations would have said them.
        notes: How well the bodies meet the points.
    """

    people: tuple[PersonMotion, ...] = ()
    notes: tuple[str, ...] = ()


def fit_points_of_file(
    runs: Sequence[PersonPoints],
    model: JointModel,
    *,
    camera_at: CameraAt,
    clip: Clip,
    body: str = "",
) -> Job[FittedPoints]:
    """Fit bodies to everybody; places win where a file knows both places and pixels.

    Args:
        runs: Points of one file, linked, pixels at the clip's size.
        model: The body.
        body: Whose shapes the model's are, as in `PersonMotion.body`.
        camera_at: For who is known in pictures only.
        clip: Times and size for frames of the file.

    Raises:
        StudioError: If the points are none that a body has.
    """
    placed = [run for run in runs if run.points_scene_m is not None]
    seen = [run for run in runs if run.points_scene_m is None]
    share = len(placed) / max(len(runs), 1)
    in_scene = yield from scaled(
        _fit_places(placed, model, fps=float(clip.fps)), start=0.0, share=share
    )
    in_pictures = yield from scaled(
        _fit_pictures(seen, model, camera_at=camera_at, clip=clip),
        start=share,
        share=1 - share,
    )
    people = (*in_scene.people, *in_pictures.people)
    return FittedPoints(
        people=tuple(replace(person, body=body) for person in people),
        notes=(*in_scene.notes, *in_pictures.notes),
    )


def clip_of_file(clip: Clip, positions: FloatArray, step: Fraction | None) -> Clip:
    """The frames of a file as a clip of their own.

    Args:
        clip: The clip they lie on.
        positions: Frame of the clip that each shows, shape (frames,).
        step: Frames of the clip from one to the next, if that is known.
    """
    frames = np.arange(clip.frame_count, dtype=np.float64)
    inside = np.interp(positions, frames, clip.times_s)
    beyond = positions - np.clip(positions, 0, frames[-1])
    times_s = inside + beyond * float(1 / clip.fps)
    fps = clip.fps
    if step is not None:
        fps = clip.fps / step
    elif len(times_s) > 1:
        seconds = Fraction(float(np.median(np.diff(times_s)))).limit_denominator(10**5)
        fps = 1 / seconds if seconds > 0 else clip.fps
    return replace(clip, path=None, kind="none", fps=fps, times_s=times_s)


def _fit_pictures(
    runs: Sequence[PersonPoints],
    model: JointModel,
    *,
    camera_at: CameraAt,
    clip: Clip,
) -> Job[FittedPoints]:
    """The way of an estimate: shape per person, then pose and place of every frame."""
    people: list[PersonMotion] = []
    distances: list[FloatArray] = []
    for name in dict.fromkeys(run.point_set.name for run in runs):
        mine = [run for run in runs if run.point_set.name == name]
        known, order = _known_set(mine[0].point_set, model)
        numbers = _identities(mine)
        with_hands, whole, every = _with_hands(mine[0].point_set, model, known, order)
        fitted = yield from fit_people(
            [(_tracklet(run, every, clip), camera_at(run.start)) for run in mine],
            with_hands,
            landmark_name=whole,
            clip=clip,
            threads=core_count(),
            identities=numbers,
        )
        people += [
            _from_pictures(run, person, known, model)
            for run, person in zip(mine, fitted, strict=True)
        ]
        distances += [person.reprojection_px.ravel() for person in fitted]
    return FittedPoints(people=tuple(people), notes=_pixel_notes(distances))


def _with_hands(
    points: LandmarkSet, model: JointModel, known: str, order: IntArray
) -> tuple[JointModel, str, IntArray]:
    """The body with points of hands behind the known set, where both have fingers.

    Args:
        points: What the file tells of.
        model: The body.
        known: Its set that shares most points.
        order: Where each point of that set comes from.

    Returns:
        The body, the name of the longer set, and where each point of it comes from;
        all as they were where there are no hands or no fingers.
    """
    from hpe_studio.motion.point_fitting import joined

    hands = [hand for hand in HANDS if hand in points.name.split("+")]
    if not hands or "left_index1" not in model.skeleton.joint_names:
        return model, known, order
    whole = joined([model.landmarks[name] for name in (known, *hands)])
    every = [
        order,
        *(
            np.array([points.names.index(n) for n in landmark_set(hand).names])
            for hand in hands
        ),
    ]
    longer = replace(model, landmarks={**model.landmarks, whole.name: whole})
    return longer, whole.name, np.concatenate(every)


def _pixel_notes(distances: Sequence[FloatArray]) -> tuple[str, ...]:
    values = np.concatenate(distances) if distances else np.zeros(0)
    values = values[np.isfinite(values)]
    if not len(values):
        return ()
    middle = float(np.median(values))
    return (f"Bodies were fitted to points in the picture: median {middle:.1f} px off",)


def _fit_places(
    runs: Sequence[PersonPoints], model: JointModel, *, fps: float
) -> Job[FittedPoints]:
    """One shape per person, found in its longest run and kept in the others."""
    from hpe_studio.motion.point_fitting import fit_points

    groups = point_groups(
        runs, model, landmarks_for=landmarks_for, confidence_of=confidence_of
    )
    shapes: dict[int, BodyShape] = {}
    done: dict[int, PersonMotion] = {}
    errors: dict[str, list[FloatArray]] = {}
    numbers = _identities([group.body for group in groups])
    order = sorted(range(len(groups)), key=lambda i: -_finite_rows(groups[i].body))
    for count, index in enumerate(order):
        group, known = groups[index], shapes.get(numbers[index])
        fit = yield from scaled(
            fit_points(
                group.points_scene_m,
                group.confidence,
                group.landmarks,
                model,
                betas=None if known is None else known.betas,
                scale=None if known is None else known.scale,
                fps=fps,
            ),
            start=count / len(groups),
            share=1 / len(groups),
            text=_TEXT,
        )
        shape = BodyShape(betas=np.asarray(fit.betas), scale=float(fit.scale))
        shapes.setdefault(numbers[index], shape)
        done[index] = _motion_of(
            group.body, model, fit.joints_rad, fit.root_scene_m, shape=shape
        )
        errors.setdefault(group.body.name, []).append(fit.error_m.ravel())
    return FittedPoints(
        people=tuple(done[i] for i in range(len(groups))), notes=_place_notes(errors)
    )


def _place_notes(errors: Mapping[str, Sequence[FloatArray]]) -> tuple[str, ...]:
    """How far everybody's body is off its points, on the mean."""
    known: dict[str, FloatArray] = {}
    for name, own in errors.items():
        values = np.concatenate(own)
        values = values[np.isfinite(values)]
        if len(values):
            known[name] = values
    if not known:
        return ()
    each = ", ".join(f"{n} {1000 * v.mean():.1f} mm" for n, v in sorted(known.items()))
    off_mm = 1000 * float(np.concatenate([*known.values()]).mean())
    said = f"Bodies were fitted to points in space: mean {off_mm:.0f} mm off"
    return (f"{said} ({each})",)


def landmarks_for(points: LandmarkSet, model: JointModel) -> Landmarks:
    """Where on a body the points of a set lie; those it lacks have no parts.

    Raises:
        StudioError: If the body has too few of them to be fitted.
    """
    if points.name in model.landmarks:
        return model.landmarks[points.name]
    bones = model.skeleton.joint_names
    on_joints = {n: i for i, n in enumerate(points.names) if n in bones}
    if points.name.startswith("smpl") and len(on_joints) >= _LEAST_SHARED:
        return _at_joints(points, on_joints, model)
    name, order = _known_set(points, model)
    return _reordered(model.landmarks[name], order, points)


def _known_set(points: LandmarkSet, model: JointModel) -> tuple[str, IntArray]:
    """The body's set that shares most points, and where each comes from (-1: nowhere).

    Raises:
        StudioError: If they share too few.
    """
    first = points.name.split("+")[0]  # of a body with hands and face: the body
    if first in model.landmarks:
        return first, np.arange(len(landmark_set(first).names))
    shared: dict[str, int] = {}
    for name in model.landmarks:
        names = landmark_set(name).names
        shared[name] = sum(n in points.names for n in names)
    best = max(shared, key=lambda name: shared[name], default="")
    if shared.get(best, 0) < _LEAST_SHARED:
        raise StudioError(
            f"the points of {points.name} are none that a body has",
            fix="name the joint set with --set, or import a file with joint names",
        )
    order = [
        points.names.index(n) if n in points.names else -1
        for n in landmark_set(best).names
    ]
    return best, np.array(order)


def _at_joints(
    points: LandmarkSet, on_joints: Mapping[str, int], model: JointModel
) -> Landmarks:
    names = sorted(on_joints, key=lambda n: on_joints[n])
    joints = np.array([model.skeleton.index(n) for n in names])
    return Landmarks(
        name=points.name,
        index=np.array([on_joints[n] for n in names]),
        joint=joints,
        weight=np.ones(len(joints)),
        point_m=np.asarray(model.joints_m)[joints],
        point_shapedirs_m=np.asarray(model.joints_shapedirs_m)[joints],
        count=len(points.names),
    )


def _reordered(marks: Landmarks, order: IntArray, points: LandmarkSet) -> Landmarks:
    """A body's landmarks in the order of another set."""
    rows: list[tuple[int, int]] = []
    for own, theirs in enumerate(order.tolist()):
        parts = np.flatnonzero(marks.index == own) if theirs >= 0 else ()
        rows += [(theirs, int(part)) for part in parts]
    rows.sort()
    index = np.array([theirs for theirs, _ in rows], dtype=np.int64)
    parts = np.array([part for _, part in rows], dtype=np.int64)
    return replace(
        marks,
        name=points.name,
        index=index,
        joint=marks.joint[parts],
        weight=marks.weight[parts],
        point_m=marks.point_m[parts],
        point_shapedirs_m=marks.point_shapedirs_m[parts],
        count=len(points.names),
    )


def _identities(runs: Sequence[PersonPoints]) -> list[int]:
    """The same number for all runs of one person."""
    numbers: dict[str, int] = {}
    out: list[int] = []
    for position, run in enumerate(runs):
        who = run.person_id or f"#{position}"
        out.append(numbers.setdefault(who, len(numbers)))
    return out


def _finite_rows(run: PersonPoints) -> int:
    assert run.points_scene_m is not None
    return int(known_rows(run.points_scene_m).any(axis=1).sum())


def _tracklet(run: PersonPoints, order: IntArray, clip: Clip) -> Tracklet:
    """A run in the order of a known set, as the fit reads it."""
    assert run.points_px is not None
    there = order >= 0
    points = np.full((len(run.points_px), len(order), 2), np.nan)
    points[:, there] = run.points_px[:, order[there]]
    confidence = np.zeros(points.shape[:2])
    confidence[:, there] = np.clip(confidence_of(run)[:, order[there]], 0, 1)
    outside = outside_flags(points, clip.size_px)
    boxes = np.stack([box_px(row) for row in points])
    seen = confidence > 0
    scores = (confidence.sum(1) / np.maximum(seen.sum(1), 1)).astype(np.float32)
    return Tracklet(
        start=run.start,
        points_px=points.astype(np.float32),
        confidence=np.where(outside == 1, 0.0, confidence).astype(np.float32),
        outside=outside,
        points_m=np.full((*points.shape[:2], 3), np.nan, np.float32),
        boxes_px=boxes.astype(np.float32),
        scores=scores,
        appearance=np.zeros(0, np.float32),
    )


def _from_pictures(
    run: PersonPoints, fitted: FittedPerson, known: str, model: JointModel
) -> PersonMotion:
    seen, count = fitted.tracklet, len(landmark_set(known).names)
    motion = _motion_of(
        run, model, fitted.joints_rad, fitted.root_scene_m, shape=fitted.shape
    )
    return replace(
        motion,
        landmark_set=known,
        points_px=seen.points_px[:, :count],
        confidence=seen.confidence[:, :count],
        outside=seen.outside[:, :count],
        reprojection_px=fitted.reprojection_px[:, :count],
    )


def _motion_of(
    run: PersonPoints,
    model: JointModel,
    joints_rad: FloatArray,
    root_scene_m: FloatArray,
    *,
    shape: BodyShape,
) -> PersonMotion:
    """A fitted body; its joints count as estimated, for the file has none."""
    present = np.isfinite(root_scene_m[:, :1])
    source = np.where(present, Source.ESTIMATED, Source.MISSING).astype(np.uint8)
    return PersonMotion(
        name=run.name,
        skeleton=model.skeleton,
        rest_joints_m=model.rest_joints_m(shape.betas, scale=shape.scale),
        start=run.start,
        joints_rad=joints_rad,
        root_scene_m=root_scene_m,
        betas=shape.betas,
        scale=shape.scale,
        source=np.repeat(source, joints_rad.shape[1], axis=1),
        person_id=run.person_id,
    )
