"""Our JSON: schema, round trip, bad files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from hpe_studio.core.camera import default_camera
from hpe_studio.core.errors import StudioError
from hpe_studio.core.interchange import MotionFile, PersonPoints
from hpe_studio.core.resources import resource_path
from hpe_studio.core.skeleton import LandmarkSet, landmark_set
from hpe_studio.formats import hpe_json

from .scenes import motion, person


def test_round_trip_keeps_everything(tmp_path: Path) -> None:
    meant = motion(
        person(with_gap=True),
        person(name="Lena", start=12, seed=4, person_id="9", bones="smplx55"),
    )
    report = hpe_json.write(meant, tmp_path / "a.json")
    assert report.max_joint_error_m < 2e-6
    again = hpe_json.read(tmp_path / "a.json")
    assert again.fps == meant.fps
    assert again.shots == meant.shots
    assert again.size_px == meant.size_px
    assert again.clip_name == "clip.mp4"
    assert again.provenance["extra"] == {"kept": True}
    np.testing.assert_array_equal(
        again.cameras[1].intrinsics, meant.cameras[1].intrinsics
    )
    for first, second in zip(meant.people, again.people, strict=True):
        assert (first.name, first.colour, first.start) == (
            second.name,
            second.colour,
            second.start,
        )
        assert first.skeleton == second.skeleton
        for name, tolerance in {
            "joints_rad": 1e-7,
            "root_scene_m": 1e-7,
            "rest_joints_m": 1e-7,
            "betas": 1e-8,
            "points_px": 1e-3,
            "confidence": 1e-4,
            "points_m": 1e-5,
            "reprojection_px": 1e-3,
            "source": 0,
            "outside": 0,
        }.items():
            np.testing.assert_allclose(
                getattr(first, name), getattr(second, name), atol=tolerance, rtol=0
            )


def points_only() -> MotionFile:
    """People without rotations: places, pixels, a set of their own, nobody's name."""
    rng = np.random.default_rng(5)
    own = LandmarkSet(name="mine", names=("hat", "boot"), edges=((0, 1),))
    places = rng.normal(0, 1, (9, 19, 3))
    places[3, 4] = np.nan
    seen = PersonPoints(
        name="Ada",
        point_set=landmark_set("coco19"),
        start=4,
        points_scene_m=places,
        points_px=rng.uniform(0, 500, (9, 19, 2)),
        confidence=rng.uniform(0, 1, (9, 19)),
        person_id="3",
    )
    pixels = PersonPoints(
        name="", point_set=own, start=0, points_px=rng.uniform(0, 99, (2, 2, 2))
    )
    who = replace(person(), body="smplx", expression=rng.normal(0, 1, (30, 10)))
    camera = default_camera((640, 480))
    return replace(
        motion(who),
        points=(seen, pixels),
        views={"00_03": camera},
        assumed=("30 fps",),
    )


def test_points_without_rotations_come_back(tmp_path: Path) -> None:
    meant = points_only()
    report = hpe_json.write(meant, tmp_path / "a.json")
    assert 0 < report.max_joint_error_m < 2e-6
    again = hpe_json.read(tmp_path / "a.json")
    for first, second in zip(meant.points, again.points, strict=True):
        for name in ("name", "point_set", "start", "person_id"):
            assert getattr(first, name) == getattr(second, name)
        for name, tolerance in (
            ("points_scene_m", 1e-7), ("points_px", 1e-3), ("confidence", 1e-4),
        ):  # fmt: skip
            one, other = getattr(first, name), getattr(second, name)
            assert (one is None) == (other is None)
            if one is not None:
                np.testing.assert_allclose(one, other, atol=tolerance, rtol=0)
    assert again.assumed == ("30 fps",)
    np.testing.assert_array_equal(
        again.views["00_03"].intrinsics, meant.views["00_03"].intrinsics
    )
    assert again.people[0].body == "smplx"
    assert again.people[0].expression is not None
    np.testing.assert_allclose(
        again.people[0].expression, meant.people[0].expression, atol=1e-8
    )
    hpe_json.write(again, tmp_path / "b.json")
    first, second = (
        json.loads((tmp_path / f).read_text()) for f in ("a.json", "b.json")
    )
    assert first["points"] == second["points"]
    assert {p["name"] for p in first["persons"]} == {"Ravi", "Ada"}


