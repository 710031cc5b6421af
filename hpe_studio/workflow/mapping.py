"""Motion from elsewhere onto a clip's frames, between its cuts, and onto the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.motion.adopt import adopt
from hpe_studio.motion.interpolation import resample
from hpe_studio.motion.shape import refit_shape

_SMPL_FAMILY = ("smpl24", "smplh52", "smplx55")
_SAME_TIME_S = 1e-4
_PER_FRAME = (
    "joints_rad",
    "root_scene_m",
    "source",
    "points_px",
    "confidence",
    "outside",
    "points_m",
    "reprojection_px",
)

_SAME_REST_M = 0.02
"""Rest poses whose joints are this close mean the same by their rotations."""


def on_clip_frames(
    run: PersonMotion, motion: MotionFile, clip: Clip
) -> PersonMotion | None:
    """The run at the clip's frame times, None where none of them lies within it.

    Rows are taken as they are where rates agree, and resampled otherwise.
    """
    count = run.start + len(run.joints_rad)
    times_s = motion.times_s
    if times_s is None:
        times_s = np.arange(count) * float(1 / motion.fps)
    shared = min(count, clip.frame_count)
    if np.allclose(times_s[:shared], clip.times_s[:shared], rtol=0, atol=_SAME_TIME_S):
        return _rows(run, 0, shared - run.start)
    mine = times_s[run.start : count]
    inside = (clip.times_s >= mine[0] - 1e-6) & (clip.times_s <= mine[-1] + 1e-6)
    frames = np.flatnonzero(inside)
    if not len(frames):
        return None
    joints_rad, root_m = resample(
        run.joints_rad,
        run.root_scene_m,
        from_times_s=mine,
        to_times_s=clip.times_s[frames],
    )
    return replace(
        run,
        start=int(frames[0]),
        joints_rad=joints_rad,
        root_scene_m=root_m,
        source=None,
        landmark_set="",
        points_px=None,
        confidence=None,
        outside=None,
        points_m=None,
        reprojection_px=None,
    )


def between_cuts(run: PersonMotion, document: Document) -> Iterator[PersonMotion]:
    """The run in pieces that no cut goes through."""
    stop = run.start + len(run.joints_rad)
    for shot in document.shots or (document.shot_at(run.start),):
        start = max(shot.start, run.start)
        part = _rows(run, start - run.start, min(shot.stop, stop) - run.start)
        if part is not None:
            yield part


def _rows(run: PersonMotion, start: int, stop: int) -> PersonMotion | None:
    """Some rows of a run, None where there are none."""
    count = len(run.joints_rad)
    if start <= 0 and stop >= count:
        return run if count else None
    if stop <= max(0, start):
        return None
    chosen = slice(max(0, start), stop)
    arrays = {name: getattr(run, name) for name in _PER_FRAME}
    cut = {name: a[chosen] for name, a in arrays.items() if a is not None}
    return replace(run, start=run.start + chosen.start, **cut)


def on_body(run: PersonMotion, model: JointModel) -> PersonMotion:
    """The run on a skeleton of the SMPL family.

    Raises:
        StudioError: If its skeleton cannot be recognised.
    """
    for name in _SMPL_FAMILY:
        bones = skeleton(name)
        if run.skeleton.joint_names == bones.joint_names:
            return replace(run, skeleton=bones)
        if sorted(run.skeleton.joint_names) == sorted(bones.joint_names):
            own = _reordered(run, bones, model)
            if own is not None:
                return own
    try:
        adopted = adopt(
            run.skeleton,
            run.rest_joints_m,
            run.joints_rad,
            run.root_scene_m,
            model,
        )
    except ValueError as error:
        raise StudioError(
            f"the skeleton of {run.name} is not recognised ({error})",
            fix="rename its joints to Mixamo, CMU or SMPL names",
        ) from None
    return replace(
        run,
        skeleton=model.skeleton,
        rest_joints_m=model.rest_joints_m(adopted.betas, scale=adopted.scale),
        joints_rad=adopted.joints_rad,
        root_scene_m=adopted.root_m,
        betas=adopted.betas,
        scale=adopted.scale,
        source=None,
    )


def _reordered(
    run: PersonMotion, bones: Skeleton, model: JointModel
) -> PersonMotion | None:
    """A run of the same joints in another order, such as out of our own BVH.

    None where its rest pose is not the body's, so that its rotations mean something
    else.
    """
    if len(bones.joint_names) != model.skeleton.joint_count:
        return None
    order = [run.skeleton.index(name) for name in bones.joint_names]
    rest = run.rest_joints_m[order]
    betas, scale = refit_shape(rest, model, source=bones)
    mine = model.rest_joints_m(betas, scale=scale)
    apart = (rest - rest[0]) - (mine - mine[0])
    if float(np.linalg.norm(apart, axis=1).max()) > _SAME_REST_M:
        return None
    return replace(
        run,
        skeleton=bones,
        rest_joints_m=rest,
        joints_rad=run.joints_rad[:, order],
        betas=betas,
        scale=scale,
        source=None if run.source is None else run.source[:, order],
    )
