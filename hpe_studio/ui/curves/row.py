"""One row of the curve view: lines of one quantity, drawn by pyqtgraph."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPen

from hpe_studio.core.arrays import FloatArray
from hpe_studio.ui import look
from hpe_studio.ui.curves.quantities import Quantity
from hpe_studio.ui.curves.source import KINDS
from hpe_studio.ui.lanes.axis import TimeAxis
from hpe_studio.ui.lanes.curves import CurveKind, Series, lines

AXES = "xyz"
_WIDTHS = {"estimate": 1.0, "base": 1.0, "motion": 2.0}
_ALPHAS = {"estimate": 0.45, "base": 0.65, "motion": 1.0}
_PLAIN_TOKENS = ("accent.text", "text.secondary")
_LEAST_STEP_PX, _MARGIN_PX = 26.0, 12.0
_SHARE = 0.04


def curve_token(quantity: Quantity, component: int) -> str:
    """The theme's colour of a curve."""
    if quantity.has_axes:
        return f"axis.{AXES[component]}"
    return _PLAIN_TOKENS[component]


class Row:
    """Lines of one quantity, or of all of them made comparable.

    Args:
        view: Where it is drawn.
        quantities: What is shown, of which the first names the row.
    """

    def __init__(self, view: pg.GraphicsView, quantities: Sequence[Quantity]) -> None:
        self.quantities = tuple(quantities)
        self.range = (-1.0, 1.0)
        self.manual: tuple[float, float] | None = None
        self.rect = QRectF()
        self.grid: tuple[float, ...] = ()
        self._box = pg.ViewBox(enableMenu=False, enableMouse=False, border=None)
        self._box.disableAutoRange()
        view.addItem(self._box)
        self._lines = pg.PlotCurveItem(connect="pairs")
        self._box.addItem(self._lines, ignoreBounds=True)
        self._curves: dict[tuple[str, CurveKind, int], pg.PlotCurveItem] = {}
        for quantity in self.quantities:
            for level, kind in enumerate(KINDS):
                for component in range(len(quantity.components)):
                    curve = pg.PlotCurveItem(connect="finite", antialias=True)
                    curve.setZValue(level)
                    self._box.addItem(curve, ignoreBounds=True)
                    self._curves[quantity.id, kind, component] = curve

    @property
    def quantity(self) -> Quantity:
        """The quantity that names the row."""
        return self.quantities[0]

    @property
    def is_normalised(self) -> bool:
        """True where several quantities share the row, each in its own range."""
        return len(self.quantities) > 1

    def show(self, *, shown: bool) -> None:
        """Draw it, or leave it out."""
        self._box.setVisible(shown)

    def place(self, rect: QRectF) -> None:
        """Lie there, in pixels of the view."""
        self.rect = rect
        self._box.setGeometry(rect)

    def y_of(self, value: float) -> float:
        """Where a value stands, in pixels of the view."""
        low, high = self.range
        return self.rect.top() + (high - value) / (high - low) * self.rect.height()

    def value_at(self, y: float) -> float:
        """The value at a pixel of the view."""
        low, high = self.range
        return high - (y - self.rect.top()) / self.rect.height() * (high - low)

    def zoom(self, factor: float, y: float) -> None:
        """Closer by a factor; the value under a pixel stays there."""
        low, high = self.range
        at = self.value_at(y)
        self.manual = at + (low - at) / factor, at + (high - at) / factor

    def draw(
        self,
        series: dict[str, dict[CurveKind, Series]],
        axis: TimeAxis,
        shown: Sequence[int],
    ) -> None:
        """Draw what is seen of some series.

        Args:
            series: By quantity and kind.
            axis: Frames over pixels.
            shown: Which of X, Y, Z (0, 1, 2).
        """
        ranges = {
            quantity.id: seen_range(
                tuple(series[quantity.id].values()), axis, shown_of(quantity, shown)
            )
            for quantity in self.quantities
        }
        is_joint = self.is_normalised
        fitted = (0.0, 1.0) if is_joint else ranges[self.quantity.id]
        self.range = self.manual or _roomy(fitted, self._least(), self.rect.height())
        first = axis.first - 0.5
        self._box.setRange(
            xRange=(first, first + axis.width_px / axis.px_per_frame),
            yRange=self.range,
            padding=0,
            disableAutoRange=False,
        )
        for (name, kind, component), curve in self._curves.items():
            quantity = next(q for q in self.quantities if q.id == name)
            one = series[name].get(kind)
            is_drawn = one is not None and component in shown_of(quantity, shown)
            curve.setVisible(is_drawn)
            if one is None or not is_drawn:
                continue
            x, y = _polyline(one, component, axis)
            if is_joint:
                low, high = ranges[name]
                y = (y - low) / max(high - low, 1e-9)
            curve.setPen(_pen(quantity, kind, component, axis))
            curve.setData(x, y)
        self._draw_grid(axis)

    def _least(self) -> float:
        return 1.0 if self.is_normalised else self.quantity.least_span

    def _draw_grid(self, axis: TimeAxis) -> None:
        low, high = self.range
        step = _step((high - low) * _LEAST_STEP_PX / max(self.rect.height(), 1.0))
        first = math.ceil(low / step)
        marks = [k * step for k in range(first, math.floor(high / step) + 1)]
        self.grid = () if self.is_normalised else tuple(marks)
        left, right = axis.first - 1, axis.first + axis.width_px / axis.px_per_frame
        y = np.repeat(np.array(self.grid), 2)
        self._lines.setPen(QPen(look.colour("border.subtle"), 0))
        self._lines.setData(np.tile([left, right], len(self.grid)), y)


