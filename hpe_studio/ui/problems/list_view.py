"""The list of cards, with real buttons on the selected one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListView,
    QPushButton,
    QWidget,
)

from hpe_studio.quality.check import Judged
from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.commands import problems as commands
from hpe_studio.ui.problems.cards import CARD_PX, LEFT_PX, CardPainter
from hpe_studio.ui.problems.model import Index, ProblemModel
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import key_label
from hpe_studio.ui.words import tr


class ProblemList(QListView):
    """Cards of the listed problems; a click goes there.

    Args:
        session: Whose problems.
        actions: What the buttons do.
    """

    menu_wanted = Signal(object, QPoint)

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session, self._actions = session, actions
        self.rows = ProblemModel(session, session.problems)
        self.setModel(self.rows)
        self.cards = CardPainter(session, self.rows, self)
        self.setItemDelegate(self.cards)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Problems"))
        self.verticalScrollBar().setSingleStep(CARD_PX // 2)
        self.buttons: QWidget | None = None
        self._shown: tuple[object, ...] = ()
        self.clicked.connect(self._on_clicked)
        look.changed.connect(self.viewport().update)

    def refresh(self) -> None:
        """Show what is listed and selected now."""
        at = self.verticalScrollBar().value()
        if self.rows.refresh():
            self._shown = ()
        self._show_selected()
        self.verticalScrollBar().setValue(at)

    def show_selected(self) -> None:
        """Open the selected card and bring it into view."""
        self._show_selected()
        row = self.cards.tall_row
        if row >= 0:
            self.scrollTo(self.rows.index(row))

    def currentChanged(self, current: Index, previous: Index) -> None:
        """The arrow keys go from problem to problem."""
        super().currentChanged(current, previous)
        row = current.row()
        is_other = 0 <= row < len(self.rows.rows) and row != self.cards.tall_row
        if self.hasFocus() and is_other:
            commands.go_to(self._session, self.rows.rows[row].finding)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the card under the pointer, else of the selected one."""
        index = self.indexAt(event.pos())
        row = index.row() if index.isValid() else self.cards.tall_row
        if 0 <= row < len(self.rows.rows):
            self.menu_wanted.emit(self.rows.rows[row], event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring around the selected card."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    # Within

    def _on_clicked(self, index: QModelIndex) -> None:
        commands.go_to(self._session, self.rows.rows[index.row()].finding)

    def _show_selected(self) -> None:
        index = self._session.problems.selected_index
        row = -1 if index is None else index
        one = None if index is None else self.rows.rows[index]
        token = (row, one, len(self.rows.rows))
        if token == self._shown:
            return
        self._shown = token
        before, self.cards.tall_row = self.cards.tall_row, row
        for place in {before, row} - {-1}:
            if place < len(self.rows.rows):
                self.cards.sizeHintChanged.emit(self.rows.index(place))
        self._place_buttons(before, one)
        self.setCurrentIndex(self.rows.index(row) if row >= 0 else QModelIndex())
        self.viewport().update()

    def _place_buttons(self, before: int, one: Judged | None) -> None:
        if 0 <= before < len(self.rows.rows):
            self.setIndexWidget(self.rows.index(before), None)  # type: ignore[arg-type]
        self.buttons = None
        if one is not None:
            self.buttons = self._made(one)
            self.setIndexWidget(self.rows.index(self.cards.tall_row), self.buttons)

    def _made(self, one: Judged) -> QWidget:
        holder = QWidget()
        holder.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(holder)
        row.setContentsMargins(LEFT_PX, CARD_PX - 4, 8, 8)
        row.setSpacing(4)
        for button in self._buttons(one):
            row.addWidget(button)
        row.addStretch(1)
        return holder

    def _buttons(self, one: Judged) -> list[QPushButton]:
        if not one.is_open:
            again = _button(tr("Reopen"), "")
            finding = one.finding
            again.clicked.connect(partial(_reopen, self._session, one))
            again.setAccessibleDescription(finding.title)
            return [again]
        first = commands.ways(self._session, one)[0]
        key = self._actions["problem_accept"].shortcut().toString()
        accept = _button(tr(first.label), "primary", key.replace("Return", "Enter"))
        accept.clicked.connect(self._actions["problem_accept"].trigger)
        ignore = _button(tr("Ignore"), "quiet")
        ignore.clicked.connect(self._actions["problem_ignore"].trigger)
        return [accept, ignore]


def _reopen(session: Session, one: Judged, _is_checked: bool = False) -> None:
    commands.reopen(session, one.finding)


def _button(text: str, role: str, key: str = "") -> QPushButton:
    button = QPushButton(text)
    button.setFixedHeight(26)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(text)
    if role:
        look.set_role(button, role=role)
    if key:
        cap = key_label(key)
        cap.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        look.set_role(cap, role="key", tone="accent")
        row = QHBoxLayout(button)
        row.setContentsMargins(10, 0, 6, 0)
        row.addWidget(cap, 0, Qt.AlignmentFlag.AlignRight)
        text_px = button.fontMetrics().horizontalAdvance(text)
        button.setStyleSheet("text-align: left;")
        button.setFixedWidth(text_px + cap.sizeHint().width() + 34)
    return button
