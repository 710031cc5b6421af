"""The selected person: name, colour, height, where they are seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
)

from hpe_studio.core.person import Person
from hpe_studio.edits import people
from hpe_studio.ui import commands, look
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.inspector.parts import Page, WhoHeader
from hpe_studio.ui.session import Session
from hpe_studio.ui.timecode import range_text
from hpe_studio.ui.widgets import swatch_pixmap, text_label

_COLUMNS = 5


class PersonPage(Page):
    """Name, colour, height and lock of the active person.

    Args:
        session: What is inspected.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._who = WhoHeader()
        self.column.addWidget(self._who)
        rows, _ = self.add_section("Person")
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        look.set_role(self.name, role="boxed")
        self.name.setAccessibleName("Name")
        self.name.editingFinished.connect(self._on_name_entered)
        rows.addLayout(_named("Name", self.name))
        self.height_field = NumberField(
            "Height", "m", decimals=2, minimum=0.3, maximum=3.0, name="Height"
        )
        self.height_field.edited.connect(self._on_height_edited)
        rows.addWidget(self.height_field)
        self.locked = QCheckBox("Locked: edits are refused")
        self.locked.clicked.connect(self._on_locked_clicked)
        rows.addWidget(self.locked)
        self.colour_buttons = self._add_colours()
        where, _ = self.add_section("Seen", "frames")
        self._ranges = text_label(tone="secondary")
        self._ranges.setWordWrap(True)
        where.addWidget(self._ranges)
        self.column.addStretch(1)
        session.bridge.selection_changed.connect(self._on_anything_changed)
        session.bridge.document_changed.connect(self._on_anything_changed)
        self._show()

    def _add_colours(self) -> dict[str, QToolButton]:
        rows, _ = self.add_section("Colour")
        grid = QGridLayout()
        grid.setSpacing(4)
        buttons: dict[str, QToolButton] = {}
        for place, name in enumerate(look.person_colour_names()):
            button = QToolButton()
            tint = look.person_colour(Person(id=0, name="", colour=name))
            button.setIcon(swatch_pixmap(tint, 18))
            button.setIconSize(QSize(18, 18))
            button.setFixedSize(30, 28)
            button.setCheckable(True)
            button.setAccessibleName(name.capitalize())
            button.setToolTip(name.capitalize())
            button.clicked.connect(partial(self._on_colour_clicked, name))
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
            buttons[name] = button
        grid.setColumnStretch(_COLUMNS, 1)
        rows.addLayout(grid)
        return buttons

    def _show(self) -> None:
        person = self.session.active_person
        self._who.show_person(
            self.session, "" if person else "Click a person or a joint"
        )
        for widget in (
            self.name,
            self.height_field,
            self.locked,
            *self.colour_buttons.values(),
        ):
            widget.setEnabled(person is not None)
        if person is None:
            self.name.clear()
            self._ranges.clear()
            return
        if not self.name.hasFocus() or not self.name.isModified():
            self.name.setText(person.name)
        self.height_field.value = self.session.height_m(person)
        self.locked.setChecked(person.locked)
        for name, button in self.colour_buttons.items():
            button.setChecked(name == person.colour)
        count = self.session.document.clip.frame_count
        tracks = self.session.document.tracks_of(person.id)
        spans = [range_text(t.start, t.stop, count) for t in tracks]
        self._ranges.setText(", ".join(spans) or "nowhere")

    def _on_name_entered(self) -> None:
        person = self.session.active_person
        if person is not None and self.name.isModified():
            self.name.setModified(False)
            commands.rename(self.session, person.id, self.name.text())
            self._show()

    def _on_height_edited(self, value: float) -> None:
        person = self.session.active_person
        if person is None:
            return
        present = self.session.height_m(person)
        if abs(present - value) < 0.005:
            return
        scale = person.scale * value / present
        self.session.perform(
            f"Change height of {person.name}",
            lambda edit: people.set_shape(
                edit, person, betas=person.betas, scale=scale
            ),
        )

    def _on_locked_clicked(self) -> None:
        person = self.session.active_person
        if person is not None:
            commands.lock_person(self.session, person)

    def _on_colour_clicked(self, name: str) -> None:
        person = self.session.active_person
        if person is not None:
            commands.recolour(self.session, person.id, name)
            self._show()

    def _on_anything_changed(self, _what: object) -> None:
        if self.isVisible():
            self._show()

    def showEvent(self, _event: object) -> None:
        """Catch up with what changed while hidden."""
        self._show()


def _named(title: str, widget: QLineEdit) -> QVBoxLayout | QHBoxLayout:
    row = QHBoxLayout()
    label: QLabel = text_label(title, tone="muted")
    label.setBuddy(widget)
    row.addWidget(label)
    row.addWidget(widget, 1)
    return row
