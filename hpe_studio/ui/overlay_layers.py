"""What stays under an overlay that changes: the picture and who does not move."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import takewhile

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage, QPainter

from hpe_studio.render.alike import are_alike
from hpe_studio.render.drawlist import Shape
from hpe_studio.ui.shape_painter import paint_shapes

_FEWEST = 2
"""Shapes that are worth a layer of their own."""


class OverlayLayers:
    """Paints a ground and shapes over it; what stayed is painted once and kept.

    As long as the ground is the same, the first shapes that were already there the last
    time are painted onto a copy of it. While one person is dragged this holds everybody
    else. While everything changes nothing is kept, and nothing is lost.

    Attributes:
        painted: How many shapes have been painted so far, into the layer or over it.
    """

    def __init__(self) -> None:
        self._ground: Hashable = None
        self._before: tuple[Shape, ...] = ()
        self._kept: tuple[Shape, ...] = ()
        self._layer: QImage | None = None
        self.painted = 0

    def paint(
        self,
        painter: QPainter,
        shapes: tuple[Shape, ...],
        *,
        ground: Hashable,
        paint_ground: Callable[[QPainter], None],
        size: QSize,
        ratio: float,
    ) -> None:
        """Paint the ground and the shapes.

        Args:
            painter: In logical pixels.
            shapes: In order.
            ground: Tells one ground from another.
            paint_ground: Paints all of it.
            size: Of the view, logical pixels.
            ratio: Device pixels per logical pixel.
        """
        is_new = ground != self._ground
        shared = 0 if is_new else _shared(self._before, shapes)
        if is_new or _shared(self._kept, shapes) < len(self._kept):
            self._layer, self._kept = None, ()
        self._ground, self._before = ground, shapes
        # At other ratios a layer's pixels do not lie on the screen's.
        if shared >= max(_FEWEST, len(self._kept) + 1) and ratio == int(ratio):
            self._kept = shapes[:shared]
            self._layer = self._painted(paint_ground, size, ratio)
        if self._layer is None:
            paint_ground(painter)
        else:
            painter.drawImage(0, 0, self._layer)
        over = shapes[len(self._kept) :]
        paint_shapes(painter, over)
        self.painted += len(over)

    def _painted(
        self, paint_ground: Callable[[QPainter], None], size: QSize, ratio: float
    ) -> QImage:
        layer = QImage(size * ratio, QImage.Format.Format_RGB32)
        layer.setDevicePixelRatio(ratio)
        with QPainter(layer) as painter:
            paint_ground(painter)
            paint_shapes(painter, self._kept)
        self.painted += len(self._kept)
        return layer


def _shared(some: tuple[Shape, ...], others: tuple[Shape, ...]) -> int:
    """How many of the first shapes are alike."""
    pairs = zip(some, others, strict=False)
    return sum(1 for _ in takewhile(lambda pair: are_alike(*pair), pairs))
