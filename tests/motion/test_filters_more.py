"""Savitzky-Golay, Butterworth, medians and methods by name: worked numbers."""

from __future__ import annotations

import numpy as np
import pytest

from hpe_studio.motion.rotations import compose, geodesic_rad
from hpe_studio.motion.smoothing import METHODS, Smoothing, smoothed, tremble_rad
from hpe_studio.motion.window_filters import (
    butterworth_rotations,
    median_rotations,
    one_euro_both_ways,
    savitzky_golay_kernel,
    savitzky_golay_positions,
    savitzky_golay_rotations,
)

TIMES = np.arange(90) / 30.0


def about_z(angles: np.ndarray) -> np.ndarray:
    out = np.zeros((len(angles), 1, 3))
    out[:, 0, 2] = angles
    return out


def test_savitzky_golay_has_the_worked_kernel() -> None:
    np.testing.assert_allclose(
        savitzky_golay_kernel(2), [0.485714, 0.342857, -0.085714], atol=1e-6
    )
    for half in (1, 4, 15):
        kernel = savitzky_golay_kernel(half)
        assert kernel[0] + 2 * kernel[1:].sum() == pytest.approx(1.0)


def test_savitzky_golay_is_scipys_on_positions_and_turns_about_one_axis() -> None:
    from scipy.signal import savgol_filter

    angles = np.random.default_rng(0).normal(0, 0.3, 40)
    expected = savgol_filter(angles, 9, 2)[4:-4]
    for filtered in (savitzky_golay_positions, savitzky_golay_rotations):
        out = filtered(about_z(angles), half=4)
        np.testing.assert_allclose(out[4:-4, 0, 2], expected, atol=1e-9)


def test_parabolas_are_kept() -> None:
    t = np.arange(30) / 30
    points = np.stack([t, t**2, 1 - 3 * t + 2 * t**2], axis=-1)
    out = savitzky_golay_positions(points, half=5)
    np.testing.assert_allclose(out, points, atol=1e-9)


def test_butterworth_treats_all_axes_alike_and_passes_half_a_turn() -> None:
    rng = np.random.default_rng(1)
    turns = about_z(np.pi + 0.4 * np.sin(TIMES) + rng.normal(0, 0.05, 90))
    other = np.array([0.7, -1.1, 0.4])
    calm = butterworth_rotations(turns, fps=30, cutoff_hz=3)
    turned = butterworth_rotations(compose(other, turns), fps=30, cutoff_hz=3)
    assert geodesic_rad(turned, compose(other, calm)).max() < 1e-6
    truth = about_z(np.pi + 0.4 * np.sin(TIMES))
    assert geodesic_rad(calm, truth).mean() < 0.6 * geodesic_rad(turns, truth).mean()


def test_butterworth_halves_the_power_of_turns_at_its_cutoff() -> None:
    t = np.arange(1200) / 120.0
    out = butterworth_rotations(
        about_z(0.2 * np.sin(2 * np.pi * 6.0 * t)), fps=120.0, cutoff_hz=6.0
    )
    gain = np.ptp(out[300:900, 0, 2]) / 0.4
    assert gain == pytest.approx(np.sqrt(0.5), abs=0.02)


def test_one_euro_from_both_ends_does_not_lag() -> None:
    angles = np.exp(-(((np.arange(90) - 45) / 8.0) ** 2))
    out = one_euro_both_ways(about_z(angles), fps=30, min_cutoff_hz=1.0)
    rising, falling = (
        int(np.argmin(abs(h - 0.5))) for h in (out[:45, 0, 2], out[45:, 0, 2])
    )
    assert int(np.argmax(out[:, 0, 2])) == 45
    assert abs((45 - rising) - falling) <= 1


def test_a_median_is_blind_to_a_wild_row() -> None:
    turns = about_z(0.02 * np.arange(30))
    wild = turns.copy()
    wild[14, 0] = [2.0, 1.0, -1.0]
    out = median_rotations(wild, half=2)
    assert geodesic_rad(out, turns)[2:-2].max() < 0.05


def test_tremble_is_measured_and_motion_is_not_taken_for_it() -> None:
    rng = np.random.default_rng(2)
    swing = about_z(0.8 * np.sin(2 * np.pi * TIMES))
    assert tremble_rad(swing)[0] < np.radians(0.15)
    noisy = compose(np.radians(1.5) * rng.normal(size=swing.shape), swing)
    assert np.degrees(tremble_rad(noisy)[0]) == pytest.approx(1.5, rel=0.2)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_keeps_gaps_short_runs_and_clean_motion(method: str) -> None:
    how = Smoothing(method=method, strength=2.0)  # type: ignore[arg-type]
    swing = about_z(0.8 * np.sin(2 * np.pi * TIMES))
    root = np.cumsum(np.full((90, 3), 0.01), axis=0)
    holed, moved = swing.copy(), root.copy()
    holed[30:34], moved[30:34] = np.nan, np.nan
    out, place = smoothed(holed, moved, times_s=TIMES, how=how)
    assert np.isnan(out[30:34]).all()
    assert np.isfinite(np.delete(out, range(30, 34), axis=0)).all()
    off = geodesic_rad(
        np.delete(out, range(30, 34), axis=0), np.delete(swing, range(30, 34), axis=0)
    )
    assert np.degrees(off.max()) < 0.3
    np.testing.assert_allclose(
        np.delete(place, range(30, 34), 0), np.delete(root, range(30, 34), 0), atol=1e-3
    )
    for count in (0, 1, 2, 3):
        short, _ = smoothed(swing[:count], root[:count], times_s=TIMES[:count], how=how)
        np.testing.assert_allclose(short, swing[:count], atol=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_takes_most_of_the_tremble(method: str) -> None:
    rng = np.random.default_rng(3)
    swing = about_z(0.5 * np.sin(2 * np.pi * 0.7 * TIMES))
    noisy = compose(np.radians(2) * rng.normal(size=swing.shape), swing)
    how = Smoothing(method=method, strength=2.0)  # type: ignore[arg-type]
    out, _ = smoothed(noisy, noisy[:, 0], times_s=TIMES, how=how)
    before = geodesic_rad(noisy, swing)[5:-5].mean()
    assert geodesic_rad(out, swing)[5:-5].mean() < 0.6 * before
