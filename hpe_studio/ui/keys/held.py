"""Which keys are held down: K with J and L steps single frames."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from hpe_studio.ui.keys.keymap import Keymap

_WATCHED = "stop"


class HeldKeys(QObject):
    """Remembers whether the key that stops playing is down.

    Args:
        keymap: Which key that is.
    """

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap
        self._is_down = False

    @property
    def is_stop_down(self) -> bool:
        """True while the key that stops is held."""
        return self._is_down

    def watch(self, widget: QWidget) -> None:
        """Look at the keys pressed while a widget has the focus."""
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Follow the key down and up; nothing is taken from anybody."""
        if isinstance(event, QKeyEvent):
            self._follow(event)
        elif event.type() == QEvent.Type.FocusOut:
            self._is_down = False
        return False

    def _follow(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat():
            return
        is_up = event.type() == QEvent.Type.KeyRelease
        pressed = QKeySequence(event.key())
        keys = pressed.toString(QKeySequence.SequenceFormat.PortableText)
        if keys in self._keymap.keys_of(_WATCHED):
            self._is_down = not is_up
