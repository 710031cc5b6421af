"""Finds the frames of a movie by demuxing it once: exact on any frame rate or GOP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpe_studio.core.arrays import IntArray
from hpe_studio.core.jobs import Job, Progress
from hpe_studio.media.frameindex import FrameIndex, build_index
from hpe_studio.media.packets import (
    PacketLog,
    PacketTable,
    decode_packet,
    demux,
    packet_key,
)

OpenMovie = Callable[[], tuple[Any, Any]]
"""Gives a fresh (container, stream)."""

_SCAN_PIXELS = 1e8
"""Clips up to this many pixels in all are decoded once to verify the index (0.2 s)."""
_TAIL_PIXELS = 1e8
_HEAD_PACKETS = 32
_STEP_PACKETS = 1024
_PART_EVERY_S = 1.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shape:
    pixels: int
    time_base: float
    duration: int
    start: int


def index_movie(open_movie: OpenMovie) -> Job[FrameIndex | None]:
    """The frames of a movie, or None where it has none that decode.

    On the way `Progress.partial` tells the exact index of the first part, now and
    then, where the file's own times can be trusted.
    """
    container, stream = open_movie()
    log = PacketLog(stream.codec_context.name)
    with container:
        shape = _Shape(
            pixels=max(1, stream.width * stream.height),
            time_base=float(stream.time_base),
            duration=stream.duration or 0,
            start=stream.start_time or 0,
        )
        yield from _read(demux(container, stream), log, shape, open_movie)
    packets = log.table()
    if not len(packets):
        return None
    is_unique = len(np.unique(packets.keys)) == len(packets)
    order: IntArray | None = None
    if is_unique and len(packets) * shape.pixels > _SCAN_PIXELS:
        order = _trusted_order(open_movie, packets, shape.pixels)
    if order is None:
        order = yield from _scan(open_movie, packets)
    return build_index(packets, order, shape.time_base) if len(order) else None


def _read(
    packets: Iterator[Any], log: PacketLog, shape: _Shape, open_movie: OpenMovie
) -> Job[None]:
    """Take down all packets, telling about the first part as it grows."""
    parts = _Parts(open_movie, shape)
    for number, packet in enumerate(packets, start=1):
        log.add(packet)
        if number % _STEP_PACKETS == 0 and len(log):
            yield Progress(
                done=min(max(0, log.last_key - shape.start), shape.duration),
                total=shape.duration,
                text="Reading the film",
                partial=parts.next(log),
            )


class _Parts:
    """The index of the first part of a movie, made anew every second."""

    def __init__(self, open_movie: OpenMovie, shape: _Shape) -> None:
        self._open_movie = open_movie
        self._shape = shape
        self._lost: set[int] | None = None
        self._is_trusted = True
        self._due_s = 0.0

    def next(self, log: PacketLog) -> FrameIndex | None:
        """The index of what was read so far, or None where it is not time for one."""
        if not self._is_trusted or time.monotonic() < self._due_s:
            return None
        known = log.table()
        part = known.complete_part()
        if part is None:
            return None
        keys = np.sort(part.keys[part.is_shown])
        if self._lost is None:
            expected = set(known.keys[known.is_shown].tolist())
            self._lost = _lost_at_head(self._open_movie, expected)
            self._is_trusted = part.has_pts and self._lost is not None
        shown = _without(keys, self._lost or set())
        self._due_s = time.monotonic() + _PART_EVERY_S
        if not self._is_trusted or not len(shown):
            return None
        return build_index(part, shown, self._shape.time_base)


def _trusted_order(
    open_movie: OpenMovie, packets: PacketTable, pixels: int
) -> IntArray | None:
    """Keys by pts after a look at both ends, or None where pts cannot be trusted."""
    if not packets.has_pts:
        return None
    order = np.sort(packets.keys[packets.is_shown])
    lost = _lost_at_head(open_movie, set(order.tolist()))
    if lost is None:
        return None
    places = np.flatnonzero(packets.is_keyframe)
    if len(places):
        last = places[np.argmax(packets.keys[places])]
        key, dts = int(packets.keys[last]), int(packets.dts[last])
        tail = set(order[order >= key].tolist())
        if len(tail) * pixels <= _TAIL_PIXELS:
            seen = set(_decode_keys(open_movie, seek_to=min(key, dts)))
            # Some containers land late; what they skipped is not lost.
            lost |= {key for key in tail - seen if seen and key > min(seen)}
    return _without(order, lost)


def _without(keys: IntArray, lost: set[int]) -> IntArray:
    return keys[~np.isin(keys, np.array(sorted(lost), dtype=np.int64))]


def _lost_at_head(open_movie: OpenMovie, expected: set[int]) -> set[int] | None:
    """Keys before the first picture; None where packets and pictures do not match."""
    seen: list[int] = []
    fed: list[int | None] = []
    container, stream = open_movie()
    with container:
        for packet in demux(container, stream):
            fed += [packet_key(packet)] if packet.size else []
            seen += [frame.pts for frame in decode_packet(packet)]
            if len(fed) >= _HEAD_PACKETS and len(seen) >= _HEAD_PACKETS // 3:
                break
    if not seen or seen != sorted(seen) or not expected.issuperset(seen):
        return None
    missing = {k for k in expected.intersection(fed) if k <= seen[-1]} - set(seen)
    return missing if all(key < seen[0] for key in missing) else None


def _decode_keys(open_movie: OpenMovie, *, seek_to: int | None = None) -> Iterator[int]:
    container, stream = open_movie()
    with container:
        if seek_to is not None:
            container.seek(seek_to, stream=stream)
        for packet in demux(container, stream):
            for frame in decode_packet(packet):
                if frame.pts is not None:
                    yield frame.pts


def _scan(open_movie: OpenMovie, packets: PacketTable) -> Job[IntArray]:
    """Keys in the order the pictures come out of the decoder, each once."""
    expected = set(packets.keys[packets.is_shown].tolist())
    keys: dict[int, None] = {}
    for key in _decode_keys(open_movie):
        keys[key] = None
        if len(keys) % _HEAD_PACKETS == 0:
            yield Progress(done=len(keys), total=len(expected), text="Reading the film")
    return np.array([key for key in keys if key in expected], dtype=np.int64)
