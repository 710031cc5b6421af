"""People stand upright on the floor after levelling, whatever the camera did."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.core.skeleton import skeleton
from hpe_studio.motion.kinematics import forward_kinematics
from hpe_studio.motion.level import level_from_people, turn_up
from hpe_studio.motion.rotations import matrix_from_rotvec, rotvec_from_matrix
from tests.formats.scenes import rest_joints_m

BONES = skeleton("smpl24")


def standing(frames: int, seed: int, *, crouch: bool = False) -> np.ndarray:
    """Joints of somebody who stands, sways and turns on y = 0."""
    rng = np.random.default_rng(seed)
    joints_rad = rng.normal(0, 0.05, (frames, 24, 3))
    joints_rad[:, 0] = np.stack(
        [
            rng.normal(0, 0.05, frames),
            np.linspace(0, 3, frames),
            rng.normal(0, 0.05, frames),
        ],
        axis=1,
    )
    if crouch:
        joints_rad[:, [1, 2], 0] = -1.6
        joints_rad[:, [4, 5], 0] = 2.0
    rest = rest_joints_m("smpl24")
    root = np.tile([0.3, 0.0, -2.0], (frames, 1))
    places, _ = forward_kinematics(BONES.parents, rest, joints_rad, root)
    places[..., 1] -= places[..., 1].min(axis=1, keepdims=True) - 0.03
    return places


@pytest.mark.parametrize("tilt_deg", [0, 15, 35, 55])
def test_the_tilt_of_the_camera_is_taken_back(tilt_deg: float) -> None:
    bodies = [standing(60, 1), standing(40, 2), standing(30, 3, crouch=True)]
    axis = np.array([0.9, 0.0, 0.436])
    turn = matrix_from_rotvec(axis * np.radians(tilt_deg))
    shift = np.array([0.4, 1.2, -3.0])
    tilted = [body @ turn.T + shift for body in bodies]
    level = level_from_people(tilted, BONES)
    assert level is not None
    together = level[:, :3] @ turn
    assert np.degrees(np.linalg.norm(rotvec_from_matrix(together))) < 4 + tilt_deg / 8
    up_error = np.degrees(np.arccos(np.clip(together[1, 1], -1, 1)))
    assert up_error < 2.0
    lowest = [
        np.percentile((b @ level[:, :3].T + level[:, 3])[..., 1].min(axis=1), 10)
        for b in tilted[:2]
    ]
    assert np.abs(lowest).max() < 0.12


def test_gaps_change_nothing() -> None:
    body = standing(60, 1)
    with_gaps = body.copy()
    with_gaps[20:30] = np.nan
    level = level_from_people([with_gaps], BONES)
    assert level is not None
    assert np.isfinite(level).all()
    assert np.degrees(np.arccos(level[1, 1])) < 2.0


def test_without_anybody_standing_nothing_is_claimed() -> None:
    crouching = standing(60, 1, crouch=True)
    lying = standing(60, 2) @ matrix_from_rotvec(np.array([1.5, 0, 0])).T
    assert level_from_people([], BONES) is None
    assert level_from_people([crouching], BONES) is None
    assert level_from_people([lying], BONES) is None
    assert level_from_people([np.full((9, 24, 3), np.nan)], BONES) is None


def test_turn_up_is_the_smallest_turn() -> None:
    rng = np.random.default_rng(0)
    for _ in range(20):
        up = rng.normal(size=3) + np.array([0.0, 2.0, 0.0])
        turn = turn_up(up)
        np.testing.assert_allclose(
            turn @ up / np.linalg.norm(up), [0, 1, 0], atol=1e-12
        )
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-12)
        angle = np.linalg.norm(rotvec_from_matrix(turn))
        assert angle == pytest.approx(np.arccos(up[1] / np.linalg.norm(up)), abs=1e-9)
