"""The right end of the transport: key, cut, ghost, before and after."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import ActionKey, swatch_pixmap, tool_button, vertical_line
from hpe_studio.ui.words import tr


class EditButtons(QWidget):
    """What is done to the frame shown, and what it is compared with.

    Args:
        session: Whose ghosts are listed.
        actions: The table's actions.
    """

    def __init__(self, session: Session, actions: ActionSet) -> None:
        super().__init__()
        self._session = session
        self.ghost = _WordButton(actions["toggle_ghost"], "ghost", tr("Ghost"))
        self.ghost.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        menu = QMenu(self.ghost)
        menu.aboutToShow.connect(partial(self._fill, menu, actions))
        self.ghost.setMenu(menu)
        self.before = _WordButton(actions["before"], "layers", tr("Before"))
        self._cap = ActionKey(actions["before"])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch(1)
        row.addWidget(tool_button(actions["insert_key"], 30))
        row.addWidget(tool_button(actions["cut_track"], 30))
        row.addWidget(vertical_line(20))
        row.addWidget(self.ghost)
        row.addWidget(self.before)
        row.addWidget(self._cap)

    def show_words(self, *, shown: bool) -> None:
        """Show the words and the key, or leave them out."""
        style = Qt.ToolButtonStyle
        kind = style.ToolButtonTextBesideIcon if shown else style.ToolButtonIconOnly
        for button in (self.ghost, self.before):
            button.setToolButtonStyle(kind)
        self._cap.setVisible(shown and bool(self._cap.text()))

    def _fill(self, menu: QMenu, actions: ActionSet) -> None:
        """List everybody, and each person by name."""
        menu.clear()
        menu.addAction(actions["toggle_ghost"])
        menu.addSeparator()
        shown = self._session.view.layers.ghost_persons
        for person in self._session.persons:
            icon = swatch_pixmap(look.person_colour(person))
            entry = menu.addAction(icon, person.name)
            entry.setObjectName(f"ghost_{person.id}")
            entry.setCheckable(True)
            entry.setChecked(person.id in shown)
            entry.triggered.connect(partial(self._on_person_triggered, person.id))

    def _on_person_triggered(self, person_id: int, _is_checked: bool = False) -> None:
        view = self._session.view
        shown = view.layers.ghost_persons ^ {person_id}
        view.layers = replace(view.layers, ghost_persons=shown)


class _WordButton(QToolButton):
    """A button of an action with a shorter word than the menu's.

    Args:
        action: What it does.
        icon: Name of its icon.
        word: Shown.
    """

    def __init__(self, action: QAction, icon: str, word: str) -> None:
        super().__init__()
        self._action = action
        self.setText(word)
        self.setIcon(look.gapped_icon(icon, 16))
        self.setIconSize(look.gapped_size(16))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFixedHeight(30)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCheckable(action.isCheckable())
        look.set_role(self, role="text")
        self.clicked.connect(self._on_clicked)
        action.changed.connect(self._on_action_changed)
        self._on_action_changed()

    def _on_clicked(self, _is_checked: bool = False) -> None:
        self._action.trigger()
        self._on_action_changed()

    def _on_action_changed(self) -> None:
        self.setEnabled(self._action.isEnabled())
        self.setChecked(self._action.isChecked())
        self.setToolTip(self._action.toolTip())
        self.setAccessibleName(self._action.iconText())
