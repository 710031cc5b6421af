"""What frames a viewer: the header with its switches and the column of tools."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.session import Session
from hpe_studio.ui.tools import TOOLS
from hpe_studio.ui.viewport import Viewport
from hpe_studio.ui.widgets import icon_label, text_label, tool_button

_HEADER_PX = 28


class ViewHeader(QWidget):
    """Icon, name, what is looked at, and switches at the right.

    Args:
        icon: Name of the icon.
        title: Name of the pane.
    """

    def __init__(self, icon: str, title: str) -> None:
        super().__init__()
        self.setFixedHeight(_HEADER_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="header")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(10, 0, 6, 0)
        self._row.setSpacing(6)
        self._row.addWidget(icon_label(icon, 14, "text.secondary"))
        self._row.addWidget(text_label(title, weight=600))
        self.detail = text_label(tone="muted")
        self._row.addWidget(self.detail)
        self._row.addStretch(1)

    def add_action(self, action: QAction) -> None:
        """Add a switch."""
        self._row.addWidget(tool_button(action, 24, icon_px=14))


class TitleFollower(QObject):
    """Keeps a header saying what the viewport looks through.

    Args:
        label: Where it is said.
        viewport: What looks.
        session: Whose presets are chosen.
    """

    def __init__(self, label: QLabel, viewport: Viewport, session: Session) -> None:
        super().__init__(label)
        self._label = label
        self._viewport = viewport
        viewport.looked.connect(self.show_title)
        session.requests.preset_wanted.connect(self.show_title)

    def show_title(self, _name: str = "") -> None:
        """Show it."""
        self._label.setText(self._viewport.camera.title)


class ToolColumn(QWidget):
    """The mouse tools, one above the other, at a viewer's upper left.

    Args:
        viewer: The video or the viewport.
        actions: The table's actions.
    """

    def __init__(self, viewer: QWidget, actions: ActionSet) -> None:
        super().__init__(viewer)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setObjectName("toolColumn")
        tint = look.colour("bg.panel")
        self.setStyleSheet(
            f"#toolColumn {{ background: rgba({tint.red()}, {tint.green()}, "
            f"{tint.blue()}, 225); border-radius: 6px; }}"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(3, 3, 3, 3)
        column.setSpacing(2)
        for name in TOOLS:
            button = tool_button(actions[f"tool_{name}"], 28)
            look.set_role(button, role="tool")
            column.addWidget(button)
        self.adjustSize()
        self.move(8, 8)
