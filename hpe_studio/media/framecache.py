"""Decoded frames around the playhead, bounded in bytes."""

from __future__ import annotations

from hpe_studio.media.footage import Native

KEPT_BEHIND = 6
"""In play this many frames behind the playhead are as good as those ahead of it."""

_GIVEN_UP = 1 << 40


class FrameCache:
    """Keeps the frames that will be wanted soonest; not thread safe by itself.

    While nothing plays, both sides of the playhead count alike. In play, all but a
    few frames behind are given up first, so that the next stretch can be filled in
    while the current one is shown.

    Args:
        limit_bytes: Most memory that the frames may hold.
        frame_bytes: What one frame is expected to need; corrected as frames come.
    """

    def __init__(self, limit_bytes: int, *, frame_bytes: int = 1) -> None:
        self._limit_bytes = limit_bytes
        self._frames: dict[int, Native] = {}
        self._held_bytes = 0
        self._head = 0
        self._direction = 0
        self._frame_bytes = max(1, frame_bytes)

    @property
    def held_bytes(self) -> int:
        """Memory held now."""
        return self._held_bytes

    @property
    def capacity(self) -> int:
        """How many frames like the last one fit, at least 1."""
        return max(1, self._limit_bytes // self._frame_bytes)

    def __contains__(self, frame: int) -> bool:
        return frame in self._frames

    def aim(self, head: int, direction: int) -> None:
        """Tell where the playhead is and which way it goes (-1, 0, 1)."""
        self._head, self._direction = head, direction

    def get(self, frame: int) -> Native | None:
        """A kept frame, or None."""
        return self._frames.get(frame)

    def offer(self, native: Native) -> bool:
        """Keep a frame unless all that are kept are wanted sooner; True if kept."""
        self._frame_bytes = native.byte_count or self._frame_bytes
        self._drop(native.frame)
        if not self._make_room(native.frame, native.byte_count):
            return False
        self._frames[native.frame] = native
        self._held_bytes += native.byte_count
        return True

    def has_room_for(self, frame: int) -> bool:
        """True where keeping that frame costs none that play is about to show."""
        if self._held_bytes + self._frame_bytes <= self._limit_bytes:
            return True
        furthest = self._furthest()
        if furthest is None:
            return False
        least = self._cost(frame) if self._direction == 0 else _GIVEN_UP
        return self._cost(furthest) > least

    def limit(self, limit_bytes: int) -> None:
        """Hold no more than so much from now on."""
        self._limit_bytes = limit_bytes
        while self._held_bytes > limit_bytes and len(self._frames) > 1:
            furthest = self._furthest()
            assert furthest is not None
            self._drop(furthest)

    def clear(self) -> None:
        """Give all frames up."""
        self._frames.clear()
        self._held_bytes = 0

    def _make_room(self, frame: int, byte_count: int) -> bool:
        while self._held_bytes + byte_count > self._limit_bytes:
            furthest = self._furthest()
            # The frame that is asked for is always kept, however big it is.
            if furthest is None:
                return frame == self._head
            if self._cost(furthest) <= self._cost(frame):
                return False
            self._drop(furthest)
        return True

    def _furthest(self) -> int | None:
        """The frame wanted last: one of the two ends, as cost grows outwards."""
        if not self._frames:
            return None
        return max(min(self._frames), max(self._frames), key=self._cost)

    def _cost(self, frame: int) -> int:
        ahead = frame - self._head
        if self._direction == 0:
            return abs(ahead)
        ahead *= self._direction
        if ahead >= 0:
            return ahead
        return -ahead if -ahead <= KEPT_BEHIND else _GIVEN_UP - ahead

    def _drop(self, frame: int) -> None:
        native = self._frames.pop(frame, None)
        if native is not None:
            self._held_bytes -= native.byte_count
