"""Verbs of a hand that drags joints."""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from hpe_studio.ui.sights import sight_of
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewport import Viewport
from tests.driver import LEFT, NO_KEYS, StudioDriver

STEPS = 4


def joint_px(
    driver: StudioDriver, person: str, joint: str, canvas: VideoView | Viewport
) -> np.ndarray:
    """Where a joint is seen in a viewer, view pixels, shape (2,)."""
    place = driver.joint_m(driver.person(person), joint)
    return sight_of(driver.session, canvas).project(place)


def drag_joint(
    driver: StudioDriver,
    person: str,
    joint: str,
    by_px: tuple[float, float],
    canvas: VideoView | Viewport,
    *,
    modifiers: Any = NO_KEYS,
    release: bool = True,
) -> np.ndarray:
    """Take a joint and move it by view pixels; where the pointer ended."""
    start = joint_px(driver, person, joint, canvas)
    shares = np.linspace(0, 1, STEPS)
    path = [tuple((start + np.array(by_px) * share).tolist()) for share in shares]
    kinds = [QEvent.Type.MouseButtonPress, *[QEvent.Type.MouseMove] * (STEPS - 1)]
    for kind, point in zip(kinds, path, strict=True):
        send_mouse(canvas, kind, point, modifiers)
    if release:
        send_mouse(canvas, QEvent.Type.MouseButtonRelease, path[-1], modifiers)
    return np.array(path[-1])


def send_mouse(
    canvas: VideoView | Viewport,
    kind: QEvent.Type,
    point: tuple[float, float],
    modifiers: Any = NO_KEYS,
) -> None:
    """One event of the left button, handled at once; nothing is painted yet."""
    at = QPointF(*point)
    is_move = kind == QEvent.Type.MouseMove
    is_release = kind == QEvent.Type.MouseButtonRelease
    event = QMouseEvent(
        kind,
        at,
        QPointF(canvas.mapToGlobal(at)),
        Qt.MouseButton.NoButton if is_move else LEFT,
        Qt.MouseButton.NoButton if is_release else LEFT,
        modifiers,
    )
    QApplication.sendEvent(canvas, event)