def test_observations_of_a_foreign_set_are_left_out(tmp_path: Path) -> None:
    foreign = replace(person(), landmark_set="theirs")
    hpe_json.write(motion(foreign), tmp_path / "a.json")
    (run,) = hpe_json.read(tmp_path / "a.json").people
    assert run.landmark_set == ""
    assert run.points_px is None


def test_points_only_by_themselves(tmp_path: Path) -> None:
    meant = replace(points_only(), people=())
    hpe_json.write(meant, tmp_path / "a.json")
    again = hpe_json.read(tmp_path / "a.json")
    assert not again.people
    assert len(again.points) == 2


def test_two_sets_of_one_name_are_refused(tmp_path: Path) -> None:
    meant = points_only()
    other = replace(
        meant.points[0], point_set=replace(meant.points[1].point_set, name="coco19")
    )
    with pytest.raises(StudioError, match="two different joint sets"):
        hpe_json.write(replace(meant, points=(*meant.points, other)), tmp_path / "a")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["points"][0].update(frames=10**7), "damaged"),
        (lambda c: c["points"][0].update(point_set="?"), "damaged"),
        (lambda c: c["points"][0].update(points_px=[[[1, 2]]]), "an array has shape"),
        (lambda c: c["point_sets"]["mine"].update(edges=[[0, 5]]), "does not have"),
        (lambda c: c["point_sets"]["mine"].update(parents=[9, -1]), "does not have"),
        (lambda c: c["views"][0].update(camera_from_scene=[1, 2]), "camera_from_scene"),
    ],
)
def test_bad_points_are_refused_in_one_sentence(tmp_path: Path, change, said) -> None:
    path = tmp_path / "bad.json"
    hpe_json.write(points_only(), path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(StudioError, match=said):
        hpe_json.read(path)


def test_files_follow_the_published_schema(tmp_path: Path) -> None:
    hpe_json.write(points_only(), tmp_path / "a.json")
    schema = json.loads(resource_path("schemas/hpe_motion.schema.json").read_text())
    content = json.loads((tmp_path / "a.json").read_text())
    jsonschema.validate(content, schema)
    content["tracks"][0]["start"] = "zero"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(content, schema)


def test_the_schema_is_the_model(tmp_path: Path) -> None:
    import msgspec

    from hpe_studio.formats.hpe_json_model import File

    made = msgspec.json.schema(File)
    shipped = json.loads(resource_path("schemas/hpe_motion.schema.json").read_text())
    assert shipped["$defs"] == json.loads(json.dumps(made["$defs"]))


def test_projected_joints_fall_on_the_picture(tmp_path: Path) -> None:
    meant = motion()
    hpe_json.write(meant, tmp_path / "a.json")
    track = json.loads((tmp_path / "a.json").read_text())["tracks"][0]
    places = np.array(track["joints_scene_m"])
    expected = meant.cameras[0].project(places)
    np.testing.assert_allclose(np.array(track["joints_px"]), expected, atol=0.05)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.update(version=99), "newer HPE Studio"),
        (lambda c: c.update(format="other"), "no JSON written by HPE Studio"),
        (lambda c: c["tracks"][0].update(frames=10**7), "damaged"),
        (lambda c: c["tracks"][0].update(joints_rad=[[1]]), "damaged"),
        (lambda c: c["tracks"][0].update(person="nobody"), "no person 'nobody'"),
        (lambda c: c["tracks"][0].update(skeleton="?"), "damaged"),
        (lambda c: c["clip"]["fps"].update(den=0), "damaged"),
        (lambda c: c["skeletons"]["smpl24"].update(parents=[5] * 24), "damaged"),
        (lambda c: c.pop("persons"), "damaged"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(tmp_path: Path, change, said) -> None:
    path = tmp_path / "bad.json"
    hpe_json.write(motion(), path)
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(StudioError) as caught:
        hpe_json.read(path)
    assert "bad.json" in str(caught.value)
    assert said in str(caught.value)


def test_deeply_nested_and_cut_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "deep.json"
    path.write_text('{"format":"hpe-studio-motion","version":1,"x":' + "[" * 100_000)
    with pytest.raises(StudioError, match=r"deep\.json"):
        hpe_json.read(path)
    path.write_bytes(b"")
    with pytest.raises(StudioError, match=r"deep\.json"):
        hpe_json.read(path)
