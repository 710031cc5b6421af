"""Six numbers and quaternions of unknown make: every order told, asked, and right."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hpe_studio.core.errors import StudioError
from hpe_studio.formats import generic
from hpe_studio.motion.rotations import (
    matrix_from_rotvec,
    quaternion_from_rotvec,
)

FRAMES = 30
KNEES, ELBOWS = (4, 5), (18, 19)


def walking(seed: int = 0, joints: int = 24) -> np.ndarray:
    """Poses of somebody upright who bends knees and elbows the way they bend."""
    rng = np.random.default_rng(seed)
    pose = rng.normal(0, 0.1, (FRAMES, joints, 3))
    pose[:, 0] = rng.normal(0, 0.05, (FRAMES, 3))
    pose[:, 0, 1] += 0.4
    pose[:, KNEES, 0] += np.abs(rng.normal(0.5, 0.2, (FRAMES, 2)))
    pose[:, ELBOWS, 1] += np.array([-1, 1]) * np.abs(rng.normal(0.6, 0.2, (FRAMES, 2)))
    if joints == 24:
        pose[:, 22:] = 0
    return pose


def six(pose: np.ndarray, order: str) -> np.ndarray:
    """As the paper's code, pytorch3d and SPIN write them."""
    matrix = matrix_from_rotvec(pose)
    whole = {
        "columns": np.concatenate([matrix[..., 0], matrix[..., 1]], axis=-1),
        "rows": matrix[..., :2, :].reshape(*pose.shape[:-1], 6),
        "interleaved": matrix[..., :2].reshape(*pose.shape[:-1], 6),
    }
    return whole[order]


def put(path: Path, content: dict[str, Any]) -> Path:
    path.write_bytes(pickle.dumps(content))
    return path


def assert_read(path: Path, pose: np.ndarray, **options: str) -> Any:
    motion = generic.read(path, **options)
    (run,) = motion.people
    np.testing.assert_allclose(
        matrix_from_rotvec(run.joints_rad), matrix_from_rotvec(pose), atol=1e-6
    )
    return motion


@pytest.mark.parametrize("is_flat", [False, True])
@pytest.mark.parametrize("order", ["columns", "rows", "interleaved"])
def test_six_numbers_are_told_from_their_content(
    tmp_path: Path, order: str, is_flat: bool
) -> None:
    pose = walking()
    values = six(pose, order)
    content = {"a": values.reshape(FRAMES, -1) if is_flat else values}
    path = put(tmp_path / "a.pkl", content)
    motion = assert_read(path, pose)
    (told,) = [s for s in motion.assumed if "six numbers" in s]
    why = "lengths and angles" if order == "interleaved" else "knees and elbows bend"
    assert why in told
    guess = next(g for g in generic.describe(path).guesses if g.option == "order")
    assert guess.value == order
    assert set(guess.others) == {"columns", "rows", "interleaved"} - {order}


@pytest.mark.parametrize("joints", [21, 22, 23, 52, 55])
def test_any_number_of_joints(tmp_path: Path, joints: int) -> None:
    whole = walking(joints={21: 24, 22: 24, 23: 24}.get(joints, joints))
    if joints in (21, 22):
        whole[:, 22:] = 0
    given = whole[:, 1 : joints + 1] if joints in (21, 23) else whole[:, :joints]
    content = {"rot6d": six(given, "rows")}
    if joints in (21, 23):
        content["global_orient"] = six(whole[:, 0], "rows")
    assert_read(put(tmp_path / "a.pkl", content), whole)


def test_raw_output_of_a_network_is_made_orthogonal(tmp_path: Path) -> None:
    """Not of unit length, not at right angles: only the name says what it is."""
    pose = walking()
    values = six(pose, "interleaved").reshape(FRAMES, 24, 3, 2)
    values = values * [1.3, 0.6]  # lengths
    values[..., 1] += 0.3 * values[..., 0]  # angle
    flat = values.reshape(FRAMES, 24 * 6)
    motion = assert_read(put(tmp_path / "a.pkl", {"pred_pose_6d": flat}), pose)
    assert "row by row" in " ".join(motion.assumed)
    assert_nobody(put(tmp_path / "b.pkl", {"values": flat}))


def assert_nobody(path: Path) -> None:
    with pytest.raises(StudioError, match="no body that can be told"):
        generic.read(path)


def test_straight_limbs_leave_it_to_custom_and_the_person(tmp_path: Path) -> None:
    pose = 0.02 * walking()
    path = put(tmp_path / "a.pkl", {"pose": six(pose, "rows")})
    motion = generic.read(path)
    assert "told by custom" in " ".join(motion.assumed)
    asked = assert_read(path, pose, order="rows")
    assert not [s for s in asked.assumed if "six numbers" in s]


@pytest.mark.parametrize("order", ["wxyz", "xyzw"])
@pytest.mark.parametrize("is_flat", [False, True])
def test_quaternions_are_told_and_asked(
    tmp_path: Path, order: str, is_flat: bool
) -> None:
    pose = walking()
    values = quaternion_from_rotvec(pose)
    if order == "xyzw":
        values = np.roll(values, -1, axis=-1)
    content = {"a": values.reshape(FRAMES, -1) if is_flat else values}
    path = put(tmp_path / "a.pkl", content)
    motion = assert_read(path, pose)
    assert f"({order})" in " ".join(motion.assumed)
    other = {"wxyz": "xyzw", "xyzw": "wxyz"}[order]
    wrong = generic.read(path, order=other, axes="y_up").people[0]
    assert np.abs(matrix_from_rotvec(wrong.joints_rad - pose)).max() > 0.5
    with pytest.raises(StudioError, match="quaternions of 24 have no order rows"):
        generic.read(path, order="rows")


def test_flat_matrices_are_told(tmp_path: Path) -> None:
    pose = walking()
    flat = matrix_from_rotvec(pose).reshape(FRAMES, 24 * 9)
    assert_read(put(tmp_path / "a.pkl", {"a": flat}), pose)


@pytest.mark.parametrize("width", [144, 216, 96])
def test_other_numbers_are_no_rotations(tmp_path: Path, width: int) -> None:
    values = np.random.default_rng(0).normal(0, 1, (FRAMES, width))
    assert_nobody(put(tmp_path / "a.pkl", {"features": values}))
