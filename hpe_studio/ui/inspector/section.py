"""A titled part of an inspector page that folds away and remembers that it did."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.inspector.elided import ElidedLabel
from hpe_studio.ui.inspector.live import LiveEdit
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import IconLabel, text_label

HEAD_PX, PADDING_PX, GAP_PX = 28, 12, 7
_STATE = "inspector.{}.{}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What sections are made of.

    Attributes:
        session: What is inspected.
        actions: Actions of buttons.
        live: Joins fields to edits.
    """

    session: Session
    actions: ActionSet
    live: LiveEdit


class Section(QWidget):
    """Base of all sections: a head of 28 px over rows.

    A section fills `rows` when it is made and says in `refresh` what it shows now; it
    hides itself there where it has nothing to say.

    Args:
        context: What it is made of.
    """

    id = ""
    title = ""
    is_open_at_first = True

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.session = context.session
        self.head = SectionHead(self.tr(self.title))
        self._body = QWidget()
        self.rows = QVBoxLayout(self._body)
        self.rows.setContentsMargins(PADDING_PX, 2, PADDING_PX, PADDING_PX)
        self.rows.setSpacing(GAP_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 1, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addWidget(self._body)
        self.setAccessibleName(self.tr(self.title))
        self._workspace = ""
        self.head.toggled.connect(self._on_head_toggled)
        self.enter_workspace("fix")

    def refresh(self) -> None:
        """Show what is selected now."""

    def enter_workspace(self, name: str) -> None:
        """Fold as it was left in a workspace."""
        self._workspace = name
        name = _STATE.format(name, self.id)
        self.head.is_open = settings().read(name, self.is_open_at_first)
        self._body.setVisible(self.head.is_open)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line above."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.fillRect(0, 0, self.width(), 1, look.colour("border.subtle"))

    def _on_head_toggled(self) -> None:
        is_open = self.head.is_open
        self._body.setVisible(is_open)
        settings().write(_STATE.format(self._workspace, self.id), is_open)


class SectionHead(QWidget):
    """Chevron, title, a muted word, icons; a click, Enter or Space folds.

    Args:
        title: Of the section.
    """

    toggled = Signal()

    def __init__(self, title: str) -> None:
        super().__init__()
        self._is_open = True
        self.setFixedHeight(HEAD_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)
        self._chevron = IconLabel("chevron-down", 12, "text.secondary")
        self._title = text_label(title, weight=600)
        self.word = ElidedLabel(size="small", ink="text.muted")
        edge = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self.word.setAlignment(edge)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, PADDING_PX - 4, 0)
        row.setSpacing(6)
        row.addWidget(self._chevron)
        row.addWidget(self._title)
        row.addWidget(self.word, 1)
        row.addSpacing(4)
        self._row = row

    @property
    def is_open(self) -> bool:
        """True where the rows are shown."""
        return self._is_open

    @is_open.setter
    def is_open(self, is_open: bool) -> None:
        self._is_open = is_open
        name = "chevron-down" if is_open else "chevron-right"
        self._chevron.show_icon(name, "text.secondary")
        state = self.tr("open") if is_open else self.tr("folded")
        self.setAccessibleDescription(state)

    def show_title(self, title: str) -> None:
        """Show another title."""
        self._title.setText(title)

    def show_word(self, word: str) -> None:
        """Show another muted word at the right."""
        self.word.setText(word)

    @property
    def title_label(self) -> QLabel:
        """The title."""
        return self._title

    def add_icon(self, icon: str, name: str) -> QToolButton:
        """A small button at the right end."""
        button = QToolButton()
        button.setIcon(look.icon(icon, 13))
        button.setIconSize(QSize(13, 13))
        button.setFixedSize(20, 20)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(name)
        button.setToolTip(name)
        self._row.addWidget(button)
        return button

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Fold or unfold."""
        is_inside = self.rect().contains(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and is_inside:
            self.toggle()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that its release comes here."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Fold or unfold; Left folds, Right unfolds."""
        key = event.key()
        toggles = key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        closes = key == Qt.Key.Key_Left and self._is_open
        opens = key == Qt.Key.Key_Right and not self._is_open
        if toggles or closes or opens:
            self.toggle()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Light up under the pointer and with the focus."""
        if event.type() in (
            QEvent.Type.Enter,
            QEvent.Type.Leave,
            QEvent.Type.FocusIn,
            QEvent.Type.FocusOut,
        ):
            self.update()
        return super().event(event)

    def toggle(self) -> None:
        """Fold or unfold."""
        self.is_open = not self._is_open
        self.toggled.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the focus ring."""
        super().paintEvent(event)
        if not self.hasFocus():
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("focus.ring"))
            painter.drawRoundedRect(self.rect().adjusted(3, 2, -4, -3), 4, 4)
