"""How a movie's pictures are compressed, by the name people know."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_NAMES = {
    "h264": "H.264",
    "hevc": "H.265",
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "mpeg4": "MPEG-4",
    "mpeg2video": "MPEG-2",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
    "dnxhd": "DNxHD",
}


@lru_cache(maxsize=16)
def codec_of(movie: Path) -> str:
    """The codec of a movie's first video stream ("H.264"); "" where it has none.

    Args:
        movie: The file; one that cannot be read has no codec.
    """
    import av
    from av.error import FFmpegError

    try:
        with av.open(str(movie)) as container:
            streams = container.streams.video
            name = streams[0].codec_context.name if streams else ""
    except (FFmpegError, OSError):
        return ""
    return _NAMES.get(name, name)
