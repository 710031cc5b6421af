"""Places and pixels of ROMP's bodies, on recorded results whose geometry is known."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.clip import clip_without_footage
from hpe_studio.core.jobs import run_job
from hpe_studio.core.observations import FrameDetections
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.estimators.romp_bodies import LANDMARKS, detections_of, romp_camera
from hpe_studio.motion.fitting_problem import BodyShape
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.storage.run_store import RunStore
from hpe_studio.tracking.options import TrackingOptions
from hpe_studio.tracking.track import track_shot
from hpe_studio.workers.frames import FrameAnswer
from hpe_studio.workflow.fit_people import FittedPerson
from hpe_studio.workflow.take_bodies import take_bodies

SIZES = [(1920, 1080), (1080, 1920), (640, 480), (641, 427), (512, 512)]
FRAMES = 12


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """ROMP's dictionaries of a person who walks past, and what is true of them."""

    answers: list[FrameAnswer]
    joints_px: Any
    """As ROMP says them, in the stored picture, shape (frames, 24, 2)."""
    joints_camera_m: Any
    betas: Any


def recorded(
    size_px: tuple[int, int], *, stretch: float = 1.0, seed: int = 0
) -> Recorded:
    """Results of the open body, projected by ROMP's own formulas."""
    rng = np.random.default_rng(seed)
    model = open_body().joint_model
    betas = rng.normal(0, 1, 10)
    rest = model.rest_joints_m(betas)
    width, height = round(size_px[0] * stretch), size_px[1]
    longer = max(width, height)
    left, top = (longer - width) // 2, (longer - height) // 2
    answers, all_px, all_m = [], [], []
    pose = rng.normal(0, 0.3, (24, 3))
    pose[0] = (np.pi, 0.0, 0.1)
    for frame in range(FRAMES):
        pose = pose + rng.normal(0, 0.01, pose.shape)
        place = np.array([0.02 * frame - 0.1, 0.05, 6.0])
        posed, _ = forward_kinematics(model.skeleton.parents, rest, pose, place)
        cam_trans = place - rest[0]  # SMPL's transl: the pelvis turns about itself
        joints = np.concatenate([posed, np.repeat(posed[[1]], 47, axis=0)])
        joints[24] = posed[15]
        joints[45], joints[46] = posed[2], posed[1]
        p = 443.4 * joints[:, :2] / joints[:, 2:] / 256
        shown_px = (p + 1) * longer / 2 - (left, top)
        answers.append(
            FrameAnswer(
                frame=frame,
                message={"stretch": stretch},
                arrays=[
                    np.array([0.8]),
                    cam_trans[None],
                    (joints - cam_trans)[None],
                    shown_px[None],
                    pose[None],
                    betas[None],
                    rest[None],
                    np.full((1, 96), 1 / 96),
                ],
            )
        )
        all_px.append(shown_px[:24] / (stretch, 1))
        all_m.append(posed)
    px = np.array(all_px)
    px[..., 0] += 0.5 / stretch - 0.5  # middles of pixels
    return Recorded(
        answers=answers, joints_px=px, joints_camera_m=np.array(all_m), betas=betas
    )


def taken(
    made: Recorded,
    size_px: tuple[int, int],
    *,
    stretch: float = 1.0,
    model: Any = None,
    shapes: dict[int, BodyShape] | None = None,
) -> FittedPerson:
    """The person as the document gets it."""
    found = [detections_of(answer, size_px) for answer in made.answers]
    tracklets = run_job(
        track_shot(
            found,
            start=0,
            stop=FRAMES,
            size_px=size_px,
            times_s=np.arange(FRAMES) / 25,
            landmarks=LANDMARKS,
            options=TrackingOptions(repair_flips=False),
        )
    )
    assert len(tracklets) == 1
    camera = romp_camera(size_px, stretch)
    people = run_job(
        take_bodies(
            [(tracklets[0], camera)],
            model or open_body().joint_model,
            meant_for=camera,
            landmark_name=LANDMARKS,
            identities=[0],
            shapes=shapes or {},
        )
    )
    return people[0]


def overlay_px(person: FittedPerson, camera: Any, model: Any) -> Any:
    """Joints where the window draws them, shape (frames, 24, 2)."""
    rest = model.rest_joints_m(np.array(person.betas), scale=person.scale)
    places, _ = forward_kinematics(
        model.skeleton.parents, rest, person.joints_rad, person.root_scene_m
    )
    return camera.project(places)


@pytest.mark.parametrize("size_px", SIZES)
def test_the_overlay_falls_where_romp_says_to_half_a_pixel(
    size_px: tuple[int, int],
) -> None:
    made = recorded(size_px)
    person = taken(made, size_px)
    model = open_body().joint_model
    drawn = overlay_px(person, romp_camera(size_px), model)
    off = np.linalg.norm(drawn - made.joints_px, axis=-1)
    assert off.max() < 0.05, off.max()  # the promise is 0.5
    np.testing.assert_allclose(person.betas, made.betas, atol=1e-6)
    assert person.scale == 1.0
    shoulder = landmark_set(LANDMARKS).index("left_shoulder")
    assert np.nanmax(person.reprojection_px[:, shoulder]) < 0.5


def test_pixels_that_are_not_square_do_no_harm() -> None:
    size_px, stretch = (720, 576), 1024 / 720
    made = recorded(size_px, stretch=stretch)
    person = taken(made, size_px, stretch=stretch)
    drawn = overlay_px(person, romp_camera(size_px, stretch), open_body().joint_model)
    assert np.abs(drawn - made.joints_px).max() < 0.05


