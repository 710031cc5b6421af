"""Results of every producer: places, people, frames, camera come back exactly."""

from __future__ import annotations

import io
import os
import pickle
from dataclasses import replace

import joblib
import numpy as np
import pytest
import torch

from hpe_studio.catalogue import motion_format
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.skeleton import skeleton, skeleton_for
from hpe_studio.formats import (
    aist,
    amass,
    easymocap_smpl,
    gvhmr,
    mtc,
    phalp,
    prompthmr,
    trace_npz,
    tram,
    wham,
)
from hpe_studio.formats.smpl_options import known_rate
from hpe_studio.formats.smpl_results import FROM_Z_UP, RestJoints, turned
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from hpe_studio.workflow.kinds import format_of

from .made_motion import assert_same_motion, made, scene_places
from .made_results import (
    SIZE,
    write_aist,
    write_amass,
    write_easymocap,
    write_gvhmr,
    write_mtc,
    write_phalp,
    write_prompthmr,
    write_trace,
    write_tram,
    write_wham,
)

FIRST = made(frames=[0, 1, 2, 3, 7, 8], seed=1, stick=False, at=(-0.6, 0.1, 4.0))
SECOND = made(frames=range(2, 9), seed=2, stick=False, at=(0.8, 0.2, 5.0))
BOTH = [FIRST, SECOND]
X_FIRST = made(frames=range(6), seed=3, joints=55, stick=False, at=(-0.6, 0.1, 4.0))


def assert_people(motion, people, *, body="smpl", atol=1e-5):
    assert len(motion.people) == len(people)
    for run, person in zip(motion.people, people, strict=True):
        present = np.flatnonzero(np.isfinite(run.root_scene_m[:, 0]))
        np.testing.assert_array_equal(present + run.start, person.frames)
        assert_same_motion(run, person.scene_m, atol=atol)
        assert run.body == body
    assert len({run.person_id for run in motion.people}) == len(people)


def assert_world_agrees(motion, people):
    """In the world the moving camera sees every joint where the still one saw it."""
    camera = motion.cameras[0]
    assert camera.camera_from_scene.shape == (motion.frame_count, 3, 4)
    for run, person in zip(motion.people, people, strict=True):
        places = scene_places(run)
        for row, frame in enumerate(person.frames):
            seen = camera.to_camera(places[frame - run.start], int(frame))
            np.testing.assert_allclose(seen, person.places_m[row], atol=2e-5)
    head = np.concatenate([scene_places(r)[:, 15] for r in motion.people])
    feet = np.concatenate([scene_places(r)[:, 7] for r in motion.people])
    assert np.nanmedian((head - feet)[:, 1]) > 0.8  # people stand upright


def test_wham(tmp_path):
    path = write_wham(tmp_path / "wham_output.pkl", BOTH)
    assert format_of(path) == "wham"
    motion = wham.read(path, size="1280x720")
    assert_people(motion, BOTH)
    assert motion.cameras[0].intrinsics[0, 0] == pytest.approx(np.hypot(1280, 720))
    assert motion.frame_count == 9
    assert_world_agrees(wham.read(path, space="world"), BOTH)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_gvhmr(tmp_path, dtype):
    person = made(frames=6, seed=3, joints=55, stick=False)
    person.joints_rad[:, 22:] = 0
    person = remade(person)
    path = write_gvhmr(tmp_path / "hmr4d_results.pt", person, dtype)
    assert format_of(path) == "gvhmr"
    motion = gvhmr.read(path)
    assert_people(motion, [person], body="smplx")
    assert motion.size_px == SIZE
    assert motion.cameras[0].intrinsics[0, 0] == 1500
    assert_world_agrees(gvhmr.read(path, space="world"), [person])


def remade(person):
    """The person with the pose as it is now."""
    places, _ = forward_kinematics(
        skeleton_for(person.joints_rad.shape[1]).parents,
        person.rest_m,
        person.joints_rad,
        person.root_m,
    )
    return replace(person, places_m=places)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_gvhmr_in_half_precision(tmp_path, dtype):
    person = made(frames=6, seed=3, joints=55, stick=False)
    person.joints_rad[:, 22:] = 0
    person = remade(person)
    motion = gvhmr.read(write_gvhmr(tmp_path / "hmr4d_results.pt", person, dtype))
    assert_people(motion, [person], body="smplx", atol=0.05)


