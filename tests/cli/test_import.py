"""`hpe-studio import`: the doctor's table, dry runs, and projects."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.storage.project import open_project
from hpe_studio.workflow.timing import Timing
from tests.cli import made
from tests.cli.conftest import Command
from tests.formats.walkers import walkers_m
from tests.workflow import import_scenes as scenes

FRAMES = 24


def keypoints(folder: Path, *, step: int = 1, first: int = 0, frames: int = 0) -> Path:
    """OpenPose's files of a walker, one per frame."""
    goal = folder / "keypoints"
    goal.mkdir(parents=True)
    motion = scenes.in_pictures(scenes.walker(FRAMES * step), step=step)
    for run in motion.points[: frames or None]:
        assert run.points_px is not None
        assert run.confidence is not None
        points = np.nan_to_num(np.c_[run.points_px[0], run.confidence[0]] / [10, 10, 1])
        people = [{"person_id": [-1], "pose_keypoints_2d": points.ravel().tolist()}]
        text = json.dumps({"version": 1.3, "people": people})
        (goal / f"walk_{run.start + first:012d}_keypoints.json").write_text(text)
    return goal


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return made.movie(tmp_path / "film", frames=FRAMES)


def test_a_dry_run_tells_and_changes_nothing(
    studio: Command, tmp_path: Path, film: Path
) -> None:
    results = keypoints(tmp_path, first=1)
    before = made.bytes_of(tmp_path)
    done = studio("import", results, "--clip", film, "--dry-run")
    assert done.code == 0
    assert "OpenPose keypoints" in done.out
    assert "coco17, 17 points in the picture" in done.out
    assert "assumed: " in done.out
    assert "Count from 1: --offset -1 --step 1" in done.out
    after = made.bytes_of(tmp_path)
    changed = {n for n in after if after[n] != before.get(n)}
    assert not [name for name in changed if not name.startswith("home")]


def test_the_table_is_there_for_machines(
    studio: Command, tmp_path: Path, film: Path
) -> None:
    results = keypoints(tmp_path, step=2, frames=FRAMES // 2)
    done = studio("import", results, "--clip", film, "--dry-run", "--json")
    facts = json.loads(done.out)
    assert facts["format"] == "openpose"
    assert facts["found"]["people"].startswith("1")
    (step,) = [m for m in facts["misfits"] if m["kind"] == "step"]
    assert step["repair"]["step"] == "2"


def test_results_join_a_clip_and_the_take_says_how(
    studio: Command, tmp_path: Path, film: Path
) -> None:
    results = keypoints(tmp_path)
    goal = tmp_path / "p.hpes"
    done = studio("import", results, "--clip", film, "-o", goal, "--offset", "2")
    assert done.code == 0, done.err
    assert f"Imported Person 1 into {goal}" in done.out
    project = open_project(goal, read_only=True)
    document = project.document
    assert document.clip.path == film
    assert document.shots is not None
    (track,) = document.tracks.values()
    assert (track.start, track.stop) == (2, FRAMES)
    (take,) = document.takes.values()
    assert (take.name, take.origin) == ("keypoints", "openpose")
    assert take.options["offset"] == 2
    assert len(take.options["sha256"]) == 64
    assert any("per second" in sentence for sentence in take.options["assumed"])
    project.close()
    again = studio("import", results, "--clip", goal, "--step", "2", "--json")
    facts = json.loads(again.out)
    assert facts["project"] == str(goal)
    assert facts["timing"]["step"] == "2"
    project = open_project(goal, read_only=True)
    assert len(project.document.takes) == 2
    project.close()


def test_results_alone_become_a_project(studio: Command, tmp_path: Path) -> None:
    results = keypoints(tmp_path)
    done = studio("import", results)
    goal = tmp_path / "keypoints.hpes"
    assert f"Imported Person 1 into {goal}" in done.out
    assert studio("info", goal).out.startswith(f"{goal} (project)")
    assert "already" in studio("import", results).out


def test_folders_and_files_of_results_are_known(
    studio: Command, tmp_path: Path
) -> None:
    results = keypoints(tmp_path)
    done = studio("info", results, "--json")
    facts = json.loads(done.out)
    assert (facts["kind"], facts["frames"]) == ("motion", FRAMES)
    assert facts["people"][0]["frames"] == FRAMES
    assert facts["assumed"]


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        ("empty", "is an empty folder"),
        ("foreign", "is no results file of a known format"),
        ("nobody", "holds nobody"),
    ],
)
def test_wrong_things_are_refused_in_one_sentence(
    studio: Command, tmp_path: Path, make: str, sentence: str
) -> None:
    path = tmp_path / make
    if make == "empty":
        path.mkdir()
    elif make == "foreign":
        path = path.with_suffix(".txt")
        path.write_text("what to buy")
    else:
        path = keypoints(tmp_path)
        for file in path.iterdir():
            points = [0.0] * 51
            people = [{"person_id": [-1], "pose_keypoints_2d": points}]
            file.write_text(json.dumps({"version": 1.3, "people": people}))
    done = studio("import", path)
    assert done.code == 1
    assert sentence in done.problem or "nobody" in done.problem


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--step", "0"], "'0' is no step"),
        (["--format", "psd"], "there is no format 'psd'"),
        (["--set", "colour=red"], "sets nothing"),
        (["--person", "Ada"], "there is nobody called 'Ada'"),
        (["--offset", "900", "--step", "1"], "no frame of it falls on the clip"),
    ],
)
def test_wrong_words_are_refused(
    studio: Command, tmp_path: Path, film: Path, words: list[str], sentence: str
) -> None:
    done = studio("import", keypoints(tmp_path), "--clip", film, *words)
    assert done.code in (1, 2)
    assert sentence in done.err
    assert not list(film.parent.glob("*.hpes"))


