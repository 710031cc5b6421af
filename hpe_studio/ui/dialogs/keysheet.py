"""All keys on one sheet: by menu, searchable, to be copied or saved as text."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.core.errors import StudioError
from hpe_studio.core.files import write_replacing
from hpe_studio.ui import look
from hpe_studio.ui.actions import ACTIONS, MENUS, ActionSet
from hpe_studio.ui.dialogs import files
from hpe_studio.ui.dialogs.sizes import open_as_large_as
from hpe_studio.ui.keys import Keymap, caps, profile
from hpe_studio.ui.palette.fuzzy import match
from hpe_studio.ui.widgets import key_label, text_label
from hpe_studio.ui.words import tr

_SIZE_PX = (900, 620)
_COLUMNS = 3


def sheet_text(keymap: Keymap) -> str:
    """All keys as plain text, to be printed."""
    lines = [tr("Keys: {profile}").format(profile=profile(keymap.profile).name), ""]
    for title in MENUS:
        found = [s for s in ACTIONS if s.menu == title and keymap.keys_of(s.id)]
        if found:
            lines.append(tr(title))
        for spec in found:
            keys = ", ".join(keymap.keys_of(spec.id))
            lines.append(f"  {keys:<28}{tr(spec.text).rstrip('…')}")
        if found:
            lines.append("")
    return "\n".join(lines)


class KeySheet(QDialog):
    """The keys in force, grouped by menu. Modeless.

    Args:
        parent: The window.
        actions: The table's actions and the keymap.
    """

    def __init__(self, parent: QWidget, actions: ActionSet) -> None:
        super().__init__(parent)
        self._keymap = actions.keymap
        self.setWindowTitle(tr("Keys"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        open_as_large_as(self, _SIZE_PX)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Find an action or a key"))
        self.search.setAccessibleName(tr("Find an action or a key"))
        self.search.setClearButtonEnabled(True)
        look.set_role(self.search, role="boxed")
        self._title = text_label(size="card", weight=600)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        look.set_role(self._area, role="boxed")
        self._area.setAccessibleName(tr("Keys by menu"))
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        for text, slot in (
            (tr("Copy as text"), self.copy_text),
            (tr("Save as text…"), self._on_save_clicked),
        ):
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(slot)
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.search)
        column.addWidget(self._area, 1)
        self.search.textChanged.connect(self._fill)
        self._keymap.changed.connect(self._fill)
        self._fill()
        self.search.setFocus()

    @property
    def shown(self) -> tuple[str, ...]:
        """Ids of the actions on the sheet now."""
        return self._shown

    def copy_text(self, _is_checked: bool = False) -> None:
        """Put the sheet on the clipboard."""
        QApplication.clipboard().setText(sheet_text(self._keymap))

    def save_text(self, path: Path) -> None:
        """Write the sheet to a file; where that fails the title says why."""
        try:
            write_replacing(path, sheet_text(self._keymap).encode())
        except (OSError, StudioError) as error:
            self._title.setText(str(error))

    def _on_save_clicked(self, _is_checked: bool = False) -> None:
        title = tr("Save the keys as text")
        files.ask_for_new_file(self, title, self.save_text, suffix="txt")

    def _fill(self, _typed: str = "") -> None:
        name = profile(self._keymap.profile).name
        self._title.setText(tr("Keys: {profile}").format(profile=name))
        typed = self.search.text().replace("+", " ")
        groups: list[tuple[QWidget, int]] = []
        shown: list[str] = []
        for title in MENUS:
            found = [s for s in ACTIONS if s.menu == title and self._fits(s.id, typed)]
            if found:
                lines = [(tr(s.text).rstrip("…"), s.id) for s in found]
                groups.append((self._group(tr(title), lines), len(found) + 2))
                shown += [s.id for s in found]
        self._shown = tuple(shown)
        self._area.setWidget(_in_columns(groups))

    def _fits(self, action_id: str, typed: str) -> bool:
        keys = self._keymap.keys_of(action_id)
        text = next(tr(s.text) for s in ACTIONS if s.id == action_id)
        words = f"{text} {' '.join(keys).replace('+', ' ')}"
        return bool(keys) and match(typed, words) is not None

    def _group(self, title: str, lines: list[tuple[str, str]]) -> QWidget:
        group = QWidget()
        grid = QGridLayout(group)
        grid.setContentsMargins(0, 0, 0, 14)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(5)
        grid.addWidget(text_label(title, weight=600), 0, 0, 1, 2)
        for row, (text, action_id) in enumerate(lines, start=1):
            label = text_label(text, tone="secondary")
            label.setWordWrap(True)
            line = QHBoxLayout()
            line.setSpacing(10)
            line.addWidget(label, 1)
            line.addWidget(_caps(self._keymap.keys_of(action_id)))
            grid.addLayout(line, row, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        return group


def _caps(keys: tuple[str, ...]) -> QWidget:
    holder = QWidget()
    # No wider than its caps, so that names wrap only where they must.
    holder.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(3)
    shown = list(dict.fromkeys(tuple(caps(key)) for key in keys))  # Enter is Return
    for at, key in enumerate(shown[:2]):
        if at:
            row.addSpacing(6)
        for cap in key:
            row.addWidget(key_label(cap))
    return holder


def _in_columns(groups: list[tuple[QWidget, int]]) -> QWidget:
    """Groups in columns of about equal height."""
    page = QWidget()
    look.set_role(page, role="page")
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 8, 0)
    row.setSpacing(28)
    columns = [QVBoxLayout() for _ in range(_COLUMNS)]
    heights = [0] * _COLUMNS
    for group, height in sorted(groups, key=lambda pair: -pair[1]):
        at = heights.index(min(heights))
        columns[at].addWidget(group)
        heights[at] += height
    for column in columns:
        column.addStretch(1)
        row.addLayout(column, 1)
    return page
