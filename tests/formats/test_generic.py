"""Arrays of unknown make: every layout, axis and unit with exact truth."""

from __future__ import annotations

import json
import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.pointsets import lateral_sign
from hpe_studio.formats import generic, guessing
from hpe_studio.motion.rotations import matrix_from_rotvec, quaternion_from_rotvec

from .scenes import person
from .walkers import walkers_m

FRAMES = 24


def put(path: Path, content: Any) -> Path:
    if path.suffix == ".json":
        path.write_text(json.dumps(content, default=lambda a: a.tolist()))
    elif path.suffix == ".npy":
        np.save(path, content)
    elif path.suffix == ".npz":
        np.savez(path, **content)
    else:
        path.write_bytes(pickle.dumps(content))
    return path


def one(name: str = "smpl24") -> np.ndarray:
    return walkers_m(name, frames=FRAMES)[0]


def check(path: Path, expected: list[np.ndarray], name: str, **options: str) -> Any:
    motion = generic.read(path, **options)
    assert len(motion.points) == len(expected)
    for run, meant in zip(motion.points, expected, strict=True):
        assert run.point_set.name == name, motion.assumed
        np.testing.assert_allclose(run.points_scene_m, meant, atol=1e-6)
    return motion


@pytest.mark.parametrize("suffix", [".pkl", ".npz", ".npy", ".json"])
def test_one_person_in_any_container(tmp_path: Path, suffix: str) -> None:
    content = one() if suffix == ".npy" else {"joints3d": one(), "note": "mine"}
    if suffix == ".npz":
        content.pop("note")
    motion = check(put(tmp_path / f"a{suffix}", content), [one()], "smpl24")
    assert motion.assumed[0] == "30 frames per second"
    assert "the 24 points are smpl24" in motion.assumed
    assert "the axes are y_up, told by how people stand" in motion.assumed
    assert "lengths are in m, told by the bones" in motion.assumed


@pytest.mark.parametrize(
    "name",
    ["smpl24", "h36m17", "h36m17_left", "coco17", "coco18", "coco19", "body25",
     "body25b", "lsp14", "mpi15", "smplh52", "smplx55", "mediapipe33"],
)  # fmt: skip
def test_sets_are_told_from_the_points(tmp_path: Path, name: str) -> None:
    meant = walkers_m("h36m17" if "h36m" in name else name, frames=FRAMES)[0]
    if name == "h36m17_left":
        meant = meant[:, [0, 4, 5, 6, 1, 2, 3, *range(7, 17)]]
    motion = generic.read(put(tmp_path / "a.npy", meant))
    assert motion.points[0].point_set.name == name
    np.testing.assert_allclose(motion.points[0].points_scene_m, meant, atol=1e-6)


@pytest.mark.parametrize("axes", list(guessing.AXES))
@pytest.mark.parametrize("unit", ["m", "cm", "mm"])
def test_axes_and_units_are_guessed(tmp_path: Path, axes: str, unit: str) -> None:
    meant = one("h36m17")
    raw = meant @ guessing.AXES[axes] / guessing.UNITS_M[unit]
    path = put(tmp_path / "a.npy", raw)
    motion = check(path, [meant], "h36m17")
    assert not motion.warnings
    told = generic.read(path, axes=axes, unit=unit, set="h36m17", fps="50")
    assert told.assumed == ()
    np.testing.assert_allclose(told.points[0].points_scene_m, meant, atol=1e-6)


def test_lengths_without_unit_make_a_usual_person(tmp_path: Path) -> None:
    path = put(tmp_path / "a.npy", one("h36m17") * 7.0)
    motion = generic.read(path)
    assert "people were made of usual size" in " ".join(motion.assumed)
    height = np.ptp(motion.points[0].points_scene_m[0], axis=0)[1]
    assert 1.4 < height < 1.9


