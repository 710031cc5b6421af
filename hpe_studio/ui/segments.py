"""Tabs of the workspaces in one frame, as editors have them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from hpe_studio.ui import look


class Segments(QFrame):
    """Switches of which one is on, and buttons, side by side in one frame."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFixedHeight(32)
        look.set_role(self, role="segments")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(1)

    def show_words(self, shown: bool) -> None:
        """Show words beside the icons, or icons alone where room is scarce."""
        style = Qt.ToolButtonStyle
        for button in self.findChildren(QToolButton):
            button.setToolButtonStyle(
                style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly
            )

    def add_action(self, action: QAction, icon: str) -> None:
        """Add a tab, or a button where the action is no switch."""
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(look.gapped_size())
        button.setFixedHeight(28)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAccessibleName(action.iconText())
        look.set_role(button, role="segment")
        dressed = partial(button.setIcon, look.gapped_icon(icon))
        action.changed.connect(dressed)  # which sets the plain one again
        dressed()
        self._row.addWidget(button)