def test_tram(tmp_path):
    folder = write_tram(tmp_path / "clip", BOTH)
    assert format_of(folder) == "tram"
    motion = tram.read(folder)
    assert_people(motion, BOTH)
    assert motion.size_px == SIZE
    assert motion.cameras[0].intrinsics[0, 0] == 1400
    assert_world_agrees(tram.read(folder, space="world"), BOTH)
    track = folder / "hps" / "hps_track_1.npy"
    assert format_of(track) == "tram"
    assert_people(tram.read(track), [SECOND])


@pytest.mark.parametrize("full", [True, False])
def test_prompthmr(tmp_path, full):
    person = X_FIRST
    if not full:
        person.joints_rad[:, 25:] = 0
        person = remade(person)
    path = write_prompthmr(tmp_path / "results.pkl", [person], full=full)
    assert format_of(path) == "prompthmr"
    motion = prompthmr.read(path)
    assert_people(motion, [person], body="smplx")
    assert motion.size_px == (1280, 720)
    assert_world_agrees(prompthmr.read(path, space="world"), [person])


def test_phalp(tmp_path):
    path = write_phalp(tmp_path / "demo_clip.pkl", BOTH, with_joints=False)
    assert format_of(path) == "phalp"
    motion = phalp.read(path)
    assert_people(motion, BOTH)
    assert motion.size_px == SIZE
    assert motion.cameras[0].intrinsics[0, 0] == pytest.approx(5000 / 256 * 1920)


def test_phalp_takes_the_bones_that_its_joints_tell(tmp_path):
    people = [made(frames=5, seed=6, at=(0.1, 0.0, 90.0))]
    path = write_phalp(tmp_path / "demo_clip.pkl", people, with_joints=True)
    run = phalp.read(path).people[0]
    told = [0, 1, 2, 4, 5, 7, 8]
    np.testing.assert_allclose(
        scene_places(run)[:, told], people[0].scene_m[:, told], atol=2e-5
    )


@pytest.mark.parametrize(
    ("joints", "spelling", "body"),
    [(52, "mocap_framerate", "smplh"), (55, "mocap_frame_rate", "smplx")],
)
def test_amass(tmp_path, joints, spelling, body):
    person = made(frames=5, joints=joints, seed=4, stick=False, upright=False)
    path = write_amass(tmp_path / "walk_poses.npz", person, spelling=spelling)
    assert format_of(path) == "amass"
    motion = amass.read(path)
    assert motion.fps == 120
    run = motion.people[0]
    assert run.body == body
    assert_same_motion(run, person.places_m @ FROM_Z_UP.T)
    assert not motion.cameras
    hands = run.joints_rad[:, 25:]
    np.testing.assert_allclose(hands, person.joints_rad[:, 25:], atol=1e-12)


def test_amass_in_parts_with_a_face(tmp_path):
    person = made(frames=5, joints=55, seed=4, stick=False, upright=False)
    path = write_amass(tmp_path / "a.npz", person, spelling="mocap_frame_rate")
    content = dict(np.load(path))
    poses = content.pop("poses")
    face = np.arange(50.0).reshape(5, 10)
    parts = {"pose_jaw": poses[:, 66:69], "pose_eye": poses[:, 69:75]}
    np.savez(path, **content, **parts, expression=face)
    assert format_of(path) == "amass"
    run = amass.read(path).people[0]
    assert_same_motion(run, person.places_m @ FROM_Z_UP.T)
    np.testing.assert_array_equal(run.expression, face)


def test_mosh_of_real_data(test_data):
    path = test_data / "poseout" / "test_mosh.npz"
    assert format_of(path) == "amass"
    motion = amass.read(path)
    meant = np.load(path)["pose"].reshape(4, 24, 3)
    run = motion.people[0]
    np.testing.assert_allclose(run.joints_rad[:, 1:], meant[:, 1:])
    np.testing.assert_allclose(run.betas, np.median(np.load(path)["shape"], axis=0))
    assert any("origin" in sentence for sentence in motion.assumed)


def test_aist(tmp_path):
    person = made(frames=5, seed=5, stick=False, upright=False)
    path = write_aist(tmp_path / "gBR_sBM_cAll_d04_mBR0_ch01.pkl", person)
    assert format_of(path) == "aist"
    motion = aist.read(path)
    assert motion.fps == 60
    assert_same_motion(motion.people[0], person.places_m)


