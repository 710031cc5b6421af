"""Offsets between keys, and resampling to other times."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hpe_studio.motion.interpolation import (
    key_weights,
    position_offsets_at,
    resample,
    rotation_offsets_at,
)
from hpe_studio.motion.rotations import geodesic_rad


def offsets(frames, keys, values, blend_in, blend_out):
    return rotation_offsets_at(
        np.arange(frames),
        np.array(keys),
        np.array(values, dtype=float),
        np.array(blend_in),
        np.array(blend_out),
    )


def test_a_single_key_comes_and_goes() -> None:
    out = offsets(21, [10], [[0, 0, 1.0]], [4], [5])
    assert out[10, 2] == 1.0
    assert out[8, 2] == pytest.approx(0.5)  # half of the blend in
    np.testing.assert_array_equal(out[:7], 0)
    np.testing.assert_array_equal(out[15:], 0)
    assert (np.diff(out[6:11, 2]) > 0).all()
    assert (np.diff(out[10:16, 2]) < 0).all()


def test_blends_of_zero_touch_one_frame() -> None:
    out = offsets(5, [2], [[0.3, 0, 0]], [0], [0])
    assert np.flatnonzero(out[:, 0]).tolist() == [2]


def test_keys_whose_blends_meet_are_joined_by_slerp() -> None:
    first, second = [0, 0, 0.4], [0, 0, 1.4]
    out = offsets(31, [10, 20], [first, second], [5, 5], [5, 5])
    assert out[15, 2] == pytest.approx(0.9)  # never back to zero in between
    assert (np.diff(out[10:21, 2]) > 0).all()
    apart = offsets(31, [10, 20], [first, second], [5, 4], [5, 4])
    assert apart[15, 2] == 0.0


@settings(max_examples=60)
@given(st.data())
def test_moving_one_key_changes_only_up_to_its_neighbours(data: st.DataObject) -> None:
    rng = np.random.default_rng(data.draw(st.integers(0, 9999)))
    count = data.draw(st.integers(1, 6))
    keys = np.sort(rng.choice(60, count, replace=False))
    values = rng.normal(0, 0.7, (count, 3))
    blend_in, blend_out = rng.integers(0, 9, count), rng.integers(0, 9, count)
    before = offsets(60, keys, values, blend_in, blend_out)
    for key, value in zip(keys, values, strict=True):
        np.testing.assert_array_equal(before[key], value)
    which = data.draw(st.integers(0, count - 1))
    changed = values.copy()
    changed[which] += 0.3
    after = offsets(60, keys, changed, blend_in, blend_out)
    low = keys[which - 1] if which else keys[which] - max(blend_in[which], 1)
    high = (
        keys[which + 1] if which < count - 1 else keys[which] + max(blend_out[which], 1)
    )
    outside = np.r_[0 : max(low + 1, 0), min(max(high, 0), 60) : 60]
    np.testing.assert_array_equal(before[outside], after[outside])


def test_position_offsets_are_exact_on_keys() -> None:
    keys, values = np.array([3, 9]), np.array([[0.1, 0, 0], [0.3, -0.2, 0]])
    ones = np.array([4, 4])
    out = position_offsets_at(np.arange(15), keys, values, ones, ones)
    np.testing.assert_array_equal(out[keys], values)
    np.testing.assert_allclose(out[6], [0.2, -0.1, 0])
    np.testing.assert_array_equal(out[13:], 0)


def test_weights_never_exceed_one() -> None:
    keys = np.array([5, 8, 30])
    lengths = np.array([7, 2, 3])
    *_, before, after = key_weights(np.arange(40), keys, lengths, lengths)
    assert (before + after).max() <= 1.0
    assert min(before.min(), after.min()) >= 0.0


def test_resampling_hits_slerp_values_and_keeps_gaps() -> None:
    joints = np.zeros((4, 1, 3))
    joints[:, 0, 2] = [0.0, 1.0, 2.0, 3.0]
    joints[3] = np.nan
    root = np.zeros((4, 3))
    root[:, 0] = [0, 1, 2, 3]
    root[3] = np.nan
    times = np.arange(4.0)
    wanted = np.array([0.0, 0.25, 1.0, 2.0, 2.5, 3.0])
    new, new_root = resample(joints, root, from_times_s=times, to_times_s=wanted)
    np.testing.assert_allclose(new[:4, 0, 2], [0, 0.25, 1.0, 2.0], atol=1e-12)
    np.testing.assert_allclose(new_root[:4, 0], [0, 0.25, 1, 2])
    assert np.isnan(new[4:]).all()
    assert np.isnan(new_root[4:]).all()


def test_resampling_turns_the_short_way() -> None:
    joints = np.array([[[0, 0, 3.0]], [[0, 0, -3.0]]])
    new, _ = resample(
        joints,
        np.zeros((2, 3)),
        from_times_s=np.arange(2.0),
        to_times_s=np.array([0.5]),
    )
    assert float(geodesic_rad(new[0, 0], np.array([0, 0, np.pi]))) < 1e-9
