"""Records a key by its being pressed; says what it meets before it is given."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from hpe_studio.ui import look
from hpe_studio.ui.actions import ACTIONS
from hpe_studio.ui.actions.spec import ActionSpec
from hpe_studio.ui.keys import Keymap, chord
from hpe_studio.ui.keys.conflicts import conflicts
from hpe_studio.ui.preferences.telling import conflict_text, key_text, shown_text
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_ALONE = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Escape)


class KeyField(QLineEdit):
    """A field that shows the key pressed last; Tab and Esc keep their meaning."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self.setReadOnly(True)
        self.setAccessibleName(tr("Press the new key"))
        self.setPlaceholderText(tr("Press the new key"))
        look.set_role(self, role="boxed")

    def event(self, event: QEvent) -> bool:
        """Take keys before anything else hears them."""
        if isinstance(event, QKeyEvent) and self._is_recorded(event):
            if event.type() == QEvent.Type.KeyPress:
                pressed = QKeySequence(event.keyCombination())
                portable = QKeySequence.SequenceFormat.PortableText
                self._recorder.show_key(chord(pressed.toString(portable)))
            event.accept()
            return True
        return super().event(event)

    def _is_recorded(self, event: QKeyEvent) -> bool:
        wanted = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)
        is_plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        return event.type() in wanted and not (is_plain and event.key() in _ALONE)


class Recorder(QWidget):
    """The row that gives the selected action a key, or takes its keys away.

    Args:
        keymap: What is changed.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._spec: ActionSpec | None = None
        self._keys = ""
        self.field = KeyField(self)
        self.told = text_label(size="small", tone="muted")
        self.told.setWordWrap(True)
        self.give = _button(tr("Use this key"), self._on_give_clicked)
        self.add = _button(tr("Add as twin"), partial(self._on_give_clicked, keep=True))
        self.clear = _button(tr("No key"), self._on_clear_clicked)
        self.reset = _button(tr("Reset"), self._on_reset_clicked)
        look.set_role(self.give, role="primary")
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        for button in (self.give, self.add, self.clear, self.reset):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addWidget(self.told)
        keymap.changed.connect(self._show)
        self._show()

    def show_action(self, spec: ActionSpec | None) -> None:
        """Change the keys of another action."""
        self._spec, self._keys = spec, ""
        self._show()

    def show_key(self, keys: str) -> None:
        """Show a key that was pressed, and what it meets."""
        if keys:
            self._keys = keys
            self._show()

    def _show(self) -> None:
        spec, keys = self._spec, self._keys
        self.field.setText(key_text([keys]) if keys else "")
        has_key = spec is not None and bool(keys)
        self.field.setEnabled(spec is not None)
        for button in (self.give, self.add):
            button.setEnabled(has_key)
        self.clear.setEnabled(spec is not None and bool(self._keymap.keys_of(spec.id)))
        self.reset.setEnabled(spec is not None and spec.id in self._keymap.changes)
        self.told.setText(self._sentence())

    def _sentence(self) -> str:
        spec, keys = self._spec, self._keys
        if spec is None:
            return tr("Select an action above, then press its new key")
        others = [name for name in self._keymap.users_of(keys) if name != spec.id]
        if keys and others:
            names = [shown_text(s) for s in ACTIONS if s.id in others]
            told = tr("Taken from “{other}” when you use it")
            return told.format(other=names[0])
        if keys:
            wanted = {**self._keymap.every(), spec.id: (keys,)}
            for conflict in conflicts(ACTIONS, wanted):
                if spec.id in conflict.actions:
                    return conflict_text(conflict, {s.id: s for s in ACTIONS})
            return tr("Free")
        where = tr("in viewers and lanes") if spec.in_viewers else tr("everywhere")
        told = tr("“{name}” acts {where}")
        return told.format(name=shown_text(spec), where=where)

    def _on_give_clicked(
        self, _is_checked: bool = False, *, keep: bool = False
    ) -> None:
        spec, keys = self._spec, self._keys
        if spec is None or not keys:
            return
        self._keys = ""
        self._keymap.give_key(spec.id, keys, is_twin=keep)

    def _on_clear_clicked(self, _is_checked: bool = False) -> None:
        if self._spec is not None:
            self._keymap.set_keys(self._spec.id, ())

    def _on_reset_clicked(self, _is_checked: bool = False) -> None:
        if self._spec is not None:
            self._keymap.reset(self._spec.id)


def _button(text: str, slot: object) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.clicked.connect(slot)
    return button
