"""The 3D view of the frame: people, floor, the clip's camera; orbit, pick, turn."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from hpe_studio.core.arrays import ByteArray, FloatArray
from hpe_studio.render.orbit import OrbitState, framed, orbited, panned, zoomed_at
from hpe_studio.render.picking import pick_joint
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui.figures import joints_in_shot, joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.stage import Stage
from hpe_studio.ui.tools import ToolBox
from hpe_studio.ui.viewport_camera import ViewportCamera
from hpe_studio.ui.viewport_marks import paint_marks

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture
    from hpe_studio.ui.bridge import Touched

STILL_AFTER_MS = 150
_WHEEL_STEP = 1.15


class Viewport(QWidget):
    """Shows what `render.Scene3D` draws off screen, and moves its camera.

    While anything moves a quick picture is drawn; 150 ms later a careful one.

    Args:
        session: What is shown.
        tools: What the left mouse button does.
    """

    looked = Signal()

    def __init__(self, session: Session, tools: ToolBox) -> None:
        super().__init__()
        self._session = session
        self._tools = tools
        self._camera = ViewportCamera(session)
        self._stage = Stage(session)
        self._image: QImage | None = None
        self._is_stale = True
        self.quality = "moving"
        self._drag_from: QPointF | None = None
        self._is_panning = False
        self._is_framed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName("3D viewport")
        self.setMinimumSize(160, 120)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_AFTER_MS)
        self._still.timeout.connect(self._on_still_timeout)
        bridge = session.bridge
        bridge.frame_changed.connect(self._on_scene_changed)
        bridge.selection_changed.connect(self._on_marks_changed)
        bridge.tool_changed.connect(self._on_marks_changed)
        bridge.layers_changed.connect(self._on_people_changed)
        bridge.document_changed.connect(self._on_document_changed)
        bridge.picture_arrived.connect(self._on_picture_arrived)
        session.requests.preset_wanted.connect(self._on_preset_wanted)
        session.requests.framing_wanted.connect(self.frame_selection)

    def sizeHint(self) -> QSize:
        """Half of a usual window."""
        return QSize(480, 360)

    def close_scene(self) -> None:
        """Give the graphics memory back, before the widget goes."""
        self._still.stop()
        self._stage.close()

    def scene_view(self) -> ViewCamera:
        """How scene metres are seen in this widget's logical pixels."""
        return self._camera.scene_view(self._size())

    @property
    def camera(self) -> ViewportCamera:
        """Where it is looked from."""
        return self._camera

    @property
    def is_still(self) -> bool:
        """True when the careful picture of what there is to see is on screen."""
        is_done = not self._is_stale and not self._still.isActive()
        return is_done or not self.isVisible()

    def frame_selection(self) -> None:
        """Bring the selected person, or everyone, into view."""
        joints = joints_now(self._session)
        active = self._session.view.selection.active
        chosen = [joints[active]] if active in joints else list(joints.values())
        chosen = chosen or joints_in_shot(self._session)
        if chosen:
            points = self._session.to_level(np.concatenate(chosen))
            self._camera.change(self._framed, points)
        self._touch()

    # Events -------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the scene's picture and the marks over it."""
        if self._is_stale or self._image is None:
            self._render()
        painter = QPainter(self)
        if self._image is not None:
            painter.drawImage(self.rect(), self._image)
        self._tools.paint(painter, self)
        level_view = self._camera.view(self._size())
        paint_marks(painter, self._session, self.scene_view(), level_view)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Orbit or pan with the middle button or Alt, else use the tool."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if _is_navigating(event):
            self._drag_from = event.position()
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self._is_panning = bool(shift)
        elif event.button() == Qt.MouseButton.LeftButton:
            if not self._tools.press(self, event):
                self._pick(event)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with orbiting, panning or the drag."""
        if self._drag_from is None:
            self._tools.move(self, event)
            return
        step = event.position() - self._drag_from
        self._drag_from = event.position()
        if self._is_panning:
            self._camera.change(self._panned, step)
        else:
            self._camera.change(self._orbited, step)
        self._touch()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End orbiting, panning or the drag."""
        if self._drag_from is not None:
            self._drag_from = None
        else:
            self._tools.release(self, event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        factor = _WHEEL_STEP ** (event.angleDelta().y() / 120)
        self._camera.change(self._zoomed, (factor, event.position()))
        self._touch()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the actions."""
        event.ignore()

    def resizeEvent(self, _event: QResizeEvent) -> None:
        """Draw anew in the new size."""
        self._touch()

    # Drawing ------------------------------------------------------------------

    def _render(self) -> None:
        if not self._is_framed and joints_in_shot(self._session):
            self._is_framed = True
            self.frame_selection()
        ratio = self.devicePixelRatioF()
        width, height = round(self.width() * ratio), round(self.height() * ratio)
        pixels = self._stage.picture(
            self._camera.view(self._size()),
            (max(width, 1), max(height, 1)),
            quality=self.quality,
            through=self._camera.picture_place(self._size()),
        )
        self._image = _as_image(pixels, ratio)
        self._is_stale = False

    def _touch(self) -> None:
        """Something moved: draw quickly now and carefully when it rests."""
        self._is_stale = True
        self.quality = "moving"
        self._still.start()
        self.looked.emit()
        self.update()

    def _on_still_timeout(self) -> None:
        if self._session.playback.direction or self._session.document.is_editing:
            self._still.start()
            return
        self.quality = "still"
        self._is_stale = True
        self.update()

    # Camera, as functions of a state (see `ViewportCamera.change`) ---------------

    def _framed(self, state: OrbitState, points: FloatArray) -> OrbitState:
        return framed(state, points, size=self._size(), margin=0.22)

    def _orbited(self, state: OrbitState, step: QPointF) -> OrbitState:
        return orbited(state, step.x(), step.y())

    def _panned(self, state: OrbitState, step: QPointF) -> OrbitState:
        return panned(state, step.x(), step.y(), view_height=self.height())

    def _zoomed(self, state: OrbitState, how: tuple[float, QPointF]) -> OrbitState:
        factor, at = how
        return zoomed_at(state, factor, at.x(), at.y(), size=self._size())

    def _size(self) -> tuple[float, float]:
        return float(max(self.width(), 1)), float(max(self.height(), 1))

    # Picking -------------------------------------------------------------------

    def _pick(self, event: QMouseEvent) -> None:
        """Select the joint near the pointer, else the body under it, else nothing."""
        x, y = event.position().x(), event.position().y()
        session = self._session
        view = self.scene_view()
        joints = joints_now(session)
        active = session.view.selection.active
        mine: dict[Hashable, FloatArray] = {}
        if active in joints:
            mine[active] = joints[active]
        hit = pick_joint(view, mine, x, y)
        if hit is not None and active is not None:
            session.select(active, hit.joint)
            return
        person = self._stage.pick_person(x, y)
        if person is None:
            hit = pick_joint(view, dict(joints.items()), x, y)
            session.select(None if hit is None else int(str(hit.person)))
            return
        session.select(int(str(person)))

    # What changed ---------------------------------------------------------------

    def _on_scene_changed(self, _frame: int) -> None:
        self._stage.forget_poses()
        self._touch()

    def _on_people_changed(self, _layers: object) -> None:
        self._stage.forget_people()
        self._touch()

    def _on_document_changed(self, touched: Touched) -> None:
        if touched.any_of("persons", "tracks", "shots", "cameras", "settings"):
            self._stage.forget_people()
            self._touch()
        elif touched.any_of("keys"):
            self._stage.forget_poses()
            self._touch()

    def _on_marks_changed(self, _selection: object) -> None:
        self.update()

    def _on_picture_arrived(self, picture: Picture) -> None:
        self._stage.set_picture(picture.rgb)
        if self._camera.is_through:
            self._touch()
        elif self.quality == "still":
            self._still.start()

    def _on_preset_wanted(self, name: str) -> None:
        self._camera.take_preset(name)
        if name != "camera":
            self.frame_selection()
        self._touch()


def _is_navigating(event: QMouseEvent) -> bool:
    is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    is_left = event.button() == Qt.MouseButton.LeftButton
    return event.button() == Qt.MouseButton.MiddleButton or (is_left and is_alt)


def _as_image(rgba: ByteArray, ratio: float) -> QImage:
    rows, columns, _ = rgba.shape
    kind = QImage.Format.Format_RGBX8888
    image = QImage(rgba.data, columns, rows, 4 * columns, kind)
    image.setDevicePixelRatio(ratio)
    return image
