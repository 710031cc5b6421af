"""CMU Panoptic in every layout, with what the data set is known to get wrong."""

from __future__ import annotations

import json
import tarfile
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.formats import panoptic
from hpe_studio.formats.panoptic_folder import is_sequence, panoptic_folder
from hpe_studio.formats.panoptic_frames import body_frame, fps_of
from tests.panoptic_made import (
    body_file,
    hand_file,
    landmarks_text,
    made_sequence,
    write_calibration,
    write_frames,
)

# The toolbox README's sample body (spec 2.6), centimetres.
SAMPLE_CM = {
    0: (-19.4528, -146.612, 1.46159), 1: (-40.4564, -163.091, -0.521563),
    2: (-14.9749, -91.0176, 4.24329), 3: (-19.2473, -146.679, -16.1136),
    4: (-14.7958, -118.804, -20.6738), 6: (-12.3267, -91.5465, -6.55368),
    7: (-12.6556, -47.0963, -4.83599), 8: (-10.8069, -8.31645, -4.20936),
    9: (-20.2358, -147.348, 19.1843), 12: (-17.623, -90.4888, 15.0403),
    15: (-38.7164, -166.851, -3.25917), 16: (-28.7043, -167.333, -7.15903),
    17: (-39.0433, -166.677, 2.55916), 18: (-30.0718, -167.264, 8.18371),
}  # fmt: skip


def sample_m() -> np.ndarray:
    places = np.full((19, 3), np.nan)
    for joint, place in SAMPLE_CM.items():
        places[joint] = np.array(place) @ FLIP_YZ / 100
    return places


def only(motion: MotionFile, name: str = "coco19") -> PersonPoints:
    (run,) = [r for r in motion.points if r.point_set.name == name]
    return run


def test_the_readme_s_body_has_the_known_lengths_and_sides() -> None:
    places, confidence = body_frame(body_file({0: sample_m()}, 0)).points[0, "coco19"]
    assert places[0] == pytest.approx([-0.1945, 1.4661, -0.0146], abs=1e-4)

    def length_cm(a: int, b: int) -> float:
        return float(100 * np.linalg.norm(places[a] - places[b]))

    assert length_cm(0, 2) == pytest.approx(55.84, abs=0.01)
    assert length_cm(3, 4) == pytest.approx(28.59, abs=0.01)
    assert length_cm(6, 7) == pytest.approx(44.49, abs=0.01)
    assert length_cm(7, 8) == pytest.approx(38.83, abs=0.01)
    forward = places[1] - places[0]
    forward[1] = 0
    left = np.cross([0.0, 1.0, 0.0], forward)
    left /= np.linalg.norm(left)
    aside_cm = 100 * (places - places[0]) @ left
    for joint, expected in ((3, 17.52), (9, -17.72), (15, 2.89), (16, 7.71)):
        assert aside_cm[joint] == pytest.approx(expected, abs=0.02)
    for joint, expected in ((17, -2.93), (18, -7.69)):
        assert aside_cm[joint] == pytest.approx(expected, abs=0.02)
    assert np.isnan(places[5]).all()
    assert confidence[5] == 0


@pytest.mark.parametrize(
    "missing",
    [[0, 0, 0, -1], [0, 0, 0, 0.9], [-1, -1, -1, 0.9], [5, 5, 5, 0.1], [5, 5, 5, 0]],
)
def test_missing_joints_are_missing_however_they_are_written(missing) -> None:
    numbers = [10.0, -20.0, 30.0, 0.5] * 18 + missing
    data = json.dumps({"bodies": [{"id": 3, "joints19": numbers}]}).encode()
    places, confidence = body_frame(data).points[3, "coco19"]
    assert np.isnan(places[18]).all()
    assert confidence[18] == 0
    assert np.isfinite(places[:18]).all()


@pytest.mark.parametrize("as_tar", [False, True])
def test_frame_n_of_the_truth_is_frame_n_of_the_movie(tmp_path: Path, as_tar) -> None:
    sequence, joints = made_sequence(tmp_path, first=7, movies=False, as_tar=as_tar)
    assert panoptic.sniff(sequence, b"") == 1
    motion = panoptic.read(sequence)
    run = only(motion)
    assert (run.start, run.name, run.person_id) == (7, "id 4", "4")
    assert run.points_scene_m == pytest.approx(joints, abs=1e-5)
    assert (run.confidence == 0.5).all()
    assert motion.frame_count == 7 + len(joints)
    assert motion.fps == Fraction(30000, 1001)
    assert list(motion.views) == ["00_00", "00_01", "00_02"]
    assert motion.assumed == ()


