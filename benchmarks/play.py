"""Playing 1080p at 29.97 fps with three people in the real window, off screen.

Every frame that falls due has to be painted with its overlay, and the playhead has to
stay within one frame of the clock. The picture may skip, it never lags: how often it
came in time is told beside. `HPE_STUDIO_PLAY_SECONDS` asks for longer play.
"""

from __future__ import annotations

import os
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import av
import numpy as np

from hpe_studio.core.clip import Clip, Shot
from hpe_studio.core.document import Document
from hpe_studio.core.track import Estimate, Source, Take, Track
from hpe_studio.edits import people
from hpe_studio.media import open_footage
from hpe_studio.storage.project import write_document

SECONDS = 20.0
FPS = Fraction(30_000, 1001)
SIZE_PX = (1920, 1080)
PEOPLE = 3
_GOP = 60


def run() -> dict[str, dict[str, Any]]:
    """Share of overlay frames painted and the playhead's worst error."""
    seconds = float(os.environ.get("HPE_STUDIO_PLAY_SECONDS", SECONDS))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        path = make_project(Path(folder), round((seconds + 4) * FPS))
        played = play(path, seconds)
    return {
        "play_dropped_overlays": {
            "ratio": played["dropped"],
            "limit": 0,
            "better": "lower",
            "unit": "frames",
            "detail": f"{played['due']} frames due in {seconds:.0f} s, longest gap "
            f"between two {played['gap_ms']:.0f} ms, pictures in time "
            f"{100 * played['pictures']:.0f} %",
        },
        "play_playhead_error": {
            "ratio": played["error"],
            "limit": 1,
            "better": "lower",
            "unit": "frames",
            "detail": "worst distance of the painted frame from the clock's",
        },
    }


def make_project(folder: Path, frames: int) -> Path:
    """A textured, moving 1080p clip of that length and three people who move."""
    movie = _make_movie(folder / "play.mp4", frames)
    footage = open_footage(movie)
    document = _make_document(footage.clip)
    footage.close()
    path = folder / "play.hpes"
    write_document(path, document)
    return path


def play(path: Path, seconds: float) -> dict[str, float]:
    """Play a project in a window and count what is painted."""
    from hpe_studio.app import make_application, make_window, wait_until_still

    app = make_application()
    window = make_window()
    try:
        window.resize(1440, 900)
        window.show()
        window.load(path)
        wait_until_still(window)
        watch = _Watch(window)
        session = window.session
        assert session is not None
        session.playback.is_looping = False
        start_s = time.monotonic()
        session.playback.play(1)
        while time.monotonic() < start_s + seconds:
            app.processEvents()
            time.sleep(0.0005)
        session.playback.stop()
        return watch.verdict()
    finally:
        window.close()
        window.deleteLater()


class _Watch:
    """Notes when which frame's overlay is painted, and the picture under it."""

    def __init__(self, window: Any) -> None:
        self._session = window.session
        self._video = window.workspace.video
        self._painted: list[tuple[float, int, int]] = []
        self._paint = self._video.paintEvent
        self._video.paintEvent = self._note

    def _note(self, event: Any) -> None:
        self._paint(event)
        if self._session.playback.direction:
            self._painted.append(
                (time.monotonic(), self._session.view.frame, self._video.shown_frame)
            )

    def verdict(self) -> dict[str, float]:
        """What was due, what was missing, how far the playhead was off."""
        times_s = self._session.document.clip.times_s
        at_s = np.array([when for when, _, _ in self._painted])
        frames = np.array([frame for _, frame, _ in self._painted])
        shown = np.array([shown for _, _, shown in self._painted])
        due = set(range(frames[0], frames[-1] + 1))
        # the clock as the first paint tells it, or any that was earlier on its frame
        zero_s = float(np.min(at_s - times_s[frames]))
        clock = np.searchsorted(times_s, at_s - zero_s + 1e-3, side="right") - 1
        return {
            "due": len(due),
            "dropped": len(due - set(frames.tolist())),
            "error": float(np.abs(clock - frames).max()),
            "gap_ms": 1e3 * float(np.diff(at_s).max()),
            "pictures": len(set(shown.tolist()) & due) / len(due),
        }


def _make_movie(path: Path, frames: int) -> Path:
    width, height = SIZE_PX
    rng = np.random.default_rng(0)
    coarse = rng.integers(0, 256, (90, 160, 3), dtype=np.uint8)
    texture = coarse.repeat(16, axis=0).repeat(16, axis=1)
    texture = np.clip(texture + rng.normal(0, 6, texture.shape), 0, 255)
    texture = texture.astype(np.uint8)
    with av.open(str(path), "w") as out:
        options = {"preset": "ultrafast", "x264-params": f"keyint={_GOP}:scenecut=0"}
        stream = out.add_stream("libx264", rate=FPS, options=options)
        stream.width, stream.height, stream.pix_fmt = *SIZE_PX, "yuv420p"
        stream.gop_size = _GOP
        pictures = []
        for i in range(_GOP):
            dy, dx = 2 * i, 4 * i
            rgb = np.ascontiguousarray(texture[dy : dy + height, dx : dx + width])
            picture = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            pictures.append(picture.reformat(format="yuv420p"))
        for i in range(frames):
            picture = pictures[i % _GOP]
            picture.pts = None
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


def _make_document(clip: Clip) -> Document:
    document = Document(clip)
    count = clip.frame_count
    with document.edit("Estimate people") as edit:
        edit.put(Shot(id=document.new_id(), start=0, stop=count))
        take = Take(id=document.new_id(), name="Synthetic", origin="benchmark")
        edit.put(take)
        for number in range(PEOPLE):
            person = people.add_person(edit, document)
            at = np.arange(count)[:, None, None]
            joints_rad = 0.3 * np.sin(at * np.linspace(0.02, 0.1, 72).reshape(24, 3))
            root_m = np.tile([number - 1.0, 0.0, -4.0], (count, 1))
            arrays = {"joints_rad": joints_rad, "root_scene_m": root_m}
            estimate = Estimate(
                id=document.new_id(),
                take_id=take.id,
                start=0,
                stop=count,
                skeleton="smpl24",
            )
            edit.add_estimate(estimate, arrays)
            track = Track(
                id=document.new_id(),
                person_id=person.id,
                start=0,
                stop=count,
                skeleton="smpl24",
                estimate_id=estimate.id,
            )
            source = np.full((count, 24), Source.ESTIMATED)
            edit.add_track(
                track,
                {"base_rad": joints_rad, "base_root_m": root_m, "base_source": source},
            )
    return document


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']} {result['unit']} {result['detail']}")
