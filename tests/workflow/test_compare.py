"""Comparing files whole: read, bring together in time and space, measure, write."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.core.camera import FLIP_YZ
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import hpe_json
from hpe_studio.metrics.people import People
from hpe_studio.metrics.protocol import NAMED
from hpe_studio.workflow.compare import CompareOptions, compare_recordings
from hpe_studio.workflow.compare_lists import frame_list
from hpe_studio.workflow.recordings import (
    Recording,
    read_recording,
    recording_of_motion,
)
from tests.cli import made
from tests.panoptic_made import dome_camera
from tests.panoptic_truth import moved, read_bodies, write_sequence

BAND = "panoptic/160906_band1"
FPS = Fraction(30000, 1001)
COCO19 = landmark_set("coco19")


@pytest.fixture
def band(test_data: Path) -> Path:
    folder = test_data / BAND
    if not folder.is_dir():
        pytest.skip(f"no {folder}")
    return folder


def changed(band: Path, folder: Path, change) -> Path:
    frames, bodies = read_bodies(band)
    return write_sequence(folder, "changed", frames, change(bodies))


@pytest.mark.data
def test_real_truth_against_itself_moved_by_50_mm(band: Path, tmp_path: Path) -> None:
    result = changed(band, tmp_path, lambda b: moved(b, (3, 4, 0)))
    found = hs.compare(result, band, tmp_path / "report", align="none")
    assert found.error.value == pytest.approx(50.0, abs=0.0005)
    assert found.measures["mpjpe"].value == pytest.approx(0.0, abs=0.0005)
    assert found.error.coverage == 1.0
    facts = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert facts["measures"]["error"]["value"] == pytest.approx(50.0, abs=0.0005)
    assert facts["protocol"]["modified"] == ["alignment none instead of root"]
    # 80 joints are missing in the files and written as zeros: none of them counts
    true = read_recording(band).people
    known = int(np.isfinite(true.of_joints(found.joints).points_m).all(-1).sum())
    assert found.counts.true_joints == known < 60 * 14


@pytest.mark.data
def test_real_truth_turned_and_scaled_is_right_after_procrustes(
    band: Path, tmp_path: Path
) -> None:
    turn = np.array([[0.6, 0, 0.8], [0, 1, 0], [-0.8, 0, 0.6]])

    def turned(bodies: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
        out = {}
        for identity, points in bodies.items():
            there = points.copy()
            middle = np.nanmean(points[:, 2:3, :3], axis=0)
            spun = 1.07 * (points[..., :3] - middle) @ turn.T + middle
            there[..., :3] = np.where(points[..., 3:] > 0, spun, points[..., :3])
            out[identity] = there
        return out

    result = changed(band, tmp_path, turned)
    found = hs.compare(result, band, align="procrustes")
    assert found.error.value == pytest.approx(0.0, abs=0.001)
    assert found.measures["mpjpe"].value > 50


def walkers(frames: int = 60, count: int = 2, seed: int = 3) -> np.ndarray:
    """People on the dome's floor who wave each in their own way, (F, N, 19, 3)."""
    rng = np.random.default_rng(seed)
    height = np.linspace(1.5, 0.1, 19)[rng.permutation(19)]
    body = rng.normal(size=(count, 19, 3)) * 0.15
    body[..., 1] = height
    body[:, 2] = (body[:, 6] + body[:, 12]) / 2
    body = body + (np.arange(count) - 0.5)[:, None, None] * np.array([1.0, 0, 0])
    swing = np.cumsum(rng.normal(size=(frames, count, 19, 3)), axis=0) * 0.01
    kernel = np.ones(5) / 5
    smooth = np.apply_along_axis(lambda v: np.convolve(v, kernel, "same"), 0, swing)
    smooth[:, :, 2] = (smooth[:, :, 6] + smooth[:, :, 12]) / 2
    return body + smooth


CAMERAS = {f"00_{i:02d}": dome_camera(f"00_{i:02d}", 0.9 * i).camera for i in range(5)}


def recording(points: np.ndarray, **more: object) -> Recording:
    people = People(
        names=tuple(f"id {i}" for i in range(points.shape[1])),
        joints=COCO19.names,
        points_m=points,
    )
    settings: dict = {"name": "truth", "first_frame": 0, "fps": FPS} | more
    return Recording(people=people, **settings)


