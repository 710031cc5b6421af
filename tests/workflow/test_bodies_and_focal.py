"""Another body, another focal length: pose stays, what must follow follows."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.camera import FLIP_YZ, default_camera
from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.document import Document
from hpe_studio.core.errors import StudioError
from hpe_studio.core.observations import Tracklet
from hpe_studio.core.tables import ShotCamera
from hpe_studio.core.track import Source
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.posing.posed import Poser
from hpe_studio.workflow.apply_estimate import apply_estimate
from hpe_studio.workflow.bodies import body_of, choose_body
from hpe_studio.workflow.estimate import EstimateOptions, EstimateResult
from hpe_studio.workflow.fit_people import FittedPerson
from hpe_studio.workflow.focal import set_focal
from tests.core.scenes import state_of

SIZE = (1280, 720)
FRAMES = 12


def synthetic_result(focal_px: float) -> EstimateResult:
    """One person whose observations are exact for a given focal length."""
    rng = np.random.default_rng(3)
    camera = default_camera(SIZE, focal_px=focal_px)
    model = open_body().joint_model
    joints_rad = rng.normal(0, 0.15, (FRAMES, 24, 3))
    joints_rad[:, 0] = [np.pi, 0, 0]  # upright, facing the camera
    root_camera = np.array([0.2, 0.1, 4.0]) + np.linspace(0, 0.3, FRAMES)[:, None]
    betas = rng.normal(0, 0.7, 10)
    rest = model.rest_joints_m(betas)
    places, turns = forward_kinematics(
        model.skeleton.parents, rest, joints_rad, root_camera
    )
    marks = landmarks_m(model, "mediapipe33", places, turns, betas)
    points = camera.project_camera(marks)
    known = np.isfinite(points).all(axis=-1)
    boxes = np.concatenate(
        [np.nanmin(points, axis=1), np.nanmax(points, axis=1)], axis=1
    )
    hips = marks[:, 23:25].mean(axis=1, keepdims=True)
    in_scene = joints_rad.copy()
    in_scene[:, 0] = rotvec_from_matrix(FLIP_YZ @ matrix_from_rotvec(joints_rad[:, 0]))
    fitted = FittedPerson(
        tracklet=Tracklet(
            start=0,
            points_px=points,
            confidence=np.where(known, 1.0, 0.0),
            outside=np.zeros((FRAMES, 33), np.uint8),
            points_m=marks - hips,
            boxes_px=boxes,
            scores=np.ones(FRAMES),
            appearance=np.zeros(0),
        ),
        betas=tuple(betas),
        scale=1.0,
        joints_rad=in_scene,
        root_scene_m=camera.to_scene(root_camera),
        reprojection_px=np.zeros((FRAMES, 33)),
    )
    return EstimateResult(
        options=EstimateOptions(smooth=False),
        shots=((0, FRAMES),),
        cameras=(camera,),
        levels=(None,),
        people=(fitted,),
        landmark_set="mediapipe33",
        skeleton="smpl24",
        name="Synthetic",
        versions={},
        warnings=(),
        created="",
    )


@pytest.fixture
def document() -> Document:
    clip = Clip(
        path=None,
        kind="none",
        size_px=SIZE,
        fps=Fraction(30),
        times_s=np.arange(FRAMES) / 30,
    )
    document = Document(clip)
    apply_estimate(document, synthetic_result(focal_px=1000.0))
    return document


def test_an_estimate_is_kept_exactly_and_base_starts_as_its_copy(document) -> None:
    (track,) = document.tracks.values()
    estimate = document.estimates[track.estimate_id]
    np.testing.assert_array_equal(track.base_rad, estimate.arrays["joints_rad"])
    assert (track.base_source == Source.ESTIMATED).all()
    assert [p.name for p in document.persons.values()] == ["Person A"]


def test_a_longer_lens_moves_people_back_and_undo_brings_them_home(document) -> None:
    before = state_of(document)
    (track,) = document.tracks.values()
    depth = -track.base_root_m[:, 2]
    model = open_body().joint_model
    shot: Shot = document.shot_at(0)
    set_focal(document, model, shot, focal_px=2000.0)
    track = document.tracks[track.id]
    np.testing.assert_allclose(-track.base_root_m[:, 2] / depth, 2.0, rtol=0.1)
    set_focal(document, model, shot, focal_px=1000.0)
    track = document.tracks[track.id]
    np.testing.assert_allclose(-track.base_root_m[:, 2], depth, atol=2e-3)
    assert document.camera_at(0).source == "given"
    document.undo()
    document.undo()
    assert state_of(document) == before
    with pytest.raises(StudioError, match="impossible"):
        set_focal(document, model, shot, fov_deg=200.0)


def test_another_body_keeps_pose_place_and_bone_lengths(
    document, tmp_path: Path
) -> None:
    poser = Poser(document, open_body())
    (person_id,) = document.persons
    first = poser.pose_at(person_id, 5)
    assert first is not None
    assert body_of(document)[0] is open_body()
    other = open_body(55)
    file = tmp_path / "other.npz"
    scale = 0.9  # a body that is smaller by itself
    np.savez(
        file,
        v_template=other.v_template * scale,
        f=other.faces,
        shapedirs=other.shapedirs,
        weights=other.weights.dense(55),
        J_regressor=regressor_of(other),
        kintree_table=np.array([other.skeleton.parents, range(55)]),
        posedirs=np.zeros((other.vertex_count, 3, 486), np.float32),
    )
    body = choose_body(document, file)
    poser.body = body
    second = poser.pose_at(person_id, 5)
    assert second is not None
    np.testing.assert_array_equal(first.joints_rad, second.joints_rad)
    np.testing.assert_allclose(first.joints_scene_m[0], second.joints_scene_m[0])
    assert document.persons[person_id].scale == pytest.approx(1 / scale, rel=0.1)
    np.testing.assert_allclose(
        first.joints_scene_m[:22], second.joints_scene_m[:22], atol=0.02
    )
    vertices = poser.vertices_at(person_id, 5)
    assert vertices is not None
    assert np.isfinite(vertices).all()
    assert document.undo() == "Choose body"
    assert body_of(document)[0] is open_body()


def test_a_missing_body_file_is_said_and_the_open_one_stands_in(
    document, tmp_path: Path
) -> None:
    from hpe_studio.core.tables import Setting

    with document.edit("Choose body") as edit:
        edit.put(Setting(name="body", value=str(tmp_path / "gone.npz")))
    body, said = body_of(document)
    assert body is open_body()
    assert "gone.npz" in said
    with pytest.raises(StudioError, match=r"gone\.npz"):
        choose_body(document, tmp_path / "gone.npz")


def regressor_of(body) -> np.ndarray:
    """A regressor that gives the body's own joints: nearest vertices, corrected."""
    joints = body.joint_model.joints_m
    out = np.zeros((len(joints), body.vertex_count), np.float32)
    for row, joint in enumerate(joints):
        near = np.argsort(np.linalg.norm(body.v_template - joint, axis=1))[:24]
        system = np.vstack([body.v_template[near].T, np.ones(24)])
        goal = np.append(joint, 1.0)
        out[row, near] = np.linalg.lstsq(system, goal, rcond=None)[0]
    return out


def test_the_camera_of_a_shot_is_stored(document) -> None:
    camera = document.camera_at(3)
    assert camera.intrinsics[0, 0] == 1000.0
    (stored,) = document.table("cameras").values()
    assert isinstance(stored, ShotCamera)


def test_files_get_people_upright_and_cameras_that_still_fit(document) -> None:
    from dataclasses import replace

    from hpe_studio.motion.level import turn_up
    from hpe_studio.workflow.exporting import motion_of

    poser = Poser(document, open_body())
    shot = document.shot_at(0)
    flat = motion_of(document, poser)
    level = np.hstack([turn_up(np.array([0.1, 0.8, 0.6])), [[0.0], [1.5], [0.0]]])
    with document.edit("Level") as edit:
        edit.put(replace(shot, level_from_scene=level))
    levelled = motion_of(document, poser)

    def pixels(file):
        run = file.people[0]
        places, _ = forward_kinematics(
            run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
        )
        return places, file.cameras[0].project(places)

    before, before_px = pixels(flat)
    after, after_px = pixels(levelled)
    np.testing.assert_allclose(after, document.shot_at(0).to_level(before), atol=1e-6)
    np.testing.assert_allclose(after_px, before_px, atol=1e-3)
