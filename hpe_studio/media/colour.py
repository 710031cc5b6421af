"""From a decoder's planes to 8-bit RGB, by the matrix and range the file names."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from hpe_studio.core.arrays import ByteArray

# Numbers of ITU-T H.273 (colour primaries, transfer, matrix), as libavutil has them.
_BT709, _BT470BG, _SMPTE170M, _BT2020_NCL = 1, 5, 6, 9
_UNKNOWN_MATRICES = (2, 3)  # unspecified, reserved
_RGB_MATRIX = 0
_PQ, _HLG = 16, 18
_FULL_RANGE = 2

_SWS_MATRIX = {_BT709: 1, 4: 4, _BT470BG: 5, _SMPTE170M: 5, 7: 7, _BT2020_NCL: 9, 10: 9}
"""swscale's number by H.273 matrix; 8 (YCgCo) and the like are drawn as BT.709."""

_local = threading.local()


def picture_rgb(
    picture: Any, *, size_px: tuple[int, int], rotation_deg: int = 0
) -> ByteArray:
    """8-bit RGB of an `av.VideoFrame`.

    Untagged pictures of 720 lines and more count as BT.709, smaller ones as BT.601,
    as players do. HDR curves (PQ, HLG) are kept as they are, not tone mapped.

    Args:
        picture: The decoded frame.
        size_px: Width and height wanted, after rotation.
        rotation_deg: Turn clockwise that brings the picture upright: 0, 90, 180, 270.

    Returns:
        Shape (height, width, 3), C-contiguous.
    """
    width, height = size_px if rotation_deg % 180 == 0 else size_px[::-1]
    options: dict[str, Any] = {}
    if not picture.format.is_rgb:
        options = {
            "src_colorspace": _matrix(picture),
            "dst_colorspace": 1,
            "src_color_range": _range(picture),
            "dst_color_range": _FULL_RANGE,
        }
    rgb = (
        _reformatter()
        .reformat(picture, width=width, height=height, format="rgb24", **options)
        .to_ndarray()
    )
    # The converter pads rows to a multiple of 16 bytes; a window's image may not.
    return np.ascontiguousarray(turned(rgb, rotation_deg))


def turned(rgb: ByteArray, rotation_deg: int) -> ByteArray:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    if rotation_deg == 0:
        return rgb
    import cv2

    codes = {
        90: cv2.ROTATE_90_CLOCKWISE,
        180: cv2.ROTATE_180,
        270: cv2.ROTATE_90_COUNTERCLOCKWISE,
    }
    return np.asarray(cv2.rotate(rgb, codes[rotation_deg]), dtype=np.uint8)


def colour_warnings(picture: Any) -> tuple[str, ...]:
    """What a person should know about how the colours of a movie are shown."""
    if int(picture.color_trc) in (_PQ, _HLG):
        return ("HDR is shown as 8 bit without tone mapping",)
    bits = max((c.bits for c in picture.format.components), default=8)
    return (f"{bits} bit colour is shown as 8 bit",) if bits > 8 else ()


def _matrix(picture: Any) -> int:
    tag = int(picture.colorspace)
    if tag in _UNKNOWN_MATRICES or tag == _RGB_MATRIX:
        tag = _BT709 if picture.height >= 720 else _SMPTE170M
    return _SWS_MATRIX.get(tag, _SWS_MATRIX[_BT709])


def _range(picture: Any) -> int:
    if picture.format.name.startswith("yuvj"):
        return _FULL_RANGE
    return int(picture.color_range) or 1  # untagged is studio range


def _reformatter() -> Any:
    """One converter per thread: it keeps its tables but is not thread safe."""
    from av.video.reformatter import VideoReformatter

    if not hasattr(_local, "reformatter"):
        _local.reformatter = VideoReformatter()
    return _local.reformatter