@pytest.mark.parametrize(
    ("joints", "width", "body"),
    [(24, 72, "smpl"), (24, 69, "smpl"), (52, 78, "smplh"), (55, 87, "smplx"),
     (55, 165, "smplx")],
)  # fmt: skip
def test_easymocap(tmp_path, joints, width, body):
    person = made(frames=[0, 1, 4], joints=joints, seed=6, stick=False, upright=False)
    person.joints_rad[:, 0] = [np.pi / 2, 0.1, 0.05]  # upright where Z points up
    kept = {78: 22, 87: 25}.get(width, joints)
    person.joints_rad[:, kept:] = 0
    person = remade(person)
    folder = write_easymocap(tmp_path / "output" / "smpl", [person], width=width)
    assert format_of(folder) == "easymocap"
    assert format_of(folder.parent) == "easymocap"
    motion = easymocap_smpl.read(folder)
    run = motion.people[0]
    assert run.body == body
    assert_same_motion(run, person.places_m @ FROM_Z_UP.T)
    assert "Z points up in the file, as people stand" in motion.assumed
    assert (run.expression is not None) == (width in (87, 165))
    if run.expression is not None:
        np.testing.assert_allclose(run.expression[1], np.full(10, 0.1))


def test_easymocap_of_two_people_and_one_file(tmp_path):
    folder = write_easymocap(tmp_path / "smpl", BOTH, width=72)
    motion = easymocap_smpl.read(folder, fps="50")
    assert motion.fps == 50
    assert_people(motion, BOTH)
    one = easymocap_smpl.read(folder / "000002.json")
    assert one.frame_count == 1
    assert len(one.people) == 2


def test_mtc(tmp_path):
    person = made(frames=5, seed=7, stick=False)
    person.joints_rad[:, 22:] = 0
    person = remade(person)
    folder = write_mtc(tmp_path / "dance" / "body_3d_frontal", person)
    assert format_of(folder) == "mtc"
    assert format_of(folder.parent) == "mtc"
    motion = mtc.read(folder.parent)
    assert_people(motion, [person], body="")
    assert motion.cameras[0].intrinsics[0, 0] == 2000


def test_trace(tmp_path):
    people = [
        made(frames=[0, 1, 2, 5], seed=8, at=(-0.5, 0.1, 4.0)),
        made(frames=6, seed=9, at=(0.8, 0.1, 5.0)),
    ]
    path = write_trace(tmp_path / "clip.npz", people)
    assert format_of(path) == "trace"
    motion = trace_npz.read(path)
    assert_people(motion, people)
    assert motion.size_px == SIZE
    assert motion.frame_count == 8
    assert motion.cameras[0].intrinsics[0, 0] == pytest.approx(548 * 1920 / 512)
    assert_world_agrees(trace_npz.read(path, space="world"), people)


def test_worked_numbers_of_the_pivot(tmp_path, monkeypatch):
    """Of J0 (0, -.24, .03), Ry(90), Th (.97, 2, 3.03) the pelvis is (1, 1.76, 3.03)."""
    rest = np.tile([0.0, -0.24, 0.03], (24, 1))
    monkeypatch.setattr(RestJoints, "of", lambda self, betas: rest[None])
    (tmp_path / "000000.json").write_text(
        '[{"id": 0, "Rh": [[0, 1.5707963267948966, 0]], "Th": [[0.97, 2.0, 3.03]],'
        f' "poses": [{[0] * 72}], "shapes": [{[0] * 10}]}}]'
    )
    run = easymocap_smpl.read(tmp_path, axes="y_up").people[0]
    np.testing.assert_allclose(run.root_scene_m, [[1, 1.76, 3.03]], atol=1e-9)


def test_worked_numbers_of_a_change_of_frame():
    """Rc=Rx(180), tc=(0,0,5), transl (1,2,3) becomes (1,-1.52,1.94)."""
    j0 = np.array([0.0, -0.24, 0.03])
    shift = np.array([0.0, 0.0, 5.0])
    pelvis = FLIP_YZ @ (j0 + np.array([1.0, 2.0, 3.0])) + shift
    np.testing.assert_allclose(pelvis - j0, [1.0, -1.52, 1.94], atol=1e-12)
    pose = np.zeros((1, 24, 3))
    pose[0, 0] = [0, np.pi / 2, 0]
    again = matrix_from_rotvec(turned(pose, FLIP_YZ)[:, 0])
    meant = FLIP_YZ @ matrix_from_rotvec(pose[0, 0])
    np.testing.assert_allclose(again[0], meant, atol=1e-12)


