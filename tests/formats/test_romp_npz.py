"""ROMP and BEV: places, people, frames and camera come back exactly."""

from __future__ import annotations

import os
from fractions import Fraction

import numpy as np
import pytest

from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.formats import romp_npz
from hpe_studio.formats.romp_camera import (
    bev_translation_m,
    picture_of_size,
    romp_translation_m,
)
from hpe_studio.workflow.kinds import format_of

from .made_motion import assert_same_motion, made
from .made_romp import (
    bev_people,
    frames_of,
    old_people,
    romp_people,
    seventy_one,
    write_folder,
    write_video,
)

SIZE = (1280, 720)
FRAMES = [0, 1, 2, 5, 6, 9]
LEFT = made(frames=FRAMES, seed=1, at=(-0.8, 0.1, 4.0))
RIGHT = made(frames=range(2, 10), seed=2, at=(0.9, 0.2, 6.0))


def two(people=romp_people, **options):
    both = [(person, people(person, SIZE)) for person in (LEFT, RIGHT)]
    return frames_of(both, **options)


def assert_both(motion):
    assert len(motion.people) == 2
    for person in (LEFT, RIGHT):
        run = min(
            motion.people,
            key=lambda run: abs(run.root_scene_m[0, 0] - person.root_m[0, 0]),
        )
        assert run.start == person.frames[0]
        present = np.flatnonzero(np.isfinite(run.root_scene_m[:, 0]))
        np.testing.assert_array_equal(present + run.start, person.frames)
        assert_same_motion(run, person.scene_m)
        assert run.body == "smpl"
        assert run.betas.shape == (10,)
    assert motion.frame_count == 10
    assert motion.shots == ((0, 10),)


@pytest.mark.parametrize("people", [romp_people, bev_people])
@pytest.mark.parametrize("with_ids", [True, False])
def test_folders_of_frames(tmp_path, people, with_ids):
    folder = write_folder(tmp_path / "results", two(people, with_ids=with_ids))
    assert format_of(folder) == "romp"
    motion = romp_npz.read(folder)
    assert_both(motion)
    assert motion.fps == 30
    assert motion.size_px == SIZE
    linked = any("joined" in sentence for sentence in motion.assumed)
    assert linked is not with_ids
    assert motion.warnings == ()


@pytest.mark.parametrize("people", [romp_people, bev_people])
@pytest.mark.parametrize("with_ids", [True, False])
def test_video_results(tmp_path, people, with_ids):
    frames = two(people, with_ids=with_ids)
    path = write_video(tmp_path / "video_results.npz", frames)
    assert format_of(path) == "romp"
    assert_both(romp_npz.read(path))
    assert_both(romp_npz.read(tmp_path))  # a folder that holds nothing else


def test_tracks_alone_are_enough(tmp_path):
    path = tmp_path / "video_results.npz"
    write_video(path, two(with_ids=True))
    tracks = np.load(path, allow_pickle=True)["sequence_results"][()]
    np.savez(path, results={}, sequence_results=tracks)
    motion = romp_npz.read(path)
    assert_both(motion)
    assert {run.person_id for run in motion.people} == {"1", "2"}


@pytest.mark.parametrize("joints", ["j3d_all54", "j3d_smpl24"])
def test_the_first_versions_wrote_lists(tmp_path, joints):
    frames = {n: old_people(people, joints) for n, people in two().items()}
    folder = write_folder(tmp_path / "old", frames, name="{:05d}.npz")
    assert format_of(folder) == "romp"
    assert_both(romp_npz.read(folder))


def test_one_picture(tmp_path):
    path = tmp_path / "street.npz"
    np.savez(path, results=two()[5])
    motion = romp_npz.read(path)
    assert motion.frame_count == 1
    assert len(motion.people) == 2


@pytest.mark.parametrize("count", [24, 45, 49, 54, 71])
def test_every_set_of_joints(tmp_path, count):
    person = made(frames=4, seed=3, stick=False)
    people = romp_people(person, SIZE)
    joints = people["joints"]
    if count == 49:  # SPIN's order: pelvis is the middle hip of BODY_25
        joints = np.concatenate([joints[:, 24:32], joints[:, :1], joints[:, 24:64]], 1)
    people["joints"] = joints[:, :count]
    people["pj2d_org"] = people["pj2d_org"][:, : count if count != 49 else 0]
    folder = write_folder(tmp_path / "f", frames_of([(person, people)]))
    assert_same_motion(romp_npz.read(folder).people[0], person.scene_m)


def test_without_joints_the_open_body_stands_in_and_is_named(tmp_path):
    person = made(frames=4, seed=3, stick=False)
    people = romp_people(person, SIZE)
    for key in ("joints", "pj2d_org", "verts"):
        del people[key]
    folder = write_folder(tmp_path / "f", frames_of([(person, people)]))
    motion = romp_npz.read(folder, size="1280x720", fps="24000/1001")
    assert_same_motion(motion.people[0], person.scene_m)
    assert any("open body" in sentence for sentence in motion.assumed)
    assert motion.size_px == SIZE
    assert motion.fps == Fraction(24000, 1001)


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080), (720, 1280), (500, 500)])
def test_bodies_fall_on_the_picture_where_bev_saw_them(tmp_path, size):
    person = made(frames=5, seed=4)
    people = bev_people(person, size)
    motion = romp_npz.read(write_folder(tmp_path / "f", frames_of([(person, people)])))
    assert motion.size_px == size
    pixels = motion.cameras[0].project(person.scene_m)
    off = np.linalg.norm(pixels - people["pj2d_org"][:, :24], axis=-1)
    assert off.max() <= 0.05


