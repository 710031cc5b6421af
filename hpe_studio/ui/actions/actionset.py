"""The table of actions as `QAction`s of one window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.actions.table import ACTIONS, MENUS
from hpe_studio.ui.commands.desk import Desk
from hpe_studio.ui.commands.facts import facts
from hpe_studio.ui.tips import tip
from hpe_studio.ui.words import tr


class ActionSet(QObject):
    """The table as `QAction`s of one window.

    Args:
        desk: What the commands act on.
        window: Where keys that act everywhere are heard.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self._actions = {spec.id: self._made(spec) for spec in ACTIONS}
        for spec in ACTIONS:
            if not spec.in_viewers:
                window.addAction(self._actions[spec.id])
        look.changed.connect(self._tell_all)
        self.refresh()

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def hear_single_keys(self, widget: QWidget) -> None:
        """Let single keys act while a viewer or the lanes have the focus."""
        for spec in ACTIONS:
            if spec.in_viewers:
                widget.addAction(self._actions[spec.id])

    def fill_menus(self, bar: QMenuBar) -> None:
        """Make the menus of the table."""
        for title in MENUS:
            menu = QMenu(tr(title), bar)
            menu.setToolTipsVisible(False)
            for spec in ACTIONS:
                if spec.menu == title:
                    if spec.separator:
                        menu.addSeparator()
                    menu.addAction(self._actions[spec.id])
            bar.addMenu(menu)

    def refresh(self) -> None:
        """Switch actions on and off, name undo and redo, tick the switches."""
        now = facts(self._desk)
        for spec in ACTIONS:
            action = self._actions[spec.id]
            action.setEnabled(spec.when in now.possible)
            if spec.is_checkable:
                action.setChecked(spec.id in now.checked)
        self._name("undo", now.undo_label)
        self._name("redo", now.redo_label)

    def _tell(self, action: QAction) -> None:
        """Say in the tooltip what it does, as it is called now, and its keys."""
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(tip(action.text().rstrip("…"), keys))

    def _tell_all(self) -> None:
        for action in self:
            self._tell(action)

    def _name(self, action_id: str, label: str | None) -> None:
        action = self._actions[action_id]
        verb = tr(action_id.capitalize())
        action.setText(f"{verb} {label[:1].lower()}{label[1:]}" if label else verb)
        self._tell(action)

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(tr(spec.text), self)
        action.setObjectName(spec.id)
        action.setIconText(tr(spec.text).rstrip("…"))
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.setCheckable(spec.is_checkable)
        if spec.icon:
            action.setIcon(look.icon(spec.icon, 16))
        action.setShortcuts([QKeySequence(keys) for keys in spec.keys])
        scope = (
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if spec.in_viewers
            else Qt.ShortcutContext.WindowShortcut
        )
        action.setShortcutContext(scope)
        self._tell(action)
        action.triggered.connect(partial(self._run, spec.run))
        return action

    def _run(self, run: Callable[[Desk], object], _is_checked: bool = False) -> None:
        run(self._desk)
        self.refresh()
