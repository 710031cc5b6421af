"""The finished picture: upright, its stairs smoothed, flat areas untouched."""

from __future__ import annotations

import numpy as np
from numpy.testing import assert_array_equal

from hpe_studio.render.pixels import Finisher


def _slope(size: int = 60) -> np.ndarray:
    """A white half-plane over black with a slanted edge, last row first."""
    row, column = np.mgrid[0:size, 0:size]
    picture = np.zeros((size, size, 4), np.uint8)
    picture[row > 0.3 * column + 12, :3] = 255
    picture[..., 3] = 255
    return picture


def _truth(size: int = 60, fine: int = 16) -> np.ndarray:
    """The same edge, averaged over each pixel."""
    row, column = np.mgrid[0 : size * fine, 0 : size * fine] / fine
    whole = 255.0 * (row - 0.5 > 0.3 * (column - 0.5) + 12)
    return whole.reshape(size, fine, size, fine).mean(axis=(1, 3))


def test_pictures_are_turned_upright():
    source = np.random.default_rng(0).integers(0, 255, (7, 9, 4)).astype(np.uint8)
    assert_array_equal(Finisher().finish(source, smooth=False), source[::-1])


def test_flat_areas_and_faint_lines_stay_as_they_are():
    source = np.full((40, 40, 4), (30, 34, 40, 255), np.uint8)
    source[:, 20] = (38, 42, 48, 255)
    assert_array_equal(Finisher().finish(source, smooth=True), source[::-1])


def test_stairs_come_closer_to_the_true_edge():
    source, truth = _slope(), _truth()[::-1]
    finisher = Finisher()
    rough = finisher.finish(source, smooth=False)[..., 0].astype(float)
    smooth = finisher.finish(source, smooth=True)[..., 0].astype(float)
    inner = (slice(3, -3), slice(3, -3))
    before, after = (
        np.sqrt(np.mean((image - truth)[inner] ** 2)) for image in (rough, smooth)
    )
    assert after < 0.85 * before
    grey = (smooth > 20) & (smooth < 235)
    assert grey[inner].sum() > 40
    assert abs(smooth[inner].mean() - rough[inner].mean()) < 3


def test_the_size_may_change_between_pictures():
    finisher = Finisher()
    for size in (20, 33, 12):
        assert finisher.finish(_slope(size), smooth=True).shape == (size, size, 4)
