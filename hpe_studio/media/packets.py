"""Which frames a movie has, by demuxing once: exact on any frame rate or GOP.

Frames are never counted by rate. Every packet has a key (its pts, or its dts where the
container gives no pts) that the decoder hands through to the frame, so that a decoded
picture always knows which frame it is, wherever decoding began.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpe_studio.core.arrays import FloatArray

_SCAN_PIXELS = 1e8
"""Clips up to this many pixels in all are decoded once to verify the index (0.2 s)."""
_TAIL_PIXELS = 1e8
_HEAD_PACKETS = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class Packet:
    """What demuxing tells of one packet, times in units of the stream's time base."""

    key: int
    pts: int | None
    dts: int | None
    is_keyframe: bool
    is_shown: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """A place where decoding can begin.

    Attributes:
        frame: First frame it gives reliably.
        order: Place of its packet in decoding order.
        pts, dts: Where to seek to; equal when one is unknown.
    """

    frame: int
    order: int
    pts: int
    dts: int


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FrameIndex:
    """The frames of a movie in order of presentation.

    Attributes:
        times_s: Presentation time of each frame, shape (frames,), first 0; seconds.
        frame_of_key: Frame by packet key.
        order_of_key: Place in decoding order by packet key.
        runs: Keyframes, sorted by frame; the first begins at the first packet.
    """

    times_s: FloatArray
    frame_of_key: dict[int, int]
    order_of_key: dict[int, int]
    runs: tuple[Run, ...]

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return len(self.times_s)

    def run_number(self, frame: int) -> int:
        """Number of the last run that begins at or before a frame."""
        return max(0, bisect_right(self.runs, frame, key=lambda run: run.frame) - 1)


def packet_key(packet: Any) -> int | None:
    """The key of a packet, or None for one that carries no time."""
    return packet.dts if packet.pts is None else packet.pts


def decode_packet(packet: Any) -> list[Any]:
    """Frames that come out when a packet goes in; none where it is damaged."""
    from av.error import FFmpegError

    if packet.pts is None and packet.dts is not None:
        packet.pts = packet.dts
    try:
        return packet.decode()
    except FFmpegError:
        return []


def demux(container: Any, stream: Any) -> Iterator[Any]:
    """Packets of a stream up to the end or to where the file is cut off."""
    from av.error import FFmpegError

    try:
        yield from container.demux(stream)
    except FFmpegError:
        # The rest is lost, but frames still held by the decoder are good.
        yield _flush_packet(stream)


def _flush_packet(stream: Any) -> Any:
    """An empty packet, as demuxing gives at the end: the decoder hands out the rest."""
    from av.packet import Packet as AvPacket

    packet = AvPacket()
    packet.stream = stream
    return packet


def index_movie(open_movie: Any) -> FrameIndex | None:
    """The frames of a movie, or None where it has none that decode.

    Args:
        open_movie: Function that gives a fresh (container, stream).
    """
    container, stream = open_movie()
    with container:
        packets = list(_read_packets(container, stream))
        pixels = max(1, stream.width * stream.height)
        time_base = float(stream.time_base)
    if not packets:
        return None
    shown = [p for p in packets if p.is_shown]
    is_unique = len({p.key for p in packets}) == len(packets)
    order: list[int] | None = None
    if is_unique and len(packets) * pixels > _SCAN_PIXELS:
        order = _trusted_order(open_movie, packets, pixels)
    if order is None:
        order = _scan(open_movie, {p.key for p in shown})
    if not order:
        return None
    return _build(packets, order, time_base)


def _read_packets(container: Any, stream: Any) -> Iterator[Packet]:
    by_codec = {
        "vp8": _is_vp8_shown,
        "libvpx": _is_vp8_shown,
        "vp9": _is_vp9_shown,
        "libvpx-vp9": _is_vp9_shown,
    }
    is_shown = by_codec.get(stream.codec_context.name, bool)
    for packet in demux(container, stream):
        key = packet_key(packet)
        if packet.size == 0 or key is None:
            continue
        yield Packet(
            key=key,
            pts=packet.pts,
            dts=packet.dts,
            is_keyframe=packet.is_keyframe,
            is_shown=not packet.is_discard and is_shown(memoryview(packet)),
        )