def seen_by(name: str, points: np.ndarray) -> np.ndarray:
    """Points in the axes of a camera, turned to Y up, as monocular results are."""
    return CAMERAS[name].to_camera(points) @ FLIP_YZ


def truth_of(points: np.ndarray) -> Recording:
    return recording(points, views=CAMERAS)


def test_the_camera_that_filmed_is_found_or_taken_from_the_name() -> None:
    points = walkers()
    result = recording(seen_by("00_03", points), name="result")
    found = compare_recordings(result, truth_of(points))
    assert found.camera == "00_03"
    assert found.error.value == pytest.approx(0, abs=1e-6)
    assert found.matching == "picture"
    assert any("was found" in note for note in found.notes)
    told = replace(result, clip_path=Path("hd_00_03.mp4"))
    told_by_name = compare_recordings(told, truth_of(points))
    assert any("name of the clip" in note for note in told_by_name.notes)
    wrong = compare_recordings(result, truth_of(points), CompareOptions(camera="00_01"))
    assert wrong.error.value > 100
    assert not any("By the name" in note for note in wrong.notes)
    doubted = compare_recordings(told, truth_of(points), CompareOptions(camera="00_01"))
    by_name = "By the name of the clip camera 00_03 filmed, not 00_01."
    assert by_name in doubted.notes


def test_one_person_of_several_in_the_room_needs_no_camera() -> None:
    points = walkers(count=3)
    result = recording(points[:, 1:2] + 0.03, name="result")
    found = compare_recordings(result, truth_of(points))
    assert (found.camera, found.time.better_offset) == ("", None)
    counts = found.counts
    assert (counts.true_people, counts.matched, counts.missed) == (180, 60, 120)
    seen = recording(seen_by("00_03", points[:, 1:2]), name="result")
    assert compare_recordings(seen, truth_of(points)).camera == "00_03"


def test_true_people_off_the_ends_of_a_result_are_told() -> None:
    points = walkers()
    result = recording(points[10:40], name="result", first_frame=10)
    found = compare_recordings(result, recording(points))
    assert (found.counts.true_people, found.counts.beyond) == (60, 60)
    assert any(note.startswith("60 more person-frames") for note in found.notes)
    asked = CompareOptions(frames=(5, 20))
    assert compare_recordings(result, recording(points), asked).counts.beyond == 10
    asked = CompareOptions(frame_list=[3, 12, 50])
    assert compare_recordings(result, recording(points), asked).counts.beyond == 4
    filmed = replace(result, footage=(0, 42))
    assert compare_recordings(filmed, recording(points)).counts.beyond == 24
    whole = compare_recordings(recording(points), recording(points))
    assert whole.counts.beyond == 0
    assert not whole.notes or "more person-frames" not in whole.notes[0]


def test_an_unknown_camera_names_those_there_are() -> None:
    points = walkers()
    result = recording(seen_by("00_03", points))
    with pytest.raises(StudioError, match="there is no camera 00_99; use one of 00_00"):
        compare_recordings(result, truth_of(points), CompareOptions(camera="00_99"))
    with pytest.raises(StudioError, match="has no calibration"):
        compare_recordings(result, recording(points), CompareOptions(camera="00_03"))


@pytest.mark.parametrize("late", [7.0, -5.0, 3.5])
def test_the_offset_is_found_by_movement(late: float) -> None:
    points = walkers(frames=120)
    at = np.arange(20, 100) + late
    low = np.floor(at).astype(int)
    share = (at - low)[:, None, None, None]
    shifted = (1 - share) * points[low] + share * points[low + 1]
    result = recording(shifted, name="result", first_frame=20)
    untold = compare_recordings(result, recording(points))
    assert untold.time.better_offset == pytest.approx(late, abs=0.2)
    assert any("--offset" in note for note in untold.notes)
    found = compare_recordings(result, recording(points), CompareOptions(offset="find"))
    assert found.time.offset_frames == pytest.approx(late, abs=0.2)
    assert found.time.source == "found"
    assert found.modified[0].startswith("time offset")
    assert found.error.value < untold.error.value / 2
    given = compare_recordings(result, recording(points), CompareOptions(offset=late))
    assert given.error.value == pytest.approx(0, abs=1e-6)


