"""How soon a gesture answers: press and first move until all that follows is painted.

In a window of 1440x900 with three people: a ring of the selected joint in the video and
in 3D, a key in the lanes, the ruler. Each gesture is begun several times and taken back
by Escape; the best counts, since a busy machine lengthens the others.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks._window import load, make_walkers, mouse, row, shown

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow

_TIMES, _FRAME, _LIMIT_MS = 6, 20, 33.0
_Place = tuple[float, float]


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds from the press to the first painted answer, by gesture."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        with shown(make_walkers(Path(folder) / "walk", 3)) as window:
            found = _measured(window)
    return {
        f"gesture_{name}": row(
            min(took_ms),
            _LIMIT_MS,
            "ms",
            f"best of {_TIMES}, median {statistics.median(took_ms):.1f} ms, {load()}",
        )
        for name, took_ms in found.items()
    }


def _measured(window: StudioWindow) -> dict[str, list[float]]:
    from hpe_studio.edits import pose

    workspace, session = window.workspace, window.session
    assert workspace is not None
    assert session is not None
    session.view.frame = _FRAME
    lanes = workspace.lanes.canvas
    found: dict[str, list[float]] = {}
    for name, canvas in (("video", workspace.video), ("viewport", workspace.viewport)):
        start, stop = _on_ring(canvas, workspace.tools.active)
        found[f"ring_{name}"] = _times_ms(window, canvas, start, stop)
    track = session.active_track
    assert track is not None
    document = session.document
    with document.edit("Insert key") as edit:
        pose.insert_key(edit, document, track, frame=_FRAME, joints=(18,))
    _settle(window)
    x, y = lanes.x_of(_FRAME), lanes.y_of(track.person_id)
    found["lane_key"] = _times_ms(window, lanes, (x, y), (x + 30, y))
    found["ruler"] = _times_ms(window, lanes, (x, 10.0), (lanes.x_of(_FRAME + 6), 10.0))
    return found


def _on_ring(canvas: Any, tool: Any) -> tuple[_Place, _Place]:
    """Two places on a ring of the gizmo, a few degrees apart."""
    from hpe_studio.render.gizmo import hit_ring, ring_points_px

    rings, view = tool.gizmo, canvas.scene_view()
    points = ring_points_px(rings, view, "view")
    free = [
        i for i, place in enumerate(points) if hit_ring(rings, view, *place) == "view"
    ]
    start, stop = points[free[0]], points[(free[0] + 4) % len(points)]
    return (float(start[0]), float(start[1])), (float(stop[0]), float(stop[1]))


def _times_ms(
    window: StudioWindow, canvas: Any, start: _Place, stop: _Place
) -> list[float]:
    """Press, move, and let everything be painted; several times."""
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    session = window.session
    assert session is not None
    took_ms: list[float] = []
    for _ in range(_TIMES + 1):
        begin_s = time.perf_counter()
        mouse(canvas, QEvent.Type.MouseButtonPress, *start)
        mouse(canvas, QEvent.Type.MouseMove, *stop)
        for _ in range(2):  # what changed is told, then painted
            QApplication.processEvents()
        took_ms.append(1000 * (time.perf_counter() - begin_s))
        assert session.document.is_editing or session.view.frame != _FRAME
        session.requests.cancel_wanted.emit()
        mouse(canvas, QEvent.Type.MouseButtonRelease, *stop)
        session.view.frame = _FRAME
        _settle(window)
    return took_ms[1:]  # the first one loads what it needs


def _settle(window: StudioWindow) -> None:
    from hpe_studio.app import wait_until_still

    wait_until_still(window)


if __name__ == "__main__":
    for name, result in run().items():
        print(f"{name}: {result['ratio']:.1f} {result['unit']} {result['detail']}")