def _is_vp8_shown(data: memoryview) -> bool:
    """False for an alternate reference frame (RFC 6386, 9.1: show_frame is bit 4)."""
    return bool(data[0] >> 4 & 1)


def _is_vp9_shown(data: memoryview) -> bool:
    """False for a lone hidden frame (VP9 bitstream specification 6.2, annex B)."""
    if data[-1] >> 5 == 0b110:  # a superframe ends with the frame that is shown
        return True
    bits = data[0] << 8 | (data[1] if len(data) > 1 else 0)
    profile = (bits >> 13 & 1) | (bits >> 12 & 1) << 1
    at = 5 if profile == 3 else 4  # bits before show_existing_frame
    shows_existing = bits >> (15 - at) & 1
    return bool(shows_existing or bits >> (13 - at) & 1)


def _trusted_order(
    open_movie: Any, packets: list[Packet], pixels: int
) -> list[int] | None:
    """Keys by pts after a look at both ends, or None where pts cannot be trusted."""
    if any(p.pts is None for p in packets):
        return None
    order = sorted(p.key for p in packets if p.is_shown)
    lost = _lost_at_head(open_movie, set(order))
    if lost is None:
        return None
    last = max((p for p in packets if p.is_keyframe), key=lambda p: p.key, default=None)
    if last is not None:
        tail = {key for key in order if key >= last.key}
        if len(tail) * pixels <= _TAIL_PIXELS:
            goal = last.key if last.dts is None else min(last.key, last.dts)
            seen = set(_decode_keys(open_movie, seek_to=goal))
            # Some containers land late; what they skipped is not lost.
            lost |= {key for key in tail - seen if seen and key > min(seen)}
    return [key for key in order if key not in lost]


def _lost_at_head(open_movie: Any, expected: set[int]) -> set[int] | None:
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


def _decode_keys(open_movie: Any, *, seek_to: int | None = None) -> Iterator[int]:
    container, stream = open_movie()
    with container:
        if seek_to is not None:
            container.seek(seek_to, stream=stream)
        for packet in demux(container, stream):
            for frame in decode_packet(packet):
                if frame.pts is not None:
                    yield frame.pts


def _scan(open_movie: Any, expected: set[int]) -> list[int]:
    """Keys in the order the pictures come out of the decoder, each once."""
    keys = dict.fromkeys(_decode_keys(open_movie))
    return [key for key in keys if key in expected]


def _build(packets: list[Packet], order: list[int], time_base: float) -> FrameIndex:
    frame_of_key = {key: i for i, key in enumerate(order)}
    # Out of order keys are dts in disguise (AVI): the k-th picture has the k-th time.
    ticks = np.array(sorted(order), dtype=np.float64)
    return FrameIndex(
        times_s=(ticks - ticks[0]) * time_base,
        frame_of_key=frame_of_key,
        order_of_key={p.key: n for n, p in enumerate(packets)},
        runs=_runs(packets, order, frame_of_key),
    )


def _runs(
    packets: list[Packet], order: list[int], frame_of_key: dict[int, int]
) -> tuple[Run, ...]:
    is_sorted = order == sorted(order)

    def first_frame(packet: Packet) -> int | None:
        # An edit list may hide the keyframe itself; what follows it is still good.
        if is_sorted and packet.key not in frame_of_key:
            return int(np.searchsorted(order, packet.key))
        return frame_of_key.get(packet.key)

    def run(n: int, packet: Packet, frame: int) -> Run:
        dts = packet.key if packet.dts is None else packet.dts
        return Run(frame=frame, order=n, pts=packet.key, dts=dts)

    found: dict[int, Run] = {0: run(0, packets[0], 0)}
    for n, packet in enumerate(packets):
        frame = first_frame(packet) if packet.is_keyframe else None
        if frame is not None and frame < len(order) and n > 0:
            found[frame] = run(n, packet, frame)
    return tuple(_increasing(sorted(found.values(), key=lambda r: r.frame)))


def _increasing(runs: Iterable[Run]) -> Iterator[Run]:
    last = -1
    for run in runs:
        if run.order > last:
            last = run.order
            yield run
