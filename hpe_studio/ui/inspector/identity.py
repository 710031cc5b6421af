"""Who the selected persons are: name, colour, lock."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QToolButton, QWidget

from hpe_studio.core.person import Person
from hpe_studio.ui import commands, look
from hpe_studio.ui.inspector.facts import locked_reason
from hpe_studio.ui.inspector.rows import named_row
from hpe_studio.ui.inspector.section import Context, Section

_COLUMNS = 5


class IdentitySection(Section):
    """Name, ten colours, lock; with several persons all but the name act on all.

    Args:
        context: What it is made of.
    """

    id = "identity"
    title = "Person"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.name.setAccessibleName(self.tr("Name"))
        self.name.editingFinished.connect(self._on_name_entered)
        look.set_role(self.name, role="boxed")
        named_row(self.rows, self.tr("Name"), self.name)
        self.colours = self._add_colours()
        self.locked = QCheckBox(self.tr("Locked, edits are refused"))
        self.locked.clicked.connect(self._on_locked_clicked)
        self.rows.addWidget(self.locked)

    def refresh(self) -> None:
        """Show the active person, or what all selected ones share."""
        person = self.session.active_person
        chosen = self._chosen()
        reason = locked_reason(self.session)
        self.head.show_word(f"{len(chosen)} people" if len(chosen) > 1 else "")
        self.name.setEnabled(len(chosen) == 1)
        self.name.setReadOnly(bool(reason))
        self.name.setToolTip(reason)
        if len(chosen) != 1 or person is None:
            self.name.setText("")
            self.name.setPlaceholderText(f"{len(chosen)} people" if chosen else "")
        elif not (self.name.hasFocus() and self.name.isModified()):
            self.name.setText(person.name)
        shared = {p.colour for p in chosen}
        for name, button in self.colours.items():
            button.setEnabled(bool(chosen) and not reason)
            button.setChecked(shared == {name})
        self.locked.setEnabled(bool(chosen))
        self.locked.setChecked(bool(chosen) and all(p.locked for p in chosen))

    def _add_colours(self) -> dict[str, ColourButton]:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        buttons: dict[str, ColourButton] = {}
        for place, name in enumerate(look.person_colour_names()):
            button = ColourButton(name)
            button.clicked.connect(partial(self._on_colour_clicked, name))
            grid.addWidget(button, place // _COLUMNS, place % _COLUMNS)
            buttons[name] = button
        named_row(self.rows, self.tr("Colour"), holder)
        return buttons

    def _chosen(self) -> list[Person]:
        persons = self.session.document.persons
        chosen = self.session.view.selection.persons
        return [persons[p] for p in chosen if p in persons]

    def _on_name_entered(self) -> None:
        person = self.session.active_person
        if person is not None and self.name.isModified():
            self.name.setModified(False)
            commands.rename(self.session, person.id, self.name.text())
            self.refresh()

    def _on_locked_clicked(self) -> None:
        commands.lock_people(self.session, self.session.view.selection.persons)
        self.refresh()

    def _on_colour_clicked(self, name: str) -> None:
        chosen = self.session.view.selection.persons
        commands.recolour_people(self.session, chosen, name)
        self.refresh()


class ColourButton(QToolButton):
    """A person colour to choose, in the theme's own shade of it.

    Args:
        name: Of the colour.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self._sample = Person(id=0, name="", colour=name)
        self.setCheckable(True)
        self.setFixedHeight(24)
        self.setMinimumWidth(24)
        self.setAccessibleName(name.capitalize())
        self.setToolTip(name.capitalize())

    def sizeHint(self) -> QSize:
        """Wide enough to be hit."""
        return QSize(34, 24)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter chooses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the colour over the button."""
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setOpacity(1.0 if self.isEnabled() else 0.4)
            painter.setBrush(look.person_colour(self._sample))
            inset = 4.0
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, 3, 3)
