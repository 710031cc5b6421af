"""Type aliases for arrays; shapes and units stand in the docstrings that use them."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]
"""Floats: stored as float32, computed in float64."""
IntArray = npt.NDArray[np.integer[Any]]
ByteArray = npt.NDArray[np.uint8]
BoolArray = npt.NDArray[np.bool_]
AnyArray = npt.NDArray[Any]


def read_only(array: AnyArray) -> AnyArray:
    """A view of the array that cannot be written through."""
    view = array.view()
    view.flags.writeable = False
    return view
