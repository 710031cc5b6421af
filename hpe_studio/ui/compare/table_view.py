"""A table of errors: swatches, numbers at the right, small bars of heat."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
)

from hpe_studio.ui import look
from hpe_studio.ui.compare.heat import MOST_MM, heat_of
from hpe_studio.ui.compare.tables import Cell, Table
from hpe_studio.ui.widgets import paint_swatch

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session

_CELL = Qt.ItemDataRole.UserRole
_ROW_PX, _HEAD_PX, _SWATCH_PX, _PADDING_PX = 22, 26, 14.0, 8.0
_TIGHT_PX, _LEAST_BAR_PX, _CHIP_BELOW_PX = 60, 6, 16
_FIRST_PX, _LEAST_PX, _MOST_PX, _BAR_PX = 104, 36, 76, 30.0


class ErrorTable(QTableWidget):
    """Shows a `Table`; Enter or a click on a row with a place goes there.

    Args:
        session: Whose people.
        name: For screen readers.
    """

    gone_to = Signal(int)

    def __init__(self, session: Session, name: str) -> None:
        super().__init__()
        self.session = session
        self.shown: Table | None = None
        self.setAccessibleName(name)
        self.setItemDelegate(_Delegate(self))
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        look.set_role(self, role="errors")
        look.set_font(self, "body")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_PX)
        self.verticalHeader().setMinimumSectionSize(_ROW_PX)
        head = _Head(self)
        self.setHorizontalHeader(head)
        head.setHighlightSections(False)
        head.setFixedHeight(_HEAD_PX)
        self.cellClicked.connect(lambda row, _column: self.gone_to.emit(row))

    def show_table(self, table: Table) -> None:
        """Show other numbers; the row that is selected stays."""
        if table == self.shown:
            return
        chosen = self.currentRow()
        self.shown = table
        self.setColumnCount(len(table.titles))
        self.setRowCount(len(table.rows))
        for column, cell in enumerate(table.titles):
            self.setHorizontalHeaderItem(column, _item(cell, column, is_title=True))
        for row, cells in enumerate(table.rows):
            for column, cell in enumerate(cells):
                self.setItem(row, column, _item(cell, column))
        self._spread()
        if 0 <= chosen < len(table.rows):
            self.selectRow(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes there; other keys go from row to row."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.gone_to.emit(self.currentRow())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room among the columns."""
        super().resizeEvent(event)
        self._spread()

    def _spread(self) -> None:
        """Numbers are equally wide where they can be; words take what they leave."""
        head, shown = self.horizontalHeader(), self.shown
        if shown is None:
            return
        mode = QHeaderView.ResizeMode
        wide = 1 if shown.places else 0
        others = max(self.columnCount() - 1, 1)
        each = (self.viewport().width() - _FIRST_PX) // others
        for column in range(self.columnCount()):
            if column == wide:
                head.setSectionResizeMode(column, mode.Stretch)
            elif shown.is_even:
                head.setSectionResizeMode(column, mode.Fixed)
                head.resizeSection(column, min(max(each, _LEAST_PX), _MOST_PX))
            else:
                head.setSectionResizeMode(column, mode.ResizeToContents)


def _item(cell: Cell, column: int, *, is_title: bool = False) -> QTableWidgetItem:
    has_swatch_alone = is_title and cell.person_id is not None
    item = QTableWidgetItem("" if has_swatch_alone else cell.text)
    edge = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
    item.setTextAlignment(edge | Qt.AlignmentFlag.AlignVCenter)
    item.setData(_CELL, cell)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, cell.text)
    if has_swatch_alone:
        item.setToolTip(cell.text)
    if cell.is_strong:
        item.setFont(look.font("body", 600))
    return item


class _Head(QHeaderView):
    """Titles; a person's column shows the swatch.

    Args:
        table: Whose columns.
    """

    def __init__(self, table: ErrorTable) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table = table
        self.setSectionsClickable(False)

    def paintSection(self, painter: QPainter, rect: QRect, index: int) -> None:
        """Paint one title over the line below."""
        painter.save()
        painter.fillRect(rect, look.colour("bg.panel"))
        box = QRectF(rect)
        line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(line, look.colour("border.subtle"))
        shown = self._table.shown
        if shown is not None and index < len(shown.titles):
            self._paint_title(painter, _inner(box, shown), shown, index)
        painter.restore()

    def _paint_title(
        self, painter: QPainter, box: QRectF, shown: Table, index: int
    ) -> None:
        title, session = shown.titles[index], self._table.session
        person = session.document.persons.get(title.person_id or -1)
        if person is not None:
            top = box.center().y() - _SWATCH_PX / 2
            place = QRectF(box.right() - _SWATCH_PX, top, _SWATCH_PX, _SWATCH_PX)
            tint = look.person_colour(person)
            paint_swatch(painter, place, tint, session.letter_of(person.id))
            return
        is_left = index == 0 or (bool(shown.places) and index == 1)
        edge = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(box, edge | Qt.AlignmentFlag.AlignVCenter, title.text)


