"""Keys as text: what may be one, and how it is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

_SHOWN = {
    "Left": "←",
    "Right": "→",
    "Up": "↑",
    "Down": "↓",
    "Return": "Enter",
    "PgUp": "Page up",
    "PgDown": "Page down",
}
_UNUSABLE = frozenset(
    {
        Qt.Key.Key_unknown,
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
    }
)


def chord(text: str) -> str:
    """One key with its modifiers as it is stored ("Ctrl+Shift+Z"), or "" if it is none.

    Args:
        text: As a person or a file writes it.
    """
    sequence = QKeySequence(text, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return ""
    if sequence[0].key() in _UNUSABLE:  # pyright: ignore[reportIndexIssue]
        return ""
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def caps(keys: str) -> tuple[str, ...]:
    """The key caps of a stored key: ("Ctrl", "Shift", "Z")."""
    if not keys:
        return ()
    head, plus, last = keys.rpartition("+")
    if not last:  # the plus key itself
        head, last = head.removesuffix("+"), "+"
    words = [*head.split("+"), last] if head and plus else [last]
    return tuple(_SHOWN.get(word, word) for word in words)
