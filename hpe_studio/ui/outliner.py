"""The list of people, shots and cameras at the left, with search and "+"."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.outliner_menus import add_menu
from hpe_studio.ui.outliner_tree import OutlinerTree
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label

__all__ = ["Outliner", "OutlinerTree"]


class Outliner(QWidget):
    """The tree, a field that filters it, and buttons for the title above.

    Args:
        session: What is listed.
        actions: Actions of the context menu.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        look.set_role(self, role="panel")
        self._session = session
        self.tree = OutlinerTree(session, actions)
        self.search = SearchLine()
        self._none = text_label(self.tr("Nothing of that name"), tone="muted")
        self._none.setContentsMargins(12, 8, 12, 8)
        self._none.hide()
        self.find_button = _button("search", self.tr("Find people and shots"))
        self.find_button.setCheckable(True)
        self.add_button = _button("plus", self.tr("Add"))
        holder = QWidget()
        self._search_row = holder
        row = QHBoxLayout(holder)
        row.setContentsMargins(8, 2, 8, 4)
        row.addWidget(self.search)
        holder.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(holder)
        column.addWidget(self._none)
        column.addWidget(self.tree, 1)
        self.find_button.clicked.connect(self._on_find_clicked)
        self.add_button.clicked.connect(self._on_add_clicked)
        self.search.textChanged.connect(self._on_search_changed)
        self.search.closed.connect(self.close_search)
        self.search.taken.connect(self._on_search_taken)
        self.tree.search_wanted.connect(self.open_search)

    @property
    def title_buttons(self) -> tuple[QToolButton, QToolButton]:
        """Buttons that stand in the title above the list."""
        return self.find_button, self.add_button

    def open_search(self) -> None:
        """Show the field and put the focus into it."""
        self._search_row.show()
        self.find_button.setChecked(True)
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def close_search(self) -> None:
        """List everything again."""
        self.search.clear()
        self._search_row.hide()
        self.find_button.setChecked(False)
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_find_clicked(self, is_checked: bool) -> None:
        if is_checked:
            self.open_search()
        else:
            self.close_search()

    def _on_search_changed(self, text: str) -> None:
        self.tree.show_only(text)
        self._none.setVisible(bool(text.strip()) and self.tree.is_bare)

    def _on_search_taken(self) -> None:
        self.tree.select_first()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_add_clicked(self) -> None:
        menu = add_menu(self, self._session)
        button = self.add_button
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))


class SearchLine(QLineEdit):
    """Text that names must hold; Esc closes, Enter or Down goes to what was found."""

    closed = Signal()
    taken = Signal()

    def __init__(self) -> None:
        super().__init__()
        look.set_role(self, role="boxed")
        self.setPlaceholderText(self.tr("Find people and shots"))
        self.setAccessibleName(self.tr("Find people and shots"))
        self.setClearButtonEnabled(False)
        self.setMinimumWidth(40)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close or take; the rest is typed."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.taken.emit()
        else:
            super().keyPressEvent(event)


def _button(icon: str, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(look.icon(icon, 16))
    button.setIconSize(QSize(16, 16))
    button.setFixedSize(24, 24)
    button.setToolTip(name)
    button.setAccessibleName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