def test_the_camera_is_romps() -> None:
    camera = romp_camera((1920, 1080))
    np.testing.assert_allclose(camera.intrinsics[[0, 1], [0, 1]], 1662.75)
    np.testing.assert_allclose(camera.intrinsics[:2, 2], (960, 540))
    assert camera.source == "romp"
    camera = romp_camera((1280, 720))
    np.testing.assert_allclose(camera.intrinsics[[0, 1], [0, 1]], 1108.5)
    odd = romp_camera((641, 427))  # the padding is whole pixels: 107 above, 107 below
    np.testing.assert_allclose(odd.intrinsics[:2, 2], (320.5, 213.5))


def test_a_worked_example_of_bev() -> None:
    """By BEV's formulas cam (.3, -.1, .2) gives (0.66284, -0.33142, 5.74036)."""
    camera = romp_camera((512, 512))
    place = np.array([0.66284, -0.33142, 5.74036])
    pixel = camera.project_camera(place)
    tan = np.tan(np.radians(30))
    flat = place[:2] / place[2] / tan
    np.testing.assert_allclose(flat, (0.2, -0.1), atol=1e-4)
    np.testing.assert_allclose(pixel, (flat + 1) * 256, atol=0.01)


def test_the_pelvis_is_the_root_in_the_scene_y_up() -> None:
    made = recorded((1920, 1080))
    person = taken(made, (1920, 1080))
    expected = made.joints_camera_m[:, 0] * (1, -1, -1)
    np.testing.assert_allclose(person.root_scene_m, expected, atol=1e-5)


def test_another_body_keeps_the_lengths_of_the_bones() -> None:
    """On a body with other betas the person is refitted and stays as tall."""
    from dataclasses import replace

    model = open_body().joint_model
    order = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]
    other = replace(
        model, joints_shapedirs_m=-model.joints_shapedirs_m[:, :, order].copy()
    )
    made = recorded((1920, 1080), seed=4)
    person = taken(made, (1920, 1080), model=other)
    rest = other.rest_joints_m(np.array(person.betas), scale=person.scale)
    truth = model.rest_joints_m(made.betas)
    parents = np.array(model.skeleton.parents[1:])
    bones = np.linalg.norm(rest[1:] - rest[parents], axis=1)
    wanted = np.linalg.norm(truth[1:] - truth[parents], axis=1)
    assert np.abs(bones - wanted).max() < 0.02
    assert abs(bones.sum() / wanted.sum() - 1) < 0.005
    drawn = overlay_px(person, romp_camera((1920, 1080)), other)
    off = np.linalg.norm(drawn - made.joints_px, axis=-1)
    assert np.median(off) < 6


def test_a_shape_that_is_known_is_kept() -> None:
    shape = BodyShape(betas=np.full(10, 0.3), scale=1.1)
    person = taken(recorded((640, 480)), (640, 480), shapes={0: shape})
    assert person.betas == (0.3,) * 10
    assert person.scale == 1.1


def test_who_has_no_place_or_is_behind_the_camera_is_left_out() -> None:
    made = recorded((640, 480))
    answer = made.answers[0]
    for place in ((-1.0, -1.0, -1.0), (0.0, 0.0, np.nan), (0.0, 0.0, -4.0)):
        answer.arrays[1][:] = place
        assert detections_of(answer, (640, 480)) == FrameDetections(
            frame=0, detections=()
        )


def test_trust_is_romps_and_none_beyond_the_picture() -> None:
    made = recorded((640, 480))
    half = (640, int(made.joints_px[0, :, 1].mean()))  # the picture ends at the waist
    seen = detections_of(made.answers[0], half).detections[0]
    inside = seen.points_px[:, 1] <= half[1] - 0.5
    assert inside.any()
    assert not inside.all()
    np.testing.assert_allclose(seen.confidence, np.where(inside, 0.8, 0), atol=1e-6)
    assert seen.box_px[3] <= half[1] - 1
    hips = [landmark_set(LANDMARKS).index(f"{side}_hip") for side in ("left", "right")]
    np.testing.assert_allclose(seen.points_m[hips].mean(axis=0), 0, atol=1e-6)


def test_a_focal_length_that_was_given_moves_people_along_their_rays() -> None:
    from hpe_studio.workflow.estimate import EstimateOptions, _camera

    clip = clip_without_footage(
        frame_count=FRAMES, fps=Fraction(25), size_px=(1920, 1080)
    )
    own = _camera(EstimateOptions(estimator="romp"), clip)
    np.testing.assert_allclose(own.intrinsics[0, 0], 1662.75)
    wide = _camera(EstimateOptions(estimator="romp", focal_px=1000.0), clip)
    np.testing.assert_allclose(wide.intrinsics[[0, 1], [0, 1]], 1000.0)
    np.testing.assert_allclose(wide.intrinsics[:2, 2], (960, 540))
    assert wide.source == "given"


def test_bodies_are_kept_for_a_run_that_goes_on(tmp_path: Path) -> None:
    made = recorded((640, 480))
    found = [detections_of(answer, (640, 480)) for answer in made.answers]
    store = RunStore(tmp_path / "one.run")
    store.add(found)
    again = store.load(0, FRAMES)
    store.close(discard=True)
    assert [item.frame for item in again] == list(range(FRAMES))
    for before, after in zip(found, again, strict=True):
        mine, kept = before.detections[0].body, after.detections[0].body
        assert mine is not None
        assert kept is not None
        for name in ("joints_rad", "pelvis_camera_m", "betas", "rest_joints_m"):
            np.testing.assert_array_equal(getattr(kept, name), getattr(mine, name))
