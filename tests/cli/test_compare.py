"""``hpe-studio compare``: numbers, files, many runs, and one sentence for bad input."""

from __future__ import annotations

import csv
import json
import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import hpe_json, panoptic
from tests.cli import made
from tests.cli.conftest import Command
from tests.panoptic_made import made_sequence

COCO19 = landmark_set("coco19")


def people(frames: int = 30, count: int = 2, seed: int = 5) -> np.ndarray:
    rng = np.random.default_rng(seed)
    body = rng.normal(size=(1, count, 19, 3)) * 0.3
    body[:, :, 2] = (body[:, :, 6] + body[:, :, 12]) / 2
    swing = np.cumsum(rng.normal(size=(frames, count, 19, 3)), axis=0) * 0.003
    swing[:, :, 2] = (swing[:, :, 6] + swing[:, :, 12]) / 2
    return body + swing + np.arange(count)[:, None, None] * np.array([1.5, 0, 0])


def write(
    path: Path, points: np.ndarray, *, start: int = 0, fps: Fraction = Fraction(30)
) -> Path:
    runs = tuple(
        PersonPoints(
            name=f"id {i}",
            point_set=COCO19,
            start=start,
            points_scene_m=points[:, i],
            person_id=str(i),
        )
        for i in range(points.shape[1])
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    hpe_json.write(
        MotionFile(fps=fps, frame_count=start + len(points), people=(), points=runs),
        path,
    )
    return path


def test_numbers_and_files(studio: Command, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.json", people())
    result = write(tmp_path / "result.json", people() + np.array([0.03, 0.04, 0]))
    done = studio(
        "compare", result, "--truth", truth, "--align", "none", "-o", tmp_path / "out"
    )
    assert (done.code, done.err) == (0, "")
    assert "50.0 mm  MPJPE, nothing aligned" in done.out
    assert "modified: alignment none instead of root" in done.out
    assert "60 of 60 person-frames, 0 missed" in done.out
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"report.html", "metrics.json", "per_frame.csv"}
    told = studio("compare", result, "--truth", truth, "-o", tmp_path / "b", "--json")
    facts = json.loads(told.out)
    assert facts["measures"]["mpjpe_absolute"]["value"] == pytest.approx(50)
    assert facts["protocol"]["modified"] == []
    assert facts["measures"]["error"]["coverage"] == 1.0


def test_several_results_make_one_table(studio: Command, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.json", people())
    for name, noise in (("good", 0.01), ("poor", 0.05)):
        rng = np.random.default_rng(1)
        write(
            tmp_path / f"{name}.json",
            people() + rng.normal(size=(30, 2, 19, 3)) * noise,
        )
    out = tmp_path / "out"
    done = studio(
        "compare",
        tmp_path / "good.json",
        tmp_path / "poor.json",
        "--truth",
        truth,
        "-o",
        out,
    )
    assert done.code == 0, done.err
    rows = list(csv.DictReader((out / "table.csv").read_text().splitlines()))
    assert [row["result"] for row in rows] == ["good", "poor", "all"]
    good, poor, both = (float(row["Error (mm)"]) for row in rows)
    assert good < poor
    assert both == pytest.approx((good + poor) / 2, abs=0.06)
    latex = (out / "table.tex").read_text()
    assert "\\toprule" in latex
    assert latex.count("\\\\") == 4
    assert "PCK150 (\\%)" in latex
    overview = (out / "overview.html").read_text()
    assert 'href="good/report.html"' in overview
    assert 'id="figure-runs"' in overview
    assert "Joints, side by side" in overview
    assert overview.count('<td class="heat">') == 2 * 15
    assert (out / "poor" / "per_frame.csv").is_file()


def test_a_run_that_cannot_be_is_refused_before_one_is_written(
    studio: Command, tmp_path: Path
) -> None:
    sequence, _ = made_sequence(tmp_path, movies=False)
    rows = np.stack([run.points_scene_m for run in panoptic.read(sequence).points], 1)
    for camera in ("00_00", "00_77"):
        write(tmp_path / f"{camera}.json", rows, start=3, fps=Fraction(30000, 1001))
    out = tmp_path / "out"
    words = ("compare", tmp_path / "{camera}.json", "--truth", sequence, "-o", out)
    unknown = studio(*words, "--cameras", "00_00,00_77")
    assert unknown.code == 1
    assert "there is no camera 00_77; use one of 00_" in unknown.problem
    gone = studio(*words, "--cameras", "00_00,00_01")
    assert "00_01.json: does not exist" in gone.problem
    assert not out.exists()


def test_a_truth_without_bodies_says_where_they_come_from(
    studio: Command, tmp_path: Path
) -> None:
    sequence, _ = made_sequence(tmp_path / "all")
    result = write(tmp_path / "result.json", people())
    words = ("compare", result, "-o", tmp_path / "out", "--truth")
    above = studio(*words, tmp_path / "all")
    assert (above.code, above.out) == (1, "")
    assert f"choose a sequence in it ({sequence.name})" in above.problem
    shutil.rmtree(sequence / "hdPose3d_stage1_coco19")
    bare = studio(*words, sequence)
    assert bare.code == 1
    assert "put its hdPose3d_stage1_coco19 there" in bare.problem


def test_sequences_have_results_of_their_own(studio: Command, tmp_path: Path) -> None:
    for number, name in enumerate(("170101_a1", "170101_b1")):
        write(tmp_path / "truth" / name, people(seed=number))
        write(tmp_path / "res" / f"{name}.json", people(seed=number) + 0.01 * number)
    frames = tmp_path / "frames.txt"
    frames.write_text("170101_a1 3\n170101_a1 4\n170101_b1 9\n")
    words = (
        "compare",
        tmp_path / "res" / "{sequence}.json",
        "--truth",
        tmp_path / "truth",
        "--sequences",
        "170101_a1,170101_b1",
        "--frames-list",
        frames,
        "--protocol",
        "crmp",
        "-o",
        tmp_path / "out",
    )
    done = studio(*words)
    assert done.code == 0, done.err
    table = (tmp_path / "out" / "table.csv").read_text()
    rows = list(csv.DictReader(table.splitlines()))
    assert [row["sequence"] for row in rows] == ["170101_a1", "170101_b1", "all"]
    assert [row["People"] for row in rows] == ["4", "2", "6"]
    assert "official frames" in (tmp_path / "out" / "overview.html").read_text()
    same = tmp_path / "res" / "170101_a1.json"
    wrong = studio(*(same if "{sequence}" in str(word) else word for word in words))
    assert wrong.code == 1
    assert "several sequences need results of each" in wrong.problem


def test_a_list_is_missing_where_the_protocol_has_one(
    studio: Command, tmp_path: Path
) -> None:
    truth = write(tmp_path / "truth.json", people())
    done = studio(
        "compare", truth, "--truth", truth, "--protocol", "crmp", "-o", tmp_path / "o"
    )
    assert "note: Non-official frames" in done.out


def test_a_project_says_what_its_edits_changed(studio: Command, tmp_path: Path) -> None:
    from hpe_studio.storage.project import open_project
    from hpe_studio.workflow.recordings import read_recording

    path = made.project(tmp_path / "p.hpes", made.person())
    before = read_recording(path)
    truth = write(tmp_path / "truth.json", before.people.points_m, fps=before.fps)
    project = open_project(path)
    document = project.document
    (track,) = document.tracks.values()
    with document.edit("Move") as edit:
        moved = track.base_root_m[10:20] + np.float32(0.1)
        edit.write(track.id, "base_root_m", slice(10, 20), moved)
    project.close()
    out = tmp_path / "out"
    done = studio("compare", path, "--truth", truth, "--align", "none", "-o", out)
    assert done.code == 0, done.err
    assert "0.0 → 173 mm on 10 edited frames" in done.out
    assert "edited blind" in done.out
    facts = json.loads((out / "metrics.json").read_text())
    assert facts["effect_of_edits"]["edited_frames"] == 10
    assert "on 10 edited frames" in (out / "report.html").read_text()


BAD = {
    "rates that differ": (
        {"fps": Fraction(25)},
        (),
        "result.json has 25 fps and truth.json has 30 fps; say --fps same",
    ),
    "frames the truth lacks": (
        {"start": 400},
        (),
        "truth.json has frames 0 to 29, none of the frames 400 to 429 of result.json",
    ),
    "a camera without calibration": (
        {},
        ("--camera", "00_16"),
        "the truth has no camera 00_16, it has no calibration",
    ),
    "nobody near": (
        {"move": 50.0},
        (),
        "nobody of result.json could be matched with anybody of truth.json",
    ),
    "nothing but NaN": ({"move": np.nan}, (), "nobody"),
    "no such list": ({}, ("--frames-list", "none.txt"), "none.txt: cannot be read"),
    "a rate that is none": ({}, ("--fps", "fast"), "'fast' is no frame rate"),
    "a root that is none": ({}, ("--root", "tail"), "there is no joint 'tail'"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence(studio: Command, tmp_path: Path, case: str) -> None:
    given, words, sentence = BAD[case]
    truth = write(tmp_path / "truth.json", people())
    points = people() + given.get("move", 0.0)
    more = {name: value for name, value in given.items() if name != "move"}
    result = write(tmp_path / "result.json", points, **more)
    out = tmp_path / "out"
    done = studio("compare", result, "--truth", truth, "-o", out, *words)
    assert done.code == 1
    assert sentence in done.problem
    assert not out.exists()
    assert not done.out


def test_words_that_make_no_sense(studio: Command, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.json", people())
    nothing = studio("compare", "--truth", truth, "-o", tmp_path / "o")
    assert nothing.code == 2
    offset = studio("compare", truth, "--truth", truth, "-o", "o", "--offset", "late")
    assert offset.code == 2
    assert "'late' is no offset" in offset.err
    gone = studio("compare", tmp_path / "no.json", "--truth", truth, "-o", "o")
    assert gone.code == 1
    assert "does not exist" in gone.problem


def test_a_truth_of_pixels_alone_is_no_truth(studio: Command, tmp_path: Path) -> None:
    truth = write(tmp_path / "truth.json", people())
    run = PersonPoints(
        name="flat", point_set=COCO19, start=0, points_px=np.zeros((5, 19, 2))
    )
    file = MotionFile(fps=Fraction(30), frame_count=5, people=(), points=(run,))
    hpe_json.write(replace(file), tmp_path / "flat.json")
    done = studio("compare", tmp_path / "flat.json", "--truth", truth, "-o", "o")
    assert done.code == 1
    assert "has nobody with joints in space" in done.problem
