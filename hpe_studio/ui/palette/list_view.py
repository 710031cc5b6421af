"""The palette's list: groups and rows, painted; the keys move through the rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from hpe_studio.ui import look
from hpe_studio.ui.palette.painting import ROW_PX, paint_group, paint_row
from hpe_studio.ui.palette.rows import Row
from hpe_studio.ui.session import Session

_GROUP_PX = 28
_MOST_PX = 398


class RowList(QAbstractScrollArea):
    """Rows under their groups; one of them is chosen.

    The line above keeps the focus; screen readers hear the chosen row as its
    description.
    """

    activated = Signal()
    chosen = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Commands")
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self._session: Session | None = None
        self._rows: list[Row] = []
        self._tops: list[int] = []
        self._titles: list[tuple[int, str]] = []
        self._height = 0
        self.current = -1

    @property
    def rows(self) -> Sequence[Row]:
        """All rows, in the order they are shown."""
        return self._rows

    @property
    def row(self) -> Row | None:
        """The chosen row."""
        inside = 0 <= self.current < len(self._rows)
        return self._rows[self.current] if inside else None

    def show_rows(self, rows: Sequence[Row], session: Session | None) -> None:
        """Show other rows, the first of them chosen."""
        self._rows, self._session = list(rows), session
        self._tops, self._titles = [], []
        y, group = 4, None
        for row in self._rows:
            if row.group != group:
                group = row.group
                if group:
                    self._titles.append((y, group))
                    y += _GROUP_PX
            self._tops.append(y)
            y += ROW_PX
        self._height = y + 6
        self.verticalScrollBar().setValue(0)
        self.current = 0 if self._rows else -1
        self._measure()
        self.updateGeometry()
        self.viewport().update()
        self.chosen.emit()

    def move(self, by: int) -> None:  # type: ignore[override]
        """Choose another row; the ends meet."""
        if self._rows:
            self.choose((self.current + by) % len(self._rows))

    def choose(self, index: int) -> None:
        """Choose a row and bring it into view."""
        self.current = index
        bar, top = self.verticalScrollBar(), self._tops[index]
        lead = _GROUP_PX if index == 0 or top - self._tops[index - 1] > ROW_PX else 0
        if top - lead < bar.value():
            bar.setValue(top - lead - 4)
        elif top + ROW_PX > bar.value() + self.viewport().height():
            bar.setValue(top + ROW_PX - self.viewport().height() + 6)
        self.viewport().update()
        self.chosen.emit()

    def sizeHint(self) -> QSize:
        """As high as its rows, up to what looks calm."""
        return QSize(200, min(max(self._height, ROW_PX), _MOST_PX))

    def minimumSizeHint(self) -> QSize:
        """One row."""
        return QSize(100, ROW_PX)

    def resizeEvent(self, _event: object) -> None:
        """Know how far there is to scroll."""
        self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint what is in view."""
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.translate(0, -self.verticalScrollBar().value())
            width = self.viewport().width()
            for top, title in self._titles:
                paint_group(painter, QRectF(0, top, width, _GROUP_PX), title)
            first = self.verticalScrollBar().value() - ROW_PX
            last = first + self.viewport().height() + ROW_PX
            ratio = self.devicePixelRatioF()
            for index, (top, row) in enumerate(
                zip(self._tops, self._rows, strict=True)
            ):
                if first <= top <= last:
                    box = QRectF(6, top, width - 12, ROW_PX)
                    is_chosen = index == self.current
                    letter = self._letter(row)
                    paint_row(painter, box, row, letter, ratio, is_chosen=is_chosen)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the row under the pointer."""
        index = self._at(event)
        if index is not None and index != self.current:
            self.current = index
            self.viewport().update()
            self.chosen.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Run the row that is clicked."""
        index = self._at(event)
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.current = index
            self.activated.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - event.angleDelta().y() // 2)

    def _at(self, event: QMouseEvent) -> int | None:
        y = event.position().y() + self.verticalScrollBar().value()
        for index, top in enumerate(self._tops):
            if top <= y < top + ROW_PX:
                return index
        return None

    def _letter(self, row: Row) -> str:
        if row.person is None or self._session is None:
            return ""
        return self._session.letter_of(row.person.id)

    def _measure(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(self._height - room, 0))
        bar.setPageStep(room)
        bar.setSingleStep(ROW_PX)


def list_sheet() -> str:
    """Style of the list: no ground of its own."""
    return look.filled("QAbstractScrollArea { background: transparent; border: 0; }")
