"""`export`: formats, axes, rates, people, and what it refuses."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.catalogue import motion_format, written_formats
from hpe_studio.core.interchange import PersonMotion
from hpe_studio.motion.kinematics import forward_kinematics
from tests.cli import made
from tests.cli.conftest import Command


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return made.project(
        tmp_path / "p.hpes",
        made.person("Ravi"),
        made.person("Mia", seed=1, frames=20, start=10),
    )


def places(motion: PersonMotion) -> np.ndarray:
    joints, _ = forward_kinematics(
        motion.skeleton.parents,
        motion.rest_joints_m,
        motion.joints_rad,
        motion.root_scene_m,
    )
    names = motion.skeleton.joint_names
    return joints[:, [names.index(n) for n in sorted(names)]]


def test_json_has_everybody(studio: Command, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    said = studio("export", project, "-o", out, "--json")
    facts = json.loads(said.out)
    assert (said.code, said.err) == (0, "")
    assert facts["files"] == [str(out)]
    assert facts["max_joint_error_mm"] < 0.01
    read = hs.read(out)
    assert [p.name for p in read.people] == ["Ravi", "Mia"]
    assert [p.start for p in read.people] == [0, 10]


def test_bvh_of_several_people_is_a_file_each(
    studio: Command, project: Path, tmp_path: Path
) -> None:
    said = studio("export", project, "-o", tmp_path / "out.bvh", "--json")
    files = [Path(f).name for f in json.loads(said.out)["files"]]
    assert files == ["out_Ravi.bvh", "out_Mia.bvh"]
    assert all((tmp_path / name).stat().st_size > 1000 for name in files)
    assert not (tmp_path / "out.bvh").exists()


def test_people_whose_names_look_alike_do_not_overwrite_each_other(
    studio: Command, tmp_path: Path
) -> None:
    one, other = made.person("A b"), made.person("A/B", seed=1)
    path = made.project(tmp_path / "p.hpes", one, other)
    files = json.loads(studio("export", path, "-o", tmp_path / "o.bvh", "--json").out)[
        "files"
    ]
    assert len({f.casefold() for f in files}) == 2
    first, second = (places(hs.read(f).people[0]) for f in files)
    assert np.abs(first - second).max() > 0.1


def test_one_person_by_name(studio: Command, project: Path, tmp_path: Path) -> None:
    out = tmp_path / "mia.bvh"
    said = studio("export", project, "-o", out, "--person", "mia")
    assert (said.code, out.exists()) == (0, True)
    assert "frame 0 of the file is frame 10" in said.out.lower()
    assert hs.read(out).frame_count == 20


@pytest.mark.parametrize("axes", ["blender", "unity", "motionbuilder", "z_up"])
def test_every_preset_says_the_same_motion(
    studio: Command, project: Path, tmp_path: Path, axes: str
) -> None:
    plain, other = tmp_path / "plain.bvh", tmp_path / "other.bvh"
    studio("export", project, "-o", plain, "--person", "Ravi")
    said = studio("export", project, "-o", other, "--person", "Ravi", "--axes", axes)
    assert said.code == 0
    apart = places(hs.read(plain).people[0]) - places(hs.read(other).people[0])
    assert np.abs(apart).max() < 1e-4
    assert "Zrotation" in other.read_text()
    first = other.read_text().split("CHANNELS 6 ", 1)[1].split()[3]
    assert first == "Zrotation"


def test_unity_and_blender_differ_in_order(
    studio: Command, project: Path, tmp_path: Path
) -> None:
    orders = {}
    for axes in ("blender", "unity"):
        out = tmp_path / f"{axes}.bvh"
        studio("export", project, "-o", out, "--person", "Ravi", "--axes", axes)
        orders[axes] = out.read_text().split("CHANNELS 6 ", 1)[1].split()[3:6]
    assert orders["blender"] == ["Zrotation", "Yrotation", "Xrotation"]
    assert orders["unity"] == ["Zrotation", "Xrotation", "Yrotation"]


def test_rates_stay_exact_and_are_said(
    studio: Command, project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.bvh"
    words = ("--person", "Ravi", "--fps", "24000/1001")
    said = studio("export", project, "-o", out, *words)
    assert "Resampled from 25 to 24000/1001 fps" in said.out
    again = hs.read(out)
    assert again.fps == Fraction(24000, 1001)
    assert again.frame_count == 38  # 39/25 s hold 37.4 steps


def test_lengths_in_centimetres(studio: Command, project: Path, tmp_path: Path) -> None:
    metres, centimetres = tmp_path / "m.bvh", tmp_path / "cm.bvh"
    studio("export", project, "-o", metres, "--person", "Ravi")
    studio("export", project, "-o", centimetres, "--person", "Ravi", "--unit", "cm")
    row = [
        float(path.read_text().split("Frame Time:")[1].splitlines()[1].split()[2])
        for path in (metres, centimetres)
    ]
    assert row[1] == pytest.approx(100 * row[0], rel=1e-4)


@pytest.mark.parametrize("verb", ["export", "convert"])
def test_every_setting_of_every_writer_is_set_by_name(
    studio: Command, project: Path, tmp_path: Path, verb: str
) -> None:
    """What the export window offers, word by word."""
    for name in written_formats():
        spec = motion_format(name).SPEC
        for option in spec.write_options:
            for value in option.choices or ("12",):
                out = tmp_path / f"{name}_{option.name}_{value}{spec.extensions[0]}"
                to = ("--format", name) if verb == "export" else ("--to", name)
                goal = ("-o", out) if verb == "export" else (out,)
                words = (*goal, *to, "--write", f"{option.name}={value}")
                said = studio(verb, project, *words, "--json")
                assert said.code == 0, said.problem
                assert json.loads(said.out)["max_joint_error_mm"] < 0.01
                assert list(tmp_path.glob(f"{out.stem}*"))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("-o p.json --write order=XYZ", "'order=XYZ' sets nothing; leave it out"),
        ("-o out.bvh --write order", "sets nothing; write NAME=VALUE of axes, fps"),
        ("-o out.bvh --write order=up", "order is not 'up'; use preset, ZYX"),
        ("-o out.bvh --axes unity --write axes=unity", "axes is said twice"),
    ],
)
def test_settings_that_a_writer_has_not_are_wrong_usage(
    studio: Command, project: Path, tmp_path: Path, monkeypatch, words: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    said = studio("export", project, *words.split())
    assert said.code == 2
    assert says in said.err
    assert list(tmp_path.glob("*")) == [project]


def test_help_names_every_format_that_is_written(studio: Command) -> None:
    text = studio("export", "--help").out
    for name in written_formats():
        assert name in text
        for option in motion_format(name).SPEC.write_options:
            assert f"--{option.name} " in text or f"{option.name}=" in text


def test_format_wins_over_the_ending(
    studio: Command, project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "motion.txt"
    assert studio("export", project, "-o", out, "--format", "json").code == 0
    assert hs.read(out).people[0].name == "Ravi"
    said = studio("export", project, "-o", tmp_path / "motion.dat")
    assert (said.code, "bvh, json" in said.problem) == (1, True)


@pytest.mark.data
def test_a_motion_file_is_converted_without_a_trace(
    studio: Command, test_data: Path, tmp_path: Path
) -> None:
    source = tmp_path / "walk.bvh"
    source.write_bytes((test_data / "motion" / "20tab_freebvh.bvh").read_bytes())
    assert studio("export", source, "-o", tmp_path / "walk.json").code == 0
    assert sorted(p.name for p in tmp_path.glob("*")) == ["walk.bvh", "walk.json"]
    assert hs.read(tmp_path / "walk.json").people[0].skeleton.name == "smpl24"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("p.hpes -o out.bvh --person Zoe", "choose among Ravi, Mia"),
        ("p.hpes -o p.hpes --format json", "to read"),
        ("p.hpes -o other.hpes --format json", "project"),
        ("p.hpes -o p.json --axes unity", "axes"),
        ("p.hpes -o out.bvh --write fps=often", "frame rate"),
        ("p.hpes -o out.npz --write files=frames", "several formats"),
        ("p.hpes -o nowhere/out.bvh", "nowhere"),
        ("p.hpes -o folder --format json", "folder"),
        ("empty.hpes -o out.bvh", "nobody"),
        ("clip.mp4 -o out.bvh", "hpe-studio estimate"),
        ("over.hpes -o clip.mp4 --format json", "footage"),
        ("none.hpes -o out.bvh", "none.hpes"),
    ],
)
def test_refusals_are_one_sentence_and_change_nothing(
    studio: Command, project: Path, tmp_path: Path, monkeypatch, words: str, says: str
) -> None:
    clip = made.movie(tmp_path)
    made.project(tmp_path / "empty.hpes")
    made.project(tmp_path / "over.hpes", made.person(), clip=clip)
    (tmp_path / "folder").mkdir()
    before = made.bytes_of(tmp_path)
    monkeypatch.chdir(tmp_path)
    said = studio("export", *words.split())
    assert said.code == 1
    assert says in said.problem
    assert made.bytes_of(tmp_path) == before


def test_an_export_replaces_the_one_before(
    studio: Command, project: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.json"
    out.write_text("older")
    assert studio("export", project, "-o", out).code == 0
    assert len(hs.read(out).people) == 2
    assert sorted(p.name for p in tmp_path.glob("*")) == ["out.json", "p.hpes"]


@pytest.mark.parametrize("ending", ["json", "bvh"])
def test_some_frames_are_a_clip_of_their_own(
    studio: Command, project: Path, tmp_path: Path, ending: str
) -> None:
    whole, part = tmp_path / f"whole.{ending}", tmp_path / f"part.{ending}"
    studio("export", project, "-o", whole, "--person", "Mia")
    said = studio(
        "export", project, "-o", part, "--person", "Mia", "--frames", "12:20", "--json"
    )
    assert said.code == 0
    meant, read = (hs.read(path).people[0] for path in (whole, part))
    rows = slice(2, 10)  # Mia comes on frame 10
    assert read.start == 0
    assert places(read) == pytest.approx(places(meant)[rows], abs=1e-4)
    beyond = studio("export", project, "-o", part, "--frames", "500:600")
    assert beyond.code == 1
    assert "no frames 500 to 599" in beyond.problem
