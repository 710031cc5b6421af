"""Floors from contacts with their evidence, and sizes by the worked number."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.motion.ground import ground_from_contacts
from hpe_studio.motion.scale import scaled_about

UP = np.array([0.0, 1.0, 0.0])


def places(tilt_deg: float, count: int = 40, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    flat = np.stack(
        [rng.uniform(-2, 2, count), np.zeros(count), rng.uniform(-6, -2, count)], -1
    )
    angle = np.radians(tilt_deg)
    turn = np.array(
        [
            [1, 0, 0],
            [0, np.cos(angle), -np.sin(angle)],
            [0, np.sin(angle), np.cos(angle)],
        ]
    )
    noise = 0.004 * rng.normal(size=(count, 3))
    return (flat + noise) @ turn.T + [0.0, -1.1, 0.0]


def test_a_tilted_floor_is_found_with_what_speaks_for_it() -> None:
    points = places(8.0)
    points[:6] += [0.0, 0.5, 0.0]  # feet in the air
    ground = ground_from_contacts(points, up=UP)
    assert ground is not None
    assert np.degrees(np.arccos(ground.normal @ UP)) == pytest.approx(8.0, abs=0.5)
    assert (ground.contact_count, ground.inlier_count) == (40, 34)
    assert ground.spread_m < 0.01
    assert ground.is_tilt_known
    level = ground.level_from_scene
    heights = points[6:] @ level[1, :3] + level[1, 3]
    assert np.abs(heights).max() < 0.02


def test_nothing_is_said_without_contacts() -> None:
    assert ground_from_contacts(np.zeros((0, 3)), up=UP) is None
    assert ground_from_contacts(np.full((4, 3), np.nan), up=UP) is None


def test_one_spot_gives_a_height_and_no_tilt() -> None:
    spot = np.array([[0.1, -1.0, -3.0], [0.12, -1.01, -3.02], [0.1, -0.99, -3.01]])
    ground = ground_from_contacts(spot, up=UP)
    assert ground is not None
    assert not ground.is_tilt_known
    np.testing.assert_array_equal(ground.normal, UP)
    assert ground.height_m == pytest.approx(-1.0, abs=0.01)


def test_places_grow_about_a_centre() -> None:
    foot = np.array([0.0, 1.2, 4.0])
    np.testing.assert_allclose(scaled_about(foot, np.zeros(3), 1.25), [0, 1.5, 5])
