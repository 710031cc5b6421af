"""Files of AMASS and ROMP that we write, through our readers and ROMP's own code."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.body.open_body import open_body
from hpe_studio.core.camera import FLIP_YZ, Camera, default_camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonMotion
from hpe_studio.core.skeleton import skeleton_for
from hpe_studio.formats import amass, romp_npz
from hpe_studio.formats.romp_camera import picture_of_size
from hpe_studio.motion.kinematics import forward_kinematics

SIZE = (1280, 720)
SAME_M = 1e-5


def person(
    *, joints: int = 24, frames: int = 12, start: int = 0, seed: int = 0, **rest: Any
) -> PersonMotion:
    """Somebody who stands before a camera at the scene's origin and moves."""
    rng = np.random.default_rng(seed)
    pose = rng.normal(0, 0.2, (joints, 3)) + np.cumsum(
        rng.normal(0, 0.03, (frames, joints, 3)), axis=0
    )
    root = np.array([rng.uniform(-1, 1), 0.1, -5.0 - seed])
    known: dict[str, Any] = {
        "name": f"Person {seed}",
        "person_id": str(seed + 7),
        "body": {24: "smpl", 52: "smplh", 55: "smplx"}[joints],
        "betas": rng.normal(0, 1, 10),
    }
    return PersonMotion(
        skeleton=skeleton_for(joints),
        rest_joints_m=np.array(open_body(joints).joint_model.joints_m),
        start=start,
        joints_rad=pose,
        root_scene_m=root + np.cumsum(rng.normal(0, 0.02, (frames, 3)), axis=0),
        **(known | rest),
    )


def motion(*people: PersonMotion, camera: Camera | None = None) -> MotionFile:
    seen = picture_of_size(SIZE).camera() if camera is None else camera
    return MotionFile(
        fps=Fraction(30000, 1001),
        frame_count=30,
        people=people,
        size_px=SIZE,
        shots=((0, 30),),
        cameras={0: seen},
    )


def places(run: PersonMotion) -> Any:
    parents = run.skeleton.parents
    joints = (run.rest_joints_m, run.joints_rad, run.root_scene_m)
    return forward_kinematics(parents, *joints)[0]


@pytest.mark.parametrize("joints", [24, 52, 55])
def test_amass_comes_back(joints: int, tmp_path: Path) -> None:
    """Hands and face are kept, rate and gender told, and no body file is needed."""
    meant = person(joints=joints, expression=np.full((12, 10), 0.5))
    path = tmp_path / "walk.npz"
    report = amass.write(motion(meant), path)
    assert report.max_joint_error_m < SAME_M
    again = amass.read(path)
    (run,) = again.people
    np.testing.assert_allclose(places(run), places(meant), atol=SAME_M)
    np.testing.assert_allclose(run.joints_rad, meant.joints_rad, atol=1e-9)
    np.testing.assert_allclose(run.betas[:10], meant.betas, atol=1e-12)
    assert run.body == meant.body
    assert run.expression is not None
    assert again.fps == Fraction(30000, 1001)
    assert again.assumed == ()


@pytest.mark.parametrize("joints", [24, 52, 55])
def test_amass_has_the_keys_and_axes_of_amass(joints: int, tmp_path: Path) -> None:
    """As its users read it: SMPL's own translation, Z up."""
    meant = person(joints=joints)
    path = tmp_path / "walk.npz"
    amass.write(motion(meant), path)
    content = np.load(path)  # no pickle in it
    assert content["poses"].shape == (12, 3 * joints)
    assert content["betas"].shape == (16,)
    assert str(content["gender"]) == "neutral"
    rate = "mocap_frame_rate" if joints == 55 else "mocap_framerate"
    assert float(content[rate]) == pytest.approx(29.97, abs=1e-3)
    if joints == 55:
        assert str(content["surface_model_type"]) == "smplx"
        parts = ("root_orient", "pose_body", "pose_jaw", "pose_eye", "pose_hand")
        shapes = [content[name].shape[1] for name in parts]
        assert shapes == [3, 63, 3, 6, 90]
    joint_model = open_body(joints).joint_model
    pelvis = content["trans"] + joint_model.joints_m[0]
    x, y, z = meant.root_scene_m.T
    np.testing.assert_allclose(pelvis, np.stack([x, -z, y], axis=1), atol=1e-9)


