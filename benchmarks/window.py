"""One scrub step in the real window: a mouse move on the ruler until all is painted.

A window of 1440x900 shows a clip whose pictures are in the cache and people who walk;
the playhead is dragged over the ruler by real mouse events. Against it stands VTK alone
drawing what is drawn while moving, in the same run.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow

_FRAMES = 48
_SIZE_PX = (960, 540)
_WARM_UP = 12


def run() -> dict[str, dict[str, Any]]:
    """Milliseconds of a step with three and ten people, and over the bare render."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HPE_STUDIO_HOME"] = str(Path(folder) / "home")
        few = _measured(Path(folder), 3)
        many = _measured(Path(folder), 10)
    detail = "median of {n} mouse moves on the ruler, {people} people, 1440x900"
    return {
        "scrub_over_render_3": {
            "ratio": few["step_ms"] - few["bare_ms"],
            "limit": 15.0,
            "better": "lower",
            "unit": "ms",
            "detail": (
                f"step {few['step_ms']:.1f} ms, bare VTK render {few['bare_ms']:.1f} ms"
            ),
        },
        "scrub_3": {
            "ratio": few["step_ms"],
            "limit": 33.0,
            "better": "lower",
            "unit": "ms",
            "detail": detail.format(n=_FRAMES - _WARM_UP, people=3),
        },
        "scrub_10": {
            "ratio": many["step_ms"],
            "limit": 50.0,
            "better": "lower",
            "unit": "ms",
            "detail": detail.format(n=_FRAMES - _WARM_UP, people=10),
        },
    }


def _measured(folder: Path, people: int) -> dict[str, float]:
    from hpe_studio import app

    path = _project(folder / f"{people}", people)
    app.make_application()
    window = app.make_window()
    window.resize(1440, 900)
    window.show()
    try:
        assert window.open_path(path)
        app.wait_until_still(window)
        return _scrubbed(window)
    finally:
        window.close()
        window.deleteLater()


def _scrubbed(window: StudioWindow) -> dict[str, float]:
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    assert window.workspace is not None
    lanes = window.workspace.lanes.canvas
    viewport = window.workspace.viewport
    scene = viewport._stage._scene
    assert scene is not None
    size = (viewport.width(), viewport.height())
    frames = range(_FRAMES)
    for frame in frames:  # every picture and pose once, as after a first look
        _mouse(lanes, QEvent.Type.MouseButtonPress, lanes.x_of(frame))
        _mouse(lanes, QEvent.Type.MouseButtonRelease, lanes.x_of(frame))
        QApplication.processEvents()
    time.sleep(0.3)
    QApplication.processEvents()
    _mouse(lanes, QEvent.Type.MouseButtonPress, lanes.x_of(0))
    step_ms: list[float] = []
    bare_ms: list[float] = []
    for frame in frames:
        begin_s = time.perf_counter()
        _mouse(lanes, QEvent.Type.MouseMove, lanes.x_of(frame))
        QApplication.processEvents()
        step_ms.append((time.perf_counter() - begin_s) * 1000)
        begin_s = time.perf_counter()
        scene.render(*size, "moving")
        bare_ms.append((time.perf_counter() - begin_s) * 1000)
    _mouse(lanes, QEvent.Type.MouseButtonRelease, lanes.x_of(_FRAMES - 1))
    return {
        "step_ms": statistics.median(step_ms[_WARM_UP:]),
        "bare_ms": statistics.median(bare_ms[_WARM_UP:]),
    }


def _mouse(widget: Any, kind: Any, x: float) -> None:
    from PySide6.QtCore import QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    at = QPointF(x, 10)
    event = QMouseEvent(
        kind,
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


def _project(folder: Path, people: int) -> Path:
    """Pictures of noise and people who walk on the spot before the camera."""
    import cv2

    from hpe_studio.core.interchange import MotionFile, PersonMotion
    from hpe_studio.core.skeleton import skeleton
    from hpe_studio.media import open_footage
    from hpe_studio.storage.project import create_project
    from hpe_studio.workflow.importing import import_motion

    pictures = folder / "pictures"
    pictures.mkdir(parents=True)
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 255, (_SIZE_PX[1], _SIZE_PX[0], 3)).astype(np.uint8)
    for frame in range(_FRAMES):
        cv2.imwrite(str(pictures / f"{frame:03d}.jpg"), np.roll(noise, frame * 7, 1))
    swing = np.sin(np.arange(_FRAMES) / 4)
    runs: list[PersonMotion] = []
    for number in range(people):
        joints_rad = np.zeros((_FRAMES, 24, 3))
        joints_rad[:, 1, 0], joints_rad[:, 2, 0] = 0.4 * swing, -0.4 * swing
        joints_rad[:, 16, 2], joints_rad[:, 17, 2] = -1.2, 1.2
        place = [0.7 * (number % 5 - 2), 0.0, -4.0 - number // 5]
        runs.append(
            PersonMotion(
                name=f"Walker {number}",
                skeleton=skeleton("smpl24"),
                rest_joints_m=np.zeros((24, 3)),
                start=0,
                joints_rad=joints_rad,
                root_scene_m=np.tile(place, (_FRAMES, 1)),
                betas=np.zeros(10),
            )
        )
    footage = open_footage(pictures, fps=Fraction(25))
    project = create_project(folder / "walk.hpes", footage.clip)
    motion = MotionFile(
        fps=Fraction(25), frame_count=_FRAMES, people=tuple(runs), size_px=_SIZE_PX
    )
    import_motion(project.document, motion, name="walk")
    project.close()
    footage.close()
    return folder / "walk.hpes"
