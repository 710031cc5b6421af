"""Series of numbers with exact truth: turns, places, speeds, narrowed tracks."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_allclose

from hpe_studio.core.track import Key, Source, Track
from hpe_studio.motion.rotations import canonical, unwrapped
from hpe_studio.posing.resolve import resolve
from hpe_studio.posing.series import (
    chain_to,
    continuous_rad,
    end_of_chain_m,
    narrowed,
    nearest_turns,
    speeds_m_s,
)

FRAMES = 60


def _track() -> Track:
    rng = np.random.default_rng(3)
    return Track(
        id=1,
        person_id=1,
        start=100,
        stop=100 + FRAMES,
        skeleton="smpl24",
        arrays={
            "base_rad": rng.normal(0, 0.4, (FRAMES, 24, 3)).astype(np.float32),
            "base_root_m": rng.normal(0, 1, (FRAMES, 3)).astype(np.float32),
            "base_source": np.full((FRAMES, 24), Source.ESTIMATED, np.uint8),
        },
    )


def test_a_spin_goes_on_growing_where_the_short_vector_jumps() -> None:
    spin = np.zeros((200, 3))
    spin[:, 1] = np.linspace(0, 5 * np.pi, 200)
    assert_allclose(continuous_rad(canonical(spin)), spin, atol=1e-9)


def test_it_writes_what_the_slow_way_writes_gaps_included() -> None:
    rng = np.random.default_rng(0)
    walk = canonical(np.cumsum(rng.normal(0, 0.3, (2000, 3)), axis=0))
    walk[300:340] = np.nan
    walk[0] = np.nan
    assert_allclose(continuous_rad(walk), unwrapped(walk), atol=1e-9)


def test_short_and_empty_series_stay() -> None:
    assert continuous_rad(np.zeros((0, 3))).shape == (0, 3)
    one = np.array([[0.1, 0.2, 0.3]])
    assert_allclose(continuous_rad(one), one)
    assert np.isnan(continuous_rad(np.full((4, 3), np.nan))).all()


def test_nearest_turns_mean_the_same_rotation_near_the_reference() -> None:
    near = nearest_turns(np.array([0.0, 0.0, -3.0]), np.array([0.0, 0.0, 3.1]))
    assert_allclose(near, [0, 0, 2 * np.pi - 3.0])
    still = nearest_turns(np.zeros(3), np.array([6.2, 0.0, 0.0]))
    assert_allclose(still, [2 * np.pi, 0, 0])
    kept = nearest_turns(np.array([0.5, 0, 0]), np.full(3, np.nan))
    assert_allclose(kept, [0.5, 0, 0])


def test_speed_is_distance_over_time_and_unknown_beside_nothing() -> None:
    times_s = np.array([0.0, 0.1, 0.3, 0.4, 0.5])
    places = np.outer(times_s * 2.0, [0.6, 0.0, 0.8])
    assert_allclose(speeds_m_s(places, times_s), 2.0)
    places[1] = np.nan
    speeds = speeds_m_s(places, times_s)
    assert np.isnan(speeds[:2]).all()
    assert_allclose(speeds[2:], 2.0)
    assert np.isnan(speeds_m_s(np.zeros((1, 3)), np.zeros(1))).all()


def test_a_chain_ends_where_its_last_joint_is() -> None:
    assert chain_to((-1, 0, 0, 1, 3), 4) == (0, 1, 3, 4)
    rest = np.array([[0, 0, 0], [0, 1, 0], [0, 2, 0]], float)
    turns = np.zeros((1, 3, 3))
    turns[0, 1] = [0, 0, np.pi / 2]  # the upper half falls to the left
    ends = end_of_chain_m(rest, turns, np.array([[5.0, 0, 0]]))
    assert_allclose(ends, [[4, 1, 0]], atol=1e-12)


def test_a_narrowed_track_moves_as_the_whole_one() -> None:
    track, joints = _track(), (0, 9, 18)
    keys = (
        Key(track_id=1, frame=110, joints=(4, 18),
            offsets_rad=((0.1, 0, 0), (0, 0.4, 0)), root_offset_m=(0, 0.2, 0)),
        Key(track_id=1, frame=130, joints=(4,), offsets_rad=((0.3, 0, 0),)),
        Key(track_id=1, frame=140, joints=(9,), offsets_rad=((0, 0, -0.3),)),
    )  # fmt: skip
    part, mine = narrowed(track, keys, joints)
    assert [key.frame for key in mine] == [110, 140]
    whole, some = resolve(track, keys), resolve(part, mine)
    assert np.array_equal(some.joints_rad, whole.joints_rad[:, joints])
    assert np.array_equal(some.root_scene_m, whole.root_scene_m)
    assert np.array_equal(some.source, whole.source[:, joints])