def test_bodies_alone_open_too(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False)
    alone = sequence / "hdPose3d_stage1_coco19"
    assert panoptic.sniff(alone, b"") == 1
    assert only(panoptic.read(alone)).points_scene_m == pytest.approx(joints, abs=1e-5)


def test_a_tar_is_never_unpacked_and_foreign_members_are_left(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False, as_tar=True)
    path = sequence / "hdPose3d_stage1_coco19.tar"
    with tarfile.open(path, "a") as packed:
        for name in ("../../escaped.json", "/tmp/body3DScene_00000001.txt"):
            packed.addfile(tarfile.TarInfo(name))
        link = tarfile.TarInfo("hdPose3d_stage1_coco19/body3DScene_00000099.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        packed.addfile(link)
    motion = panoptic.read(sequence)
    assert motion.frame_count == 15
    assert sorted(p.name for p in tmp_path.iterdir()) == [sequence.name]


@pytest.mark.parametrize("within_a_member", [True, False])
def test_half_a_tar_is_one_sentence(tmp_path: Path, within_a_member) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False, as_tar=True)
    path = sequence / "hdPose3d_stage1_coco19.tar"
    with tarfile.open(path) as packed:
        end = packed.getmembers()[6].offset
    path.write_bytes(path.read_bytes()[: end + (700 if within_a_member else 0)])
    with pytest.raises(StudioError, match=r"is cut off after 6 frames; fetch it again"):
        panoptic.read(sequence)


def test_a_page_saved_as_tar_is_no_tar(tmp_path: Path) -> None:
    path = tmp_path / "hdPose3d_stage1_coco19.tar"
    path.write_bytes(b"<html>404</html>" * 100)
    with pytest.raises(StudioError, match="is no tar"):
        panoptic.read(path)


def test_missing_frames_and_people_are_gaps(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False, first=0)
    folder = sequence / "hdPose3d_stage1_coco19"
    (folder / "body3DScene_00000005.json").unlink()
    (folder / "body3DScene_00000006.json").write_bytes(body_file({}, 6))
    run = only(motion := panoptic.read(sequence))
    assert np.isnan(run.points_scene_m[5:7]).all()
    assert np.isfinite(run.points_scene_m[7:]).all()
    assert "Frames without truth between the first and the last: 1" in motion.warnings


def test_damaged_frames_count_as_missing_and_are_told(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False, first=0)
    folder = sequence / "hdPose3d_stage1_coco19"
    (folder / "body3DScene_00000002.json").write_bytes(b'{"bodies": [{"id": 4, "joi')
    (folder / "body3DScene_00000004.json").write_text(
        '{"bodies": [{"id": 4, "joints19": [NaN, 1, 2, 3]}]}'
    )
    motion = panoptic.read(sequence)
    assert np.isnan(only(motion).points_scene_m[[2, 4]]).all()
    assert any("2 frame files are damaged" in w for w in motion.warnings)


def test_nothing_readable_is_one_sentence(tmp_path: Path) -> None:
    path = write_frames(tmp_path, "hdPose3d_stage1_coco19", {0: b"{", 1: b"[]"})
    with pytest.raises(StudioError, match="holds no frames that can be read"):
        panoptic.read(path)


def test_ids_of_one_person_become_one_person(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False, first=0)
    shift = np.array([0.02, 0.0, 0.02])
    far = np.array([2.0, 0.0, 0.0])
    files = {}
    for i in range(12):
        bodies = {9: joints[i] + far, -1: joints[i]}
        if i < 5:
            bodies[4] = joints[i]
        elif i > 6:
            bodies[7] = joints[i] + shift
        files[i] = body_file(bodies, i)
    write_frames(sequence, "hdPose3d_stage1_coco19", files)
    motion = panoptic.read(sequence)
    assert [run.person_id for run in motion.points] == ["4", "9"]
    merged = motion.points[0].points_scene_m
    assert merged[:5] == pytest.approx(joints[:5], abs=1e-5)
    assert np.isnan(merged[5:7]).all()
    assert merged[7:] == pytest.approx(joints[7:] + shift, abs=1e-5)
    assert any(
        w.startswith("id 7 goes on as id 4 from frame 7") for w in motion.warnings
    )


