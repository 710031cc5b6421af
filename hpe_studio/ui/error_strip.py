"""The strip under the viewers: how good the whole clip is, a bar per 4 pixels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.arrays import FloatArray
from hpe_studio.quality.strip import Measure, bars
from hpe_studio.render.theme import tokens
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.lanes.canvas import LaneCanvas
from hpe_studio.ui.session import Session
from hpe_studio.ui.strip_data import StripData
from hpe_studio.ui.widgets import ActionKey, text_label
from hpe_studio.ui.words import tr

HIGH_PX, LOW_PX = 64, 52
BAR_PX, _GAP_PX, _EDGE_PX = 4, 1, 8
_TABS_PX = 27
_AROUND_TABS_PX = 70
"""Margins, gaps and the key in the head."""
_LOW_BELOW_PX = 800


def _wide(part: QWidget) -> int:
    return max(part.sizeHint().width(), part.minimumWidth()) + 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """How a measure is shown.

    Attributes:
        title: English.
        most: Value of the highest bar, in the shown unit.
        limit: Value of the dotted line.
        factor: From the stored to the shown unit.
        unit: Behind numbers.
    """

    title: str
    most: float
    limit: float
    factor: float = 1.0
    unit: str = ""


SCALES: Mapping[Measure, Scale] = MappingProxyType(
    {
        "severity": Scale(title="Severity", most=1.0, limit=0.66),
        "jitter": Scale(title="Jitter", most=60.0, limit=30.0, unit=" mm"),
        "confidence": Scale(
            title="Confidence", most=100.0, limit=50.0, factor=100.0, unit=" % doubt"
        ),
        "reprojection": Scale(
            title="Reprojection", most=15.0, limit=5.0, factor=100.0, unit=" %"
        ),
    }
)


class ErrorStrip(QWidget):
    """Tabs of measures, a legend, and bars that lead to their frames.

    Args:
        session: Whose clip.
        actions: The table's actions.
        canvas: The lanes, whose window is shown as a bracket.
    """

    def __init__(
        self, session: Session, actions: ActionSet, canvas: LaneCanvas
    ) -> None:
        super().__init__()
        self._session = session
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="bar")
        self.data = StripData(session)
        self.bars = StripBars(session, canvas)
        self.tabs: dict[Measure, QToolButton] = {}
        self._told = text_label(size="small", tone="secondary")
        self._legend = Legend()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head(actions))
        column.addWidget(self.bars, 1)
        self.setFixedHeight(HIGH_PX)
        self.data.changed.connect(self._show)
        look.changed.connect(self._fit)
        session.bridge.layers_changed.connect(self._on_layers_changed)
        session.bridge.selection_changed.connect(self._on_selection_changed)
        session.bridge.frame_changed.connect(self.bars.on_frame_changed)
        canvas.axis_changed.connect(self.bars.update)
        self._on_layers_changed(None)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the words and the scale out where the tabs need the room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - sum(_wide(tab) for tab in self.tabs.values())
        room -= _AROUND_TABS_PX
        for part in (self._legend, self._told):
            room -= _wide(part)
            part.setVisible(room >= 0)

    def fit(self, room_px: int) -> None:
        """Be lower in a low window."""
        self.setFixedHeight(LOW_PX if room_px < _LOW_BELOW_PX else HIGH_PX)

    def _head(self, actions: ActionSet) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(8, 3, 8, 2)
        row.setSpacing(2)
        group = QButtonGroup(self)
        for measure, scale in SCALES.items():
            tab = _tab(tr(scale.title))
            tab.clicked.connect(partial(self._on_tab_clicked, measure))
            group.addButton(tab)
            row.addWidget(tab)
            self.tabs[measure] = tab
        row.addStretch(1)
        row.addWidget(self._told)
        row.addSpacing(10)
        row.addWidget(self._legend)
        row.addSpacing(8)
        row.addWidget(ActionKey(actions["toggle_error_strip"]))
        return row

    def _on_tab_clicked(self, measure: Measure, _is_checked: bool = False) -> None:
        self.data.measure = measure

    def _on_layers_changed(self, _layers: object) -> None:
        is_wanted = self._session.view.layers.error_strip
        self.data.is_wanted = is_wanted
        self.setVisible(is_wanted)

    def _on_selection_changed(self, _selection: object) -> None:
        self._tell()

    def _show(self) -> None:
        measure = self.data.measure
        self.tabs[measure].setChecked(True)
        self.bars.show_values(self.data.values, SCALES[measure])
        self._legend.show_scale(SCALES[measure])
        self._tell()

    def _tell(self) -> None:
        self._told.setText(self._words())
        self._fit()

    def _words(self) -> str:
        """How the selected person does in the mean."""
        person, scale = self._session.active_person, SCALES[self.data.measure]
        if self.data.is_busy:
            return tr("measuring…")
        mean = None if person is None else self.data.mean_of(person.id)
        if person is None or mean is None:
            return tr("whole clip")
        words = tr("whole clip    {name} {value}{unit}")
        value = f"{mean * scale.factor:.1f}"
        return words.format(name=person.name, value=value, unit=scale.unit)


class Legend(QWidget):
    """Six steps of heat between 0 and the highest value."""

    def __init__(self) -> None:
        super().__init__()
        self._scale = SCALES["severity"]
        self.setFixedSize(150, 18)
        look.changed.connect(self.update)

    def show_scale(self, scale: Scale) -> None:
        """Show another measure's."""
        self._scale = scale
        self.setAccessibleName(f"0 – {scale.most:g}{scale.unit}")
        with_px = self.fontMetrics().horizontalAdvance(self._most())
        self.setFixedWidth(100 + with_px + 8)
        self.update()

    def _most(self) -> str:
        return f"{self._scale.most:g}{self._scale.unit}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the steps."""
        with QPainter(self) as painter:
            painter.setFont(look.font("small"))
            painter.setPen(look.colour("text.secondary"))
            middle = Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, 0, 8, self.height()), middle, "0")
            for step, tint in enumerate(_heat()):
                painter.fillRect(QRectF(12 + 14 * step, 5, 14, 8), tint)
            room = QRectF(102, 0, self.width() - 102, self.height())
            painter.drawText(room, middle, self._most())


