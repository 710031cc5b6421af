"""From landmarks seen to a body in metres: the fit's front door.

Two passes: `fit_body_shape` finds one shape per person from the frames that show most
of it; `fit_track` then finds pose and place of every frame with the shape frozen, by
graduated Levenberg-Marquardt against 2D and 3D landmarks (method: spec "2D keypoint
refit", SMPLify's robust energy with our own prior). Everything is in camera space.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.jobs import Progress, run_job
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.fitting_arrays import State
from hpe_studio.motion.fitting_problem import BodyShape, FitOptions, prepare
from hpe_studio.motion.fitting_root import (
    MEDIAPIPE33,
    landmarks_camera,
    refit_root,
    reprojection,
)
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

if TYPE_CHECKING:
    from hpe_studio.motion.fitting_frame import Solved

__all__ = [
    "BodyShape",
    "FitOptions",
    "FitResult",
    "FitState",
    "fit_body_shape",
    "fit_track",
    "landmarks_camera",
    "refit_root",
    "reprojection",
    "warm_up",
]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FitState:
    """Where a fit stands after a frame; the next chunk goes on from it.

    Attributes:
        joints_rad: Local rotations, shape (joints, 3).
        root_camera_m: Pelvis joint, shape (3,).
        origin_m: Origin of the 3D landmarks from the pelvis joint, shape (3,).
        time_s: Time of the frame.
    """

    joints_rad: FloatArray
    root_camera_m: FloatArray
    origin_m: FloatArray
    time_s: float


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FitResult:
    """A tracklet as a moving body; row i is the tracklet's row i, NaN = not seen.

    Attributes:
        joints_rad: Local rotations, shape (frames, joints, 3).
        root_camera_m: Pelvis joint in camera space, shape (frames, 3).
        shape: The body's shape.
        landmarks_px: The body's landmarks, projected, shape (frames, landmarks, 2).
        reprojection_px: Their distance to the points seen, shape (frames, landmarks);
            NaN where nothing trustworthy was seen.
        converged: Frames whose fit ended by itself, bool, shape (frames,).
        last: State after the last fitted frame, to go on from; None if there is none.
    """

    joints_rad: FloatArray
    root_camera_m: FloatArray
    shape: BodyShape
    landmarks_px: FloatArray
    reprojection_px: FloatArray
    converged: BoolArray
    last: FitState | None

    @property
    def fitted(self) -> BoolArray:
        """Frames that have a pose, bool, shape (frames,)."""
        return np.isfinite(self.root_camera_m[:, 2])


def fit_body_shape(
    model: JointModel,
    views: Sequence[tuple[Tracklet, Camera]],
    *,
    landmark_name: str = MEDIAPIPE33,
    options: FitOptions | None = None,
) -> Generator[Progress, None, BodyShape]:
    """Find one person's shape from all that was seen of it.

    Args:
        model: The body; needs the landmark set.
        views: The person's tracklets, each with its shot's camera.
        landmark_name: Landmark set of the tracklets.
        options: What is trusted how much.

    Returns:
        The shape; the body's middle where nothing was seen.

    Raises:
        KeyError: If the body does not know the landmark set.
    """
    from hpe_studio.motion.fitting_shape import fit_shape  # numba: loaded on use

    chosen = options or FitOptions()
    landmarks = model.landmarks[landmark_name]
    seen = [
        prepare(t, camera, landmarks=landmarks, options=chosen) for t, camera in views
    ]
    return (
        yield from fit_shape(model, seen, landmark_name=landmark_name, options=chosen)
    )


def fit_track(
    model: JointModel,
    tracklet: Tracklet,
    camera: Camera,
    *,
    shape: BodyShape | None = None,
    landmark_name: str = MEDIAPIPE33,
    times_s: FloatArray | None = None,
    fps: float = 30.0,
    initial: FitState | None = None,
    options: FitOptions | None = None,
) -> Generator[Progress, None, FitResult]:
    """Fit pose and place of every frame of a tracklet.

    Args:
        model: The body, with any number of joints; needs the landmark set.
        tracklet: What was seen of one person in one shot.
        camera: The shot's camera; only its intrinsics and distortion matter.
        shape: The person's shape; found from this tracklet when None.
        landmark_name: Landmark set of the tracklet.
        times_s: Time of each frame, shape (frames,), increasing; from fps when None.
        fps: Frames per second.
        initial: State of the frame before, when this is not the first chunk.
        options: What is trusted how much.

    Yields:
        Progress after every few frames; closing the generator stops the fit.

    Returns:
        The motion in camera space. Frames that show fewer than four trusted points
        are NaN, as everything else that no landmark speaks of stays at rest.

    Raises:
        KeyError: If the body does not know the landmark set.
    """
    from hpe_studio.motion.fitting_sequence import FrameFitter, SequenceFitter
    from hpe_studio.motion.fitting_settle import settle_frames

    chosen = options or FitOptions()
    landmarks = model.landmarks[landmark_name]
    seen = prepare(tracklet, camera, landmarks=landmarks, options=chosen)
    if shape is None:
        shape = yield from fit_body_shape(
            model,
            [(tracklet, camera)],
            landmark_name=landmark_name,
            options=chosen,
        )
    if times_s is None:
        times_s = (tracklet.start + np.arange(len(tracklet.scores))) / fps
    fitter = FrameFitter(
        model,
        seen,
        landmark_name=landmark_name,
        shape=shape,
        options=chosen,
    )
    sequence = SequenceFitter(fitter, times_s, initial=_from_state(initial))
    solved = yield from sequence.fit_all(np.flatnonzero(seen.present))
    solved = yield from settle_frames(
        fitter, solved, times_s, sweeps=chosen.settle_sweeps
    )
    joints_rad, root_m, converged = _as_arrays(model, len(tracklet.scores), solved)
    landmarks_px = camera.project_camera(
        landmarks_camera(
            model, joints_rad, root_m, shape=shape, landmark_name=landmark_name
        )
    )
    return FitResult(
        joints_rad=joints_rad,
        root_camera_m=root_m,
        shape=shape,
        landmarks_px=landmarks_px,
        reprojection_px=np.linalg.norm(landmarks_px - seen.points_px, axis=-1),
        converged=converged,
        last=_to_state(sequence.last),
    )


def warm_up(model: JointModel, *, landmark_name: str = MEDIAPIPE33) -> None:
    """Compile the fit's loops now, so that the first real fit need not wait.

    Takes some ten seconds on the first run of an installation and next to nothing
    later (numba keeps the result on disk); fit for a thread beside the estimator.
    """
    count = model.landmarks[landmark_name].count
    facing = np.zeros((1, model.skeleton.joint_count, 3))
    facing[:, 0, 0] = np.pi
    shape = BodyShape(betas=np.zeros(model.beta_count))
    camera = default_camera((640, 480))
    points_m = landmarks_camera(
        model,
        facing,
        np.array([[0.0, 0.0, 4.0]]),
        shape=shape,
        landmark_name=landmark_name,
    )
    person = Tracklet(
        start=0,
        points_px=camera.project_camera(points_m),
        confidence=np.ones((1, count)),
        outside=np.zeros((1, count), dtype=np.uint8),
        points_m=points_m - np.array([0.0, 0.0, 4.0]),
        boxes_px=np.zeros((1, 4)),
        scores=np.ones(1),
        appearance=np.zeros(0),
    )
    run_job(fit_track(model, person, camera, landmark_name=landmark_name))


def _as_arrays(
    model: JointModel, frame_count: int, solved: list[tuple[int, Solved]]
) -> tuple[FloatArray, FloatArray, BoolArray]:
    joints_rad = np.full((frame_count, model.skeleton.joint_count, 3), np.nan)
    root_m = np.full((frame_count, 3), np.nan)
    converged = np.zeros(frame_count, dtype=np.bool_)
    if solved:
        frames = np.array([frame for frame, _ in solved])
        rotations = np.stack([s.state.rotations for _, s in solved])
        joints_rad[frames] = rotvec_from_matrix(rotations)
        root_m[frames] = np.stack([s.state.root_m for _, s in solved])
        converged[frames] = [s.converged for _, s in solved]
    return joints_rad, root_m, converged


def _from_state(state: FitState | None) -> tuple[State, float] | None:
    if state is None:
        return None
    rotations = matrix_from_rotvec(state.joints_rad)
    root_m = np.array(state.root_camera_m, dtype=np.float64)
    return State(rotations, root_m, state.origin_m.astype(np.float64)), state.time_s


def _to_state(last: tuple[State, float] | None) -> FitState | None:
    if last is None:
        return None
    state, time_s = last
    return FitState(
        joints_rad=rotvec_from_matrix(state.rotations),
        root_camera_m=state.root_m,
        origin_m=state.origin_m,
        time_s=time_s,
    )
