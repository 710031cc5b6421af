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
from hpe_studio.ui.words import tr

_IDENTITY = ("swap_people", "cut_track", "join_tracks", "run_again", "refit")


def person_menu(
    parent: QWidget, session: Session, actions: ActionSet, person: Person
) -> QMenu:
    """Rename, recolour, hide, lock, who is who, delete: all selected persons at once.

    Args:
        parent: Owner.
        session: Whose person.
        actions: The table's actions; they act on the selected persons.
        person: The person that was clicked; selected alone if it was not yet.
    """
    if person.id not in session.view.selection.persons:
        session.select(person.id)
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    count = len(session.view.selection.persons)
    if count > 1:
        head = menu.addAction(tr("{0} people").format(count))
        head.setEnabled(False)
    else:
        menu.addAction(actions["rename"])
    colours = menu.addMenu(tr("Colour"))
    colours.setEnabled(not person.locked)
    for name in look.person_colour_names():
        patch = look.person_colour(Person(id=0, name="", colour=name))
        action = colours.addAction(swatch_pixmap(patch), name.capitalize())
        action.setObjectName(f"colour_{name}")
        action.triggered.connect(partial(_recolour, session, name))
    menu.addSeparator()
    for action_id in ("hide", "show_all", "lock", "ignore_person", "unpin_all"):
        menu.addAction(actions[action_id])
    menu.addSeparator()
    identity = ("merge_people",) if count > 1 else _IDENTITY
    for action_id in identity:
        menu.addAction(actions[action_id])
    menu.addSeparator()
    menu.addAction(actions["delete_person"])
    return menu


def _recolour(session: Session, colour: str, _is_checked: bool = False) -> None:
    chosen = session.view.selection.persons
    commands.recolour_people(session, chosen, colour)
