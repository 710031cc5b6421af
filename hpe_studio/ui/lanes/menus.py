"""The context menu of a key."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget, QWidgetAction

from hpe_studio.core.edit import Edit
from hpe_studio.core.errors import StudioError
from hpe_studio.edits import pose
from hpe_studio.ui.actions import ActionSet
from hpe_studio.ui.fields import NumberField
from hpe_studio.ui.lanes import drags
from hpe_studio.ui.lanes.model import Place
from hpe_studio.ui.lanes.selecting import select_keys
from hpe_studio.ui.session import Session

_MOST_BLEND = 500


def key_menu(
    parent: QWidget, session: Session, actions: ActionSet, place: Place
) -> QMenu:
    """Delete, copy, blend of the selected keys.

    Args:
        parent: Owner.
        session: Whose keys.
        actions: The table's actions.
        place: The key that was clicked; it is selected.
    """
    menu = _menu(parent)
    menu.addAction(actions["delete_key"])
    menu.addAction(actions["copy_key"])
    here = menu.addAction("Copy to the playhead")
    here.setObjectName("copy_to_playhead")
    here.triggered.connect(partial(copy_to_playhead, session, place))
    here.setEnabled(session.view.frame != place[1])
    menu.addSeparator()
    blend = menu.addMenu("Blend…")
    blend.setObjectName("blend")
    for side in ("in", "out"):
        blend.addAction(_blend_field(blend, session, place, side))
    return menu


def copy_to_playhead(session: Session, place: Place, _is_checked: bool = False) -> None:
    """Copy the selected keys so that the clicked one comes to the frame shown."""
    document = session.document
    found = drags.find(document, {*session.view.selection.keys, place})
    shift = session.view.frame - place[1]
    label = "Copy key" if len(found.dragged) == 1 else "Copy keys"

    def write(edit: Edit) -> None:
        for key in found.dragged:
            if key.frame + shift not in document.tracks[key.track_id]:
                raise StudioError(
                    "a copy would lie outside the track",
                    fix="copy fewer keys or go to another frame",
                )
        drags.shift_keys(edit, document, found.dragged, shift, as_copy=True)

    if session.perform(label, write):
        places = frozenset((k.track_id, k.frame + shift) for k in found.dragged)
        select_keys(session, places)


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
