"""Fetching Panoptic sequences from a server on this machine; opening and playing."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from hpe_studio.assets import web
from hpe_studio.formats import panoptic
from hpe_studio.workflow import panoptic_get
from hpe_studio.workflow.panoptic_get import vga_cameras
from tests.cli.conftest import Command
from tests.dataserver import DataServer, serving
from tests.panoptic_made import NAME, made_sequence


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DataServer]:
    """The data set's server with one small sequence of three HD cameras."""
    monkeypatch.setattr(web, "_WAIT_S", 0.0)
    made, _ = made_sequence(tmp_path / "made", as_tar=True)
    served = tmp_path / "served/webdata/dataset" / NAME
    served.mkdir(parents=True)
    for file in (*made.glob("*.json"), *made.glob("*.tar")):
        shutil.copy(file, served)
    films = served / "videos/hd_shared_crf20"
    films.mkdir(parents=True)
    for film in (made / "hdVideos").iterdir():
        shutil.copy(film, films)
    with serving(tmp_path / "served") as running:
        yield running


def test_a_sequence_is_fetched_as_the_toolbox_lays_it_out(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    goal = tmp_path / "sets"
    done = studio(
        *("panoptic", "get", NAME, "--hd", 2, "--mirror", server.url),
        *("-o", goal, "--accept-terms"),
    )
    assert done.code == 0, done.err
    assert "non-commercial and research purposes only" in done.out
    lacking = "hdFace3d.tar, hdHand3d.tar, hdMeshTrack_face.tar"
    assert f"Not on the server: {lacking}" in done.out
    assert "4 files" in done.out
    there = sorted(
        p.relative_to(goal).as_posix() for p in goal.rglob("*") if p.is_file()
    )
    assert there == [
        f"{NAME}/calibration_{NAME}.json",
        f"{NAME}/hdPose3d_stage1_coco19.tar",
        f"{NAME}/hdVideos/hd_00_00.mp4",
        f"{NAME}/hdVideos/hd_00_01.mp4",
    ]
    motion = panoptic.read(goal / NAME)
    assert [run.name for run in motion.points] == ["id 4"]


def test_nothing_is_fetched_before_the_terms_are_accepted(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    goal = tmp_path / "sets"
    done = studio("panoptic", "get", NAME, "--mirror", server.url, "-o", goal)
    assert done.code == 1
    assert "the terms are not accepted" in done.problem
    assert "--accept-terms" in done.problem
    assert {method for method, _, _ in server.asked} == {"HEAD"}
    assert not goal.exists()


def test_a_broken_line_goes_on_where_it_broke(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    server.break_after, server.breaks = 5000, 2
    done = studio(
        *("panoptic", "get", NAME, "--hd", 1, "--mirror", server.url),
        *("-o", tmp_path / "sets", "--accept-terms"),
    )
    assert done.code == 0, done.err
    ranges = [wanted for _, path, wanted in server.asked if path.endswith(".tar")]
    assert "bytes=5000-" in ranges
    ours = tmp_path / "sets" / NAME / "hdPose3d_stage1_coco19.tar"
    theirs = next((tmp_path / "served").rglob(ours.name))
    assert ours.read_bytes() == theirs.read_bytes()
    assert not list((tmp_path / "sets").rglob("*.part*"))


def test_the_same_command_goes_on_later(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    words = ("panoptic", "get", NAME, "--mirror", server.url)
    words += ("-o", tmp_path / "sets", "--accept-terms")
    server.break_after, server.breaks = 100, 4
    first = studio(*words)
    assert first.code == 1
    assert "cannot be reached" in first.problem
    assert "the same command goes on" in first.problem
    assert list((tmp_path / "sets").rglob("*.part"))
    server.breaks = 0
    again = studio(*words)
    assert again.code == 0, again.err
    film = tmp_path / "sets" / NAME / "hdVideos/hd_00_00.mp4"
    assert (
        film.read_bytes() == next((tmp_path / "served").rglob(film.name)).read_bytes()
    )
    gets = len([1 for method, _, _ in server.asked if method == "GET"])
    third = studio(*words)
    assert third.code == 0
    assert "0 files" in third.out
    assert len([1 for method, _, _ in server.asked if method == "GET"]) == gets


def test_a_file_that_changed_meanwhile_starts_anew(
    server: DataServer, tmp_path: Path
) -> None:
    from hpe_studio.core.jobs import run_job

    name = f"calibration_{NAME}.json"
    url = f"{server.url}/webdata/dataset/{NAME}/{name}"
    goal = tmp_path / name
    goal.with_name(f"{name}.part").write_bytes(b"x" * 40)
    goal.with_name(f"{name}.part.tag").write_text('"older"')
    run_job(web.fetch(url, goal))
    assert goal.read_bytes() == next((tmp_path / "served").rglob(name)).read_bytes()


def test_a_part_that_is_whole_already_does_no_harm(
    server: DataServer, tmp_path: Path
) -> None:
    from hpe_studio.core.jobs import run_job

    name = f"calibration_{NAME}.json"
    whole = next((tmp_path / "served").rglob(name)).read_bytes()
    goal = tmp_path / name
    goal.with_name(f"{name}.part").write_bytes(whole)
    goal.with_name(f"{name}.part.tag").write_text(server.tag)
    url = f"{server.url}/webdata/dataset/{NAME}/{name}"
    run_job(web.fetch(url, goal))
    assert goal.read_bytes() == whole


def test_a_damaged_tar_is_refused_and_taken_away(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    tar = next((tmp_path / "served").rglob("*.tar"))
    tar.write_bytes(tar.read_bytes()[:9000])
    done = studio(
        *("panoptic", "get", NAME, "--mirror", server.url, "--accept-terms"),
        *("-o", tmp_path / "sets"),
    )
    assert done.code == 1
    assert "is cut off after" in done.problem
    assert not list((tmp_path / "sets").rglob("*.tar"))


def test_tars_are_unpacked_under_our_names_only(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    done = studio(
        *("panoptic", "get", NAME, "--hd", 0, "--mirror", server.url),
        *("-o", tmp_path / "sets", "--accept-terms", "--extract"),
    )
    assert done.code == 0, done.err
    folder = tmp_path / "sets" / NAME / "hdPose3d_stage1_coco19"
    assert len(list(folder.iterdir())) == 12
    assert (folder / "body3DScene_00000003.json").is_file()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nosuch_sequence",), "the server has no sequence nosuch_sequence"),
        (("../../etc",), "is no name of a sequence"),
    ],
)
def test_a_wrong_name_is_one_sentence(
    studio: Command, server: DataServer, tmp_path: Path, words, why
) -> None:
    done = studio(
        *("panoptic", "get", *words, "--mirror", server.url, "-o", tmp_path / "sets")
    )
    assert done.code == 1
    assert why in done.problem
    assert not (tmp_path / "sets").exists()


@pytest.mark.parametrize(
    ("mirror", "why"),
    [
        ("http://127.0.0.1:9", "127.0.0.1:9 cannot be reached"),
        ("nowhere", "is no web address"),
        ("file:///etc", "is no web address"),
    ],
)
def test_a_wrong_mirror_is_one_sentence(studio: Command, tmp_path, mirror, why) -> None:
    done = studio("panoptic", "get", NAME, "--mirror", mirror, "-o", tmp_path / "sets")
    assert done.code == 1
    assert why in done.problem


def test_no_room_is_said_before_anything_is_fetched(
    studio: Command, server: DataServer, tmp_path: Path, monkeypatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=1000)
    monkeypatch.setattr(panoptic_get.shutil, "disk_usage", lambda _path: usage)
    done = studio(
        *("panoptic", "get", NAME, "--mirror", server.url, "--accept-terms"),
        *("-o", tmp_path / "sets"),
    )
    assert done.code == 1
    assert "are free" in done.problem
    assert {method for method, _, _ in server.asked} == {"HEAD"}


def test_vga_cameras_come_in_the_order_of_the_toolbox() -> None:
    names = vga_cameras()
    every = {
        f"{panel:02d}_{node:02d}" for panel in range(1, 21) for node in range(1, 25)
    }
    assert len(names) == 480
    assert set(names) == every
    assert names[:6] == ("01_01", "19_14", "14_03", "06_15", "16_12", "09_12")
    assert names[-2:] == ("06_24", "14_18")


def test_the_vga_films_asked_for_are_those_of_the_toolbox(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    done = studio(
        *("panoptic", "get", NAME, "--hd", 0, "--vga", 3, "--mirror", server.url),
        *("-o", tmp_path / "sets"),
    )
    assert done.code == 1  # the terms are not accepted
    films = [path for _, path, _ in server.asked if "vga_shared_crf10" in path]
    names = [path.rsplit("/", 1)[-1] for path in films]
    assert names == ["vga_01_01.mp4", "vga_19_14.mp4", "vga_14_03.mp4"]


def test_fitted_faces_come_and_are_unpacked_as_the_toolbox_does(
    studio: Command, server: DataServer, tmp_path: Path
) -> None:
    served = tmp_path / "served/webdata/dataset" / NAME / "hdMeshTrack_face.tar"
    text = tmp_path / "meshTrack_00000003.txt"
    text.write_text("ver 1.30\n0\n")
    with tarfile.open(served, "w") as packed:
        packed.add(text, "meshTrack_face/meshTrack_00000003.txt")
        packed.add(text, "../../meshTrack_00000004.txt")
    words = ("panoptic", "get", NAME, "--hd", 0, "--mirror", server.url)
    words += ("-o", tmp_path / "sets", "--accept-terms", "--extract")
    done = studio(*words)
    assert done.code == 0, done.err
    folder = tmp_path / "sets" / NAME / "meshTrack_face"
    names = ["meshTrack_00000003.txt", "meshTrack_00000004.txt"]
    assert sorted(path.name for path in folder.iterdir()) == names
    assert (folder / names[0]).read_text() == "ver 1.30\n0\n"
    assert not (tmp_path / names[1]).exists()
    (tmp_path / "sets" / NAME / "hdMeshTrack_face.tar").unlink()
    assert "0 files" in studio(*words).out  # unpacked is here already


def test_a_sequence_tells_what_it_is(studio: Command, tmp_path: Path) -> None:
    sequence, _ = made_sequence(tmp_path, as_tar=True)
    done = studio("info", sequence, "--json")
    assert done.code == 0, done.err
    facts = json.loads(done.out)
    assert (facts["kind"], facts["format"]) == ("motion", "panoptic")
    assert facts["fps_exact"] == "30000/1001"
    assert facts["people"] == [{"name": "id 4", "first": 3, "last": 14, "frames": 12}]


def test_truth_is_played_and_exported_like_any_track(
    studio: Command, tmp_path: Path
) -> None:
    sequence, _ = made_sequence(tmp_path)
    project = tmp_path / "played.hpes"
    done = studio("panoptic", "play", sequence, "-o", project, "--json")
    assert done.code == 0, done.err
    facts = json.loads(done.out)
    assert facts["people"] == ["id 4 (truth)"]
    assert any("mm off" in note for note in facts["notes"])
    bvh = tmp_path / "truth.bvh"
    done = studio("export", project, "-o", bvh, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["max_joint_error_mm"] < 0.1
    assert bvh.read_text().startswith("HIERARCHY")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("calibration", "is the calibration of 160906_band1, not of"),
        ("tar", "is cut off after"),
        ("camera", "has no footage of camera 00_30"),
        ("nan", "no frames that can be read"),
        ("folder", "holds no Panoptic sequence"),
    ],
)
def test_bad_sequences_are_one_sentence(studio: Command, tmp_path, change, why) -> None:
    sequence, _ = made_sequence(tmp_path, as_tar=change == "tar")
    words = []
    if change == "calibration":
        own = sequence / f"calibration_{NAME}.json"
        own.rename(sequence / "calibration_160906_band1.json")
    elif change == "tar":
        tar = sequence / "hdPose3d_stage1_coco19.tar"
        tar.write_bytes(tar.read_bytes()[:9000])
    elif change == "camera":
        words = ["--camera", "00_30"]
    elif change == "nan":
        for file in (sequence / "hdPose3d_stage1_coco19").iterdir():
            file.write_text('{"bodies": [{"id": 4, "joints19": [NaN]}]}')
    else:
        sequence = tmp_path / "other"
        sequence.mkdir()
    done = studio("panoptic", "play", sequence, *words)
    assert done.code == 1
    assert why in done.problem
    assert not list(tmp_path.glob("*.hpes"))
