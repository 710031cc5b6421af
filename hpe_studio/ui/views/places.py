"""Where views stand beside each other, as geometry without widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from hpe_studio.ui.viewer_layout import Box, Grid

GAP_PX = 2
_SLOTS: Final[dict[Grid, int]] = {"one": 1, "two": 2, "four": 4, "six": 6, "all": 1}
_THUMB_PX, _LEAST_THUMB_PX = 132, 108
_LARGE_SHARE = 0.62


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """Where everything stands.

    Attributes:
        large: Where the view stands that is edited in.
        slots: Places of equal rank in the order of views, `large` among them; empty
            where the others are thumbnails.
        thumbs: Where the thumbnails are scrolled, None without them.
        thumb_px: Width and height of one.
        columns: Thumbnails side by side.
    """

    large: Box
    slots: tuple[Box, ...] = ()
    thumbs: Box | None = None
    thumb_px: tuple[int, int] = (0, 0)
    columns: int = 1


def slot_count(grid: Grid) -> int:
    """How many views stand in places of equal rank."""
    return _SLOTS[grid]


def page_of(numbers: Sequence[int], shown: int, grid: Grid) -> tuple[int, ...]:
    """The views that stand beside the one that is shown, it among them, in order."""
    count = slot_count(grid)
    at = numbers.index(shown) if shown in numbers else 0
    start = at // count * count
    return tuple(numbers[start : start + count])


def page_step(numbers: Sequence[int], shown: int, grid: Grid, step: int) -> int:
    """The view in the same place of the next page or the one before."""
    count = slot_count(grid)
    at = (numbers.index(shown) if shown in numbers else 0) + step * count
    pages = -(-len(numbers) // count)
    return numbers[min(at % (pages * count), len(numbers) - 1)]


def spread(
    grid: Grid, at: int, room_px: tuple[int, int], aspect: float, count: int = 1
) -> Spread:
    """Where the views stand.

    Args:
        grid: How many.
        at: Which of the slots is edited in.
        room_px: Width and height there is.
        aspect: Width over height of the pictures.
        count: How many views there are.
    """
    width, height = room_px
    if grid == "all":
        return _with_thumbs(count, width, height, aspect)
    slots = _tiled(_SLOTS[grid], width, height, aspect)
    return Spread(large=slots[min(at, len(slots) - 1)], slots=slots)


def _tiled(count: int, width: int, height: int, aspect: float) -> tuple[Box, ...]:
    """Equal places in the rows and columns that show pictures the largest."""
    fits = [
        (columns, count // columns)
        for columns in range(1, count + 1)
        if count % columns == 0
    ]

    def picture_px(fit: tuple[int, int]) -> float:
        return min(width / fit[0], height / fit[1] * aspect)

    columns, rows = max(fits, key=picture_px)
    lefts = _split(width, columns)
    tops = _split(height, rows)
    return tuple(
        Box(x=left, y=top, width=wide, height=high)
        for top, high in tops
        for left, wide in lefts
    )


def _split(room: int, count: int) -> list[tuple[int, int]]:
    """Starts and lengths of parts with gaps between them."""
    free = room - GAP_PX * (count - 1)
    edges = [round(free * n / count) for n in range(count + 1)]
    return [
        (edges[n] + n * GAP_PX, max(edges[n + 1] - edges[n], 1)) for n in range(count)
    ]


def _with_thumbs(count: int, width: int, height: int, aspect: float) -> Spread:
    """The large one above, thumbnails in rows below, as large as all can be seen."""
    high = round(height * _LARGE_SHARE)
    rest = max(height - high - GAP_PX, 1)

    def thumb(columns: int) -> tuple[int, int]:
        wide = (width - GAP_PX * (columns - 1)) // columns
        return wide, min(round(wide / max(aspect, 0.4)), rest)

    most = max(width // _LEAST_THUMB_PX, 2)
    fitting = (
        columns
        for columns in range(2, most + 1)
        if -(-count // columns) * (thumb(columns)[1] + GAP_PX) - GAP_PX <= rest
    )
    columns = next(fitting, max(2, round(width / _THUMB_PX)))
    return Spread(
        large=Box(x=0, y=0, width=width, height=high),
        thumbs=Box(x=0, y=high + GAP_PX, width=width, height=rest),
        thumb_px=thumb(columns),
        columns=columns,
    )
