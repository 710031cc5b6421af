"""A film of two hours: first picture, index, any frame, memory of the whole window.

170,000 frames of 1080p, made in seconds by writing the packets of a short clip again
and again. A window of its own process opens the film that nobody has read yet; the time
until a picture of it is painted counts, then the playhead is scrubbed all over.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av

from hpe_studio.media import open_footage
from tests.longfilm import FRAMES, long_film

_ROUNDS = 3
_SEEKS = 20
_PATIENCE_S = 300.0


def run() -> dict[str, dict[str, Any]]:
    """Figures by name: value, limit, unit and what was measured."""
    film = long_film()
    index_ratio, index_s = _index(film)
    seek_ratio, seek_ms = _seek(film)
    with tempfile.TemporaryDirectory() as folder:
        seen = _in_window(film, Path(folder))
    return {
        "film_first_picture": _result(
            seen["first_ms"], 1000.0, "ms", "from opening to the first painted picture"
        ),
        "film_project": _result(
            seen["project_ms"],
            5000.0,
            "ms",
            "until the project is open too, libraries loaded for the first time",
        ),
        "film_index": _result(
            index_ratio, 3.0, "x", f"{index_s:.2f} s against bare demuxing"
        ),
        "film_seek": _result(
            seek_ratio, 1.3, "x", f"{seek_ms:.0f} ms against bare PyAV, random frames"
        ),
        "film_memory": _result(
            seen["peak_mb"],
            1500.0,
            "MB",
            f"peak of the window's process after {seen['scrubbed']:.0f} scrub steps",
        ),
    }


def _result(value: float, limit: float, unit: str, detail: str) -> dict[str, Any]:
    detail = f"{detail}; {FRAMES} frames of 1920x1080"
    result = {"ratio": value, "limit": limit, "unit": unit, "detail": detail}
    return {**result, "better": "lower"}


def _index(film: Path) -> tuple[float, float]:
    """Our index over bare demuxing, and its seconds; both in turns."""
    ratios: list[float] = []
    ours_s: list[float] = []
    for _ in range(_ROUNDS):
        bare_s = _seconds(lambda: _demux(film))
        ours_s.append(_seconds(lambda: open_footage(film).close()))
        ratios.append(ours_s[-1] / bare_s)
    return statistics.median(ratios), statistics.median(ours_s)


def _demux(film: Path) -> None:
    with av.open(str(film)) as container:
        for packet in container.demux(container.streams.video[0]):
            assert packet.size >= 0


def _seek(film: Path) -> tuple[float, float]:
    """Random frames against bare PyAV, and the milliseconds of one."""
    rng = random.Random(0)
    frames = [rng.randrange(FRAMES) for _ in range(_SEEKS)]
    footage = open_footage(film)
    times_s = footage.clip.times_s
    ours = bare = 0.0
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        for frame in frames:
            ticks = round(float(times_s[frame]) / float(stream.time_base))
            bare += _seconds(lambda t=ticks: _bare_seek(container, t))
            ours += _seconds(lambda f=frame: footage.read_rgb(f))
    footage.close()
    return ours / bare, 1e3 * ours / _SEEKS


def _bare_seek(container: Any, pts: int) -> None:
    stream = container.streams.video[0]
    container.seek(pts, stream=stream)
    for picture in container.decode(stream):
        if picture.pts >= pts:
            picture.to_ndarray(format="rgb24")
            return


def _in_window(film: Path, folder: Path) -> dict[str, float]:
    """What a window of its own process took."""
    link = folder / film.name
    link.symlink_to(film)
    words = [sys.executable, __file__, "window", str(link), str(folder / "home")]
    said = subprocess.run(
        words, capture_output=True, text=True, check=True, timeout=_PATIENCE_S
    )
    return json.loads(said.stdout.strip().splitlines()[-1])


def _watch_window(film: Path, home: Path) -> dict[str, float]:
    import os

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ["HPE_STUDIO_HOME"] = str(home)
    from hpe_studio.app import make_application, make_window

    app, window = make_application(), make_window()
    window.resize(1440, 900)
    window.show()
    app.processEvents()

    def wait(condition: Callable[[], bool]) -> None:
        deadline_s = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline_s
            app.processEvents()
            time.sleep(0.001)

    start_s = time.perf_counter()
    window.open_path(film)
    page = window.reader.page
    assert page is not None
    wait(lambda: page.picture.has_picture)
    page.picture.repaint()
    first_ms = 1e3 * (time.perf_counter() - start_s)
    wait(lambda: window.session is not None)
    session, video = window.session, window.workspace.video
    wait(lambda: video.shown_frame >= 0)
    project_ms = 1e3 * (time.perf_counter() - start_s)
    rng = random.Random(0)
    scrubbed = 0
    for _ in range(25):
        middle = rng.randrange(FRAMES)
        for step in range(12):
            session.view.frame = middle + step
            app.processEvents()
            scrubbed += 1
        wait(lambda: video.shown_frame == session.view.frame)
        picture = session.loader.cached(session.view.frame)
        assert picture is not None
    window.close()
    return {
        "first_ms": first_ms,
        "project_ms": project_ms,
        "scrubbed": scrubbed,
        "peak_mb": _peak_mb(),
    }


def _peak_mb() -> float:
    """Most memory this process ever held, megabytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    if sys.argv[1:2] == ["window"]:
        print(json.dumps(_watch_window(Path(sys.argv[2]), Path(sys.argv[3]))))
    else:
        for name, result in run().items():
            print(f"{name}: {result['ratio']:.2f} {result['unit']} {result['detail']}")
