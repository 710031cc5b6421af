"""The page of keys: find an action, press a key, see what it meets."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.ui import look
from hpe_studio.ui.actions import ACTIONS, MENUS, ActionSet
from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.keys import PROFILES, profile
from hpe_studio.ui.palette.fuzzy import match
from hpe_studio.ui.preferences.recorder import Recorder
from hpe_studio.ui.preferences.telling import conflict_text, key_text, shown_text
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_ID = Qt.ItemDataRole.UserRole


class KeysPage(QWidget):
    """Profile, search, every action with its keys, and the recorder below.

    Args:
        actions: The table's actions and the keymap.
    """

    def __init__(self, actions: ActionSet) -> None:
        super().__init__()
        self._keymap = actions.keymap
        self._specs = {spec.id: spec for spec in ACTIONS}
        self._items: dict[str, QTreeWidgetItem] = {}
        self.profiles = QComboBox()
        self.search = QLineEdit()
        self.tree = QTreeWidget()
        self.warning = text_label(size="small", tone="warn")
        self.recorder = Recorder(self._keymap)
        self._lay_out()
        self._fill()
        self._show_keys()
        self._keymap.changed.connect(self._show_keys)
        look.changed.connect(self._show_keys)
        self.profiles.activated.connect(self._on_profile_activated)
        self.search.textChanged.connect(self._on_search_changed)
        self.tree.currentItemChanged.connect(self._on_current_changed)
        self.tree.itemActivated.connect(self._on_item_activated)

    def record_for(self, action_id: str) -> None:
        """Select an action and wait for its new key."""
        self.search.clear()
        item = self._items[action_id]
        self.tree.setCurrentItem(item)
        self.tree.scrollToItem(item)
        self.recorder.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(text_label(tr("Keys"), size="card", weight=600))
        head.addStretch(1)
        head.addWidget(text_label(tr("Profile"), tone="secondary"))
        for name in PROFILES:
            self.profiles.addItem(profile(name).name, name)
            last = self.profiles.count() - 1
            about = tr(profile(name).about)
            self.profiles.setItemData(last, about, Qt.ItemDataRole.ToolTipRole)
        self.profiles.setAccessibleName(tr("Profile"))
        head.addWidget(self.profiles)
        head.addWidget(self._more_button())
        column.addLayout(head)
        self.search.setPlaceholderText(tr("Find an action or a key"))
        self.search.setAccessibleName(tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        look.set_role(self.search, role="boxed")
        column.addWidget(self.search)
        self.tree.setColumnCount(2)
        self.tree.setHeaderHidden(True)
        self.tree.setRootIsDecorated(False)
        self.tree.setAccessibleName(tr("Actions and their keys"))
        look.set_role(self.tree, role="boxed")
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        fits = QHeaderView.ResizeMode.ResizeToContents
        self.tree.header().setSectionResizeMode(1, fits)
        column.addWidget(self.tree, 1)
        self.warning.setWordWrap(True)
        column.addWidget(self.warning)
        column.addWidget(self.recorder)

    def _more_button(self) -> QPushButton:
        button = QPushButton(tr("More"))
        button.setAutoDefault(False)
        menu = QMenu(button)
        for text, slot in (
            (tr("Import a key file…"), self._on_import_triggered),
            (tr("Export a key file…"), self._on_export_triggered),
            (tr("Reset all keys"), partial(self._keymap.reset, None)),
        ):
            menu.addAction(text).triggered.connect(slot)
        button.setMenu(menu)
        return button

    def _fill(self) -> None:
        groups: dict[str, QTreeWidgetItem] = {}
        for title in MENUS:
            groups[title] = QTreeWidgetItem(self.tree, [tr(title)])
            groups[title].setFlags(Qt.ItemFlag.ItemIsEnabled)
            groups[title].setExpanded(True)
        for spec in ACTIONS:
            item = QTreeWidgetItem(groups[spec.menu], [shown_text(spec), ""])
            item.setData(0, _ID, spec.id)
            self._items[spec.id] = item

    def _show_keys(self) -> None:
        at = self.profiles.findData(self._keymap.profile)
        self.profiles.setCurrentIndex(at)
        found = self._keymap.conflicts()
        bad = {action for conflict in found for action in conflict.actions}
        changed = self._keymap.changes
        for action_id, item in self._items.items():
            item.setText(1, key_text(self._keymap.keys_of(action_id)))
            item.setForeground(
                1,
                look.colour("state.warn" if action_id in bad else "text.secondary"),
            )
            item.setFont(1, look.font("body", 600 if action_id in changed else 400))
        told = [conflict_text(conflict, self._specs) for conflict in found[:3]]
        self.warning.setText("\n".join(told))
        self.warning.setVisible(bool(told))
        self._on_search_changed(self.search.text())

    def _on_profile_activated(self, index: int) -> None:
        self._keymap.profile = self.profiles.itemData(index)

    def _on_search_changed(self, typed: str) -> None:
        for action_id, item in self._items.items():
            keys = " ".join(self._keymap.keys_of(action_id)).replace("+", " ")
            text = f"{item.text(0)} {keys}"
            item.setHidden(match(typed.replace("+", " "), text) is None)
        for index in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(index)
            if group is not None:
                within = [group.child(i) for i in range(group.childCount())]
                hidden = [item is None or item.isHidden() for item in within]
                group.setHidden(all(hidden))

    def _on_current_changed(self, item: QTreeWidgetItem | None, _old: object) -> None:
        spec = self._spec_of(item)
        self.recorder.show_action(spec)

    def _on_item_activated(self, item: QTreeWidgetItem, _column: int) -> None:
        if self._spec_of(item) is not None:
            self.recorder.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _spec_of(self, item: QTreeWidgetItem | None) -> ActionSpec | None:
        return None if item is None else self._specs.get(item.data(0, _ID) or "")

    def _on_import_triggered(self, _is_checked: bool = False) -> None:
        title, names = tr("Import a key file"), tr("Key files (*.json)")
        files.ask_for_file(self, title, self.import_file, names=names)

    def import_file(self, path: Path) -> None:
        """Take the keys of a file; what was left out is told below the list."""
        try:
            found = self._keymap.import_file(path)
        except StudioError as error:
            self.warning.setText(str(error))
            self.warning.show()
            return
        if found.warnings:
            self.warning.setText("\n".join(found.warnings))
            self.warning.show()

    def _on_export_triggered(self, _is_checked: bool = False) -> None:
        title = tr("Export a key file")
        files.ask_for_new_file(self, title, self.export_file, suffix="json")

    def export_file(self, path: Path) -> None:
        """Write all keys to a file."""
        try:
            self._keymap.export(path)
        except StudioError as error:
            self.warning.setText(str(error))
            self.warning.show()