def layouts(people: np.ndarray) -> dict[str, Any]:
    """The same two people in many containers; people (2, frames, joints, 3)."""
    frames = [people[:, f] for f in range(people.shape[1])]
    some = [f if i % 5 else f[:1] for i, f in enumerate(frames)]
    return {
        "frames_people.npy": np.swapaxes(people, 0, 1),
        "people_frames.npy": people,
        "per_frame.pkl": frames,
        "per_frame_ragged.pkl": [frames[0], *some[1:]],
        "by_person.pkl": {"person_1": people[0], "person_2": people[1]},
        "by_number.pkl": {4: {"joints3d": people[0]}, 9: {"joints3d": people[1]}},
        "by_picture.pkl": {f"{i:06d}.jpg": {"joints": f} for i, f in enumerate(frames)},
        "by_frame.json": {str(i): f for i, f in enumerate(frames)},
        "dicts.json": [
            [{"id": p, "keypoints_3d": f[p]} for p in (0, 1)] for f in frames
        ],
        "nested.pkl": {
            "fps": 25.0,
            "results": [{"people": [{"pose3d": f[p]} for p in (1, 0)]} for f in frames],
        },
        "objects.json": [
            [
                [dict(zip("xyz", row, strict=True)) for row in f[p].tolist()]
                for p in (0, 1)
            ]
            for f in frames
        ],
        "flat.npz": {"joints": people.reshape(2, people.shape[1], -1)},
    }


@pytest.mark.parametrize("name", list(layouts(np.zeros((2, 1, 1, 3)))))
def test_two_people_in_any_layout(tmp_path: Path, name: str) -> None:
    people = walkers_m("smpl24", people=2, frames=FRAMES)
    path = put(tmp_path / name, layouts(people)[name])
    motion = generic.read(path)
    assert len(motion.points) == 2, motion.points
    assert motion.frame_count == FRAMES
    runs = sorted(motion.points, key=lambda r: r.points_scene_m[0, 0, 0])
    for run, meant in zip(runs, people, strict=True):
        known = np.isfinite(run.points_scene_m[:, 0, 0])
        assert known.sum() >= FRAMES - 5
        np.testing.assert_allclose(
            run.points_scene_m[known],
            meant[run.start :][: len(known)][known],
            atol=1e-6,
        )
    assert motion.fps == (25 if name == "nested.pkl" else 30)


def test_frame_numbers_confidence_and_missing_points(tmp_path: Path) -> None:
    rows = np.concatenate([one("coco19"), np.full((FRAMES, 19, 1), 0.5)], axis=2)
    rows[3, 4] = 0
    frames = np.arange(FRAMES) * 2 + 10
    path = put(tmp_path / "a.pkl", {7: {"frame_ids": frames, "keypoints3d": rows}})
    motion = generic.read(path)
    (run,) = motion.points
    assert run.person_id == "7"
    assert (run.start, len(run.points_scene_m)) == (10, 2 * FRAMES - 1)
    assert np.isnan(run.points_scene_m[6, 4]).all()
    assert run.confidence[6, 4] == 0.0
    assert run.confidence[6, 5] == 0.5
    assert np.isnan(run.points_scene_m[1]).all()


def test_points_in_pictures(tmp_path: Path) -> None:
    flat = one("coco17")[..., :2] * [100, -100] + 300
    rows = np.concatenate([flat, np.full((FRAMES, 17, 1), 0.25)], axis=2)
    (run,) = generic.read(put(tmp_path / "a.npy", rows)).points
    assert run.point_set.name == "coco17"
    np.testing.assert_allclose(run.points_px, flat)
    assert (run.confidence == 0.25).all()
    path = put(tmp_path / "b.npz", {"kp2d": flat / [1920, 1080]})
    assert "the picture has 1920 x 1080 pixels" in generic.read(path).assumed
    motion = generic.read(path, size="1920x1080")
    np.testing.assert_allclose(motion.points[0].points_px, flat)
    assert motion.size_px == (1920, 1080)


