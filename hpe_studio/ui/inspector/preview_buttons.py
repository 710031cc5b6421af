"""Preview, Cancel and Apply: what is seen first and kept then."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from hpe_studio.ui import look

_HIGH_PX = 26


class PreviewButtons(QWidget):
    """Three buttons in a row, the last one the primary one."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(6)
        self.preview = QPushButton(self.tr("Preview"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.apply = QPushButton(self.tr("Apply"))
        look.set_role(self.apply, role="primary")
        for button in (self.preview, self.cancel, self.apply):
            button.setFixedHeight(_HIGH_PX)
            button.setMinimumWidth(48)
            row.addWidget(button, 1)

    def enable(self, *, is_possible: bool, is_previewing: bool) -> None:
        """Allow what makes sense now."""
        self.preview.setEnabled(is_possible)
        self.apply.setEnabled(is_possible)
        self.cancel.setEnabled(is_previewing)

    def press_by_key(self, event: QKeyEvent, *, is_previewing: bool) -> bool:
        """While something is previewed: Esc cancels, Enter applies; True if it did."""
        key = event.key()
        if not is_previewing:
            return False
        if key == Qt.Key.Key_Escape:
            self.cancel.click()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.apply.click()
        else:
            return False
        return True
