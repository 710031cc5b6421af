"""Joint sets of anybody, plain writing and converting, from a script."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import hpe_studio as hs
from hpe_studio.body import open_body
from hpe_studio.core.pointsets import SETS, convert_points, known_set, lateral_sign
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import bvh, hpe_json
from hpe_studio.motion.kinematics import forward_kinematics, landmarks_m
from tests.body.synthetic import random_model, write_model
from tests.formats.scenes import motion, person
from tests.formats.walkers import walkers_m


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "home"
    monkeypatch.setenv("HPE_STUDIO_HOME", str(folder))
    return folder


def posed(run: Any) -> np.ndarray:
    return forward_kinematics(
        run.skeleton.parents, run.rest_joints_m, run.joints_rad, run.root_scene_m
    )[0]


def test_joints_of_a_file_are_where_its_skeleton_puts_them() -> None:
    run = person(with_gap=True)
    places = posed(run)
    np.testing.assert_allclose(hs.joints(run, "smpl24"), places, atol=1e-9)
    np.testing.assert_allclose(hs.joints(run, "smpl22"), places[:, :22], atol=1e-9)
    names = known_set("coco19").names
    coco = hs.joints(run, "coco19")
    assert coco.shape == (30, 19, 3)
    for name in ("left_knee", "right_wrist", "left_shoulder"):
        joint = run.skeleton.index(name)
        np.testing.assert_allclose(
            coco[:, names.index(name)], places[:, joint], atol=1e-9
        )
    middle = 0.5 * (places[:, 16] + places[:, 17])
    np.testing.assert_allclose(coco[:, names.index("neck")], middle, atol=1e-9)
    assert np.isnan(coco[10:13]).all()
    assert np.isfinite(coco[[9, 13]]).all()


@pytest.mark.parametrize("name", SETS)
def test_every_set_can_be_asked_for(name: str) -> None:
    made = hs.joints(person(bones="smplx55"), name)
    assert made.shape == (30, len(known_set(name).names), 3)
    share = np.isfinite(made[0, :, 0]).mean()
    few = {"face70": 0.0, "smplx144": 0.5, "coco133": 0.4, "hand21": 0.0, "romp71": 0.9}
    assert share >= few.get(name, 0.95)


def test_people_of_points_are_put_in_another_order(tmp_path: Path) -> None:
    places = walkers_m("h36m17")[0]
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps({"joints3d": places}))
    (coco,) = hs.joints(hs.read(path), "coco17")
    np.testing.assert_allclose(
        coco, convert_points(places, "h36m17", "coco17"), atol=1e-9
    )
    with pytest.raises(hs.StudioError, match=r"no joint set 'x'; choose among coco17"):
        hs.joints(hs.read(path), "x")


def test_joints_of_a_project_are_on_its_body(tmp_path: Path) -> None:
    bvh.write(motion(person()), tmp_path / "walk.bvh")
    with hs.open(tmp_path / "walk.bvh") as project:
        who = project.people[0]
        move = who.motion
        np.testing.assert_allclose(
            hs.joints(move, "smpl24"), move.joints_scene_m, atol=1e-6
        )
        coco = hs.joints(who, "coco19")
        assert lateral_sign(coco, "coco19") > 0
        model = project.poser.body.joint_model
        places, turns = forward_kinematics(
            model.skeleton.parents,
            model.rest_joints_m(move.betas, scale=move.scale),
            move.joints_rad,
            move.root_scene_m,
        )
        expected = landmarks_m(model, "coco19", places, turns, move.betas, move.scale)
        np.testing.assert_allclose(coco, expected, atol=1e-9)


def test_the_users_body_gives_skin_points(tmp_path: Path) -> None:
    arrays = random_model("smpl", with_posedirs=False)
    path = write_model(tmp_path / "body.npz", arrays)
    run = person()
    made = hs.joints(run, "body25", body=path)
    names = landmark_set("body25").names
    places = posed(run)
    np.testing.assert_allclose(
        made[:, names.index("left_knee")], places[:, 4], atol=1e-9
    )
    open_made = hs.joints(run, "body25")
    assert np.abs(made - open_made)[:, names.index("left_heel")].max() > 0.01


def test_write_and_convert(tmp_path: Path) -> None:
    places = walkers_m("smpl24", people=2)
    source = tmp_path / "skeletons.pkl"
    source.write_bytes(pickle.dumps({f"person_{i}": p for i, p in enumerate(places)}))
    report = hs.convert(source, tmp_path / "out.json", fps="25", set="smpl24")
    assert report.max_joint_error_m < 1e-6
    assert "Assumed: the axes are y_up, told by how people stand" in report.notes
    again = hpe_json.read(tmp_path / "out.json")
    assert again.fps == 25
    for run, meant in zip(again.points, places, strict=True):
        np.testing.assert_allclose(run.points_scene_m, meant, atol=1e-6)
    hs.write(again, tmp_path / "b.json")
    assert len(hs.read(tmp_path / "b.json").points) == 2
    fitted = hs.write(again, tmp_path / "fit.bvh", axes="unity")
    assert [p.name for p in fitted.paths] == ["fit_Person_1.bvh", "fit_Person_2.bvh"]
    assert "Bodies were fitted to points" in fitted.notes
    (made,) = hs.joints(hs.read(fitted.paths[0]), "smpl24")
    error = np.linalg.norm(made - places[0], axis=-1)
    assert np.nanmedian(error) < 0.02


def test_rotations_keep_their_skeleton_and_shape(tmp_path: Path) -> None:
    meant = motion(person(), person(name="Lena", person_id="2", bones="smplx55"))
    hpe_json.write(meant, tmp_path / "a.json")
    hs.convert(tmp_path / "a.json", tmp_path / "b.json")
    again = hs.read(tmp_path / "b.json")
    for run, other in zip(meant.people, again.people, strict=True):
        assert run.skeleton == other.skeleton
        np.testing.assert_allclose(run.betas, other.betas, atol=1e-8)
        np.testing.assert_allclose(posed(run), posed(other), atol=2e-6)
    with pytest.raises(hs.StudioError, match="no format 'fbx' to write"):
        hs.convert(tmp_path / "a.json", tmp_path / "b.json", format="fbx")
    with pytest.raises(hs.StudioError, match="is the file to read"):
        hs.convert(tmp_path / "a.json", tmp_path / "a.json")


def test_regress_gives_the_open_body() -> None:
    np.testing.assert_allclose(
        hs.regress(np.zeros(10)), open_body().joint_model.joints_m, atol=1e-6
    )