def shown_of(quantity: Quantity, shown: Sequence[int]) -> tuple[int, ...]:
    """Which components are drawn; of percent beside pixels only the pixels."""
    return tuple(shown) if quantity.has_axes else (0,)


def seen_range(
    series: Sequence[Series], axis: TimeAxis, components: Sequence[int]
) -> tuple[float, float]:
    """Least and greatest value in view; 0 and 0 where there is none."""
    least, most = np.inf, -np.inf
    for one in series:
        seen = one.between(*axis.seen).values[:, list(components)]
        if seen.size:
            least = min(least, float(np.fmin.reduce(seen, axis=None, initial=np.inf)))
            most = max(most, float(np.fmax.reduce(seen, axis=None, initial=-np.inf)))
    return (0.0, 0.0) if least > most else (least, most)


def _roomy(
    fitted: tuple[float, float], least: float, height_px: float
) -> tuple[float, float]:
    """A range with free space above and below, never closer than can be read."""
    low, high = fitted
    middle, span = (low + high) / 2, max(high - low, least)
    share = min(_MARGIN_PX / max(height_px, 1.0) + _SHARE, 0.3)
    half = span / 2 / (1 - 2 * share)
    return middle - half, middle + half


def _polyline(
    series: Series, component: int, axis: TimeAxis
) -> tuple[FloatArray, FloatArray]:
    """A curve as frames and values, thinned to what pixels can show."""
    parts = lines(replace(series, is_place=True), component, axis)
    if not parts:
        return np.zeros(0), np.zeros(0)
    gap = np.full((1, 2), np.nan)
    points = np.concatenate([piece for part in parts for piece in (part, gap)])
    return points[:, 0] / axis.px_per_frame + axis.first - 0.5, points[:, 1]


def _pen(quantity: Quantity, kind: CurveKind, component: int, axis: TimeAxis) -> QPen:
    is_thinned = axis.px_per_frame < 1.0
    width = min(_WIDTHS[kind], 1.0) if is_thinned else _WIDTHS[kind]
    ink = look.colour(curve_token(quantity, component), alpha=_ALPHAS[kind])
    pen = QPen(ink, width)
    pen.setCosmetic(True)
    if kind == "estimate" and not is_thinned:
        pen.setStyle(Qt.PenStyle.DotLine)
    return pen


def _step(least: float) -> float:
    """The least round number (1, 2 or 5 times a power of ten) from there on."""
    power = 10.0 ** math.floor(math.log10(max(least, 1e-12)))
    return next(power * k for k in (1, 2, 5, 10) if power * k >= least - 1e-15)
