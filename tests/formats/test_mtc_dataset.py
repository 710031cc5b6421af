"""The Total Capture data set: written as its own readers expect it."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.pointsets import lateral_sign
from hpe_studio.formats import mtc_dataset

from .walkers import walkers_m

META = np.diag([1.0, -1.0, -1.0])


def cm(points_m: np.ndarray) -> list[float]:
    return (100 * points_m @ META).ravel().tolist()


def samples(*, sequence: str = "171026_pose1") -> tuple[list[Any], np.ndarray]:
    body = walkers_m("coco19", frames=4)[0]
    hand = walkers_m("left_hand21", frames=4)[0]
    listed: list[Any] = []
    for i, frame in enumerate((2975, 2976, 2978, 2980)):
        sample = {
            "seqName": sequence,
            "frame_str": f"{frame:08d}",
            "id": 0,
            "body": {"landmarks": cm(body[i]), "2D": {3: {"insideImg": [True] * 19}}},
        }
        if i != 2:
            sample["left_hand"] = {"landmarks": cm(hand[i]), "2D": {}}
        listed.append(sample)
    return listed, np.concatenate([body, hand], axis=1)


def put(path: Path, content: Any) -> Path:
    path.write_bytes(pickle.dumps(content, protocol=2))
    return path


def test_bodies_hands_and_cameras(tmp_path: Path) -> None:
    listed, meant = samples()
    path = put(
        tmp_path / "annotation.pkl",
        {"training_data": listed[:2], "testing_data": listed[2:]},
    )
    turn, place = np.eye(3)[[2, 0, 1]], np.array([[10.0], [20.0], [300.0]])
    camera = {"K": np.eye(3), "R": turn, "t": place, "distCoef": np.arange(5.0)}
    put(tmp_path / "camera_data.pkl", {"171026_pose1": {3: camera}})
    assert mtc_dataset.sniff(path, path.read_bytes()[:4096]) > 0.9
    motion = mtc_dataset.read(path)
    (run,) = motion.points
    assert run.start == 2975
    assert float(motion.fps) == pytest.approx(29.97, abs=1e-3)
    assert motion.assumed == ()
    for row, i in ((0, 0), (1, 1), (3, 2), (5, 3)):
        count = 19 if i == 2 else 40
        np.testing.assert_allclose(
            run.points_scene_m[row, :count], meant[i, :count], atol=1e-9
        )
    assert np.isnan(run.points_scene_m[2]).all()
    assert np.isnan(run.points_scene_m[3, 19:]).all()
    assert np.isnan(run.points_scene_m[:, 40:]).all()
    assert lateral_sign(run.points_scene_m[:, :19], "coco19") == 1.0
    view = motion.views["00_03"]
    point_cm = 100 * meant[0, 5] @ META
    np.testing.assert_allclose(
        100 * view.to_camera(meant[0, 5]), turn @ point_cm + place[:, 0], atol=1e-9
    )


class Attack:
    def __reduce__(self) -> Any:
        return os.system, ("true",)


def test_hostile_files_are_refused_by_name(tmp_path: Path) -> None:
    listed, _ = samples()
    path = put(tmp_path / "bad.pkl", {"training_data": [*listed, Attack()]})
    with pytest.raises(StudioError, match=r"bad\.pkl: asks to run"):
        mtc_dataset.read(path)


def test_sequences_are_chosen(tmp_path: Path) -> None:
    first, second = samples()[0], samples(sequence="b")[0][:1]
    path = put(tmp_path / "annotation.pkl", {"training_data": first + second})
    with pytest.raises(StudioError, match=r"2 sequences \(171026_pose1, b\); choose"):
        mtc_dataset.read(path)
    assert mtc_dataset.read(path, sequence="b").frame_count == 2976
    with pytest.raises(StudioError, match="no sequence 'c'"):
        mtc_dataset.read(path, sequence="c")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.update(frame_str="x"), "without a frame"),
        (lambda s: s["body"].update(landmarks=[1.0] * 45), "15 points instead of 19"),
        (lambda s: s["body"].update(landmarks="no"), "0 points instead of 19"),
    ],
)
def test_bad_samples_are_refused(tmp_path: Path, change: Any, said: str) -> None:
    listed, _ = samples()
    change(listed[1])
    path = put(tmp_path / "bad.pkl", {"training_data": listed})
    with pytest.raises(StudioError, match=said):
        mtc_dataset.read(path)
    with pytest.raises(StudioError, match="no samples"):
        mtc_dataset.read(put(path, {"training_data": []}))
