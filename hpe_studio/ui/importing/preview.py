"""One frame of the clip with the results' people on it, as they would lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from hpe_studio.core.arrays import FloatArray
from hpe_studio.media.loader import FrameLoader, Picture
from hpe_studio.render.drawlist import Discs, Ink, Lines, Shape
from hpe_studio.render.theme import person_colour, theme
from hpe_studio.render.viewtransform import ViewTransform, fit
from hpe_studio.ui import look
from hpe_studio.ui.shape_painter import paint_shapes
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.match_overlay import LIMBS, Overlay

if TYPE_CHECKING:
    from hpe_studio.media.footage import Footage

_CACHE_BYTES = 48 << 20
_HEIGHT_PX = 214
_SIDES = ("left", "right")
_BONES = tuple(
    (LIMBS.index(f"{one}_{a}"), LIMBS.index(f"{other}_{b}"))
    for one, other, a, b in (
        *((s, s, "shoulder", "elbow") for s in _SIDES),
        *((s, s, "elbow", "wrist") for s in _SIDES),
        *((s, s, "shoulder", "hip") for s in _SIDES),
        *((s, s, "hip", "knee") for s in _SIDES),
        *((s, s, "knee", "ankle") for s in _SIDES),
        ("left", "right", "shoulder", "shoulder"),
        ("left", "right", "hip", "hip"),
    )
)


class Preview(QWidget):
    """A picture and a slider over the frames of the clip.

    Args:
        footage: The clip's pictures, or None.
    """

    def __init__(self, footage: Footage | None) -> None:
        super().__init__()
        self.canvas = _Canvas(footage)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Frame that is shown"))
        self.slider.setPageStep(10)
        self._frame = text_label(size="small", tone="secondary")
        self._frame.setMinimumWidth(40)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.slider, 1)
        row.addWidget(self._frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.canvas)
        column.addLayout(row)
        count = 0 if footage is None else footage.frame_count
        self.slider.setRange(0, max(0, count - 1))
        self.slider.setEnabled(count > 1)
        self.slider.valueChanged.connect(self._on_slid)
        self._on_slid(0)

    def show_people(self, overlay: Overlay | None, positions: FloatArray) -> None:
        """Show other people, or the same ones on other frames.

        Args:
            overlay: Where they lie, per frame of the results; None if unknown.
            positions: Frame of the results for each frame of the clip, shape (frames,).
        """
        is_first = self.canvas.overlay is None and overlay is not None
        self.canvas.show_people(overlay, positions)
        if is_first and overlay is not None and len(positions):
            shown = overlay.at(positions)
            there = np.flatnonzero(np.isfinite(shown).any(axis=(1, 2, 3)))
            if len(there):
                self.slider.setValue(int(there[len(there) // 2]))

    def close_loader(self) -> None:
        """Decode no more."""
        self.canvas.close_loader()

    def _on_slid(self, frame: int) -> None:
        self._frame.setText(f"{frame:04d}")
        self.canvas.show_frame(frame)


class _Canvas(QWidget):
    """The picture of one frame with bones over it."""

    came = Signal(object)

    def __init__(self, footage: Footage | None) -> None:
        super().__init__()
        self.overlay: Overlay | None = None
        self.setFixedHeight(_HEIGHT_PX)
        self.setAccessibleName(tr("A frame of the clip with the results' people on it"))
        self._positions: FloatArray = np.zeros(0)
        self._frame = 0
        self._picture: Picture | None = None
        self._size_px = None if footage is None else footage.size_px
        self._loader: FrameLoader | None = None
        self.came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)
        if footage is not None:
            self._loader = FrameLoader(
                footage, self.came.emit, cache_bytes=_CACHE_BYTES
            )
            self._fit()

    def show_frame(self, frame: int) -> None:
        """Show another frame of the clip."""
        self._frame = frame
        if self._loader is not None:
            self._loader.request(frame)
        self.update()

    def show_people(self, overlay: Overlay | None, positions: FloatArray) -> None:
        """Draw other people."""
        self.overlay, self._positions = overlay, positions
        self.update()

    def close_loader(self) -> None:
        """Decode no more."""
        loader, self._loader = self._loader, None
        if loader is not None:
            loader.close()

    def sizeHint(self) -> QSize:
        """Room for a wide picture."""
        return QSize(310, _HEIGHT_PX)

    def people_px(self) -> FloatArray:
        """Who lies on the frame shown, shape (people, limbs, 2), stored pixels."""
        if self.overlay is None or self._frame >= len(self._positions):
            return np.zeros((0, len(LIMBS), 2))
        return self.overlay.at(self._positions[self._frame : self._frame + 1])[0]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Have pictures decoded for the size they are shown in."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the people, or why there are none."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(self.rect(), look.colour("video.backdrop"))
            if self._size_px is None or self._picture is None:
                return
            view = self._view(self._size_px)
            self._paint_picture(painter, view)
            paint_shapes(painter, _shapes(self.people_px(), view))
            if self.overlay is None:
                self._say(painter, tr("No camera and no pixels: nobody to draw"))

    def _say(self, painter: QPainter, text: str) -> None:
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("video.tag_text"))
        middle = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        painter.drawText(QRectF(self.rect()).adjusted(8, 0, -8, -8), middle, text)

    def _paint_picture(self, painter: QPainter, view: ViewTransform) -> None:
        assert self._picture is not None
        rgb = np.ascontiguousarray(self._picture.rgb)
        high, wide, _ = rgb.shape
        image = QImage(rgb.data, wide, high, 3 * wide, QImage.Format.Format_RGB888)
        left, top, right, bottom = view.picture_rect()
        painter.drawImage(QRectF(left, top, right - left, bottom - top), image)

    def _view(self, size_px: tuple[int, int]) -> ViewTransform:
        return fit(size_px, (self.width(), self.height()))

    def _fit(self) -> None:
        if self._loader is None:
            return
        ratio = self.devicePixelRatioF()
        size = (round(self.width() * ratio), round(self.height() * ratio))
        if self._loader.fit_into(size):
            self._loader.request(self._frame)

    def _on_came(self, picture: Picture) -> None:
        if picture.frame == self._frame:
            self._picture = picture
            self.update()


def _shapes(people_px: FloatArray, view: ViewTransform) -> tuple[Shape, ...]:
    """Bones and joints of everybody, each in a colour of its own."""
    casing = Ink(colour=theme("dark").colour("video.casing"), alpha=0.62)
    shapes: list[Shape] = []
    for number, person in enumerate(people_px):
        known = np.isfinite(person).all(axis=1)
        if not known.any():
            continue
        points = np.where(known[:, None], view.to_view(person), np.nan)
        bones = [b for b in _BONES if known[b[0]] and known[b[1]]]
        ends = np.array([[points[a], points[b]] for a, b in bones]).reshape(-1, 2, 2)
        ink = Ink(colour=person_colour(number))
        shapes += [
            Lines(ends=ends, width=4.2, ink=casing),
            Lines(ends=ends, width=2.0, ink=ink),
            Discs(centres=points[known], radius=2.2, fill=ink, stroke=casing),
        ]
    return tuple(shapes)
