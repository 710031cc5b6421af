"""A movie's clip from its header alone, for views that are perhaps never looked at."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hpe_studio.core.clip import Clip
from hpe_studio.media.decoding import open_container
from hpe_studio.media.footage import file_fingerprint


def peeked_clip(path: Path) -> Clip | None:
    """What the header says of a movie, without reading its frames.

    The frames' number and rate are the header's word; opening the footage reads them
    exactly.

    Returns:
        None where the header does not say how many frames there are, or the movie is
        turned or cannot be read: open it as footage then.
    """
    from av.error import FFmpegError

    try:
        container, stream = open_container(path)
        with container:
            rate, count = stream.average_rate, int(stream.frames or 0)
            size_px = (int(stream.width), int(stream.height))
            aspect = stream.sample_aspect_ratio or 1
        fingerprint = file_fingerprint(path)
    except (FFmpegError, OSError, LookupError):
        return None
    if not rate or count <= 0:
        return None
    return Clip(
        path=path,
        kind="movie",
        size_px=size_px,
        fps=rate,
        times_s=np.arange(count) / float(rate),
        pixel_aspect=float(aspect),
        fingerprint=fingerprint,
    )
