"""Movies through PyAV: exact frames, rotation, pixel aspect, rates, colours."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.core.clip import Clip
from hpe_studio.core.errors import StudioError
from hpe_studio.core.jobs import Job, run_job
from hpe_studio.media.colour import colour_warnings, picture_rgb
from hpe_studio.media.decoding import MovieReader, open_container
from hpe_studio.media.footage import (
    MAX_PIXELS,
    Native,
    file_fingerprint,
    fitted_size,
    focal_from_35mm,
)
from hpe_studio.media.frameindex import FrameIndex
from hpe_studio.media.indexing import index_movie

if TYPE_CHECKING:
    from hpe_studio.media.indexstore import IndexStore

_COMMON_RATES = (
    *(Fraction(n) for n in (10, 12, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120, 240)),
    *(Fraction(n * 1000, 1001) for n in (24, 30, 48, 60, 120)),
)


class MovieFootage:
    """A movie file as exact frames; see `footage.Footage`.

    Args:
        path: The file.
        indices: Where indices of long movies are kept.
        index: Its frames, or those of its first part, where they are known.

    Raises:
        StudioError: If the file is no movie, or has no picture that decodes.
    """

    def __init__(
        self,
        path: Path,
        *,
        indices: IndexStore | None = None,
        index: FrameIndex | None = None,
    ) -> None:
        self._path = path
        self._index = index or run_job(read_index(path, indices))
        self.threads = 0
        self._lock = threading.Lock()
        self._reader = MovieReader(path, self._index)
        first = self._first_picture()
        self.clip = _describe(path, self._index, first)

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        return self.clip.frame_count

    @property
    def size_px(self) -> tuple[int, int]:
        """Stored width and height after rotation metadata."""
        return self.clip.size_px

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """(frame, picture) of [start, stop), decoded by a reader of its own."""
        reader = self.open_reader()
        try:
            reader.approach(start, keep_from=start)
            while (native := reader.next_frame()) and native.frame < stop:
                if native.frame >= start and not native.missing:
                    yield native.frame, self.to_rgb(native)
        finally:
            reader.close()

    def read_rgb(self, frame: int) -> ByteArray:
        """One picture, shape (height, width, 3); the last good one where missing."""
        if not 0 <= frame < self.frame_count:
            raise IndexError(f"frame {frame} of {self.frame_count}")
        with self._lock:
            self._reader.approach(frame, keep_from=frame)
            native = self._reader.next_frame()
            while native is not None and native.frame < frame:
                native = self._reader.next_frame()
        if native is None:
            raise IndexError(f"frame {frame} of {self.frame_count}")
        return self.to_rgb(native)

    def run_start(self, frame: int) -> int:
        """The keyframe from which a decoder has to start to give `frame`."""
        return self._index.run(self._index.run_number(frame)).frame

    def open_reader(self) -> MovieReader:
        """A decoder of its own for the frames of this movie."""
        return MovieReader(self._path, self._index, threads=self.threads)

    def to_rgb(
        self, native: Native, max_size_px: tuple[int, int] | None = None
    ) -> ByteArray:
        """Picture of a decoded frame, shape (height, width, 3), rotation applied."""
        size_px = fitted_size(self.size_px, max_size_px)
        if native.planes is None:
            return np.zeros((size_px[1], size_px[0], 3), np.uint8)
        return picture_rgb(
            native.planes, size_px=size_px, rotation_deg=self.clip.rotation_deg
        )

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._reader.close()

    def _first_picture(self) -> Any:
        self._reader.approach(0)
        native = self._reader.next_frame()
        while native is not None and native.planes is None:
            native = self._reader.next_frame()
        return None if native is None else native.planes


def read_index(path: Path, indices: IndexStore | None = None) -> Job[FrameIndex]:
    """The exact frames of a movie; at once where they are known.

    `Progress.partial` tells the index of the first part now and then.

    Args:
        path: The movie.
        indices: Where indices of long movies are kept.

    Raises:
        StudioError: If the file is no movie, or has no picture that decodes.
    """
    from av.error import FFmpegError

    try:
        fingerprint = file_fingerprint(path)
        index = None if indices is None else indices.load(path, fingerprint)
        if index is None:
            container, stream = open_container(path)
            with container:
                _check_size(path, stream)
            index = yield from index_movie(lambda: open_container(path))
            if index is not None and indices is not None:
                indices.save(path, fingerprint, index)
    except LookupError as error:
        raise StudioError(
            "has no pictures, only sound or data",
            path=path,
            fix="open the file that holds the video",
        ) from error
    except PermissionError:
        raise
    except (FFmpegError, OSError) as error:
        raise _not_a_movie(path) from error
    if index is None:
        raise StudioError(
            "has no picture that can be decoded",
            path=path,
            fix="copy or record it again",
        )
    return index


def _check_size(path: Path, stream: Any) -> None:
    if stream.width * stream.height > MAX_PIXELS:
        raise StudioError(
            f"claims pictures of {stream.width} x {stream.height} pixels",
            path=path,
            fix="scale it down with another program first",
        )


def _not_a_movie(path: Path) -> StudioError:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"mdat", b"moov", b"wide", b"free"):
        return StudioError(
            "is cut off or damaged: its table of frames cannot be read",
            path=path,
            fix="copy or record it again",
        )
    return StudioError(
        "is not a movie that can be read",
        path=path,
        fix="open an MP4, MOV, MKV, WebM or AVI file, or a folder of images",
    )


def _describe(path: Path, index: FrameIndex, picture: Any) -> Clip:
    container, stream = open_container(path)
    with container:
        aspect = stream.sample_aspect_ratio or Fraction(1)
        rotation_deg = (
            0 if picture is None else round(-picture.rotation / 90) * 90 % 360
        )
        size_px = (stream.width, stream.height)
        metadata = {**container.metadata, **stream.metadata}
        fps = _nominal_rate(index.times_s, stream.guessed_rate, stream.average_rate)
    if picture is not None:
        size_px = (picture.width, picture.height)
    if rotation_deg % 180:
        size_px, aspect = size_px[::-1], 1 / aspect
    warnings = () if picture is None else colour_warnings(picture)
    return Clip(
        path=path,
        kind="movie",
        size_px=size_px,
        fps=fps,
        times_s=index.times_s,
        pixel_aspect=float(aspect),
        rotation_deg=rotation_deg,
        focal_px=focal_from_35mm(_focal_35mm(metadata), size_px, float(aspect)),
        warnings=warnings,
        fingerprint=file_fingerprint(path),
    )


def _nominal_rate(times_s: FloatArray, *told: Fraction | None) -> Fraction:
    """The rate that fits the times: a common one, what the file tells, or measured."""
    candidates = [rate for rate in told if rate]
    if len(times_s) < 2 or times_s[-1] <= 0:
        return candidates[0] if candidates else Fraction(25)
    steps_s = np.diff(times_s)
    is_steady = np.ptp(steps_s) < 0.002
    measured = (len(times_s) - 1) / float(times_s[-1])
    # Times rounded to milliseconds blur the rate of a short clip.
    slack = min(0.01, max(1e-4, 0.002 / float(times_s[-1])))
    if is_steady:
        for rate in (*candidates, *_COMMON_RATES):
            if rate in _COMMON_RATES and abs(float(rate) / measured - 1) < slack:
                return rate
    for rate in candidates:
        if abs(float(rate) / measured - 1) < slack:
            return rate
    return Fraction(measured).limit_denominator(1001)


def _focal_35mm(metadata: dict[str, str]) -> float | None:
    """Focal length told as 35 mm equivalent, millimetres."""
    for key, value in metadata.items():
        if "focal_length" in key.lower() and "35mm" in key.lower():
            try:
                return float(value)
            except ValueError:
                return None
    return None
