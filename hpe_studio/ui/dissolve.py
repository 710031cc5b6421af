"""Lets one picture of the viewport dissolve into the next, so that nothing jumps."""

from __future__ import annotations

from PySide6.QtCore import QRect, QVariantAnimation
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.settings import settings
from hpe_studio.ui.viewport_navigation import REDUCED_MOTION

DISSOLVE_MS = 90


class Dissolve:
    """Paints a picture, and for a short while the one before it underneath.

    Args:
        widget: Painted again while the old picture is still seen.
    """

    def __init__(self, widget: QWidget) -> None:
        self._before: QImage | None = None
        self._run = QVariantAnimation(widget)
        self._run.setDuration(DISSOLVE_MS)
        self._run.setStartValue(0.0)
        self._run.setEndValue(1.0)
        self._run.valueChanged.connect(lambda _share: widget.update())
        self._run.finished.connect(self.stop)

    @property
    def is_running(self) -> bool:
        """True while the old picture is still seen."""
        return self._before is not None

    def start(self, before: QImage) -> None:
        """Keep a copy of what is seen now and let it go from here."""
        if settings().read(REDUCED_MOTION, default=False):
            return
        self._before = before.copy()
        self._run.start()

    def stop(self) -> None:
        """Show the new picture alone."""
        self._before = None
        self._run.stop()

    def paint(self, painter: QPainter, place: QRect, picture: QImage) -> None:
        """Paint the picture, over the old one while that is still seen."""
        if self._before is None:
            painter.drawImage(place, picture)
            return
        painter.drawImage(place, self._before)
        painter.setOpacity(float(self._run.currentValue()))
        painter.drawImage(place, picture)
        painter.setOpacity(1.0)
