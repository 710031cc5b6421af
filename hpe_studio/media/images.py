"""A folder of numbered images as footage: natural order, gaps kept, sizes checked."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from hpe_studio.core.arrays import AnyArray, ByteArray
from hpe_studio.core.clip import Clip, Fingerprint
from hpe_studio.core.errors import StudioError
from hpe_studio.media.footage import (
    IMAGE_SUFFIXES,
    MAX_PIXELS,
    Native,
    fitted_size,
    focal_from_35mm,
)
from hpe_studio.media.imageheader import ImageHeader, read_header

DEFAULT_FPS = Fraction(25)
_MAX_GAP = 1000
"""Numbers further apart than this are names, not a lost stretch of frames."""


class ImageFootage:
    """A folder of images as exact frames; see `footage.Footage`.

    Order is natural (9 before 10) and files that are no images are ignored. The last
    number in each name is its frame where these numbers rise one name after the other;
    numbers that lack become missing frames. EXIF rotation of JPEG files is applied,
    as every viewer does; other formats are taken as stored.

    Raises:
        StudioError: If the folder has no images, one of them cannot be read, or they
            differ in size; it names the file.
    """

    def __init__(self, path: Path, *, fps: Fraction | None = None) -> None:
        files = image_files(path)
        if not files:
            raise StudioError(
                "has no images",
                path=path,
                fix="choose a folder with PNG or JPG files, or a movie file",
            )
        if fps is not None and fps <= 0:
            raise ValueError("fps must be positive")
        headers = [_checked_header(file) for file in files]
        _refuse_mixed_sizes(files, headers)
        self._file_of_frame = _numbered(files)
        self.clip = _describe(path, self._file_of_frame, headers, fps)

    @property
    def frame_count(self) -> int:
        """Number of frames, missing ones included."""
        return self.clip.frame_count

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height."""
        return self.clip.size_px

    def iterate_rgb(self, start: int, stop: int) -> Iterator[tuple[int, ByteArray]]:
        """(frame, picture) of the frames [start, stop) that exist and can be read."""
        for frame in range(max(0, start), min(stop, self.frame_count)):
            file = self._file_of_frame.get(frame)
            rgb = None if file is None else self._read(file)
            if rgb is not None:
                yield frame, rgb

    def read_rgb(self, frame: int) -> ByteArray:
        """One picture, shape (height, width, 3); the last good one where missing."""
        if not 0 <= frame < self.frame_count:
            raise IndexError(f"frame {frame} of {self.frame_count}")
        return self.to_rgb(self.read_native(frame))

    def run_start(self, frame: int) -> int:
        """The frame itself: images do not depend on each other."""
        return frame

    def open_reader(self) -> _ImageReader:
        """A position of its own over the images."""
        return _ImageReader(self)

    def to_rgb(
        self, native: Native, max_size_px: tuple[int, int] | None = None
    ) -> ByteArray:
        """Picture of a frame, shape (height, width, 3)."""
        size_px = fitted_size(self.size_px, max_size_px)
        if native.planes is None:
            return np.zeros((size_px[1], size_px[0], 3), np.uint8)
        if size_px == self.size_px:
            return native.planes
        import cv2

        shrunk = cv2.resize(native.planes, size_px, interpolation=cv2.INTER_AREA)
        return np.asarray(shrunk, dtype=np.uint8)

    def close(self) -> None:
        """Nothing stays open between frames."""

    def read_native(self, frame: int) -> Native:
        """One frame as decoded, the last good one where it is missing."""
        rgb, shown = None, frame + 1
        while rgb is None and shown > 0:
            shown -= 1
            file = self._file_of_frame.get(shown)
            rgb = None if file is None else self._read(file)
        is_missing = rgb is None or shown != frame
        return Native(
            frame=frame,
            planes=rgb,
            byte_count=0 if rgb is None else rgb.nbytes,
            missing=is_missing,
            message=self._reason(frame) if is_missing else "",
        )

    def _read(self, file: Path) -> ByteArray | None:
        """An image, or None if it is damaged or lacks; never a whole folder that does.

        Raises:
            StudioError: If the folder is gone.
        """
        rgb = read_image(file, self.size_px)
        if rgb is None and not file.exists() and not file.parent.is_dir():
            raise StudioError(
                "is not there any more",
                path=file.parent,
                fix="put it back or choose where it is now",
            )
        return rgb

    def _reason(self, frame: int) -> str:
        file = self._file_of_frame.get(frame)
        what = "has no image" if file is None else f"cannot be read from {file.name}"
        return f"This frame {what}; the last good one is shown"


class _ImageReader:
    """A `footage.FrameReader` over a folder."""

    def __init__(self, footage: ImageFootage) -> None:
        self._footage = footage
        self.position = 0

    def approach(self, frame: int, *, keep_from: int = 0) -> None:
        """Move to `keep_from` where that is on the way, else to the frame."""
        is_on_the_way = keep_from <= self.position <= frame
        self.position = self.position if is_on_the_way else frame

    def next_frame(self) -> Native | None:
        """The frame at `position`, which moves on by one; None after the last."""
        if self.position >= self._footage.frame_count:
            return None
        self.position += 1
        return self._footage.read_native(self.position - 1)

    def close(self) -> None:
        """Nothing to give back."""


