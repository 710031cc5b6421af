"""Seeking and stepping against bare PyAV on the same clip, in one run.

The clip is made on the spot: "seek_1080p_gop250", 1920 x 1080, 25 fps, H.264 with three
B-frames, 500 frames in two GOPs of 250, textured and moving.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from hpe_studio.media import Footage, open_footage
from hpe_studio.media.loader import FrameLoader, Picture

_GOP = 250
_FRAMES = 500
_SEEKS = 6
_ROUNDS = 3


def run() -> dict[str, dict[str, Any]]:
    """Ratios by name: value, limit, unit and what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        path = make_clip(Path(folder) / "seek_1080p_gop250.mp4")
        return {"seek": _seek_ratio(path), "step_backward": _backward_ratio(path)}


def make_clip(path: Path) -> Path:
    """A textured, moving 1080p clip with two GOPs of 250 frames."""
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (90, 160, 3), dtype=np.uint8)
    texture = coarse.repeat(16, axis=0).repeat(16, axis=1)
    texture = np.clip(texture + rng.normal(0, 6, texture.shape), 0, 255)
    texture = texture.astype(np.uint8)
    with av.open(str(path), "w") as out:
        options = {"preset": "veryfast", "x264-params": f"keyint={_GOP}:scenecut=0"}
        stream = out.add_stream("libx264", rate=Fraction(25), options=options)
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"
        stream.gop_size, stream.max_b_frames = _GOP, 3
        for i in range(_FRAMES):
            dy, dx = i % 300, 3 * i % 600
            rgb = np.ascontiguousarray(texture[dy : dy + 1080, dx : dx + 1920])
            out.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        out.mux(stream.encode(None))
    return path


def _seek_ratio(path: Path) -> dict[str, Any]:
    footage = open_footage(path)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        ticks = sorted(p.pts for p in container.demux(stream) if p.size)
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
    ours, bare = [], []
    try:
        window.step_back(_FRAMES - 1, 0)  # warm: memory is there, the file is read
        for _ in range(_ROUNDS):
            bare.append(_seconds(lambda: _bare_sequence(path)))
            ours.append(_seconds(lambda: window.step_back(_FRAMES - 1, 0)))
    finally:
        window.loader.close()
        footage.close()
    ratio = statistics.median(a / b for a, b in zip(ours, bare, strict=True))
    detail = (
        f"{path.stem}: {_FRAMES} steps back in {statistics.median(ours):.2f} s, "
        f"decoding and converting them forward in {statistics.median(bare):.2f} s"
    )
    return {"ratio": ratio, "limit": 1.5, "unit": "x", "detail": detail}


def _bare_sequence(path: Path) -> None:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for picture in container.decode(stream):
            picture.to_ndarray(format="rgb24")


class _Window:
    """Asks for pictures as a window does: at once if there, else it waits."""

    def __init__(self, footage: Footage) -> None:
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

    def _on_ready(self, picture: Picture) -> None:
        if picture.frame == self._wanted:
            self._ready.set()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    for name, result in run().items():
        print(name, result)
