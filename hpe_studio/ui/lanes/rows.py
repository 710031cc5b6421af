"""Where the rows of the lanes lie. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from itertools import accumulate

RULER_PX, BAR_PX = 22.0, 13.0
SHOTS_PX, FILM_PX = 20.0, 26.0
"""Height of the row of shots, without and with pictures of the clip in it."""

LANE_PX, COMPACT_LANE_PX, PART_PX, CONTACTS_PX = 30.0, 26.0, 22.0, 24.0
_COMPACT_BELOW_PX = 170.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """Where the rows lie, from the top: ruler, shots, one lane after the other.

    Attributes:
        lanes_px: Height of each lane.
        height_px: Height of the whole panel.
        scroll_px: How far the lanes are scrolled up.
        shots_px: Height of the row of shots.
        tops: Upper edge of each lane below the first one's, and where they end.
    """

    lanes_px: tuple[float, ...]
    height_px: float
    scroll_px: float = 0.0
    shots_px: float = SHOTS_PX
    tops: tuple[float, ...] = field(init=False)

    def __post_init__(self) -> None:
        tops = (0.0, *accumulate(self.lanes_px))
        object.__setattr__(self, "tops", tops)

    def fitted(
        self, lanes_px: tuple[float, ...], height_px: float, shots_px: float
    ) -> Layout:
        """The layout for other rows; scrolled no further than it can be."""
        other = replace(self, lanes_px=lanes_px, height_px=height_px, shots_px=shots_px)
        return replace(other, scroll_px=min(self.scroll_px, other.most_scroll_px))

    @property
    def lane_count(self) -> int:
        """Number of lanes."""
        return len(self.lanes_px)

    @property
    def lanes_top(self) -> float:
        """Where the lanes begin."""
        return RULER_PX + self.shots_px

    @property
    def lanes_bottom(self) -> float:
        """Where the last lane ends."""
        return self.lanes_top + self.tops[-1] - self.scroll_px

    @property
    def most_scroll_px(self) -> float:
        """How far the lanes can be scrolled."""
        return max(self.tops[-1] - (self.height_px - self.lanes_top), 0.0)

    def lane_top(self, index: int) -> float:
        """Upper edge of a lane."""
        return self.lanes_top + self.tops[index] - self.scroll_px

    def bar_top(self, index: int) -> float:
        """Upper edge of a lane's source bar; below it is room for a problem's bar."""
        return self.lane_top(index) + bar_offset(self.lanes_px[index])

    def key_y(self, index: int) -> float:
        """Height at which a lane's keys stand."""
        return self.bar_top(index) + BAR_PX / 2

    def lane_at(self, y: float) -> int | None:
        """Index of the lane at a height, or None."""
        below = y - self.lanes_top
        if below < 0 or below + self.scroll_px >= self.tops[-1]:
            return None
        return bisect_right(self.tops, below + self.scroll_px) - 1

    def seen_lanes(self) -> range:
        """Indices of the lanes that are at least partly seen."""
        first = bisect_right(self.tops, self.scroll_px) - 1
        room = self.height_px - self.lanes_top
        last = bisect_right(self.tops, self.scroll_px + room)
        return range(max(first, 0), min(last, self.lane_count))

    def scroll_to_show(self, index: int) -> float:
        """The scroll that brings a lane into view with the least movement.

        The present one where the lane's row is not laid out yet.
        """
        if index + 1 >= len(self.tops):
            return self.scroll_px
        above = self.tops[index]
        below = self.tops[index + 1] - (self.height_px - self.lanes_top)
        return min(max(self.scroll_px, below), above, self.most_scroll_px)


def bar_offset(lane_px: float) -> float:
    """How far below its lane's upper edge a source bar begins."""
    spare = lane_px - BAR_PX
    return (spare - 5) // 2 if lane_px > PART_PX else spare // 2


def person_lane_px(height_px: float) -> float:
    """Height of a person's lane in a panel of some height; low ones have lower ones."""
    return COMPACT_LANE_PX if height_px < _COMPACT_BELOW_PX else LANE_PX
