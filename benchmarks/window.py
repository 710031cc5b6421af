"""One scrub step in the real window: a mouse move on the ruler until all is painted.

A window of 1440x900 in its full look shows a clip whose pictures are in the cache and
people who walk; a joint is selected, so that rings, curves and numbers follow too. The
playhead is dragged over the ruler by real mouse events. Against it stands VTK alone
drawing what is drawn while moving, in the same run. The best quarter of the steps
counts: a busy machine lengthens the others.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks._window import (
    FRAMES,
    Painted,
    load,
    make_walkers,
    mouse,
    row,
    shown,
)

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow

_ROUNDS, _WARM_UP = 4, 12
_QUIET = 25.0


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds of a step with three and ten people, and over the bare render."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        few = _measured(Path(folder), 3)
        many = _measured(Path(folder), 10)
    detail = (
        "{people} people; median {median:.1f} ms, bare VTK {bare_ms:.1f} ms, {load}"
    )
    few_words = detail.format(people=3, load=load(), **few)
    many_words = detail.format(people=10, load=load(), **many)
    over_ms = few["step_ms"] - few["bare_ms"]
    return {
        "scrub_over_render_3": row(over_ms, 15.0, "ms", few_words),
        "scrub_3": row(few["step_ms"], 33.0, "ms", few_words),
        "scrub_10": row(many["step_ms"], 50.0, "ms", many_words),
    }


def _measured(folder: Path, people: int) -> dict[str, float]:
    with shown(make_walkers(folder / f"{people}", people)) as window:
        return _scrubbed(window)


def _scrubbed(window: StudioWindow) -> dict[str, float]:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    assert window.workspace is not None
    lanes = window.workspace.lanes.canvas
    viewport = window.workspace.viewport
    scene = viewport._stage._scene
    assert scene is not None
    size = (viewport.width(), viewport.height())
    frames = range(FRAMES)
    for frame in frames:  # every picture and pose once, as after a first look
        mouse(lanes, QEvent.Type.MouseButtonPress, lanes.x_of(frame))
        mouse(lanes, QEvent.Type.MouseButtonRelease, lanes.x_of(frame))
        QApplication.processEvents()
    time.sleep(0.3)
    QApplication.processEvents()
    mouse(lanes, QEvent.Type.MouseButtonPress, lanes.x_of(0))
    QApplication.processEvents()
    session, painted = window.session, Painted(window.workspace.video, viewport)
    assert session is not None
    step_ms: list[float] = []
    bare_ms: list[float] = []
    for frame in [*frames] * _ROUNDS:
        if frame == session.view.frame:
            continue
        x = lanes.x_of(frame)
        step_ms.append(
            painted.after(lambda x=x: mouse(lanes, QEvent.Type.MouseMove, x))
        )
        begin_s = time.perf_counter()
        scene.render(*size, "moving")
        bare_ms.append((time.perf_counter() - begin_s) * 1000)
    mouse(lanes, QEvent.Type.MouseButtonRelease, lanes.x_of(FRAMES - 1))
    return {
        "step_ms": float(np.percentile(step_ms[_WARM_UP:], _QUIET)),
        "bare_ms": float(np.percentile(bare_ms[_WARM_UP:], _QUIET)),
        "median": float(np.median(step_ms[_WARM_UP:])),
    }
