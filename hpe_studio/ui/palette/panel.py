"""The palette itself: a line to type into, the list, a line of hints."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from hpe_studio.ui import look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.palette.list_view import RowList, list_sheet
from hpe_studio.ui.palette.rows import Row, found_rows, rows_by_key
from hpe_studio.ui.palette.sources import (
    PREFIXES,
    action_rows,
    frame_rows,
    person_rows,
    problem_rows,
)
from hpe_studio.ui.scrim import Scrim
from hpe_studio.ui.session import Session
from hpe_studio.ui.settings import settings
from hpe_studio.ui.widgets import horizontal_line, icon_label, key_label, text_label
from hpe_studio.ui.words import tr

WIDTH_PX, TOP_PX = 640, 96
_INPUT_PX, _FOOT_PX = 48, 34
_RECENT = "palette.recent"
_MOST_RECENT = 8
_MOVES = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
}


class Host(Protocol):
    """What the palette needs of a window."""

    @property
    def session(self) -> Session | None:
        """The open project."""
        ...

    def change_key(self, action_id: str) -> None:
        """Let a person give an action another key."""
        ...


class Palette(QFrame):
    """Finds and runs anything; lies over the window until Esc.

    Args:
        window: What it lies over.
        host: Whose session and keys.
        actions: The table's actions.
    """

    def __init__(self, window: QWidget, host: Host, actions: ActionSet) -> None:
        super().__init__()
        self._host, self._actions = host, actions
        look.set_role(self, role="card")
        self.setAccessibleName(tr("Command palette"))
        self.line = QLineEdit()
        self.list = RowList()
        self._count = text_label(size="small", tone="muted")
        self._rows: list[Row] = []
        self._build()
        self.scrim = Scrim(window, self, width=WIDTH_PX, top=TOP_PX)
        self.line.textChanged.connect(self._on_typed)
        self.line.installEventFilter(self)
        self.list.activated.connect(self.run)
        self.list.chosen.connect(self._on_chosen)

    def open(self, typed: str = "") -> None:
        """Show it, with something typed already."""
        self._actions.refresh()
        self._rows = action_rows(self._actions)
        self.list.setStyleSheet(list_sheet())
        self.line.setText(typed)
        self._on_typed(typed)
        self.scrim.open()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def run(self) -> None:
        """Close and run the chosen row; one that is off stays and says why."""
        row = self.list.row
        if row is None or row.run is None:
            return
        self.scrim.close_()
        _remember(row.id)
        QTimer.singleShot(0, self, row.run)

    def change_key(self) -> None:
        """Close and let the key of the chosen action be changed."""
        row = self.list.row
        if row is not None and row.action_id:
            self.scrim.close_()
            change = partial(self._host.change_key, row.action_id)
            QTimer.singleShot(0, self, change)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the line that mean the list."""
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # nothing behind is set off while it is open
            elif event.type() == QEvent.Type.KeyPress and self._took(event):
                return True
        return super().eventFilter(watched, event)

    def _took(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key in _MOVES:
            self.list.move(_MOVES[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
            (self.change_key if is_alt else self.run)()
        elif key == Qt.Key.Key_Escape:
            self.scrim.close_()
        else:
            return False
        return True

    def _on_typed(self, typed: str) -> None:
        session, rest = self._host.session, typed[1:].strip()
        prefix = typed[:1] if typed[:1] in PREFIXES else ""
        if prefix == ">":
            rows = frame_rows(session, rest)
        elif prefix == "@":
            rows = found_rows(rest, person_rows(session), recent={})
        elif prefix == "#":
            rows = found_rows(rest, problem_rows(session), recent={})
        elif prefix == "?":
            rows = rows_by_key(rest, self._rows)
        else:
            rows = self._found(typed)
        self.list.show_rows(rows, session)
        told = tr("{found} of {total}").format(found=len(rows), total=len(self._rows))
        self._count.setText("" if prefix in (">", "@", "#") else told)
        if self.scrim.isVisible():
            self.scrim.place()

    def _found(self, typed: str) -> list[Row]:
        recent = _recent()
        if typed.strip():
            places = {row_id: at for at, row_id in enumerate(recent)}
            return found_rows(typed, self._rows, recent=places)
        known = {row.id: row for row in self._rows}
        used = [known[row_id] for row_id in recent if row_id in known]
        return [*(_in_group(row, tr("Last used")) for row in used), *self._rows]

    def _on_chosen(self) -> None:
        row = self.list.row
        told = "" if row is None else f"{row.text}, {row.detail}".rstrip(", ")
        self.line.setAccessibleDescription(told)

    def _build(self) -> None:
        look.set_font(self.line, "title")
        look.set_role(self.line, role="bare")
        self.line.setFrame(False)
        self.line.setAccessibleName(tr("Find a command"))
        self.line.setPlaceholderText(tr("Find a command"))
        head = QHBoxLayout()
        head.setContentsMargins(16, 0, 16, 0)
        head.setSpacing(10)
        head.addWidget(icon_label("search", 16, "text.secondary"))
        head.addWidget(self.line, 1)
        head.addWidget(self._count)
        top = QWidget()
        top.setFixedHeight(_INPUT_PX)
        top.setLayout(head)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(horizontal_line())
        column.addWidget(self.list, 1)
        column.addWidget(horizontal_line())
        column.addWidget(_hints())


def _hints() -> QWidget:
    row = QHBoxLayout()
    row.setContentsMargins(16, 0, 16, 0)
    row.setSpacing(4)
    for keys, meaning in (
        (("↑", "↓"), tr("choose")),
        (("Enter",), tr("run")),
        (("Alt+Enter",), tr("change key")),
    ):
        _add_hint(row, keys, meaning)
        row.addSpacing(10)
    row.addStretch(1)
    told = (tr("frame"), tr("person"), tr("problem"), tr("keys"))
    for at, (prefix, meaning) in enumerate(zip(PREFIXES, told, strict=True)):
        row.addSpacing(10 if at else 0)
        _add_hint(row, (prefix,), meaning)
    foot = QWidget()
    foot.setFixedHeight(_FOOT_PX)
    foot.setLayout(row)
    return foot


def _add_hint(row: QHBoxLayout, keys: tuple[str, ...], meaning: str) -> None:
    for key in keys:
        row.addWidget(key_label(key))
    label: QLabel = text_label(meaning, size="small", tone="secondary")
    row.addWidget(label)


def _in_group(row: Row, group: str) -> Row:
    return replace(row, group=group)


def _recent() -> list[str]:
    return [r for r in settings().read(_RECENT, []) if isinstance(r, str)]


def _remember(row_id: str) -> None:
    if row_id:
        others = [r for r in _recent() if r != row_id]
        settings().write(_RECENT, [row_id, *others][:_MOST_RECENT])
