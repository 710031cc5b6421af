"""A real window with walkers in it, and mouse events, for measuring what is felt."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from hpe_studio.ui.window import StudioWindow

FRAMES = 48
_SIZE_PX = (960, 540)
_LEFT_ELBOW = 18
_MOST_TURNS = 5_000


def row(ratio: float, limit: float, unit: str, detail: str) -> dict[str, Any]:
    """A measured number as the table of benchmarks has it; lower is better."""
    return {
        "ratio": ratio,
        "limit": limit,
        "better": "lower",
        "unit": unit,
        "detail": detail,
    }


def load() -> str:
    """How busy the machine is, for the words beside a number."""
    return f"load average {os.getloadavg()[0]:.1f}"


@contextmanager
def shown(path: Path, *, selected: bool = True) -> Iterator[StudioWindow]:
    """A window of 1440x900 with a project open and at rest; it is closed afterwards.

    Args:
        path: The project.
        selected: A joint is selected and the rings are in hand, so that curves, numbers
            and rings are all shown.
    """
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from hpe_studio import app as studio

    app = studio.make_application()
    window = studio.make_window()
    window.keeps_layout = False
    window.resize(1440, 900)
    window.show()
    try:
        assert window.open_path(path)
        session = window.session
        assert session is not None
        if selected:
            session.select(session.persons[0].id, _LEFT_ELBOW)
            session.view.tool = "rotate"
        studio.wait_until_still(window)
        yield window
    finally:
        window.close()
        window.deleteLater()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()


def mouse(widget: Any, kind: Any, x: float, y: float = 10.0) -> None:
    """Send a mouse event of the left button."""
    from PySide6.QtCore import QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent
    from PySide6.QtWidgets import QApplication

    left, nothing = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    at = QPointF(x, y)
    event = QMouseEvent(
        kind,
        at,
        QPointF(widget.mapToGlobal(at.toPoint())),
        nothing if kind == QEvent.Type.MouseMove else left,
        nothing if kind == QEvent.Type.MouseButtonRelease else left,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)


class Painted:
    """Waits until widgets have painted what an event led to.

    One turn of the event loop is not enough: what is told in it is painted in the next.

    Args:
        widgets: Each must be painted.
    """

    def __init__(self, *widgets: Any) -> None:
        from PySide6.QtCore import QEvent, QObject

        counts = self._counts = dict.fromkeys(range(len(widgets)), 0)

        class Counter(QObject):
            """Counts paint events of one widget."""

            def __init__(self, place: int, parent: Any) -> None:
                super().__init__(parent)
                self._place = place

            def eventFilter(self, _watched: Any, event: Any) -> bool:  # noqa: N802
                counts[self._place] += event.type() == QEvent.Type.Paint
                return False

        for place, widget in enumerate(widgets):
            widget.installEventFilter(Counter(place, widget))

    def after(self, act: Callable[[], None]) -> float:
        """Milliseconds from an act until all of them are painted.

        Raises:
            RuntimeError: If one of them never is.
        """
        from PySide6.QtWidgets import QApplication

        before = dict(self._counts)
        begin_s = time.perf_counter()
        act()
        for _ in range(_MOST_TURNS):
            QApplication.processEvents()
            if all(self._counts[place] > count for place, count in before.items()):
                return 1e3 * (time.perf_counter() - begin_s)
        raise RuntimeError("a widget was not painted")


def make_walkers(folder: Path, people: int) -> Path:
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
    for frame in range(FRAMES):
        cv2.imwrite(str(pictures / f"{frame:03d}.jpg"), np.roll(noise, frame * 7, 1))
    swing = np.sin(np.arange(FRAMES) / 4)
    runs: list[PersonMotion] = []
    for number in range(people):
        joints_rad = np.zeros((FRAMES, 24, 3))
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
                root_scene_m=np.tile(place, (FRAMES, 1)),
                betas=np.zeros(10),
            )
        )
    footage = open_footage(pictures, fps=Fraction(25))
    project = create_project(folder / "walk.hpes", footage.clip)
    motion = MotionFile(
        fps=Fraction(25), frame_count=FRAMES, people=tuple(runs), size_px=_SIZE_PX
    )
    import_motion(project.document, motion, name="walk")
    project.close()
    footage.close()
    return folder / "walk.hpes"
