"""Motion from elsewhere onto a clip's frames, between its cuts, and onto the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, ByteArray, FloatArray, IntArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.skeleton import Skeleton, skeleton
from hpe_studio.core.track import Source
from hpe_studio.motion.adopt import adopt
from hpe_studio.motion.interpolation import resample
from hpe_studio.motion.shape import refit_shape
from hpe_studio.workflow.timing import Timing, clip_positions, settled_timing

_SMPL_FAMILY = ("smpl24", "smplh52", "smplx55")
_SEEN = ("points_px", "confidence", "outside", "points_m", "reprojection_px")
_PER_FRAME = ("joints_rad", "root_scene_m", "source", "expression", *_SEEN)

_SAME_REST_M = 0.02
"""Rest poses whose joints are this close mean the same by their rotations."""


def on_clip_frames(
    run: PersonMotion, motion: MotionFile, clip: Clip, timing: Timing | None = None
) -> PersonMotion | None:
    """The run at the clip's frame times, None where none of them lies within it.

    Rows are taken as they are where each is a frame of the clip and the next one the
    next; otherwise motion is resampled, and what was seen stays on its own frames.
    """
    settled = settled_timing(motion, clip, timing or Timing())
    rows = slice(run.start, run.start + len(run.joints_rad))
    at = clip_positions(motion, clip, settled)[rows]
    if not len(at):
        return None
    if settled.step == 1:
        first = round(float(at[0]))
        moved = replace(run, start=first)
        return rows_of(moved, 0, clip.frame_count)
    return _resampled(run, at, clip, is_counted=settled.step is not None)


def _resampled(
    run: PersonMotion, at: FloatArray, clip: Clip, *, is_counted: bool
) -> PersonMotion | None:
    """A run whose rows lie at positions of the clip, one row per frame of the clip.

    Args:
        run: The run.
        at: Frame of the clip of each row, shape (rows,), increasing.
        clip: The clip.
        is_counted: True where rows stand for frames, so that those between are filled.
    """
    first = max(0, int(np.ceil(at[0] - 1e-6)))
    last = min(clip.frame_count - 1, int(np.floor(at[-1] + 1e-6)))
    if last < first:
        return None
    frames = np.arange(first, last + 1)
    joints_rad, root_m = resample(
        run.joints_rad,
        run.root_scene_m,
        from_times_s=_times_at(at, clip),
        to_times_s=clip.times_s[frames],
    )
    spread = _spread(run, at, frames)
    source = None
    if is_counted:
        source = _source_of(run, at, frames, np.isfinite(root_m[:, 0]))
    return replace(
        run,
        start=first,
        joints_rad=joints_rad,
        root_scene_m=root_m,
        source=source,
        expression=_between(run.expression, at, frames),
        landmark_set=run.landmark_set if is_counted else "",
        **(spread if is_counted else dict.fromkeys(_SEEN)),
    )


def _times_at(at: FloatArray, clip: Clip) -> FloatArray:
    """Times of positions in a clip, also beyond its ends, shape as given, seconds."""
    frames = np.arange(clip.frame_count, dtype=np.float64)
    frame_s = float(1 / clip.fps)
    inside: FloatArray = np.interp(at, frames, clip.times_s)
    beyond = at - np.clip(at, 0, frames[-1])
    return inside + beyond * frame_s


def _spread(run: PersonMotion, at: FloatArray, frames: IntArray) -> dict[str, Any]:
    """What was seen, on the frames it was seen on; nothing is made up between."""
    rows, places = _exact(at, frames)
    out: dict[str, Any] = {}
    for name in _SEEN:
        array = getattr(run, name)
        if array is None:
            out[name] = None
            continue
        is_number = np.issubdtype(array.dtype, np.floating) and name != "confidence"
        empty = np.full(
            (len(frames), *array.shape[1:]), np.nan if is_number else 0, array.dtype
        )
        empty[places] = array[rows]
        out[name] = empty
    return out


def _exact(at: FloatArray, frames: IntArray) -> tuple[IntArray, IntArray]:
    """Rows that are a frame of the clip, and at which place of `frames` each lies."""
    near = np.round(at)
    rows = np.flatnonzero(
        (np.abs(at - near) < 1e-6) & (near >= frames[0]) & (near <= frames[-1])
    )
    return rows, near[rows].astype(np.int64) - int(frames[0])


def _source_of(
    run: PersonMotion, at: FloatArray, frames: IntArray, present: BoolArray
) -> ByteArray:
    """Where each joint comes from: as in the file, filled between its frames."""
    rows, places = _exact(at, frames)
    joints = run.joints_rad.shape[1]
    source = np.full((len(frames), joints), Source.FILLED, np.uint8)
    source[places] = Source.IMPORTED if run.source is None else run.source[rows]
    source[~present] = Source.MISSING
    return source


def _between(
    values: FloatArray | None, at: FloatArray, frames: IntArray
) -> FloatArray | None:
    """Coefficients per row, shape (rows, n), at frames of the clip, linearly."""
    if values is None:
        return None
    columns = [np.interp(frames, at, column) for column in values.T]
    return np.stack(columns, axis=1) if columns else None


def between_cuts(run: PersonMotion, document: Document) -> Iterator[PersonMotion]:
    """The run in pieces that no cut goes through."""
    stop = run.start + len(run.joints_rad)
    for shot in document.shots or (document.shot_at(run.start),):
        start = max(shot.start, run.start)
        part = rows_of(run, start, min(shot.stop, stop))
        if part is not None:
            yield part


def rows_of(run: PersonMotion, start: int, stop: int) -> PersonMotion | None:
    """What a run has on some frames of its clip, None where that is nothing."""
    count = len(run.joints_rad)
    first, last = max(0, start - run.start), min(count, stop - run.start)
    if first >= last:
        return None
    if (first, last) == (0, count):
        return run
    arrays = {name: getattr(run, name) for name in _PER_FRAME}
    cut = {name: a[first:last] for name, a in arrays.items() if a is not None}
    return replace(run, start=run.start + first, **cut)


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
