"""Smoothing in time: worked numbers, gaps, no shift, steady motion kept."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.motion.filters import (
    butterworth_positions,
    gaussian_kernel,
    gaussian_positions,
    gaussian_rotations,
    one_euro_positions,
    one_euro_rotations,
    smooth,
)
from hpe_studio.motion.rotations import geodesic_rad, mean_rotation


def about_z(angles) -> np.ndarray:
    out = np.zeros((len(angles), 1, 3))
    out[:, 0, 2] = angles
    return out


def times(count, fps=30.0) -> np.ndarray:
    return np.arange(count) / fps


def test_the_kernel_has_the_published_values() -> None:
    kernel = gaussian_kernel(1.0, 3)
    np.testing.assert_allclose(
        kernel[:4], [0.004433, 0.054006, 0.242036, 0.399050], atol=1e-6
    )
    assert kernel.sum() == pytest.approx(1.0)


def test_rotations_about_one_axis_are_convolved_with_the_kernel() -> None:
    angles = np.zeros(15)
    angles[7] = 1.0
    out = gaussian_rotations(about_z(angles), times_s=times(15), sigma_s=1 / 30)
    np.testing.assert_allclose(out[4:11, 0, 2], gaussian_kernel(1.0, 3), atol=1e-6)


def test_positions_are_convolved_with_the_kernel() -> None:
    points = np.zeros((15, 3))
    points[7, 0] = 2.0
    out = gaussian_positions(points, times_s=times(15), sigma_s=1 / 30)
    np.testing.assert_allclose(out[4:11, 0], 2 * gaussian_kernel(1.0, 3), atol=1e-6)


def test_the_result_is_the_mean_on_the_group_not_of_the_numbers() -> None:
    near_half_turn = about_z([3.1, -3.1, 3.12, -3.1, 3.1])
    out = gaussian_rotations(near_half_turn, times_s=times(5), sigma_s=1.0)
    # Between 3.1 and -3.1 lies pi, not 0.
    assert float(geodesic_rad(out[2, 0], np.array([0, 0, np.pi]))) < 0.03
    rng = np.random.default_rng(3)
    spread = rng.normal(0, 0.15, (3, 1, 3))
    smoothed = gaussian_rotations(spread, times_s=times(3), sigma_s=1e3)
    expected = mean_rotation(spread[:, 0])
    assert float(geodesic_rad(smoothed[1, 0], expected)) < 0.01


def test_steady_motion_and_the_ends_are_kept() -> None:
    angles = 0.05 * np.arange(40)
    out = gaussian_rotations(about_z(angles), times_s=times(40), sigma_s=0.05)
    np.testing.assert_allclose(out[:, 0, 2], angles, atol=1e-9)
    rng = np.random.default_rng(0)
    noisy = rng.normal(size=(20, 3))
    points = gaussian_positions(noisy, times_s=times(20), sigma_s=0.05)
    np.testing.assert_array_equal(points[[0, -1]], noisy[[0, -1]])


def test_a_gap_stays_and_separates() -> None:
    angles = np.r_[np.zeros(10), np.full(3, np.nan), np.ones(10)]
    joints = about_z(angles)
    joints[10:13] = np.nan
    root = joints[:, 0]
    out, moved = smooth(joints, root, times_s=times(23), strength=3.0)
    assert np.isnan(out[10:13]).all()
    assert np.isnan(moved[10:13]).all()
    np.testing.assert_allclose(out[:10], 0.0, atol=1e-12)
    np.testing.assert_allclose(out[13:, 0, 2], 1.0, atol=1e-12)
    for result in (
        butterworth_positions(root, fps=30, cutoff_hz=3),
        one_euro_positions(root, fps=30),
        one_euro_rotations(root, fps=30),
    ):
        assert np.isnan(result[10:13]).all()
        np.testing.assert_allclose(result[:10], 0.0, atol=1e-9)
        np.testing.assert_allclose(result[13:, 2], 1.0, atol=1e-9)


def test_one_joint_missing_leaves_the_others_alone() -> None:
    rng = np.random.default_rng(1)
    joints = rng.normal(0, 0.3, (30, 4, 3))
    whole, _ = smooth(joints, joints[:, 0], times_s=times(30))
    holed = joints.copy()
    holed[12, 2] = np.nan
    out, _ = smooth(holed, joints[:, 0], times_s=times(30))
    np.testing.assert_array_equal(out[:, [0, 1, 3]], whole[:, [0, 1, 3]])


def test_smoothing_takes_tremble_and_leaves_the_motion() -> None:
    rng = np.random.default_rng(2)
    t = times(240, 60.0)
    truth = np.zeros((240, 1, 3))
    truth[:, 0, 0] = 0.8 * np.sin(2 * np.pi * 0.5 * t)
    truth[:, 0, 1] = 0.5 * np.cos(2 * np.pi * 0.5 * t)
    noisy = truth + rng.normal(0, 0.05, truth.shape)
    out, _ = smooth(noisy, noisy[:, 0], times_s=t)
    before = float(geodesic_rad(noisy, truth)[10:-10].mean())
    after = float(geodesic_rad(out, truth)[10:-10].mean())
    assert after < 0.45 * before
    peaks = [int(np.argmax(a[100:200, 0, 0])) for a in (truth, out)]
    assert abs(peaks[0] - peaks[1]) <= 3  # not shifted


def test_strength_scales_with_time_not_with_frames() -> None:
    fine, coarse = times(121, 60.0), times(61, 30.0)
    wave = [np.sin(2 * np.pi * 3.0 * t) for t in (fine, coarse)]
    a, _ = smooth(about_z(wave[0]), about_z(wave[0])[:, 0], times_s=fine)
    b, _ = smooth(about_z(wave[1]), about_z(wave[1])[:, 0], times_s=coarse)
    np.testing.assert_allclose(a[::2][10:-10], b[10:-10], atol=0.02)


def test_strength_zero_changes_nothing() -> None:
    joints = np.random.default_rng(4).normal(0, 1, (9, 2, 3))
    out, root = smooth(joints, joints[:, 0], times_s=times(9), strength=0)
    np.testing.assert_array_equal(out, joints)
    np.testing.assert_array_equal(root, joints[:, 0])


def test_one_euro_has_the_worked_values() -> None:
    signal = np.zeros((4, 3))
    signal[:, 2] = [0, 1, 1, 0]
    expected = {
        (3.0, 0.7): [0, 0.581584, 0.837619, 0.472019],
        (1.0, 0.0): [0, 0.173171, 0.316353, 0.261570],
    }
    for (cutoff, beta), values in expected.items():
        for filtered in (one_euro_positions, one_euro_rotations):
            out = filtered(signal, fps=30.0, min_cutoff_hz=cutoff, beta=beta)
            np.testing.assert_allclose(out[:, 2], values, atol=2e-6)


def test_butterworth_halves_the_power_at_its_cutoff() -> None:
    t = times(1200, 120.0)
    points = np.zeros((1200, 3))
    points[:, 0] = np.sin(2 * np.pi * 6.0 * t)
    points[:, 1] = np.sin(2 * np.pi * 0.5 * t)
    out = butterworth_positions(points, fps=120.0, cutoff_hz=6.0)
    middle = slice(300, 900)
    gain = np.ptp(out[middle, 0]) / np.ptp(points[middle, 0])
    assert gain == pytest.approx(np.sqrt(0.5), abs=0.02)
    np.testing.assert_allclose(out[middle, 1], points[middle, 1], atol=1e-3)
    np.testing.assert_array_equal(
        butterworth_positions(points, fps=10.0, cutoff_hz=6.0), points
    )


def test_short_and_empty_tracks_are_kept() -> None:
    for count in (0, 1, 2):
        joints = np.full((count, 2, 3), 0.2)
        out, root = smooth(joints, joints[:, 0], times_s=times(count))
        np.testing.assert_array_equal(out, joints)
        np.testing.assert_array_equal(root, joints[:, 0])
        one_euro = one_euro_rotations(joints, fps=30.0)
        np.testing.assert_allclose(one_euro, joints, atol=1e-12)
        low = butterworth_positions(joints[:, 0], fps=30.0)
        np.testing.assert_array_equal(low, joints[:, 0])
