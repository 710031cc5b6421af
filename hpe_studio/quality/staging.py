"""Real motion in front of a made camera, as an estimator would report it.

The truth of such a scene is known exactly, so detectors and clean-up tools can be
measured on it. `quality.failures` breaks it in documented ways.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter1d

from hpe_studio.body import Body
from hpe_studio.core.arrays import AnyArray, FloatArray
from hpe_studio.core.camera import Camera, default_camera
from hpe_studio.core.clip import Shot, clip_without_footage
from hpe_studio.core.document import Document
from hpe_studio.core.person import PERSON_COLOURS, Person, letter
from hpe_studio.core.skeleton import skeleton
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from hpe_studio.motion.rotations import compose

LANDMARKS = "mediapipe33"
SIZE_PX = (1280, 720)
_MARGIN = 0.1
_POINT_NOISE = 0.006
_POINT_NOISE_M = 0.012
_TURN_NOISE_RAD = np.radians(1.0)
_ROOT_NOISE_M = np.array([0.005, 0.005, 0.015])
_NOISE_FRAMES = 2.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Performance:
    """True motion of one person.

    Attributes:
        joints_rad: Rotation vectors on "smpl24", shape (frames, 24, 3).
        root_m: Pelvis, Y up, floor at 0, shape (frames, 3).
        betas: Body shape.
    """

    joints_rad: FloatArray
    root_m: FloatArray
    betas: tuple[float, ...] = ()


@dataclass(kw_only=True, slots=True, eq=False)
class Report:
    """What is said of one person over all frames; NaN where nothing is said.

    Attributes:
        joints_rad, root_m: Pose in the scene, as of `Performance`.
        points_px: Landmarks in the picture, shape (frames, 33, 2).
        points_m: Landmarks about the pelvis, shape (frames, 33, 3).
        confidence: Shape (frames, 33).
        outside: Shape (frames, 33), 0 or 1.
        betas: Body shape.
    """

    joints_rad: FloatArray
    root_m: FloatArray
    points_px: FloatArray
    points_m: FloatArray
    confidence: FloatArray
    outside: FloatArray
    betas: tuple[float, ...]

    def fields(self) -> dict[str, AnyArray]:
        """All arrays over frames by name."""
        names = ("joints_rad", "root_m", "points_px", "points_m")
        found = {name: getattr(self, name) for name in names}
        return {**found, "confidence": self.confidence, "outside": self.outside}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stage:
    """People in front of a camera: the truth, and what is reported of it.

    Attributes:
        truth: True motion in the scene (camera space, Y up).
        reports: Per person; failures are written into them.
        camera: Looks along -Z from the scene's origin.
        size_px: Of the picture.
        fps: Frame rate.
        floor_m: Height of the floor in the scene.
        body: The body of all people.
    """

    truth: tuple[Performance, ...]
    reports: tuple[Report, ...]
    camera: Camera
    size_px: tuple[int, int]
    fps: Fraction
    floor_m: float
    body: Body

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.truth[0].root_m)

    def joints_m(self, person: int) -> FloatArray:
        """True joints in the scene, shape (frames, 24, 3)."""
        return _posed(self.body, self.truth[person])[0]


def staged(
    performances: Sequence[Performance],
    body: Body,
    *,
    rng: np.random.Generator,
    fps: Fraction = Fraction(30),
    noise: float = 1.0,
) -> Stage:
    """Put people before a camera that sees all of them, and report them with noise.

    The camera stands at hip height, as far off as it takes for everyone to stay within
    the picture's inner 80 %. Noise of a good estimator after smoothing: 1 degree
    per joint, 5 mm across and 15 mm in depth, over 2 frames; 0.6 % of the box height
    in the picture, from frame to frame.

    Args:
        performances: People on one floor, as long as each other.
        body: Their body, whose landmarks are reported.
        rng: Where the noise comes from.
        fps: Frame rate.
        noise: Factor on all noise; 0 reports the truth.
    """
    camera = default_camera(SIZE_PX)
    everyone = np.concatenate([_posed(body, p)[0] for p in performances], axis=1)
    away = -_camera_place(everyone, camera)
    truth = tuple(
        Performance(
            joints_rad=np.array(p.joints_rad), root_m=p.root_m + away, betas=p.betas
        )
        for p in performances
    )
    return Stage(
        truth=truth,
        reports=tuple(_reported(body, camera, p, rng, noise) for p in truth),
        camera=camera,
        size_px=SIZE_PX,
        fps=fps,
        floor_m=float(away[1]),
        body=body,
    )


def as_it_is(stage: Stage) -> Stage:
    """The same people before the same camera, reported without noise or failure."""
    rng = np.random.default_rng(0)
    reports = tuple(
        _reported(stage.body, stage.camera, p, rng, 0.0) for p in stage.truth
    )
    return replace(stage, reports=reports)


def document_of(stage: Stage) -> Document:
    """The project an estimation of the reports would make, levelled to the floor."""
    clip = clip_without_footage(
        frame_count=stage.frame_count, fps=stage.fps, size_px=stage.size_px
    )
    document = Document(clip)
    with document.edit("Estimate people") as edit:
        level = np.hstack([np.eye(3), [[0.0], [-stage.floor_m], [0.0]]])
        shot = Shot(
            id=document.new_id(),
            start=0,
            stop=stage.frame_count,
            level_from_scene=level,
        )
        edit.put(shot)
        edit.put(ShotCamera(shot_id=shot.id, camera=stage.camera))
        take = Take(id=document.new_id(), name="Synthetic", origin="synthetic")
        edit.put(take)
        for number, report in enumerate(stage.reports):
            person = Person(
                id=document.new_id(),
                name=f"Person {letter(number)}",
                colour=PERSON_COLOURS[number % len(PERSON_COLOURS)],
                betas=report.betas,
            )
            edit.put(person)
            estimate = Estimate(
                id=document.new_id(),
                take_id=take.id,
                start=0,
                stop=stage.frame_count,
                skeleton="smpl24",
                landmark_set=LANDMARKS,
                betas=report.betas,
            )
            arrays = report.fields()
            arrays["root_scene_m"] = arrays.pop("root_m")
            arrays["outside"] = np.nan_to_num(arrays["outside"])
            edit.add_estimate(estimate, arrays)
            track = Track(
                id=document.new_id(),
                person_id=person.id,
                start=0,
                stop=stage.frame_count,
                skeleton="smpl24",
                estimate_id=estimate.id,
            )
            is_missing = np.isnan(report.root_m[:, :1])
            source = np.where(is_missing, Source.MISSING, Source.ESTIMATED)
            edit.add_track(
                track,
                {
                    "base_rad": report.joints_rad,
                    "base_root_m": report.root_m,
                    "base_source": np.repeat(source, 24, axis=1),
                },
            )
    return document


def project_landmarks(
    body: Body, camera: Camera, pose: Performance
) -> tuple[FloatArray, FloatArray]:
    """Landmarks of a performance: in the picture, and about the pelvis in metres."""
    places, turns = _posed(body, pose)
    model = body.joint_model
    points = landmarks_m(model, LANDMARKS, places, turns, np.asarray(pose.betas))
    return camera.project(points), points - places[:, :1]


def _posed(body: Body, pose: Performance) -> tuple[FloatArray, FloatArray]:
    rest = body.joint_model.rest_joints_m(np.asarray(pose.betas))
    parents = skeleton("smpl24").parents
    return forward_kinematics(parents, rest, pose.joints_rad, pose.root_m)


def _camera_place(joints_m: FloatArray, camera: Camera) -> FloatArray:
    """Where the camera stands in the performers' space, shape (3,)."""
    points = joints_m.reshape(-1, 3)
    middle = (points.min(0) + points.max(0)) / 2
    reach = np.array(SIZE_PX) / 2 * (1 - 2 * _MARGIN)
    slope = reach / np.diag(camera.intrinsics)[:2]
    # Everyone within the cone: |x| <= slope * depth for both picture axes.
    off = np.abs(points[:, :2] - middle[:2]) / slope
    nearest = float((off.max(1) + points[:, 2]).max())
    return np.array([middle[0], middle[1], nearest])


