"""What the mouse does in the video: pan, zoom, pick, and a band around people."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPen, QWheelEvent

from hpe_studio.core.viewstate import Selection
from hpe_studio.render.hit2d import Hit, hit_test
from hpe_studio.render.overlay import Overlay
from hpe_studio.render.targets import Targets
from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.video_zoom import VideoZoom

_WHEEL_STEP = 1.2
_CLICK_PX = 4.0


class Pane(Protocol):
    """The video pane as the pointer knows it."""

    @property
    def overlay(self) -> Overlay:
        """What can be hit."""
        ...

    def update(self) -> None:
        """Paint again soon."""
        ...

    def setCursor(self, cursor: Qt.CursorShape, /) -> None:
        """Show another pointer."""
        ...

    def unsetCursor(self) -> None:
        """Show the usual pointer."""
        ...

    def devicePixelRatioF(self) -> float:
        """Device pixels per logical pixel."""
        ...


class VideoPointer:
    """Presses, moves and releases that no tool has taken.

    Middle, Shift or Alt drag pans; a drag from free ground draws a band around people;
    a click picks, with Shift beside the others selected.

    Args:
        pane: The video pane.
        session: Whose people are selected.
        zoom: What is zoomed and panned.
    """

    def __init__(self, pane: Pane, session: Session, zoom: VideoZoom) -> None:
        self._pane = pane
        self._session = session
        self._zoom = zoom
        self._pressed_at: QPointF | None = None
        self._last = QPointF()
        self._mode = ""  # "pan", "band" or "" between press and release
        self._is_shift_click = False

    @property
    def band(self) -> QRectF | None:
        """The band drawn now, or None."""
        if self._mode != "band" or self._pressed_at is None:
            return None
        return QRectF(self._pressed_at, self._last).normalized()

    @property
    def is_busy(self) -> bool:
        """True between press and release."""
        return self._pressed_at is not None

    def hit(self, at: QPointF) -> Hit | None:
        """What lies under a place."""
        return hit_test(self._pane.overlay, at.x(), at.y())

    def press(self, event: QMouseEvent) -> None:
        """Pick what is pressed, or begin to pan."""
        self._pressed_at = self._last = event.position()
        self._mode = ""
        is_left = event.button() == Qt.MouseButton.LeftButton
        held = event.modifiers()
        self._is_shift_click = is_left and bool(
            held & Qt.KeyboardModifier.ShiftModifier
        )
        if not is_left or held & Qt.KeyboardModifier.AltModifier:
            self._begin_pan()
        elif not self._is_shift_click:
            self._pick(event.position(), is_adding=False)

    def move(self, event: QMouseEvent) -> None:
        """Go on with the drag."""
        at = event.position()
        if self._pressed_at is None:
            return
        step, self._last = at - self._last, at
        if not self._mode and (at - self._pressed_at).manhattanLength() > _CLICK_PX:
            self._begin_drag()
        if self._mode == "pan":
            self._zoom.pan(step.x(), step.y())
        elif self._mode == "band":
            self._select_within()
            self._pane.update()

    def release(self) -> None:
        """End the drag; without one a Shift click picks beside the others."""
        at, mode = self._pressed_at, self._mode
        self._pressed_at, self._mode = None, ""
        self._pane.unsetCursor()
        if at is not None and not mode and self._is_shift_click:
            self._pick(at, is_adding=True)
        self._is_shift_click = False
        self._pane.update()

    def double_click(self, at: QPointF) -> None:
        """Fit the picture, or where it is fitted show its own pixels."""
        if not self._zoom.is_fitted:
            self._zoom.fit()
            return
        scale = 1 / self._pane.devicePixelRatioF()
        self._zoom.zoom_to(scale, at.x(), at.y())

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; touchpads pan with Shift."""
        at, turned = event.position(), event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._zoom.pan(turned.x() / 2 + turned.y() / 2, 0.0)
        else:
            self._zoom.zoom(_WHEEL_STEP ** (turned.y() / 120), at.x(), at.y())
        event.accept()

    def paint(self, painter: QPainter) -> None:
        """Paint the band."""
        band = self.band
        if band is None:
            return
        painter.setPen(QPen(look.colour("video.tag_text", alpha=0.9), 1.0))
        painter.setBrush(look.colour("accent.fill", alpha=0.18))
        painter.drawRect(band)

    def _begin_pan(self) -> None:
        self._mode = "pan"
        self._pane.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _begin_drag(self) -> None:
        if self._is_shift_click:
            self._begin_pan()
            return
        assert self._pressed_at is not None
        hit = self.hit(self._pressed_at)
        if hit is None or hit.kind == "box":
            self._mode = "band"

    def _pick(self, at: QPointF, *, is_adding: bool) -> None:
        hit = self.hit(at)
        if hit is not None:
            self._session.pick(int(hit.person), hit.joint, is_adding=is_adding)
        elif not is_adding:
            self._session.select(None)

    def _select_within(self) -> None:
        band = self.band
        if band is None:
            return
        ids = people_within(self._pane.overlay.targets, band)
        persons = tuple(sorted(ids))
        if persons != tuple(sorted(self._session.view.selection.persons)):
            self._session.view.selection = Selection(persons=persons)


def people_within(targets: Targets, band: QRectF) -> set[int]:
    """Ids of the people of whom a joint lies in a band."""
    low = (band.left(), band.top())
    high = (band.right(), band.bottom())
    within = ((targets.joints >= low) & (targets.joints <= high)).all(axis=1)
    owners = np.unique(targets.joint_owner[within]).tolist()
    return {int(targets.people[owner]) for owner in owners}