def test_ids_that_begin_elsewhere_stay_apart(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False, first=0)
    files = {
        i: body_file({4: joints[i]} if i < 6 else {7: joints[i] + [0.5, 0, 0]}, i)
        for i in range(12)
    }
    write_frames(sequence, "hdPose3d_stage1_coco19", files)
    assert [r.person_id for r in panoptic.read(sequence).points] == ["4", "7"]


def test_hands_and_face_belong_to_their_body(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False, first=0)
    hand = joints[0, 5] + np.linspace(0, 0.1, 63).reshape(21, 3)
    face = joints[0, 1] + np.linspace(0, 0.1, 210).reshape(70, 3)
    bad = landmarks_text(hand) | {"averageReproError": [1e5] + [2.0] * 20}
    hands = [{"id": 4, "left_hand": bad}, {"id": -1, "right_hand": bad}]
    faces = [{"id": 4, "face70": landmarks_text(face)}, {"id": -1, "face70": {}}]
    write_frames(sequence, "hdHand3d", {2: hand_file(hands)}, as_tar=True)
    write_frames(sequence, "hdFace3d", {3: hand_file(faces)})
    motion = panoptic.read(sequence)
    assert {r.person_id for r in motion.points} == {"4"}
    left = only(motion, "left_hand21")
    assert left.points_scene_m[2, 1:] == pytest.approx(hand[1:], abs=1e-6)
    assert np.isnan(left.points_scene_m[2, 0]).all()
    assert np.isnan(left.points_scene_m[3]).all()
    assert left.confidence[2, 1:] == pytest.approx(0.6)
    assert only(motion, "face70").points_scene_m[3] == pytest.approx(face, abs=1e-6)
    assert {r.start for r in motion.points} == {0}
    assert {len(r.points_scene_m) for r in motion.points} == {12}
    bodies = panoptic.read(sequence, hands=False, face=False)
    assert [r.point_set.name for r in bodies.points] == ["coco19"]


def test_the_old_joint_set_has_a_head_top_not_a_nose(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False, first=0)
    folder = sequence / "hdPose3d_stage1_coco19"
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    files = {i: body_file({4: joints[i, :15]}, i) for i in range(3)}
    write_frames(sequence, "hdPose3d_stage1", files)
    run = only(panoptic.read(sequence), "mpi15")
    assert run.point_set.names[1] == "head_top"
    assert run.points_scene_m == pytest.approx(joints[:3, :15], abs=1e-5)


def test_vga_poses_have_a_clock_of_their_own(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False)
    files = {10 + i: body_file({4: joints[i]}, 10 + i, "vga") for i in range(4)}
    write_frames(sequence, "vgaPose3d_stage1_coco19", files)
    vga = panoptic.read(sequence, clock="vga")
    assert (vga.fps, only(vga).start) == (Fraction(25), 10)
    assert only(panoptic.read(sequence)).start == 3
    truth = panoptic.read_truth(sequence, clock="vga")
    assert truth.times_ms[10] == pytest.approx(42291.0 + 400, abs=1e-3)
    with pytest.raises(StudioError, match="has no VGA poses"):
        panoptic.read(made_sequence(tmp_path / "b", movies=False)[0], clock="vga")


@pytest.mark.parametrize(
    ("said", "fps"),
    [
        ("hd_29_97", Fraction(30000, 1001)),
        ("hd_59_94", Fraction(60000, 1001)),
        ("vga_25", Fraction(25)),
        ("", None),
    ],
)
def test_the_rate_is_what_the_files_call_it(said, fps) -> None:
    assert fps_of(said) == fps


