"""Taking joints by the hand: tools that move, and pins."""

from __future__ import annotations

from hpe_studio.core.viewstate import Pin
from hpe_studio.ui.commands.desk import Desk, session_of
from hpe_studio.ui.joints import joint_title
from hpe_studio.ui.session import Session
from hpe_studio.ui.words import tr


def use_move(desk: Desk) -> None:
    """Left mouse button drags joints; the body follows."""
    session_of(desk).view.tool = "move"


def use_move_body(desk: Desk) -> None:
    """Left mouse button drags whole bodies."""
    session_of(desk).view.tool = "move_body"


def pin(desk: Desk) -> None:
    """Let the selected joint stay where it is while others are dragged, or not."""
    _toggle(session_of(desk), keeps_turn=False)


def pin_turn(desk: Desk) -> None:
    """Let the selected joint keep place and rotation, or neither."""
    _toggle(session_of(desk), keeps_turn=True)


def unpin_all(desk: Desk) -> None:
    """Let every joint go."""
    session_of(desk).view.pins = frozenset()


def toggle_pin(session: Session, joint: int, *, keeps_turn: bool = False) -> None:
    """Pin a joint of the active person, or let it go."""
    active = session.view.selection.active
    if active is None:
        return
    wanted = Pin(person_id=active, joint=joint, keeps_turn=keeps_turn)
    here = {p for p in session.view.pins if (p.person_id, p.joint) == (active, joint)}
    others = session.view.pins - here
    session.view.pins = others if wanted in here else others | {wanted}


def _toggle(session: Session, *, keeps_turn: bool) -> None:
    joint, track = session.view.selection.joint, session.active_track
    if joint is None or track is None:
        return
    count = len(session.view.pins)
    toggle_pin(session, joint, keeps_turn=keeps_turn)
    posed = session.poser.pose_at(track.person_id, session.view.frame)
    if posed is not None and len(session.view.pins) > count == 0:
        name = joint_title(posed.skeleton.joint_names[joint])
        session.notices.say(tr("{joint} stays while you drag").format(joint=name))
