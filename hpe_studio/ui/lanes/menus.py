"""The context menus of a key, of the ruler and of shots."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget, QWidgetAction

from hpe_studio.core.edit import Edit
from hpe_studio.edits import pose
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.commands import film
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.lanes import drags
from hpe_studio.ui.lanes.doing import copy_to_playhead, delete_part
from hpe_studio.ui.lanes.hits import Hit
from hpe_studio.ui.lanes.model import Place
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr

_MOST_BLEND = 500
_ZOOMS = ("zoom_to_clip", "zoom_to_shot", "zoom_to_range", "zoom_to_selection")


def key_menu(
    parent: QWidget, session: Session, actions: ActionSet, place: Place, part: str
) -> QMenu:
    """Delete, copy, blend of the selected keys.

    Args:
        parent: Owner.
        session: Whose keys.
        actions: The table's actions.
        place: The key that was clicked; it is selected.
        part: Id of the part of the body in whose lane it was, or "".
    """
    menu = _menu(parent)
    if part:
        name = tr("Delete from the {part}").format(part=part.replace("_", " "))
        only = menu.addAction(name)
        only.setObjectName("delete_part")
        only.triggered.connect(partial(_delete_part, session, place, part))
    menu.addAction(actions["delete_key"])
    for action_id in ("mute_key", "solo_key", "bake"):
        menu.addAction(actions[action_id])
    menu.addSeparator()
    menu.addAction(actions["copy_key"])
    here = menu.addAction(tr("Copy to the playhead"))
    here.setObjectName("copy_to_playhead")
    here.triggered.connect(partial(_copy_here, session, place, part))
    here.setEnabled(session.view.frame != place[1])
    menu.addSeparator()
    for action_id in ("nudge_back", "nudge_forward", "zoom_to_selection"):
        menu.addAction(actions[action_id])
    menu.addSeparator()
    blend = menu.addMenu(tr("Blend…"))
    blend.setObjectName("blend")
    for side in ("in", "out"):
        blend.addAction(_blend_field(blend, session, place, side))
    return menu


def time_menu(
    parent: QWidget, session: Session, actions: ActionSet, found: Hit
) -> QMenu:
    """What can be done on the ruler and on shots: go, range, zoom, rows.

    Args:
        parent: Owner.
        session: Whose frame and range.
        actions: The table's actions.
        found: What was clicked.
    """
    menu = _menu(parent)
    if found.kind in ("shot", "cut"):
        shot = session.document.shot_at(found.frame)
        name = menu.addAction(tr("Go to the start of the shot"))
        name.setObjectName("go_to_shot")
        name.triggered.connect(partial(_go, session, shot.start))
        limits = menu.addAction(tr("Range over the shot"))
        limits.setObjectName("range_over_shot")
        limits.triggered.connect(partial(_set_range, session, shot.start, shot.stop))
        menu.addSeparator()
        menu.addAction(_cut_action(menu, session, found))
    else:
        go = menu.addAction(tr("Go here"))
        go.setObjectName("go_here")
        go.triggered.connect(partial(_go, session, found.frame))
        for action_id in ("range_in", "range_out"):
            here = menu.addAction(actions[action_id].text())
            here.setObjectName(f"{action_id}_here")
            here.triggered.connect(
                partial(_range_here, session, actions, found.frame, action_id)
            )
        menu.addAction(actions["range_clear"])
    menu.addSeparator()
    for action_id in _ZOOMS:
        menu.addAction(actions[action_id])
    menu.addSeparator()
    for action_id in ("toggle_curves", "toggle_thumbnails"):
        menu.addAction(actions[action_id])
    return menu


def _cut_action(menu: QMenu, session: Session, found: Hit) -> QAction:
    """Remove the cut that was hit, else cut the shot where it was hit."""
    is_cut = found.kind == "cut"
    text = tr("Remove the cut") if is_cut else tr("Cut the shot here")
    action = QAction(text, menu)
    action.setObjectName("remove_cut_here" if is_cut else "cut_shot_here")
    run = film.remove_cut_at if is_cut else film.cut_shot_at
    action.triggered.connect(partial(_on_film, run, session, found.frame))
    return action


def _on_film(
    run: Callable[[Session, int], None],
    session: Session,
    frame: int,
    _is_checked: bool = False,
) -> None:
    run(session, frame)


def _copy_here(
    session: Session, place: Place, part: str, _is_checked: bool = False
) -> None:
    copy_to_playhead(session, place, part)


def _delete_part(
    session: Session, place: Place, part: str, _is_checked: bool = False
) -> None:
    delete_part(session, place, part)


def _go(session: Session, frame: int, _is_checked: bool = False) -> None:
    session.view.frame = frame


def _set_range(
    session: Session, start: int, stop: int, _is_checked: bool = False
) -> None:
    session.view.play_range = (start, stop)


def _range_here(
    session: Session,
    actions: ActionSet,
    frame: int,
    action_id: str,
    _is_checked: bool = False,
) -> None:
    session.view.frame = frame
    actions[action_id].trigger()


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _blend_field(
    menu: QMenu, session: Session, place: Place, side: str
) -> QWidgetAction:
    """A number that is typed into the menu."""
    key = session.document.key_at(*place)
    title = f"Blend {side}"
    field = NumberField(
        side.capitalize(),
        "frames",
        decimals=0,
        minimum=0,
        maximum=_MOST_BLEND,
        name=title,
    )
    if key is not None:
        field.value = key.blend_in if side == "in" else key.blend_out
    field.edited.connect(partial(_set_blend, session, place, side))
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(8, 3, 8, 3)
    row.addWidget(field)
    action = QWidgetAction(menu)
    action.setDefaultWidget(holder)
    action.setText(title)
    return action


def _set_blend(session: Session, place: Place, side: str, value: float) -> None:
    frames = int(value)
    document = session.document
    found = drags.find(document, {*session.view.selection.keys, place})

    def write(edit: Edit) -> None:
        for key in found.dragged:
            if side == "in":
                pose.set_blend(edit, key, blend_in=frames)
            else:
                pose.set_blend(edit, key, blend_out=frames)

    session.perform(f"Change blend {side}", write)
