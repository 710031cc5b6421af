"""Which frames a movie has and where decoding can begin, as arrays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hpe_studio.core.arrays import FloatArray, IntArray
from hpe_studio.media.packets import PacketTable


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A place where decoding can begin.

    Attributes:
        number: Place among the runs.
        frame: First frame it gives reliably.
        order: Place of its packet in decoding order.
        pts, dts: Where to seek to; equal when one is unknown.
    """

    number: int
    frame: int
    order: int
    pts: int
    dts: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FrameIndex:
    """The frames of a movie in order of presentation; 28 bytes per frame.

    Attributes:
        times_s: Presentation time of each frame, shape (frames,), first 0; seconds.
        keys: Packet keys, increasing, shape (packets,), int64.
        frames: Frame of each key, -1 where none is shown; int32.
        orders: Place in decoding order of each key; int32.
        runs: Keyframes sorted by frame, the first begins at the first packet; shape
            (runs, 4), int64: frame, order, pts, dts (see `Run`).
    """

    times_s: FloatArray
    keys: IntArray
    frames: IntArray
    orders: IntArray
    runs: IntArray

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.times_s)

    def frame_of(self, key: int | None) -> int | None:
        """The frame of a packet's or picture's key, or None where it is none."""
        place = self._place(key)
        if place is None or self.frames[place] < 0:
            return None
        return int(self.frames[place])

    def order_of(self, key: int | None) -> int:
        """A packet's place in decoding order, -1 where it is not known."""
        place = self._place(key)
        return -1 if place is None else int(self.orders[place])

    def run_number(self, frame: int) -> int:
        """Number of the last run that begins at or before a frame."""
        place = int(np.searchsorted(self.runs[:, 0], frame, side="right"))
        return max(0, place - 1)

    def run(self, number: int) -> Run:
        """A place where decoding can begin."""
        frame, order, pts, dts = (int(n) for n in self.runs[number])
        return Run(number=number, frame=frame, order=order, pts=pts, dts=dts)

    def _place(self, key: int | None) -> int | None:
        if key is None:
            return None
        place = int(np.searchsorted(self.keys, key))
        is_known = place < len(self.keys) and self.keys[place] == key
        return place if is_known else None


def build_index(
    packets: PacketTable, shown_keys: IntArray, time_base: float
) -> FrameIndex:
    """The index of a movie whose pictures are known.

    Args:
        packets: All packets.
        shown_keys: Keys in the order their pictures are shown, each once.
        time_base: Seconds per unit of the packets' times.
    """
    keys, orders = _last_of_each(packets.keys)
    frames = np.full(len(keys), -1, dtype=np.int32)
    frames[np.searchsorted(keys, shown_keys)] = np.arange(len(shown_keys))
    # Out of order keys are dts in disguise (AVI): the k-th picture has the k-th time.
    ticks = np.sort(shown_keys).astype(np.float64)
    return FrameIndex(
        times_s=(ticks - ticks[0]) * time_base,
        keys=keys,
        frames=frames,
        orders=orders.astype(np.int32),
        runs=_runs(packets, shown_keys, frames[np.searchsorted(keys, packets.keys)]),
    )


def _last_of_each(values: IntArray) -> tuple[IntArray, IntArray]:
    """Distinct values, increasing, and the last place of each."""
    distinct, from_end = np.unique(values[::-1], return_index=True)
    return distinct, len(values) - 1 - from_end


def _runs(packets: PacketTable, shown_keys: IntArray, frames: IntArray) -> IntArray:
    """Runs as rows of frame, order, pts, dts; `frames` is the frame of each packet."""
    starts = frames.astype(np.int64)
    if bool((np.diff(shown_keys) > 0).all()):
        # An edit list may hide the keyframe itself; what follows it is still good.
        hidden = starts < 0
        starts[hidden] = np.searchsorted(shown_keys, packets.keys[hidden])
    is_run = packets.is_keyframe & (starts >= 0) & (starts < len(shown_keys))
    is_run[0] = False
    places = np.flatnonzero(is_run)
    place_of_frame = {0: 0, **dict(zip(starts[places].tolist(), places, strict=True))}
    in_order = list(_increasing(sorted(place_of_frame.items())))
    found = np.array([place for _, place in in_order], dtype=np.int64)
    begins = np.array([frame for frame, _ in in_order], dtype=np.int64)
    return np.stack([begins, found, packets.keys[found], packets.dts[found]], axis=1)


def _increasing(places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = -1
    for frame, place in places:
        if place > last:
            last = place
            yield frame, place
