"""Four synchronous 1080p views stepped together, against bare PyAV doing the same.

Both decode the same films frame by frame and turn each picture into RGB of the size of
its place in a grid of four; every step waits for all four pictures, as the window does.
Bare PyAV has four threads, one for each film, and as many decoder threads as ours. Both
are measured in turn, several times, in one run; the best of each counts.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import VideoReformatter

from hpe_studio.core.jobs import core_count
from hpe_studio.media import open_footage
from hpe_studio.media.loader import FrameLoader, Picture
from hpe_studio.media.movie import MovieFootage

SIZE_PX = (1920, 1080)
SHOWN_PX = (426, 240)
VIEWS, FRAMES, ROUNDS = 4, 48, 8
LEAST = 0.8
FPS = Fraction(30_000, 1001)


def run() -> dict[str, dict[str, Any]]:
    """Steps per second of four views over those of bare decoding."""
    with tempfile.TemporaryDirectory() as folder:
        films = [make_film(Path(folder) / f"view{n}.mp4", n) for n in range(VIEWS)]
        bare_s, ours_s = [], []
        for _ in range(ROUNDS):
            bare_s.append(bare(films))
            ours_s.append(stepped(films))
    best_bare, best_ours = min(bare_s), min(ours_s)
    return {
        "views_step": {
            "ratio": best_bare / best_ours,
            "limit": LEAST,
            "better": "higher",
            "unit": "times bare PyAV",
            "detail": f"{VIEWS} views of 1080p, {FRAMES} steps: "
            f"{FRAMES / best_ours:.0f} steps/s, bare {FRAMES / best_bare:.0f}, "
            f"{threads_each()} decoder threads each",
        }
    }


def threads_each() -> int:
    """Decoder threads of each film, as the window gives them."""
    return max(1, core_count() // VIEWS)


def make_film(path: Path, seed: int) -> Path:
    """A film of moving noise, which costs about what a real one does."""
    rng = np.random.default_rng(seed)
    coarse = rng.integers(40, 215, (SIZE_PX[1] // 8, SIZE_PX[0] // 8, 3), np.uint8)
    still = coarse.repeat(8, axis=0).repeat(8, axis=1)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("h264", rate=FPS)
        stream.width, stream.height = SIZE_PX
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "23", "g": "60"}
        for frame in range(FRAMES):
            rgb = np.ascontiguousarray(np.roll(still, 3 * frame, axis=1))
            picture = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def bare(films: list[Path]) -> float:
    """Seconds PyAV alone needs for all steps, all films of a step at once."""
    with ThreadPoolExecutor(len(films)) as pool:
        decoded = [_decoded(film) for film in films]

        def take(n: int) -> object:
            return next(decoded[n], None)

        list(pool.map(take, range(len(films))))  # files opened, first pictures out
        start_s = time.perf_counter()
        for _ in range(FRAMES - 1):
            list(pool.map(take, range(len(films))))
        return time.perf_counter() - start_s


def _decoded(film: Path) -> Any:
    reformatter = VideoReformatter()
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.thread_count = threads_each()
        for picture in container.decode(stream):
            yield reformatter.reformat(
                picture, width=SHOWN_PX[0], height=SHOWN_PX[1], format="rgb24"
            ).to_ndarray()


def stepped(films: list[Path]) -> float:
    """Seconds our loaders need for the same steps, each waited for."""
    steps = _Steps(films)
    try:
        steps.to(0)
        start_s = time.perf_counter()
        for frame in range(1, FRAMES):
            steps.to(frame)
        return time.perf_counter() - start_s
    finally:
        steps.close()


class _Steps:
    """Loaders of all films, and a wait until every one has come."""

    def __init__(self, films: list[Path]) -> None:
        self._footage = [open_footage(film) for film in films]
        self._came = threading.Condition()
        self._shown = [-1] * len(films)
        self._loaders = []
        for number, footage in enumerate(self._footage):
            assert isinstance(footage, MovieFootage)
            footage.threads = threads_each()
            loader = FrameLoader(footage, self._noted(number), cache_bytes=96 << 20)
            loader.fit_into(SHOWN_PX)
            self._loaders.append(loader)

    def to(self, frame: int) -> None:
        """Go to a frame and wait for all its pictures."""
        for loader in self._loaders:
            loader.request(frame)
        with self._came:
            self._came.wait_for(lambda: set(self._shown) == {frame})

    def close(self) -> None:
        """Give everything back."""
        for loader in self._loaders:
            loader.close()
        for footage in self._footage:
            footage.close()

    def _noted(self, number: int) -> Callable[[Picture], None]:
        def note(picture: Picture) -> None:
            with self._came:
                self._shown[number] = picture.frame
                self._came.notify_all()

        return note
