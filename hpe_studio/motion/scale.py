"""How much larger and farther people are who look the same in the picture.

A body k times as large and k times as far from the camera gives the same picture, so
size and distance come only from something known: a height, a distance, a common floor.
"""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import FloatArray

_LOG_SD = 0.1
"""How far people's sizes are off, as a logarithm: 10 % (spec 5.13)."""


def scaled_about(
    places_m: FloatArray, centre_m: FloatArray, factor: float
) -> FloatArray:
    """Places so many times as far from a centre, shape (..., 3)."""
    return centre_m + factor * (places_m - centre_m)


def factor_to_plane(
    foot_camera_m: FloatArray, *, normal: FloatArray, distance_m: float
) -> FloatArray:
    """How many times farther feet must be to stand on a plane, shape (...).

    The plane holds X with normal . X = distance, all in the camera's axes. NaN where
    the ray of the foot never meets it.

    Source: spec 5.13 (c): k = d / (n . F).
    """
    along = foot_camera_m @ normal
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = distance_m / along
    return np.where(factor > 0, factor, np.nan)


def common_floor_m(along_m: FloatArray, anchor: int | None) -> tuple[float, FloatArray]:
    """A floor for all people, and the factor of each.

    Args:
        along_m: How far below the camera each person's feet are, shape (people,).
        anchor: The person whose size is known, or None: the sizes of all are then
            changed as little as can be, in the sum of squared logarithms.

    Returns:
        Distance of the floor from the camera, and factors, shape (people,).
    """
    if anchor is not None:
        distance = float(along_m[anchor])
    else:
        distance = float(np.exp(np.mean(np.log(along_m))))
    return distance, distance / along_m


def unlikely(factors: FloatArray) -> FloatArray:
    """How unlikely factors are, in squared standard deviations / 2, shape (people,)."""
    return np.square(np.log(factors)) / (2 * _LOG_SD**2)
