"""Pictures into a movie: H.264, each frame at its exact time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from hpe_studio.core.arrays import ByteArray
from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import replacing

_QUALITY = "18"  # x264's constant rate factor: nothing to be seen of it


class MovieWriter:
    """Takes pictures one after the other; made by `movie_writer`."""

    def __init__(self, container: Any, stream: Any) -> None:
        self._container, self._stream = container, stream
        self._count = 0

    def add(self, rgb: ByteArray) -> None:
        """The next frame, shape (height, width, 3)."""
        import av

        frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
        frame.pts = self._count
        self._count += 1
        self._container.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode())


@contextmanager
def movie_writer(
    path: Path, *, size_px: tuple[int, int], fps: Fraction
) -> Iterator[MovieWriter]:
    """A movie that is whole at the end of the block, or not there at all.

    Args:
        path: Where to; the ending names the container (".mp4").
        size_px: Width and height, even numbers.
        fps: Frame rate, exact.

    Raises:
        StudioError: If it cannot be written.
    """
    import av

    try:
        with (
            replacing(path) as temporary,
            av.open(str(temporary), "w", format=path.suffix[1:]) as container,
        ):
            stream = container.add_stream(
                "libx264", rate=fps, options={"crf": _QUALITY}
            )
            stream.width, stream.height = size_px
            stream.pix_fmt = "yuv420p"
            stream.time_base = 1 / fps
            writer = MovieWriter(container, stream)
            yield writer
            writer.finish()
    except OSError as error:
        raise StudioError(
            f"cannot be written ({error.strerror or error})",
            path=path,
            fix="make room or choose another folder",
        ) from None
