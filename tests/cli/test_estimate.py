"""`estimate`: from a clip to a project, and every way it must not harm one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.core.errors import StudioError
from hpe_studio.storage.project import open_project
from tests.cli import made
from tests.cli.conftest import Command

FAST = ("--model", "full", "--frames", "0:6")


@pytest.fixture
def street(test_data: Path, tmp_path: Path) -> Path:
    """A clip of two people."""
    path = tmp_path / "clips" / "street.mp4"
    path.parent.mkdir()
    shutil.copyfile(test_data / "video" / "hardcuts_40_90.mp4", path)
    return path


@pytest.mark.data
@pytest.mark.models
@pytest.mark.slow
def test_people_are_found_once_and_kept(
    studio: Command, models: Path, street: Path, tmp_path: Path
) -> None:
    goal = tmp_path / "p.hpes"
    said = studio("estimate", street, "-o", goal, *FAST, "--json", "--focal", "900")
    facts = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    assert facts["project"] == str(goal)
    assert facts["shots"] == [[0, 40], [40, 90], [90, 130]]
    assert len(facts["people"]) == 2
    for person in facts["people"]:
        assert (person["first"], person["last"], person["frames"]) == (0, 5, 6)
    assert 0 < facts["reprojection_px"] < 10
    with hs.open(goal) as opened:
        camera = opened.document.camera_at(0)
        assert camera.intrinsics[1, 1] == pytest.approx(900)
        takes = opened.document.takes.values()
        assert [take.name for take in takes] == ["BlazePose full"]
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["p.hpes"]

    before = goal.read_bytes()[100:]  # the header counts how often it was opened
    said = studio("estimate", street, "-o", goal, *FAST)
    assert (said.code, "--overwrite" in said.problem) == (1, True)
    assert goal.read_bytes()[100:] == before

    words = ("estimate", goal, *FAST, "--overwrite", "--max-people", "1", "--json")
    facts = json.loads(studio(*words).out)
    assert facts["project"] == str(goal), "a project stands for its footage"
    assert len(facts["people"]) == 1
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["p.hpes"]


@pytest.mark.models
def test_a_clip_with_nobody_says_so_and_is_no_failure(
    studio: Command, models: Path, tmp_path: Path
) -> None:
    clip = made.movie(tmp_path / "clips", frames=6)
    said = studio("estimate", clip, "--model", "full", "--json")
    facts = json.loads(said.out)
    assert (said.code, facts["people"]) == (0, [])
    assert "Nobody was found in this clip" in facts["warnings"]
    assert facts["project"] == str(clip.with_suffix(".hpes"))
    goal = tmp_path / "o.bvh"
    said = studio("export", clip.with_suffix(".hpes"), "-o", goal)
    assert (said.code, "nobody" in said.problem) == (1, True)
    assert not goal.exists()
    assert studio("export", clip.with_suffix(".hpes"), "-o", "o.png").code == 1


@pytest.mark.models
def test_a_folder_of_images_at_an_exact_rate(
    studio: Command, models: Path, tmp_path: Path
) -> None:
    import cv2

    folder = tmp_path / "shots"
    folder.mkdir()
    for frame in range(5):
        cv2.imwrite(str(folder / f"{frame}.png"), np.full((48, 64, 3), 90, np.uint8))
    said = studio("estimate", folder, "--model", "full", "--fps", "24000/1001")
    assert said.code == 0
    project = open_project(tmp_path / "shots.hpes")
    assert str(project.document.clip.fps) == "24000/1001"
    project.close()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("clip.mp4 -o clip.mp4 --overwrite", ".hpes"),
        ("clip.mp4 -o movie", ".hpes"),
        ("clip.mp4 -o notes.txt --overwrite", ".hpes"),
        ("clip.mp4 -o folder", "is a folder"),
        ("clip.mp4 -o nowhere/p.hpes", "nowhere"),
        ("clip.mp4 -o fake.hpes --overwrite", "not an HPE Studio project"),
        ("clip.mp4 -o other.hpes", "other footage"),
        ("clip.mp4 --frames 40:50", "only 40 frames"),
        ("walk.hpes", "without footage"),
        ("moved.hpes", "gone.mp4"),
        ("clip.mp4", "hpe-studio assets fetch"),
        ("clip.mp4 -o other.hpes --overwrite", "hpe-studio assets fetch"),
    ],
)
def test_refusals_leave_everything_as_it_was(
    studio: Command, tmp_path: Path, monkeypatch, words: str, says: str
) -> None:
    folder = tmp_path / "given"
    made.movie(folder)
    gone = made.movie(folder, "gone.mp4", frames=20)
    made.project(folder / "moved.hpes", made.person(frames=10), clip=gone)
    made.project(folder / "other.hpes", made.person(frames=10), clip=gone)
    gone.unlink()
    made.project(folder / "walk.hpes", made.person())
    (folder / "fake.hpes").write_text("my notes")
    (folder / "notes.txt").write_text("my notes")
    (folder / "folder").mkdir()
    before = made.bytes_of(folder)
    monkeypatch.chdir(folder)
    said = studio("estimate", *words.split())
    assert said.code == 1
    assert says in said.problem
    assert ";" in said.problem
    assert made.bytes_of(folder) == before


def test_a_project_that_a_window_has_open_is_not_replaced(
    studio: Command, tmp_path: Path
) -> None:
    clip = made.movie(tmp_path)
    path = made.project(tmp_path / "p.hpes", made.person(), clip=clip)
    opened = open_project(path)
    try:
        for more in ((), ("--overwrite",)):
            said = studio("estimate", clip, "-o", path, *more)
            assert (said.code, "p.hpes" in said.problem) == (1, True)
        assert len(opened.document.persons) == 1
        with opened.document.edit("Still writing") as edit:
            edit.remove(next(iter(opened.document.persons.values())))
    finally:
        opened.close()
    again = open_project(path)
    assert len(again.document.persons) == 0
    again.close()


def test_what_was_to_be_replaced_comes_back_when_the_run_fails(
    studio: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = made.movie(tmp_path)
    path = made.project(tmp_path / "p.hpes", made.person(), clip=clip)
    before = made.bytes_of(tmp_path)

    for failure, code in (
        (StudioError("a worker died"), 1),
        (KeyboardInterrupt(), 130),
    ):

        def fail(*_: object, failure: BaseException = failure, **__: object) -> None:
            raise failure

        monkeypatch.setattr("hpe_studio.workflow.estimating.estimate_into", fail)
        assert studio("estimate", clip, "-o", path, "--overwrite").code == code
        assert made.bytes_of(tmp_path) == before
        assert studio("estimate", clip, "-o", tmp_path / "new.hpes").code == code
        assert made.bytes_of(tmp_path) == before


@pytest.mark.data
@pytest.mark.models
@pytest.mark.slow
def test_a_real_window_on_the_result(
    program: Command, models: Path, street: Path, tmp_path: Path
) -> None:
    import cv2

    goal, picture = tmp_path / "p.hpes", tmp_path / "window.png"
    assert program("estimate", street, "-o", goal, *FAST).code == 0
    words = ("screenshot", goal, "-o", picture, "--frame", "3", "--size", "1000x700")
    said = program(*words)
    assert (said.code, said.err) == (0, "")
    shown = cv2.imread(str(picture))
    assert shown.shape == (700, 1000, 3)
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) > 1000
