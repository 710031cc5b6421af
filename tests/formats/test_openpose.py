"""OpenPose's keypoints: real files, and written ones with exact content."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.pointsets import convert_points
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import openpose

# A standing figure in COCO-17's order, shares of its height, seen from the front.
FIGURE = np.array(
    [
        (0.50, 0.08), (0.52, 0.06), (0.48, 0.06), (0.54, 0.07), (0.46, 0.07),
        (0.60, 0.20), (0.40, 0.20), (0.64, 0.36), (0.36, 0.36), (0.66, 0.50),
        (0.34, 0.50), (0.56, 0.52), (0.44, 0.52), (0.57, 0.74), (0.43, 0.74),
        (0.57, 0.95), (0.43, 0.95),
    ]
)  # fmt: skip


def figure_px(name: str, frame: int = 0, at: float = 300.0) -> np.ndarray:
    """The figure in another set, shape (points, 3) with confidence; feet by hand."""
    flat = FIGURE * 400 + [at + 3 * frame, 100]
    points = convert_points(flat, "coco17", name)
    names = landmark_set(name).names
    for side, sign in (("left", 1), ("right", -1)):
        ankle = points[names.index(f"{side}_ankle")]
        for toe, step in (("big_toe", 4), ("small_toe", 8), ("heel", 2)):
            if f"{side}_{toe}" in names:
                points[names.index(f"{side}_{toe}")] = np.add(ankle, (sign * step, 12))
    if "head_top" in names:
        points[names.index("upper_neck")] = flat[[5, 6]].mean(0) - [0, 15]
        points[names.index("head_top")] = flat[0] - [0, 30]
    return np.column_stack([points, np.full(len(points), 0.5)])


def write(folder: Path, frame: int, people: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"clip_{frame:012d}_keypoints.json"
    path.write_text(json.dumps({"version": 1.3, "people": people}))
    return path


def entry(rows: np.ndarray, **more: Any) -> dict[str, Any]:
    empty = {f"{n}_keypoints_2d": [] for n in ("face", "hand_left", "hand_right")}
    return {
        "person_id": [-1],
        "pose_keypoints_2d": rows.ravel().tolist(),
        **empty,
        "pose_keypoints_3d": [],
        **more,
    }


@pytest.mark.data
@pytest.mark.parametrize(("camera", "long"), [("cam1_json", 2), ("cam3_json", 1)])
def test_real_files(test_data: Path, camera: str, long: int) -> None:
    folder = test_data / "poseout/openpose_body25b" / camera
    assert openpose.sniff(folder, b"") == 1.0
    motion = openpose.read(folder, fps="60")
    assert motion.fps == 60
    assert motion.frame_count == 100
    assert "body25b" in " ".join(motion.assumed)
    assert {run.point_set.name for run in motion.points} == {"body25b"}
    whole = [run for run in motion.points if len(run.points_px) == 100]
    assert len(whole) == long
    raw = json.loads((folder / f"{camera[:3]}0{camera[3]}.0040.json").read_text())
    said = np.array(raw["people"][0]["pose_keypoints_2d"]).reshape(25, 3)
    assert any(
        np.allclose(np.nan_to_num(run.points_px[40]), said[:, :2]) for run in whole
    )
    for run in whole:  # shoulders above hips above ankles, all along
        at = {n: run.points_px[:, i, 1] for i, n in enumerate(run.point_set.names)}
        assert (at["left_hip"] > at["left_shoulder"]).mean() > 0.9
        assert (at["left_ankle"] > at["left_hip"]).mean() > 0.9


@pytest.mark.parametrize("name", ["body25", "body25b", "coco18", "coco17"])
def test_sets_are_told_apart(tmp_path: Path, name: str) -> None:
    for frame in range(6):
        write(tmp_path / "a", frame, [entry(figure_px(name, frame))])
    motion = openpose.read(tmp_path / "a")
    (run,) = motion.points
    assert run.point_set.name == name
    assert run.person_id == ""
    assert motion.assumed[0] == "30 frames per second"
    expected = np.stack([figure_px(name, f)[:, :2] for f in range(6)])
    np.testing.assert_array_equal(run.points_px, expected)


def test_two_people_gaps_and_missing_points(tmp_path: Path) -> None:
    for frame in (5, 6, 8):
        left, right = (figure_px("body25", frame, at) for at in (100.0, 700.0))
        left[4] = 0
        people = [entry(left), entry(right)]
        write(tmp_path / "a", frame, people if frame % 2 else people[::-1])
    write(tmp_path / "a", 9, [])
    (tmp_path / "a" / "notes.txt").write_text("not ours")
    motion = openpose.read(tmp_path / "a", fps="30000/1001")
    assert motion.fps == Fraction(30000, 1001)
    first, second = motion.points
    assert first.start == second.start == 5
    assert np.isnan(first.points_px[2]).all()
    assert np.isnan(first.points_px[:, 4]).all()
    assert (first.confidence[:, 4] == 0).all()
    np.testing.assert_array_equal(
        second.points_px[3], figure_px("body25", 8, 700.0)[:, :2]
    )
    assert motion.provenance["first_frame"] == 5


def test_hands_and_face_stay_with_their_person(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    hand, face = rng.uniform(1, 99, (21, 3)), rng.uniform(1, 99, (70, 3))
    more = {
        "hand_left_keypoints_2d": hand.ravel().tolist(),
        "face_keypoints_2d": face.ravel().tolist(),
        "person_id": [4],
    }
    path = write(tmp_path / "a", 0, [entry(figure_px("body25"), **more)])
    (run,) = openpose.read(path).points
    assert run.point_set.name == "body25+left_hand21+face70"
    assert run.person_id == "4"
    np.testing.assert_array_equal(run.points_px[0, 25:46], hand[:, :2])
    np.testing.assert_array_equal(run.points_px[0, 46:], face[:, :2])


def test_shares_of_a_picture_need_its_size(tmp_path: Path) -> None:
    rows = figure_px("body25")
    rows[:, :2] /= 1000
    path = write(tmp_path / "a", 0, [entry(rows)])
    with pytest.raises(StudioError, match="size=1920x1080"):
        openpose.read(path)
    motion = openpose.read(path, size="1000x1000")
    assert motion.size_px == (1000, 1000)
    np.testing.assert_allclose(
        motion.points[0].points_px[0], figure_px("body25")[:, :2]
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"fps": "fast"}, "no frame rate"),
        ({"fps": "0"}, "no frame rate"),
        ({"size": "big"}, "no picture size"),
        ({"set": "coco17"}, "coco17 has another number"),
    ],
)
def test_wrong_options_are_refused(tmp_path: Path, options: Any, said: str) -> None:
    path = write(tmp_path / "a", 0, [entry(figure_px("body25"))])
    with pytest.raises(StudioError, match=said):
        openpose.read(path, **options)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no readable JSON"),
        ("[" * 100_000, "no readable JSON"),
        ("[]", "no OpenPose file"),
        ('{"people": [{"pose_keypoints_2d": [1, 2]}]}', "rows of 3"),
        ('{"people": [{"pose_keypoints_2d": ["a", 2, 3]}]}', "rows of 3"),
        ('{"people": [{"pose_keypoints_2d": [1, 2, 3]}]}', "1 points"),
    ],
)
def test_bad_files_are_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    with pytest.raises(StudioError, match=said) as caught:
        openpose.read(path)
    assert "bad.json" in str(caught.value)


def test_mixed_cameras_and_impossible_numbers_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a", 3, [])
    (tmp_path / "a" / "other_3_keypoints.json").write_text('{"people": []}')
    with pytest.raises(StudioError, match="two files of frame 3"):
        openpose.read(tmp_path / "a")
    write(tmp_path / "b", 99_999_999_999, [entry(figure_px("body25"))])
    with pytest.raises(StudioError, match="more than a clip can have"):
        openpose.read(tmp_path / "b")


def test_sniffing(tmp_path: Path) -> None:
    path = write(tmp_path / "a", 0, [entry(figure_px("body25"))])
    assert openpose.sniff(path, path.read_bytes()[:4096]) == 1.0
    assert openpose.sniff(tmp_path, b"") == 0.0
    assert openpose.sniff(path, b'{"version": 1, "bodies": []}') == 0.0
    empty = write(tmp_path / "b", 0, [])
    assert 0 < openpose.sniff(empty, empty.read_bytes()) < 1
