"""Paints a problem: an icon as bad as it is, title, frames, whose, why."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from hpe_studio.quality.check import Judged
from hpe_studio.quality.finding import Level
from hpe_studio.ui import look
from hpe_studio.ui.problems.model import ProblemModel
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import frame_text, range_text
from hpe_studio.ui.widgets import paint_swatch
from hpe_studio.ui.words import tr

CARD_PX, SELECTED_PX = 48, 84
LEFT_PX = 32
_RIGHT_PX, _ICON_PX, _SWATCH_PX, _BAR_PX = 12, 15, 14, 2
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_INK: dict[Level, str] = {
    "high": "state.danger",
    "medium": "state.warn",
    "low": "text.muted",
}

Index = QModelIndex | QPersistentModelIndex


class CardPainter(QStyledItemDelegate):
    """Paints all cards; the selected one leaves room for its buttons.

    Args:
        session: Whose people.
        model: The rows.
        parent: The list.
    """

    def __init__(
        self, session: Session, model: ProblemModel, parent: QListView
    ) -> None:
        super().__init__(parent)
        self._session, self._model, self._list = session, model, parent
        self.tall_row = -1

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        """48 px, the selected one with room for buttons."""
        return QSize(60, SELECTED_PX if index.row() == self.tall_row else CARD_PX)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index
    ) -> None:
        """Paint one card."""
        one, box = self._model.rows[index.row()], QRectF(option.rect)
        is_selected = index.row() == self.tall_row
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, box, is_selected=is_selected, is_hovered=is_hovered)
        self._paint_icon(painter, box, one)
        self._paint_words(painter, box, one)
        if is_selected and self._list.hasFocus():
            painter.setPen(QPen(look.colour("focus.ring"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(box.adjusted(1, 1, -1, -2))
        painter.restore()

    def _paint_icon(self, painter: QPainter, box: QRectF, one: Judged) -> None:
        name = self._session.problems.icons.get(one.finding.kind, "circle-alert")
        ink = _INK[one.finding.level]
        if not one.is_open:
            name, ink = "circle-check", "state.ok"
        ratio = painter.device().devicePixelRatioF()
        picture = look.pixmap(name, _ICON_PX, look.colour(ink), ratio)
        painter.drawPixmap(QPointF(box.left() + 10, box.top() + 7), picture)

    def _paint_words(self, painter: QPainter, box: QRectF, one: Judged) -> None:
        finding = one.finding
        count = self._session.document.clip.frame_count
        left, right = box.left() + LEFT_PX, box.right() - _RIGHT_PX
        row = QRectF(left, box.top() + 5, right - left, 19)
        painter.setFont(look.font("body", 500))
        metrics = painter.fontMetrics()
        wanted_px = metrics.horizontalAdvance(finding.title)
        painter.setFont(look.font("small"))
        small = painter.fontMetrics()
        frames = range_text(finding.start, finding.stop, count)
        is_one = finding.frame_count == 1
        if is_one or wanted_px + small.horizontalAdvance(frames) + 8 > row.width():
            frames = frame_text(finding.start, count)
        painter.setPen(look.colour("text.secondary"))
        painter.drawText(row, _MIDDLE | Qt.AlignmentFlag.AlignRight, frames)
        room = row.width() - small.horizontalAdvance(frames) - 8
        painter.setFont(look.font("body", 500))
        title = metrics.elidedText(
            finding.title, Qt.TextElideMode.ElideRight, int(room)
        )
        painter.setPen(look.colour("text.primary" if one.is_open else "text.muted"))
        painter.drawText(row, _MIDDLE, title)
        self._paint_whose(painter, QRectF(left, box.top() + 24, right - left, 18), one)

    def _paint_whose(self, painter: QPainter, row: QRectF, one: Judged) -> None:
        left, persons = row.left(), self._session.document.persons
        for person_id in sorted(one.finding.person_ids):
            person = persons.get(person_id)
            if person is not None:
                swatch = QRectF(left, row.top() + 2, _SWATCH_PX, _SWATCH_PX)
                letter = self._session.letter_of(person_id)
                paint_swatch(painter, swatch, look.person_colour(person), letter)
                left += _SWATCH_PX + 4
        painter.setFont(look.font("small"))
        painter.setPen(look.colour("text.secondary"))
        room = row.right() - left - 2
        elide = Qt.TextElideMode.ElideRight
        cause = painter.fontMetrics().elidedText(_why(one), elide, int(room))
        at = QRectF(left + 2, row.top(), room, row.height())
        painter.drawText(at, _MIDDLE, cause)


def _why(one: Judged) -> str:
    """The second line: what settled it, or why it is a problem."""
    if one.decision is not None:
        return tr(one.decision.verdict).capitalize()
    if one.was_repaired:
        return tr("Still there after the repair")
    return one.finding.cause


def _paint_ground(
    painter: QPainter, box: QRectF, *, is_selected: bool, is_hovered: bool
) -> None:
    if is_selected:
        painter.fillRect(box, look.colour("selection.soft"))
        bar = QRectF(box.left(), box.top(), _BAR_PX, box.height() - 1)
        painter.fillRect(bar, look.colour("accent.text"))
    elif is_hovered:
        painter.fillRect(box, look.colour("bg.hover"))
    line = QRectF(box.left(), box.bottom() - 1, box.width(), 1)
    painter.fillRect(line, look.colour("border.subtle"))


def paint_level(painter: QPainter, box: QRectF, level: Level) -> None:
    """The shape of a level, 8 px: a diamond, a disc, a ring."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    tint = look.colour(_INK[level])
    middle = box.center()
    if level == "low":
        painter.setPen(QPen(tint, 1.4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(middle, 2.9, 2.9)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tint)
    if level == "medium":
        painter.drawEllipse(middle, 3.5, 3.5)
        return
    corners = [(0.0, -4.5), (4.5, 0.0), (0.0, 4.5), (-4.5, 0.0)]
    painter.drawPolygon(QPolygonF([middle + QPointF(*corner) for corner in corners]))
