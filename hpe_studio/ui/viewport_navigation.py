"""Moving the viewport's camera: drags, wheel, the axis ball, and short glides."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import (
    QEasingCurve,
    QObject,
    QPointF,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.marks3d import hit_axis_ball, on_axis_ball
from hpe_studio.render.orbit import OrbitState, framed, orbited, panned, zoomed_at
from hpe_studio.ui.figures import joints_in_shot, joints_now
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.stage_cameras import rig_points_m
from hpe_studio.ui.viewport_camera import ViewportCamera

GLIDE_MS = 160
REDUCED_MOTION = "look.reduced_motion"
_SMOOTH_MS = 40.0
_WHEEL_STEP = 1.15
_CLICK_PX = 3.0
_FRAME_MARGIN, _SHOT_MARGIN = 0.22, 0.14
_STRAY = 5.0


class Navigator(QObject):
    """Turns what hands do into moves of a camera.

    Gliding is only drawn: clicks, tools and tests already find the camera at its goal.

    Args:
        widget: The viewport.
        camera: What is moved.
        session: Whose people are framed.
    """

    moved = Signal()

    def __init__(
        self, widget: QWidget, camera: ViewportCamera, session: Session
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._camera = camera
        self._session = session
        self._from: QPointF | None = None
        self._pressed_at = QPointF()
        self._is_panning = False
        self._is_on_ball = False
        self.is_ball_hovered = False
        self._is_shot_framed = False
        self.frame_ms = 0.0  # what the last moving picture took
        self._glide_start: OrbitState | None = None
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(GLIDE_MS)
        self._glide.setStartValue(0.0)
        self._glide.setEndValue(1.0)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._on_glide)
        self._glide.finished.connect(self.land)

    @property
    def is_gliding(self) -> bool:
        """True while the picture is on its way."""
        return self._glide_start is not None

    def press(self, event: QMouseEvent) -> bool:
        """Begin to orbit or pan (middle button or Alt, or on the axis ball)."""
        at = event.position()
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._is_on_ball = is_left and self._on_ball(at)
        if not (self._is_on_ball or _is_navigating(event)):
            return False
        self.land()
        self._from = self._pressed_at = at
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._is_panning = bool(shift) and not self._is_on_ball
        return True

    def move(self, event: QMouseEvent) -> bool:
        """Go on; False where nothing was begun."""
        at = event.position()
        if self._from is None:
            self._hover(at)
            return self.is_ball_hovered
        if self._is_on_ball and _distance(at, self._pressed_at) < _CLICK_PX:
            return True
        step, self._from = at - self._from, at
        self._is_shot_framed = False
        if self._is_panning:
            self._camera.change(self._panned, step)
        else:
            self._camera.change(self._orbited, step)
        self.moved.emit()
        return True

    def release(self, event: QMouseEvent) -> bool:
        """End; a click on an axis end looks along that axis."""
        if self._from is None:
            return False
        self._from = None
        if self._is_on_ball and (
            _distance(event.position(), self._pressed_at) < _CLICK_PX
        ):
            at = event.position()
            view = self._camera.view(self._size())
            name = hit_axis_ball(view, at.x(), at.y())
            if name is not None:
                self._session.requests.preset_wanted.emit(name)
        return True

    def leave(self) -> None:
        """The pointer left the viewport."""
        self._hover(QPointF(-1, -1))

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self.land()
        self._is_shot_framed = False
        factor = _WHEEL_STEP ** (event.angleDelta().y() / 120)
        self._camera.change(self._zoomed, (factor, event.position()))
        self.moved.emit()

    def take_preset(self, name: str) -> None:
        """Look along an axis, through the camera, or from home, people in view."""

        def move() -> None:
            self._camera.take_preset(name)
            if name == "home":
                self._frame_shot()
            elif name != "camera":
                self._frame()

        self._glide_by(move, at_once=name in ("camera", "home"))

    def frame(self) -> None:
        """Bring the selected person, or everyone, into view."""
        self._glide_by(self._frame, at_once=False)

    def frame_shot(self) -> None:
        """Bring everyone of the whole shot into view at once."""
        self._glide_by(self._frame_shot, at_once=True)

    def fit_to_size(self) -> None:
        """Keep the shot framed in another size, unless someone moved the camera."""
        if self._is_shot_framed:
            self.frame_shot()

    def land(self) -> None:
        """Be there at once."""
        self._glide.stop()
        if self._glide_start is not None:
            self._glide_start = None
            self._camera.glide(None)
            self.moved.emit()

    def _frame_shot(self) -> None:
        everyone = joints_in_shot(self._session)
        if everyone:
            points = self._session.to_level(np.concatenate(everyone))
            self._camera.change(self._framed_closely, _without_strays(points))
        elif self._session.document.views:  # nobody yet: all cameras and their floor
            self._camera.change(self._framed_closely, rig_points_m(self._session))
        self._is_shot_framed = bool(everyone) or self._is_shot_framed

    def _frame(self) -> None:
        self._is_shot_framed = False
        joints = joints_now(self._session)
        active = self._session.view.selection.active
        chosen = [joints[active]] if active in joints else list(joints.values())
        chosen = chosen or joints_in_shot(self._session)
        if chosen:
            points = self._session.to_level(np.concatenate(chosen))
            self._camera.change(self._framed, points)

    def _glide_by(self, move: Callable[[], None], *, at_once: bool) -> None:
        start, was_through = self._camera.drawn_orbit, self._camera.is_through
        self.land()
        move()
        is_jump = at_once or was_through or self._camera.is_through
        if not is_jump and start != self._camera.orbit and self._may_glide():
            self._glide_start = start
            self._camera.glide(start, 0.0)
            self._glide.start()
        self.moved.emit()

    def _may_glide(self) -> bool:
        is_reduced = settings().read(REDUCED_MOTION, default=False)
        return (
            self._widget.isVisible() and not is_reduced and self.frame_ms <= _SMOOTH_MS
        )

    def _on_glide(self, share: float) -> None:
        if self._glide_start is not None:
            self._camera.glide(self._glide_start, share)
            self.moved.emit()

    def _on_ball(self, at: QPointF) -> bool:
        return on_axis_ball(self._camera.view(self._size()), at.x(), at.y())

    def _hover(self, at: QPointF) -> None:
        is_hovered = self._on_ball(at)
        if is_hovered != self.is_ball_hovered:
            self.is_ball_hovered = is_hovered
            self._widget.update()

    # As functions of a state (see `ViewportCamera.change`)

    def _framed(self, state: OrbitState, points: FloatArray) -> OrbitState:
        return framed(state, points, size=self._size(), margin=_FRAME_MARGIN)

    def _framed_closely(self, state: OrbitState, points: FloatArray) -> OrbitState:
        return framed(state, points, size=self._size(), margin=_SHOT_MARGIN)

    def _orbited(self, state: OrbitState, step: QPointF) -> OrbitState:
        return orbited(state, step.x(), step.y())

    def _panned(self, state: OrbitState, step: QPointF) -> OrbitState:
        height = self._size()[1]
        return panned(state, step.x(), step.y(), view_height=height)

    def _zoomed(self, state: OrbitState, how: tuple[float, QPointF]) -> OrbitState:
        factor, at = how
        return zoomed_at(state, factor, at.x(), at.y(), size=self._size())

    def _size(self) -> tuple[float, float]:
        widget = self._widget
        return float(max(widget.width(), 1)), float(max(widget.height(), 1))


def _is_navigating(event: QMouseEvent) -> bool:
    is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
    is_left = event.button() == Qt.MouseButton.LeftButton
    return event.button() == Qt.MouseButton.MiddleButton or (is_left and is_alt)


def _without_strays(points_m: FloatArray) -> FloatArray:
    """Points without those that a wrong depth put far from all the others."""
    known = points_m[np.isfinite(points_m).all(axis=1)]
    away_m = np.linalg.norm(known - np.median(known, axis=0), axis=1)
    return known[away_m <= _STRAY * max(float(np.median(away_m)), 1.0)]


def _distance(one: QPointF, other: QPointF) -> float:
    return float(np.hypot(one.x() - other.x(), one.y() - other.y()))