def test_bodies_fall_on_the_picture_where_romp_saw_them(tmp_path):
    """ROMP's own projection has no perspective; far away the two agree."""
    person = made(frames=5, seed=4, at=(3.0, -2.0, 90.0))
    people = romp_people(person, (1920, 1080))
    motion = romp_npz.read(write_folder(tmp_path / "f", frames_of([(person, people)])))
    assert motion.size_px == (1920, 1080)
    assert motion.cameras[0].intrinsics[0, 0] == pytest.approx(1662.75)
    pixels = motion.cameras[0].project(person.scene_m)
    off = np.linalg.norm(pixels - people["pj2d_org"][:, :24], axis=-1)
    assert off.max() <= 0.5


def test_worked_numbers_of_cameras():
    trans = romp_translation_m(np.array([[0.5, 0.1, -0.2]]))
    np.testing.assert_allclose(trans, [[0.4, -0.8, 4.0]], atol=1e-12)
    trans = bev_translation_m(np.array([[0.3, -0.1, 0.2]]))
    np.testing.assert_allclose(trans, [[0.66284, -0.33142, 5.74036]], atol=1e-5)
    assert picture_of_size((1920, 1080)).centre_px == (960, 540)
    assert picture_of_size((1280, 720)).camera().intrinsics[0, 0] == pytest.approx(
        1108.5
    )


def test_pixels_of_the_worked_example(tmp_path):
    """ROMP s=.5 tx=.1 ty=-.2, joint (.2, -.3) in 1920x1080 is pixel (1152, 204)."""
    from .made_romp import pixels

    square = 0.5 * np.array([0.2, -0.3]) + [0.1, -0.2]
    np.testing.assert_allclose(square, [0.2, -0.35])
    np.testing.assert_allclose(pixels(square, (1920, 1080)), [1152, 204])


def test_mixed_folders(tmp_path):
    folder = write_folder(tmp_path / "f", two(), name="clip_{:06d}.npz")
    np.savez(folder / "000003.npz", other=np.zeros(3))
    (folder / "clip_000007.npz").write_bytes(b"PK\x03\x04 cut off")
    (folder / "notes.txt").write_text("hello")
    np.savez(folder / "camera.npz", K=np.eye(3))
    motion = romp_npz.read(folder)
    assert motion.frame_count == 10
    left_out = "000003.npz and 1 more were left out, as of something else"
    assert left_out in motion.warnings
    assert any(w.startswith("clip_000007.npz was") for w in motion.warnings)


def test_numbers_decide_not_names_and_order(tmp_path):
    folder = write_folder(tmp_path / "f", two(), name="frame{}.npz")
    assert_both(romp_npz.read(folder))


def test_failed_estimates_and_doubled_numbers_are_told(tmp_path):
    frames = two(with_ids=True)
    frames[1]["cam_trans"][0] = -1
    frames[5]["track_ids"][:] = 1
    motion = romp_npz.read(write_folder(tmp_path / "f", frames))
    assert "1 failed estimates were left out" in motion.warnings
    assert "Two people have the same number on 1 of the frames" in motion.warnings


def test_long_absences_begin_a_new_run_of_the_same_person(tmp_path):
    person = made(frames=[0, 1, 500, 501, 10**8], seed=1)
    frames = frames_of([(person, romp_people(person, SIZE))], with_ids=True)
    with pytest.raises(StudioError, match="beyond any clip"):
        romp_npz.read(write_folder(tmp_path / "f", frames))
    (tmp_path / "f" / "100000000.npz").unlink()
    motion = romp_npz.read(tmp_path / "f")
    assert [run.start for run in motion.people] == [0, 500]
    assert {run.person_id for run in motion.people} == {"1"}


class Attack:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


def test_hostile_files_are_refused_by_name_and_never_run(tmp_path):
    folder = write_folder(tmp_path / "f", two())
    witness = tmp_path / "was_here"
    np.savez(folder / "00000003.npz", results={"cam": Attack(witness)})
    with pytest.raises(StudioError, match=r"00000003\.npz: asks to run .*system"):
        romp_npz.read(folder)
    with pytest.raises(StudioError, match="asks to run"):
        romp_npz.read(folder / "00000003.npz")
    assert not witness.exists()


@pytest.mark.parametrize(
    "results",
    [{}, {"smpl_thetas": np.zeros((1, 5))}, {"cam": np.zeros((1, 3))}, 3, [{"a": 1}],
     {"smpl_thetas": np.zeros((2, 72)), "cam_trans": np.zeros((1, 3))},
     {"smpl_thetas": np.zeros((1, 72)), "cam_trans": np.ones((1, 3)),
      "joints": np.zeros((1, 7, 3))}],
)  # fmt: skip
def test_other_content_is_refused_in_one_sentence(tmp_path, results):
    path = tmp_path / "x.npz"
    np.savez(path, results=results)
    with pytest.raises(StudioError, match=r"x\.npz: "):
        romp_npz.read(path)


def test_empty_folders_are_nobodys(tmp_path):
    assert romp_npz.sniff(tmp_path, b"") == 0
    with pytest.raises(StudioError, match="holds no"):
        romp_npz.read(tmp_path)


def test_the_made_joints_are_those_of_the_person():
    relative = seventy_one(LEFT)[:, :24] + LEFT.transl_m[:, None]
    np.testing.assert_allclose(relative @ FLIP_YZ.T, LEFT.scene_m, atol=1e-12)
