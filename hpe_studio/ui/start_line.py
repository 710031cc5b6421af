"""What the bottom line says while nothing is open: first keys, what is built in."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

import hpe_studio
from hpe_studio.assets import status
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.widgets import ActionKey, icon_label, text_label
from hpe_studio.ui.words import tr

_FIRST_KEYS = (("palette", "command palette"), ("key_sheet", "key sheet"))


class FirstKeys(QWidget):
    """The keys that lead to all others, as caps with a word each."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)

    def show_keys(self, actions: ActionSet) -> None:
        """Show them as they are set now."""
        while (item := self._row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        there = {action.objectName(): action for action in actions}
        for action_id, words in _FIRST_KEYS:
            action = there.get(action_id)
            if action is not None and not action.shortcut().isEmpty():
                self._row.addWidget(ActionKey(action))
                self._row.addWidget(
                    text_label(tr(words), size="small", tone="secondary")
                )


class BuiltIn(QWidget):
    """Whether estimating works at once, and the program's version."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        is_ready = _has_models()
        ink = "state.ok" if is_ready else "state.warn"
        row.addWidget(icon_label("box", 13, ink))
        words = (
            tr("BlazePose and the open body are built in")
            if is_ready
            else tr("The open body is built in; models are not fetched yet")
        )
        row.addWidget(text_label(words, size="small", tone="secondary"))
        row.addSpacing(6)
        version = hpe_studio.__version__
        row.addWidget(text_label(version, size="small", tone="muted"))


def _has_models() -> bool:
    return any(
        line.state == "present" and line.name.startswith("blazepose")
        for line in status()
    )
