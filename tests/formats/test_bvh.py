"""BVH: exact to read back, read by others' readers, foreign dialects read."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile
from hpe_studio.formats import bvh
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.rotations import euler_deg_from_matrix, matrix_from_rotvec

from .scenes import motion, person


def places_of(file: MotionFile) -> tuple[np.ndarray, tuple[str, ...]]:
    run = file.people[0]
    joints, _ = forward_kinematics(
        run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
    )
    return joints, run.skeleton.joint_names


@pytest.mark.parametrize("axes", sorted(bvh.PRESETS))
@pytest.mark.parametrize("bones", ["smpl24", "smplh52", "smplx55"])
def test_round_trip_is_exact(tmp_path: Path, axes: str, bones: str) -> None:
    meant = motion(person(bones=bones))
    report = bvh.write(meant, tmp_path / "a.bvh", axes=axes)
    assert report.max_joint_error_m < 1e-6
    again = bvh.read(tmp_path / "a.bvh")
    wanted, names = places_of(meant)
    got, got_names = places_of(again)
    columns = [got_names.index(n) for n in names]
    np.testing.assert_allclose(got[:, columns], wanted, atol=2e-6)
    assert again.fps == Fraction(24000, 1001)


@pytest.mark.parametrize("order", bvh.ORDERS)
def test_every_rotation_order_reads_back(tmp_path: Path, order: str) -> None:
    report = bvh.write(motion(), tmp_path / "a.bvh", order=order)
    assert report.max_joint_error_m < 1e-6


def test_worked_euler_angles() -> None:
    matrix = matrix_from_rotvec(np.array([0.3, 0.5, -0.4]))
    np.testing.assert_allclose(
        euler_deg_from_matrix(matrix, "ZYX"),
        [-20.198095, 31.124805, 12.118679],
        atol=1e-5,
    )


@pytest.mark.parametrize(
    "rate",
    ["24000/1001", "30000/1001", "60000/1001", "24", "25", "29.97", "23.976", "120"],
)
def test_frame_rates_stay_exact(tmp_path: Path, rate: str) -> None:
    bvh.write(motion(), tmp_path / "a.bvh", fps=rate)
    exact = {"29.97": Fraction(30000, 1001), "23.976": Fraction(24000, 1001)}
    assert bvh.read(tmp_path / "a.bvh").fps == exact.get(rate) or Fraction(rate)
    assert bvh.read(tmp_path / "a.bvh").fps == exact.get(rate, Fraction(rate))


def test_rounded_frame_times_mean_standard_rates() -> None:
    assert bvh.rate_of(0.0333667) == Fraction(30000, 1001)
    assert bvh.rate_of(0.0416667) == 24
    assert bvh.rate_of(0.0083333) == 120
    assert bvh.rate_of(0.041708) == Fraction(24000, 1001)


def test_missing_frames_are_held_and_said(tmp_path: Path) -> None:
    report = bvh.write(motion(person(with_gap=True, start=4)), tmp_path / "a.bvh")
    assert any("3 missing frames" in note for note in report.notes)
    assert any("frame 4 of the clip" in note for note in report.notes)
    joints, _ = places_of(bvh.read(tmp_path / "a.bvh"))
    np.testing.assert_allclose(joints[10:13], joints[[9, 9, 9]], atol=1e-6)


def test_variable_frame_rate_is_resampled_and_said(tmp_path: Path) -> None:
    from dataclasses import replace

    times = np.cumsum(np.r_[0.0, np.tile([0.02, 0.06], 30)[:59]])
    meant = replace(motion(fps=Fraction(25)), times_s=times)
    report = bvh.write(meant, tmp_path / "a.bvh")
    assert any("variable frame rate" in note for note in report.notes)
    again = bvh.read(tmp_path / "a.bvh").people[0]
    run = meant.people[0]
    # 0.08 s is the presentation time of frame 2 and of row 2 at 25 fps
    np.testing.assert_allclose(again.root_scene_m[2], run.root_scene_m[2], atol=1e-5)


def test_several_people_need_several_files(tmp_path: Path) -> None:
    two = motion(person(), person(person_id="8"))
    with pytest.raises(StudioError, match="holds one person"):
        bvh.write(two, tmp_path / "a.bvh")
    assert not list(tmp_path.iterdir())


def test_pybvh_reads_the_same_joints(tmp_path: Path) -> None:
    import pybvh

    meant = motion()
    bvh.write(meant, tmp_path / "a.bvh", axes="motionbuilder")
    theirs = pybvh.read_bvh_file(tmp_path / "a.bvh")
    wanted, names = places_of(meant)
    coordinates = theirs.joint_positions(centered="world")
    for joint, name in enumerate(names):
        got = coordinates[:, list(theirs.joint_names).index(name)] / 100
        np.testing.assert_allclose(got, wanted[:, joint], atol=1e-5)


def test_bvhio_reads_the_same_joints(tmp_path: Path) -> None:
    import bvhio

    meant = motion()
    bvh.write(meant, tmp_path / "a.bvh")
    root = bvhio.readAsHierarchy(str(tmp_path / "a.bvh"))
    wanted, names = places_of(meant)
    for frame in (0, 7, 29):
        root.loadPose(frame)
        for joint, _, _ in root.layout():
            if joint.Name in names:
                got = np.array(joint.PositionWorld)
                expected = wanted[frame, names.index(joint.Name)]
                np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "frames", "joints", "fps"),
    [
        ("motion/cmu_12_01_walk.bvh", 524, 31, 120),
        ("motion/cmu_01_01_assimp.bvh", 2752, 31, 120),
        ("motion/20tab_freebvh.bvh", 69, 55, 30),
        ("motion/bvhio_example.bvh", 2, 18, 30),
        ("motion/pybvh_test1.bvh", 75, 24, 30),
        ("romp/romp_dance2.bvh", 500, 25, 24),
    ],
)
def test_foreign_dialects_are_read(
    test_data: Path, file: str, frames: int, joints: int, fps: int
) -> None:
    read = bvh.read(test_data / file)
    assert read.frame_count == frames
    assert read.people[0].skeleton.joint_count == joints
    assert read.fps == fps
    rest = read.people[0].rest_joints_m
    assert 1.2 < np.ptp(rest[:, 1]) < 2.0, "a person of usual size, in metres"


@pytest.mark.data
def test_foreign_motion_is_where_bvhio_says(test_data: Path) -> None:
    import bvhio

    path = test_data / "motion" / "cmu_12_01_walk.bvh"
    read = bvh.read(path, unit="m")
    wanted, names = places_of(read)
    root = bvhio.readAsHierarchy(str(path))
    for frame in (0, 200, 523):
        root.loadPose(frame)
        for joint, _, _ in root.layout():
            if joint.Name in names:
                expected = wanted[frame, names.index(joint.Name)]
                np.testing.assert_allclose(
                    np.array(joint.PositionWorld), expected, atol=2e-3
                )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no MOTION"),
        ("HIERARCHY\nMOTION\nFrames: 1\nFrame Time: 1\n", "no joints"),
        ("HIERARCHY ROOT a { OFFSET 0 0 x }", "MOTION"),
        ("HIERARCHY ROOT a { OFFSET 0 0 x }\nMOTION", "no number"),
        ("HIERARCHY ROOT a { OFFSET 0 0 0\nMOTION", "never closed"),
        ("HIERARCHY ROOT a { OFFSET 0 0 0 } }\nMOTION", "closes too many"),
        ("HIERARCHY ROOT a { CHANNELS 99 Xrotation }\nMOTION", "CHANNELS"),
        ("HIERARCHY ROOT a { CHANNELS 1 Wrotation }\nMOTION", "CHANNELS"),
        (
            "HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 1 Xrotation }\n"
            "MOTION\nFrames: 2\nFrame Time: 0\n1\n2\n",
            "frame time",
        ),
        (
            "HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 1 Xrotation }\n"
            "MOTION\nFrames: 2\nFrame Time: 0.1\n1\ntwo\n",
            "'two'",
        ),
        (
            "HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 1 Xrotation }\n"
            "MOTION\nFrames: 2\nFrame Time: 0.1\nnan\n1\n",
            "no numbers",
        ),
        (
            "HIERARCHY ROOT a { OFFSET 1e99 0 0 CHANNELS 1 Xrotation }\nMOTION\n",
            "out of range",
        ),
    ],
)
def test_bad_files_are_refused_in_one_sentence(
    tmp_path: Path, text: str, said: str
) -> None:
    path = tmp_path / "bad.bvh"
    path.write_text(text)
    with pytest.raises(StudioError) as caught:
        bvh.read(path)
    message = str(caught.value)
    assert "bad.bvh" in message
    assert said in message
    assert "\n" not in message


def test_a_truncated_file_gives_what_is_whole(tmp_path: Path) -> None:
    bvh.write(motion(), tmp_path / "a.bvh")
    text = (tmp_path / "a.bvh").read_text()
    (tmp_path / "cut.bvh").write_text(text[: len(text) * 2 // 3])
    read = bvh.read(tmp_path / "cut.bvh")
    assert 0 < read.frame_count < 30
    assert any("says 30 frames" in w for w in read.warnings)
