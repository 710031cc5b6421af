"""`info` and `assets list`: what machines and people are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli import made
from tests.cli.conftest import Command

KEYS = {
    "kind", "frames", "fps", "size", "shots", "people", "reprojection_px", "warnings",
}  # fmt: skip


@pytest.mark.data
def test_cuts_of_a_movie_are_exact(studio: Command, test_data: Path) -> None:
    clip = test_data / "video" / "hardcuts_40_90.mp4"
    facts = json.loads(studio("info", clip, "--shots", "--json").out)
    assert facts["shots"] == [[0, 40], [40, 90], [90, 130]]
    assert (facts["kind"], facts["frames"]) == ("clip", 130)


def test_a_clip(studio: Command, tmp_path: Path) -> None:
    clip = made.movie(tmp_path)
    before = made.bytes_of(tmp_path)
    said = studio("info", clip, "--json")
    facts = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    assert set(facts) >= KEYS
    assert facts["kind"] == "clip"
    assert facts["frames"] == made.FRAMES
    assert (facts["fps"], facts["size"]) == (25.0, [64, 48])
    assert (facts["shots"], facts["people"]) == (None, [])
    assert facts["reprojection_px"] is None
    assert made.bytes_of(tmp_path) == before, "asking leaves nothing behind"


def test_a_project(studio: Command, tmp_path: Path) -> None:
    path = made.project(
        tmp_path / "p.hpes",
        made.person("Ravi"),
        made.person("Mia", frames=10, start=5, seed=1),
        clip=made.movie(tmp_path),
    )
    before = made.bytes_of(tmp_path)
    facts = json.loads(studio("info", path, "--json").out)
    assert set(facts) >= KEYS
    assert facts["kind"] == "project"
    assert facts["people"] == [
        {"name": "Ravi", "first": 0, "last": 39, "frames": 40},
        {"name": "Mia", "first": 5, "last": 14, "frames": 10},
    ]
    assert made.bytes_of(tmp_path) == before


def test_shots_of_a_project_are_found_and_kept(studio: Command, tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", clip=made.movie(tmp_path))
    assert json.loads(studio("info", path, "--json").out)["shots"] is None
    assert json.loads(studio("info", path, "--shots", "--json").out)["shots"] == [
        [0, made.FRAMES]
    ]
    kept = json.loads(studio("info", path, "--json").out)["shots"]
    assert kept == [[0, made.FRAMES]]


def test_a_motion_file(studio: Command, tmp_path: Path) -> None:
    source = made.project(tmp_path / "p.hpes", made.person("Ravi"))
    assert studio("export", source, "-o", tmp_path / "out.bvh").code == 0
    facts = json.loads(studio("info", tmp_path / "out.bvh", "--json").out)
    assert set(facts) >= KEYS
    assert (facts["kind"], facts["frames"], facts["fps"]) == ("motion", 40, 25.0)
    assert facts["people"] == [{"name": "out", "first": 0, "last": 39, "frames": 40}]


def test_for_people_frames_are_inclusive(studio: Command, tmp_path: Path) -> None:
    path = made.project(tmp_path / "p.hpes", made.person("Ravi"))
    said = studio("info", path)
    assert "Ravi: 0000-0039, 40 frames" in said.out
    assert said.err == ""


def test_info_is_about_the_file_also_while_a_window_has_it(
    studio: Command, tmp_path: Path
) -> None:
    from hpe_studio.workflow.opening import open_saved

    path = made.project(tmp_path / "p.hpes", made.person("Ravi"))
    opened = open_saved(path)
    try:
        assert '"Ravi"' in studio("info", path, "--json").out
        assert studio("export", path, "-o", tmp_path / "out.json").code == 0
    finally:
        opened.close()


def test_assets_are_listed_and_verified(studio: Command, home: Path) -> None:
    said = studio("assets", "list", "--json")
    rows = json.loads(said.out)
    assert said.code == 0, "files that are not fetched yet are no failure"
    assert {row["state"] for row in rows} == {"missing"}
    assert {"blazepose_heavy", "movenet_multipose"} <= {row["name"] for row in rows}
    damaged = home / "models" / "blazepose_full.tflite"
    damaged.parent.mkdir(parents=True)
    damaged.write_bytes(b"half a file")
    said = studio("assets", "verify", "--json")
    states = {row["name"]: row["state"] for row in json.loads(said.out)}
    assert (said.code, states["blazepose_full"]) == (1, "damaged")


@pytest.mark.models
def test_a_model_file_at_hand_is_added(
    studio: Command, home: Path, models: Path, tmp_path: Path
) -> None:
    given = tmp_path / "from_a_friend.bin"
    given.write_bytes((models / "blazepose_lite.tflite").read_bytes())
    (models / "blazepose_lite.tflite").unlink()
    said = studio("assets", "add", given)
    assert (said.code, "blazepose_lite" in said.out) == (0, True)
    assert (models / "blazepose_lite.tflite").read_bytes() == given.read_bytes()
    assert studio("assets", "verify").code == 0


def test_a_file_that_is_no_model_is_not_added(
    studio: Command, home: Path, tmp_path: Path
) -> None:
    (tmp_path / "other.tflite").write_bytes(b"something else")
    said = studio("assets", "add", tmp_path / "other.tflite")
    assert said.code == 1
    assert "other.tflite" in said.problem
    assert not list(home.rglob("*.tflite"))
    assert studio("assets", "add", tmp_path / "none.tflite").code == 1


def test_benchmarks_are_run_by_name(studio: Command) -> None:
    said = studio("bench", "import_time", "--json")
    result = json.loads(said.out)["import"]
    assert said.code == (0 if result["passed"] else 1)
    assert result["limit"] == 0.3
    assert 0 < result["ratio"] < 3
    said = studio("bench", "nothing")
    assert (said.code, "import_time" in said.problem) == (1, True)
