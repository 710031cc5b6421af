"""A button of an action with icon, words and key cap."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from hpe_studio.ui import look
from hpe_studio.ui.widgets import IconLabel, key_label, text_label

_HEIGHT_PX, _ICON_PX, _GAP_PX = 26, 14, 6
_SHORT = {"Shift+": "⇧", "Ctrl+": "⌃", "Alt+": "⌥"}


class ActionButton(QPushButton):
    """A button that runs an action and shows its key.

    Args:
        action: Of the table.
        words: On the button.
        icon: Name of a line icon.
        is_primary: True for the one that is loud.
    """

    def __init__(
        self, action: QAction, words: str, icon: str, *, is_primary: bool = False
    ) -> None:
        super().__init__()
        self._action, self._is_allowed = action, True
        self._is_primary = is_primary
        self.setFixedHeight(_HEIGHT_PX)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self._icon = IconLabel(icon, _ICON_PX, "text.secondary")
        self._icon_name = icon
        self._words = text_label(words, weight=500 if is_primary else 400)
        self._words.setMinimumWidth(10)
        self._cap = key_label("")
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.setSpacing(_GAP_PX)
        row.addStretch(1)
        for part in (self._icon, self._words, self._cap):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(part)
        row.addStretch(1)
        if is_primary:
            look.set_role(self, role="primary")
            look.set_role(self._cap, role="key-on-accent")
        self.clicked.connect(action.trigger)
        action.changed.connect(self._on_action_changed)
        look.changed.connect(self._fit)
        self._on_action_changed()

    def allow(self, *, is_allowed: bool) -> None:
        """Switch it off although the action is on, or leave it to the action."""
        self._is_allowed = is_allowed
        self.setEnabled(is_allowed and self._action.isEnabled())

    def sizeHint(self) -> QSize:
        """As wide as its row lets it."""
        return QSize(100, _HEIGHT_PX)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave icon and key out where the words need their room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self.width() - 2 * _GAP_PX - self._words.sizeHint().width()
        room -= self._cap.sizeHint().width() + _GAP_PX if self._cap.text() else 0
        self._cap.setVisible(bool(self._cap.text()) and room >= 0)
        self._icon.setVisible(room >= _ICON_PX + _GAP_PX)

    def changeEvent(self, event: QEvent) -> None:
        """Dim what stands on it together with it."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.EnabledChange:
            self._show_inks()

    def _on_action_changed(self) -> None:
        keys = self._action.shortcut().toString(
            QKeySequence.SequenceFormat.PortableText
        )
        short = keys
        for word, sign in _SHORT.items():
            short = short.replace(word, sign)
        self._cap.setText(short)
        self._fit()
        self.setToolTip(self._action.toolTip())
        self.setEnabled(self._is_allowed and self._action.isEnabled())
        self._show_inks()

    def _show_inks(self) -> None:
        on = "accent.on" if self._is_primary else "text.secondary"
        self._icon.show_icon(
            self._icon_name, on if self.isEnabled() else "text.disabled"
        )
        tone = "accent-on" if self._is_primary else ""
        look.set_role(self._words, tone=tone if self.isEnabled() else "disabled")