def test_people_beyond_the_picture_are_not_told_to_be_on_other_frames(
    studio: Command, tmp_path: Path, film: Path
) -> None:
    results = keypoints(tmp_path)
    for file in results.iterdir():
        content = json.loads(file.read_text())
        for person in content["people"]:
            points = np.array(person["pose_keypoints_2d"]).reshape(-1, 3)
            points[points[:, 2] > 0, :2] += 5000
            person["pose_keypoints_2d"] = points.ravel().tolist()
        file.write_text(json.dumps(content))
    done = studio("import", results, "--clip", film, "--step", "1")
    assert done.code == 1
    assert "all its people lie beyond the clip's picture; choose the clip it was" in (
        done.problem
    )


def test_a_script_does_the_same(tmp_path: Path, film: Path) -> None:
    results = keypoints(tmp_path)
    exam = hs.examine(results, film, step=1)
    assert exam.people == ("Person 1",)
    assert exam.options.timing == Timing(step=exam.options.timing.step)
    with hs.import_results(results, film, tmp_path / "s.hpes", step=1) as project:
        assert [person.name for person in project.people] == ["Person 1"]
        (track,) = project.document.tracks.values()
        assert track.frame_count == FRAMES


def test_arrays_of_unknown_make_say_how_to_say_it_otherwise(
    studio: Command, tmp_path: Path
) -> None:
    path = tmp_path / "net.npz"
    np.savez(path, preds=walkers_m("h36m17", frames=20)[0], boxes=np.ones((20, 4)))
    lines = studio("import", path, "--dry-run").out.splitlines()
    (first,) = [i for i, line in enumerate(lines) if "preds (20, 17, 3)" in line]
    assert lines[first].split() == [
        "Arrays",
        "preds",
        "(20,",
        "17,",
        "3):",
        "points",
        "of",
        "17",
        "(read)",
    ]
    assert lines[first + 1].strip() == "boxes (20, 4)"
    (axes,) = [line for line in lines if "the axes are y_up" in line]
    assert axes.endswith("(else --set axes=…: y_down, z_up, z_down, x_up, x_down)")
