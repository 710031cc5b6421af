"""What somebody wants to remember of a person."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from hpe_studio.edits import people
from hpe_studio.ui import look
from hpe_studio.ui.inspector.facts import locked_reason
from hpe_studio.ui.inspector.section import Context, Section

_HEIGHT_PX = 64


class NotesSection(Section):
    """A few lines of text, kept in the project.

    Args:
        context: What it is made of.
    """

    id = "notes"
    title = "Notes"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.text = NoteEdit()
        self.text.setAccessibleName(self.tr("Notes"))
        self.text.setPlaceholderText(self.tr("Costume, actor, what to check"))
        self.text.left.connect(self._on_text_left)
        self.rows.addWidget(self.text)
        self._person_id: int | None = None

    def refresh(self) -> None:
        """Show the active person's note."""
        person = self.session.active_person
        if person is None or person.id != self._person_id:
            self._keep()
        self._person_id = None if person is None else person.id
        self.text.setEnabled(person is not None)
        self.text.setReadOnly(bool(locked_reason(self.session)))
        note = "" if person is None else people.note_of(self.session.document, person)
        is_typing = self.text.hasFocus() and self.text.document().isModified()
        if not is_typing and note != self.text.toPlainText():
            self.text.setPlainText(note)
            self.text.document().setModified(False)

    def _on_text_left(self) -> None:
        self._keep()

    def _keep(self) -> None:
        """Write what was typed about the person it was typed about."""
        document = self.session.document
        person = document.persons.get(self._person_id or -1)
        is_typed = self.text.document().isModified()
        self.text.document().setModified(False)
        text = self.text.toPlainText().strip()
        if person is None or not is_typed or text == people.note_of(document, person):
            return
        self.session.perform(
            f"Write note on {person.name}",
            lambda edit: people.set_note(edit, person, text),
        )


class NoteEdit(QPlainTextEdit):
    """Plain text; Tab goes on, Ctrl+Return and leaving keep what was typed."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(_HEIGHT_PX)
        look.set_role(self, role="boxed")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the text can be kept."""
        super().focusOutEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Return keeps the text at once."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.left.emit()
        else:
            super().keyPressEvent(event)
