"""`hpe-studio convert` and `hpe-studio skeleton` as a person calls them."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from hpe_studio.body import open_body
from hpe_studio.core.pointsets import known_set
from hpe_studio.formats import bvh, hpe_json
from tests.cli.conftest import Command
from tests.formats.scenes import motion, person
from tests.formats.walkers import walkers_m


@pytest.fixture
def skeletons(tmp_path: Path) -> Path:
    path = tmp_path / "skeletons.pkl"
    content = {"joints3d": walkers_m("h36m17")[0] * 1000, "kp": np.zeros((20, 17, 3))}
    path.write_bytes(pickle.dumps(content | {"kp": np.zeros(4)}))
    return path


def test_a_pickle_becomes_json(
    studio: Command, skeletons: Path, tmp_path: Path
) -> None:
    goal = tmp_path / "out.json"
    said = studio("convert", skeletons, goal)
    assert said.code == 0, said.err
    assert "the 17 points are h36m17" in said.out
    assert "lengths are in mm" in said.out
    (run,) = hpe_json.read(goal).points
    np.testing.assert_allclose(run.points_scene_m, walkers_m("h36m17")[0], atol=1e-6)
    told = studio(
        "convert", skeletons, goal, "--set", "set=h36m17", "--set", "axes=y_up",
        "--set", "unit=mm", "--set", "fps=50", "--set", "key=joints3d", "--json",
    )  # fmt: skip
    facts = json.loads(told.out)
    assert facts["files"] == [str(goal)]
    assert facts["notes"] == []


def test_bvh_and_json_both_ways(studio: Command, tmp_path: Path) -> None:
    bvh.write(motion(person()), tmp_path / "a.bvh")
    assert studio("convert", tmp_path / "a.bvh", tmp_path / "b.json").code == 0
    said = studio(
        "convert", tmp_path / "b.json", tmp_path / "c.bvh", "--write", "axes=unity"
    )
    assert said.code == 0, said.err
    first, second = (bvh.read(tmp_path / f) for f in ("a.bvh", "c.bvh"))
    np.testing.assert_allclose(
        first.people[0].rest_joints_m[5] - first.people[0].rest_joints_m[2],
        second.people[0].rest_joints_m[5] - second.people[0].rest_joints_m[2],
        atol=1e-5,
    )


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--to", "fbx"), 1, "no format 'fbx' to write"),
        (("--from", "nobody"), 1, "no format 'nobody' to read"),
        (("--set", "unit=furlong"), 2, "unit is not 'furlong'"),
        (("--set", "colour=red"), 2, "sets nothing"),
        (("--set", "key=nothing"), 1, "no body in 'nothing'"),
    ],
)
def test_wrong_words_are_one_sentence(
    studio: Command, skeletons: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    goal = skeletons.with_name("out.json")
    said = studio("convert", skeletons, goal, *words)
    assert said.code == code
    assert says in said.err.splitlines()[0]
    assert not goal.exists()


def test_what_cannot_be_converted(studio: Command, skeletons: Path) -> None:
    for goal, says in (
        ("skeletons.pkl", "is the file to read"),
        ("out.hpes", "name of a project"),
        ("out.xyz", "ending that no format writes"),
        ("nowhere/out.json", "is no folder"),
    ):
        said = studio("convert", skeletons, skeletons.parent / goal)
        assert said.code == 1
        assert says in said.problem


def test_a_skeleton_from_betas(studio: Command, tmp_path: Path) -> None:
    betas = tmp_path / "betas.json"
    betas.write_text(json.dumps([1.0, -0.5]))
    goal = tmp_path / "skeleton.json"
    said = studio("skeleton", betas, "--set", "body25", "-o", goal)
    assert said.code == 0, said.err
    facts = json.loads(goal.read_text())
    points = known_set("body25")
    assert facts["names"] == list(points.names)
    assert facts["parents"] == list(points.parents)
    lengths = {(b["from"], b["to"]): b["length_m"] for b in facts["bones"]}
    rest = open_body().joint_model.rest_joints_m(np.array([1.0, -0.5]))
    assert lengths["left_knee", "left_ankle"] == pytest.approx(
        np.linalg.norm(rest[4] - rest[7]), abs=1e-6
    )
    assert len(lengths) == 24


def test_a_skeleton_from_a_mesh_by_a_regressor(studio: Command, tmp_path: Path) -> None:
    mesh = tmp_path / "mesh.npy"
    vertices = np.random.default_rng(0).normal(size=(500, 3))
    np.save(mesh, vertices)
    matrix = np.random.default_rng(1).random((4, 500))
    np.save(tmp_path / "r.npy", matrix)
    goal = tmp_path / "skeleton.json"
    said = studio("skeleton", mesh, "--regressor", tmp_path / "r.npy", "-o", goal)
    assert said.code == 0, said.err
    facts = json.loads(goal.read_text())
    np.testing.assert_allclose(facts["joints_m"], matrix @ vertices, atol=1e-6)
    assert facts["names"] == ["joint_0", "joint_1", "joint_2", "joint_3"]
    said = studio(
        "skeleton", mesh, "--regressor", tmp_path / "r.npy", "--set", "h36m17",
        "-o", goal,
    )  # fmt: skip
    assert said.code == 2
    assert "h36m17 has 17 points, the regressor 4" in said.err
    np.save(tmp_path / "r17.npy", np.random.default_rng(2).random((17, 500)))
    studio(
        "skeleton", mesh, "--regressor", tmp_path / "r17.npy", "--set", "h36m17",
        "-o", goal,
    )  # fmt: skip
    facts = json.loads(goal.read_text())
    assert facts["names"][1] == "right_hip"
    assert len(facts["bones"]) == 16
    said = studio("skeleton", mesh, "-o", goal)
    assert said.code == 1
    assert "500 vertices" in said.problem


def test_one_of_several_shapes(studio: Command, tmp_path: Path) -> None:
    np.save(tmp_path / "b.npy", np.zeros((2, 10)))
    goal = tmp_path / "s.json"
    shape = tmp_path / "b.npy"
    assert studio("skeleton", shape, "-o", goal, "--person", "1").code == 0
    said = studio("skeleton", shape, "-o", goal, "--person", "2")
    assert said.code == 2
    assert "no person 2" in said.err
    said = studio("skeleton", shape, "-o", goal, "--set", "face70")
    assert said.code == 0
    assert "70 points of face70 are not on this body" in said.out