def test_every_layout_of_footage_is_found(tmp_path: Path) -> None:
    write_calibration(tmp_path, ["00_00", "00_03", "01_02", "14_03"], "made")
    for name in (
        "hdVideos/hd_00_00.mp4",
        "hdImgs/00_03/00_03_00000007.jpg",
        "vgaVideos/vga_01_02.mp4",
        "vgaVideos/KINECTNODE3/vga_14_03.mp4",
        "vgaVideos/Thumbs.db",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    found = panoptic_folder(tmp_path)
    assert list(found.films) == ["00_00", "00_03", "01_02", "14_03"]
    assert [f.clock for f in found.films.values()] == ["hd", "hd", "vga", "vga"]
    assert [f.is_images for f in found.films.values()] == [False, True, False, False]
    assert is_sequence(tmp_path)


def test_a_calibration_of_another_sequence_is_refused(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False)
    (sequence / f"calibration_{sequence.name}.json").rename(
        sequence / "calibration_160906_band1.json"
    )
    with pytest.raises(StudioError, match="of 160906_band1, not of 170101_made1"):
        panoptic.read(sequence)


def test_a_calibration_without_a_camera_that_filmed_is_refused(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, cameras=("00_00",), movies=False)
    (sequence / "hdVideos").mkdir()
    (sequence / "hdVideos/hd_00_09.mp4").write_bytes(b"x")
    with pytest.raises(StudioError, match="has no camera 00_09, which filmed hd_00_09"):
        panoptic.read(sequence)


def test_another_folder_is_no_sequence(tmp_path: Path) -> None:
    assert panoptic.sniff(tmp_path, b"") == 0
    with pytest.raises(StudioError, match="holds no Panoptic sequence"):
        panoptic.read(tmp_path)


def test_what_is_written_is_the_data_set_s_own_form(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, movies=False)
    motion = panoptic.read(sequence)
    goal = tmp_path / "out.tar"
    report = panoptic.write(motion, goal)
    assert report.max_joint_error_m < 1e-5
    again = only(panoptic.read(goal))
    assert again.start == 3
    assert again.points_scene_m == pytest.approx(joints, abs=1e-5)
    with tarfile.open(goal) as packed:
        names = packed.getnames()
        stream = packed.extractfile(names[0])
        said = json.loads(stream.read())
    assert names[0] == "hdPose3d_stage1_coco19/body3DScene_00000003.json"
    assert said["fpsType"] == "hd_29_97"
    assert said["univTime"] == pytest.approx(3 * 1001 / 30, abs=1e-3)
    assert len(said["bodies"][0]["joints19"]) == 76


def test_missing_joints_are_written_as_the_data_set_does(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False)
    motion = panoptic.read(sequence)
    motion.points[0].points_scene_m[:, 8] = np.nan
    panoptic.write(motion, tmp_path / "out.tar")
    with tarfile.open(tmp_path / "out.tar") as packed:
        said = json.loads(packed.extractfile(packed.getnames()[0]).read())
    assert said["bodies"][0]["joints19"][32:36] == [0, 0, 0, -1]


@pytest.mark.data
def test_band1_as_it_is(test_data: Path) -> None:
    motion = panoptic.read(test_data / "panoptic/160906_band1")
    assert [run.person_id for run in motion.points] == ["0", "1", "2"]
    assert {run.start for run in motion.points} == {168}
    assert {len(run.points_scene_m) for run in motion.points} == {20}
    assert motion.frame_count == 188
    missing = sum(np.isnan(r.points_scene_m[..., 0]).sum() for r in motion.points)
    assert missing >= 80
    low_m = min(np.nanmin(r.points_scene_m[..., 1]) for r in motion.points)
    high_m = max(np.nanmax(r.points_scene_m[..., 1]) for r in motion.points)
    assert 0.0 < low_m < 0.15
    assert 0.85 < high_m < 1.3
    assert len(motion.views) == 31


@pytest.mark.data
def test_the_demo_s_pictures_are_a_sequence_without_truth(test_data: Path) -> None:
    motion = panoptic.read(test_data / "panoptic/160422_demo")
    assert motion.points == ()
    assert len(motion.views) == 31
    found = panoptic_folder(test_data / "panoptic/160422_demo")
    assert list(found.films) == ["00_03", "00_06", "00_12", "00_13", "00_23"]


@pytest.mark.data
def test_the_derived_set_keeps_its_own_rate(test_data: Path) -> None:
    motion = panoptic.read(test_data / "panoptic/derived_p2s_multi")
    assert motion.fps == Fraction(60000, 1001)
    assert (motion.frame_count, only(motion).start) == (100, 0)
