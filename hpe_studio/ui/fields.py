"""Number fields with an axis bar, a label and a unit, as the inspector shows them."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.expressions import NotANumberError, evaluate
from hpe_studio.ui.field_parts import (
    DragLabel,
    NumberEdit,
    hide_reason,
    reason_shown,
    show_reason,
)
from hpe_studio.ui.widgets import text_label

_SCRUB_STEPS_PER_PX = 0.5
_WHEEL_REST_MS = 400
_MARGINS_PX = 21  # left, right, gaps, and what a line keeps free at its ends
_UNIT_WORDS = {"°": "degrees", "m": "metres", "cm": "centimetres", "px": "pixels"}


class NumberField(QWidget):
    """A number with its unit: typed, stepped, or scrubbed by dragging the label.

    Typed text may be an expression (`ui.expressions`). A drag, a held arrow key or a
    turn of the wheel is one gesture: `scrubbed` carries the value on its way, `edited`
    the one that stays, `scrub_cancelled` says that it was taken back. Setting `value`
    is silent, and never overwrites what somebody is typing or dragging.

    Args:
        label: Short name inside the field ("X").
        unit: Unit after the number ("°", "frames"); others of its kind can be typed.
        decimals: Digits after the point.
        minimum: Smallest value.
        maximum: Largest value.
        step: What an arrow key adds; a drag adds half of it per pixel.
        axis: "x", "y" or "z" for a coloured bar, or "".
        name: Name for screen readers.
        is_filled: True to fill the field from the left up to its value's share of
            the range.
    """

    edited = Signal(float)
    scrubbed = Signal(float)
    scrub_cancelled = Signal()

    def __init__(
        self,
        label: str,
        unit: str,
        *,
        decimals: int = 1,
        minimum: float = -1e6,
        maximum: float = 1e6,
        step: float | None = None,
        axis: str = "",
        name: str = "",
        is_filled: bool = False,
    ) -> None:
        super().__init__()
        self.decimals = decimals
        self._unit, self._axis, self._is_filled = unit, axis, is_filled
        self._range = (minimum, maximum)
        self._step = 10.0 ** (1 - decimals) if step is None and decimals else step or 1
        self._value = min(max(0.0, minimum), maximum)
        self._before: float | None = None
        self.box = NumberEdit()
        self.box.setAccessibleName(name or label)
        self.box.setAccessibleDescription(_UNIT_WORDS.get(unit, unit))
        self._label = DragLabel(label)
        self._suffix = text_label(unit, size="small", tone="muted")
        self._suffix.setVisible(bool(unit))
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_WHEEL_REST_MS)
        self._lay_out()
        self._connect()
        self._show()

    # Reading -----------------------------------------------------------------

    @property
    def value(self) -> float:
        """The number shown, in full precision."""
        return self._value

    @value.setter
    def value(self, value: float) -> None:
        is_typing = self.box.hasFocus() and self.box.isModified()
        if self._before is None and not is_typing and value != self._value:
            self._value = float(value)
            self._show()

    @property
    def is_scrubbing(self) -> bool:
        """True while a drag, a held key or the wheel changes the number."""
        return self._before is not None

    def set_read_only(self, reason: str) -> None:
        """Refuse to be edited and say why in the tooltip; "" allows it again."""
        is_off = bool(reason)
        if is_off != self.box.isReadOnly():
            self.box.setReadOnly(is_off)
            self._label.setEnabled(not is_off)
            look.set_role(self, locked="true" if is_off else "false")
        self.setToolTip(reason)

    def sizeHint(self) -> QSize:
        """Fields are 24 px high and as wide as their row lets them."""
        return QSize(96, 24)

    # Gestures -----------------------------------------------------------------

    def scrub(self, by_steps: float) -> None:
        """Change the number by so many steps as part of a gesture."""
        if self.box.isReadOnly() or not self.isEnabled():
            return
        if self._before is None:
            self.box.setModified(False)
            self._before = self._value
        self._value = self._bounded(self._value + by_steps * self._step)
        self._show()
        self.scrubbed.emit(self._value)

    def finish(self) -> None:
        """End the gesture and keep the number."""
        self._rest.stop()
        before, self._before = self._before, None
        if before is not None:
            self._value = self._bounded(round(self._value, self.decimals + 2))
            self._show()
            self.edited.emit(self._value)

    def cancel(self) -> None:
        """Take the gesture, or what was typed, back."""
        self._rest.stop()
        before, self._before = self._before, None
        if before is not None:
            self._value = before
            self.scrub_cancelled.emit()
        self._show()
        self.box.selectAll()

    def enter(self) -> bool:
        """Take what was typed; False (and the reason shown) if it is no number."""
        if not self.box.isModified():
            return True
        typed, unit = self.box.text(), self._unit
        try:
            value = evaluate(typed, unit=unit, present=self._value)
        except NotANumberError as error:
            self._refuse(str(error))
            return False
        bounded = self._bounded(value)
        before, self._value = self._value, bounded
        self._show()
        if bounded != value:
            self._explain_bound(bounded)
        if bounded != before:
            self.edited.emit(bounded)
        return True

    # Painting -----------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axis bar at the left, or the fill below the number."""
        super().paintEvent(event)
        if not self._axis and not self._is_filled:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner = QRectF(self.rect()).adjusted(1, 1, -1, -1)
            path = QPainterPath()
            path.addRoundedRect(inner, 3, 3)
            painter.setClipPath(path)
            if self._is_filled:
                low, high = self._range
                share = (self._value - low) / (high - low)
                inner.setWidth(inner.width() * share)
                painter.fillRect(inner, look.colour("selection.soft"))
            else:
                inner.setWidth(3)
                painter.fillRect(inner, look.colour(f"axis.{self._axis}"))

    # Inside -------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setFixedHeight(24)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusProxy(self.box)
        look.set_role(self, role="field")
        row = QHBoxLayout(self)
        row.setContentsMargins(8 if self._axis else 7, 1, 5, 1)
        row.setSpacing(2)
        row.addWidget(self._label)
        row.addWidget(self.box, 1)
        row.addWidget(self._suffix)

    def _connect(self) -> None:
        self._label.dragged.connect(self._on_label_dragged)
        self._label.dropped.connect(self.finish)
        self._label.cancelled.connect(self.cancel)
        self._label.typing_wanted.connect(self._on_typing_wanted)
        self._rest.timeout.connect(self.finish)
        box = self.box
        box.stepped.connect(self._on_stepped)
        box.step_ended.connect(self.finish)
        box.wheeled.connect(self._on_wheeled)
        box.escaped.connect(self._on_escaped)
        box.entered.connect(self._on_entered)
        box.focused.connect(self._on_focused)
        box.left.connect(self._on_left)
        box.textEdited.connect(self._on_text_edited)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the unit out where the number needs its room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        number = self.box.fontMetrics().horizontalAdvance(self.box.text())
        used = self._label.sizeHint().width() + number + _MARGINS_PX
        room = self.width() - self._suffix.sizeHint().width()
        self._suffix.setVisible(bool(self._unit) and used <= room)

    def _bounded(self, value: float) -> float:
        low, high = self._range
        return min(max(value, low), high)

    def _show(self) -> None:
        text = "–" if math.isnan(self._value) else f"{self._value:.{self.decimals}f}"
        if float(text.replace("–", "0")) == 0:
            text = text.lstrip("-")
        self.box.setText(text.replace("-", "−"))
        self.box.setModified(False)
        self.box.deselect()
        self.box.setCursorPosition(0)
        self._fit()
        self._set_bad(is_bad=False)
        if self._is_filled:
            self.update()

    def _refuse(self, reason: str) -> None:
        self._set_bad(is_bad=True)
        show_reason(self, reason)
        self.box.selectAll()

    def _explain_bound(self, bounded: float) -> None:
        is_least = bounded == self._range[0]
        words = self.tr("At least {0}") if is_least else self.tr("At most {0}")
        gap = "" if self._unit in {"", "°"} else " "
        show_reason(self, words.format(f"{self.box.text()}{gap}{self._unit}"))

    def _set_bad(self, *, is_bad: bool) -> None:
        if (self.property("bad") == "true") != is_bad:
            look.set_role(self, bad="true" if is_bad else "false")
            if not is_bad:
                hide_reason(self)

    def _on_label_dragged(self, pixels: float) -> None:
        self.box.setFocus(Qt.FocusReason.MouseFocusReason)
        self.scrub(pixels * _SCRUB_STEPS_PER_PX)

    def _on_typing_wanted(self) -> None:
        if self.isEnabled():
            self.box.setFocus(Qt.FocusReason.MouseFocusReason)
            self.box.selectAll()

    def _on_stepped(self, steps: float) -> None:
        if self.enter():
            self.scrub(steps)

    def _on_wheeled(self, steps: float) -> None:
        self._on_stepped(steps)
        self._rest.start()

    def _on_escaped(self) -> None:
        self.cancel()

    def _on_entered(self) -> None:
        self.finish()
        if self.enter():
            self.box.selectAll()

    def _on_focused(self) -> None:
        look.set_role(self, active="true")

    def _on_left(self) -> None:
        look.set_role(self, active="false")
        if not self._label.is_held:
            self.finish()
        if not self.enter():
            reason = reason_shown(self)
            self._show()
            show_reason(self, reason)

    def _on_text_edited(self) -> None:
        self._set_bad(is_bad=False)
