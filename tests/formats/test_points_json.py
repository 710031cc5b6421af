"""COCO, EasyMocap and MediaPipe points: written files with exact content."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.core.pointsets import convert_points, lateral_sign
from hpe_studio.core.skeleton import landmark_set
from hpe_studio.formats import (
    coco_keypoints,
    easymocap_points,
    guessing,
    hpe_json,
    mediapipe_json,
    openpose,
)

from .walkers import walkers_m

READERS = (coco_keypoints, easymocap_points, mediapipe_json, openpose, hpe_json)


def put(path: Path, content: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content))
    return path


def surest(path: Path) -> Any:
    head = b"" if path.is_dir() else path.read_bytes()[:4096]
    return max(READERS, key=lambda reader: reader.sniff(path, head))


def coco_file(path: Path, *, tracks: bool = True, **more: Any) -> tuple[Path, Any]:
    """Two people on frames 3, 4 and 6, written as annotations; their keypoints."""
    rng = np.random.default_rng(2)
    images, annotations, said = [], [], {}
    shapes = rng.uniform(10, 200, (2, 17, 2)) + np.array([[[0, 0]], [[300, 0]]])
    for frame in (6, 3, 4):
        name = f"clip/{frame:06d}.jpg"
        images.append(
            {"id": 100 + frame, "file_name": name, "width": 640, "height": 480}
        )
        for person in (0, 1):
            points = np.round(shapes[person] + rng.normal(0, 2, (17, 2)), 2)
            seen = rng.integers(0, 3, 17)
            points[seen == 0] = 0
            said[person, frame] = points, seen
            entry = {
                "image_id": 100 + frame,
                "category_id": 1,
                "keypoints": np.column_stack([points, seen]).ravel().tolist(),
            }
            annotations.append(entry | ({"track_id": 7 + person} if tracks else {}))
    content = {"images": images, "annotations": annotations, **more}
    return put(path, content), said


@pytest.mark.parametrize("tracks", [True, False])
def test_coco_annotations(tmp_path: Path, tracks: bool) -> None:
    path, said = coco_file(tmp_path / "a.json", tracks=tracks)
    assert surest(path) is coco_keypoints
    motion = coco_keypoints.read(path, fps="25")
    assert (motion.fps, motion.size_px, motion.frame_count) == (25, (640, 480), 7)
    ids = ["7", "8"] if tracks else ["", ""]
    assert [run.person_id for run in motion.points] == ids
    for person, run in enumerate(motion.points):
        assert run.point_set.name == "coco17"
        assert run.start == 3
        assert np.isnan(run.points_px[2]).all()
        for frame in (3, 4, 6):
            points, seen = said[person, frame]
            row = run.points_px[frame - 3]
            np.testing.assert_array_equal(row[seen > 0], points[seen > 0])
            assert np.isnan(row[seen == 0]).all()
            np.testing.assert_array_equal(run.confidence[frame - 3], seen / 2)


def test_coco_results_and_other_sets(tmp_path: Path) -> None:
    rows = np.column_stack(
        [np.random.default_rng(2).uniform(0, 99, (26, 2)), np.full(26, 0.7)]
    )
    results = [
        {"image_id": f"{n}.jpg", "keypoints": rows.ravel().tolist(), "score": 2.9}
        for n in (0, 1, 2, 10)
    ]
    path = put(tmp_path / "alphapose.json", results)
    assert surest(path) is coco_keypoints
    (run,) = coco_keypoints.read(path).points
    assert (run.start, len(run.points_px)) == (0, 11)
    assert run.point_set == landmark_set("halpe26")
    np.testing.assert_allclose(run.confidence[0], 0.7)
    own = [{"keypoints": ["tip", "tail"], "skeleton": [[1, 2], [2, 9]]}]
    entry = {"image_id": 5, "keypoints": [1, 2, 2, 3, 4, 2]}
    image = {"id": 5, "file_name": "x.png", "frame_id": 4}
    path = put(
        tmp_path / "b.json",
        {"images": [image], "annotations": [entry], "categories": own},
    )
    (run,) = coco_keypoints.read(path).points
    assert run.point_set.names == ("tip", "tail")
    assert run.point_set.edges == ((0, 1),)
    assert run.start == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["images"].pop(), "does not list"),
        (lambda c: c["images"][0].update(file_name="other/1.jpg"), "2 folders"),
        (lambda c: c["annotations"][0].update(keypoints=[1, 2, 3]), "1 and 17 points"),
        (lambda c: c["annotations"][0].update(keypoints=["x"] * 51), "rows of 3"),
        (lambda c: c["annotations"].clear(), "no keypoints"),
        (lambda c: c["annotations"][0].pop("image_id"), "belong to images"),
        (lambda c: c["images"][0].update(frame_id=1, id=999), "does not list"),
    ],
)
def test_bad_coco_is_refused(tmp_path: Path, change: Any, said: str) -> None:
    path, _ = coco_file(tmp_path / "bad.json")
    content = json.loads(path.read_text())
    change(content)
    with pytest.raises(StudioError, match=said) as caught:
        coco_keypoints.read(put(path, content))
    assert "bad.json" in str(caught.value)


@pytest.mark.parametrize("up", ["z_up", "y_up", "y_down", "x_up"])
def test_easymocap_places_in_any_axes(tmp_path: Path, up: str) -> None:
    meant = walkers_m("body25", people=2, frames=12)
    turn = guessing.AXES[up]
    for frame in range(12):
        people = [
            {
                "id": 3 + who,
                "keypoints3d": np.column_stack(
                    [meant[who, frame] @ turn, np.full(25, 0.8)]
                ).tolist(),
            }
            for who in (1, 0)
        ]
        people[0]["keypoints3d"][4] = [0, 0, 0, 0]
        put(tmp_path / "keypoints3d" / f"{frame:06d}.json", people)
    folder = tmp_path / "keypoints3d"
    assert surest(folder) is easymocap_points
    motion = easymocap_points.read(folder)
    assert f"the axes are {up}, told by how people stand" in motion.assumed
    for run in motion.points:
        who = int(run.person_id) - 3
        known = np.isfinite(run.points_scene_m[..., 0])
        assert known.all(axis=0).sum() == (24 if who else 25)
        np.testing.assert_allclose(
            run.points_scene_m[known], meant[who][known], atol=1e-12
        )
        assert lateral_sign(run.points_scene_m, "body25") > 0.9
    told = easymocap_points.read(folder, axes=up)
    assert told.assumed == ("30 frames per second",)


def test_easymocap_hands_and_annotations(tmp_path: Path) -> None:
    rows = np.random.default_rng(2).uniform(1, 99, (67, 3))
    entry = {
        "personID": 0,
        "bbox": [0, 0, 9, 9, 1],
        "keypoints": rows[:25].tolist(),
        "handl2d": rows[25:46].tolist(),
        "handr2d": rows[46:].tolist(),
    }
    content = {"filename": "000004.jpg", "height": 480, "width": 640, "annots": [entry]}
    put(tmp_path / "1" / "000004.json", content)
    assert surest(tmp_path / "1") is easymocap_points
    motion = easymocap_points.read(tmp_path / "1")
    (run,) = motion.points
    assert motion.size_px == (640, 480)
    assert run.point_set == landmark_set("body25+left_hand21+right_hand21")
    np.testing.assert_array_equal(run.points_px[0], rows[:, :2])
    assert run.points_scene_m is None
    bad = put(tmp_path / "2" / "000000.json", [{"id": 0, "keypoints3d": [[1, 2]] * 9}])
    with pytest.raises(StudioError, match="without keypoints3d"):
        easymocap_points.read(bad)
    bad = put(bad, [{"id": 0, "keypoints3d": [[1, 2, 3, 1]] * 9}])
    with pytest.raises(StudioError, match=r"9 points.*--format generic"):
        easymocap_points.read(bad.parent)


def mark(row: np.ndarray) -> dict[str, float]:
    return dict(zip(("x", "y", "z", "visibility"), row.tolist(), strict=True))


@pytest.mark.parametrize("shape", ["bare", "frames", "people", "lists", "tasks"])
def test_mediapipe_in_its_many_shapes(tmp_path: Path, shape: str) -> None:
    rows = np.random.default_rng(2).uniform(0, 1, (4, 33, 4))
    marks = [[mark(row) for row in frame] for frame in rows]
    content: Any = {
        "bare": marks,
        "lists": rows.tolist(),
        "frames": {"fps": 24, "frames": [{"pose_landmarks": m} for m in marks]},
        "people": [[m] for m in marks],
        "tasks": [{"pose_landmarks": [m], "pose_world_landmarks": []} for m in marks],
    }[shape]
    path = put(tmp_path / "a.json", content)
    if shape != "lists":
        assert surest(path) is mediapipe_json
    motion = mediapipe_json.read(path, size="200x100")
    (run,) = motion.points
    assert motion.fps == (24 if shape == "frames" else 30)
    np.testing.assert_allclose(run.points_px, rows[..., :2] * [200, 100])
    np.testing.assert_allclose(run.confidence, rows[..., 3])
    assumed = mediapipe_json.read(path).assumed
    assert "the picture has 1920 x 1080 pixels" in assumed


def test_mediapipe_world_landmarks_stand_upright(tmp_path: Path) -> None:
    meant = walkers_m("coco17", people=1, frames=5)[0]
    rows = np.full((5, 33, 4), 0.9)
    rows[..., :3] = np.nan_to_num(convert_points(meant, "coco17", "mediapipe33"))
    rows[..., :3] -= rows[:, 23:25, :3].mean(axis=1, keepdims=True)
    scene = rows[..., :3].copy()
    rows[..., 1:3] *= -1
    frames = [
        {"frame": f, "worldLandmarks": [mark(r) for r in rows[f]], "landmarks": []}
        for f in range(5)
    ]
    path = put(tmp_path / "a.json", frames)
    for options in ({}, {"points": "world"}):
        motion = mediapipe_json.read(path, **options)
        (run,) = motion.points
        np.testing.assert_allclose(run.points_scene_m, scene, atol=1e-12)
        assert "hips stay at the origin" in motion.assumed[1]
    bare = put(tmp_path / "b.json", [[mark(r) for r in rows[f]] for f in range(5)])
    (run,) = mediapipe_json.read(bare).points
    np.testing.assert_allclose(run.points_scene_m, scene, atol=1e-12)


@pytest.mark.parametrize("content", [{}, [], [[]], [{"x": 1}], {"frames": [[1, 2]]}])
def test_mediapipe_without_landmarks_is_refused(tmp_path: Path, content: Any) -> None:
    path = put(tmp_path / "bad.json", content)
    with pytest.raises(StudioError, match="no sets of 33 landmarks"):
        mediapipe_json.read(path)


@pytest.mark.parametrize("reader", READERS[:4])
def test_text_that_is_no_json_is_refused_by_name(tmp_path: Path, reader: Any) -> None:
    path = tmp_path / "bad.json"
    for text in ("", "{", '{"a": NaN}', "[" * 50_000):
        path.write_text(text)
        with pytest.raises(StudioError, match=r"bad\.json: is no readable JSON"):
            reader.read(path)
    with pytest.raises(StudioError, match=r"none\.json: cannot be read"):
        reader.read(tmp_path / "none.json")
    with pytest.raises(StudioError, match="no frame rate"):
        path, _ = coco_file(tmp_path / "c.json")
        coco_keypoints.read(path, fps="1/0")


def test_exact_rates(tmp_path: Path) -> None:
    path, _ = coco_file(tmp_path / "c.json")
    assert coco_keypoints.read(path, fps="24000/1001").fps == Fraction(24000, 1001)
