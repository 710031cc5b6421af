"""Going to where the motion is farthest from the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hpe_studio.metrics.comparison import Comparison, Worst

if TYPE_CHECKING:
    from hpe_studio.ui.session import Session


def go_to_worst(session: Session, index: int) -> Worst | None:
    """Show one of the worst: its frame, its person and joint selected and in view.

    Args:
        session: Whose comparison.
        index: Its place among the worst.

    Returns:
        None where there is no such place.
    """
    comparing = session.comparing
    comparison = comparing.comparison
    if comparison is None or not 0 <= index < len(comparing.worst):
        return None
    one = comparing.worst[index]
    comparing.place = index
    session.playback.stop()
    session.view.frame = one.frame
    person_id = comparing.person_of(one.row, one.person)
    if person_id is not None:
        session.select(person_id, _joint_of(session, person_id, one, comparison))
        session.requests.framing_wanted.emit()
    return one


def step_worst(session: Session, by: int) -> Worst | None:
    """Go to the next one of the worst, or the one before; round and round."""
    comparing = session.comparing
    if not comparing.worst:
        return None
    start = comparing.place if comparing.place >= 0 else (-1 if by > 0 else 0)
    return go_to_worst(session, (start + by) % len(comparing.worst))


def _joint_of(
    session: Session, person_id: int, one: Worst, comparison: Comparison
) -> int | None:
    """The body's joint of that name."""
    posed = session.poser.pose_at(person_id, one.frame)
    if posed is None or one.joint < 0:
        return None
    name = comparison.joints[one.joint]
    names = posed.skeleton.joint_names
    return names.index(name) if name in names else None
