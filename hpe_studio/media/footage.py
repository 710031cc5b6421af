"""What footage is to the rest of the program, and the one way to open it."""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.clip import Clip, Fingerprint
from hpe_studio.core.errors import StudioError

if TYPE_CHECKING:
    from hpe_studio.media.indexstore import IndexStore

_HASHED_BYTES = 8 << 20
MAX_PIXELS = 1 << 27
"""Pictures beyond this (16384 x 8192) are refused before memory is taken."""

IMAGE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"})


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Native:
    """One decoded frame as its decoder left it, cheap to keep.

    Attributes:
        frame: Index in the clip.
        planes: `av.VideoFrame` of a movie, RGB array of an image, or None where
            nothing at all could be decoded (shown black).
        byte_count: Memory it holds.
        missing: True where the frame is lacking or damaged and `planes` are those of
            the last good frame.
        message: Why it is missing, or "".
    """

    frame: int
    planes: Any
    byte_count: int
    missing: bool = False
    message: str = ""


class FrameReader(Protocol):
    """A decoder with a position; each thread needs its own."""

    @property
    def position(self) -> int:
        """The frame that `next_frame` gives."""
        ...

    def approach(self, frame: int, *, keep_from: int = 0) -> None:
        """Move to `frame` or to a frame before it from which decoding leads there.

        Goes on from where it is when that is the shorter way. Frames before
        `keep_from` may be left out on the way.
        """
        ...

    def next_frame(self) -> Native | None:
        """The frame at `position` or the next that is not left out; None at the end.

        `position` moves on behind it.
        """
        ...

    def close(self) -> None:
        """Give the file back."""
        ...


class Footage(Protocol):
    """An opened clip: frames by number, exact (also a `core` `FrameSource`)."""

    clip: Clip

    @property
    def frame_count(self) -> int:
        """Number of frames."""
        ...

    @property
    def size_px(self) -> tuple[int, int]:
        """Stored width and height after rotation metadata."""
        ...

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """(frame, picture) of the frames [start, stop) that can be decoded, in order.

        Pictures have shape (height, width, 3). Every call decodes by itself, so
        several threads can iterate at once.
        """
        ...

    def read_rgb(self, frame: int) -> ByteArray:
        """One picture, shape (height, width, 3); the last good one where missing.

        Raises:
            IndexError: If the clip has no such frame.
        """
        ...

    def run_start(self, frame: int) -> int:
        """The frame from which a decoder has to start to give `frame` (keyframe)."""
        ...

    def open_reader(self) -> FrameReader:
        """A decoder of its own for the frames of this footage."""
        ...

    def to_rgb(
        self, native: Native, max_size_px: tuple[int, int] | None = None
    ) -> ByteArray:
        """Picture of a decoded frame, shape (height, width, 3), rotation applied.

        Args:
            native: From this footage's reader.
            max_size_px: Width and height the picture is shrunk into; never enlarged.
        """
        ...

    def close(self) -> None:
        """Give files and decoders back; the footage cannot be read afterwards."""
        ...


def open_footage(
    path: str | os.PathLike[str],
    *,
    fps: Fraction | None = None,
    indices: IndexStore | None = None,
) -> Footage:
    """Open a movie file or a folder of numbered images.

    Args:
        path: File or folder.
        fps: Frame rate of a folder (25 is assumed, with a warning, when None); movies
            bring their own times and ignore it.
        indices: Where indices of long movies are kept, so that one that is known
            opens at once.

    Raises:
        StudioError: If there is nothing readable at `path`.
    """
    path = Path(path)
    try:
        if path.is_dir():
            from hpe_studio.media.images import ImageFootage

            return ImageFootage(path, fps=fps)
        check_file(path)
    except PermissionError as error:
        raise StudioError(
            "may not be read", path=path, fix="ask its owner for read permission"
        ) from error
    from hpe_studio.media.movie import MovieFootage

    return MovieFootage(path, indices=indices)


def check_file(path: Path) -> None:
    """Refuse what cannot be a movie file.

    Raises:
        StudioError: Saying what it is instead.
    """
    if not path.exists():
        raise StudioError("does not exist", path=path, fix="check the name or folder")
    if not path.is_file():
        raise StudioError(
            "is neither a file nor a folder", path=path, fix="open a movie file"
        )
    if path.suffix.lower() in IMAGE_SUFFIXES:
        raise StudioError(
            "is a single picture", path=path, fix="open the folder it lies in"
        )
    with path.open("rb") as file:
        if not file.read(1):
            raise StudioError("is empty", path=path, fix="copy or record it again")


def file_fingerprint(path: Path) -> Fingerprint:
    """Size and SHA-256 over the first and the last 8 MiB of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        digest.update(file.read(_HASHED_BYTES))
        file.seek(max(_HASHED_BYTES, size - _HASHED_BYTES))
        digest.update(file.read(_HASHED_BYTES))
    return Fingerprint(size_bytes=size, sha256=digest.hexdigest())


def fitted_size(
    size_px: tuple[int, int], max_size_px: tuple[int, int] | None
) -> tuple[int, int]:
    """`size_px` shrunk in proportion to fit into `max_size_px`, at least 1 x 1."""
    if max_size_px is None:
        return size_px
    width, height = size_px
    scale = min(1.0, max_size_px[0] / width, max_size_px[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def focal_from_35mm(
    equivalent_mm: float | None, size_px: tuple[int, int], pixel_aspect: float = 1.0
) -> float | None:
    """Focal length in square pixels of stored height, or None if it makes no sense.

    Source: CIPA DCG-001 (equivalence by the diagonal of 36 x 24 mm).
    """
    if equivalent_mm is None or not 1.0 < equivalent_mm < 3000.0:
        return None
    diagonal_px = math.hypot(size_px[0] * pixel_aspect, size_px[1])
    return equivalent_mm / math.hypot(36.0, 24.0) * diagonal_px
