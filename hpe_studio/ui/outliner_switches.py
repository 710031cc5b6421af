"""What eyes and locks of the outliner do, and a double click on a row."""

from __future__ import annotations

from dataclasses import replace

from hpe_studio.core.clip import Shot
from hpe_studio.core.track import Track
from hpe_studio.ui import commands
from hpe_studio.ui.outliner_menus import go_to_shot
from hpe_studio.ui.outliner_nodes import Node
from hpe_studio.ui.session import Session


def toggle_eye(session: Session, node: Node) -> bool:
    """Hide or show a row; True where it has an eye."""
    view = session.view
    layers = view.layers
    if node.kind in {"person", "track"} or (node.kind == "group" and node.id == 0):
        ids = _meant(session, node)
        hidden = layers.hidden_persons
        is_hiding = not hidden.issuperset(ids)
        changed = hidden | ids if is_hiding else hidden - ids
        view.layers = replace(layers, hidden_persons=changed)
    elif node.kind == "estimate" and node.person_id is not None:
        ghosts = layers.ghost_persons ^ {node.person_id}
        view.layers = replace(layers, ghost_persons=ghosts)
    elif node.kind == "view":
        view.layers = replace(layers, frustum=not layers.frustum)
    else:
        return False
    return True


def toggle_lock(session: Session, node: Node) -> bool:
    """Lock or unlock a row; True where it has a lock."""
    if node.kind == "estimate":
        session.notices.inform("Estimates are never changed; keys lie over them")
        return True
    is_people = node.kind == "group" and node.id == 0
    if node.kind not in {"person", "track"} and not is_people:
        return False
    commands.lock_people(session, _meant(session, node))
    return True


def use(session: Session, node: Node) -> None:
    """Go to a shot or track, look at a person or through a camera, show a ghost."""
    if isinstance(node.value, Shot):
        go_to_shot(session, node.value)
    elif isinstance(node.value, Track):
        session.view.frame = node.value.start
    elif node.kind == "person":
        session.requests.framing_wanted.emit()
    elif node.kind == "view":
        if node.id == session.view.shown_view:
            session.requests.preset_wanted.emit("camera")
        session.view.shown_view = node.id
    elif node.kind == "estimate":
        toggle_eye(session, node)


def _meant(session: Session, node: Node) -> frozenset[int]:
    """The persons a row stands for: all selected ones, if it is one of them."""
    if node.kind == "group":
        return frozenset(child.id for child in node.children)
    selected = frozenset(session.view.selection.persons)
    person_id = node.person_id
    if person_id is None:
        return frozenset()
    return selected if person_id in selected else frozenset({person_id})
