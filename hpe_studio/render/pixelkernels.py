"""The compiled loops of `render.pixels`; imported on first use, for numba is heavy."""

from __future__ import annotations

from typing import Any

from numba import njit

_LEAST_CONTRAST = 14
_FARTHEST = 6.0


@njit(cache=True, nogil=True)
def smoothed_into(source: Any, luma: Any, out: Any) -> None:
    """Writes the picture upright into `out`, blended along edges of brightness.

    Args:
        source: Shape (height, width, 4), last row first.
        luma: Working memory, shape (height, width).
        out: Shape (height, width, 4).
    """
    height, width = luma.shape
    for y in range(height):
        for x in range(width):
            red, green, blue = source[y, x, 0], source[y, x, 1], source[y, x, 2]
            luma[y, x] = (77 * int(red) + 150 * int(green) + 29 * int(blue)) >> 8
    for y in range(height):
        row = height - 1 - y
        for x in range(width):
            for k in range(4):
                out[row, x, k] = source[y, x, k]
            if x == 0 or y == 0 or x == width - 1 or y == height - 1:
                continue
            here, left, right = luma[y, x], luma[y, x - 1], luma[y, x + 1]
            below, above = luma[y - 1, x], luma[y + 1, x]
            low = min(here, left, right, below, above)
            high = max(here, left, right, below, above)
            if int(high) - int(low) > _LEAST_CONTRAST:
                _blend(source, luma, out, y, x, row)


@njit(cache=True, nogil=True)
def _blend(
    source: Any, luma: Any, out: Any, y: int, x: int, row: int
) -> None:  # pragma: no cover - compiled
    """One pixel: the mean of samples along the edge through it."""
    lower_left, lower_right = float(luma[y - 1, x - 1]), float(luma[y - 1, x + 1])
    upper_left, upper_right = float(luma[y + 1, x - 1]), float(luma[y + 1, x + 1])
    along_x = lower_left + lower_right - upper_left - upper_right
    along_y = upper_right + lower_right - upper_left - lower_left
    total = lower_left + lower_right + upper_left + upper_right
    reduce = max(total / 32.0, 2.0)
    scale = 1.0 / (min(abs(along_x), abs(along_y)) + reduce)
    step_x = min(max(along_x * scale, -_FARTHEST), _FARTHEST)
    step_y = min(max(along_y * scale, -_FARTHEST), _FARTHEST)
    centre = float(luma[y, x])
    low = min(lower_left, lower_right, upper_left, upper_right, centre)
    high = max(lower_left, lower_right, upper_left, upper_right, centre)
    near = (0.0, 0.0, 0.0)
    far = (0.0, 0.0, 0.0)
    for share in (-1.0 / 6.0, 1.0 / 6.0):
        red, green, blue = _sample(source, y + share * step_y, x + share * step_x)
        near = (near[0] + red / 2, near[1] + green / 2, near[2] + blue / 2)
    for share in (-0.5, 0.5):
        red, green, blue = _sample(source, y + share * step_y, x + share * step_x)
        far = (far[0] + red / 2, far[1] + green / 2, far[2] + blue / 2)
    wide = (
        (near[0] + far[0]) / 2,
        (near[1] + far[1]) / 2,
        (near[2] + far[2]) / 2,
    )
    bright = (77 * wide[0] + 150 * wide[1] + 29 * wide[2]) / 256
    chosen = wide if low <= bright <= high else near
    out[row, x, 0] = int(chosen[0] + 0.5)
    out[row, x, 1] = int(chosen[1] + 0.5)
    out[row, x, 2] = int(chosen[2] + 0.5)


@njit(cache=True, nogil=True)
def _sample(source: Any, y: float, x: float) -> Any:  # pragma: no cover - compiled
    """Red, green, blue between four pixels."""
    height, width = source.shape[0], source.shape[1]
    y = min(max(y, 0.0), height - 1.001)
    x = min(max(x, 0.0), width - 1.001)
    row, column = int(y), int(x)
    down, across = y - row, x - column
    a, b = (1 - down) * (1 - across), (1 - down) * across
    c, d = down * (1 - across), down * across
    red = (
        a * source[row, column, 0]
        + b * source[row, column + 1, 0]
        + c * source[row + 1, column, 0]
        + d * source[row + 1, column + 1, 0]
    )
    green = (
        a * source[row, column, 1]
        + b * source[row, column + 1, 1]
        + c * source[row + 1, column, 1]
        + d * source[row + 1, column + 1, 1]
    )
    blue = (
        a * source[row, column, 2]
        + b * source[row, column + 1, 2]
        + c * source[row + 1, column, 2]
        + d * source[row + 1, column + 1, 2]
    )
    return red, green, blue
