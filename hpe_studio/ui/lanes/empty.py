"""What stands in the lanes while nobody has been found yet."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.widgets import text_label


class EmptyLanes(QWidget):
    """One sentence and the button that runs the estimation.

    Args:
        actions: Where the button's action is.
    """

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self._action = actions["run"]
        self.button = QPushButton(self._action.text())
        self.button.setIcon(look.icon("scan-face", 14, ink="accent.on"))
        self.button.setToolTip("Find the people in the clip")
        look.set_role(self.button, role="primary")
        self.button.clicked.connect(self._action.trigger)
        self._action.changed.connect(self._on_action_changed)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(text_label("No tracks yet", weight=600))
        self._detail = text_label(size="small", tone="muted")
        words.addWidget(self._detail)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setSpacing(12)
        row.addStretch(1)
        row.addWidget(_Tile())
        row.addLayout(words)
        row.addSpacing(8)
        row.addWidget(self.button)
        row.addStretch(1)
        self._on_action_changed()

    def _on_action_changed(self) -> None:
        can_run = self._action.isEnabled()
        self.button.setVisible(can_run)
        self._detail.setText(
            "Run finds the people in the clip"
            if can_run
            else "They appear here when people have been found"
        )


class _Tile(QWidget):
    """The icon of people on a quiet ground."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(40, 40)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint tile and icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("bg.header"))
        painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        ratio = self.devicePixelRatioF()
        tint = look.colour("text.secondary")
        painter.drawPixmap(9, 9, look.pixmap("users", 22, tint, ratio))
        painter.end()
