"""Which reader a file or folder gets, with every reader of the catalogue asked."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.formats import hpe_json
from hpe_studio.workflow.kinds import format_of
from hpe_studio.workflow.reading import read_motion

from .scenes import motion
from .test_generic import layouts
from .test_mtc_dataset import samples
from .test_openpose import entry, figure_px, write
from .test_points_json import coco_file, mark
from .walkers import walkers_m

PEOPLE = walkers_m("smpl24", people=2, frames=12)


def put(path: Path, content: Any) -> Path:
    if path.suffix == ".json":
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, default=lambda a: a.tolist()))
    elif path.suffix == ".npy":
        np.save(path, content)
    elif path.suffix == ".npz":
        np.savez(path, **content)
    else:
        path.write_bytes(pickle.dumps(content))
    return path


def openpose_folder(folder: Path) -> Path:
    for frame in range(3):
        write(folder / "op", frame, [entry(figure_px("body25", frame))])
    return folder / "op"


def mediapipe_file(folder: Path) -> Path:
    rows = np.random.default_rng(0).uniform(0, 1, (3, 33, 4))
    frames = [{"pose_landmarks": [mark(r) for r in f]} for f in rows]
    return put(folder / "marks.json", frames)


def easymocap_folder(folder: Path) -> Path:
    rows = np.column_stack([walkers_m("body25", frames=2)[0, 0], np.ones(25)])
    for frame in range(2):
        people = [{"id": 0, "keypoints3d": rows.tolist()}]
        put(folder / "keypoints3d" / f"{frame:06d}.json", people)
    return folder / "keypoints3d"


def hpe_file(folder: Path) -> Path:
    hpe_json.write(motion(), folder / "a.json")
    return folder / "a.json"


MAKERS = {
    "openpose": openpose_folder,
    "coco": lambda folder: coco_file(folder / "a.json")[0],
    "mediapipe": mediapipe_file,
    "easymocap_points": easymocap_folder,
    "mtc_dataset": lambda folder: put(
        folder / "annotation.pkl", {"training_data": samples()[0]}
    ),
    "json": hpe_file,
}


@pytest.mark.parametrize("name", MAKERS)
def test_each_file_goes_to_its_reader(tmp_path: Path, name: str) -> None:
    path = MAKERS[name](tmp_path)
    assert format_of(path) == name
    read = read_motion(path, {})
    assert read.people or read.points


@pytest.mark.parametrize("name", list(layouts(PEOPLE)))
def test_files_of_unknown_make_are_read_by_guessing(tmp_path: Path, name: str) -> None:
    path = put(tmp_path / name, layouts(PEOPLE)[name])
    assert format_of(path) == "generic"
    assert len(read_motion(path, {}).points) == 2


@pytest.mark.parametrize(
    "content",
    [
        {"poses": 0.05 * np.ones((9, 72)), "trans": np.zeros((9, 3))},
        {"smpl": {"body_pose": np.full((9, 69), 0.1), "root_orient": np.zeros((9, 3))}},
        {"pred_joints": PEOPLE[0], "pred_cam": np.zeros((12, 3))},
        [{"kp3d": PEOPLE[0, i], "frame": i} for i in range(12)],
    ],
)  # fmt: skip
def test_pickles_of_unknown_make_are_never_refused(
    tmp_path: Path, content: Any
) -> None:
    read = read_motion(put(tmp_path / "a.pkl", content), {})
    assert read.people or read.points
