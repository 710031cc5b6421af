"""Panoptic sequences as projects: first picture, views, truth, bodies on it."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import run_job
from hpe_studio.core.tables import Setting
from hpe_studio.posing.resolve import resolve
from hpe_studio.workflow.bodies import body_of
from hpe_studio.workflow.opening import Opened, open_clip, open_path
from hpe_studio.workflow.play_truth import apply_truth, play_truth_job
from hpe_studio.workflow.recordings import body_points_m, read_recording
from hpe_studio.workflow.sequences import (
    complete,
    complete_job,
    is_incomplete,
    open_sequence,
    open_whole_sequence,
)
from tests.clips import read_code, write_movie
from tests.panoptic_made import (
    STEP_MS,
    body_file,
    dome_camera,
    hand_file,
    landmarks_text,
    made_sequence,
    write_calibration,
    write_frames,
)


@pytest.fixture
def closing():
    opened: list[Opened] = []
    yield lambda one: opened.append(one) or one
    for one in opened:
        one.close()


def test_the_first_film_opens_at_once_and_the_rest_is_added(
    tmp_path: Path, closing
) -> None:
    sequence, joints = made_sequence(tmp_path, as_tar=True)
    opened = closing(open_path(sequence))
    document = opened.project.document
    assert opened.is_new
    assert opened.warnings == ()
    assert opened.project.path == tmp_path / f"{sequence.name}.hpes"
    assert document.clip.path.name == "hd_00_00.mp4"
    assert document.clip.fps == Fraction(30000, 1001)
    assert read_code(opened.footage.read_rgb(7)) == 7
    assert [(s.start, s.stop) for s in document.shots] == [(0, 20)]
    assert is_incomplete(document)
    complete(document, run_job(complete_job(document)))
    assert not is_incomplete(document)
    assert [v.name for v in document.views.values()] == ["00_01", "00_02"]
    (truth,) = document.truths.values()
    assert (truth.person, truth.camera_name, truth.start) == ("id 4", "00_00", 3)
    assert truth.points_scene_m == pytest.approx(joints, abs=1e-5)


def test_every_view_is_calibrated_where_it_stands(tmp_path: Path, closing) -> None:
    sequence, joints = made_sequence(tmp_path)
    document = closing(open_whole_sequence(sequence)).project.document
    for number, name in enumerate(("00_00", "00_01", "00_02")):
        assert document.view_name(number) == name
        ours = document.camera_at(5, number).project(joints[2])
        theirs = dome_camera(name, 0.7 * number).camera.project(joints[2])
        assert ours == pytest.approx(theirs, abs=1e-6)
    assert [v.frame_at(9, document.clip) for v in document.views.values()] == [9, 9]


def test_any_film_may_be_the_clip(tmp_path: Path, closing) -> None:
    sequence, _ = made_sequence(tmp_path)
    document = closing(open_whole_sequence(sequence, camera="00_01")).project.document
    assert document.clip.path.name == "hd_00_01.mp4"
    assert [v.name for v in document.views.values()] == ["00_00", "00_02"]
    with pytest.raises(StudioError, match="has no footage of camera 00_30"):
        open_sequence(sequence, camera="00_30")


def test_opening_again_finds_the_project(tmp_path: Path, closing) -> None:
    sequence, _ = made_sequence(tmp_path)
    open_whole_sequence(sequence).close()
    again = closing(open_path(sequence))
    assert not again.is_new
    assert not is_incomplete(again.project.document)
    assert len(again.project.document.views) == 2
    assert len(list(tmp_path.glob("*.hpes"))) == 1


def test_images_count_from_the_number_in_their_name(tmp_path: Path, closing) -> None:
    import cv2

    sequence, joints = made_sequence(
        tmp_path, movies=False, first=100, cameras=("00_00", "00_01")
    )
    for camera, first in (("00_00", 98), ("00_01", 102)):
        folder = sequence / "hdImgs" / camera
        folder.mkdir(parents=True)
        for number in range(first, first + 10):
            if number != 104:
                picture = np.full((180, 320, 3), number, np.uint8)
                cv2.imwrite(str(folder / f"{camera}_{number:08d}.jpg"), picture)
    document = closing(open_whole_sequence(sequence)).project.document
    (truth,) = document.truths.values()
    assert truth.start == 2
    assert truth.at(2) == pytest.approx(joints[0], abs=1e-5)
    (view,) = document.views.values()
    assert view.frame_at(4, document.clip) == 0
    assert view.frame_at(3, document.clip) is None
    assert document.clip.fps == Fraction(30000, 1001)
    assert document.clip.missing_frames == (6,)


def test_vga_films_lie_beside_hd_ones_by_the_common_time(
    tmp_path: Path, closing
) -> None:
    cameras = ("00_00", "01_02")
    sequence, joints = made_sequence(tmp_path, cameras=("00_00",))
    write_calibration(sequence, cameras)
    (sequence / "vgaVideos/KINECTNODE1").mkdir(parents=True)
    write_movie(
        sequence / "vgaVideos/KINECTNODE1/vga_01_02.mp4",
        "libx264",
        frames=30,
        size=(320, 180),
        fps=Fraction(25),
    )
    # HD began 400 ms after VGA: its frame 0 is VGA's frame 10.
    late = {
        20 + i: body_file({4: joints[i]}, 20 + i, "vga").replace(
            f'"univTime" :{42291.0 + 40 * (20 + i):.3f}'.encode(),
            f'"univTime" :{42291.0 - 400 + 40 * (20 + i):.3f}'.encode(),
        )
        for i in range(3)
    }
    write_frames(sequence, "vgaPose3d_stage1_coco19", late)
    opened = closing(open_whole_sequence(sequence))
    document = opened.project.document
    (view,) = document.views.values()
    for frame in (0, 6, 11):
        exact = 10 + frame * STEP_MS["hd"] / 40
        assert abs(view.frame_at(frame, document.clip) - exact) < 1.0
    assert not [w for w in opened.warnings if "common time" in w]


def test_clocks_without_a_common_time_are_told(tmp_path: Path, closing) -> None:
    sequence, _ = made_sequence(tmp_path, cameras=("00_00",))
    write_calibration(sequence, ("00_00", "01_02"))
    (sequence / "vgaVideos").mkdir()
    write_movie(
        sequence / "vgaVideos/vga_01_02.mp4", "libx264", frames=10, size=(320, 180)
    )
    warnings = closing(open_whole_sequence(sequence)).warnings
    assert any("no common time" in w for w in warnings)


def test_the_sync_tables_say_the_common_time_one_further(tmp_path: Path) -> None:
    from hpe_studio.formats.panoptic_sync import frames_between, table_times

    path = tmp_path / "synctables_made.json"
    hd = [0.0, *(1000 + n * STEP_MS["hd"] for n in range(40))]
    vga = [800 + 40.0 * n for n in range(40)]
    text = f'{{"hd": {{"univ_time": {hd}}}, "vga": {{"univ_time": {vga}}}}}'
    path.write_text(text)
    times = table_times(path)
    assert times["hd"][0] == 1000  # spec 2.7: frame n stands at n + 1
    offset, step = frames_between(times, "hd", "vga")
    assert offset == pytest.approx(5.0)
    assert step == pytest.approx(STEP_MS["hd"] / 40)


def test_bodies_follow_the_truth_as_a_take(tmp_path: Path, closing) -> None:
    sequence, joints = made_sequence(tmp_path, movie_frames=12, first=3)
    document = closing(open_whole_sequence(sequence)).project.document
    persons = apply_truth(document, run_job(play_truth_job(document)))
    (person,) = persons
    assert person.name == "id 4 (truth)"
    (take,) = document.takes.values()
    assert take.name == f"Truth {sequence.name}"
    (note,) = [n for n in take.options["notes"] if "mm off" in n]
    assert "id 4 (truth)" in note
    (track,) = document.tracks_of(person.id)
    assert (track.start, track.stop) == (3, 12)
    body, _ = body_of(document)
    motion = resolve(track, ())
    points = body_points_m(
        body.joint_model,
        body.skeleton,
        motion.joints_rad,
        motion.root_scene_m,
        betas=np.array(document.persons[person.id].betas),
        scale=document.persons[person.id].scale,
    )
    off_mm = 1000 * np.linalg.norm(points - joints[:9], axis=-1)
    assert off_mm.mean() < 15
    document.undo()
    assert not document.takes


def test_without_truth_there_is_nothing_to_play(tmp_path: Path, closing) -> None:
    sequence, _ = made_sequence(tmp_path)
    document = closing(open_sequence(sequence)).project.document
    with pytest.raises(StudioError, match="there is no truth to play"):
        run_job(play_truth_job(document))


def test_truth_beyond_the_film_is_one_sentence(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, first=500)
    with pytest.raises(StudioError, match="begins at frame 500, the film ends at 19"):
        open_whole_sequence(sequence)
    assert not list(tmp_path.glob("*.hpes"))


def test_a_project_in_the_way_comes_back_where_the_new_one_fails(
    tmp_path: Path,
) -> None:
    sequence, _ = made_sequence(tmp_path)
    goal = tmp_path / "run.hpes"
    first = open_clip(sequence, project_path=goal)
    with first.project.document.edit("Mark") as edit:
        edit.put(Setting(name="mine", value=7))
    first.close()
    shutil.rmtree(sequence / "hdPose3d_stage1_coco19")
    write_frames(sequence, "hdPose3d_stage1_coco19", {0: b"{"})
    with pytest.raises(StudioError, match="no frames that can be read"):
        open_clip(sequence, project_path=goal, overwrite=True)
    kept = open_clip(sequence, project_path=goal)
    assert kept.project.document.setting("mine", 0) == 7
    kept.close()


def test_half_a_film_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path)
    film = sequence / "hdVideos/hd_00_00.mp4"
    film.write_bytes(film.read_bytes()[:2000])
    with pytest.raises(StudioError, match="cut off or damaged"):
        open_path(sequence)
    assert not list(tmp_path.glob("*.hpes"))


def test_of_thirty_one_cameras_one_film_is_read_before_the_first_picture(
    tmp_path: Path, closing, monkeypatch: pytest.MonkeyPatch
) -> None:
    cameras = tuple(f"00_{n:02d}" for n in range(31))
    sequence, _ = made_sequence(tmp_path, cameras=("00_00",), frames=300)
    write_calibration(sequence, cameras)
    movie = (sequence / "hdVideos/hd_00_00.mp4").read_bytes()
    for camera in cameras[1:]:
        (sequence / f"hdVideos/hd_{camera}.mp4").write_bytes(movie)
    read: list[str] = []
    plain = av.open

    def note(file, *rest, **named):
        read.append(Path(str(getattr(file, "name", file))).name)
        return plain(file, *rest, **named)

    monkeypatch.setattr(av, "open", note)
    opened = closing(open_path(sequence))
    opened.footage.read_rgb(0)
    assert set(read) == {"hd_00_00.mp4"}
    document = opened.project.document
    complete(document, run_job(complete_job(document)))
    assert len(document.views) == 30


def test_hands_say_nothing_of_the_body_s_wrists(tmp_path: Path) -> None:
    sequence, joints = made_sequence(tmp_path, first=0)
    hand = np.tile(joints[0, 5] + [0.05, 0, 0], (21, 1))
    people = [{"id": 4, "left_hand": landmarks_text(hand)}]
    write_frames(sequence, "hdHand3d", {0: hand_file(people)})
    recording = read_recording(sequence)
    assert recording.people.names == ("id 4",)
    assert recording.people.points_m[0, 0] == pytest.approx(joints[0], abs=1e-5)


@pytest.mark.data
def test_band1_plays_without_any_film(test_data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "160906_band1"
    folder.mkdir()
    for name in ("calibration_160906_band1.json", "hdPose3d_stage1_coco19"):
        (folder / name).symlink_to(test_data / "panoptic/160906_band1" / name)
    opened = open_path(folder)
    try:
        document = opened.project.document
        assert opened.footage is None
        assert [p.name for p in document.persons.values()] == ["id 0", "id 1", "id 2"]
        assert {(t.start, t.stop) for t in document.tracks.values()} == {(168, 188)}
        (note,) = [n for n in opened.warnings if "mm off" in n]
        off_mm = [float(part.split()[-2]) for part in note.split("(")[1].split(",")]
        assert max(off_mm) <= 30
    finally:
        opened.close()


@pytest.mark.data
def test_the_demo_s_five_cameras_open(test_data: Path, tmp_path: Path, closing) -> None:
    goal = tmp_path / "demo.hpes"
    folder = test_data / "panoptic/160422_demo"
    opened = closing(open_whole_sequence(folder, project_path=goal))
    document = opened.project.document
    assert [v.name for v in document.views.values()] == [
        "00_06",
        "00_12",
        "00_13",
        "00_23",
    ]
    assert document.clip.frame_count == 2
    assert [v.frame_at(1, document.clip) for v in document.views.values()] == [1] * 4
    assert any("no poses" in w for w in opened.warnings)
    assert opened.footage.read_rgb(1).shape == (1080, 1920, 3)


def test_an_estimate_of_a_sequence_is_made_on_its_first_film(tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path)
    goal = tmp_path / "run.hpes"
    opened = open_clip(sequence, project_path=goal)
    assert opened.project.document.clip.path.name == "hd_00_00.mp4"
    assert len(opened.project.document.views) == 2
    apply_truth(
        opened.project.document, run_job(play_truth_job(opened.project.document))
    )
    opened.close()
    again = open_clip(sequence, project_path=goal, overwrite=True)
    assert not again.project.document.takes
    again.close()
    kept = open_clip(sequence, project_path=goal)  # the new one had no take
    assert kept.project.document.takes
    kept.close()


def test_hd_truth_is_laid_over_a_vga_film_by_the_sync_tables(
    tmp_path: Path, closing
) -> None:
    sequence, joints = made_sequence(tmp_path, cameras=("01_02",), movies=False)
    files = {10 + i: body_file({4: joints[i]}, 10 + i) for i in range(12)}
    shutil.rmtree(sequence / "hdPose3d_stage1_coco19")
    write_frames(sequence, "hdPose3d_stage1_coco19", files)
    (sequence / "vgaVideos").mkdir()
    film = sequence / "vgaVideos/vga_01_02.mp4"
    write_movie(film, "libx264", frames=20, size=(320, 180))
    vga = [42291.0 + 40 * n for n in range(20)]  # both clocks begin together
    table = f'{{"vga": {{"univ_time": {vga}}}}}'
    (sequence / "synctables_made.json").write_text(table)
    document = closing(open_whole_sequence(sequence)).project.document
    (truth,) = document.truths.values()
    assert truth.rate == pytest.approx(40 / STEP_MS["hd"])
    assert truth.start == 9  # 9 * 40 ms is frame 10.8 of HD
    between = joints[0] + 0.7892 * (joints[1] - joints[0])
    assert truth.at(9) == pytest.approx(between, abs=1e-4)