def test_amass_is_gapless_at_the_rate_that_is_asked(tmp_path: Path) -> None:
    gap = person(frames=9)
    gap.root_scene_m[3:5] = np.nan
    gap.joints_rad[3:5] = np.nan
    path = tmp_path / "walk.npz"
    report = amass.write(motion(gap), path, fps="60000/1001")
    assert [check.held for check in report.people] == [2]
    assert "2 missing frames hold the pose before them" in report.notes
    assert len(amass.read(path).people[0].joints_rad) == 17


def test_shapes_of_the_open_body_are_not_told_as_smpls(tmp_path: Path) -> None:
    path = tmp_path / "walk.npz"
    own = person(body="")
    for report in (amass.write(motion(own), path), romp_npz.write(motion(own), path)):
        assert any("betas are zero" in note for note in report.notes)
        assert report.max_joint_error_m < SAME_M


@pytest.mark.parametrize("form", [amass, romp_npz])
def test_other_skeletons_are_refused(form: Any, tmp_path: Path) -> None:
    other = person()
    names = tuple(f"bone{i}" for i in range(24))
    other = replace(other, skeleton=replace(other.skeleton, joint_names=names))
    with pytest.raises(StudioError, match="has others; write BVH or JSON"):
        form.write(motion(other), tmp_path / "walk.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("files", ["video", "frames"])
def test_romp_comes_back(files: str, tmp_path: Path) -> None:
    """Everybody, also who comes later, goes and is there again, with the camera."""
    one, other = person(seed=0), person(seed=1, start=5)
    later = replace(person(seed=1, start=20, frames=4), betas=other.betas)
    goal = tmp_path / "walk.npz"
    report = romp_npz.write(motion(one, other, later), goal, files=files)
    assert report.max_joint_error_m < SAME_M
    assert report.notes == ()
    (path,) = report.paths
    assert path == (goal if files == "video" else tmp_path / "walk")
    again = romp_npz.read(path)
    assert again.size_px == SIZE  # solved from where joints fall
    np.testing.assert_allclose(
        again.cameras[0].intrinsics, picture_of_size(SIZE).camera().intrinsics
    )
    first, second = again.people
    np.testing.assert_allclose(places(first), places(one), atol=SAME_M)
    rows = slice(0, 12)
    np.testing.assert_allclose(places(second)[rows], places(other), atol=SAME_M)
    np.testing.assert_allclose(places(second)[15:19], places(later), atol=SAME_M)
    assert np.isnan(second.root_scene_m[12:15]).all()
    np.testing.assert_allclose(first.betas, one.betas, atol=1e-6)


def test_romps_own_code_collects_the_same_video_results(tmp_path: Path) -> None:
    """Its `save_video_results` over our folder of frames, against our own file."""
    both = motion(person(seed=0), person(seed=1, start=3, frames=9))
    romp_npz.write(both, tmp_path / "frames.npz", files="frames")
    romp_npz.write(both, tmp_path / "ours.npz")
    script = (
        "import sys, types, glob\n"
        "sys.modules['wget'] = types.ModuleType('wget')\n"
        "from romp.utils import save_video_results\n"
        "names = sorted(glob.glob(sys.argv[1] + '/*.npz'))\n"
        "save_video_results([n.replace('.npz', '.png') for n in names])\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, tmp_path / "frames"],
        check=True,
        capture_output=True,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    theirs = np.load(tmp_path / "frames" / "video_results.npz", allow_pickle=True)
    ours = np.load(tmp_path / "ours.npz", allow_pickle=True)
    assert_same(ours["results"][()], theirs["results"][()])
    assert_same(ours["sequence_results"][()], theirs["sequence_results"][()])


def assert_same(one: Any, other: Any) -> None:
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        assert [type(key) for key in one] == [type(key) for key in other]
        for key in one:
            assert_same(one[key], other[key])
        return
    np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    assert np.asarray(one).dtype == np.asarray(other).dtype


def test_a_romp_frame_has_romps_keys_shapes_and_types(tmp_path: Path) -> None:
    """Those that simple-romp 1.1.4 gave for two people, without what needs SMPL."""
    romp_npz.write(
        motion(person(seed=0), person(seed=1)), tmp_path / "f.npz", files="frames"
    )
    frame = tmp_path / "f" / "00000003.npz"
    told = np.load(frame, allow_pickle=True)["results"][()]
    assert {key: (value.shape, value.dtype.str) for key, value in told.items()} == {
        "cam": ((2, 3), "<f4"),
        "global_orient": ((2, 3), "<f4"),
        "body_pose": ((2, 69), "<f4"),
        "smpl_betas": ((2, 10), "<f4"),
        "smpl_thetas": ((2, 72), "<f4"),
        "center_preds": ((2, 2), "<i8"),
        "center_confs": ((2, 1), "<f4"),
        "cam_trans": ((2, 3), "<f4"),
        "joints": ((2, 24, 3), "<f4"),
        "pj2d_org": ((2, 24, 2), "<f4"),
        "track_ids": ((2,), "<i4"),
    }
    assert (np.abs(told["center_preds"] - 256) < 256).all()
    # ROMP's own camera: s x + t on [-1, 1] is near the perspective one
    square = told["cam"][:, None, :1] * told["joints"][..., :2]
    square = square + told["cam"][:, None, 1:]
    left, top = 0, (SIZE[0] - SIZE[1]) // 2
    pixels = (square + 1) * SIZE[0] / 2 - (left, top)
    assert np.abs(pixels - told["pj2d_org"]).max() < 25


def test_through_another_camera_people_stay_on_their_pixels(tmp_path: Path) -> None:
    """A long lens from elsewhere: ROMP's tools would draw people where they are."""
    camera = default_camera(SIZE, focal_px=2400.0)
    angle = 0.3
    turn = np.array(
        [
            [np.cos(angle), 0, np.sin(angle)],
            [0, 1, 0],
            [-np.sin(angle), 0, np.cos(angle)],
        ]
    )
    pose = np.column_stack([FLIP_YZ @ turn, [0.2, 0.1, 9.0]])
    camera = replace(camera, camera_from_scene=pose)
    meant = person()
    path = tmp_path / "walk.npz"
    report = romp_npz.write(motion(meant, camera=camera), path)
    assert any("moved along their rays" in note for note in report.notes)
    again = romp_npz.read(path, size="1280x720")
    (run,) = again.people
    ours = camera.project(meant.root_scene_m)
    theirs = again.cameras[0].project(run.root_scene_m)
    np.testing.assert_allclose(theirs, ours, atol=0.01)


def test_motion_without_a_camera_gets_one(tmp_path: Path) -> None:
    bare = replace(motion(person()), cameras={}, size_px=None, shots=())
    report = romp_npz.write(bare, tmp_path / "walk.npz")
    assert report.max_joint_error_m < SAME_M
    assert any("one was placed before" in note for note in report.notes)
    assert romp_npz.read(tmp_path / "walk.npz").size_px == (1920, 1080)


def test_people_behind_the_camera_are_no_people(tmp_path: Path) -> None:
    away = replace(person(), root_scene_m=np.tile([0.0, 0.0, 5.0], (12, 1)))
    with pytest.raises(StudioError, match="shows nobody before the camera"):
        romp_npz.write(motion(away), tmp_path / "walk.npz")
    report = romp_npz.write(motion(away, person(seed=1)), tmp_path / "walk.npz")
    assert "12 poses behind the camera were left out" in report.notes


def test_fingers_are_at_rest_in_romps_files(tmp_path: Path) -> None:
    meant = person(joints=55)
    path = tmp_path / "walk.npz"
    assert romp_npz.write(motion(meant), path).max_joint_error_m < SAME_M
    (run,) = romp_npz.read(path).people
    np.testing.assert_allclose(places(run)[:, :22], places(meant)[:, :22], atol=SAME_M)


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "walk" / "mine.txt"
    kept.parent.mkdir()
    kept.write_text("mine")
    with pytest.raises(StudioError, match="cannot be written"):
        romp_npz.write(motion(person()), tmp_path / "walk.npz", files="frames")
    assert kept.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["walk"]
