"""Shows exactly what a report of a failure would contain."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.ui import look
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_SIZE_PX = (680, 460)


class CrashDialog(QDialog):
    """The report, to copy or save. There is no way to send it.

    Args:
        text: The whole report.
        parent: The window.
    """

    def __init__(self, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(tr("Report of a failure"))
        open_as_large_as(self, _SIZE_PX)
        self.text = QPlainTextEdit(text)
        self.text.setReadOnly(True)
        self.text.setAccessibleName(tr("The report"))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPixelSize(look.text_px("small"))
        self.text.setFont(fixed)
        words = text_label(
            tr(
                "This is all a report contains: no footage, no names of people or "
                "files. Nothing is sent; copy or save it to show it to somebody."
            ),
            tone="secondary",
        )
        words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 16)
        column.setSpacing(12)
        title = tr("Report of a failure")
        column.addWidget(text_label(title, size="card", weight=600))
        column.addWidget(words)
        column.addWidget(self.text, 1)
        column.addLayout(self._buttons())

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def save(self, path: Path) -> None:
        """Write the report to a file; where that fails, say why in its place."""
        try:
            write_replacing(path, self.text.toPlainText().encode())
        except StudioError as error:
            self.text.setPlainText(f"{error}\n\n{self.text.toPlainText()}")

    def _ask_where(self) -> None:
        title = tr("Save the report")
        files.ask_for_new_file(self, title, self.save, suffix="txt")

    def _buttons(self) -> QHBoxLayout:
        copy, save = QPushButton(tr("Copy")), QPushButton(tr("Save…"))
        close = QPushButton(tr("Close"))
        copy.clicked.connect(self.copy)
        save.clicked.connect(self._ask_where)
        close.clicked.connect(self.close)
        for button in (save, close):
            button.setAutoDefault(False)
        look.set_role(copy, role="primary")
        copy.setDefault(True)
        row = QHBoxLayout()
        row.addWidget(save)
        row.addStretch(1)
        row.addWidget(close)
        row.addWidget(copy)
        return row