class _Delegate(QStyledItemDelegate):
    """Paints a cell: ground, swatch, bar of heat, text.

    Args:
        table: Whose cells.
    """

    def __init__(self, table: ErrorTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Room for swatch, bar and text."""
        cell: Cell | None = index.data(_CELL)
        wide = 2 * _PADDING_PX
        if cell is not None:
            weight = 600 if cell.is_strong else 400
            metrics = _metrics(weight)
            wide += metrics.horizontalAdvance(cell.text)
            wide += 0 if cell.heat_mm is None else _BAR_PX + 6
            wide += 0 if cell.person_id is None else _SWATCH_PX + 6
        return QSize(math.ceil(wide) + 2, _ROW_PX)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one."""
        cell: Cell | None = index.data(_CELL)
        if cell is None:
            return
        painter.save()
        state = option.state  # type: ignore[attr-defined]
        box = QRectF(option.rect)  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, look.colour("selection.active"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, look.colour("bg.hover"))
        line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
        painter.fillRect(line, look.colour("border.subtle"))
        inner = _inner(box, self._table.shown)
        if cell.person_id is not None:
            inner = self._paint_swatch(painter, inner, cell.person_id)
        if cell.heat_mm is not None:
            self._paint_heat(painter, inner, cell)
        self._paint_text(painter, inner, cell, index.column())
        painter.restore()

    def _paint_swatch(self, painter: QPainter, box: QRectF, person_id: int) -> QRectF:
        session = self._table.session
        person = session.document.persons.get(person_id)
        if person is None:
            return box
        place = QRectF(
            box.left(), box.center().y() - _SWATCH_PX / 2, _SWATCH_PX, _SWATCH_PX
        )
        tint = look.person_colour(person)
        paint_swatch(painter, place, tint, session.letter_of(person_id))
        return box.adjusted(_SWATCH_PX + 6, 0, 0, 0)

    def _paint_heat(self, painter: QPainter, box: QRectF, cell: Cell) -> None:
        assert cell.heat_mm is not None
        text_px = max(
            _metrics(400).horizontalAdvance(cell.text),
            _metrics(400).horizontalAdvance("000"),
        )
        right = box.right() - text_px - 5
        room = min(_BAR_PX, max(right - box.left(), 0))
        if room < _LEAST_BAR_PX:
            return
        if room < _CHIP_BELOW_PX:  # no room for lengths: the heat alone
            chip = QRectF(right - 6, box.center().y() - 4, 6, 8)
            painter.fillRect(chip, QColor(heat_of(cell.heat_mm)))
            return
        bar = QRectF(right - room, box.center().y() - 3, room, 6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("bg.raised"))
        painter.drawRoundedRect(bar, 2, 2)
        share = min(max(cell.heat_mm / MOST_MM, 0.0), 1.0)
        if share * room >= 1:
            painter.setBrush(QColor(heat_of(cell.heat_mm)))
            filled = QRectF(bar.left(), bar.top(), max(share * room, 2), bar.height())
            painter.drawRoundedRect(filled, 2, 2)

    def _paint_text(
        self, painter: QPainter, box: QRectF, cell: Cell, column: int
    ) -> None:
        weight = 600 if cell.is_strong else 400
        painter.setFont(look.font("body", weight))
        painter.setPen(look.colour("text.primary"))
        shown = self._table.shown
        is_left = column == 0 or (
            shown is not None and bool(shown.places) and column == 1
        )
        edge = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
        text = _metrics(weight).elidedText(
            cell.text, Qt.TextElideMode.ElideRight, box.width() + 0.5
        )
        painter.drawText(box, edge | Qt.AlignmentFlag.AlignVCenter, text)


def _inner(box: QRectF, shown: Table | None) -> QRectF:
    """Where the content of a cell is; narrow columns of a wide table stand closer."""
    is_tight = shown is not None and shown.is_even and box.width() <= _TIGHT_PX
    padding = 3.0 if is_tight else _PADDING_PX
    return box.adjusted(padding, 0, -padding, 0)


def _metrics(weight: int) -> QFontMetricsF:
    return QFontMetricsF(look.font("body", weight))
