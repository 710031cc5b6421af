"""Bodies fitted to everybody at once, one thread per person."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import CancelledByUser
from hpe_studio.core.jobs import Job, Progress, run_job
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.fitting import FitResult, fit_track
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

_TEXT = "Fitting bodies"


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FittedPerson:
    """One person over one shot: what was seen and the body fitted to it.

    Attributes:
        tracklet: What was seen.
        betas: Shape coefficients.
        scale: Size over the model's.
        joints_rad: Parent-space rotations, the root's in the scene, shape
            (frames, joints, 3); NaN where nobody was seen.
        root_scene_m: Pelvis joint, shape (frames, 3), metres.
        reprojection_px: Shape (frames, landmarks); NaN where nothing was seen.
    """

    tracklet: Tracklet
    betas: tuple[float, ...]
    scale: float
    joints_rad: FloatArray
    root_scene_m: FloatArray
    reprojection_px: FloatArray

    @property
    def reprojection_share(self) -> FloatArray:
        """Median distance over the box's height, per frame, shape (frames,)."""
        boxes = self.tracklet.boxes_px
        seen = np.isfinite(self.reprojection_px).any(axis=1)
        share = np.full(len(boxes), np.nan)
        distance = np.nanmedian(self.reprojection_px[seen], axis=1)
        share[seen] = distance / (boxes[seen, 3] - boxes[seen, 1])
        return share


def fit_people(
    tracklets: Sequence[tuple[Tracklet, Camera]],
    joint_model: JointModel,
    *,
    landmark_name: str,
    clip: Clip,
    threads: int,
) -> Job[tuple[FittedPerson, ...]]:
    """Fit a body to each tracklet; people run in parallel, cancel stops them all.

    Args:
        tracklets: What was seen, with its shot's camera.
        joint_model: The body's joints and landmarks.
        landmark_name: Landmark set of the tracklets.
        clip: Gives the times.
        threads: How many people at once.
    """
    frames = [len(t.scores) for t, _ in tracklets]
    shares = [0.0] * len(tracklets)
    stop = threading.Event()
    news: queue.SimpleQueue[None] = queue.SimpleQueue()

    def fit(number: int) -> FittedPerson:
        tracklet, camera = tracklets[number]

        def told(progress: Progress) -> None:
            shares[number] = progress.fraction or 0.0
            news.put(None)

        job = fit_track(
            joint_model,
            tracklet,
            camera,
            landmark_name=landmark_name,
            times_s=clip.times_s[tracklet.start : tracklet.stop],
            fps=float(clip.fps),
        )
        try:
            result = run_job(job, on_progress=told, is_cancelled=stop.is_set)
            return _in_scene(tracklet, camera, result)
        finally:
            shares[number] = 1.0
            news.put(None)

    with ThreadPoolExecutor(max(1, threads), "fit") as pool:
        futures = [pool.submit(fit, number) for number in range(len(tracklets))]
        try:
            while not all(future.done() for future in futures):
                news.get()
                done = float(np.dot(shares, frames))
                yield Progress(done=done, total=float(sum(frames)), text=_TEXT)
        except GeneratorExit:
            stop.set()
            for future in futures:
                future.cancel()
            raise
        try:
            return tuple(future.result() for future in futures)
        except CancelledByUser:  # pragma: no cover  (only after GeneratorExit)
            return ()


def _in_scene(tracklet: Tracklet, camera: Camera, result: FitResult) -> FittedPerson:
    """Camera space to the scene: the root turns and moves, local rotations stay."""
    joints_rad = np.array(result.joints_rad, dtype=np.float64)
    turned = FLIP_YZ @ matrix_from_rotvec(joints_rad[:, 0])
    joints_rad[:, 0] = rotvec_from_matrix(turned)
    return FittedPerson(
        tracklet=tracklet,
        betas=tuple(float(b) for b in result.shape.betas),
        scale=float(result.shape.scale),
        joints_rad=joints_rad,
        root_scene_m=camera.to_scene(np.asarray(result.root_camera_m)),
        reprojection_px=result.reprojection_px,
    )
