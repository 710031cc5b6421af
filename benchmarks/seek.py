"""Seeking and stepping against bare PyAV on the same clip, in one run.

The clip is "seek_1080p_gop250": 1920 x 1080, 25 fps, H.264 with three B-frames, 500
frames in two GOPs of 250, textured and moving. It is made once and kept in the data
folder's `cache`, under a name that tells what it was made from.

Both sides are measured in turns. The ratio is of the time that passes, which is what
somebody waits for; the detail tells the ratio of processor time beside it, which other
programs on the machine hardly change.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from hpe_studio.assets.store import data_folder
from hpe_studio.media import Footage, open_footage
from hpe_studio.media.loader import FrameLoader, Picture

_SIZE_PX = (1920, 1080)
_GOP = 250
_FRAMES = 500
_B_FRAMES = 3
_PRESET = "veryfast"
_MAKER = 1
"""Raised whenever `make_clip` draws something else."""

_SEEKS = 4
_ROUNDS = 3


def run() -> dict[str, dict[str, Any]]:
    """Ratios by name: value, limit, unit and what was measured."""
    path = cached_clip()
    return {"seek": _seek_ratio(path), "step_backward": _backward_ratio(path)}


def cached_clip() -> Path:
    """The clip, from the cache or made now."""
    recipe = [*_SIZE_PX, _GOP, _FRAMES, _B_FRAMES, _PRESET, _MAKER, av.__version__]
    key = hashlib.sha256(repr(recipe).encode()).hexdigest()[:12]
    path = data_folder() / "cache" / f"seek_1080p_gop250-{key}.mp4"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        half_made = path.with_suffix(f".{os.getpid()}.part.mp4")
        try:
            make_clip(half_made)
            os.replace(half_made, path)
        finally:
            half_made.unlink(missing_ok=True)
    return path


def make_clip(path: Path) -> Path:
    """A textured, moving 1080p clip with two GOPs of 250 frames."""
    width, height = _SIZE_PX
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (90, 160, 3), dtype=np.uint8)
    texture = coarse.repeat(16, axis=0).repeat(16, axis=1)
    texture = np.clip(texture + rng.normal(0, 6, texture.shape), 0, 255)
    texture = texture.astype(np.uint8)
    with av.open(str(path), "w") as out:
        options = {"preset": _PRESET, "x264-params": f"keyint={_GOP}:scenecut=0"}
        stream = out.add_stream("libx264", rate=Fraction(25), options=options)
        stream.width, stream.height, stream.pix_fmt = *_SIZE_PX, "yuv420p"
        stream.gop_size, stream.max_b_frames = _GOP, _B_FRAMES
        for i in range(_FRAMES):
            dy, dx = i % 300, 3 * i % 600
            rgb = np.ascontiguousarray(texture[dy : dy + height, dx : dx + width])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def _seek_ratio(path: Path) -> dict[str, Any]:
    footage = open_footage(path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        ticks = sorted(p.pts for p in container.demux(stream) if p.pts is not None)
        rng = random.Random(1)
        frames = [rng.randrange(_FRAMES) for _ in range(_SEEKS)]
        ours, bare = [], []
        for _ in range(_ROUNDS):
            # Both start from elsewhere, so that neither may simply go on.
            bare.append(0.0)
            ours.append(0.0)
            for frame in frames:
                footage.read_rgb((frame + _GOP) % _FRAMES // _GOP * _GOP)
                bare[-1] += _seconds(lambda f=frame: _bare_seek(container, ticks[f]))
                ours[-1] += _seconds(lambda f=frame: footage.read_rgb(f))
    footage.close()
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    detail = (
        f"{path.stem}: {statistics.median(ours) / _SEEKS * 1e3:.0f} ms, bare PyAV "
        f"{statistics.median(bare) / _SEEKS * 1e3:.0f} ms, {_SEEKS} random frames"
    )
    return {"ratio": ratio, "limit": 1.2, "unit": "x", "detail": detail}


def _bare_seek(container: Any, pts: int) -> None:
    stream = container.streams.video[0]
    container.seek(pts, stream=stream)
    for picture in container.decode(stream):
        if picture.pts >= pts:
            picture.to_ndarray(format="rgb24")
            return


def _backward_ratio(path: Path) -> dict[str, Any]:
    footage = open_footage(path)
    window = _Window(footage)
    first, last = _FRAMES - 1, _FRAMES - _GOP
    ours: list[tuple[float, float]] = []
    bare: list[tuple[float, float]] = []
    try:
        window.step_back(first, first - 20)  # warm: the file is read
        for _ in range(_ROUNDS):
            window.leave()
            bare.append(_spent(lambda: _bare_sequence(path, last)))
            ours.append(_spent(lambda: window.step_back(first, last)))
    finally:
        window.close()
        footage.close()
    passed, worked = (
        statistics.median(a[k] / b[k] for a, b in zip(ours, bare, strict=True))
        for k in (0, 1)
    )
    detail = (
        f"{path.stem}: {_GOP} steps back in {statistics.median(t for t, _ in ours):.2f}"
        f" s, decoding and converting them forward in "
        f"{statistics.median(t for t, _ in bare):.2f} s; {worked:.2f} x processor time"
    )
    return {"ratio": passed, "limit": 1.5, "unit": "x", "detail": detail}


def _bare_sequence(path: Path, first: int) -> None:
    """Decode and convert from a keyframe on to the end."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        start = Fraction(first, 25) / (stream.time_base or 1)
        container.seek(int(start), stream=stream)
        for picture in container.decode(stream):
            picture.to_ndarray(format="rgb24")


class _Window:
    """Asks for pictures as a window does: at once if there, else it waits."""

    def __init__(self, footage: Footage) -> None:
        self._footage = footage
        self.loader = FrameLoader(footage, self._on_ready)
        self._ready = threading.Event()
        self._wanted = -1

    def step_back(self, first: int, last: int) -> None:
        """Show every frame from `first` down to `last`."""
        for frame in range(first, last - 1, -1):
            self._wanted = frame
            self._ready.clear()
            picture = self.loader.cached(frame)
            self.loader.request(frame, direction=-1)
            if picture is None and not self._ready.wait(timeout=60):
                raise RuntimeError(f"frame {frame} never came")

    def leave(self) -> None:
        """Start afresh, with nothing decoded."""
        self.loader.close()
        self.loader = FrameLoader(self._footage, self._on_ready)

    def close(self) -> None:
        """Stop the loader."""
        self.loader.close()

    def _on_ready(self, picture: Picture) -> None:
        if picture.frame == self._wanted:
            self._ready.set()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _spent(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that pass, and seconds of processor time over all threads."""
    start, start_cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - start_cpu


if __name__ == "__main__":
    for name, result in run().items():
        print(name, result)
