"""Frames along a horizontal axis: zoom, pan and the ticks of a ruler. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

EDGE_PX = 8.0
"""Free space before the first and after the last frame."""

MOST_PX_PER_FRAME = 160.0
_LEAST_LABEL_PX = 92.0
_LEAST_MINOR_PX = 8.0
_STEP = 10
_PAGE_SHARE = 0.08
"""Where the playhead lands when the axis turns a page, as a share of the width."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeAxis:
    """Which frames are seen over which pixels.

    A frame is a cell: it begins at `edge(frame)` and ends at `edge(frame + 1)`. What
    lies *on* a frame (playhead, key, tick) stands in the middle, at `x_of(frame)`.

    Attributes:
        frame_count: Length of the clip.
        width_px: Width of the axis.
        first: Frame at the left edge; fractional, below 0 in the free space.
        px_per_frame: Width of one frame.
    """

    frame_count: int
    width_px: float
    first: float = 0.0
    px_per_frame: float = 1.0

    @property
    def fit_px_per_frame(self) -> float:
        """Width of a frame when the whole clip is seen."""
        room = max(self.width_px - 2 * EDGE_PX, 1.0)
        return room / max(self.frame_count, 1)

    @property
    def most_px_per_frame(self) -> float:
        """Width of a frame when it is seen as close as can be."""
        return max(MOST_PX_PER_FRAME, self.fit_px_per_frame)

    @property
    def is_fitted(self) -> bool:
        """True while the whole clip is seen."""
        return self.px_per_frame <= self.fit_px_per_frame * 1.0001

    @property
    def seen(self) -> tuple[int, int]:
        """Half-open range of frames that are at least partly seen."""
        start = max(math.floor(self.first + 1e-9), 0)
        end = self.first + self.width_px / self.px_per_frame
        return start, max(min(math.ceil(end - 1e-9), self.frame_count), start)

    def edge(self, frame: float) -> float:
        """Pixel at which a frame begins."""
        return (frame - self.first) * self.px_per_frame

    def x_of(self, frame: float) -> float:
        """Pixel in the middle of a frame."""
        return self.edge(frame + 0.5)

    def frame_at(self, x: float) -> int:
        """The frame whose cell holds a pixel, clamped to the clip."""
        frame = math.floor(self.first + x / self.px_per_frame)
        return min(max(frame, 0), max(self.frame_count - 1, 0))

    def frames_in(self, distance_px: float) -> int:
        """How many whole frames a distance is, rounded."""
        return round(distance_px / self.px_per_frame)

    def fitted(self) -> TimeAxis:
        """The axis with the whole clip in view."""
        return self._at(-EDGE_PX / self.fit_px_per_frame, self.fit_px_per_frame)

    def resized(self, width_px: float) -> TimeAxis:
        """The axis at another width; what was fitted stays fitted."""
        wider = replace(self, width_px=max(width_px, 1.0))
        return wider.fitted() if self.is_fitted else wider.panned(0.0)

    def zoomed(self, factor: float, x: float) -> TimeAxis:
        """Closer by a factor; what lies under pixel `x` stays there."""
        scale = self._bounded_scale(self.px_per_frame * factor)
        anchor = self.first + x / self.px_per_frame
        return self._at(anchor - x / scale, scale)

    def panned(self, by_px: float) -> TimeAxis:
        """Moved so that its content goes `by_px` to the right."""
        return self._at(self.first - by_px / self.px_per_frame)

    def showing(self, start: int, stop: int) -> TimeAxis:
        """The axis with a half-open range filling its width."""
        room = max(self.width_px - 2 * EDGE_PX, 1.0)
        scale = self._bounded_scale(room / max(stop - start, 1))
        middle = (start + stop) / 2
        return self._at(middle - self.width_px / scale / 2, scale)

    def spanning(self, first: float, last: float) -> TimeAxis:
        """The axis from one place in frames to another, as closely as bounds allow."""
        scale = self._bounded_scale(self.width_px / max(last - first, 1e-9))
        return self._at(first, scale)

    def revealing(self, frame: int) -> TimeAxis:
        """Moved just as far as needed for a frame to be seen."""
        if self.edge(frame) < 0:
            return self._at(frame)
        over = self.edge(frame + 1) - self.width_px
        return self.panned(-over) if over > 1e-6 else self

    def finding(self, frame: int) -> TimeAxis:
        """Moved so that a frame is seen: a little for a step, far for a jump."""
        seen_start, seen_stop = self.seen
        if seen_start - _STEP <= frame < seen_stop + _STEP:
            return self.revealing(frame)
        return self._at(frame + 0.5 - self.width_px / self.px_per_frame / 2)

    def paged(self, frame: int, direction: int) -> TimeAxis:
        """Turned by a page where playing has left the view."""
        if 0 <= self.x_of(frame) <= self.width_px:
            return self
        span = self.width_px / self.px_per_frame
        share = _PAGE_SHARE if direction >= 0 else 1 - _PAGE_SHARE
        return self._at(frame - span * share)

    def _bounded_scale(self, px_per_frame: float) -> float:
        least = self.fit_px_per_frame
        return min(max(px_per_frame, least), self.most_px_per_frame)

    def _at(self, first: float, px_per_frame: float | None = None) -> TimeAxis:
        scale = self._bounded_scale(px_per_frame or self.px_per_frame)
        least = -EDGE_PX / scale
        most = self.frame_count - (self.width_px - EDGE_PX) / scale
        bounded = max(min(first, most), least)
        return replace(self, first=bounded, px_per_frame=scale)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticks:
    """Which frames the ruler marks.

    Attributes:
        major: Frames with a label.
        minor: Frames with a short line only.
        step: Frames between labels.
    """

    major: tuple[int, ...]
    minor: tuple[int, ...]
    step: int


def ticks(axis: TimeAxis, fps: float) -> Ticks:
    """Marks at round frames or whole seconds, labels at least 92 px apart.

    Args:
        axis: What is seen.
        fps: Nominal rate; whole seconds are rounded to whole frames.
    """
    step = next(
        (s for s in _steps(fps) if s * axis.px_per_frame >= _LEAST_LABEL_PX),
        max(axis.frame_count, 1),
    )
    parts = next(
        (
            n
            for n in (10, 6, 5, 4, 3, 2)
            if step % n == 0 and step / n * axis.px_per_frame >= _LEAST_MINOR_PX
        ),
        1,
    )
    start, stop = axis.seen
    major = range(max(start // step - 1, 0) * step, stop, step)
    small = step // parts
    minor = range(start // small * small, stop, small)
    return Ticks(
        major=tuple(major),
        minor=tuple(f for f in minor if f % step),
        step=step,
    )


def seconds_text(time_s: float) -> str:
    """A time for the ruler ("04.00 s", "1:04.00")."""
    minutes, seconds = divmod(round(time_s * 100) / 100, 60)
    if minutes < 1:
        return f"{seconds:05.2f} s"
    hours, minutes = divmod(int(minutes), 60)
    clock = f"{hours}:{minutes:02d}" if hours else f"{minutes}"
    return f"{clock}:{seconds:05.2f}"


def _steps(fps: float) -> list[int]:
    second = max(round(fps), 1)
    below = [s for s in (1, 2, 5, 10, 20, 25) if s < second and second % s == 0]
    if second % 2 == 0 and second // 2 not in below and second > 10:
        below.append(second // 2)
    multiples = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200)
    return sorted(below) + [second * n for n in multiples]
