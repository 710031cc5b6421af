"""The window of preferences: pages at the left, the page at the right; modeless."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.preferences.keys_page import KeysPage
from hpe_studio.ui.preferences.pages import (
    estimation_page,
    files_page,
    look_page,
    playing_page,
)
from hpe_studio.ui.words import tr

_SIZE_PX = (760, 520)
_LIST_PX = 150


class Preferences(QDialog):
    """Everything a person can choose; there is nothing to confirm.

    Args:
        parent: The window.
        actions: The table's actions, for the page of keys.
    """

    def __init__(self, parent: QWidget, actions: ActionSet) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Preferences"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_as_large_as(self, _SIZE_PX)
        self.keys = KeysPage(actions)
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Pages"))
        self.names.setFixedWidth(look.room_px(_LIST_PX))
        look.set_role(self.names, role="pages")
        self._pages = QStackedWidget()
        self._ids: list[str] = []
        for page_id, title, page in (
            ("look", tr("Look"), look_page()),
            ("keys", tr("Keys"), self.keys),
            ("playing", tr("Playing"), playing_page()),
            ("files", tr("Files"), files_page()),
            ("estimation", tr("Estimation"), estimation_page()),
        ):
            self._ids.append(page_id)
            self.names.addItem(title)
            is_own = isinstance(page, KeysPage)
            self._pages.addWidget(page if is_own else _scrolled(page))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.names)
        row.addWidget(self._pages, 1)
        self.names.currentRowChanged.connect(self._pages.setCurrentIndex)
        self.names.setCurrentRow(0)

    @property
    def page(self) -> str:
        """Id of the page shown: "look", "keys", "playing", "files", "estimation"."""
        return self._ids[self.names.currentRow()]

    def show_page(self, page_id: str) -> None:
        """Show a page by its id."""
        self.names.setCurrentRow(self._ids.index(page_id))


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(page)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area
