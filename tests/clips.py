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
    change_packet: Callable[[int, Any], Any] | None = None,
) -> Path:
    """Write frames 0, 1, 2, ... with burnt-in numbers.

    Args:
        ticks: Presentation time of each frame in `time_base`; evenly at `fps` if None.
        change_packet: Given each packet's place and the packet, gives the one to
            write instead or None to leave it out.
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
                changed = (
                    packet if change_packet is None else change_packet(sent, packet)
                )
                if changed is not None:
                    out.mux(changed)
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


def bframes_gop250(folder: Path) -> Path:
    """H.264, three B-frames, 250 frames from keyframe to keyframe."""
    options = {"x264-params": "keyint=250:scenecut=0:bframes=3", "preset": "veryfast"}
    return write_movie(folder / "gop250.mp4", "libx264", frames=300, options=options)


def variable_rate(folder: Path) -> Path:
    """Frames that last 20, 100, 40 or 60 ms in turn."""
    steps = np.tile([20, 100, 40, 60], 15)
    ticks = np.concatenate([[0], np.cumsum(steps)[:-1]]).tolist()
    return write_movie(
        folder / "vfr.mp4", "libx264", ticks=ticks, time_base=Fraction(1, 1000)
    )


def vp9_in_mp4(folder: Path) -> Path:
    """VP9 with hidden alternate reference frames inside MP4."""
    options = {"auto-alt-ref": "1", "lag-in-frames": "16", "b": "500k", "g": "30"}
    return write_movie(folder / "vp9.mp4", "libvpx-vp9", options=options)


def hidden_frame(folder: Path, codec: str) -> Path:
    """VP8 or VP9 whose frame 45 is decoded but, by its header, not shown."""
    show_bit = {"libvpx": 0x10, "libvpx-vp9": 0x02}[codec]

    def hide(n: int, packet: Any) -> Any:
        if n != 45:
            return packet
        data = bytearray(packet)
        assert data[0] & show_bit
        data[0] &= ~show_bit
        hidden = av.Packet(bytes(data))
        hidden.pts, hidden.dts, hidden.time_base = (
            packet.pts,
            packet.dts,
            packet.time_base,
        )
        hidden.stream = packet.stream
        return hidden

    options = {"lag-in-frames": "0", "b": "500k", "g": "50"}
    path = folder / f"hidden_{codec}.webm"
    return write_movie(path, codec, options=options, change_packet=hide)


def mpeg4_mp4(folder: Path) -> Path:
    """MPEG-4 part 2 with B-frames in MP4."""
    return write_movie(folder / "mpeg4.mp4", "mpeg4", gop=20, b_frames=2)


def mpeg4_avi(folder: Path) -> Path:
    """MPEG-4 part 2 with B-frames in AVI, which stores no presentation times."""
    return write_movie(folder / "mpeg4.avi", "mpeg4", gop=20, b_frames=2)


def msmpeg4_avi(folder: Path) -> Path:
    """Microsoft's MPEG-4 in AVI."""
    return write_movie(folder / "msmpeg4.avi", "msmpeg4", gop=20)


def h264_avi(folder: Path) -> Path:
    """H.264 with B-frames in AVI: packet times are decoding times in disguise."""
    return write_movie(folder / "h264.avi", "libx264", gop=20)


def open_gop(folder: Path) -> Path:
    """HEVC with open GOPs: pictures before a keyframe lean on the GOP before."""
    params = "open-gop=1:keyint=20:min-keyint=20:bframes=3:log-level=none"
    return write_movie(
        folder / "open_gop.mp4", "libx265", options={"x265-params": params}
    )


def open_gop_h264(folder: Path) -> Path:
    """H.264 with open GOPs."""
    params = "open-gop=1:keyint=20:min-keyint=20:bframes=3:scenecut=0"
    return write_movie(
        folder / "open_gop_h264.mp4", "libx264", options={"x264-params": params}
    )


def mpeg2_ts(folder: Path) -> Path:
    """MPEG-2 in a transport stream, whose seeking lands where it likes."""
    return write_movie(folder / "mpeg2.ts", "mpeg2video", gop=12, b_frames=2)


def late_keyframe(folder: Path) -> Path:
    """A transport stream cut in the middle of a GOP: its first 12 packets lack."""
    params = {"x264-params": "keyint=20:scenecut=0:bframes=2"}
    return write_movie(
        folder / "late_keyframe.ts",
        "libx264",
        options=params,
        change_packet=lambda n, packet: packet if n >= 12 else None,
    )


def start_at(folder: Path, first: int, suffix: str = ".mp4") -> Path:
    """A movie whose first presentation time is `first` frames instead of 0."""
    ticks = [first + i for i in range(60)]
    return write_movie(folder / f"start{first}{suffix}", "libx264", gop=20, ticks=ticks)


def without_duration(folder: Path) -> Path:
    """Matroska as a live stream writes it: no duration, no index of keyframes."""
    return write_movie(
        folder / "live.mkv", "libx264", gop=20, container_options={"live": "1"}
    )


def rotated(folder: Path, rotation_deg: int) -> Path:
    """A movie tagged to be turned counter-clockwise by an angle for showing."""
    path = folder / f"rotated{rotation_deg}.mp4"
    return write_movie(path, "libx264", frames=12, rotation_deg=rotation_deg)


def wide_pixels(folder: Path) -> Path:
    """PAL widescreen: pixels 64:45 as wide as high."""
    return write_movie(
        folder / "wide.mp4", "libx264", frames=12, pixel_aspect=Fraction(64, 45)
    )


def ten_bit_hdr(folder: Path) -> Path:
    """HEVC with 10 bit, BT.2020 matrix and PQ curve."""
    tags = {"colorspace": 9, "color_trc": 16, "color_primaries": 9, "color_range": 1}
    return write_movie(
        folder / "hdr.mp4",
        "libx265",
        frames=12,
        pix_fmt="yuv420p10le",
        tags=tags,
        options={"x265-params": "log-level=none"},
    )


def interlaced(folder: Path) -> Path:
    """H.264 coded as interlaced fields."""
    params = {"x264-params": "tff=1:keyint=20"}
    return write_movie(folder / "interlaced.mp4", "libx264", options=params)


def sound_only(folder: Path) -> Path:
    """An MP4 with a second of silence and no picture."""
    path = folder / "sound.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=48000)
        stream.layout = "mono"
        for i in range(46):
            silence = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 48000, 1024 * i
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return path


def cut_off(path: Path, share: float) -> Path:
    """A copy of a file with only the first part of its bytes."""
    data = path.read_bytes()
    goal = path.with_name(f"cut_{path.name}")
    goal.write_bytes(data[: int(len(data) * share)])
    return goal
