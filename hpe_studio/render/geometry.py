"""Small array helpers that several drawings share."""

from __future__ import annotations

import numpy as np

from hpe_studio.core.arrays import BoolArray, FloatArray


def finite_rows(points: FloatArray) -> BoolArray:
    """True for rows without NaN or infinity, shape (rows,), of shape (rows, n)."""
    return np.asarray(np.isfinite(points).all(axis=1))