def test_rates_that_differ_are_asked_for() -> None:
    points = walkers(frames=90)
    result = recording(points[::2], name="result", fps=Fraction(15000, 1001))
    with pytest.raises(StudioError, match=r"result has 14\.985 fps and truth has 29"):
        compare_recordings(result, recording(points))
    by_time = CompareOptions(fps=Fraction(15000, 1001))
    found = compare_recordings(result, recording(points), by_time)
    assert found.error.value == pytest.approx(0, abs=1e-6)
    assert found.time.rate == pytest.approx(2.0)
    assert "2 frames of the truth per frame" in found.modified[0]
    searched = CompareOptions(fps="find", offset="find")
    slow = replace(result, fps=Fraction(25))
    assert compare_recordings(slow, recording(points, fps=Fraction(50)), searched)


def test_a_rate_that_was_only_assumed_gives_way() -> None:
    points = walkers()
    result = recording(points, name="result", fps=Fraction(30), is_rate_assumed=True)
    assert compare_recordings(result, recording(points)).time.rate == 1.0


def test_truth_of_other_frames_says_which_it_has() -> None:
    points = walkers()
    result = recording(points, name="result")
    late = recording(points, first_frame=500)
    with pytest.raises(
        StudioError, match=r"has frames 500 to 559, none of the frames 0 to 59.*500"
    ):
        compare_recordings(result, late)
    with pytest.raises(StudioError, match="share none of these frames"):
        compare_recordings(result, recording(points), CompareOptions(frame_list=[999]))
    found = compare_recordings(result, late, CompareOptions(offset="find"))
    assert found.time.offset_frames == pytest.approx(500, abs=0.1)


def test_truth_of_other_frames_by_another_rate_says_where_they_lie() -> None:
    points = walkers()
    result = recording(points, name="result", first_frame=100)
    late = recording(points, first_frame=100, fps=Fraction(60))
    laid = r"of result, which are its 200 to 318 \(2\.002 frames.*--offset -100\.2 or"
    with pytest.raises(StudioError, match=laid):
        compare_recordings(result, late, CompareOptions(fps=FPS))


def test_an_offset_without_movement_is_not_made_up() -> None:
    still = np.repeat(walkers(frames=1), 60, axis=0)
    with pytest.raises(StudioError, match="offset to truth cannot be found"):
        compare_recordings(
            recording(still), recording(still), CompareOptions(offset="find")
        )


def test_frames_are_chosen_by_range_by_list_and_by_the_protocol() -> None:
    points = walkers()
    both = recording(points, name="result"), recording(points)
    some = compare_recordings(*both, CompareOptions(frames=(10, 20)))
    assert some.frames.tolist() == list(range(10, 20))
    assert some.modified == ("frames 10:20 instead of all",)
    romp = CompareOptions(protocol=NAMED["crmp"], frame_list=[3, 5, 80])
    listed = compare_recordings(*both, romp)
    assert listed.frames.tolist() == [3, 5]
    assert listed.official_frames
    assert not any("Non-official" in note for note in listed.notes)
    without = compare_recordings(*both, CompareOptions(protocol=NAMED["crmp"]))
    assert any("Non-official frames" in note for note in without.notes)
    assert "frames all instead of the official list" in without.modified
    voxel = compare_recordings(*both, CompareOptions(protocol=NAMED["voxelpose"]))
    assert voxel.frames.tolist() == [0, 12, 24, 36, 48]


def test_lists_of_frames_may_name_sequences_and_cameras(tmp_path: Path) -> None:
    path = tmp_path / "frames.txt"
    path.write_text(
        "# of the paper\n160422_haggling1-00_16_00002945.png\n"
        "160422_haggling1-00_30_00001402.png\n\n160422_mafia2 00_16 77\n12\n"
    )
    mine = frame_list(path, sequence="160422_haggling1", camera="00_16")
    assert mine == {2945, 12}
    assert frame_list(path, camera="00_16") == {2945, 77, 12}
    with pytest.raises(StudioError, match=r"several cameras \(00_16, 00_30\)"):
        frame_list(path)
    path.write_text("abc\n")
    with pytest.raises(StudioError, match="has no frame in line 1"):
        frame_list(path)


