"""Size and kind of a picture file from its first bytes, before anything is decoded."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from hpe_studio.core.errors import StudioError

_JPEG_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ORIENTATION, _FOCAL_35MM, _EXIF_POINTER = 0x0112, 0xA405, 0x8769
_TIFF_WIDTH, _TIFF_HEIGHT, _TIFF_BITS, _TIFF_SAMPLES = 0x100, 0x101, 0x102, 0x115


@dataclass(frozen=True, kw_only=True, slots=True)
class ImageHeader:
    """What a picture file says of itself.

    Attributes:
        size_px: Width and height as shown, EXIF rotation of a JPEG applied.
        has_alpha: True where pixels may be transparent.
        bits: Bits per colour.
        focal_35mm: Focal length as 35 mm equivalent (EXIF), millimetres, or None.
    """

    size_px: tuple[int, int]
    has_alpha: bool = False
    bits: int = 8
    focal_35mm: float | None = None


def read_header(path: Path) -> ImageHeader:
    """The header of a PNG, JPEG, BMP, TIFF or WebP file, told by its content.

    Raises:
        StudioError: If the file is empty or none of these.
    """
    head = b""
    try:
        with path.open("rb") as file:
            head = file.read(32)
            file.seek(0)
            header = _parse(head, file)
    except PermissionError as error:
        raise StudioError(
            "may not be read", path=path, fix="ask its owner for read permission"
        ) from error
    except (struct.error, LookupError, ValueError, OSError):
        header = None
    if header is None or min(header.size_px) < 1:
        raise StudioError(
            "is no picture that can be read" if head else "is empty",
            path=path,
            fix="save it again or take it out of the folder",
        )
    return header


def _parse(head: bytes, file: BinaryIO) -> ImageHeader | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(head)
    if head.startswith(b"\xff\xd8\xff"):
        return _jpeg(file)
    if head.startswith(b"BM"):
        width, height = struct.unpack("<ii", head[18:26])
        (bits,) = struct.unpack("<H", head[28:30])
        return ImageHeader(size_px=(width, abs(height)), has_alpha=bits == 32)
    if head[:4] in (b"II*\0", b"MM\0*"):
        return _tiff(file)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _webp(head)
    return None


def _png(head: bytes) -> ImageHeader:
    """PNG specification, 11.2.2: IHDR."""
    width, height, bits, colour = struct.unpack(">IIBB", head[16:26])
    return ImageHeader(size_px=(width, height), has_alpha=colour in (4, 6), bits=bits)


def _jpeg(file: BinaryIO) -> ImageHeader | None:
    """ITU-T T.81, annex B, and EXIF 2.3 in APP1."""
    file.seek(2)
    tags: dict[int, int] = {}
    while True:
        marker, code = struct.unpack("BB", file.read(2))
        if marker != 0xFF:
            return None
        (length,) = struct.unpack(">H", file.read(2))
        body = file.read(length - 2)
        if code == 0xE1 and body.startswith(b"Exif\0\0"):
            tags = _exif(body[6:])
        if code in _JPEG_SIZES:
            bits, height, width = struct.unpack(">BHH", body[:5])
            is_turned = 5 <= tags.get(_ORIENTATION, 1) <= 8
            return ImageHeader(
                size_px=(height, width) if is_turned else (width, height),
                bits=bits,
                focal_35mm=float(tags.get(_FOCAL_35MM, 0)) or None,
            )


def _exif(data: bytes) -> dict[int, int]:
    try:
        tags = _tiff_tags(data, _first_ifd(data))
        if _EXIF_POINTER in tags:
            tags |= _tiff_tags(data, tags[_EXIF_POINTER])
    except (struct.error, ValueError):
        return {}
    return tags


def _tiff(file: BinaryIO) -> ImageHeader:
    """TIFF 6.0, section 2 (only the first picture of the file)."""
    head = file.read(8)
    offset = _first_ifd(head)
    file.seek(offset)
    order = _order(head)
    ifd = file.read(2 + 12 * 512)
    (count,) = struct.unpack(order + "H", ifd[:2])
    tags = _entries(ifd[2:], count, order)
    bits = 8 if tags.get(_TIFF_BITS, 8) <= 8 else 16
    if tags.get(_TIFF_SAMPLES, 1) > 2 and tags.get(_TIFF_BITS, 0) > 16:
        file.seek(tags[_TIFF_BITS])  # three or more values lie elsewhere
        (bits,) = struct.unpack(order + "H", file.read(2))
    return ImageHeader(
        size_px=(tags[_TIFF_WIDTH], tags[_TIFF_HEIGHT]),
        has_alpha=tags.get(_TIFF_SAMPLES, 1) in (2, 4),
        bits=bits,
    )


def _order(data: bytes) -> str:
    return "<" if data[:2] == b"II" else ">"


def _first_ifd(data: bytes) -> int:
    return struct.unpack(_order(data) + "I", data[4:8])[0]


def _tiff_tags(data: bytes, offset: int) -> dict[int, int]:
    order = _order(data)
    (count,) = struct.unpack(order + "H", data[offset : offset + 2])
    return _entries(data[offset + 2 :], count, order)


def _entries(data: bytes, count: int, order: str) -> dict[int, int]:
    tags: dict[int, int] = {}
    for i in range(min(count, 512)):
        entry = data[12 * i : 12 * i + 12]
        tag, kind, number = struct.unpack(order + "HHI", entry[:8])
        is_short = kind == 3 and number <= 2
        value = entry[8:10] if is_short else entry[8:12]
        (tags[tag],) = struct.unpack(order + ("H" if is_short else "I"), value)
    return tags


def _webp(head: bytes) -> ImageHeader | None:
    """WebP container specification: VP8, VP8L and VP8X chunks."""
    kind = head[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", head[26:30])
        return ImageHeader(size_px=(width & 0x3FFF, height & 0x3FFF))
    if kind == b"VP8L":
        (bits,) = struct.unpack("<I", head[21:25])
        size_px = ((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
        return ImageHeader(size_px=size_px, has_alpha=bool(bits >> 28 & 1))
    if kind == b"VP8X":
        width = int.from_bytes(head[24:27], "little") + 1
        height = int.from_bytes(head[27:30], "little") + 1
        return ImageHeader(size_px=(width, height), has_alpha=bool(head[20] & 0x10))
    return None
