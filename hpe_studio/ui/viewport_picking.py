"""What a click into the viewport selects."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from hpe_studio.core.arrays import FloatArray
from hpe_studio.render.picking import pick_joint
from hpe_studio.render.viewcamera import ViewCamera
from hpe_studio.ui.figures import joints_now
from hpe_studio.ui.session import Session


def pick(
    session: Session,
    view: ViewCamera,
    body_at: Callable[[float, float], object | None],
    x: float,
    y: float,
) -> None:
    """Select the joint near the pointer, else the body under it, else nothing.

    Joints of the selected person alone can be picked while bodies are shown; else the
    joint of anyone selects whose it is.

    Args:
        session: Whose people.
        view: How the scene is seen.
        body_at: Whose body is seen at a view pixel.
        x: View pixel from the left.
        y: View pixel from the top.
    """
    joints = joints_now(session)
    active = session.view.selection.active
    mine: dict[Hashable, FloatArray] = {}
    if active in joints:
        mine[active] = joints[active]
    hit = pick_joint(view, mine, x, y)
    if hit is not None and active is not None:
        session.select(active, hit.joint)
        return
    person = body_at(x, y)
    if person is None:
        hit = pick_joint(view, dict(joints.items()), x, y)
        session.select(None if hit is None else int(str(hit.person)))
        return
    session.select(int(str(person)))
