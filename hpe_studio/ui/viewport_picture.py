"""The 3D view's picture: begun as soon as something moved, fetched to be painted."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.quality import Quality
from hpe_studio.ui.dissolve import Dissolve
from hpe_studio.ui.play_pace import PlayPace
from hpe_studio.ui.session import Session
from hpe_studio.ui.stage import Stage
from hpe_studio.ui.viewport_camera import ViewportCamera

STILL_AFTER_MS = 150


class ScenePicture(QObject):
    """Has a stage drawn, quickly while anything moves and carefully when it rests.

    The quick picture has, without a graphics card, one pixel per logical one; the
    careful one comes 150 ms later at the screen's own pixels. Drawing begins in the
    turn of the event loop in which something moved, before anything is painted: while
    the window paints the rest, other threads or the graphics card draw.

    Args:
        widget: Where it is painted; its size counts.
        stage: What is drawn.
        camera: What it is seen through.
        session: Asked whether something still goes on.

    Attributes:
        quality: How much care the next picture is given.
        prepare: Called before drawing begins.
        drawn: How many pictures were fetched.
    """

    begin_wanted = Signal()

    def __init__(
        self, widget: QWidget, stage: Stage, camera: ViewportCamera, session: Session
    ) -> None:
        super().__init__(widget)
        self._widget, self._stage, self._camera = widget, stage, camera
        self._session = session
        self._image: QImage | None = None
        self._is_stale, self._is_begun = True, False
        self._is_asked = False
        self._ratio, self._spent_s = 1.0, 0.0
        self._dissolve = Dissolve(widget)
        self.quality: Quality = "moving"
        self.prepare: Callable[[], None] = _nothing
        self.drawn = 0
        self.pace = PlayPace(session.playback, self)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(STILL_AFTER_MS)
        self._still.timeout.connect(self._on_still_timeout)
        self.begin_wanted.connect(
            self._on_begin_wanted, Qt.ConnectionType.QueuedConnection
        )

    def close(self) -> None:
        """Draw nothing any more."""
        self._still.stop()
        self._dissolve.stop()
        self._is_stale = False

    @property
    def is_at_rest(self) -> bool:
        """True when the careful picture of what there is to see is on screen."""
        is_due = self._is_stale or self._is_begun or self._still.isActive()
        return not (is_due or self._dissolve.is_running)

    def touch(self) -> None:
        """Something moved: draw quickly now and carefully when it rests."""
        self._is_stale = True
        self.quality = "moving"
        self._dissolve.stop()
        self._still.start()
        if not self._is_asked:  # queued: it comes before the window is painted
            self._is_asked = True
            self.begin_wanted.emit()

    def rest_later(self) -> None:
        """Something small changed that the next careful picture shows."""
        if self.quality == "still":
            self._still.start()

    def begin(self) -> None:
        """Have what is new drawn, unless that was begun already."""
        if not self._is_stale:
            return
        self.prepare()
        start_s = time.perf_counter()
        width, height = self._widget.width(), self._widget.height()
        ratio = self._widget.devicePixelRatioF()
        if self.quality == "moving" and self._stage.is_software:
            ratio = min(ratio, 1.0) * self.pace.scale
        size = float(max(width, 1)), float(max(height, 1))
        self._stage.begin(
            self._camera.drawn_view(size),
            (max(round(width * ratio), 1), max(round(height * ratio), 1)),
            quality=self.quality,
            through=self._camera.picture_place(size),
        )
        self._ratio, self._is_stale, self._is_begun = ratio, False, True
        self._spent_s = time.perf_counter() - start_s

    def fetch(self) -> None:
        """Wait for what was begun; `paint` shows it."""
        if not self._is_begun:
            return
        start_s = time.perf_counter()
        is_moving = self.quality == "moving"
        if not is_moving and self._image is not None:
            self._dissolve.start(self._image)
        pixels = self._stage.finish()
        if is_moving:
            self.pace.took(self._spent_s + time.perf_counter() - start_s)
        self._image = _as_image(pixels, self._ratio)
        self._is_begun = False
        self.drawn += 1

    def paint(self, painter: QPainter, place: QRect) -> None:
        """Paint what was fetched last, or how it goes over into that."""
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            self._dissolve.paint(painter, place, self._image)

    def _on_begin_wanted(self) -> None:
        self._is_asked = False
        if self._widget.isVisible():
            self.begin()

    def _on_still_timeout(self) -> None:
        if self._session.playback.direction or self._session.document.is_editing:
            self._still.start()
            return
        self.quality = "still"
        self._is_stale = True
        self._widget.update()


def _nothing() -> None:
    """What is done before drawing, unless someone says."""


def _as_image(rgba: ByteArray, ratio: float) -> QImage:
    rows, columns, _ = rgba.shape
    kind = QImage.Format.Format_RGBX8888
    image = QImage(rgba.data, columns, rows, 4 * columns, kind)
    image.setDevicePixelRatio(ratio)
    return image
