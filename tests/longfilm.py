"""Films of hours made in seconds: the packets of a short clip written again and again.

Nothing is encoded twice. Every repetition carries the burnt-in numbers of the short
clip, so that frame n says `n % frames` of it.
"""

from __future__ import annotations

import os
import tempfile
from fractions import Fraction
from pathlib import Path

import av

from tests.clips import write_movie

FRAMES = 170_000
GOP = 50
FPS = Fraction(24_000, 1001)
SIZE_PX = (1920, 1080)


def long_film(
    frames: int = FRAMES,
    *,
    size: tuple[int, int] = SIZE_PX,
    gop: int = GOP,
    suffix: str = "mp4",
) -> Path:
    """A film of that many frames, made once per machine and kept with temporary files.

    Args:
        frames: How many frames; made a multiple of `gop`.
        size: Width and height.
        gop: Frames of the short clip that is repeated.
        suffix: Container ("mp4", "mkv").
    """
    folder = Path(tempfile.gettempdir()) / f"hpe-studio-films-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    name = f"film-{size[0]}x{size[1]}-{gop}-{frames}-{av.__version__}.{suffix}"
    path = folder / name
    if not path.exists():
        part = folder / f"{os.getpid()}-{name}"
        try:
            repeat_clip(_short(folder, size, gop), part, frames // gop)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    return path


def repeat_clip(clip: Path, path: Path, times: int) -> None:
    """Write a clip's packets that many times, one run after the other."""
    with av.open(str(clip)) as source, av.open(str(path), "w") as out:
        stream = source.streams.video[0]
        target = out.add_stream_from_template(stream)
        packets = [p for p in source.demux(stream) if p.size]
        payloads = [(bytes(p), p.pts, p.dts, p.is_keyframe) for p in packets]
        assert all(p.pts is not None and p.dts is not None for p in packets)
        step = Fraction(1, 1) / FPS / stream.time_base
        assert step.denominator == 1, "the time base holds the rate exactly"
        length = len(payloads) * int(step)
        for turn in range(times):
            for data, pts, dts, is_keyframe in payloads:
                packet = av.Packet(data)
                packet.stream, packet.time_base = target, stream.time_base
                packet.pts = pts + turn * length
                packet.dts = dts + turn * length
                packet.duration = int(step)
                packet.is_keyframe = is_keyframe
                out.mux(packet)


def _short(folder: Path, size: tuple[int, int], gop: int) -> Path:
    path = folder / f"short-{size[0]}x{size[1]}-{gop}-{av.__version__}.mp4"
    if not path.exists():
        part = folder / f"{os.getpid()}-{path.name}"
        options = {
            "x264-params": f"keyint={gop}:scenecut=0:bframes=3:open-gop=0",
            "preset": "veryfast",
        }
        base = Fraction(1, 24_000)
        write_movie(
            part,
            "libx264",
            frames=gop,
            size=size,
            fps=FPS,
            ticks=[1001 * i for i in range(gop)],
            time_base=base,
            options=options,
        )
        os.replace(part, path)
    return path
