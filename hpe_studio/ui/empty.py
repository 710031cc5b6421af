"""What stands where there is nothing yet: an icon, a sentence, a button."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.widgets import IconLabel, text_label

_TILE_PX, _ICON_PX, _RADIUS_PX = 40, 22, 8


class Tile(IconLabel):
    """An icon of 22 px on a tile of 40 px.

    Args:
        icon: Name of the icon.
        ink: Token of its colour.
        ground: Token of the tile's colour.
    """

    def __init__(
        self, icon: str, ink: str = "text.secondary", ground: str = "bg.header"
    ) -> None:
        super().__init__(icon, _ICON_PX, ink)
        self._ground = ground
        self.setFixedSize(_TILE_PX, _TILE_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tile below the icon."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour(self._ground))
            painter.drawRoundedRect(QRectF(self.rect()), _RADIUS_PX, _RADIUS_PX)
        super().paintEvent(event)


class EmptyState(QWidget):
    """One sentence and the one thing to do about it.

    The button follows an action where one is given (its words, and whether it is
    there at all); otherwise connect `button.clicked`.

    Args:
        icon: Name of the icon.
        sentence: What is not there ("No tracks yet").
        detail: A muted line below, or "".
        button: Words of the button; "" for none.
        action: What the button does.
        is_wide: True where the parts stand beside each other instead of below.
    """

    def __init__(
        self,
        icon: str,
        sentence: str,
        *,
        detail: str = "",
        button: str = "",
        action: QAction | None = None,
        is_wide: bool = False,
    ) -> None:
        super().__init__()
        self.setAccessibleName(sentence)
        self._action = action
        self._sentence = text_label(sentence, weight=600)
        self._detail = text_label(detail, size="small", tone="muted")
        self.button = QPushButton(button)
        self.button.setAccessibleName(button or sentence)
        self.button.setVisible(bool(button) or action is not None)
        look.set_role(self.button, role="primary")
        self._lay_out(Tile(icon), is_wide=is_wide)
        self.say(detail)
        if action is not None:
            self.button.clicked.connect(action.trigger)
            action.changed.connect(self._on_action_changed)
            self._on_action_changed()

    def say(self, detail: str) -> None:
        """Show another line below the sentence."""
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self.setAccessibleDescription(detail)

    def _lay_out(self, tile: Tile, *, is_wide: bool) -> None:
        row = QBoxLayout.Direction.LeftToRight
        whole = QBoxLayout(row if is_wide else QBoxLayout.Direction.TopToBottom, self)
        whole.setSpacing(12)
        middle = Qt.AlignmentFlag.AlignCenter
        words = QVBoxLayout()
        words.setSpacing(2)
        if is_wide:
            words.addStretch(1)
        for label in (self._sentence, self._detail):
            if not is_wide:
                label.setAlignment(middle)
                label.setWordWrap(True)
            words.addWidget(label)
        if is_wide:
            words.addStretch(1)
        whole.addStretch(1)
        whole.addWidget(tile, 0, middle)
        whole.addLayout(words)
        whole.addWidget(self.button, 0, middle)
        whole.addStretch(1)

    def _on_action_changed(self) -> None:
        if self._action is not None:
            self.button.setVisible(self._action.isEnabled())
            self.button.setText(self._action.text())
            self.button.setAccessibleName(self._action.iconText())
