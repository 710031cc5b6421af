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
from hpe_studio.ui.keys import Keymap
from hpe_studio.ui.keys.held import HeldKeys
from hpe_studio.ui.settings import settings
from hpe_studio.ui.tips import tip
from hpe_studio.ui.words import tr


class ActionSet(QObject):
    """The table as `QAction`s of one window, with the keys that a person chose.

    Args:
        desk: What the commands act on.
        window: Where keys that act everywhere are heard.
    """

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk = desk
        self.keymap = Keymap(ACTIONS, settings())
        self.held = HeldKeys(self.keymap)
        self._reasons: dict[str, str] = {}
        self._actions = {spec.id: self._made(spec) for spec in ACTIONS}
        for spec in ACTIONS:
            if not spec.in_viewers:
                window.addAction(self._actions[spec.id])
        self.keymap.changed.connect(self._on_keys_changed)
        look.changed.connect(self._tell_all)
        self.refresh()

    def __getitem__(self, action_id: str) -> QAction:
        return self._actions[action_id]

    def __iter__(self) -> Iterator[QAction]:
        return iter(self._actions.values())

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """The keys of an action now, as they are stored; the first one is shown."""
        return self.keymap.keys_of(action_id)

    def why_off(self, action_id: str) -> str:
        """What is lacking where an action is off, in a short phrase; else ""."""
        return self._reasons.get(action_id, "")

    def hear_single_keys(self, widget: QWidget) -> None:
        """Let single keys act while a viewer or the lanes have the focus."""
        for spec in ACTIONS:
            if spec.in_viewers:
                widget.addAction(self._actions[spec.id])
        self.held.watch(widget)

    def fill_menus(self, bar: QMenuBar) -> None:
        """Make the menus of the table."""
        for title in MENUS:
            menu = QMenu(tr(title), bar)
            menu.setToolTipsVisible(False)
            within: dict[str, QMenu] = {}
            for spec in ACTIONS:
                if spec.menu == title:
                    place = self._place_of(spec, menu, within)
                    if spec.separator and place.actions():
                        place.addSeparator()
                    place.addAction(self._actions[spec.id])
            bar.addMenu(menu)

    def _place_of(
        self, spec: ActionSpec, menu: QMenu, within: dict[str, QMenu]
    ) -> QMenu:
        """The menu itself, or the menu within it that a line stands in."""
        if not spec.submenu:
            return menu
        if spec.submenu not in within:
            if spec.separator:
                menu.addSeparator()
            within[spec.submenu] = menu.addMenu(tr(spec.submenu))
        return within[spec.submenu]

    def refresh(self) -> None:
        """Switch actions on and off, name undo and redo, tick the switches."""
        now = facts(self._desk)
        for spec in ACTIONS:
            action = self._actions[spec.id]
            reason = now.lacking.get(spec.when, "")
            action.setEnabled(not reason)
            if spec.is_checkable:
                action.setChecked(spec.id in now.checked)
            if reason != self._reasons.get(spec.id, ""):
                self._reasons[spec.id] = reason
                self._tell(spec)
        self._name("undo", now.undo_label)
        self._name("redo", now.redo_label)

    # Within

    def _made(self, spec: ActionSpec) -> QAction:
        action = QAction(tr(spec.text), self)
        action.setObjectName(spec.id)
        action.setIconText(tr(spec.text).rstrip("…"))
        action.setMenuRole(QAction.MenuRole.NoRole)
        action.setCheckable(spec.is_checkable)
        if spec.icon:
            action.setIcon(look.icon(spec.icon, 16))
        action.setShortcuts(self._sequences(spec))
        scope = (
            Qt.ShortcutContext.WidgetWithChildrenShortcut
            if spec.in_viewers
            else Qt.ShortcutContext.WindowShortcut
        )
        action.setShortcutContext(scope)
        self._tell(spec, action)
        action.triggered.connect(partial(self._run, spec.run))
        return action

    def _sequences(self, spec: ActionSpec) -> list[QKeySequence]:
        portable = QKeySequence.SequenceFormat.PortableText
        return [QKeySequence(keys, portable) for keys in self.keys_of(spec.id)]

    def _tell(self, spec: ActionSpec, action: QAction | None = None) -> None:
        """Say in the tooltip what it does, its key, and why it is off."""
        told = action or self._actions[spec.id]
        name = told.text().rstrip("…")
        reason = self._reasons.get(spec.id, "")
        why = tr("Off: {reason}").format(reason=tr(reason)) if reason else spec.why
        native = told.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        text = tip(name, native.replace(" ", " "), tr(why) if why else "")
        if text != told.toolTip():
            told.setToolTip(text)

    def _tell_all(self) -> None:
        for spec in ACTIONS:
            self._tell(spec)

    def _name(self, action_id: str, label: str | None) -> None:
        action = self._actions[action_id]
        verb = tr(action_id.capitalize())
        text = f"{verb} {label[:1].lower()}{label[1:]}" if label else verb
        if text != action.text():
            action.setText(text)
            self._tell(next(spec for spec in ACTIONS if spec.id == action_id))

    def _on_keys_changed(self) -> None:
        for spec in ACTIONS:
            action, wanted = self._actions[spec.id], self._sequences(spec)
            if action.shortcuts() != wanted:
                action.setShortcuts(wanted)
                self._tell(spec)

    def _run(self, run: Callable[[Desk], object], _is_checked: bool = False) -> None:
        run(self._desk)
        self.refresh()
