"""The context menu of a person: the same in the list and in the lanes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from hpe_studio.core.person import Person
from hpe_studio.ui import commands, look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import swatch_pixmap


def person_menu(
    parent: QWidget, session: Session, actions: ActionSet, person: Person
) -> QMenu:
    """Rename, recolour, hide, lock, delete.

    Args:
        parent: Owner.
        session: Whose person.
        actions: The table's actions; they act on the selected person.
        person: The person that was clicked.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(actions["rename"])
    colours = menu.addMenu("Colour")
    for name in look.person_colour_names():
        patch = look.person_colour(Person(id=0, name="", colour=name))
        action = colours.addAction(swatch_pixmap(patch), name.capitalize())
        action.setObjectName(f"colour_{name}")
        recolour = partial(commands.recolour, session, person.id, name)
        action.triggered.connect(recolour)
    menu.addSeparator()
    for action_id in ("hide", "show_all", "lock"):
        menu.addAction(actions[action_id])
    menu.addSeparator()
    menu.addAction(actions["delete_person"])
    return menu
