"""Awkward movies made on the spot, each frame carrying its own number in pixels.

Sixteen blocks in the middle of the picture are the bits of the frame number, so that a
test knows for every picture which frame it really is. A red patch stands in the upper
left corner and a green one in the upper right, so that rotation shows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
_BITS = 16


def coded_picture(number: int, width: int = 320, height: int = 240) -> Picture:
    """A picture, shape (height, width, 3), that says its number in black and white."""
    rgb = np.full((height, width, 3), 100, np.uint8)
    rgb[:, :, 2] = (np.arange(width) + 3 * number)[None, :] % 256 // 4 + 60
    rgb[: height // 4, : width // 4] = (220, 20, 20)
    rgb[: height // 4, -(width // 4) :] = (20, 200, 20)
    edges = np.linspace(0, width, _BITS + 1).astype(int)
    for bit in range(_BITS):
        rgb[height // 3 : 2 * height // 3, edges[bit] : edges[bit + 1]] = 255 * (
            number >> bit & 1
        )
    return rgb


def read_code(rgb: Picture) -> int:
    """The number a coded picture says."""
    height, width = rgb.shape[:2]
    edges = np.linspace(0, width, _BITS + 1)
    middle = rgb[int(height * 0.42) : int(height * 0.58)].mean(axis=(0, 2))
    number = 0
    for bit in range(_BITS):
        centre = (edges[bit] + edges[bit + 1]) / 2
        margin = max(1, int((edges[1] - edges[0]) / 4))
        block = middle[int(centre) - margin : int(centre) + margin + 1]
        number |= int(block.mean() > 128) << bit
    return number


def write_movie(
    path: Path,
    codec: str,
    *,
    frames: int = 60,
    size: tuple[int, int] = (320, 240),
    fps: Fraction = Fraction(25),
    pix_fmt: str = "yuv420p",
    options: dict[str, str] | None = None,
    gop: int | None = None,
    b_frames: int | None = None,
    ticks: Sequence[int] | None = None,
    time_base: Fraction | None = None,
    rotation_deg: int = 0,
    pixel_aspect: Fraction | None = None,
    tags: dict[str, int] | None = None,
    container: str | None = None,
    container_options: dict[str, str] | None = None,
    picture: Callable[[int], Picture] | None = None,
    on_stream: Callable[[Any], None] | None = None,
    keep_packet: Callable[[int, Any], bool] | None = None,
) -> Path:
    """Write frames 0, 1, 2, ... with burnt-in numbers.

    Args:
        ticks: Presentation time of each frame in `time_base`; evenly at `fps` if None.
        keep_packet: Told each packet's place and the packet; False leaves it out.
        on_stream: May change the stream before the first frame.
    """
    base = time_base or 1 / fps
    with av.open(
        str(path), "w", format=container, options=container_options or {}
    ) as out:
        stream = out.add_stream(codec, rate=fps, options=options or {})
        stream.width, stream.height, stream.pix_fmt = *size, pix_fmt
        settings = {
            "time_base": base,
            "gop_size": gop,
            "max_b_frames": b_frames,
            "sample_aspect_ratio": pixel_aspect,
            **(tags or {}),
        }
        for name, value in settings.items():
            if value is not None:
                setattr(stream.codec_context, name, value)
        if rotation_deg:
            stream.set_display_rotation(rotation_deg)
        if on_stream is not None:
            on_stream(stream)
        sent = 0

        def send(packets: list[Any]) -> None:
            nonlocal sent
            for packet in packets:
                if keep_packet is None or keep_packet(sent, packet):
                    out.mux(packet)
                sent += 1

        for i in range(frames):
            rgb = coded_picture(i, *size) if picture is None else picture(i)
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame = frame.reformat(format=pix_fmt, dst_colorspace="itu601")
            for name, value in (tags or {}).items():
                setattr(frame, name, value)
            frame.pts, frame.time_base = (i if ticks is None else ticks[i]), base
            send(stream.encode(frame))
        send(stream.encode(None))
    return path
