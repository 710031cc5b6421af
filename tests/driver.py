"""Drives the real window through real events, as a person would."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QKeySequence, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QToolButton,
    QWidget,
)

from hpe_studio import app as studio_app
from hpe_studio.core.document import Document
from hpe_studio.core.person import Person
from hpe_studio.render.gizmo import Gizmo, Ring, hit_ring, ring_points_px
from hpe_studio.ui.dialogs.rate import RateDialog
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.outliner import OutlinerTree
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools.rotate import RotateTool
from hpe_studio.ui.video_view import VideoView
from hpe_studio.ui.viewport import Viewport
from hpe_studio.ui.window import StudioWindow
from hpe_studio.ui.workspace import Workspace
from tests.drive_start import let_go, put_back

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
NO_KEYS = Qt.KeyboardModifier.NoModifier
_PATIENCE_S = 120.0


class StudioDriver:
    """A window booted as `app.main` boots it, and verbs of a person.

    Use it in a ``with`` statement: closing checks that nothing is left behind.

    Args:
        size: Width and height of the window.
    """

    def __init__(self, size: tuple[int, int] = (1440, 900)) -> None:
        self.app = studio_app.make_application()
        self.window: StudioWindow = studio_app.make_window()
        self.window.resize(*size)
        self.window.show()
        self.window.activateWindow()
        let_go()
        self.app.processEvents()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the window and let Qt delete it."""
        self.window.close()
        self.window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.processEvents()

    # Reading -------------------------------------------------------------------

    @property
    def session(self) -> Session:
        """The open project."""
        assert self.window.session is not None, "nothing is open"
        return self.window.session

    @property
    def document(self) -> Document:
        """Its document."""
        return self.session.document

    @property
    def workspace(self) -> Workspace:
        """The panels."""
        assert self.window.workspace is not None, "nothing is open"
        return self.window.workspace

    @property
    def video(self) -> VideoView:
        """The video pane."""
        return self.workspace.video

    @property
    def viewport(self) -> Viewport:
        """The 3D pane."""
        return self.workspace.viewport

    @property
    def lanes(self) -> LaneCanvas:
        """The drawn part of the lanes."""
        return self.workspace.lanes.canvas

    @property
    def tree(self) -> OutlinerTree:
        """The list of people and shots."""
        return self.workspace.outliner.tree

    @property
    def frame(self) -> int:
        """The frame shown."""
        return self.session.view.frame

    @property
    def toast(self) -> str:
        """The sentence of the toast, or ""."""
        return self.window.toasts.text

    def person(self, name: str) -> Person:
        """The person of that name."""
        return next(p for p in self.session.persons if p.name == name)

    def joint_index(self, person: Person, joint: str) -> int:
        """A joint's index on the frame shown."""
        posed = self.session.poser.pose_at(person.id, self.frame)
        assert posed is not None, f"{person.name} is missing on frame {self.frame}"
        return posed.skeleton.index(joint)

    def joint_m(self, person: Person, joint: str) -> np.ndarray:
        """A joint's place in the scene on the frame shown, shape (3,)."""
        posed = self.session.poser.pose_at(person.id, self.frame)
        assert posed is not None
        return np.array(posed.joints_scene_m[posed.skeleton.index(joint)])

    def menu_text(self, action_id: str) -> str:
        """What the menu calls an action now."""
        return self.window.actions_[action_id].text()

    # Waiting --------------------------------------------------------------------

    def settle(self) -> None:
        """Let queued events be handled."""
        for _ in range(3):
            self.app.processEvents()

    def wait_until(
        self,
        condition: Callable[[], bool],
        what: str,
        *,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Let the window work until something holds."""
        deadline_s = time.monotonic() + patience_s
        while not condition():
            assert time.monotonic() < deadline_s, f"waited in vain for {what}"
            self.app.processEvents()
            time.sleep(0.002)

    def wait_idle(self) -> None:
        """Let the window work until nothing loads, runs or is drawn in haste."""
        self.settle()
        self.wait_until(lambda: self.window.is_still, "the window to rest")
        self.settle()

    # Opening --------------------------------------------------------------------

    def open_clip(self, path: Path) -> None:
        """Open a clip, project or results file and wait for its first picture.

        A folder of images asks for its rate; the assumed one is taken.
        """
        assert self.window.open_path(path), self.toast
        dialog = self.window.findChild(RateDialog)
        if dialog is not None:
            self.click(dialog.go, 10, 10)
        self.wait_idle()

    def start_over(self, last_step: str) -> None:
        """Undo down to a step and put everything that is looked at back.

        Args:
            last_step: The undoable step that stays.
        """
        put_back(self, last_step)

    # Keys -----------------------------------------------------------------------

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """Press keys ("Ctrl+Z") where the focus is, or on a widget."""
        sequence = QKeySequence(keys)
        assert sequence.count() == 1, keys
        combination = sequence[0]
        if self.app.activeWindow() is None:  # as window managers do after a dialog
            self.window.activateWindow()
            self.app.processEvents()
        target = widget or self.app.focusWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def type_into(self, widget: QWidget, text: str) -> None:
        """Replace a field's text by typing and press Return."""
        widget.setFocus()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClicks(widget, text)
        QTest.keyClick(widget, Qt.Key.Key_Return)
        self.settle()

    # Mouse ----------------------------------------------------------------------

    def click(
        self, widget: QWidget, x: float, y: float, modifiers: Any = NO_KEYS
    ) -> None:
        """Click with the left button."""
        QTest.mouseClick(widget, LEFT, modifiers, QPoint(round(x), round(y)))
        self.settle()

    def drag(
        self,
        widget: QWidget,
        points: list[tuple[float, float]],
        *,
        button: Qt.MouseButton = LEFT,
        modifiers: Any = NO_KEYS,
        release: bool = True,
    ) -> None:
        """Press at the first point, move over the others, release at the last."""
        self._mouse(widget, QEvent.Type.MouseButtonPress, points[0], button, modifiers)
        for point in points[1:]:
            self._mouse(widget, QEvent.Type.MouseMove, point, button, modifiers)
            self.app.processEvents()
        if release:
            last = points[-1]
            kind = QEvent.Type.MouseButtonRelease
            self._mouse(widget, kind, last, button, modifiers)
        self.settle()

    def wheel(self, widget: QWidget, x: float, y: float, notches: int) -> None:
        """Turn the wheel over a place."""
        at = QPointF(x, y)
        event = QWheelEvent(
            at,
            QPointF(widget.mapToGlobal(at.toPoint())),
            QPoint(0, 0),
            QPoint(0, 120 * notches),
            Qt.MouseButton.NoButton,
            NO_KEYS,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(widget, event)
        self.settle()

    def _mouse(
        self,
        widget: QWidget,
        kind: QEvent.Type,
        point: tuple[float, float],
        button: Qt.MouseButton,
        modifiers: Any,
    ) -> None:
        at = QPointF(*point)
        is_move = kind == QEvent.Type.MouseMove
        is_release = kind == QEvent.Type.MouseButtonRelease
        event = QMouseEvent(
            kind,
            at,
            QPointF(widget.mapToGlobal(at)),
            Qt.MouseButton.NoButton if is_move else button,
            Qt.MouseButton.NoButton if is_release else button,
            modifiers,
        )
        QApplication.sendEvent(widget, event)

    # Verbs -----------------------------------------------------------------------

    def focus_video(self) -> None:
        """Put the focus where single keys act."""
        self.video.setFocus()
        self.settle()

    def scrub_to(self, frame: int) -> None:
        """Go to a frame by the ruler."""
        lanes = self.lanes
        self.drag(lanes, [(lanes.x_of(self.frame), 10), (lanes.x_of(frame), 10)])

    def step(self, by: int = 1) -> None:
        """Step by arrow keys."""
        self.focus_video()
        for _ in range(abs(by)):
            self.press("Right" if by > 0 else "Left")

    def play_until(self, condition: Callable[[], bool], what: str) -> None:
        """Play by Space until something holds, by the machine's own clock."""
        self.focus_video()
        self.press("Space")
        self.wait_until(condition, what)
        self.press("Space")

    def play_frames(self, count: int) -> list[int]:
        """Play so many frames by Space and give those that were shown.

        The clock goes on by a frame whenever the window has done what there was to do,
        so that every machine is fast enough.
        """
        playback, shown = self.session.playback, list[int]()
        now_s = playback._now_s()
        playback._now_s = lambda: now_s
        self.session.bridge.frame_changed.connect(shown.append)
        try:
            self.focus_video()
            self.press("Space")
            for number in range(1, count + 1):
                now_s += playback.step_s
                playback._timer.start(0)
                self.wait_until(lambda n=number: len(shown) == n, "the next frame")
                self.settle()
            self.press("Space")
        finally:
            self.session.bridge.frame_changed.disconnect(shown.append)
            playback._now_s = time.monotonic
        return shown

    def joint_in_video(self, person: Person, joint: str) -> tuple[float, float]:
        """Where a joint is drawn over the footage, view pixels."""
        targets = self.video.overlay.targets
        index = self.joint_index(person, joint)
        owner = targets.people.index(str(person.id))
        hits = (targets.joint_owner == owner) & (targets.joint_index == index)
        x, y = targets.joints[np.flatnonzero(hits)[0]]
        return float(x), float(y)

    def select_joint(self, person: str, joint: str) -> None:
        """Pick a joint in the video."""
        self.click(self.video, *self.joint_in_video(self.person(person), joint))

    def gizmo(self) -> Gizmo:
        """The rings around the selected joint."""
        tool = self.workspace.tools.active
        assert isinstance(tool, RotateTool), "press R first"
        assert tool.gizmo is not None, "select a joint first"
        return tool.gizmo

    def drag_gizmo(
        self,
        ring: Ring,
        degrees: float,
        canvas: Viewport | VideoView | None = None,
        *,
        release: bool = True,
    ) -> float:
        """Take a ring and turn it by about so many degrees; the angle really turned."""
        target = canvas or self.viewport
        view, rings = target.scene_view(), self.gizmo()
        points = ring_points_px(rings, view, ring)
        count = len(points)
        free = [i for i, p in enumerate(points) if hit_ring(rings, view, *p) == ring]
        assert free, f"the ring {ring} cannot be hit"
        steps = round(abs(degrees) / 360 * count)
        sign = 1 if degrees > 0 else -1
        speed = np.linalg.norm(np.roll(points, -1, 0) - np.roll(points, 1, 0), axis=1)
        start = max(free, key=lambda i: float(speed[i]))
        path = [tuple(points[(start + sign * i) % count]) for i in range(steps + 1)]
        self.drag(target, path, release=release)
        return sign * steps * 360 / count

    def row_rect(self, kind: str, value_id: int, column: int = 0) -> QRect:
        """Where a cell of the list is, in the tree's viewport."""
        index = self.tree.index_of(kind, value_id)
        assert index.isValid()
        return self.tree.visualRect(index.siblingAtColumn(column))

    def click_row(self, name: str, column: int = 0, modifiers: Any = NO_KEYS) -> None:
        """Click a person's row: name (0), lock (1) or eye (2)."""
        at = self.row_rect("person", self.person(name).id, column).center()
        self.click(self.tree.viewport(), at.x(), at.y(), modifiers)

    def toggle_eye(self, name: str) -> None:
        """Click a person's eye."""
        self.click_row(name, 2)

    def rename(self, name: str, new_name: str) -> None:
        """Type another name in the list."""
        self.click_row(name)
        self.press("F2", self.tree)
        editors = [e for e in self.tree.findChildren(QLineEdit) if e.isVisible()]
        assert editors, "no editor opened"
        self.type_into(editors[0], new_name)

    def button(self, action_id: str) -> QToolButton:
        """A visible button of an action."""
        action = self.window.actions_[action_id]
        for button in self.window.findChildren(QToolButton):
            if button.defaultAction() is action and button.isVisible():
                return button
        raise AssertionError(f"no button of {action_id}")

    def click_button(self, action_id: str) -> None:
        """Click the button of an action."""
        button = self.button(action_id)
        self.click(button, button.width() / 2, button.height() / 2)

    def grab(self, path: Path | None = None) -> QImage:
        """A photograph of the window, written to a file where one is named."""
        self.settle()
        image = self.window.grab().toImage()
        if path is not None:
            assert image.save(str(path))
        return image