def image_files(folder: Path) -> list[Path]:
    """The images of a folder in natural order; hidden and other files ignored."""
    files = [
        file
        for file in folder.iterdir()
        if file.suffix.lower() in IMAGE_SUFFIXES
        and not file.name.startswith(".")
        and file.is_file()
    ]
    return sorted(files, key=lambda file: natural_key(file.name))


def natural_key(name: str) -> tuple[Any, ...]:
    """Sorts names as people do: img9 before img10, whatever the case."""
    parts = re.split(r"([0-9]+)", name.lower())
    return (*((int(p) if p.isdigit() else p) for p in parts), name)


def read_image(file: Path, size_px: tuple[int, int]) -> ByteArray | None:
    """8-bit RGB of an image, shape (height, width, 3), or None if it is damaged.

    16 bit becomes 8 bit (value / 257), grey becomes RGB, transparent becomes black.
    """
    import cv2

    is_jpeg = file.suffix.lower() in (".jpg", ".jpeg")
    try:
        # Not imread: it fails on names that are not ASCII on Windows.
        data = np.fromfile(file, dtype=np.uint8)
        flags = cv2.IMREAD_COLOR if is_jpeg else cv2.IMREAD_UNCHANGED
        image = cv2.imdecode(data, flags)
    except (cv2.error, OSError):
        return None
    if image is None:
        return None
    rgb = _as_rgb(np.asarray(image))
    if rgb is None or rgb.shape[1::-1] != size_px:
        return None
    return rgb


def _as_rgb(image: AnyArray) -> ByteArray | None:
    """RGB, uint8, of what OpenCV decoded: grey, BGR or BGRA, any depth."""
    if image.dtype == np.uint16:
        image = ((image.astype(np.uint32) + 128) // 257).astype(np.uint8)
    elif image.dtype != np.uint8:
        return None
    if image.ndim == 2:
        image = image[..., None]
    if image.shape[2] == 1:
        return np.repeat(image, 3, axis=2)
    rgb = np.ascontiguousarray(image[..., 2::-1])
    if image.shape[2] == 4:
        alpha = image[..., 3:].astype(np.uint16)
        rgb = ((rgb * alpha + 127) // 255).astype(np.uint8)
    return rgb


def _checked_header(file: Path) -> ImageHeader:
    header = read_header(file)
    if math.prod(header.size_px) > MAX_PIXELS:
        width, height = header.size_px
        raise StudioError(
            f"claims a picture of {width} x {height} pixels",
            path=file,
            fix="scale it down with another program first",
        )
    return header


def _refuse_mixed_sizes(files: list[Path], headers: list[ImageHeader]) -> None:
    sizes = [header.size_px for header in headers]
    usual = max(set(sizes), key=sizes.count)
    for file, size in zip(files, sizes, strict=True):
        if size != usual:
            raise StudioError(
                f"is {size[0]} x {size[1]} pixels while most images of its folder are "
                f"{usual[0]} x {usual[1]}",
                path=file,
                fix="move it to another folder or scale it",
            )


def _numbered(files: list[Path]) -> dict[int, Path]:
    """Frame by file: by the last number in the names if these rise, else in order."""
    found = [re.findall(r"[0-9]+", file.stem) for file in files]
    if all(found):
        numbers = [int(digits[-1]) for digits in found]
        steps = [b - a for a, b in itertools.pairwise(numbers)]
        if all(0 < step <= _MAX_GAP for step in steps):
            return {n - numbers[0]: f for n, f in zip(numbers, files, strict=True)}
    return dict(enumerate(files))


def _describe(
    path: Path,
    file_of_frame: dict[int, Path],
    headers: list[ImageHeader],
    fps: Fraction | None,
) -> Clip:
    frame_count = max(file_of_frame) + 1
    missing = tuple(f for f in range(frame_count) if f not in file_of_frame)
    warnings: list[str] = []
    if fps is None:
        warnings.append(
            f"The frame rate of the images is not known; {DEFAULT_FPS} fps is assumed"
        )
    if any(header.has_alpha for header in headers):
        warnings.append("Transparent pixels are shown on black")
    if any(header.bits > 8 for header in headers):
        warnings.append("16 bit images are shown as 8 bit")
    if missing:
        warnings.append(f"{len(missing)} of {frame_count} numbered images are missing")
    rate = fps or DEFAULT_FPS
    size_px = headers[0].size_px
    return Clip(
        path=path,
        kind="images",
        size_px=size_px,
        fps=rate,
        times_s=np.arange(frame_count) * float(1 / rate),
        missing_frames=missing,
        focal_px=focal_from_35mm(headers[0].focal_35mm, size_px),
        warnings=tuple(warnings),
        fingerprint=_fingerprint(list(file_of_frame.values())),
    )


def _fingerprint(files: list[Path]) -> Fingerprint:
    sizes = [file.stat().st_size for file in files]
    text = "".join(f"{f.name}\0{s}\0" for f, s in zip(files, sizes, strict=True))
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape"))
    return Fingerprint(size_bytes=sum(sizes), sha256=digest.hexdigest())
