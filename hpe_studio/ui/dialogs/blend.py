"""Asks over how many frames the key on the frame shown comes and goes."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hpe_studio.core.edit import Edit
from hpe_studio.core.track import Key
from hpe_studio.edits import pose
from hpe_studio.ui.commands.finding import chosen_keys
from hpe_studio.ui.dialogs.low_card import LowCard
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import text_label
from hpe_studio.ui.words import tr

_WIDTH_PX, _MOST_FRAMES = 280, 500


class BlendCard(LowCard):
    """Two numbers over a viewer; they act at once, Esc closes.

    Args:
        host: What it lies over.
        session: Whose selected keys, else whose key on the frame shown.
    """

    def __init__(self, host: QWidget, session: Session) -> None:
        super().__init__(host, tr("Blend range of the key"), width_px=_WIDTH_PX)
        self._session = session
        keys = self._keys()
        self.column.setSpacing(8)
        many = tr("Blend range of {count} keys").format(count=len(keys))
        title = many if len(keys) > 1 else tr("Blend range of the key")
        self.column.addWidget(text_label(title, weight=600))
        row = QHBoxLayout()
        self.blend_in = _field(tr("In"), tr("Blend in"))
        self.blend_out = _field(tr("Out"), tr("Blend out"))
        for field in (self.blend_in, self.blend_out):
            row.addWidget(field)
        self.column.addLayout(row)
        if keys:
            self.blend_in.value = keys[0].blend_in
            self.blend_out.value = keys[0].blend_out
        self.blend_in.edited.connect(self._on_in_edited)
        self.blend_out.edited.connect(self._on_out_edited)

    def ask(self, over: QWidget) -> None:
        """Show it low in the middle of a viewer, ready to type."""
        self.show_over(over, self.blend_in.box)
        self.blend_in.box.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Enter close."""
        keys = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() in keys:
            self.leave()

    def _keys(self) -> Sequence[Key]:
        return chosen_keys(self._session)

    def _on_in_edited(self, value: float) -> None:
        self._set(tr("Change blend in"), blend_in=int(value))

    def _on_out_edited(self, value: float) -> None:
        self._set(tr("Change blend out"), blend_out=int(value))

    def _set(self, label: str, **frames: int) -> None:
        keys = self._keys()

        def write(edit: Edit) -> None:
            for key in keys:
                pose.set_blend(edit, key, **frames)

        if keys:
            self._session.perform(label, write)


def _field(label: str, name: str) -> NumberField:
    return NumberField(
        label, tr("frames"), decimals=0, minimum=0, maximum=_MOST_FRAMES, name=name
    )
