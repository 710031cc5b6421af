"""The most changed joint before and after, as two curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from hpe_studio.core.arrays import FloatArray
from hpe_studio.motion.comparison import Comparison
from hpe_studio.ui import look

_HEIGHT_PX, _EDGE_PX, _LEGEND_PX = 92, 6.0, 18.0


class CleanCurve(QWidget):
    """Two lines over the range: thin and dashed before, strong after."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: Comparison | None = None
        self._title = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Before and after"))

    def show_change(self, change: Comparison | None, title: str) -> None:
        """Show another change, or that there is none.

        Args:
            change: What was compared.
            title: Of the joint and its axis; without a change, why there is none.
        """
        self._shown, self._title = change, title
        self.setAccessibleDescription(title)
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the row lets it."""
        return QSize(160, _HEIGHT_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, curves and their names."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("border.subtle"))
            painter.setBrush(look.colour("bg.input"))
            ground = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(ground, 4, 4)
            painter.setFont(look.font("small"))
            if self._shown is None:
                painter.setPen(look.colour("text.muted"))
                words = self._title or self.tr("Preview shows what changes")
                middle = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(self.rect().adjusted(8, 0, -8, 0), middle, words)
                return
            self._paint_curves(painter, self._shown)
            self._paint_names(painter)

    def _paint_curves(self, painter: QPainter, shown: Comparison) -> None:
        both = np.concatenate([shown.before_m, shown.after_m])
        known = both[np.isfinite(both)]
        low, high = float(known.min()), float(known.max())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        was = QPen(look.colour("text.secondary"), 1.2, Qt.PenStyle.DashLine)
        now = QPen(look.colour("accent.text"), 2.0)
        for pen, values in ((was, shown.before_m), (now, shown.after_m)):
            painter.setPen(pen)
            for run in self._runs(values, low, max(high - low, 1e-4)):
                painter.drawPolyline(run)

    def _runs(self, values: FloatArray, low: float, span: float) -> list[QPolygonF]:
        """The curve in points, in a piece for each run without a gap."""
        top = _LEGEND_PX + _EDGE_PX
        wide, high = self.width() - 2 * _EDGE_PX, self.height() - top - _EDGE_PX
        step = wide / max(len(values) - 1, 1)
        runs: list[QPolygonF] = [QPolygonF()]
        for row, value in enumerate(values.tolist()):
            if np.isnan(value):
                runs.append(QPolygonF())
                continue
            y = top + high * (1 - (value - low) / span)
            runs[-1].append(QPointF(_EDGE_PX + row * step, y))
        return [run for run in runs if run.size() > 1]

    def _paint_names(self, painter: QPainter) -> None:
        row = QRectF(8, 3, self.width() - 16, _LEGEND_PX)
        edge = Qt.AlignmentFlag
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(row, edge.AlignLeft | edge.AlignVCenter, self._title)
        painter.setPen(look.colour("accent.text"))
        words = self.tr("after")
        painter.drawText(row, edge.AlignRight | edge.AlignVCenter, words)
        row.setRight(row.right() - painter.fontMetrics().horizontalAdvance(words) - 8)
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(
            row, edge.AlignRight | edge.AlignVCenter, self.tr("before") + " ┄"
        )
