"""Files made to hurt: what a reader trusts too early is one sentence all the same."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.workflow.reading import read_motion


def refusal(path: Path, format_name: str = "auto") -> str:
    """The sentence that a file is refused with, which is one line."""
    with pytest.raises(StudioError, match=path.name) as told:
        read_motion(path, format_name=format_name)
    sentence = str(told.value)
    assert sentence.isprintable()
    assert told.value.fix
    return sentence


def test_arrays_without_a_number_are_said_to_hold_nobody(tmp_path: Path) -> None:
    path = tmp_path / "empty.npz"
    np.savez(path, joints3d=np.full((9, 17, 3), np.nan), score=np.ones(9))
    said = refusal(path)
    assert "holds nobody: every number of joints3d (9, 17, 3) is missing" in said
    assert "it found nobody or was stopped" in said
    np.savez(path, joints3d=np.full((9, 17, 3), np.nan), other=np.ones((9, 4, 2)))
    with pytest.raises(StudioError, match="every number of joints3d"):
        read_motion(path, {"key": "joints3d"}, format_name="generic")
    np.savez(path, poses=np.full((9, 72), np.nan), trans=np.zeros((9, 3)))
    assert "holds nobody; look at what made it" in refusal(path, "amass")


def test_people_in_the_picture_and_in_space_are_never_taken_for_one(
    tmp_path: Path,
) -> None:
    """Entries of one file that have two and three numbers per point."""
    rng = np.random.default_rng(0)
    frames = [
        [{"kp": rng.uniform(0, 100, (17, 2 + frame % 2))} for _ in range(2)]
        for frame in range(6)
    ]
    path = tmp_path / "mixed.pkl"
    path.write_bytes(pickle.dumps({"frames": frames}))
    assert "rows of kp that do not fit each other" in refusal(path)


@pytest.mark.parametrize("odd", [[1, [2]], ["tip", "tail"], [1, None], [1, 2.5]])
def test_odd_lines_of_a_coco_category_are_left_out(tmp_path: Path, odd: Any) -> None:
    category = {"keypoints": ["tip", "tail"], "skeleton": [odd, [1, 2]]}
    image = {"id": 5, "file_name": "x_0001.png", "width": [640], "height": {}}
    content = {
        "images": [image],
        "annotations": [{"image_id": 5, "keypoints": [1, 2, 2, 3, 4, 2]}],
        "categories": [category],
    }
    path = tmp_path / "own.json"
    path.write_text(json.dumps(content))
    (run,) = read_motion(path, format_name="coco").points
    assert run.point_set.edges == ((0, 1),)


@pytest.mark.parametrize("name", ["json", "easymocap"])
def test_text_in_another_encoding_is_damage(tmp_path: Path, name: str) -> None:
    content = {
        "json": {"format": "hpe-studio-motion", "version": 1},
        "easymocap": [{"id": 0, "Rh": [], "Th": [], "poses": [], "shapes": []}],
    }[name]
    path = tmp_path / "0.json"
    path.write_bytes(json.dumps(content).encode().replace(b'"', b'"\xe9', 1))
    assert "; " in refusal(path, name)


class Odd:
    """Something whose name holds more than a name should."""

    def __reduce__(self) -> Any:
        return eval, ("1",)


def test_what_a_pickle_asks_for_is_told_on_one_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.pkl"
    data = pickle.dumps({"poses": Odd()}, protocol=2)
    assert b"c__builtin__\neval\n" in data
    text = b"\x8c\x0bbuilt\nins\x1b]" + b"\x8c\x04eval" + b"\x93"
    path.write_bytes(data.replace(b"c__builtin__\neval\n", text))
    assert "asks to run built ins ].eval," in refusal(path, "generic")
