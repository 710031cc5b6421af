"""The top of a page: who is inspected, where the values come from, what is amiss."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from hpe_studio.core.track import Source
from hpe_studio.ui import look
from hpe_studio.ui.inspector.elided import ElidedLabel
from hpe_studio.ui.joints import source_title
from hpe_studio.ui.lanes.bars import paint_pieces
from hpe_studio.ui.lanes.model import BAR_PX
from hpe_studio.ui.lanes.runs import Piece
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import IconLabel, Swatch, text_label

_CHIP_PX, _PATCH = 20, QRectF(8, 5, 14, 10)


class WhoHeader(QWidget):
    """Swatch, name, joint and source of what is selected."""

    def __init__(self) -> None:
        super().__init__()
        self._swatch = Swatch()
        self.name = ElidedLabel(weight=600)
        self.detail = ElidedLabel(size="small", ink="text.secondary")
        self.chip = SourceChip()
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self.name)
        words.addWidget(self.detail)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 12, 12, 12)
        row.setSpacing(10)
        row.addWidget(self._swatch)
        row.addLayout(words, 1)
        row.addWidget(self.chip)

    def show_selected(self, session: Session, detail: str) -> None:
        """Show the active person, how many are selected, or that nobody is."""
        person = session.active_person
        letter = "" if person is None else session.letter_of(person.id)
        count = len(session.view.selection.persons)
        self._swatch.setVisible(person is not None)
        self._swatch.show_person(person, letter)
        if person is None:
            self.name.setText(self.tr("Nobody selected"))
        elif count > 1:
            self.name.setText(self.tr("{0} people").format(count))
            detail = f"{person.name}, {detail[:1].lower()}{detail[1:]}"
        else:
            self.name.setText(person.name)
        self.detail.setText(detail.rstrip(", "))
        self.detail.setVisible(bool(detail))


class SourceChip(QWidget):
    """A pill with the lanes' pattern and the word of a source ("Filtered")."""

    def __init__(self) -> None:
        super().__init__()
        self._source: Source | None = None
        self.setFixedHeight(_CHIP_PX)
        self.hide()

    @property
    def text(self) -> str:
        """The word."""
        return "" if self._source is None else source_title(self._source)

    def show_source(self, source: Source | None) -> None:
        """Show a source, or nothing."""
        self._source = source
        self.ensurePolished()
        face = look.font("small")
        self.setFont(face)
        width = self.fontMetrics().horizontalAdvance(self.text)
        self.setFixedWidth(round(_PATCH.right()) + 6 + width + 10)
        self.setAccessibleName(self.text)
        self.setVisible(source is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint pill, pattern and word."""
        if self._source is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(look.colour("border.strong"))
            painter.setBrush(look.colour("bg.input"))
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(look.colour("text.primary"))
            painter.setFont(look.font("small"))
            room = box.adjusted(_PATCH.right() + 6, 0, 0, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self.text)
            patch = QPainterPath()
            patch.addRoundedRect(_PATCH, 2, 2)
            painter.setClipPath(patch)
            piece = Piece(
                left=_PATCH.left(), right=_PATCH.right() + 1, source=self._source
            )
            top = _PATCH.center().y() - BAR_PX / 2
            ground = look.colour("bg.input")
            paint_pieces(painter, (piece,), top, _PATCH.left(), ground)


class Notice(QFrame):
    """One thing a person should know of what is selected."""

    def __init__(self) -> None:
        super().__init__()
        look.set_role(self, role="notice")
        self.title = text_label(size="small", weight=600)
        self.words = text_label(size="small", tone="secondary")
        for label in (self.title, self.words):
            label.setWordWrap(True)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(self.title)
        text.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(9, 8, 10, 8)
        row.setSpacing(8)
        icon = IconLabel("triangle-alert", 14, "state.warn")
        row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)

    def show_text(self, title: str, words: str) -> None:
        """Show a notice; nothing for an empty title."""
        self.title.setText(title)
        self.words.setText(words)
        self.setAccessibleName(f"{title}. {words}")
        self.setVisible(bool(title))