def _reported(
    body: Body,
    camera: Camera,
    truth: Performance,
    rng: np.random.Generator,
    noise: float,
) -> Report:
    frames = len(truth.root_m)
    points_px, points_m = project_landmarks(body, camera, truth)
    height_px = np.ptp(points_px[..., 1], axis=1)[:, None, None]
    turn = noise * _TURN_NOISE_RAD * _slow(rng.normal(size=truth.joints_rad.shape))
    drift = noise * _ROOT_NOISE_M * _slow(rng.normal(size=truth.root_m.shape))
    spread = noise * _POINT_NOISE * height_px
    return Report(
        joints_rad=compose(turn, truth.joints_rad),
        root_m=truth.root_m + drift,
        points_px=points_px + spread * rng.normal(size=points_px.shape),
        points_m=points_m + noise * _POINT_NOISE_M * rng.normal(size=points_m.shape),
        confidence=np.clip(0.9 + 0.04 * rng.normal(size=(frames, 33)), 0.5, 1.0),
        outside=np.zeros((frames, 33)),
        betas=truth.betas,
    )


def _slow(noise: FloatArray) -> FloatArray:
    """Noise as it is left by smoothing, with a standard deviation of 1."""
    smoothed = gaussian_filter1d(noise, _NOISE_FRAMES, axis=0)
    return smoothed / max(float(smoothed.std()), 1e-9)
