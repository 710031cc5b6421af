"""What stands on the curves: keys, blend handles, numbers and names of rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hpe_studio.ui import look
from hpe_studio.ui.curves.row import Row, curve_token, shown_of
from hpe_studio.ui.lanes.hits import handle_xs
from hpe_studio.ui.lanes.marks import KeyMark
from hpe_studio.ui.lanes.model import Place
from hpe_studio.ui.lanes.painting import paint_diamonds
from hpe_studio.ui.lanes.rows import RULER_PX
from hpe_studio.ui.words import tr

if TYPE_CHECKING:
    from hpe_studio.ui.curves.view import CurvesView

_KEYED = frozenset({"angles", "places"})
_KEY_PX, _CHOSEN_PX, _LEAST_STEP_PX = 8.0, 10.0, 7.0
_TITLE_PX, _HANDLE_PX = (420.0, 18.0), 6.0
_LEFT_PX, _LABEL_PX = 8.0, 40.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Diamond:
    """A key on one of its curves.

    Attributes:
        mark: The key.
        row: Where it stands.
        component: 0, 1 or 2 for X, Y, Z.
        x, y: Its middle, in pixels of the view.
    """

    mark: KeyMark
    row: Row
    component: int
    x: float
    y: float


class CurveMarks:
    """Paints and finds what stands on the curves.

    Args:
        view: The curves.
    """

    def __init__(self, view: CurvesView) -> None:
        self._view = view

    def diamonds(self) -> tuple[Diamond, ...]:
        """Those that are seen; where they would pile up only some."""
        view, found = self._view, list[Diamond]()
        start, stop = view.axis.seen
        marks = {mark.place: mark for mark in view.key_marks()}
        for row in view.rows:
            if row.is_normalised or row.quantity.id not in _KEYED:
                continue
            last_x = -math.inf
            for curves, track in zip(
                view.source.curves(row.quantity.id), view.source.tracks, strict=True
            ):
                for frame in curves.key_frames:
                    mark, x = marks.get((track.id, frame)), view.x_of(frame)
                    values = curves.at(frame)
                    if mark is None or values is None or not start <= frame < stop:
                        continue
                    if x - last_x < _LEAST_STEP_PX:
                        continue
                    last_x = x
                    for component in shown_of(row.quantity, view.components):
                        y = RULER_PX + row.y_of(float(values[component]))
                        found.append(
                            Diamond(mark=mark, row=row, component=component, x=x, y=y)
                        )
        return tuple(found)

    def handles(self) -> tuple[tuple[str, KeyMark, QPointF], ...]:
        """Blend handles of the one selected key: which, whose, where."""
        view = self._view
        owner = view.board().key_with_handles
        row = next((r for r in view.rows if r.quantity.id in _KEYED), None)
        if owner is None or row is None or row.is_normalised:
            return ()
        left, right = handle_xs(owner, view.axis)
        y = RULER_PX + row.rect.bottom() - _HANDLE_PX - 2
        return (
            ("blend_in", owner, QPointF(left, y)),
            ("blend_out", owner, QPointF(right, y)),
        )

    def note_y(self, place: Place) -> float:
        """Above what a note about a key stands."""
        at = [d.y for d in self.diamonds() if d.mark.place == place]
        return max(min(at, default=RULER_PX) - 6, RULER_PX + 22)

    def title_rect(self, row: Row) -> QRectF:
        """Where a row's name and values stand."""
        top = RULER_PX + row.rect.top() + 2
        return QRectF(_LEFT_PX + _LABEL_PX, top, *_TITLE_PX)

    def paint(self, painter: QPainter) -> None:
        """Paint what stays while only the frame changes."""
        self._paint_numbers(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        diamonds, chosen = self.diamonds(), self._view.session.view.selection.keys
        plain = [QPointF(d.x, d.y) for d in diamonds if d.mark.place not in chosen]
        paint_diamonds(painter, plain, _KEY_PX)
        self._paint_chosen(
            painter, [QPointF(d.x, d.y) for d in diamonds if d.mark.place in chosen]
        )
        painter.setPen(QPen(look.colour("accent.fill"), 1.5))
        painter.setBrush(Qt.GlobalColor.white)
        for _, mark, at in self.handles():
            x = self._view.x_of(mark.frame)
            painter.drawLine(QPointF(x, at.y()), at)
            painter.drawRoundedRect(QRectF(at.x() - 3, at.y() - 4, 6, 8), 2, 2)

    def paint_titles(self, painter: QPainter) -> None:
        """Paint rows' names and the values under the playhead."""
        view, frame = self._view, self._view.session.view.frame
        for row in view.rows:
            rect = self.title_rect(row)
            names = [tr(quantity.title) for quantity in row.quantities]
            painter.setFont(look.font("small", 600))
            painter.setPen(look.colour("text.secondary"))
            name = ", ".join(names)
            self._paint_ground(painter, row, name)
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, name)
            rect.adjust(painter.fontMetrics().horizontalAdvance(name) + 10, 0, 0, 0)
            if row.is_normalised:
                continue
            values = view.source.values_at(row.quantity.id, frame)
            painter.setFont(look.font("small"))
            if values is None:
                told = (
                    tr("Missing here")
                    if view.source.curves(row.quantity.id)
                    else tr("Nothing known of this joint")
                )
                painter.setPen(look.colour("text.muted"))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, told)
                continue
            for component, text in self._words(row, values.tolist()):
                painter.setPen(look.colour(curve_token(row.quantity, component)))
                painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)
                wide = painter.fontMetrics().horizontalAdvance(text)
                rect.adjust(wide + 10, 0, 0, 0)

    def _paint_ground(self, painter: QPainter, row: Row, name: str) -> None:
        """Paint what keeps a row's name readable over curves."""
        view = self._view
        values = view.source.values_at(row.quantity.id, view.session.view.frame)
        told = [] if values is None else self._words(row, values.tolist())
        text = name + "".join(f"   {word}" for _, word in told)
        wide = painter.fontMetrics().horizontalAdvance(text) + 10
        ground = self.title_rect(row).adjusted(-4, 1, 0, -1)
        ground.setWidth(min(wide, ground.width()))
        painter.fillRect(ground, look.colour("bg.lane", alpha=0.8))

    def _words(self, row: Row, values: list[float]) -> list[tuple[int, str]]:
        quantity = row.quantity
        if quantity.has_axes:
            shown = shown_of(quantity, self._view.components)
            return [(c, quantity.text(values, (c,))) for c in shown]
        return [(0, quantity.text(values, ()))]

    def _paint_numbers(self, painter: QPainter) -> None:
        """Paint what the lines of the grid stand for, and lines between rows."""
        painter.setFont(look.font("micro"))
        middle = Qt.AlignmentFlag.AlignVCenter
        for index, row in enumerate(self._view.rows):
            top = RULER_PX + row.rect.top()
            if index:
                line = QRectF(0, round(top), row.rect.width(), 1)
                painter.fillRect(line, look.colour("border.strong"))
            painter.setPen(look.colour("text.muted"))
            for value in row.grid:
                y = RULER_PX + row.y_of(value)
                if top + 6 <= y <= RULER_PX + row.rect.bottom() - 6:
                    box = QRectF(_LEFT_PX, y - 12, 60, 12)
                    painter.drawText(box, middle, _number(value) + row.quantity.unit)

    def _paint_chosen(self, painter: QPainter, middles: list[QPointF]) -> None:
        painter.setPen(QPen(look.colour("accent.fill"), 2.0))
        painter.setBrush(Qt.GlobalColor.white)
        half = _CHOSEN_PX / 2
        for at in middles:
            corners = (0, -half), (half, 0), (0, half), (-half, 0)
            painter.drawPolygon([at + QPointF(x, y) for x, y in corners])


def _number(value: float) -> str:
    return f"{round(value, 6) + 0.0:g}".replace("-", "−")
