"""Paints the rows of the outliner and edits names in place."""

from __future__ import annotations

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from hpe_studio.core.person import Person
from hpe_studio.ui import commands, look
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import range_text
from hpe_studio.ui.widgets import paint_swatch

KIND = Qt.ItemDataRole.UserRole
ID = Qt.ItemDataRole.UserRole + 1
_ROW_PX = 24
_SWATCH_PX = 16

Index = QModelIndex | QPersistentModelIndex


class RowPainter(QStyledItemDelegate):
    """Swatch with letter, name, height, lock and eye; shots with their range.

    Args:
        session: Where persons and shots are looked up while painting.
        parent: The tree.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Rows are 24 px high."""
        return QSize(60, _ROW_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Paint one cell."""
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, look.colour("selection.active"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, look.colour("bg.hover"))
        first = index.sibling(index.row(), 0)
        kind, value_id = first.data(KIND), first.data(ID)
        box = QRectF(option.rect)
        painter.save()
        if kind == "group" and index.column() == 0:
            self._paint_group(painter, box, first)
        elif kind == "person":
            person = self._session.document.persons.get(value_id)
            if person is not None:
                self._paint_person(painter, box, person, index.column())
        elif kind == "shot" and index.column() == 0:
            self._paint_shot(painter, box, first)
        painter.restore()

    def createEditor(
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: Index
    ) -> QWidget:
        """A line to type the name into."""
        editor = QLineEdit(parent)
        editor.setMaxLength(60)
        editor.setAccessibleName("Name")
        look.set_role(editor, role="inline")
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Start from the present name."""
        assert isinstance(editor, QLineEdit)
        person = self._session.document.persons.get(index.data(ID))
        editor.setText(person.name if person is not None else "")

    def setModelData(
        self, editor: QWidget, _model: QAbstractItemModel, index: Index
    ) -> None:
        """Rename the person by an edit; the list follows the document."""
        assert isinstance(editor, QLineEdit)
        commands.rename(self._session, index.data(ID), editor.text())

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, _index: Index
    ) -> None:
        """Put the line where the name stands."""
        editor.setGeometry(option.rect.adjusted(_SWATCH_PX + 8, 1, -2, -1))

    def _paint_group(self, painter: QPainter, box: QRectF, index: QModelIndex) -> None:
        painter.setFont(look.font("body"))
        painter.setPen(look.colour("text.secondary"))
        middle = Qt.AlignmentFlag.AlignVCenter
        tree = self.parent()
        is_open = isinstance(tree, QTreeView) and tree.isExpanded(index)
        chevron = QRectF(box.left() - 12, box.top(), 12, box.height())
        _paint_icon(
            painter, chevron, "chevron-down" if is_open else "chevron-right", 12
        )
        painter.drawText(box.adjusted(4, 0, 0, 0), middle, index.data())
        count = index.model().rowCount(index)
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.muted"))
        right = middle | Qt.AlignmentFlag.AlignRight
        painter.drawText(box.adjusted(0, 0, -4, 0), right, str(count))

    def _paint_person(
        self, painter: QPainter, box: QRectF, person: Person, column: int
    ) -> None:
        if column == 1:
            name = "lock" if person.locked else "lock-open"
            _paint_icon(painter, box, name, 13, is_strong=person.locked)
            return
        hidden = person.id in self._session.view.layers.hidden_persons
        if column == 2:
            name = "eye-off" if hidden else "eye"
            _paint_icon(painter, box, name, 14, is_strong=hidden)
            return
        top = box.top() + (box.height() - _SWATCH_PX) / 2
        swatch = QRectF(box.left() + 2, top, _SWATCH_PX, _SWATCH_PX)
        letter = self._session.letter_of(person.id)
        paint_swatch(painter, swatch, look.person_colour(person), letter)
        height_m = self._session.height_m(person)
        meta = f"{height_m:.2f} m" if height_m else ""
        token = "text.muted" if hidden else "text.primary"
        _paint_texts(painter, box, _SWATCH_PX + 9, person.name, meta, token)

    def _paint_shot(self, painter: QPainter, box: QRectF, index: Index) -> None:
        session = self._session
        shots = session.document.shots or ()
        shot = next((s for s in shots if s.id == index.data(ID)), None)
        if shot is None:
            return
        is_current = session.view.frame in shot
        token = "accent.text" if is_current else "text.primary"
        icon_box = QRectF(box.left() + 2, box.top(), 16, box.height())
        icon_ink = "accent.text" if is_current else "text.secondary"
        _paint_icon(painter, icon_box, "clapperboard", 14, ink=icon_ink)
        meta = range_text(shot.start, shot.stop, session.document.clip.frame_count)
        weight = 600 if is_current else 400
        _paint_texts(painter, box, 25, index.data(), meta, token, weight)


def _paint_texts(
    painter: QPainter,
    box: QRectF,
    indent: float,
    name: str,
    meta: str,
    token: str,
    weight: int = 400,
) -> None:
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setFont(look.font("small"))
    painter.setPen(look.colour("text.muted"))
    meta_px = painter.fontMetrics().horizontalAdvance(meta)
    right = middle | Qt.AlignmentFlag.AlignRight
    painter.drawText(box.adjusted(0, 0, -4, 0), right, meta)
    painter.setFont(look.font("body", weight))
    painter.setPen(look.colour(token))
    room = box.adjusted(indent, 0, -meta_px - 10, 0)
    elide = Qt.TextElideMode.ElideRight
    text = painter.fontMetrics().elidedText(name, elide, round(room.width()))
    painter.drawText(room, middle, text)


def _paint_icon(
    painter: QPainter,
    box: QRectF,
    name: str,
    size: int,
    *,
    is_strong: bool = True,
    ink: str = "text.secondary",
) -> None:
    ratio = painter.device().devicePixelRatioF()
    picture = look.pixmap(name, size, look.colour(ink), ratio)
    painter.setOpacity(1.0 if is_strong else 0.75)
    x = box.left() + (box.width() - size) / 2
    y = box.top() + (box.height() - size) / 2
    painter.drawPixmap(QRectF(x, y, size, size).toRect(), picture)
    painter.setOpacity(1.0)