@pytest.mark.parametrize(
    ("number", "rate"), [(120.0, "120"), (59.94, "60000/1001"), (29.97, "30000/1001")]
)
def test_rates_are_exact_where_they_are_usual(number, rate):
    assert str(known_rate(number)) == rate


def test_matrices_and_vectors_of_three_rows_are_told_apart():
    from hpe_studio.formats.smpl_results import rotvecs

    vectors = np.arange(9.0).reshape(3, 3) / 10
    np.testing.assert_allclose(rotvecs(vectors, 1, name="x")[:, 0], vectors)
    turns = matrix_from_rotvec(vectors)[:, None]
    np.testing.assert_allclose(
        rotvecs(turns, 1, name="x")[:, 0], rotvec_from_matrix(turns[:, 0])
    )


def test_the_users_body_gives_joints_of_everyones_own_shape(tmp_path):
    """Its joints move with betas; the pelvis follows by transl + J0(betas)."""
    from hpe_studio.body.open_body import open_body
    from hpe_studio.core.resources import resource_path

    arrays = dict(np.load(resource_path("bodies/open_smpl.npz")))
    arrays["kintree_table"] = np.array([skeleton("smplx55").parents, range(55)])
    body = tmp_path / "MY_SMPLX.npz"
    np.savez(body, **arrays)
    betas = np.linspace(-2, 2, 10)
    model = open_body(55).joint_model
    person = made(frames=4, joints=55, seed=4, stick=False, upright=False)
    person = remade(replace(person, rest_m=model.rest_joints_m(betas)))
    path = write_amass(tmp_path / "a.npz", person, spelling="mocap_frame_rate")
    content = dict(np.load(path)) | {"betas": np.append(betas, np.zeros(6))}
    np.savez(path, **content)
    motion = amass.read(path, body=str(body))
    assert_same_motion(motion.people[0], person.places_m @ FROM_Z_UP.T)
    assert motion.assumed == ()
    assert amass.read(path).assumed != ()
    with pytest.raises(StudioError, match="55 joints instead of 24"):
        aist.read(write_aist(tmp_path / "a.pkl", FIRST), body=str(body))


class Attack:
    def __init__(self, witness):
        self.witness = witness

    def __reduce__(self):
        return os.system, (f"touch {self.witness}",)


KEYS = {
    "wham": {0: {"pose_world": 0, "trans_world": 0}},
    "gvhmr": {"smpl_params_incam": 0},
    "tram": {"pred_rotmat": 0},
    "prompthmr": {"people": {1: {"smplx_cam": 0}}},
    "phalp": {"a.jpg": {"tid": [], "tracked_time": [], "smpl": []}},
    "aist": {"smpl_poses": 0, "smpl_trans": 0, "smpl_scaling": 1},
}


def hostile(kind, content, path):
    if kind == "gvhmr":
        torch.save(content, path)
    elif kind == "tram":
        stream = io.BytesIO()
        np.save(stream, content)
        path.write_bytes(stream.getvalue())
    elif kind == "aist":
        path.write_bytes(pickle.dumps(content))
    else:
        joblib.dump(content, path, compress=3 if kind == "phalp" else 0)


@pytest.mark.parametrize("kind", KEYS)
def test_hostile_files_are_refused_by_name_and_never_run(tmp_path, kind):
    witness, path = tmp_path / "was_here", tmp_path / "hostile.bin"
    hostile(kind, KEYS[kind] | {"x": Attack(witness)}, path)
    assert format_of(path) == kind
    with pytest.raises(StudioError, match=r"hostile\.bin: asks to run \w+\.system"):
        motion_format(kind).read(path)
    assert not witness.exists()


@pytest.mark.parametrize("kind", KEYS)
def test_files_that_lack_their_arrays_are_refused_in_one_sentence(tmp_path, kind):
    path = tmp_path / "short.bin"
    hostile(kind, KEYS[kind], path)
    with pytest.raises(StudioError, match=r"short\.bin: "):
        motion_format(kind).read(path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(StudioError, match=r"short\.bin: "):
        motion_format(kind).read(path)


@pytest.mark.parametrize(
    "content", [b"", b"\x80\x04.", b"PK\x03\x04", b"hello", b"[]", b"\x93NUMPY\x01\x00"]
)
def test_other_files_are_nobodys(tmp_path, content):
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    for kind in (*KEYS, "amass", "trace", "easymocap", "mtc", "romp"):
        assert motion_format(kind).sniff(path, content or b" ") == 0
        with pytest.raises(StudioError, match=r"x\.bin"):
            motion_format(kind).read(path)
