"""How strongly the clip's picture shows behind the scene, on a small slider."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import icon_label
from hpe_studio.ui.words import tr

SETTING = "viewport.picture_strength"
_DEFAULT, _LEAST = 75, 15
_WIDTH_PX, _MARGIN_PX = 92, 8


class PictureStrength(QWidget):
    """A slider in the viewport's lower left, while one looks through the camera.

    Args:
        viewport: Where it lies.
    """

    changed = Signal()

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(_LEAST, 100)
        self.slider.setValue(settings().read(SETTING, _DEFAULT))
        self.slider.setFixedWidth(_WIDTH_PX)
        self.slider.setAccessibleName(tr("Brightness of the picture"))
        self.slider.setToolTip(tr("Brightness of the picture behind the scene"))
        self.slider.valueChanged.connect(self._on_value_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 3, 8, 3)
        row.setSpacing(6)
        row.addWidget(icon_label("image", 14, "text.secondary"))
        row.addWidget(self.slider)
        self.adjustSize()
        self.hide()

    @property
    def strength(self) -> float:
        """0.15 to 1; see `PictureBehind`."""
        return self.slider.value() / 100

    def place(self) -> None:
        """Keep to the corner of a viewport that changed its size."""
        lowest = self._viewport.height() - self.height()
        self.move(_MARGIN_PX, lowest - _MARGIN_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the plate under the slider."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("bg.panel", alpha=0.88))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)

    def _on_value_changed(self, value: int) -> None:
        settings().write(SETTING, value)
        self.changed.emit()