@pytest.mark.parametrize(
    "form", ["flat", "vectors", "matrices", "quat", "xyzw", "split"]
)
@pytest.mark.parametrize("axes", ["y_up", "y_down", "z_up"])
def test_rotations_in_any_form(tmp_path: Path, form: str, axes: str) -> None:
    meant = person(frames=FRAMES)
    pose = 0.15 * meant.joints_rad
    pose[:, 22:] = 0
    turn = guessing.AXES[axes]
    raw = generic_turned(pose, turn.T)
    place = meant.root_scene_m @ turn
    quat = quaternion_from_rotvec(raw)
    content: dict[str, Any] = {
        "flat": {"poses": raw.reshape(FRAMES, 72)},
        "vectors": {"pose": raw},
        "matrices": {"rotmats": matrix_from_rotvec(raw)},
        "quat": {"quats": quat},
        "xyzw": {"rotations": np.roll(quat, -1, axis=-1)},
        "split": {
            "global_orient": raw[:, 0],
            "body_pose": raw[:, 1:].reshape(FRAMES, -1),
        },
    }[form]
    content |= {"trans": place, "betas": np.linspace(-1, 1, 10), "fps": 25}
    motion = generic.read(put(tmp_path / "a.pkl", content), axes=axes)
    (run,) = motion.people
    assert (motion.fps, run.skeleton.name, run.body) == (25, "smpl24", "smpl")
    np.testing.assert_allclose(
        matrix_from_rotvec(run.joints_rad), matrix_from_rotvec(pose), atol=1e-6
    )
    moved = np.diff(run.root_scene_m, axis=0)
    np.testing.assert_allclose(moved, np.diff(meant.root_scene_m, axis=0), atol=1e-6)
    np.testing.assert_allclose(run.betas, np.linspace(-1, 1, 10))
    assert "open body's mean shape" in " ".join(motion.assumed)


def generic_turned(pose: np.ndarray, turn: np.ndarray) -> np.ndarray:
    from hpe_studio.formats.smpl_results import turned

    return turned(pose, turn)


def test_upright_is_guessed_for_rotations(tmp_path: Path) -> None:
    pose = 0.05 * person(frames=FRAMES).joints_rad
    for axes in ("y_down", "z_up"):
        raw = generic_turned(pose, guessing.AXES[axes].T)
        motion = generic.read(put(tmp_path / "a.npy", raw.reshape(FRAMES, 72)))
        assert f"the axes are {axes}, told by how people stand" in motion.assumed
        np.testing.assert_allclose(
            matrix_from_rotvec(motion.people[0].joints_rad),
            matrix_from_rotvec(pose),
            atol=1e-6,
        )
        assert "the file says no place" in " ".join(motion.assumed)


def test_a_left_handed_file_is_told(tmp_path: Path) -> None:
    path = put(tmp_path / "a.npy", one("h36m17") * [-1, 1, 1])
    motion = generic.read(path, set="h36m17")
    assert "Left and right look exchanged" in motion.warnings[0]
    assert not generic.read(put(path, one("h36m17")), set="h36m17").warnings


