"""The footage as it is painted: scaled once per place, sharp on every screen."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from hpe_studio.core.arrays import ByteArray
from hpe_studio.render.pictures import shown_part
from hpe_studio.render.viewtransform import ViewTransform

if TYPE_CHECKING:
    from hpe_studio.media.loader import Picture


_NUMBERS = count(1)


class PicturePainter:
    """Keeps the last good picture and its visible part in the screen's own pixels."""

    def __init__(self) -> None:
        self.picture: Picture | None = None
        self._scaled: QImage | None = None
        self._rgb: ByteArray | None = None  # what `_scaled` looks into
        self._corner = (0, 0)
        self._key: tuple[object, ...] | None = None
        self.shown = 0
        """Tells one picture from every other; 0 before the first."""

    @property
    def frame(self) -> int:
        """The frame of the picture, -1 before the first."""
        return -1 if self.picture is None else self.picture.frame

    def show(self, picture: Picture) -> None:
        """Take the next picture."""
        self.picture = picture
        self.shown = next(_NUMBERS)
        self._key = None

    def paint(
        self, painter: QPainter, view: ViewTransform, ratio: float, *, fast: bool
    ) -> None:
        """Paint it where it lies.

        Args:
            painter: In logical pixels.
            view: Where the picture lies.
            ratio: Device pixels per logical pixel.
            fast: True while pictures follow each other.
        """
        if self.picture is None:
            return
        key = (view, ratio, fast)
        if key != self._key:
            self._key = key
            self._scale(self.picture.rgb, view, ratio, fast=fast)
        if self._scaled is not None:
            x, y = self._corner
            painter.drawImage(QPointF(x / ratio, y / ratio), self._scaled)

    def _scale(
        self, rgb: ByteArray, view: ViewTransform, ratio: float, *, fast: bool
    ) -> None:
        self._scaled = None
        part = shown_part(rgb, view, ratio, fast=fast)
        if part is None:
            return
        self._rgb, self._corner = part.rgb, part.corner
        high, wide, _ = part.rgb.shape
        kind = QImage.Format.Format_RGB888
        self._scaled = QImage(part.rgb.data, wide, high, 3 * wide, kind)
        self._scaled.setDevicePixelRatio(ratio)
