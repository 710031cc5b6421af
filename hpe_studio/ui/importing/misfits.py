"""What does not fit the clip, each with the button that mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.widgets import icon_label, text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination, Misfit

_SIGN_PX = 14


class Misfits(QWidget):
    """A card per misfit, gravest first; `repaired` carries options that mend one."""

    repaired = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._fine = _Fine()
        self._column.addWidget(self._fine)
        self._cards: list[_Card] = []
        self._fine.hide()

    @property
    def buttons(self) -> list[QPushButton]:
        """The repairs that are offered."""
        return [card.button for card in self._cards if card.button is not None]

    @property
    def text(self) -> str:
        """Everything it says."""
        return "\n".join(card.text for card in self._cards)

    def show_exam(self, exam: Examination | None, *, has_clip: bool) -> None:
        """Show what an examination says against the clip."""
        for card in self._cards:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        misfits = () if exam is None else exam.misfits
        self._cards = [_Card(misfit) for misfit in misfits]
        for card in self._cards:
            self._column.addWidget(card)
            card.wanted.connect(self.repaired)
        matched = exam is not None and exam.match is not None
        self._fine.say(exam.match.evidence if exam and exam.match else "")
        self._fine.setVisible(has_clip and exam is not None and not misfits)
        self._fine.is_matched = matched


class _Card(QFrame):
    """One misfit."""

    wanted = Signal(object)

    def __init__(self, misfit: Misfit) -> None:
        super().__init__()
        look.set_role(self, role="notice")
        self.text = " ".join(part for part in (misfit.text, misfit.evidence) if part)
        self.button: QPushButton | None = None
        column = QVBoxLayout()
        column.setSpacing(2)
        said = text_label(misfit.text, size="small", weight=500)
        said.setWordWrap(True)
        column.addWidget(said)
        if misfit.evidence:
            numbers = text_label(misfit.evidence, size="small", tone="secondary")
            numbers.setWordWrap(True)
            column.addWidget(numbers)
        repair = misfit.repair
        if repair is not None:
            self.button = QPushButton(repair.label)
            self.button.setAutoDefault(False)
            look.set_role(self.button, role="link")
            self.button.setAccessibleDescription(self.text)
            self.button.clicked.connect(lambda: self.wanted.emit(repair.options))
            column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.setSpacing(8)
        sign = icon_label("triangle-alert", _SIGN_PX, "state.warn")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)


class _Fine(QWidget):
    """Says that nothing speaks against the clip."""

    def __init__(self) -> None:
        super().__init__()
        self.is_matched = False
        self._evidence = text_label(size="small", tone="secondary")
        self._evidence.setWordWrap(True)
        words = text_label(tr("Fits the clip"), weight=500)
        column = QVBoxLayout()
        column.setSpacing(1)
        column.addWidget(words)
        column.addWidget(self._evidence)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(8)
        sign = icon_label("circle-check", _SIGN_PX, "state.ok")
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)

    def say(self, evidence: str) -> None:
        """Show the numbers behind it."""
        self._evidence.setText(evidence)
        self._evidence.setVisible(bool(evidence))