def test_unknown_numbers_of_points_are_read(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    motion = generic.read(put(tmp_path / "a.npy", rng.normal(size=(9, 31, 3))))
    (run,) = motion.points
    assert run.point_set.names[30] == "point_30"
    assert "the 31 points are points31, in no known order" in motion.assumed


@pytest.mark.data
def test_a_real_file_of_human36m(test_data: Path) -> None:
    path = test_data / "poseout/test_h36m_body3d.npz"
    raw = np.load(path, allow_pickle=True)["S"][..., :3]
    description = generic.describe(path)
    assert description.key == "S"
    assert {(a.key, a.text) for a in description.arrays} >= {
        ("S", "points of 17"), ("part", "points in the picture of 17"),
    }  # fmt: skip
    guesses = {g.option: g for g in description.guesses}
    assert guesses["set"].value == "h36m17"
    assert "h36m17_left" in guesses["set"].others
    assert guesses["axes"].value == "y_down"
    assert guesses["unit"].value == "m"
    motion = generic.read(path)
    (run,) = motion.points
    np.testing.assert_allclose(run.points_scene_m, raw * [1, -1, -1], atol=1e-9)
    assert lateral_sign(run.points_scene_m, "h36m17") > 0.5
    part = generic.read(path, key="part")
    assert part.points[0].points_px is not None


@pytest.mark.data
def test_a_real_file_of_smpl(test_data: Path) -> None:
    path = test_data / "poseout/test_mosh.npz"
    raw = np.load(path)
    motion = generic.read(path)
    (run,) = motion.people
    assert run.joints_rad.shape == (4, 24, 3)
    np.testing.assert_allclose(run.joints_rad[:, 1:].reshape(4, 69), raw["pose"][:, 3:])


def test_description_lists_and_guesses(tmp_path: Path) -> None:
    content = {
        f"{i:04d}.png": {"joints3d": f, "bbox": np.zeros(4)}
        for i, f in enumerate(one("h36m17"))
    }
    found = generic.describe(put(tmp_path / "a.pkl", content))
    assert [a.line for a in found.arrays] == [
        "*/joints3d (17, 3): points of 17", "*/bbox (4,)",
    ]  # fmt: skip
    assert (found.people, found.frames, found.text) == (1, FRAMES, "points of 17")
    assert [g.option for g in found.guesses] == ["fps", "set", "axes", "unit"]
    assert found.guesses[1].others[0] in ("h36m17_left", "coco17")


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ({"a": np.zeros(3)}, {}, r"holds no body.*a \(3,\)"),
        ({"a": "text"}, {}, "holds no arrays"),
        ({"pred": one(), "gt": one()}, {}, r"several arrays.*pred \(24, 24, 3\).*key="),
        ({"j": one()}, {"key": "k"}, r"no body in 'k' \(it has j"),
        ({"j": one()}, {"set": "coco17"}, "coco17 has 17 points, the file has 24"),
        ({"j": one()}, {"set": "klingon"}, "no joint set 'klingon'"),
        ({"j": one()}, {"fps": "x"}, "no frame rate"),
        ({"body_pose": np.full((5, 69), 0.1)}, {}, "without a root"),
    ],
)
def test_what_cannot_be_told_is_said_in_one_sentence(
    tmp_path: Path, content: Any, options: Any, said: str
) -> None:
    path = put(tmp_path / "a.pkl", content)
    with pytest.raises(StudioError, match=said) as caught:
        generic.read(path, **options)
    assert "\n" not in str(caught.value)


def test_the_key_chooses(tmp_path: Path) -> None:
    content = {"pred": one(), "gt": one() + 1.0, "joints17": one("h36m17")}
    path = put(tmp_path / "a.pkl", content)
    for key in ("pred", "gt"):
        motion = generic.read(path, key=key)
        np.testing.assert_allclose(motion.points[0].points_scene_m, content[key])
    motion = generic.read(path, key="joints17")
    assert motion.points[0].point_set.name == "h36m17"


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("touch hacked",)


def test_hostile_files_are_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bad = put(tmp_path / "bad.pkl", {"joints3d": one(), "x": Attack()})
    with pytest.raises(StudioError, match=r"bad\.pkl: asks to run \w+\.system"):
        generic.read(bad)
    objects = np.empty(1, dtype=object)
    objects[0] = Attack()
    for suffix, content in ((".npy", objects), (".npz", {"x": objects})):
        with pytest.raises(StudioError, match=r"asks to run \w+\.system"):
            generic.read(put(tmp_path / f"bad{suffix}", content))
    assert not (tmp_path / "hacked").exists()
    for name in ("cut.pkl", "cut.npz", "cut.npy", "cut.json"):
        (tmp_path / name).write_bytes(b"\x80\x04")
        with pytest.raises(StudioError, match=name):
            generic.read(tmp_path / name)
