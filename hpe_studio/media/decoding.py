"""A movie decoder with a position: exact wherever it starts, told by packet keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hpe_studio.core.errors import StudioError
from hpe_studio.media.footage import Native
from hpe_studio.media.frameindex import FrameIndex, Run
from hpe_studio.media.packets import decode_packet, demux, packet_key

_MAX_RETREATS = 3
_SKIPPABLE = frozenset({"h264", "mpeg1video", "mpeg2video", "mpeg4"})
"""Decoders that know for certain which pictures no other one leans on."""
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,asf,flv,ogg,mxf,nut,gif,"
    "apng,dv,rm,ivf,wtv,live_flv"
)
"""Containers that hold their own pictures. Playlists and text, which would make the
reader open other files or addresses, are left out."""


def open_container(path: Path, *, threads: int = 0) -> tuple[Any, Any]:
    """A movie's container and its first picture stream.

    Args:
        path: The movie.
        threads: On how many threads it decodes; 0 for as many as there are cores.

    Raises:
        av.FFmpegError: If the file is not a movie.
        LookupError: If it has no picture stream that can be decoded.
    """
    import av
    from av.stream import Disposition

    container = av.open(
        # A name with a colon or percent sign is a file, not an address or pattern.
        f"file:{path}",
        options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"},
        metadata_errors="replace",
    )
    cover = Disposition.attached_pic
    streams = [
        s
        for s in container.streams.video
        if not s.disposition & cover and s.codec_context is not None
    ]
    if not streams:
        container.close()
        raise LookupError
    streams[0].thread_type = "AUTO"
    streams[0].codec_context.thread_count = threads
    return container, streams[0]


class MovieReader:
    """Frames of a movie from any place on, in order, each with its exact number.

    Not for several threads at once; each opens a reader of its own.

    Args:
        path: The movie.
        index: Its frames.
        threads: As in `open_container`.
    """

    def __init__(self, path: Path, index: FrameIndex, *, threads: int = 0) -> None:
        self._path = path
        self._index = index
        self._threads = threads
        self._container: Any = None
        self._stream: Any = None
        self._skips = False
        self._pictures: Iterator[tuple[int, Any]] = iter(())
        self._ahead: tuple[int, Any] | None = None
        self._last_good: Any = None
        self._keep_from = 0
        self.position = index.frame_count

    def approach(self, frame: int, *, keep_from: int = 0) -> None:
        """Move to `frame` or before it; goes on decoding when no keyframe is nearer.

        Args:
            frame: The frame that is wanted.
            keep_from: Frames before this one may be left out on the way, which saves
                decoding those that no other frame leans on.

        Raises:
            StudioError: If the file cannot be opened any more.
        """
        keep_from = min(keep_from, frame)
        number = self._index.run_number(frame)
        is_on_the_way = self._index.run(number).frame <= self.position <= frame
        if is_on_the_way and max(self.position, frame) >= self._keep_from:
            self._keep_from = max(self._keep_from, keep_from)
            return
        self._keep_from = keep_from
        for retreat in range(_MAX_RETREATS):
            run = self._index.run(max(0, number - retreat))
            self._start(run)
            # A keyframe that lied gives its first picture too late.
            if self._ahead is not None and self._ahead[0] <= frame:
                return
            if number - retreat <= 0:
                return

    def next_frame(self) -> Native | None:
        """The frame at `position`, which moves on by one; None after the last."""
        frame = self.position
        if frame < self._keep_from:
            next_good = self._keep_from if self._ahead is None else self._ahead[0]
            frame = max(frame, min(next_good, self._keep_from))
        if frame >= self._index.frame_count:
            return None
        self.position = frame + 1
        if self._ahead is not None and self._ahead[0] == frame:
            self._last_good = self._ahead[1]
            self._ahead = next(self._pictures, None)
            return _native(frame, self._last_good)
        return _native(frame, self._last_good, missing=True)

    def close(self) -> None:
        """Give the file back."""
        self._pictures = iter(())
        self._ahead = self._last_good = None
        self.position = self._index.frame_count
        self._close_container()

    def _start(self, run: Run) -> None:
        self._pictures = self._decode(run)
        self._last_good = None
        self._ahead = next(self._pictures, None)
        self.position = run.frame

    def _decode(self, run: Run) -> Iterator[tuple[int, Any]]:
        last = run.frame - 1
        for packet in self._packets_from(run):
            if self._skips:
                self._stream.codec_context.skip_frame = self._skip_mode(packet)
            for picture in decode_packet(packet):
                frame = self._index.frame_of(picture.pts)
                if frame is not None and frame > last:
                    last = frame
                    yield frame, picture

    def _skip_mode(self, packet: Any) -> str:
        """Whether the decoder may leave a picture out that no other one leans on."""
        frame = self._index.frame_of(packet_key(packet))
        return "NONREF" if frame is not None and frame < self._keep_from else "DEFAULT"

    def _packets_from(self, run: Run) -> Iterator[Any]:
        """Packets from the run's own on, whatever the container's seeking did."""
        self._open()
        goals = [min(run.pts, run.dts)]
        if run.order > 0:
            goals = [run.pts, *goals]
        if run.number > 0:
            goals.append(self._index.run(run.number - 1).pts)
        for goal in goals:
            packets = self._packets_at(goal, run)
            if packets is not None:
                yield from packets
                return
        self._close_container()
        self._open()
        yield from self._packets_at(None, run) or ()

    def _packets_at(self, goal: int | None, run: Run) -> Iterator[Any] | None:
        """Packets from the run's own on after a seek; None if that went past it."""
        from av.error import FFmpegError

        try:
            if goal is not None:
                self._container.seek(goal, stream=self._stream)
        except FFmpegError:
            return None
        packets = demux(self._container, self._stream)
        for packet in packets:
            order = self._index.order_of(packet_key(packet))
            if order == run.order:
                return _chain(packet, packets)
            if order > run.order or packet.size == 0:
                return None
        return None

    def _open(self) -> None:
        from av.error import FFmpegError

        if self._container is None:
            try:
                self._container, self._stream = open_container(
                    self._path, threads=self._threads
                )
                self._skips = self._stream.codec_context.name in _SKIPPABLE
            except (FFmpegError, OSError, LookupError) as error:
                raise StudioError(
                    "cannot be read any more",
                    path=self._path,
                    fix="check that the file is still there",
                ) from error

    def _close_container(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None


def _chain(first: Any, rest: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from rest


def _native(frame: int, picture: Any, *, missing: bool = False) -> Native:
    byte_count = 0 if picture is None else sum(p.buffer_size for p in picture.planes)
    return Native(
        frame=frame,
        planes=picture,
        byte_count=byte_count,
        missing=missing,
        message="This frame is damaged; the last good one is shown" if missing else "",
    )
