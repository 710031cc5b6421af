"""Where the parts of the error over the clip lie in their widget."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

RULER_PX, LANE_PX, BAR_HIGH_PX, EDGE_PX = 20, 28, 14, 8
LEAST_CHART_PX = 44


@dataclass(frozen=True, kw_only=True, slots=True)
class LanePlace:
    """Labels at the left; ruler, bars and lanes below each other at their right.

    Attributes:
        frame_count: Length of the clip.
        width, height: Of the widget.
        labels_px: Width of the labels.
        lane_count: How many people there are.
        top_px: How far the lanes are scrolled.
    """

    frame_count: int
    width: int
    height: int
    labels_px: int
    lane_count: int
    top_px: int = 0

    @property
    def whole(self) -> QRectF:
        """All of it."""
        return QRectF(0, 0, self.width, self.height)

    @property
    def chart_bottom(self) -> float:
        """Where the bars stand."""
        wanted = self.lane_count * LANE_PX + 4
        return max(self.height - wanted, RULER_PX + LEAST_CHART_PX)

    @property
    def lanes_top(self) -> float:
        """Where the first lane begins."""
        return self.chart_bottom + 2 - self.top_px

    @property
    def most_top_px(self) -> float:
        """How far the lanes can be scrolled."""
        room = self.height - self.chart_bottom - 4
        return max(self.lane_count * LANE_PX - room, 0)

    def x_of(self, frame: float) -> float:
        """Where a frame begins."""
        return self.labels_px + EDGE_PX + frame * self._frame_px

    def frame_at(self, x: float) -> int:
        """The frame at a pixel, within the clip."""
        frame = int((x - self.labels_px - EDGE_PX) / self._frame_px)
        return min(max(frame, 0), max(self.frame_count - 1, 0))

    def lane_at(self, y: float) -> int | None:
        """Which lane is at a pixel."""
        place = int((y - self.lanes_top) // LANE_PX)
        is_lane = y >= self.chart_bottom and 0 <= place < self.lane_count
        return place if is_lane else None

    def lane_box(self, place: int) -> QRectF:
        """Where a lane's heat is."""
        top = self.lanes_top + place * LANE_PX + (LANE_PX - BAR_HIGH_PX) / 2
        left = self.x_of(0)
        return QRectF(left, top, self.width - EDGE_PX - left, BAR_HIGH_PX)

    @property
    def _frame_px(self) -> float:
        room = self.width - self.labels_px - 2 * EDGE_PX
        return max(room, 1) / max(self.frame_count, 1)
