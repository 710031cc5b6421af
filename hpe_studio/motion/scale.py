"""How much larger and farther people are who look the same in the picture.

A body k times as large and k times as far from the camera gives the same picture, so
size and distance come only from something known: a height, a distance, a common floor.
"""

from __future__ import annotations

from hpe_studio.core.arrays import FloatArray


def scaled_about(
    places_m: FloatArray, centre_m: FloatArray, factor: float
) -> FloatArray:
    """Places so many times as far from a centre, shape (..., 3)."""
    return centre_m + factor * (places_m - centre_m)
