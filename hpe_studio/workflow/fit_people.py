"""Bodies fitted to everybody at once, one thread per person."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray
from hpe_studio.core.camera import FLIP_YZ, Camera
from hpe_studio.core.clip import Clip
from hpe_studio.core.jobs import Job, Progress, run_job, scaled
from hpe_studio.core.jointmodel import JointModel
from hpe_studio.core.observations import Tracklet
from hpe_studio.motion.fitting import FitResult, fit_body_shape, fit_track
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix

_TEXT = "Fitting bodies"
_SHAPE_SHARE = 0.2


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
        identity: The same for all shots of one person.
    """

    tracklet: Tracklet
    betas: tuple[float, ...]
    scale: float
    joints_rad: FloatArray
    root_scene_m: FloatArray
    reprojection_px: FloatArray
    identity: int = 0

    @property
    def shape(self) -> BodyShape:
        """The body's shape."""
        return BodyShape(betas=np.asarray(self.betas), scale=self.scale)

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
    identities: Sequence[int] | None = None,
    shapes: Mapping[int, BodyShape] | None = None,
) -> Job[tuple[FittedPerson, ...]]:
    """Fit a body to everybody; people run in parallel, cancel stops them all.

    Args:
        tracklets: What was seen, with its shot's camera.
        joint_model: The body's joints and landmarks.
        landmark_name: Landmark set of the tracklets.
        clip: Gives the times.
        threads: How many people at once.
        identities: Who each tracklet is; those of one person share one body shape.
            Everybody is somebody else when None.
        shapes: Shapes that are known already, by identity; they are kept.
    """
    groups: dict[int, list[int]] = {}
    for number in range(len(tracklets)):
        who = number if identities is None else identities[number]
        groups.setdefault(who, []).append(number)
    frames = {w: sum(len(tracklets[n][0].scores) for n in g) for w, g in groups.items()}
    shares = dict.fromkeys(groups, 0.0)
    stop = threading.Event()
    news: queue.SimpleQueue[None] = queue.SimpleQueue()

    def fit(who: int) -> list[tuple[int, FittedPerson]]:
        def told(progress: Progress) -> None:
            shares[who] = progress.fraction or 0.0
            news.put(None)

        views = [tracklets[number] for number in groups[who]]
        known = None if shapes is None else shapes.get(who)
        job = _fit_person(joint_model, views, landmark_name, clip, who, known)
        fitted = run_job(job, on_progress=told, is_cancelled=stop.is_set)
        shares[who] = 1.0
        return list(zip(groups[who], fitted, strict=True))

    def ended(_future: object) -> None:
        news.put(None)  # after the future is done, so that the loop sees it

    with ThreadPoolExecutor(max(1, threads), "fit") as pool:
        futures = [pool.submit(fit, who) for who in groups]
        for future in futures:
            future.add_done_callback(ended)
        try:
            while not all(future.done() for future in futures):
                news.get()
                done = sum(shares[who] * frames[who] for who in groups)
                yield Progress(done=done, total=sum(frames.values()), text=_TEXT)
        except GeneratorExit:
            stop.set()
            for future in futures:
                future.cancel()
            raise
        fitted = dict(pair for future in futures for pair in future.result())
    return tuple(fitted[number] for number in range(len(tracklets)))


def _fit_person(
    model: JointModel,
    views: Sequence[tuple[Tracklet, Camera]],
    landmark_name: str,
    clip: Clip,
    who: int,
    known: BodyShape | None,
) -> Job[list[FittedPerson]]:
    """One person over all shots: one shape, then pose and place of every frame."""
    fps = float(clip.fps)
    shape = known
    if shape is None:
        shape = yield from scaled(
            fit_body_shape(model, views, landmark_name=landmark_name),
            start=0.0,
            share=_SHAPE_SHARE,
        )
    share = (1.0 - _SHAPE_SHARE) / len(views)
    out: list[FittedPerson] = []
    for number, (tracklet, camera) in enumerate(views):
        job = fit_track(
            model,
            tracklet,
            camera,
            shape=shape,
            landmark_name=landmark_name,
            times_s=clip.times_s[tracklet.start : tracklet.stop],
            fps=fps,
        )
        result = yield from scaled(
            job, start=_SHAPE_SHARE + number * share, share=share
        )
        out.append(_in_scene(tracklet, camera, result, who))
    return out


def _in_scene(
    tracklet: Tracklet, camera: Camera, result: FitResult, who: int
) -> FittedPerson:
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
        identity=who,
    )
