"""Context menus of the outliner's rows, and what its "+" adds."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from hpe_studio.core.clip import Shot
from hpe_studio.core.person import Person
from hpe_studio.core.track import Track
from hpe_studio.ui import commands, look
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.outliner_nodes import Node
from hpe_studio.ui.person_menu import person_menu
from hpe_studio.ui.session import Session
from hpe_studio.ui.widgets import swatch_pixmap
from hpe_studio.ui.words import tr

_MOST_PEOPLE = 40


def menu_of(
    parent: QWidget, session: Session, actions: ActionSet, node: Node
) -> QMenu | None:
    """The menu of a row; None where there is nothing to do."""
    if isinstance(node.value, Person):
        return person_menu(parent, session, actions, node.value)
    if isinstance(node.value, Track):
        return _track_menu(parent, session, node.value)
    if isinstance(node.value, Shot):
        return _shot_menu(parent, session, node.value)
    if node.kind == "group" and node.id == 0:
        return add_menu(parent, session)
    return None


def add_menu(parent: QWidget, session: Session) -> QMenu:
    """What can be added to the list."""
    menu = _menu(parent)
    added = menu.addAction(look.icon("person-standing"), tr("Add person"))
    added.setObjectName("add_person")
    added.triggered.connect(partial(_add_person, session))
    return menu


def go_to_shot(session: Session, shot: Shot) -> None:
    """Go to a shot's start, unless it is shown, and let the lanes show all of it."""
    if session.view.frame not in shot:
        session.view.frame = shot.start
    session.requests.lanes_wanted.emit("zoom_to_shot")


def _track_menu(parent: QWidget, session: Session, track: Track) -> QMenu:
    menu = _menu(parent)
    go = menu.addAction(tr("Go to its start"))
    go.setObjectName("go_to_track")
    go.triggered.connect(partial(_go_to, session, track.start))
    menu.addSeparator()
    give = menu.addMenu(tr("Give to"))
    give.setObjectName("give_track")
    for person in session.persons[:_MOST_PEOPLE]:
        if person.id == track.person_id:
            continue
        patch = swatch_pixmap(look.person_colour(person))
        action = give.addAction(patch, person.name)
        action.setObjectName(f"give_to_{person.id}")
        give_it = partial(_give, session, track.id, person.id)
        action.triggered.connect(give_it)
    give.setEnabled(bool(give.actions()))
    return menu


def _shot_menu(parent: QWidget, session: Session, shot: Shot) -> QMenu:
    menu = _menu(parent)
    for name, text, run in (
        ("go_to_shot", tr("Go to and zoom the lanes"), go_to_shot),
        ("range_of_shot", tr("Play only this shot"), _play_only),
    ):
        action = menu.addAction(text)
        action.setObjectName(name)
        action.triggered.connect(partial(_on_shot, run, session, shot))
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add_person(session: Session, _is_checked: bool = False) -> None:
    commands.add_person(session)


def _go_to(session: Session, frame: int, _is_checked: bool = False) -> None:
    session.view.frame = frame


def _give(
    session: Session, track_id: int, person_id: int, _is_checked: bool = False
) -> None:
    commands.give_track(session, track_id, person_id)


def _on_shot(
    run: object, session: Session, shot: Shot, _is_checked: bool = False
) -> None:
    assert callable(run)
    run(session, shot)


def _play_only(session: Session, shot: Shot) -> None:
    session.view.play_range = (shot.start, shot.stop)
    if session.view.frame not in shot:
        session.view.frame = shot.start
