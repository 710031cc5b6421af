"""What demuxing tells of a movie's packets, and the keys that tie them to pictures.

Frames are never counted by rate. Every packet has a key (its pts, or its dts where the
container gives no pts) that the decoder hands through to the frame, so that a decoded
picture always knows which frame it is, wherever decoding began.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from hpe_studio.core.arrays import BoolArray, IntArray


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class PacketTable:
    """Packets in decoding order, times in units of the stream's time base.

    Attributes:
        keys: Shape (packets,), int64.
        dts: Decoding times, the key where the container gives none; int64.
        is_keyframe: Decoding can begin here.
        is_shown: A picture comes of it.
        has_pts: True where every packet has a presentation time.
    """

    keys: IntArray
    dts: IntArray
    is_keyframe: BoolArray
    is_shown: BoolArray
    has_pts: bool

    def __len__(self) -> int:
        return len(self.keys)

    def complete_part(self) -> PacketTable | None:
        """The first packets whose pictures all come before those of the others.

        Up to the last keyframe but one, as pictures may lean on or lie before the
        next keyframe; None where there is no such part yet.
        """
        places = np.flatnonzero(self.is_keyframe)
        if len(places) < 3:
            return None
        count = int(places[-2])
        is_before = self.keys[:count] < self.keys[count]
        return PacketTable(
            keys=self.keys[:count],
            dts=self.dts[:count],
            is_keyframe=self.is_keyframe[:count],
            is_shown=self.is_shown[:count] & is_before,
            has_pts=self.has_pts,
        )


class PacketLog:
    """Takes down packets as they are demuxed; 18 bytes each.

    Args:
        codec: Name of the stream's codec; some hide pictures in their packets.
    """

    def __init__(self, codec: str) -> None:
        self._keys = array("q")
        self._dts = array("q")
        self._is_keyframe = bytearray()
        self._is_shown = bytearray()
        self._has_pts = True
        self._shows: Callable[[memoryview], bool] | None = _SHOWS.get(codec)

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def last_key(self) -> int:
        """Key of the packet taken down last."""
        return self._keys[-1]

    def add(self, packet: Any) -> None:
        """Take down a packet, unless it is empty or carries no time."""
        pts, dts = packet.pts, packet.dts
        key = dts if pts is None else pts
        if key is None or packet.size == 0:
            return
        self._has_pts = self._has_pts and pts is not None
        self._keys.append(key)
        self._dts.append(key if dts is None else dts)
        self._is_keyframe.append(packet.is_keyframe)
        is_shown = not packet.is_discard
        if is_shown and self._shows is not None:
            is_shown = self._shows(memoryview(packet))
        self._is_shown.append(is_shown)

    def table(self) -> PacketTable:
        """Everything taken down so far."""
        return PacketTable(
            keys=np.array(self._keys, dtype=np.int64),
            dts=np.array(self._dts, dtype=np.int64),
            is_keyframe=np.array(self._is_keyframe, dtype=bool),
            is_shown=np.array(self._is_shown, dtype=bool),
            has_pts=self._has_pts,
        )


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


_SHOWS: dict[str, Callable[[memoryview], bool]] = {
    "vp8": _is_vp8_shown,
    "libvpx": _is_vp8_shown,
    "vp9": _is_vp9_shown,
    "libvpx-vp9": _is_vp9_shown,
}
