"""The kinds of files there are, each with its icon and what it is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from hpe_studio.catalogue import motion_format, written_formats
from hpe_studio.core.specs import FormatSpec
from hpe_studio.ui import look
from hpe_studio.ui.words import tr

WIDTH_PX = 196
_ROW_PX, _ICON_PX, _LEFT_PX, _AROUND_PX = 44, 18, 10, 13
_NAME, _SPEC = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class FormatList(QListWidget):
    """One row per format that can be written; arrows choose, as in any list."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(look.room_px(WIDTH_PX))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setSpacing(1)
        self.setAccessibleName(tr("Kind of file"))
        look.set_role(self, role="formats")
        self.setItemDelegate(_Rows(self))
        for name in written_formats():
            spec = motion_format(name).SPEC
            item = QListWidgetItem(spec.label)
            item.setData(_NAME, name)
            item.setData(_SPEC, spec)
            item.setToolTip(_tip(spec))
            self.addItem(item)
        self.setCurrentRow(0)
        look.changed.connect(self.viewport().update)

    @property
    def chosen(self) -> str:
        """The name of the format in the catalogue."""
        return str(self.currentItem().data(_NAME))

    def choose(self, name: str) -> None:
        """Choose a format by its name in the catalogue."""
        for row in range(self.count()):
            if self.item(row).data(_NAME) == name:
                self.setCurrentRow(row)


def _about(spec: FormatSpec) -> str:
    return spec.summary or ", ".join(spec.extensions)


def _tip(spec: FormatSpec) -> str:
    """All that a row says, and how its files end."""
    return "\n".join((spec.label, _about(spec), ", ".join(spec.extensions)))


class _Rows(QStyledItemDelegate):
    """Paints a row: icon, name, and a line that says what it is."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """As wide as the list, 44 px high or as its two lines need."""
        faces = QFontMetrics(look.font("body", 600)), QFontMetrics(look.font("small"))
        needed = sum(face.height() for face in faces) + _AROUND_PX
        return QSize(look.room_px(WIDTH_PX) - 16, max(_ROW_PX, needed))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        spec: FormatSpec = index.data(_SPEC)
        box = QRectF(option.rect).adjusted(8, 1, -8, -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_chosen or is_hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            token = "selection.active" if is_chosen else "bg.hover"
            painter.setBrush(look.colour(token))
            painter.drawRoundedRect(box, 5, 5)
        ink = look.colour("text.primary" if is_chosen else "text.secondary")
        ratio = painter.device().devicePixelRatioF()
        picture = look.pixmap(spec.icon, _ICON_PX, ink, ratio)
        top = box.center().y() - _ICON_PX / 2
        painter.drawPixmap(int(box.left() + _LEFT_PX), int(top), picture)
        words = box.adjusted(2 * _LEFT_PX + _ICON_PX, 5, -6, -5)
        above, below = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignBottom
        painter.setPen(look.colour("text.primary"))
        painter.setFont(look.font("body", 600))
        elided, dots = painter.fontMetrics().elidedText, Qt.TextElideMode.ElideRight
        painter.drawText(words, above, elided(spec.label, dots, int(words.width())))
        painter.setPen(look.colour("text.secondary"))
        painter.setFont(look.font("small"))
        elided = painter.fontMetrics().elidedText
        painter.drawText(words, below, elided(_about(spec), dots, int(words.width())))
        if is_chosen and self._has_focus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.colour("focus.ring"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        painter.restore()

    def _has_focus(self) -> bool:
        parent = self.parent()
        return isinstance(parent, QListWidget) and parent.hasFocus()
