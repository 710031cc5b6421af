"""The left column: what was found in the results."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr
from hpe_studio.workflow.doctor import Examination

WIDTH_PX = 236


class Found(QScrollArea):
    """One row per fact: what it is about, and below it what was found."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(look.room_px(WIDTH_PX))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("What was found"))
        look.set_role(self, role="boxed")
        self.page = QWidget()
        self._column = QVBoxLayout(self.page)
        self._column.setContentsMargins(18, 14, 14, 14)
        self._column.setSpacing(0)
        self._column.addWidget(text_label(tr("Found"), size="title", weight=600))
        self._column.addSpacing(4)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._column.addLayout(self._rows)
        self._column.addStretch(1)
        self.setWidget(self.page)
        self.text = ""

    def show_exam(self, exam: Examination | None) -> None:
        """Show what an examination found; nothing while there is none."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        facts = () if exam is None else exam.facts
        for fact in facts:
            self._rows.addWidget(_row(tr(fact.label), fact.value))
        self.text = "\n".join(f"{fact.label}: {fact.value}" for fact in facts)
        self.setAccessibleDescription(self.text)


def _row(title: str, value: str) -> QWidget:
    row = QFrame()
    look.set_role(row, role="fact-row")
    column = QVBoxLayout(row)
    column.setContentsMargins(0, 6, 0, 6)
    column.setSpacing(1)
    column.addWidget(text_label(title, size="small", tone="secondary"))
    said: QLabel = text_label(value, weight=500)
    said.setWordWrap(True)
    said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    said.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    column.addWidget(said)
    return row