def test_a_body_is_compared_by_the_points_of_its_landmarks(tmp_path: Path) -> None:
    """An SMPL-like motion against its own points: nothing between them."""
    path = tmp_path / "motion.json"
    hpe_json.write(made.motion(made.person()), path)
    result = read_recording(path)
    assert result.people.joints == COCO19.names
    points = PersonPoints(
        name="truth",
        point_set=COCO19,
        start=result.first_frame,
        points_scene_m=result.people.points_m[:, 0],
        person_id="1",
    )
    truth = recording_of_motion(
        MotionFile(
            fps=result.fps, frame_count=result.stop, people=(), points=(points,)
        ),
        name="points",
    )
    found = compare_recordings(result, truth)
    assert found.error.value == pytest.approx(0, abs=1e-6)


def test_the_report_has_everything_and_adds_up(tmp_path: Path) -> None:
    points = walkers()
    prediction = points.copy()
    prediction[5:9, 1] = np.nan
    prediction[20, 0, 5] += [0.4, 0, 0]
    result, truth = tmp_path / "result.json", tmp_path / "truth.json"
    write_points(result, prediction)
    write_points(truth, points)
    found = hs.compare(result, truth, tmp_path / "out")
    rows = list(
        csv.DictReader((tmp_path / "out/per_frame.csv").read_text().splitlines())
    )
    states = [row["state"] for row in rows]
    assert (states.count("matched"), states.count("missed")) == (116, 4)
    errors = [float(row["error_mm"]) for row in rows if row["state"] == "matched"]
    assert np.mean(errors) == pytest.approx(found.error.value, abs=1e-3)
    worst = max(rows, key=lambda row: float(row["error_mm"] or 0))
    assert (worst["frame"], worst["person"]) == ("20", "id 0")
    assert float(worst["left_wrist_mm"]) == pytest.approx(400, abs=0.01)
    text = (tmp_path / "out" / "metrics.json").read_text()
    facts = json.loads(text)
    assert "NaN" not in text
    counts = facts["counts"]
    assert counts["true_people"] == counts["matched"] + counts["missed"] == 120
    html = (tmp_path / "out" / "report.html").read_text()
    assert "HS-Panoptic, kept" in html
    assert html.count('<svg class="frame"') == 1
    assert "http://" not in html.split("<script>")[0].replace("http://www.w3.org", "")


def write_points(path: Path, points: np.ndarray) -> None:
    people = tuple(
        PersonPoints(
            name=f"id {i}",
            point_set=COCO19,
            start=0,
            points_scene_m=points[:, i],
            person_id=str(i),
        )
        for i in range(points.shape[1])
    )
    hpe_json.write(
        MotionFile(fps=FPS, frame_count=len(points), people=(), points=people), path
    )


def test_nan_alone_is_refused() -> None:
    points = walkers()
    with pytest.raises(StudioError, match="has nobody on these frames"):
        compare_recordings(recording(np.full_like(points, np.nan)), recording(points))


def test_numbers_never_come_out_of_nothing() -> None:
    points = walkers()[:1]
    found = compare_recordings(recording(points), recording(points))
    for name in ("acceleration", "jitter", "foot_slide", "rte", "w_mpjpe"):
        assert math.isnan(found.measures[name].value), name
        assert found.measures[name].count == 0


def test_bodies_are_compared_by_angles_and_surfaces(tmp_path: Path) -> None:
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    person = made.person()
    hpe_json.write(made.motion(person), one)
    turned = person.joints_rad.copy()
    elbow = person.skeleton.index("left_elbow")
    turned[:, elbow] = [0, 0.5, 0]
    straight = person.joints_rad.copy()
    straight[:, elbow] = 0
    hpe_json.write(made.motion(replace(person, joints_rad=straight)), one)
    hpe_json.write(made.motion(replace(person, joints_rad=turned)), other)
    same = hs.compare(one, one)
    assert same.measures["mpjae"].value == pytest.approx(0, abs=1e-3)
    assert same.measures["pve"].value == pytest.approx(0, abs=1e-3)
    found = hs.compare(other, one)
    # elbow and wrist turn by half a radian, of 22 joints
    assert found.measures["mpjae"].value == pytest.approx(
        np.degrees(0.5) * 2 / 22, rel=1e-3
    )
    assert 0 < found.measures["pve"].value < 40
    assert found.measures["pve"].coverage == 1.0
    points = hs.compare(one, one, everything=False)
    assert "mpjae" not in points.measures
