"""Building blocks of the inspector's pages."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import Swatch, horizontal_line, text_label


class Page(QWidget):
    """A column of sections that starts with who is inspected.

    Args:
        session: What is inspected.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self.session = session
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 12)
        self.column.setSpacing(0)

    def add_section(self, title: str, scope: str = "") -> tuple[QVBoxLayout, QLabel]:
        """A titled part of the page; its rows and the small word at its right."""
        self.column.addWidget(horizontal_line())
        head = QHBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.addWidget(text_label(title, weight=600))
        head.addStretch(1)
        word = text_label(scope, size="small", tone="muted")
        head.addWidget(word)
        self.column.addLayout(head)
        rows = QVBoxLayout()
        rows.setContentsMargins(12, 2, 12, 12)
        rows.setSpacing(7)
        self.column.addLayout(rows)
        return rows, word


class WhoHeader(QWidget):
    """Swatch, name, joint and source of what is selected."""

    def __init__(self) -> None:
        super().__init__()
        self._swatch = Swatch()
        self.name = text_label(weight=600)
        self.detail = text_label(size="small", tone="secondary")
        self.chip = Chip()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.name)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(10)
        row.addWidget(self._swatch)
        row.addLayout(words, 1)
        row.addWidget(self.chip)

    def show_person(self, session: Session, detail: str) -> None:
        """Show the active person, or say that nobody is selected."""
        person = session.active_person
        letter = "" if person is None else session.letter_of(person.id)
        self._swatch.setVisible(person is not None)
        self._swatch.show_person(person, letter)
        self.name.setText("Nobody selected" if person is None else person.name)
        self.detail.setText(detail)
        self.detail.setVisible(bool(detail))


class Chip(QWidget):
    """A pill with a colour patch and a word ("Filtered")."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._token = "", "source.missing"
        self.setFixedHeight(20)
        self.hide()

    @property
    def text(self) -> str:
        """The word."""
        return self._text

    def show_text(self, text: str, token: str) -> None:
        """Show another word and colour; nothing for an empty word."""
        self._text, self._token = text, token
        width = self.fontMetrics().horizontalAdvance(text) + 34
        self.setFixedWidth(width)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint pill, patch and word."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("border.strong"))
        painter.setBrush(look.colour("bg.input"))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(self._token))
        painter.drawRoundedRect(QRectF(9, 6, 12, 8), 2, 2)
        painter.setPen(look.colour("text.primary"))
        painter.setFont(look.font("small"))
        text_box = box.adjusted(26, 0, 0, 0)
        painter.drawText(text_box, Qt.AlignmentFlag.AlignVCenter, self._text)
        painter.end()
