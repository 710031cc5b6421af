"""Number fields with an axis bar, a label and a unit, as the inspector shows them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.widgets import text_label

_SCRUB_PER_PX = 0.5


class NumberField(QWidget):
    """A number with its unit; typed, or scrubbed by dragging the label.

    `edited` carries the new value when it was entered; setting `value` is silent.

    Args:
        label: Short name inside the field ("X").
        unit: Unit after the number ("°", "frames").
        decimals: Digits after the point.
        minimum: Smallest value.
        maximum: Largest value.
        axis: "x", "y" or "z" for a coloured bar, or "".
        name: Name for screen readers.
    """

    edited = Signal(float)

    def __init__(
        self,
        label: str,
        unit: str,
        *,
        decimals: int = 1,
        minimum: float = -1e6,
        maximum: float = 1e6,
        axis: str = "",
        name: str = "",
    ) -> None:
        super().__init__()
        self._axis = axis
        self.decimals = decimals
        self._scale = 10.0**-decimals
        self.setFixedHeight(24)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="field")
        self._label = _DragLabel(label)
        self._label.dragged.connect(self._on_label_dragged)
        self._label.dropped.connect(self._on_label_dropped)
        self.box = QDoubleSpinBox()
        self.box.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.box.setDecimals(decimals)
        self.box.setRange(minimum, maximum)
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.setKeyboardTracking(False)
        self.box.setAccessibleName(name or label)
        self.box.setFrame(False)
        self.box.setPalette(_clear(self.box.palette()))
        self.box.setMinimumWidth(20)
        self.box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.box.installEventFilter(self)
        self.box.valueChanged.connect(self._on_box_changed)
        row = QHBoxLayout(self)
        row.setContentsMargins(8 if axis else 7, 1, 7, 1)
        row.setSpacing(3)
        row.addWidget(self._label)
        row.addWidget(self.box, 1)
        row.addWidget(text_label(unit, size="small", tone="muted"))

    @property
    def value(self) -> float:
        """The number shown."""
        return self.box.value()

    @value.setter
    def value(self, value: float) -> None:
        if not self.box.hasFocus() or abs(self.box.value() - value) > self._scale:
            self.box.blockSignals(True)
            self.box.setValue(value)
            self.box.blockSignals(False)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Show the focus ring around the whole field; leave the wheel to scrolling."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            is_active = event.type() == QEvent.Type.FocusIn
            look.set_role(self, active="true" if is_active else "false")
        return event.type() == QEvent.Type.Wheel and not self.box.hasFocus()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axis bar at the left."""
        super().paintEvent(event)
        if self._axis:
            painter = QPainter(self)
            bar = QRectF(1, 1, 3, self.height() - 2)
            painter.fillRect(bar, look.colour(f"axis.{self._axis}"))
            painter.end()

    def _on_box_changed(self, value: float) -> None:
        self.edited.emit(value)

    def _on_label_dragged(self, pixels: float) -> None:
        self.box.blockSignals(True)
        self.box.setValue(self.box.value() + pixels * _SCRUB_PER_PX * self._scale * 10)
        self.box.blockSignals(False)

    def _on_label_dropped(self) -> None:
        self.edited.emit(self.box.value())


def _clear(palette: QPalette) -> QPalette:
    """The palette without a ground, as the field paints its own."""
    palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
    return palette


class _DragLabel(QLabel):
    """A label that tells how far it was dragged sideways."""

    dragged = Signal(float)
    dropped = Signal()

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCursor(Qt.CursorShape.SizeHorCursor)
        self._from: QPointF | None = None
        look.set_role(self, tone="muted")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold."""
        self._from = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the step; Ctrl makes it fine."""
        if self._from is None:
            return
        step = event.position().x() - self._from.x()
        self._from = event.position()
        is_fine = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        self.dragged.emit(step * (0.1 if is_fine else 1.0))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        if self._from is not None:
            self._from = None
            self.dropped.emit()