class StripBars(QWidget):
    """The bars; press or drag goes there, arrow keys go from bar to bar.

    Args:
        session: Whose frames.
        canvas: The lanes, whose window is shown.
    """

    gone_to = Signal(int)

    def __init__(self, session: Session, canvas: LaneCanvas) -> None:
        super().__init__()
        self._session, self._canvas = session, canvas
        self._values: FloatArray = np.zeros(0)
        self._scale = SCALES["severity"]
        self._boxes: list[list[QRectF]] = []
        self.setAccessibleName(tr("Errors over the whole clip"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        look.changed.connect(self.update)

    @property
    def bar_count(self) -> int:
        """How many bars there is room for."""
        return max((self.width() - 2 * _EDGE_PX) // BAR_PX, 1)

    def show_values(self, values: FloatArray, scale: Scale) -> None:
        """Show a number per frame, shape (frames,)."""
        self._values, self._scale = values, scale
        self._reduce()

    def x_of(self, frame: float) -> float:
        """Where a frame begins."""
        return _EDGE_PX + frame * self._frame_px()

    def frame_at(self, x: float) -> int:
        """The frame at a pixel, within the clip."""
        count = self._session.document.clip.frame_count
        frame = int((x - _EDGE_PX) / self._frame_px())
        return min(max(frame, 0), max(count - 1, 0))

    def on_frame_changed(self, _frame: int) -> None:
        """Move the playhead."""
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(200, HIGH_PX - _TABS_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Make other bars."""
        super().resizeEvent(event)
        self._reduce()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go there."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go along."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self.frame_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from bar to bar."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
            return
        step = max(round(len(self._values) / self.bar_count), 1)
        self._go(self._session.view.frame + by * step)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint bars, limit, cuts, the lanes' window, the playhead."""
        with QPainter(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            for boxes, tint in zip(self._boxes, _heat(), strict=False):
                painter.setBrush(tint)
                painter.drawRects(boxes)
            base = QRectF(_EDGE_PX, self.height() - 1, self.width() - 2 * _EDGE_PX, 1)
            painter.fillRect(base, look.colour("border.subtle"))
            self._paint_limit(painter)
            self._paint_window(painter)
            x = round(self.x_of(self._session.view.frame + 0.5)) - 0.75
            line = QRectF(x, 0, 1.5, self.height())
            painter.fillRect(line, look.colour("data.playhead"))
            if self.hasFocus():
                painter.setPen(QPen(look.colour("focus.ring"), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))

    # Within

    def _go(self, frame: int) -> None:
        self._session.playback.stop()
        self._session.view.frame = frame
        self.gone_to.emit(frame)

    def _frame_px(self) -> float:
        count = max(self._session.document.clip.frame_count, 1)
        return (self.width() - 2 * _EDGE_PX) / count

    def _reduce(self) -> None:
        """Make the bars, by their step of heat, so that painting is quick."""
        steps = int(tokens()["heat"]["steps"])
        top = bars(self._values, self.bar_count) * self._scale.factor
        share = np.clip(np.nan_to_num(top / self._scale.most), 0, 1)
        heat = np.minimum((share * steps).astype(int), steps - 1)
        room = self.height() - 5
        width = (self.width() - 2 * _EDGE_PX) / self.bar_count
        self._boxes = [[] for _ in range(steps)]
        for index in np.flatnonzero(np.isfinite(top) & (top > 0)).tolist():
            height = max(round(float(share[index]) * room), 2)
            left = round(_EDGE_PX + index * width)
            right = round(_EDGE_PX + (index + 1) * width) - _GAP_PX
            box = QRectF(left, self.height() - 1 - height, right - left, height)
            self._boxes[heat[index]].append(box)
        self.update()

    def _paint_limit(self, painter: QPainter) -> None:
        share = self._scale.limit / self._scale.most
        y = round(self.height() - 1 - share * (self.height() - 5)) + 0.5
        pen = QPen(look.colour("text.muted"), 1)
        pen.setDashPattern([1.5, 3])
        painter.setPen(pen)
        painter.drawLine(QPointF(_EDGE_PX, y), QPointF(self.width() - _EDGE_PX, y))

    def _paint_window(self, painter: QPainter) -> None:
        """Where the lanes are, where they do not show the whole clip."""
        axis = self._canvas.axis
        if axis.is_fitted:
            return
        start, stop = axis.seen
        left, right = round(self.x_of(start)), round(self.x_of(stop))
        box = QRectF(left + 0.5, 0.5, max(right - left, 4), self.height() - 2)
        painter.setPen(QPen(look.colour("accent.text"), 1.5))
        painter.setBrush(look.colour("accent.text", alpha=0.12))
        painter.drawRoundedRect(box, 2, 2)


def _heat() -> list[QColor]:
    """The steps of heat, from cold to hot."""
    return [QColor(tint) for tint in tokens()["heat"]["default"]]


def _tab(text: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setCheckable(True)
    button.setFixedHeight(22)
    button.setAccessibleName(text)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    look.set_font(button, "small")
    look.set_role(button, role="measure")
    return button
